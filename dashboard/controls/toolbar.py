"""The line of settings under the page's title, and what opens beneath each entry."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
import streamlit as st

from core.activations import ACTIVATIONS
from core.errors import InputError
from core.params import SCHEMES
from core.table import parse_numbers
from core.tasks import TASKS
from core.text import tokenise
from dashboard import compute
from dashboard.controls import collect, key, write
from dashboard.settings import MAX_CHARS, MAX_HIDDEN, MAX_INPUTS, MAX_STEPS, PANELS, Settings

SOURCES = {"text": "Own sentence", "numbers": "Numbers", "task": "A task"}
CELLS = {"rnn": "RNN", "lstm": "LSTM", "both": "RNN and LSTM"}
ENCODINGS = {"embedding": "Word vectors", "onehot": "One-hot"}
READOUTS = {"last": "Last step", "every": "Every step"}
LOSSES = {"bce": "Binary cross-entropy", "softmax": "Softmax cross-entropy", "mse": "Squared error"}
ACTIVATION_NAMES = {"tanh": "tanh", "sigmoid": "Sigmoid", "relu": "ReLU", "identity": "Identity"}
SCHEME_NAMES = {"uniform": "Uniform ±1/√H", "xavier": "Xavier", "orthogonal": "Orthogonal", "identity": "Identity"}

PANEL_NAMES = {
    "norms": "Gradient at $h$ and $c$",
    "inputs": "Gradient at $x$ and $a$",
    "W_h": "What steps add to $W_h$",
    "W_x": "to $W_x$",
    "b": "to $b$",
    "W_y": "to $W_y$",
    "states": "States and gates",
    "jacobians": "Jacobians",
    "unit": "One unit's numbers",
}


@contextmanager
def _field(name: str, value: str) -> Iterator[None]:
    """One entry of the settings line: what it is and how it is set; the controls open beneath it."""
    with st.popover(f":small[{name}] {value}", type="tertiary", key=key(f"field-{name}"), wrap=False):
        yield


def draw() -> Settings:
    """Draw the line of settings and return them."""
    now = collect()
    with st.container(horizontal=True, key=key("toolbar"), gap="medium"):
        with _field("Sequence", _sequence_label(now)):
            _sequence(now)
        with _field("Model", _model_label(now)):
            _choice("Cell", "cell", CELLS, help="Both run on the same sequence and the same seed.")
            _choice("Activation of the RNN", "activation", {k: ACTIVATION_NAMES[k] for k in ACTIVATIONS})
        with _field("Hidden size", str(now.H)):
            st.slider(
                "Hidden size $H$", 1, MAX_HIDDEN, key=key("H"), help="Units of the hidden state and the cell."
            )
        with _field("Initialisation", _scheme_label(now)):
            _initialisation(now)
        with _field("Loss", _loss_label(now)):
            _loss(now)
        with _field("Seed", str(now.seed)):
            st.number_input(
                "Seed",
                0,
                999_999,
                step=1,
                key=key("seed"),
                help="Draws the weights and the word vectors. Same seed, same numbers.",
            )
        with _field("Panels", f"{len(now.show)} of {len(PANELS)}"):
            st.pills(
                "Shown in the figure",
                PANELS,
                format_func=PANEL_NAMES.__getitem__,
                selection_mode="multi",
                key=key("show"),
            )
    return collect()


def _choice(label: str, name: str, names: dict[str, str], **options: Any) -> None:
    st.segmented_control(label, names, format_func=names.__getitem__, key=key(name), required=True, **options)


def _sequence_label(now: Settings) -> str:
    if now.source == "task":
        return f"{TASKS[now.task].title}, example {now.example}"
    try:
        count = compute.sequence(now).T
    except InputError:
        return f"{SOURCES[now.source]}, not readable yet"
    unit = "token" if now.source == "text" else "step"
    return f"{SOURCES[now.source]}, {count} {unit}{'s' if count != 1 else ''}"


def _model_label(now: Settings) -> str:
    names = CELLS[now.cell]
    return names if now.activation == "tanh" or now.cell == "lstm" else f"{names}, {ACTIVATION_NAMES[now.activation]}"


def _scheme_label(now: Settings) -> str:
    parts = [SCHEME_NAMES[now.scheme].removesuffix(" ±1/√H")]
    if now.gain != 1:
        parts.append(f"gain {now.gain:g}")
    if now.cell != "rnn":
        parts.append(f"forget bias {now.forget_bias:g}".replace("-", "−"))
    return ", ".join(parts)


def _loss_label(now: Settings) -> str:
    if now.source == "task":
        return "set by the task"
    shown = now.target.strip() if len(now.target) <= 8 else now.target[:7].strip() + "…"
    return f"{READOUTS[now.readout]}, y = {_escaped(shown)}"


def _escaped(text: str) -> str:
    """Learner text inside a label: only characters a number can have, so that nothing is read as Markdown."""
    return "".join(c for c in text if c in "0123456789.,;+- eE…").replace("-", "−")


def _sequence(now: Settings) -> None:
    _choice("Where it comes from", "source", SOURCES)
    if now.source == "text":
        st.text_area("Sentence", key=key("text"), height=100, max_chars=MAX_CHARS, help=f"Up to {MAX_STEPS} words.")
        _choice("Words become", "encoding", ENCODINGS, help="One-hot: an input for each different word.")
        if now.encoding == "embedding":
            st.slider("Entries of a word vector $D$", 1, MAX_INPUTS, key=key("D"))
        _table(now, "text", _tokens_of)
    elif now.source == "numbers":
        st.text_area(
            "Numbers", key=key("numbers"), height=140, max_chars=MAX_CHARS,
            help=f"A row for each step (up to {MAX_STEPS}), a column for each input (up to {MAX_INPUTS}).",
        )  # fmt: skip
        st.file_uploader("CSV file", type=["csv", "tsv", "txt"], key=key("csv"), max_upload_size=1, on_change=_take_csv)
        _table(now, "numbers", _rows_of)
    else:
        titles = {name: task.title for name, task in TASKS.items()}
        st.selectbox(
            "Task", titles, format_func=titles.__getitem__, key=key("task"), on_change=write, kwargs={"gap": -1}
        )
        task = compute.task_of(dataclasses.replace(now, gap=-1))
        st.caption(task.description)
        name = compute.distance_of(now.task)
        low, high = task.bounds[name][0], compute.longest(now.task)
        if not low <= now.gap <= high:
            write(gap=getattr(task, name))
        st.slider(name.capitalize(), low, high, key=key("gap"), help="How long something has to be remembered.")
        st.number_input("Example", 0, 999_999, step=1, key=key("example"), help="Another number draws another example.")
        st.button("Edit these values as numbers", on_click=_take_task, type="tertiary")


def _tokens_of(now: Settings) -> pd.DataFrame:
    return pd.DataFrame({"token": tokenise(now.text, max_tokens=MAX_STEPS)}, dtype=str)


def _rows_of(now: Settings) -> pd.DataFrame:
    table = parse_numbers(now.numbers, max_rows=MAX_STEPS, max_columns=MAX_INPUTS)
    return pd.DataFrame(table.values, columns=list(table.names))


def _table(now: Settings, name: str, read: Callable[[Settings], pd.DataFrame]) -> None:
    """The sequence as a table, a row for each step; an edit is written back into the text it was read from."""
    try:
        frame = read(now)
    except InputError:
        return  # the page shows what is wrong
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="step")
    # A new text makes a new table: the editor would otherwise apply its old edits to it again.
    editor = key(f"table-{hash(getattr(now, name))}")

    def take() -> None:
        state = st.session_state[editor]
        rows = frame.drop(index=[frame.index[k] for k in state["deleted_rows"]])
        for row, changes in state["edited_rows"].items():
            for column, value in changes.items():
                rows.loc[frame.index[row], column] = value
        added = pd.DataFrame(state["added_rows"], columns=frame.columns)
        rows = pd.concat([rows, added]) if len(added) else rows
        write(**{name: _written(rows, name)})

    st.data_editor(frame, key=editor, num_rows="dynamic", on_change=take, height=210, width="stretch")


def _written(rows: pd.DataFrame, name: str) -> str:
    if name == "text":
        return " ".join(str(token) for token in rows["token"].dropna())
    plain = all(column == f"x{k + 1}" for k, column in enumerate(rows.columns))
    return str(rows.to_csv(index=False, header=not plain)).strip()


def _take_csv() -> None:
    upload = st.session_state[key("csv")]
    if upload is None:
        return
    try:
        content = upload.getvalue().decode("utf-8-sig")
    except UnicodeDecodeError:
        write(notice=f"“{upload.name}” is not a text file in UTF-8. Save it as CSV (UTF-8) and choose it again.")
        return
    if len(content) > MAX_CHARS:
        write(
            notice=f"“{upload.name}” has {len(content):,} characters; at most {MAX_CHARS:,} can be read. "
            f"Keep {MAX_STEPS} rows or fewer."
        )
        return
    write(numbers=content, source="numbers")


def _take_task() -> None:
    shown = compute.sequence(collect())
    frame = pd.DataFrame(shown.x[:, 0], columns=list(shown.columns))
    values = shown.y.ravel()
    write(
        source="numbers",
        numbers=_written(frame, "numbers"),
        loss=shown.loss,
        readout=shown.readout,
        O=max(shown.O, 2),
        target=" ".join(f"{v:g}" for v in values),
    )


def _initialisation(now: Settings) -> None:
    _choice("Recurrent weights", "scheme", {k: SCHEME_NAMES[k] for k in SCHEMES})
    st.slider("Gain on $W_h$", 0.0, 4.0, step=0.05, key=key("gain"), help="Multiplies the recurrent weights.")
    if now.cell != "rnn":
        st.slider(
            "Forget bias",
            -5.0,
            5.0,
            step=0.5,
            key=key("forget_bias"),
            help="At 1 a fresh forget gate is about 0.73, at 3 about 0.95.",
        )


def _loss(now: Settings) -> None:
    if now.source == "task":
        task = compute.task_of(now)
        st.caption(f"{READOUTS[task.readout]}, {LOSSES[task.loss].lower()}; the target comes with each example.")
        return
    _choice("Read-out", "readout", READOUTS)
    _choice("Loss", "loss", LOSSES)
    if now.loss == "softmax":
        st.slider("Classes", 2, 32, key=key("O"))
    hint = {"bce": "0 to 1", "softmax": f"a class, 0 to {now.O - 1}", "mse": "any number"}[now.loss]
    each = " One for all steps, or one for each, separated by spaces." if now.readout == "every" else ""
    st.text_input(f"Target $y$ ({hint})", key=key("target"), max_chars=2000, help="What the output should be." + each)
