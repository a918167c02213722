"""The data card: what was understood of a learner's numbers, and what is done with them before they go in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import streamlit as st

from core.errors import InputError
from core.table import Mended, NumberTable, Question, read, values_written
from core.table.mends import ordinal
from core.written import short
from dashboard.inspector import data_rows
from dashboard.inspector.controls import bring_numbers, collect, is_open, key, turn, write
from dashboard.kit.parts import changed
from dashboard.kit.run import batch, bring, learning
from dashboard.kit.run.settings import MAX_INPUTS, MAX_STEPS, Settings
from dashboard.kit.words import escaped, say

OPEN = "data-open"
FITS, PADDING = 54, 4  # letters that stand side by side, and how many an option's rim is worth
FILLS = {"linear": "in between", "previous": "previous", "mean": "mean", "drop": "drop row"}
SCALES = {"standard": "standardise", "none": "as it is"}
SIGNS = {"\t": "at tabs", ";": "at `;`", ",": "at `,`", "|": "at `|`", " ": "at spaces"}
FILE_ONLY = ("sheet", "array", "slice", "turn")  # of a workbook or an array: what else there is in the file
PACKED = "member"  # of a ZIP file: which of its files


@dataclass(frozen=True)
class File:
    """A file that a learner chose, while its numbers are the ones shown.

    Attributes:
        name: What it is called.
        size: Bytes.
        kind: What it is.
        encoding: How its letters are written.
        text: The numbers as they came from it.
        questions: What else could be taken from it.
        chosen: What was chosen of that.
        content: The file, kept where something else can be taken from it.
        notes: What is said of the file alone.
    """

    name: str
    size: int
    kind: str
    encoding: str
    text: str
    questions: tuple[Question, ...] = ()
    chosen: Mapping[str, str] = field(default_factory=dict)
    content: bytes = b""
    notes: tuple[str, ...] = ()


def take(name: str, content: bytes, chosen: Mapping[str, str] | None = None) -> None:
    """Read a file, and make its numbers the sequence; nothing of an earlier one stays.

    Raises:
        InputError: It cannot be read.
    """
    chosen = dict(chosen or {})
    table = read(content, name, chosen=chosen)
    text = table.source or values_written(table.names, table.values)
    several = batch.of_file(content, name, chosen)
    asked: tuple[Question, ...] = ()
    padding, alone = "", dict(bring.ALONE)
    if several is not None:
        sequences, axes, others, padding = several
        asked = (axes, *others)
        if sequences:
            values = np.concatenate(sequences)
            text = values_written([f"x{k + 1}" for k in range(values.shape[1])], values)
            alone = {"group": "several", "sizes": tuple(map(len, sequences)), "member": 1}
    foreign = not table.encoding
    several_now = alone["group"] == "several"
    left = ("slice", "turn") if several_now else ()
    known = {q.key for q in asked}
    questions = asked + tuple(
        q
        for q in table.questions
        if (q.key == PACKED or (foreign and q.key in FILE_ONLY)) and q.key not in known and q.key not in left
    )
    notes = tuple(note for note in table.notes if foreign) + ((padding,) if padding else ())
    file = File(
        name, len(content), table.kind, table.encoding, text, questions, chosen,
        content if questions else b"", notes,
    )  # fmt: skip
    large = float(np.nanmax(np.abs(values if several_now else table.values))) > bring.LARGE
    scale = "standard" if large and len(table.values) > 1 else "none"
    bring_numbers(**{**bring.UNMENDED, **alone, "numbers": text, "fill": "linear", "scale": scale})
    write(**{"data-file": file, _open(): True})


def _open() -> str:
    return f"{OPEN}-{turn()}"


def file_of(settings: Settings) -> File | None:
    """The file that the numbers came from, if they did."""
    file: File | None = st.session_state.get(key("data-file"))
    return file if file is not None and file.text == settings.numbers else None


def shows() -> object:
    """What the card depends on."""
    settings = collect()
    if settings.source != "numbers":
        return None
    about = (settings.numbers, settings.read, settings.columns, settings.from_row, settings.to_row, settings.every)
    return (*about, settings.fill, settings.scale, settings.learn) if is_open(_open()) else about[:2]


def draw() -> None:
    """Draw the card where the sequence is numbers and there is a table; closed at first for numbers that are typed."""
    settings = collect()
    if settings.source != "numbers":
        return
    try:
        table = bring.table(settings)
    except InputError:
        return  # said in place of the figure
    file = file_of(settings)
    title = escaped(file.name) if file else "Your numbers"
    place = st.container(key=key("data"))  # the title stays while the table is read another way: a new one is closed
    with place, st.expander(f"**{title}**", on_change="rerun", key=key(_open()), type="compact") as opened:
        if opened.open:
            with st.container(key=key("data-card")):
                _card(settings, table, file)


def _card(settings: Settings, table: NumberTable, file: File | None) -> None:
    found, problem = None, None
    try:
        found = bring.rows(settings) if learning.in_windows(settings) else bring.numbers(settings)
    except InputError as wrong:
        problem = wrong
    chosen = _chosen(settings, table)
    left, right = st.columns([5, 4], gap="large")
    with left:
        st.markdown(understood(table, file))
        st.html(data_rows.file_table(table, chosen))
        notes = [*(file.notes if file else ()), *table.notes]
        if notes:
            st.markdown("\n".join(f"- {escaped(note)}" for note in dict.fromkeys(notes)))
    with right:
        _mends(settings, table, file, chosen)
    if problem is not None:
        st.warning("\n".join(f"- {escaped(said)}" for said in problem.problems[:5]))
    if found is not None:
        _network_reads(settings, found)


def understood(table: NumberTable, file: File | None) -> str:
    """How the table was read, in one or two sentences of Markdown."""
    kind = escaped(file.kind if file else table.kind)
    kind = kind[:1].upper() + kind[1:]
    parts = [f"{len(table.values):,} rows of {len(table.columns):,} column{'s' * (len(table.columns) != 1)}"]
    encoding = file.encoding if file else ""
    if encoding and encoding != "UTF-8":
        parts.append(f"letters in {encoding}")
    split = not file or file.encoding
    if split and table.separator in SIGNS:
        parts.append(f"columns split {SIGNS[table.separator]}")
    if split and table.separator:
        parts.append("decimals with a comma" if table.decimal == "," else "decimals with a point")
    parts.append("names from the file" if table.header else "no names, so x1, x2, …")
    return f"{kind}: {', '.join(parts)}."


def _chosen(settings: Settings, table: NumberTable) -> tuple[int, ...]:
    D = table.values.shape[1]
    return tuple(k for k in settings.columns if k < D) or tuple(range(min(D, MAX_INPUTS)))


def _mends(settings: Settings, table: NumberTable, file: File | None, chosen: Sequence[int]) -> None:
    """A row for each thing that may be done with the table; what is done now is pressed."""
    st.markdown("**Mend it**")
    for question in file.questions if file else ():
        _ask(question, partial(_again, file, question.key))
    for question in table.questions:
        _ask(question, partial(_answer, settings, question.key))
    if len(table.names) > 1:
        _columns(table, chosen)
    holes = np.isnan(table.values[:, chosen])
    if holes.any():
        rows = np.flatnonzero(holes.any(axis=1))
        count = int(holes.sum())
        label = (
            f"Missing in row {table.rows[rows[0]]:,}"
            if count == 1
            else f"{count:,} values missing in {len(rows):,} rows"
        )
        _choose(f"{label}: fill with", "fill", FILLS, settings.fill)
    _choose("Scale", "scale", SCALES, settings.scale)
    if len(table.values) > 2 and settings.group == "one":
        _rows(settings, table)


def _ask(question: Question, then: Callable[[str], object]) -> None:
    options = dict(question.options)
    _control(question.asks, f"ask-{question.key}", options, question.taken, then)


def _choose(label: str, name: str, options: Mapping[str, str], now: str) -> None:
    _control(label, name, options, now, lambda value: write(**{name: value}))


def _control(label: str, name: str, options: Mapping[Any, str], now: Any, then: Callable[[Any], object]) -> None:
    """A choice that is pressed as the settings have it, whatever it was before."""
    own = key(f"data-{name}-{turn()}")
    st.session_state[own] = now if now in options else None

    def follow() -> None:
        value = st.session_state[own]
        if value is not None and value != now:
            then(value)

    few = sum(len(label) + PADDING for label in options.values()) <= FITS
    if few:
        st.segmented_control(
            escaped(label), list(options), format_func=lambda v: escaped(options[v]), key=own, on_change=changed(follow)
        )
    else:
        st.selectbox(escaped(label), list(options), format_func=options.__getitem__, key=own, on_change=changed(follow))


def _again(file: File | None, name: str, value: str) -> None:
    if file is not None:
        take(file.name, file.content, {**file.chosen, name: value})


def _answer(settings: Settings, name: str, value: str) -> None:
    """Read the table the other way; columns and rows that were chosen before may not be there then."""
    write(**{**bring.UNMENDED, "read": bring.chosen(settings, name, value)})
    write(fill=settings.fill, scale=settings.scale)


def _columns(table: NumberTable, chosen: Sequence[int]) -> None:
    own = key(f"data-columns-{turn()}")
    st.session_state[own] = list(chosen)

    def follow() -> None:
        picked = tuple(sorted(st.session_state[own]))
        write(columns=() if picked == tuple(range(min(len(table.names), MAX_INPUTS))) else picked)

    st.multiselect(
        f"Columns ({len(chosen)} of {len(table.names)})", range(len(table.names)), key=own, max_selections=MAX_INPUTS,
        format_func=lambda k: table.names[k], on_change=changed(follow), placeholder="all",
    )  # fmt: skip


def _rows(settings: Settings, table: NumberTable) -> None:
    """Every n-th row, and a window."""
    T = len(table.values)
    needed = -(-T // MAX_STEPS)
    steps = sorted({1, 2, 7, needed, settings.every} if T > 7 else {1, 2, settings.every})
    names = {n: "every row" if n == 1 else f"every {ordinal(n)}" for n in steps}
    _control("Take", "every", names, settings.every, lambda n: write(every=n))
    own = key(f"data-window-{turn()}")
    last = settings.to_row if 0 < settings.to_row <= T else T
    first = settings.from_row if settings.from_row <= last else 1
    st.session_state[own] = (first, last)

    def follow() -> None:
        start, end = st.session_state[own]
        write(from_row=start, to_row=0 if end == T else end)

    st.slider(f"Window, of {T:,} steps", 1, T, key=own, on_change=changed(follow))


def _network_reads(settings: Settings, found: Mended) -> None:
    """What goes in at the end, and the numbers that were taken away and divided by."""
    T, D = found.values.shape
    windows = learning.in_windows(settings)
    lead, rows = ("Windows are cut from", "row") if windows else ("The network reads", "step")
    among = " in all sequences" if settings.group == "several" else ""
    st.markdown(f"**{lead}** {T:,} {rows}{'s' * (T != 1)} of {D:,} number{'s' * (D != 1)}{among}")
    left, right = st.columns([5, 4], gap="large")
    with left:
        st.html(data_rows.read_table(found))
    with right:
        said = list(found.notes)
        if found.dropped:
            said.append(f"{len(found.dropped):,} row{'s' * (len(found.dropped) != 1)} dropped, where a value misses.")
        if settings.scale == "standard" and windows:
            said.append(say("inspector", "standardised-windows"))
        elif settings.scale == "standard":
            each = zip(found.names, found.mean, found.deviation, strict=True)
            said += [f"{n}: minus {short(float(m))}, divided by {short(float(d))}" for n, m, d in list(each)[:6]]
            said.append(say("inspector", "standardised"))
        st.markdown("  \n".join(escaped(line) for line in said) if said else " ")
