"""The pages in their groups, as the sidebar lists them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import streamlit as st

from dashboard.kit import theme
from dashboard.kit.rooms import files, page
from quiz.lessons import LESSONS, TOPICS


class Place(NamedTuple):
    """A page: its file, its title, and its place in the address, "" for the first one."""

    file: str
    title: str
    path: str


GROUPS: Mapping[str, tuple[Place, ...]] = MappingProxyType(
    {
        "": (Place("home/page.py", "Unrolled", ""),),
        "Learn": (
            *(Place(page(name), TOPICS[name], name) for name in LESSONS),
            Place("claims/page.py", TOPICS["claims"], "claims"),
        ),
        "Explore": (
            Place("inspector/page.py", "Inspector", "inspector"),
            Place("check/page.py", "Check my implementation", "check"),
            Place("bench/page.py", "Fair comparison", "bench"),
        ),
        "Practise": (
            Place("practice/page.py", "Quiz", "quiz"),
            Place("progress/page.py", "Progress", "progress"),
            Place("revision/page.py", "Revision sheet", "revision"),
        ),
    }
)

HOSTED: Mapping[str, tuple[Place, ...]] = MappingProxyType(
    {
        "Class": (Place("joining/page.py", "Join a class", "join"),),
        "Teach": (Place("classes/page.py", "Classes", "classes"),),
    }
)
"""The groups that a hosted server has as well, the last of them for teachers."""

UNLISTED = (
    Place("handout/page.py", "Handout", "handout"),
    Place("assignment/page.py", "Assignment", "assignment"),
    Place("resuming/page.py", "Coming back", "resume"),
    Place("data/page.py", "Your data", "data"),
    Place("accessibility/page.py", "Accessibility", "accessibility"),
)
"""Pages that others lead to, and the sidebar does not list."""

PLACES: Mapping[str, Place] = MappingProxyType({place.path: place for group in GROUPS.values() for place in group})
"""Every page by its place in the address."""


def groups(*, hosted: bool, teacher: bool) -> dict[str, tuple[Place, ...]]:
    """The groups that the sidebar lists."""
    return {**GROUPS, **{name: places for name, places in HOSTED.items() if hosted and (teacher or name != "Teach")}}


def unlisted(*, hosted: bool, teacher: bool) -> tuple[Place, ...]:
    """The pages that are there and not listed; what is for others says so itself."""
    listed = groups(hosted=hosted, teacher=teacher)
    return UNLISTED + tuple(place for name, places in HOSTED.items() if name not in listed for place in places)


def way(topic: str) -> None:
    """Draw the way to a topic's page, or its name where it has none."""
    if topic in PLACES:
        st.page_link(PLACES[topic].file, label=TOPICS[topic])
    else:
        st.caption(TOPICS[topic])


def stylesheet() -> str:
    """The `<style>` element of all pages, with the groups' names in the sidebar and each room's `style.css`."""
    more = "".join(path.read_text(encoding="utf-8") for path in files("style.css").values())
    return theme.stylesheet({name: len(places) for name, places in {**GROUPS, **HOSTED}.items()}, more)
