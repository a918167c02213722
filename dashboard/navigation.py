"""The pages in their groups, as the sidebar lists them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from dashboard import theme
from dashboard.lesson import LESSONS, page
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
        "Explore": (Place("app_pages/inspector.py", "Inspector", "inspector"),),
        "Practise": (
            Place("app_pages/quiz.py", "Quiz", "quiz"),
            Place("app_pages/progress.py", "Progress", "progress"),
            Place("app_pages/revision.py", "Revision sheet", "revision"),
        ),
    }
)


def stylesheet() -> str:
    """The frame's `<style>` element, with the groups' names in the sidebar."""
    return theme.stylesheet({name: len(places) for name, places in GROUPS.items()})
