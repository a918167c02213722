"""What all beats have in common: their words are short, and their questions sound and not answered beside them."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from core import zoo
from dashboard.kit.beats import MOST_WORDS, Beat, described, told
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL
from dashboard.lessons.bptt import beats as bptt
from dashboard.lessons.bptt.compute import with_losses
from dashboard.lessons.forward import beats as forward
from dashboard.lessons.gates import beats as gates
from dashboard.lessons.gradients import beats as gradients
from dashboard.lessons.lstm_cell import beats as lstm_cell
from dashboard.lessons.memory import beats as memory
from quiz.grading.grade import grade, right_response
from quiz.grading.proof import problems
from quiz.lessons import LESSONS

MADE: dict[str, tuple[Beat, ...]] = {
    "forward": forward.beats(network.small(SMALL)),
    "bptt": bptt.beats(network.small(with_losses(SMALL, "every"))),
    "gradients": gradients.beats(),
    "memory": memory.beats(),
    "lstm-cell": lstm_cell.beats(*zoo.PAIRS[0]),
    "gates": gates.beats(),
}
EVERY = pytest.mark.parametrize(
    ("lesson", "beat"),
    [pytest.param(name, beat, id=f"{name}-{beat.name}") for name, made in MADE.items() for beat in made],
)

EACH = pytest.mark.parametrize(
    "beat", [pytest.param(beat, id=f"{name}-{beat.name}") for name, made in MADE.items() for beat in made]
)
SAME_SLIP = {("lstm-cell", "remember"), ("lstm-cell", "hold")}
"""Questions for a name of four, where two wrong names come from one slip."""


def text(runs: Any) -> str:
    """Rich text as one line."""
    return "".join(run if isinstance(run, str) else str(next(iter(run.values()))) for run in runs)


def test_every_lesson_of_beats_is_looked_at() -> None:
    """All but the last lesson, which is a table, are made of beats."""
    assert list(MADE) == list(LESSONS[:-1])


@EVERY
def test_a_beat_is_short_and_asks_one_sound_question(lesson: str, beat: Beat) -> None:
    """At most `MOST_WORDS` words; the right answer is right, and each wrong one has a reply of its own."""
    title, words = told(lesson, beat.name)
    assert title
    assert len(words.split()) <= MOST_WORDS
    assert "*" not in words.replace("**", "")  # the figure has bold words, and none in italics
    if (question := beat.question) is None:
        assert (lesson, beat.name) == ("forward", "names")  # it names what is on the screen
        return
    assert problems(question) == ()
    assert grade(question, right_response(question)).verdict == "correct"
    replies = [option.reply for option in question.options]
    assert all(replies)
    assert len(set(replies)) == len(replies) - ((lesson, beat.name) in SAME_SLIP)
    json.dumps(described(lesson, [beat]), allow_nan=False)


@EACH
def test_the_open_question_is_not_answered_beside_it(beat: Beat) -> None:
    """The sentence that stands before the answer does not hold the right option's words."""
    if beat.question is None:
        return
    answer = next(option.text for option in beat.question.options if option.right).replace("$", "")
    answer = answer.removeprefix("about ").replace("-", "\N{MINUS SIGN}")
    before = text(beat.before).replace("$", "").replace("-", "\N{MINUS SIGN}")
    assert not re.search(rf"(?<![\w.]){re.escape(answer)}(?![\w.])", before)


@EACH
def test_no_formula_is_bold(beat: Beat) -> None:
    """A formula in bold words would stand as it is typed."""
    for run in (*beat.said, *beat.before):
        assert not (isinstance(run, dict) and "$" in str(run.get("strong", "")))
