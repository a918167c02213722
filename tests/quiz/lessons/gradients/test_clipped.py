"""The prediction in the clipping lab is about the gradient that the lab clips."""

from __future__ import annotations

import numpy as np
import pytest

from core import model as network
from quiz.grading.proof import problems
from quiz.lessons.gradients import guesses


@pytest.mark.parametrize("gain", [0.5, 1.0, 1.6, 4.0])
@pytest.mark.parametrize("limit", [0.1, 1.0, 50.0])
def test_clipping_is_asked_of_the_gradient_that_is_clipped(gain: float, limit: float) -> None:
    """The answer agrees with that gradient's length and the limit, and every slip has its own reply."""
    for seed in range(10):
        rng = np.random.default_rng(seed)
        model = network.init("rnn", 3, 8, 1, rng=rng, scheme="orthogonal", gain=gain)
        grads = network.backprop(model, network.run(model, rng.normal(size=(20, 1, 3)), [[1.0]])).grads
        length = np.sqrt(sum((g**2).sum() for g in grads.values()))
        question = guesses.clipped(grads, limit)
        if question is None:
            assert abs(length - limit) < 0.02 * limit
            continue
        assert problems(question) == ()
        right = next(option.text for option in question.options if option.right)
        assert right == ("shorter, same direction" if length > limit else "it stays as it is")
        assert f"at most {limit:g}" in question.prompt
