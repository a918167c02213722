"""The bank's keywords in an answer: what the grader is measured against. They mark nothing and judge nothing."""

from __future__ import annotations

import re

from quiz.grading.text.reading import LONGEST
from quiz.schema import Open


def suggest(question: Open, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which key points and misconceptions a text seems to hold by its words.

    A sign is found where it begins a word, whatever the case and the spaces between its words.

    Returns:
        Ids of points and ids of misconceptions, in the question's order.
    """
    line = _words(text[:LONGEST])
    return (
        tuple(point.id for point in question.points if any(_words(sign) in line for sign in point.signs)),
        tuple(wrong.id for wrong in question.misconceptions if any(_words(sign) in line for sign in wrong.signs)),
    )


def _words(text: str) -> str:
    """Words parted and led by one space, so that a sign is found at the beginning of a word only."""
    return " " + " ".join(re.findall(r"[\w₋₀-₉+×*=<>^/-]+", text.casefold()))
