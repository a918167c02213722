"""Predictions of the beats on gates: keys follow the numbers, and what a network does not allow is not asked."""

from __future__ import annotations

import numpy as np
import pytest

from quiz.grading.proof import problems
from quiz.lessons.gates import beats as guesses
from quiz.schema import Choice


def right(question: Choice | None) -> str:
    """The right option."""
    assert question is not None
    assert problems(question) == ()
    return next(option.text for option in question.options if option.right)


def test_the_lowest_gate_is_asked_for_where_it_is_clear() -> None:
    """The darkest field is a slip, counting from 1 another; two gates about as low are not told apart."""
    question = guesses.lowest("Krish", np.array([0.8, 0.3, 0.09, 0.97]))
    assert right(question) == "unit 2"
    assert question is not None
    replies = {option.text: option.reply for option in question.options}
    assert "counted from 0: row number 3 is unit 2, and dark is near 1" in replies["unit 3"]
    assert "Another is lower" in replies["unit 0"]
    first = guesses.lowest("Krish", np.array([0.09, 0.8, 0.97]))
    assert first is not None
    assert "dark is near 1" in next(option.reply for option in first.options if option.text == "unit 2")
    assert guesses.lowest("Krish", np.array([0.1, 0.12, 0.9])) is None


def test_units_let_go_at_the_second_name_alone() -> None:
    """Who lets go and who keeps is said; gates that are low elsewhere too make no question."""
    words = ("Krish", "likes", "pizza", "Yann", "likes", "CNN", "we", "now", "speak", "of")
    f = np.full((10, 3), 0.95)
    f[3] = [0.02, 0.97, 0.3]
    question = guesses.lets_go(words, 4, f, ("Maya",))
    assert right(question) == "“Yann”"
    assert question is not None
    assert "units 0 and 2 let go, unit 1 keeps" in question.explanation
    assert "with values there from a text that begins with Maya, it is still Yann" in question.explanation
    assert [option.text for option in question.options] == ["“Yann”", "“CNN”", "“we”", "“of”"]
    silent = guesses.lets_go(words, 4, f, ())
    assert silent is not None
    assert "decide" not in silent.explanation
    assert guesses.lets_go((*words[:2], "we", *words[3:]), 4, f, ()) is None
    f[5, 1] = 0.1
    assert guesses.lets_go(words, 4, f, ()) is None


def test_one_closed_gate_cuts_a_product() -> None:
    """Taking away and the mean are the slips; an open gate cuts nothing."""
    question = guesses.factor("Yann", 0, 0.96, 0.02)
    assert right(question) == "0.02"
    assert question is not None
    assert [option.text for option in question.options] == ["0.94", "0.49", "0.02"]
    assert guesses.factor("Yann", 0, 0.96, 0.9) is None


def test_nudging_measures_all_three_ways() -> None:
    """The first part, and the largest, are the slips; shown parts add up; where one takes away, nothing is asked."""
    question = guesses.nudge("Yann", 0, (0.96157, 0.53054, 1.26098))
    assert right(question) == "2.75"
    assert question is not None
    assert "0.96 + 0.53 + 1.26 = 2.75, more than the 1" in question.explanation
    assert guesses.nudge("Yann", 0, (0.96, -0.1, 1.26)) is None
    assert guesses.nudge("Yann", 0, (0.96, 0.53, 0.1)) is None


def test_the_largest_part_is_asked_for_where_it_is_clear() -> None:
    """The first in one network, by h later in the other; the reply says why; two alike are not asked about."""
    question = guesses.largest("warm", [1.3, 0.01, 0.06], [0.02, 0.9, 2.6], ("0.94", "0.73"), 12, ("37 %", "2 %"))
    assert right(question) == "stays in $c$ above, by $h$ later below"
    assert question is not None
    assert "meets 12 gates" in question.explanation
    assert "medians of such networks are 37 % and 2 %" in question.explanation
    assert guesses.largest("warm", [1.3, 0.05, 0.05], [1.3, 0.05, 0.05], ("0.9", "0.9"), 12, ("", "")) is None


def test_the_rule_is_asked_for_where_it_fits() -> None:
    """About 150 words at a gate of 0.993; a measure far from the rule is not asked about."""
    question = guesses.lasts(5.0, 0.9933, 146.7, None, 240)
    assert right(question) == "about 150"
    assert question is not None
    assert "over 240 by all three ways together" in question.explanation
    assert guesses.lasts(5.0, 0.9933, 90.0, None, 240) is None


@pytest.mark.parametrize(("whole", "asked"), [((0.6, 1.7), True), ((0.6, 0.1), False)])
def test_only_the_whole_grows(whole: tuple[float, float], asked: bool) -> None:
    """Where it does; f alone cannot."""
    question = guesses.grows(8, 19, whole, (0.0, -1.5))
    assert (question is not None) == asked
    if asked:
        assert right(question) == "three ways, not $f$ alone"
