"""The frame of every lesson: head, words, take-away, check questions, and the way on.

A lesson is a folder `lessons/<name>/` with its `page.py` and `words.md`, and a line in `quiz/lessons/manifest.toml`.
In the words, the frame reads `title`, `promise` (what one can do afterwards) and `take-away`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import streamlit as st

from dashboard.kit import boundary, parts, words
from dashboard.kit.asking.check import quiz_panel
from dashboard.kit.rooms import page
from quiz.lessons import LESSONS

if TYPE_CHECKING:  # the numbers behind it take long to load, and the server needs to know only which lessons there are
    from dashboard.kit.page_settings import PageSettings, Problems, S
    from dashboard.kit.run.settings import Settings

INSPECTOR = "inspector/page.py"
CLAIMS = "claims/page.py"
HANDOUT = "handout/page.py"


def start(
    page: PageSettings[S],
    folds: Mapping[str, Iterable[str]],
    *,
    alive: str,
    admit: Callable[[S], tuple[S, Problems]] | None = None,
    running: str | None = None,
) -> tuple[S, Problems]:
    """The settings as a lesson opens; a link opens the folds that it sets something of.

    Args:
        page: Keeper of the lesson's settings.
        folds: By the key of a fold, the settings whose controls stand in it.
        alive: See `PageSettings.restore`.
        admit: Likewise.
        running: Key of the fold in which runs stand; a link that names one under way opens it.

    Returns:
        The settings, and what could not be read in the link.
    """
    new = page.key("settings") not in st.session_state
    settings, problems = page.restored(alive=alive, admit=admit)
    if new:
        for fold, names in folds.items():
            if any(getattr(settings, name) != getattr(page.base, name) for name in names):
                st.session_state[fold] = True
    if new and running is not None:
        from dashboard.kit.jobs.runs import found_in_link  # most lessons have no runs, and need not wait for it

        if found_in_link():
            st.session_state[running] = True
    return settings, problems


def head(lesson: str, problems: Iterable[str] = ()) -> None:
    """Draw what stands above every lesson: its number, its title, what it promises.

    Args:
        lesson: Its name.
        problems: What could not be read in the link.
    """
    with st.container(gap=None, key="lesson-head"):
        st.caption(f"Lesson {LESSONS.index(lesson) + 1} of {len(LESSONS)}")
        st.title(words.say(lesson, "title"), anchor=False)
        with st.container(key="lesson-promise"):
            st.markdown(words.say(lesson, "promise"))
    for problem in problems:
        st.info(words.escaped(problem))


def way_into_inspector(settings: Settings) -> None:
    """Draw the link that opens the Inspector with these settings, where no figure has it."""
    st.page_link(INSPECTOR, label="Open in the Inspector", query_params=settings.to_query())


def say(lesson: str, anchor: str) -> None:
    """Draw one section of a lesson's words."""
    st.markdown(words.say(lesson, anchor))


def take_away(name: str, text: str) -> None:
    """Draw the one sentence to keep of a figure, below it."""
    with st.container(key=f"take-{name}"):
        st.markdown(text)


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
    with st.expander(
        title_of(words.say(lesson, f"deeper-{name}")), on_change="rerun", key=fold_key(lesson, name), type="compact"
    ) as section:
        if section.open:
            draw()


def title_of(line: str) -> str:
    """The label of such a fold, of a title and, after a dash, what is in it."""
    title, _, content = line.partition(" — ")
    return f"**{title}** :small[{content}]"


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


def _way_on(lesson: str) -> None:
    at = LESSONS.index(lesson)
    with st.container(horizontal=True, horizontal_alignment="distribute", key="lesson-way"):
        if at > 0:
            st.page_link(page(LESSONS[at - 1]), label=f"Before: {words.say(LESSONS[at - 1], 'title')}")
        st.page_link(HANDOUT, label="Print this lesson", query_params={"lesson": lesson})
        if at + 1 < len(LESSONS):
            st.page_link(page(LESSONS[at + 1]), label=f"Next: {words.say(LESSONS[at + 1], 'title')}")
    with boundary.part("Your place on the path"):
        from dashboard.kit.asking import path  # the store behind it takes long to load, and the lesson is drawn by now

        path.remember(lesson)
