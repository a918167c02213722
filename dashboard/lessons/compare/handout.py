"""Lesson 7 on paper: the chapter's table with what was measured, verdicts left to the reader, and the question."""

from __future__ import annotations

from dashboard.kit.words import say
from dashboard.lessons.compare import compute, table_view, view
from dashboard.lessons.compare.settings import CompareSettings
from quiz.lessons.compare import guesses
from quiz.schema import Choice

HEADS = ("", "The chapter: RNN", "LSTM", "Measured: RNN", "LSTM", "Your verdict")


def text() -> str:
    """The words and the table, from a plain start and forget bias 1, as Markdown."""
    settings = CompareSettings()
    found = table_view.measured(settings, compute.reference(settings), here=False)
    rows = [HEADS, ("---",) * len(HEADS)]
    rows += [(f"**{row.name}**", *row.claims, *row.measured, "") for row in table_view.aspects(found)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"{say('compare', 'idea')}\n\n{say('compare', 'handout')}\n\n{table}\n\n{say('compare', 'choose')}"


def question() -> Choice:
    """What the lesson asks."""
    return guesses.ahead(view.sides(compute.best_against_best()))
