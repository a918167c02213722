"""The frame of every lesson: head, words, take-away, check questions, and the way on.

A lesson is a folder `lessons/<name>/` with its `page.py` and `words.md`, and a line in `quiz/lessons/manifest.toml`.
In the words, the frame reads `title`, `promise` (what one can do afterwards) and `take-away`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.kit import boundary, parts, words
from dashboard.kit.asking.check import quiz_panel
from dashboard.kit.rooms import page
from quiz.lessons import LESSONS

if TYPE_CHECKING:  # the numbers behind it take long to load, and the server needs to know only which lessons there are
    from dashboard.kit.page_settings import PageSettings
    from dashboard.kit.run.settings import Settings

PAUSE, A_WHILE = 0.15, 0.01
"""Seconds in which the browser draws the figure before the rest of the page keeps it busy, and between two looks for a
newer change."""

INSPECTOR = "inspector/page.py"
CLAIMS = "claims/page.py"


Made = TypeVar("Made")


def head(lesson: str, settings: Settings | None = None, problems: Iterable[str] = ()) -> DeltaGenerator:
    """Draw what stands above every lesson: its number, its title, what it promises.

    Args:
        lesson: Its name.
        settings: What the Inspector is set to when it is opened from here; None where the page can't tell.
        problems: What could not be read in the link.

    Returns:
        The line with its number, for `way_into_inspector`.
    """
    with st.container(gap=None, key="lesson-head"):
        line = st.container(horizontal=True, horizontal_alignment="distribute", key="lesson-line")
        line.caption(f"Lesson {LESSONS.index(lesson) + 1} of {len(LESSONS)}")
        if settings is not None:
            way_into_inspector(line, settings)
        st.title(words.say(lesson, "title"), anchor=False)
        with st.container(key="lesson-promise"):
            st.markdown(words.say(lesson, "promise"))
    for problem in problems:
        st.info(words.escaped(problem))
    return line


def way_into_inspector(line: DeltaGenerator, settings: Settings) -> None:
    """Draw the link that opens the Inspector with these settings."""
    line.page_link(INSPECTOR, label="Open in the Inspector", query_params=settings.to_query())


def say(lesson: str, anchor: str) -> None:
    """Draw one section of a lesson's words."""
    st.markdown(words.say(lesson, anchor))


def take_away(name: str, text: str) -> None:
    """Draw the one sentence to keep of a figure, below it."""
    with st.container(key=f"take-{name}"):
        st.markdown(text)


def at_once(draw: Callable[[], Made], *, key: str, page: PageSettings[Any], what: str = "The figure") -> Made | None:
    """Draw the controls and the figure they move ahead of the rest of the page.

    A change of one of these controls runs this part alone, so that the figure follows at once; if the result is another
    one, the whole page then runs again. Measured on a page with 130 elements: 300 ms to new pixels without, 136 with.

    Args:
        draw: Draws them and gives back what the rest of the page depends on.
        key: Identity of this part.
        page: Keeper of its settings; going back to its defaults is the way out where it fails.
        what: Its name; see `boundary.part`.

    Returns:
        What `draw` gave; None where it failed.
    """
    whole, last = f"{key}.whole", f"{key}.last"

    @st.fragment
    def part() -> None:
        made: Made | None = None
        with boundary.part(what, page.back(), tall=True):
            made = draw()
        if not st.session_state.pop(whole, False) and made != st.session_state.get(last):
            wait(whole)
            st.rerun()
        st.session_state[last] = made

    st.session_state[whole] = True
    part()
    made: Made | None = st.session_state[last]
    return made


def wait(key: str) -> None:
    """Let the browser draw, unless there is a newer change: reading the state ends this run in its favour."""
    until = time.monotonic() + PAUSE
    while time.monotonic() < until:
        time.sleep(A_WHILE)
        st.session_state.get(key)


def deeper(lesson: str, name: str, draw: Callable[[], object], shows: Callable[[], object] = lambda: None) -> None:
    """Draw one line of "Go deeper" as a part of its own: a fold, whose content is not computed until it is opened.

    Args:
        lesson: Its name.
        name: Of the section of its words that has the fold's title and, after a dash, what is in it.
        draw: Draws the content.
        shows: What that depends on, made anew after each change; see `parts.part`.
    """
    key = fold_key(lesson, name)
    parts.part(
        key,
        lambda: fold(lesson, name, draw),
        shows=lambda: (True, shows()) if st.session_state.get(key) else None,
        what="This part",
    )


def fold(lesson: str, name: str, draw: Callable[[], object]) -> None:
    """Draw such a fold in the part it stands in: with the figure, if it sets it, so that a change is one run."""
    title, _, content = words.say(lesson, f"deeper-{name}").partition(" — ")
    label = f"**{title}** :small[{content}]"
    with st.expander(label, on_change="rerun", key=fold_key(lesson, name), type="compact") as section:
        if section.open:
            draw()


def fold_key(lesson: str, name: str) -> str:
    """Key of a fold, under which the session knows whether it is open."""
    return f"deeper-{lesson}-{name}"


def close(lesson: str) -> None:
    """Draw what stands below a lesson of beats: a fold with check questions, the take-away, the way on."""
    deeper(lesson, "check", lambda: quiz_panel(lesson))
    with st.container(key="take-lesson"):
        st.caption("Take away")
        with st.container(key="finding-take-away"):
            st.markdown(words.say(lesson, "take-away"))
    _way_on(lesson)


def foot(lesson: str) -> None:
    """Draw what stands below every lesson: the take-away, check questions, the lessons before and after."""
    st.divider()
    st.caption("Take away")
    with st.container(key="finding-take-away"):
        st.markdown(words.say(lesson, "take-away"))
    st.page_link(CLAIMS, label="The chapter’s claims on trial", query_params={"lesson": lesson})
    st.divider()
    st.header("Check yourself", anchor=False)
    quiz_panel(lesson)
    st.divider()
    _way_on(lesson)


def _way_on(lesson: str) -> None:
    at = LESSONS.index(lesson)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="lesson-way"):
        for direction, other in (("Before", at - 1), ("Next", at + 1)):
            if 0 <= other < len(LESSONS):
                st.page_link(page(LESSONS[other]), label=f"{direction}: {words.say(LESSONS[other], 'title')}")
    with boundary.part("Your place on the path"):
        from dashboard.kit.asking import path  # the store behind it takes long to load, and the lesson is drawn by now

        path.remember(lesson)
