"""An open answer's text alone: its verdict stands for the answer, is not counted, and never touches the score."""

from __future__ import annotations

import pytest
from support import written

from quiz.grading.grade import grade, judge_text, judge_written, right_response, text_fields
from quiz.grading.text.grader import Found, TextGrade


@pytest.mark.parametrize("verdict", ["correct", "partial", "wrong"])
def test_text_alone_gets_the_verdict_on_the_text(verdict: str) -> None:
    """Without a check the text decides, its verdict is kept as none, and it scores nothing."""
    about, text, said = written(verdict)
    found = grade(about, {"text": text})
    assert (found.verdict, found.counted, found.score) == (verdict, "undecided", 0.0)
    assert found.text == said
    assert not any(point.met for point in found.points)


def test_text_alone_is_answered_with_the_replies_to_its_misconceptions() -> None:
    """What it states wrongly stands among the mistakes, in the bank's words."""
    about, text, said = written("wrong", slip=True)
    replies = {wrong.id: wrong.reply for wrong in about.misconceptions}
    assert grade(about, {"text": text}).mistakes == tuple(replies[wrong.id] for wrong in said.misconceptions)


def test_checks_decide_whatever_the_text_says() -> None:
    """With a check answered neither verdict, score nor mistakes depend on the text."""
    about, text, _ = written("wrong", slip=True)
    right = right_response(about)
    assert isinstance(right, dict)
    found = grade(about, right | {"text": text})
    assert (found.verdict, found.counted, found.score, found.mistakes) == ("correct", "correct", 1.0, ())
    assert found.text is None


def test_text_is_judged_as_it_was_typed() -> None:
    """Its lines stay apart for the grader, and the reading is one line all the same."""
    about, _, _ = written("correct")
    text = "Not this\nmultiplies the state"
    assert grade(about, {"text": text}).text == judge_text(about, text)
    assert grade(about, {"text": text}).read_as == "Not this multiplies the state"


def test_nothing_written_has_no_verdict() -> None:
    """An empty text is none; an attempt then keeps neither verdict nor points of it."""
    assert judge_written(written("correct")[0], " \n") is None
    assert text_fields(None) == {}


def test_points_are_kept_only_with_a_verdict() -> None:
    """What was found without one stands behind nothing."""
    found = Found("p1", "words", 0.9)
    assert text_fields(TextGrade("partial", "partial", 0.8, (found,)))["suggested"] == ("p1",)
    kept = text_fields(TextGrade("undecided", "partial", 0.4, (found,)))
    assert kept == {"text_verdict": "undecided", "suggested": ()}
