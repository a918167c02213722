"""Where the sequence comes from: a sentence, numbers or a task; each readable and editable as a table."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import streamlit as st

from core import tasks
from core.errors import InputError
from core.table import MAX_FILE
from core.task import Task
from dashboard.inspector import data_card
from dashboard.inspector.controls import bring_numbers, choice, collect, key, reading, setting, turn, uploaded, write
from dashboard.kit.boundary import notice, show_notice
from dashboard.kit.page_settings import digest
from dashboard.kit.parts import changed
from dashboard.kit.run import batch, bring, compute, distances
from dashboard.kit.run.settings import MAX_CHARS, MAX_CLASSES, MAX_INPUTS, MAX_STEPS, NUMBERS, Settings
from dashboard.kit.words import say

SOURCES = {"text": "Own sentence", "numbers": "Numbers", "task": "A task"}
EDITABLE = 4_000  # numbers in a table that can be edited
GROUPS = {"one": "One", "several": "Several, as a batch"}
ENCODINGS = {"embedding": "Word vectors", "onehot": "One-hot"}


def draw(now: Settings) -> None:
    """Draw the controls of the sequence."""
    choice("Where it comes from", "source", SOURCES)
    if now.source == "text":
        st.text_area("Sentence", **setting("text"), height=100, max_chars=MAX_CHARS, help=f"Up to {MAX_STEPS} words.")
        _several(now)
        choice("Words become", "encoding", ENCODINGS, help="One-hot: an input for each different word.")
        if (reads := reading()) is not None:
            st.caption(
                f"Your own network reads {reads.D} numbers a word{', from its own table' if reads.table else ''}."
            )
        elif now.encoding == "embedding":
            st.slider("Entries of a word vector $D$", 1, MAX_INPUTS, **setting("D"))
        _table(now, "text", _tokens_of)
    elif now.source == "numbers":
        if len(now.numbers) <= MAX_CHARS:
            most = f"up to {MAX_STEPS:,} steps and {MAX_INPUTS} inputs"
            typed = key(f"numbers-{turn()}")
            st.session_state[typed] = now.numbers
            st.text_area(
                "Numbers", key=typed, on_change=changed(lambda: _take_typed(typed)), height=140, max_chars=MAX_CHARS,
                help=f"A row for each step, a column for each input: {most}. Of a longer table you choose.",
            )  # fmt: skip
        else:
            st.caption(f"The numbers have {len(now.numbers):,} characters; up to {MAX_CHARS:,} can be edited here.")
            st.button("Type numbers instead", on_click=changed(_type), type="tertiary", key=key("type-numbers"))
        _several(now)
        st.file_uploader(
            "Or a file: CSV, Excel, JSON, NPY, NPZ, text", key=key("csv"), max_upload_size=MAX_FILE // 1_000_000,
            on_change=changed(_take_file, lambda: uploaded("csv"), _refused),
        )  # fmt: skip
        show_notice(key("csv"))
        _table(now, "numbers", _rows_of)
    else:
        titles = {name: task.title for name, task in tasks.TASKS.items()}
        st.selectbox(
            "Task",
            titles,
            format_func=titles.__getitem__,
            **setting("task", lambda: write(gap=-1)),
        )
        st.caption(tasks.TASKS[now.task].description)
        _gap(now)
        st.number_input(
            "Example", 0, 999_999, step=1, **setting("example"), help="Another number draws another example."
        )
        if _writable(tasks.TASKS[now.task]):
            st.button(
                "Edit these values as numbers", on_click=changed(_take_task), type="tertiary", key=key("take-numbers")
            )


def _several(now: Settings) -> None:
    """Whether it is one sequence or a batch of them, and how the rows are divided."""
    choice("Sequences", "group", GROUPS, help=say("inspector", f"several-{now.source}"))
    if now.group == "several" and now.source == "numbers":
        field = key(f"sizes-{turn()}")
        st.session_state[field] = " ".join(map(str, now.sizes))

        def take() -> None:
            found = re.findall(r"\d{1,4}", st.session_state[field])
            write(sizes=tuple(n for n in map(int, found) if 0 < n <= MAX_STEPS)[: batch.MOST])

        st.text_input("Rows of each sequence", key=field, on_change=changed(take), placeholder="12, or 12 9 14")


def shown_member(sequence: compute.Sequence) -> None:
    """Draw the choice of the sequence that the figure shows, where there are several."""
    if (several := sequence.batch) is None:
        return
    B, lengths = len(several.lengths), several.lengths.tolist()
    now = key("member")
    st.session_state[now] = several.b + 1
    with st.container(key=key("member-line"), width=260):
        st.selectbox(
            "Sequence that is shown", range(1, B + 1), **setting("member"),
            format_func=lambda k: f"Sequence {k} of {B}: {lengths[k - 1]} step{'s' * (lengths[k - 1] != 1)}",
        )  # fmt: skip


def _gap(now: Settings) -> None:
    """The slider of the task's gap or length; a task without one, or with a single one that fits, has no slider."""
    fit = distances.gaps(now.task)
    if fit is None:
        return
    if now.gap < 0:
        write(gap=fit.own)
    if fit.low < fit.high:
        label = fit.name.replace("_", " ").capitalize()
        st.slider(label, fit.low, fit.high, **setting("gap"), help="How long something has to be remembered.")


