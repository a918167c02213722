"""The pages in their groups, as the sidebar lists them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import streamlit as st

from dashboard import theme
from dashboard.lesson import INSPECTOR, LESSONS, page
from dashboard.revising.elements import SCREEN
from dashboard.words import say


class Place(NamedTuple):
    """A page: its file, its title, and its place in the address, "" for the first one."""

    file: str
    title: str
    path: str


GROUPS: Mapping[str, tuple[Place, ...]] = MappingProxyType(
    {
        "": (Place("app_pages/home.py", "Unrolled", ""),),
        "Learn": tuple(Place(page(name), say(name, "nav"), name) for name in LESSONS),
        "Explore": (Place(INSPECTOR, "Inspector", "inspector"),),
        "Practise": (
            Place("app_pages/quiz.py", "Quiz", "quiz"),
            Place("app_pages/progress.py", "Progress", "progress"),
            Place("app_pages/revision.py", "Revision sheet", "revision"),
        ),
    }
)

TOPICS: Mapping[str, str] = MappingProxyType(
    {name: say(name, "nav") for name in LESSONS} | {"claims": "Claims on trial", "inspector": "Inspector"}
)
"""What a question, a term or a card may belong to, by its name in the bank; the lessons as the sidebar has them."""


def way(topic: str) -> None:
    """Draw the way to a topic's page, or its name where it has none."""
    places = {place.path: place for group in GROUPS.values() for place in group}
    if topic in places:
        st.page_link(places[topic].file, label=TOPICS[topic])
    else:
        st.caption(TOPICS[topic])


def stylesheet() -> str:
    """The `<style>` element of all pages, with the groups' names in the sidebar."""
    return theme.stylesheet({name: len(places) for name, places in GROUPS.items()}, more=SCREEN)
