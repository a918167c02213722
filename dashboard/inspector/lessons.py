"""What is to be learned: chosen on the page among what fits the sequence's source, and said in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import streamlit as st

from core.brought import RowWindows
from core.errors import InputError
from dashboard.inspector.controls import collect, key, setting, write
from dashboard.kit.boundary import listed
from dashboard.kit.page_settings import digest
from dashboard.kit.parts import changed
from dashboard.kit.run import learning
from dashboard.kit.run.given import Sequence
from dashboard.kit.run.settings import MAX_STEPS, Settings
from dashboard.kit.words import escaped, say


def draw(settings: Settings) -> None:
    """The choice, and what belongs to windows; drawn also where the rows cannot be learned from as they are."""
    fit = learning.offered(settings)
    if len(fit) < 2:
        return
    _follow(
        st.segmented_control, "Learn", "learn", learning.chosen(settings), _choose, options=fit,
        format_func=learning.LESSONS.__getitem__, required=True,
    )  # fmt: skip
    if not learning.in_windows(settings):
        return
    with st.container(horizontal=True, key=key("windows")):
        st.number_input("Rows of a window", 1, MAX_STEPS, step=1, **setting("rows"), width=140)
        with _said_here():
            if learning.chosen(settings) == "label":
                names = {each.places[0]: each.name for each in learning.labels(settings)}
                _follow(
                    st.selectbox, "Label", "label", learning.label(settings).places[0],
                    lambda at: write(answer=at), options=tuple(names), format_func=names.__getitem__, width=200,
                )  # fmt: skip
            most = learning.windows(settings).N
            _follow(
                st.number_input, f"Window shown, of {most:,}", "example", min(max(settings.example, 1), most),
                lambda k: write(example=k), min_value=1, max_value=most, step=1, width=170,
            )  # fmt: skip
    with suppress(InputError):
        _words(settings)


@contextmanager
def _said_here() -> Iterator[None]:
    """Say what is wrong beside the controls that mend it, too; the figure, in whose place it stands, is far above."""
    try:
        yield
    except InputError as problem:
        st.caption(listed(problem))


def _words(settings: Settings) -> None:
    """Say how a column of words comes to be a label, where one is left out."""
    if learning.chosen(settings) == "label" and (left := learning.words_left_out(settings)):
        st.caption(f"To take “{escaped(left[0][:40])}” as the label, read it as one-hot in the card of your numbers.")


def _follow(widget: Any, label: str, name: str, value: Any, take: Any, **options: Any) -> None:
    """A control of a setting whose choices depend on others: it is laid out anew when these do."""
    own = key(f"lesson-{name}-{digest(sorted((k, v) for k, v in options.items() if k != 'format_func'))}")
    st.session_state[own] = value
    widget(label, key=own, on_change=changed(lambda: take(st.session_state[own])), **options)


def _choose(lesson: str) -> None:
    """Take another lesson; windows become short enough for the rows, and begin at the first."""
    settings = collect()
    write(learn="own" if lesson == learning.offered(settings)[0] else lesson)
    with suppress(InputError):
        settings = collect()
        if learning.in_windows(settings) and (most := learning.fitting(settings)):
            write(rows=min(settings.rows, most), example=1)


def said(settings: Settings, sequence: Sequence) -> str:
    """What is learned, and what that shows."""
    found = sequence.task
    if learning.chosen(settings) == "sequence":
        return say("inspector", "by-heart")
    if not isinstance(found, RowWindows):
        return say("inspector", "training")
    what = "the row after them" if found.name == "next step" else "the label of their last row"
    if found.classes:
        what += f" ({', '.join(found.classes[:6])}{' …' if len(found.classes) > 6 else ''})"
    words = (
        f"From {found.T} rows the network learns {what}. Learned from: {found.learned:,} windows of the first "
        f"{found.held_from:,} rows. Held out: {found.held:,} of the last {len(found.rows) - found.held_from:,}."
    )
    if settings.scale == "standard":
        words += " Means and deviations are those of the rows learned from."
    if found.chance:
        words += f" In the windows learned from, the most common label is right for {found.chance:.0%}."
    return words
