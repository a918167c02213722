"""The line of settings under the page's title, and what opens beneath each entry."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pandas as pd
import streamlit as st

from core.activations import ACTIVATIONS
from core.errors import InputError
from core.params import SCHEMES
from core.tasks import TASKS
from dashboard import compute
from dashboard.compute import NAMES
from dashboard.controls import collect, digest, forget_weights, key, own_weights, setting, show_notice, write
from dashboard.settings import (
    MAX_CHARS,
    MAX_FORGET,
    MAX_GAIN,
    MAX_HIDDEN,
    MAX_INPUTS,
    MAX_STEPS,
    PANELS,
    Settings,
)
from dashboard.words import say

SOURCES = {"text": "Own sentence", "numbers": "Numbers", "task": "A task"}
CELLS = {"rnn": "RNN", "lstm": "LSTM", "both": "RNN and LSTM"}
ENCODINGS = {"embedding": "Word vectors", "onehot": "One-hot"}
READOUTS = {"last": "Last step", "every": "Every step"}
LOSSES = {"bce": "Binary cross-entropy", "softmax": "Softmax cross-entropy", "mse": "Squared error"}
ACTIVATION_NAMES = {"tanh": "tanh", "sigmoid": "Sigmoid", "relu": "ReLU", "identity": "Identity"}
SCHEME_NAMES = {"uniform": "Uniform ±1/√H", "xavier": "Xavier", "orthogonal": "Orthogonal", "identity": "Identity"}

DIGITS = "0123456789"
CHEVRON = "\\e5cf"
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
def _field(name: str, value: str) -> Iterator[bool]:
    """One entry of the settings line: what it is and how it is set; the controls open beneath it.

    Yields whether it is open. A closed one must stay empty: the browser would not learn of a value set meanwhile.
    """
    place = f"field-{name}"
    with st.popover(name, type="tertiary", key=key(place), wrap=False, on_change="rerun") as entry:
        yield bool(entry.open)
    # In the label the value would belong to the popover's identity, and every change would shut it.
    spoken = json.dumps(value, ensure_ascii=False).replace("<", "\\3c ")
    drawn = f'{spoken[:-1]} {CHEVRON}"'
    selector = f".st-key-{re.sub('[^a-zA-Z0-9_-]', '-', key(place))} [data-testid=stPopoverButton] p::after"
    st.html(f"<style>{selector} {{ content: {drawn} / {spoken}; }}</style>")


def draw() -> Settings:
    """Draw the line of settings and return them."""
    now = collect()
    with st.container(horizontal=True, key=key("toolbar"), gap="medium"):
        with _field("Sequence", _sequence_label(now)) as opened:
            if opened:
                _sequence(now)
        with _field("Model", _model_label(now)) as opened:
            if opened:
                _choice("Cell", "cell", CELLS, help="Both run on the same sequence and the same seed.")
                _choice("Activation of the RNN", "activation", {k: ACTIVATION_NAMES[k] for k in ACTIVATIONS})
        with _field("Hidden size", str(now.H)) as opened:
            if opened:
                st.slider(
                    "Hidden size $H$", 1, MAX_HIDDEN, **setting("H"), help="Units of the hidden state and the cell.",
                    disabled=bool(own_weights()),
                )  # fmt: skip
                if own_weights():
                    st.caption(say("inspector", "own-size"))
        with _field("Initialisation", _scheme_label(now)) as opened:
            if opened:
                _initialisation(now)
        with _field("Loss", _loss_label(now)) as opened:
            if opened:
                _loss(now)
        with _field("Weights", _weights_label(now)) as opened:
            if opened:
                _weights(now)
        with _field("Panels", f"{len(now.show)} of {len(PANELS)}") as opened:
            if opened:
                st.pills(
                    "Shown in the figure",
                    PANELS,
                    format_func=PANEL_NAMES.__getitem__,
                    selection_mode="multi",
                    **setting("show"),
                )
        # The figure's own headings are of the third level; a screen reader's list of headings has no hole.
        st.html('<h2 class="unseen">Figure</h2>')
    return collect()


def _choice(label: str, name: str, names: dict[str, str], **options: Any) -> None:
    st.segmented_control(label, names, format_func=names.__getitem__, **setting(name), required=True, **options)


def _sequence_label(now: Settings) -> str:
    if now.source == "task":
        return f"{TASKS[now.task].title}, example {now.example}"
    try:
        count = len(compute.tokens(now) if now.source == "text" else compute.numbers(now).values)
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
    shown = _numbers_only(now.target)
    return f"{READOUTS[now.readout]}, y = {shown}" if shown else f"{READOUTS[now.readout]}, y not readable yet"


def _numbers_only(text: str) -> str:
    """Numbers as typed, for a label; "" for anything else, so that nothing a learner types is read as Markdown."""
    if not set(text) & set(DIGITS) or set(text) - set(DIGITS + ".,; +-−eE"):
        return ""
    shown = text.strip() if len(text) <= 8 else text[:7].strip() + "…"
    return shown.replace("-", "−")


def _weights_label(now: Settings) -> str:
    if now.steps:
        return f"Trained, {now.steps} step{'s' if now.steps != 1 else ''}"
    if own_weights():
        return "Your own"
    return f"Seed {now.seed}, {len(now.edits)} by hand" if now.edits else f"Seed {now.seed}"


def _weights(now: Settings) -> None:
    st.number_input(
        "Seed", 0, 999_999, step=1, **setting("seed"),
        help="Draws the weights and the word vectors. Same seed, same numbers.",
    )  # fmt: skip
    st.caption(say("inspector", "weights-below"))
    if now.steps or now.edits or own_weights():
        mine = " and ".join(NAMES[kind] for kind in own_weights())
        if mine:
            st.caption(f"Your own: {mine}.")
        st.button("Back to the seed's weights", on_click=forget_weights, key=key("forget-weights"))


def _sequence(now: Settings) -> None:
    _choice("Where it comes from", "source", SOURCES)
    if now.source == "text":
        st.text_area("Sentence", **setting("text"), height=100, max_chars=MAX_CHARS, help=f"Up to {MAX_STEPS} words.")
        _choice("Words become", "encoding", ENCODINGS, help="One-hot: an input for each different word.")
        if now.encoding == "embedding":
            st.slider("Entries of a word vector $D$", 1, MAX_INPUTS, **setting("D"))
        _table(now, "text", _tokens_of)
    elif now.source == "numbers":
        st.text_area(
            "Numbers", **setting("numbers"), height=140, max_chars=MAX_CHARS,
            help=f"A row for each step (up to {MAX_STEPS}), a column for each input (up to {MAX_INPUTS}).",
        )  # fmt: skip
        st.file_uploader("CSV file", type=["csv", "tsv", "txt"], key=key("csv"), max_upload_size=1, on_change=_take_csv)
        show_notice("csv")
        _table(now, "numbers", _rows_of)
    else:
        titles = {name: task.title for name, task in TASKS.items()}
        st.selectbox(
            "Task", titles, format_func=titles.__getitem__, **setting("task"), on_change=write, kwargs={"gap": -1}
        )
        st.caption(TASKS[now.task].description)
        low, high, own = compute.gaps(now.task)
        if now.gap < 0:
            write(gap=own)
        name = compute.distance_of(now.task).capitalize()
        st.slider(name, low, high, **setting("gap"), help="How long something has to be remembered.")
        st.number_input(
            "Example", 0, 999_999, step=1, **setting("example"), help="Another number draws another example."
        )
        st.button("Edit these values as numbers", on_click=_take_task, type="tertiary", key=key("take-numbers"))


def _tokens_of(now: Settings) -> pd.DataFrame:
    return pd.DataFrame({"token": compute.tokens(now)}, dtype=str)


def _rows_of(now: Settings) -> pd.DataFrame:
    table = compute.numbers(now)
    return pd.DataFrame(table.values, columns=list(table.names))


def _table(now: Settings, name: str, read: Callable[[Settings], pd.DataFrame]) -> None:
    """The sequence as a table, a row for each step; an edit is written back into the text it was read from."""
    try:
        frame = read(now)
    except InputError:
        return  # the page shows what is wrong
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="step")
    # A new text makes a new table: the editor would otherwise apply its old edits to it again.
    editor = key(f"table-{digest(name, getattr(now, name))}")

    def take() -> None:
        state = st.session_state[editor]
        rows = frame.drop(index=[frame.index[k] for k in state["deleted_rows"]])
        for row, changes in state["edited_rows"].items():
            for column, value in changes.items():
                if frame.index[row] in rows.index:
                    rows.loc[frame.index[row], column] = value
        added = pd.DataFrame(state["added_rows"], columns=frame.columns)
        rows = pd.concat([rows, added]) if len(added) else rows
        write(**{name: _written(rows, name)})

    st.data_editor(frame, key=editor, num_rows="dynamic", on_change=take, height=210, width="stretch", hide_index=False)


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
        mend = "Save it as CSV (UTF-8) and choose it again."
        write(**{"csv-notice": f"“{upload.name}” is not a text file in UTF-8. {mend}"})
        return
    if len(content) > MAX_CHARS:
        problem = f"“{upload.name}” has {len(content):,} characters; at most {MAX_CHARS:,} can be read. "
        write(**{"csv-notice": problem + f"Keep {MAX_STEPS} rows or fewer."})
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
        target=" ".join(f"{v:g}" if float(f"{v:g}") == v else repr(float(v)) for v in values),
    )


def _initialisation(now: Settings) -> None:
    _choice("Recurrent weights", "scheme", {k: SCHEME_NAMES[k] for k in SCHEMES})
    st.slider("Gain on $W_h$", 0.0, MAX_GAIN, step=0.05, **setting("gain"), help="Multiplies the recurrent weights.")
    if now.cell != "rnn":
        st.slider(
            "Forget bias",
            -MAX_FORGET,
            MAX_FORGET,
            step=0.5,
            **setting("forget_bias"),
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
        st.slider("Classes", 2, 32, **setting("O"))
    hint = {"bce": "0 to 1", "softmax": f"a class, 0 to {now.O - 1}", "mse": "any number"}[now.loss]
    each = " One for all steps, or one for each, separated by spaces." if now.readout == "every" else ""
    st.text_input(f"Target $y$ ({hint})", **setting("target"), max_chars=2000, help="What the output should be." + each)
