"""A lesson as it stands on paper: its beats on its own network, or a text of its own; questions without answers.

A lesson without beats has a `handout.py` in its folder, with `text` (Markdown) and `question`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import import_module, util
from types import MappingProxyType
from typing import Any

from dashboard.kit.beats import Beat, told
from dashboard.kit.network.compute import SMALL, small, with_readout
from quiz.lessons import LESSONS, folder
from quiz.schema import Choice

OWN: Mapping[str, tuple[Any, ...]] = MappingProxyType(
    {
        "forward": (small(SMALL),),
        "bptt": (small(with_readout(replace(SMALL, readout="every"))),),
        "lstm-cell": ("Krish", "Yann"),
    }
)
"""What the beats of a lesson are made from: what it opens with. Those of the others are made from nothing."""


@dataclass(frozen=True)
class Printed:
    """A beat on paper.

    Attributes:
        title: Its title; "" for a text of its own.
        words: Its words, as Markdown.
        question: What it asks; None for nothing.
    """

    title: str
    words: str
    question: Choice | None


@lru_cache(maxsize=len(LESSONS))
def printed(lesson: str) -> tuple[Printed, ...]:
    """The beats of a lesson, or its one text; nothing of one that has neither."""
    room = f"dashboard.lessons.{folder(lesson)}"
    if util.find_spec(f"{room}.beats") is not None:
        found: tuple[Beat, ...] = import_module(f"{room}.beats").beats(*OWN.get(lesson, ()))
        return tuple(Printed(*told(lesson, beat.name), beat.question) for beat in found)
    if util.find_spec(f"{room}.handout") is not None:
        own = import_module(f"{room}.handout")
        return (Printed("", own.text(), own.question()),)
    return ()
