"""The beats of the lessons by their words alone: how many there are, and what each is called."""

from __future__ import annotations

from functools import cache

from dashboard.kit.words import sections

BEAT = "beat-"


@cache
def steps(lesson: str) -> tuple[str, ...]:
    """The titles of a lesson's beats in their order; none where it has no beats."""
    return tuple(_title(text) for anchor, text in sections(lesson).items() if anchor.startswith(BEAT))


def _title(text: str) -> str:
    return text.partition("\n")[0].removeprefix("###").strip()
