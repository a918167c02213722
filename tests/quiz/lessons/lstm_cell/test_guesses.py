"""Predictions on an LSTM's step: keys right, slips wrong with their own reply."""

from __future__ import annotations

import numpy as np
import pytest

from core import lstm
from core.lstm import LSTMParams, LSTMTrace
from core.override import Override, forward_with
from quiz.grading.grade import grade, right_response
from quiz.grading.proof import problems, slip_names
from quiz.lessons.lstm_cell import guesses as lstm_cell
from quiz.schema import Numeric
from quiz.slips import NAMES


def sample(seed: int) -> tuple[LSTMParams, LSTMTrace]:
    """A fresh LSTM of drawn sizes on drawn inputs."""
    rng = np.random.default_rng(seed)
    T, D, H = (int(rng.integers(1, top, endpoint=True)) for top in (8, 4, 4))
    params = lstm.init(D, H, rng=rng, forget_bias=float(rng.integers(-1, 4)), gain=1.5)
    return params, lstm.forward(params, rng.standard_normal((T, 1, D)))


@pytest.mark.parametrize("seed", range(60))
def test_answers_are_those_of_the_cell(seed: int) -> None:
    """Each answer is the run's own number, graded right; each slip is graded wrong and told by its reply."""
    params, trace = sample(seed)
    t, k = lstm_cell.chosen(trace)
    without = forward_with(params, trace.x, [Override("f", 0.0, t, t)])
    expected = {"cell": trace.c[t, 0, k], "forgotten": without.h[t, 0, k], "hidden": trace.h[t, 0, k]}
    for question in lstm_cell.questions(params, trace):
        assert isinstance(question, Numeric)
        assert question.answer == pytest.approx(expected[question.id.rpartition("-")[2]], abs=1e-11)
        assert grade(question, right_response(question)).verdict == "correct"
        for slip in question.slips:
            found = grade(question, slip.answer)
            assert found.verdict == "wrong"
            assert found.mistakes == (slip.reply,)
        assert problems(question) == ()
        assert set(slip_names(question)) <= NAMES


def test_swapped_gates_and_missing_tanh_are_among_the_slips() -> None:
    """On most networks the chapter's slips can be told apart."""
    told = [" ".join(s.reply for q in lstm_cell.questions(*sample(seed)) for s in q.slips) for seed in range(60)]
    for words in ("swapped the gates", "left tanh out", "added the output gate", "emptied the cell"):
        assert sum(words in each for each in told) > 20


def test_a_batch_is_refused() -> None:
    """Predictions are about one sequence."""
    params, trace = sample(0)
    many = lstm.forward(params, np.repeat(trace.x, 2, axis=1))
    with pytest.raises(ValueError, match="expected one sequence"):
        lstm_cell.questions(params, many)


def test_a_first_word_asks_nothing_about_forgetting() -> None:
    """With one word there is no old cell state: only what the output gate shows is asked."""
    params, trace = sample(1)
    asked = lstm_cell.questions(params, lstm.forward(params, trace.x[:1]))
    assert {question.id for question in asked} <= {"guess-lstm-cell-hidden"}
