"""Where things lie: each lesson, page and part of the kit has a folder, with the same names of files in all."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from quiz.lessons import folder, topic

DASHBOARD = Path(__file__).resolve().parents[1]
PLACES = ("lessons/*", "*", "kit/*")


@cache
def files(name: str) -> Mapping[str, Path]:
    """Every file of that name, such as "words.md", by the room it belongs to: "lstm-cell", "inspector"."""
    found = (path for place in PLACES for path in sorted(DASHBOARD.glob(f"{place}/{name}")))
    return MappingProxyType({topic(path.parent.name): path for path in found})


def shown(path: Path) -> str:
    """A file as messages name it."""
    return path.relative_to(DASHBOARD).as_posix()


def page(lesson: str) -> str:
    """The file of a lesson's page, as the navigation knows it."""
    return f"lessons/{folder(lesson)}/page.py"
