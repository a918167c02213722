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

from dashboard.figure.rich import Rich, Run
from dashboard.kit.beats import Beat, told
from dashboard.kit.network.compute import SMALL, small, with_readout
from dashboard.kit.words import escaped
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
        shown: The sentence below its drawing, which says the drawing's state and gives no answer away; Markdown.
        question: What it asks; None for nothing.
    """

    title: str
    words: str
    shown: str
    question: Choice | None


@lru_cache(maxsize=len(LESSONS))
def printed(lesson: str) -> tuple[Printed, ...]:
    """The beats of a lesson, or its one text; nothing of one that has neither."""
    room = f"dashboard.lessons.{folder(lesson)}"
    if util.find_spec(f"{room}.beats") is not None:
        found: tuple[Beat, ...] = import_module(f"{room}.beats").beats(*OWN.get(lesson, ()))
        return tuple(
            Printed(
                *told(lesson, beat.name), markdown(beat.said if beat.question is None else beat.before), beat.question
            )
            for beat in found
        )
    if util.find_spec(f"{room}.handout") is not None:
        own = import_module(f"{room}.handout")
        return (Printed("", own.text(), "", own.question()),)
    return ()


def markdown(rich: Rich) -> str:
    """A sentence of a figure as Markdown: words, bold words and formulas; links into the figure are their words."""

    def of(run: Run) -> str:
        if isinstance(run, str):
            return escaped(run)
        values: Mapping[str, Any] = run
        if "math" in values:
            return f"${values['math']}$"
        text = escaped(str(values.get("strong") or values.get("says") or values.get("token") or ""))
        return f"**{text}**" if "strong" in values else text

    return "".join(map(of, rich)).replace("****", "")
