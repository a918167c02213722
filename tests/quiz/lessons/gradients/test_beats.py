"""Predictions on what the lesson's sliders build: keys follow the numbers, slips are named where they can be told."""

from __future__ import annotations

import numpy as np
import pytest

from core.overflow import Descent, Place, Quantity, Update
from quiz.grading.proof import problems
from quiz.lessons.gradients import beats as guesses
from quiz.schema import Choice

LINE = (np.linspace(-8, 0, 51)).tolist()


def right(question: Choice | None) -> str:
    """The right option."""
    assert question is not None
    assert problems(question) == ()
    return next(option.text for option in question.options if option.right)


def broken(quantity: Quantity) -> Descent:
    """A run that breaks at one of its numbers."""
    updates = tuple(Update(k, 1.0, 1.0, 1.0) for k in range(5))
    return Descent(updates, Place(quantity, 37, 1, "overflow", 1.0), None)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_no_slope_lengthens(activation: str) -> None:
    """Of none of the three activations."""
    assert right(guesses.longer(activation, np.linspace(-3, 3, 20))) == "never"


def test_equal_factors_are_multiplied() -> None:
    """Ten steps to the fifth, not divided by five, not W_h alone, not 0.25."""
    question = guesses.walked(LINE, 0.8)
    assert right(question) == "$10^{-8}$"
    assert question is not None
    assert [option.text for option in question.options] == ["$10^{-2}$", "$10^{-5}$", "$10^{-8}$", "$10^{-30}$"]
    assert "divided by 5" in question.options[0].reply
    assert "to the power 5" in question.explanation
    assert r"$0.025$ to the power 5 is about $9.8 \cdot 10^{-9}$; measured: $10^{-8}$" in question.options[2].reply


def test_slips_that_come_to_the_same_are_not_told_apart() -> None:
    """Where hardly anything is lost, nothing is asked; a slip that is right is no option."""
    assert guesses.walked((np.linspace(-0.5, 0, 51)).tolist(), 1.0) is None
    assert right(guesses.walked((np.linspace(-30, 0, 51)).tolist(), 0.8)) == "$10^{-30}$"


def test_the_activation_that_never_keeps() -> None:
    """The one without a setting; with two such, or none, nothing is asked."""
    kept = {"sigmoid": [], "tanh": [(1.2, 0.3)], "relu": [(1.75, 0.1)]}
    best = {"sigmoid": -11.0, "tanh": 0.0, "relu": 0.0}
    assert right(guesses.never(kept, best, 234, 3.0, 0.4)) == "the sigmoid"
    asked = guesses.never(kept, best, 234, 3.0, 0.4)
    assert asked is not None
    assert "× 0.85 a step" in asked.explanation
    assert guesses.never(kept | {"tanh": []}, best, 234, 3.0, 0.4) is None
    assert guesses.never(kept | {"sigmoid": [(1.0, 1.0)]}, best, 234, 3.0, 0.4) is None


@pytest.mark.parametrize(
    ("before", "after", "answer"), [(-9, -5, "not all the way"), (-9, 0.5, "yes"), (-5, -9, "it falls more")]
)
def test_a_larger_radius_may_or_may_not_make_up_for_it(before: float, after: float, answer: str) -> None:
    """The answer is read off the line."""
    assert right(guesses.lifted(before, after, 3.0, 2.0)) == answer


def test_the_part_that_pulls_down() -> None:
    """The slopes, where W_h lengthens and the product shrinks; otherwise nothing is asked."""
    assert right(guesses.pulls(0.45, 1.5)) == "the slopes"
    assert guesses.pulls(0.9, 1.5) is None
    assert guesses.pulls(0.9, 0.8) is None


@pytest.mark.parametrize(("quantity", "answer"), [("a", "a state"), ("L", "the loss"), ("g", "a gradient")])
def test_what_overflows_first(quantity: Quantity, answer: str) -> None:
    """Told from the run."""
    assert right(guesses.first(broken(quantity))) == answer


def test_a_run_that_does_not_break_is_not_asked_about() -> None:
    """Without an infinity there is nothing to predict."""
    assert guesses.first(Descent(broken("a").updates, None, None)) is None


@pytest.mark.parametrize(("after", "answer"), [(0.2, "higher"), (0.01, "lower")])
def test_where_a_clipped_step_lands(after: float, answer: str) -> None:
    """Read off the curve; a loss that hardly moves is not asked about."""
    assert right(guesses.lands(0.13, after, 20.0, 0.01)) == answer
    assert guesses.lands(0.13, 0.1301, 20.0, 0.01) is None
