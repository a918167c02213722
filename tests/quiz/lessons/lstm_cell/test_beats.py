"""What the beats of the lesson ask: right by arithmetic, whatever the step."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pytest

from quiz.grading.proof import problems
from quiz.lessons.lstm_cell import beats
from quiz.lessons.lstm_cell.beats import Step
from quiz.schema import Choice

NAMES = ("Krish", "Yann", "Maya", "Lena")
WORDS = ("a", "b", "c", "d", "e")


def step(seed: int) -> Step:
    """One drawn step of one unit."""
    rng = np.random.default_rng(seed)
    f, i, o = (float(v) for v in rng.uniform(0, 1, 3))
    g, old = float(rng.uniform(-1, 1)), float(rng.uniform(-4, 4))
    new = f * old + i * g
    return Step("b", 2, f, i, g, o, old, new, math.tanh(new), o * math.tanh(new))


def right(question: Choice) -> str:
    """The right option."""
    (found,) = (option.text for option in question.options if option.right)
    return found


@pytest.mark.parametrize("seed", range(40))
def test_what_is_left_and_what_is_held_are_computed(seed: int) -> None:
    """F times c, and that plus i times g; options differ as they are written, and questions hold together."""
    at = step(seed)
    for question, answer in ((beats.left(at), at.f * at.old), (beats.holds(at), at.f * at.old + at.i * at.g)):
        if question is None:
            continue
        assert problems(question) == ()
        assert right(question) == f"${beats.two(answer)}$"
        assert len({option.text for option in question.options}) == len(question.options)


@pytest.mark.parametrize("seed", range(40))
def test_a_sum_adds_up_as_it_is_written(seed: int) -> None:
    """With as many decimals as that takes, at least two; where it takes more, its two decimals stand beside it."""
    a, b = (float(v) for v in np.random.default_rng(seed).uniform(-3, 3, 2))
    left, more, total = beats.sums(a, b)
    assert Decimal(left) + Decimal(more) == Decimal(total)
    assert {len(text.split(".")[1]) for text in (left, more)} == {len(total.split(".")[1])}
    assert beats.two(a + b) in beats.about(total, a + b)


def test_a_sum_takes_no_more_decimals_than_it_needs() -> None:
    """Two where they do, three where two would not add up."""
    assert beats.sums(-2.371, 0.662) == ("-2.37", "0.66", "-1.71")
    assert beats.sums(-0.048, 0.664) == ("-0.048", "0.664", "0.616")


@pytest.mark.parametrize("seed", range(40))
def test_what_is_shown_is_a_share_of_tanh(seed: int) -> None:
    """What the unit shows is right, not what it holds; nothing is asked where little is hidden."""
    at = step(seed)
    question = beats.hides(at, 4)
    if abs(at.tanh) - abs(at.h) < beats.HIDDEN:
        assert question is None
    if question is not None:
        assert problems(question) == ()
        assert right(question) == f"${beats.two(at.h)}$"
        assert f"still holds ${beats.two(at.new)}$" in question.explanation
        assert "word 4" in question.prompt


@pytest.mark.parametrize("answer", NAMES)
def test_whom_it_names_has_a_reply_for_every_name(answer: str) -> None:
    """Whoever the run names is right; whoever it does not has a slip's reply."""
    for question in (
        beats.named(NAMES, "Krish", "Yann", answer, 0.97),
        beats.held(NAMES, "Krish", "Yann", "Yann", (answer, 0.97), step(1)),
    ):
        assert problems(question) == ()
        assert right(question) == answer
        assert "0.97" in next(option.reply for option in question.options if option.right)


def test_the_largest_change_is_named_by_its_word() -> None:
    """The step with the largest difference; two as large leave nothing to ask."""
    question = beats.most_changed(WORDS, np.array([0.0, 0.5, 0.6, -1.0, -1.2, -1.3]), 0, 2, lets_go=True)
    assert question is not None
    assert right(question) == "“c”, word 3"
    assert "new name" not in question.explanation
    named = beats.most_changed(WORDS, np.array([0.0, -0.5, 2.0, 2.1, 2.2, 2.3]), 0, 2, lets_go=True)
    assert named is not None
    assert "“b” is a new name: unit 0 lets go" in named.explanation
    assert beats.most_changed(WORDS, np.array([0.0, 1.0, 2.0, 2.0, 2.0, 2.0]), 0, 2, lets_go=True) is None


@pytest.mark.parametrize(("c", "answer"), [((0, 1, 2, 1.5, 3, 4), "at some words"), ((0, 1, 2, 3, 4, 5), "never")])
def test_nearer_to_zero_is_read_off_the_run(c: tuple[float, ...], answer: str) -> None:
    """Some step makes the value smaller, or none does."""
    question = beats.nearer(WORDS, np.array(c), 1)
    assert problems(question) == ()
    assert right(question) == answer