def _writable(task: type[Task]) -> bool:
    """Whether the fields for a sequence of one's own can say what the task says: its inputs, outputs and classes."""
    return task.D <= MAX_INPUTS and (task.O <= MAX_CLASSES if task.loss == "softmax" else task.O == 1)


def _tokens_of(now: Settings) -> pd.DataFrame:
    if now.group == "several":
        raise InputError("A table would join the lines.")
    return pd.DataFrame({"token": compute.tokens(now)}, dtype=str)


def _rows_of(now: Settings) -> pd.DataFrame:
    if now.group == "several":
        raise InputError("A table would not show which row belongs to which sequence.")
    read = bring.numbers(now)
    if read.raw.size > EDITABLE:
        raise InputError("Too many to edit by hand.")
    return pd.DataFrame(read.raw, columns=list(read.names))


def _table(now: Settings, name: str, read: Callable[[Settings], pd.DataFrame]) -> None:
    """The sequence as a table, a row for each step; an edit is written back into the text it was read from."""
    try:
        frame = read(now)
    except InputError:
        return  # the page shows what is wrong
    frame.index = pd.RangeIndex(1, len(frame) + 1, name="step")
    # A new text makes a new table: the editor would otherwise apply its old edits to it again.
    chosen = (now.read, now.columns, now.from_row, now.to_row, now.every, now.fill)
    editor = key(f"table-{digest(name, getattr(now, name), chosen)}")

    def take() -> None:
        state = st.session_state[editor]
        rows = frame.drop(index=[frame.index[k] for k in state["deleted_rows"]])
        for row, changes in state["edited_rows"].items():
            for column, value in changes.items():
                if frame.index[row] in rows.index:
                    rows.loc[frame.index[row], column] = value
        added = pd.DataFrame(state["added_rows"], columns=frame.columns)
        rows = pd.concat([rows, added]) if len(added) else rows
        if name == "numbers":  # what was chosen is done: the rows edited are the ones that go in
            bring_numbers(**{**bring.UNMENDED, "numbers": _written(rows, name), "scale": now.scale})
        else:
            write(**{name: _written(rows, name)})

    st.data_editor(
        frame, key=editor, num_rows="dynamic", on_change=changed(take), height=210, width="stretch", hide_index=False
    )


def _written(rows: pd.DataFrame, name: str) -> str:
    if name == "text":
        return " ".join(str(token) for token in rows["token"].dropna())
    plain = all(column == f"x{k + 1}" for k, column in enumerate(rows.columns))
    return str(rows.to_csv(index=False, header=not plain)).strip()


def _take_file() -> None:
    st.session_state.pop(key("refused-file"), None)
    upload = st.session_state[key("csv")]
    if upload is not None:
        data_card.take(upload.name, upload.getvalue())


def _refused(text: str) -> None:
    """A file could not be taken: said where it was chosen, and above the figure as long as that shows what it did."""
    notice(key("csv"))(text)
    write(**{"refused-file": (text, collect())})


def show_refused(settings: Settings) -> None:
    """Say above the figure that a file was not taken, until something else is set or another file is chosen."""
    found: tuple[str, Settings] | None = st.session_state.get(key("refused-file"))
    if found is not None and found[1] == settings:
        st.warning(f"{found[0]}\n\n{say('inspector', 'file-refused')}")


def _type() -> None:
    """Go back from a long file to numbers that can be typed."""
    bring_numbers(**{**bring.UNMENDED, **bring.ALONE, "numbers": NUMBERS})


def _take_typed(field: str) -> None:
    """Numbers were typed or pasted: what was chosen for others is no longer meant.

    A field also reports when it is left, with what stood in it: nothing was typed then, or it is the field before.
    """
    typed = st.session_state[field]
    if field != key(f"numbers-{turn()}") or typed.splitlines() == st.session_state[key("numbers")].splitlines():
        return
    if (found := batch.blocks(typed)) is not None:  # blank lines divide sequences
        bring_numbers(**{**bring.UNMENDED, "numbers": found[0]}, group="several", sizes=found[1], member=1)
    else:
        write(**{**bring.UNMENDED, "numbers": typed})


def _take_task() -> None:
    shown = compute.sequence(collect())  # of a task, whose inputs are what is edited
    frame = pd.DataFrame(shown.x[:, 0], columns=list(shown.columns))
    values = shown.y.ravel()
    bring_numbers(**{**bring.UNMENDED, **bring.ALONE, "numbers": _written(frame, "numbers")})
    write(
        loss=shown.loss,
        readout=shown.readout,
        O=max(shown.O, 2),
        target=" ".join(f"{v:g}" if float(f"{v:g}") == v else repr(float(v)) for v in values),
    )
