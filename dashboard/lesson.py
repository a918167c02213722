"""The frame of every lesson: head, words, take-away, check questions, and the way on.

A lesson is a page `app_pages/<name>.py`, its words `lessons/<name>.md` and its name in `LESSONS`. In the words, the
frame reads `title`, `nav` (the title in the navigation), `promise` (what one can do afterwards) and `take-away`.
"""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from dashboard import words
from dashboard.asking.check import quiz_panel
from dashboard.settings import Settings

LESSONS: tuple[str, ...] = ("forward", "bptt", "gradients", "memory")
"""In the order in which they are read."""

INSPECTOR = "app_pages/inspector.py"


def page(lesson: str) -> str:
    """The file of a lesson's page, as the navigation knows it."""
    return f"app_pages/{lesson}.py"


def head(lesson: str, settings: Settings | None, problems: Iterable[str] = ()) -> None:
    """Draw what stands above every lesson: its number, its title, what it promises.

    Args:
        lesson: One of `LESSONS`.
        settings: What the Inspector is set to when it is opened from here; None where the page can't tell.
        problems: What could not be read in the link.
    """
    with st.container(horizontal=True, horizontal_alignment="distribute", key="lesson-line"):
        st.caption(f"Lesson {LESSONS.index(lesson) + 1} of {len(LESSONS)}")
        if settings is not None:
            st.page_link(INSPECTOR, label="Open in the Inspector", query_params=settings.to_query())
    st.title(words.say(lesson, "title"), anchor=False)
    with st.container(key="lesson-promise"):
        st.markdown(words.say(lesson, "promise"))
    for problem in problems:
        st.info(words.escaped(problem))


def say(lesson: str, anchor: str) -> None:
    """Draw one section of a lesson's words."""
    st.markdown(words.say(lesson, anchor))


def foot(lesson: str) -> None:
    """Draw what stands below every lesson: the take-away, check questions, the lessons before and after."""
    st.divider()
    st.caption("Take away")
    with st.container(key="finding-take-away"):
        st.markdown(words.say(lesson, "take-away"))
    st.divider()
    st.header("Check yourself", anchor=False)
    quiz_panel(lesson)
    at = LESSONS.index(lesson)
    st.divider()
    with st.container(horizontal=True, horizontal_alignment="distribute", key="lesson-way"):
        for direction, other in (("Before", at - 1), ("Next", at + 1)):
            if 0 <= other < len(LESSONS):
                st.page_link(page(LESSONS[other]), label=f"{direction}: {words.say(LESSONS[other], 'title')}")
