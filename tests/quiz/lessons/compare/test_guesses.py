"""Predictions of the comparison at any size: keys right, slips wrong with their own reply, answers as counted."""

from __future__ import annotations

import numpy as np
import pytest

from core.experiments.interval import Share
from core.sizes import by_formula
from quiz.computed.guess import variant
from quiz.grading.grade import grade, right_response
from quiz.grading.proof import problems, slip_names
from quiz.lessons.compare import guesses as compare
from quiz.schema import Choice, Count, Numeric
from quiz.slips import NAMES

SIZES = [(12, 24, 4), (1, 1, 1), (1, 2, 1), (2, 1, 64), (64, 128, 64), (3, 4, 2), (40, 7, 10)]
FAR, NEAR, OPEN = np.array([7.5]), np.array([3.5]), np.array([np.inf])


@pytest.mark.parametrize("sizes", SIZES, ids=lambda sizes: "-".join(map(str, sizes)))
def test_key_is_right_and_every_slip_wrong_with_its_own_reply(sizes: tuple[int, int, int]) -> None:
    """Whatever the sizes, the right answer is right, a slip is named, and all words hold together."""
    for question in compare.questions(*sizes, FAR, NEAR):
        assert problems(question) == ()
        assert set(slip_names(question)) <= NAMES
        assert grade(question, right_response(question)).verdict == "correct"
        wrong = (
            [(option.id, option.reply) for option in question.options if not option.right]
            if isinstance(question, Choice)
            else [(slip.answer, slip.reply) for slip in question.slips]  # type: ignore[union-attr]
        )
        assert len(wrong) >= 2
        for response, reply in wrong:
            found = grade(question, response)
            assert found.verdict == "wrong"
            assert found.mistakes == (reply,)


@pytest.mark.parametrize(("D", "H", "O"), SIZES)
def test_answers_are_the_formula(D: int, H: int, O: int) -> None:  # noqa: E741
    """The count of the layer, and the ratio of the whole models; PyTorch’s count is right too."""
    layer, ratio = compare.layer(D, H), compare.ratio(D, H, O)
    assert isinstance(layer, Count)
    assert isinstance(ratio, Numeric)
    assert layer.answer == 4 * (H * (D + H) + H)
    assert grade(layer, str(by_formula("lstm", D, H, O, biases=2).layer)).verdict == "correct"
    rnn = H * (D + H) + H
    assert ratio.answer == pytest.approx((4 * rnn + H * O + O) / (rnn + H * O + O))


def test_named_slips_are_those_of_the_sizes() -> None:
    """No bias, one block, D alone: each has its own reply at the default sizes."""
    replies = {slip.answer: slip.reply for slip in compare.layer(12, 24).slips}
    assert "forgot the four blocks" in replies["888"]
    assert "forgot the bias" in replies["3456"]
    assert "D only" in replies["1248"]


@pytest.mark.parametrize(
    ("rnn", "lstm", "right"),
    [(FAR, NEAR, "the RNN"), (NEAR, FAR, "the LSTM"), (FAR, OPEN, "the LSTM"), (FAR, 1.05 * FAR, "both as far")],
)
def test_reach_follows_the_horizons(rnn: np.ndarray, lstm: np.ndarray, right: str) -> None:
    """The longer horizon is right, and two within a tenth are alike."""
    question = compare.questions(12, 24, 4, rnn, lstm)[0]
    assert isinstance(question, Choice)
    assert next(option.text for option in question.options if option.right) == right


def test_unmeasured_horizon_is_not_asked() -> None:
    """Where there is no horizon there is no question, and other sizes are other questions."""
    made = compare.questions(12, 24, 4, np.array([np.nan]), NEAR)
    assert [question.id for question in made] == ["guess-compare-layer", "guess-compare-ratio"]
    assert variant(compare.layer(12, 24)) != variant(compare.layer(12, 25))


@pytest.mark.parametrize(("leads", "right"), [(8, "all 8"), (5, "5 to 7"), (4, "1 to 4"), (1, "1 to 4"), (0, "none")])
def test_ahead_counts_intervals_that_lie_apart(leads: int, right: str) -> None:
    """Ten of ten against two are ahead, against six not; each wrong option has a reply of its own."""
    clear, near = (compare.Side("recall", Share(hits, 10), Share(10, 10)) for hits in (2, 6))
    question = compare.ahead([clear] * leads + [near] * (8 - leads))
    assert next(option.text for option in question.options if option.right) == right
    assert problems(question) == ()
    assert len({option.reply for option in question.options}) == len(question.options)
    assert f"clearly ahead on {leads} of 8; on {8 - leads} it solves more runs" in question.explanation
