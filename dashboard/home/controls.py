"""The parts of Home that know the learner: three ways in, the path through the lessons, and the tour."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.kit.boundary import caught
from dashboard.kit.lesson import INSPECTOR
from dashboard.kit.navigation import PLACES
from dashboard.kit.rooms import page
from dashboard.kit.words import say
from quiz.lessons import LESSONS, TOPICS

QUIZ = "practice/page.py"
TOUR: tuple[tuple[str, dict[str, str]], ...] = (
    ("forward", {"t": "3"}),
    ("bptt", {"t": "6"}),
    ("gradients", {}),
    ("inspector", {}),
    ("quiz", {}),
)
"""Where each stop of the tour leads, and with which settings; its words are in words.md."""
AT = "home.tour"


@dataclass(frozen=True)
class Place:
    """Where a learner is.

    Attributes:
        last: The lesson that was open last, or None.
        query: What its address asked for.
        opened: All lessons that were opened.
        answered: For each lesson how many of its questions were answered, and how many there are.
    """

    last: str | None = None
    query: dict[str, str] = field(default_factory=dict)
    opened: frozenset[str] = frozenset()
    answered: dict[str, tuple[int, int]] = field(default_factory=dict)


def place() -> Place:
    """What the store and the session know of the learner; nothing where the store can't be used."""
    from dashboard.kit.asking import path
    from quiz.errors import StoreError

    try:
        stops = path.stops(LESSONS)
        answered = {name: path.answered(name) for name in LESSONS}
    except StoreError:
        return Place()
    if not stops:
        return Place(answered=answered)
    return Place(stops[0].lesson, stops[0].query, frozenset(stop.lesson for stop in stops), answered)


def ways() -> DeltaGenerator:
    """Draw the three ways in: learn, inspect, practise.

    Returns:
        Where the way into the lessons goes, once it is known.
    """
    learn, inspect, practise = st.columns(3, gap="large")
    with learn:
        st.header(say("home", "learn-title"), anchor=False)
        st.markdown(say("home", "learn"))
    with inspect:
        st.header(say("home", "inspect-title"), anchor=False)
        st.markdown(say("home", "inspect"))
        if st.button("Open the Inspector", key="home.open"):
            st.switch_page(INSPECTOR)
    with practise:
        st.header(say("home", "practise-title"), anchor=False)
        st.markdown(say("home", "practise"))
        if st.button("Go to the quiz", key="home.quiz"):
            st.switch_page(QUIZ)
    return learn


def way_on(now: Place) -> None:
    """Draw the button into the lessons: to where the learner stopped, or to the first."""
    first = now.last or LESSONS[0]
    label = f"Go on: {TOPICS[first]}" if now.last else "Start with lesson 1"
    if st.button(label, type="primary", key="home.learn"):
        st.switch_page(page(first), query_params=now.query)


def path() -> dict[str, DeltaGenerator]:
    """Draw the lessons in their order.

    Returns:
        For each lesson where goes what was done in it.
    """
    st.header(say("home", "path-title"), anchor=False)
    rows = {}
    for number, name in enumerate(LESSONS, 1):
        rows[name] = st.container(horizontal=True, vertical_alignment="center", key=f"home-step-{name}")
        with rows[name]:
            st.caption(f"{number}")
            st.page_link(page(name), label=say(name, "title"))
    return rows


def done(now: Place, name: str) -> str:
    """What was done in a lesson, in words."""
    seen, total = now.answered.get(name, (0, 0))
    words = ["✓ opened"] if name in now.opened else ["not opened yet"]
    words += [f"{seen} of {total} questions answered"] if total else []
    return " · ".join(words)


def tour() -> None:
    """Draw the tour: offered, under way, or put away."""
    at = st.session_state.get(AT)
    if at is None:
        with st.container(horizontal=True, vertical_alignment="center", key="home-offer"):
            st.button(
                say("home", "tour-offer"), type="tertiary", key="home.tour-start", on_click=caught(_go), args=(0,)
            )
        return
    with st.container(key="home-tour"):
        stop, query = TOUR[at]
        st.caption(f"Tour, stop {at + 1} of {len(TOUR)}")
        st.markdown(say("home", f"tour-{stop}"))
        st.page_link(PLACES[stop].file, label=say("home", "tour-see"), query_params=query)
        with st.container(horizontal=True):
            st.button("Back", key="home.tour-back", on_click=caught(_go), args=(at - 1,), disabled=at == 0)
            if at + 1 < len(TOUR):
                st.button("Next stop", key="home.tour-next", on_click=caught(_go), args=(at + 1,))
            st.button("End the tour" if at + 1 == len(TOUR) else "Skip the rest", type="tertiary", key="home.tour-end",
                      on_click=caught(_go), args=(None,))  # fmt: skip


def _go(at: int | None) -> None:
    st.session_state[AT] = at
