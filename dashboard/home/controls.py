"""The parts of Home: three ways in, the figure, and the path through the lessons with what was done."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer
from streamlit.delta_generator import DeltaGenerator

from dashboard.home import pair, tour
from dashboard.kit.lesson import HANDOUT, INSPECTOR
from dashboard.kit.rooms import page
from dashboard.kit.run.settings import Settings
from dashboard.kit.words import say, sections
from quiz.lessons import LESSONS, TOPICS

QUIZ = "practice/page.py"
HERE = Path(__file__).parent
EXAMPLES: Mapping[str, Settings] = MappingProxyType(
    {
        "context": Settings(text="Krish likes to eat pizza. Yann LeCun likes CNN."),
        "forget": Settings(forget_bias=3.0),
        "recall": Settings(source="task", task="recall"),
    }
)
OF_A_VISIT = frozenset(("tour", "run"))
"""Of a lesson's address: what belonged to that visit, and is not gone on with."""


@dataclass(frozen=True)
class Place:
    """Where a learner is.

    Attributes:
        last: The lesson that was open last, or None.
        query: What its address asked for.
        next: The lesson to go on with: the last one, or where its last beat was reached one that was not opened.
        opened: All lessons that were opened.
        answered: For each lesson how many of its questions were answered, and how many there are.
        due: Questions to be asked again today.
    """

    last: str | None = None
    query: dict[str, str] = field(default_factory=dict)
    next: str = LESSONS[0]
    opened: frozenset[str] = frozenset()
    answered: dict[str, tuple[int, int]] = field(default_factory=dict)
    due: int = 0


def place() -> Place:
    """What the store and the session know of the learner; nothing where the store can't be used."""
    from dashboard.kit.asking import keep, path
    from dashboard.kit.people.who import now
    from quiz.errors import StoreError
    from quiz.practice.schedule import due

    try:
        stops = path.stops(LESSONS)
        answered = {name: path.answered(name) for name in LESSONS}
        waiting = len(due(keep.cards(), keep.local(now())))
    except StoreError:
        return Place()
    if not stops:
        return Place(answered=answered, due=waiting)
    query = {name: value for name, value in stops[0].query.items() if name not in OF_A_VISIT}
    opened = frozenset(stop.lesson for stop in stops)
    return Place(stops[0].lesson, query, following(stops[0].lesson, stops[0].beat, opened), opened, answered, waiting)


def following(last: str, beat: int, opened: frozenset[str]) -> str:
    """The lesson to go on with: the last one, or where its last beat was reached the next that was not opened."""
    if beat < sum(name.startswith("beat-") for name in sections(last)):
        return last
    at = LESSONS.index(last)
    return next((name for name in LESSONS[at:] + LESSONS[:at] if name not in opened), last)


def ways() -> tuple[DeltaGenerator, DeltaGenerator]:
    """Draw the three ways in: learn, inspect, practise.

    Returns:
        Where the ways into the lessons and into practice go, once it is known where they lead.
    """
    found = []
    with st.container(key="home-ways"):
        for column, name in zip(st.columns(3, gap="medium"), ("learn", "inspect", "practise"), strict=True):
            with column, st.container(key=f"home-way-{name}", gap="xxsmall"):
                st.header(say("home", f"{name}-title"), anchor=False)
                st.markdown(say("home", name))
                found.append(st.container(key=f"home-to-{name}"))
    learn, inspect, practise = found
    with inspect:
        if st.button("Open the Inspector", key="home.open"):
            st.switch_page(INSPECTOR)
    return learn, practise


def way_on(now: Place) -> None:
    """Draw the button into the lessons: to where the learner stopped, or to the first."""
    label = f"Go on: {TOPICS[now.next]}" if now.last else "Start with lesson 1"
    if st.button(label, type="primary", key="home.learn"):
        st.switch_page(page(now.next), query_params=now.query if now.next == now.last else {})


def way_to_practice(now: Place) -> None:
    """Draw the button into the quiz: to what is due, or to its first page."""
    if st.button(f"{now.due} due today" if now.due else "Go to the quiz", key="home.quiz"):
        st.switch_page(QUIZ, query_params={"mode": "review"} if now.due else {})


@st.cache_resource
def _renderer() -> ComponentRenderer:
    """The figure as a component with all its numbers, registered once.

    Home does without the large figure and without a component's `data`, for which Streamlit loads pandas: both take
    longer to load than the rest of the page.
    """
    js, css = ((HERE / f"pair.{kind}").read_text(encoding="utf-8") for kind in ("js", "css"))
    data = html.escape(json.dumps(pair.data(), separators=(",", ":")))
    return st.components.v2.component("home_pair", html=f'<div hidden data-pair="{data}"></div>', js=js, css=css)


def figure() -> None:
    """Draw the two networks and the text they read; on the tour as it opens, whatever was pressed before."""
    _renderer()(key="home.pair" if tour.here("") is None else "home.tour")


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
    words += [f"{seen} of {total} quiz questions answered"] if total else []
    return " · ".join(words)


def handouts() -> None:
    """Draw the way to each lesson's page to print."""
    with st.container(horizontal=True, key="home-handouts"):
        for name in LESSONS:
            st.page_link(HANDOUT, label=TOPICS[name], query_params={"lesson": name})
