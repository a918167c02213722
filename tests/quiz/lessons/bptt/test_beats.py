"""What the beats of backpropagation through time ask: right by a run made another way, whatever the network."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from core import model as network
from core.decompose import backprop_each
from core.model import Backward, Model, Trace
from core.nudges import nudge_each
from quiz.computed import mistaken
from quiz.grading.proof import problems
from quiz.lessons.bptt import beats
from quiz.schema import Choice

ENTRY = (0, 0)
BY = 0.1


def sample(seed: int, activation: str, readout: str, loss: str) -> tuple[Model, Trace, Backward]:
    """One network of drawn sizes, T 1 … 8, D and H 1 … 4."""
    rng = np.random.default_rng(seed)
    T, D, H = (int(rng.integers(1, top, endpoint=True)) for top in (8, 4, 4))
    O = 3 if loss == "softmax" else 1  # noqa: E741
    model = network.init("rnn", D, H, O, rng=rng, activation=activation, readout=readout, loss=loss, gain=1.5)
    S = () if readout == "last" else (T,)
    y = rng.integers(0, 3, (*S, 1)) if loss == "softmax" else rng.integers(0, 2, (*S, 1, 1)).astype(float)
    trace = network.run(model, np.round(rng.normal(size=(T, 1, D)), 1), y)
    return model, trace, network.backprop(model, trace)


KINDS = list(itertools.product(("tanh", "sigmoid", "relu", "identity"), ("last", "every"), ("bce", "softmax", "mse")))
SAMPLES = [(seed, *KINDS[seed % len(KINDS)]) for seed in range(72)]


def asked(model: Model, trace: Trace, backward: Backward) -> dict[str, Choice]:
    """All that this network lets be asked, by name."""
    T, H = len(trace.cell.x), model.cell.H
    entry = (1, 0) if H > 1 else ENTRY
    moved = nudge_each(model, trace, mistaken.target(model, trace), {entry: (-BY, BY)})[entry].loss - trace.loss
    made = {
        "first": beats.first_use(model, trace, entry, max(1, T - 1), moved[:-1, 1].tolist()),
        "down": beats.turned_down(T, BY, *moved[-1, ::-1].tolist()),
        "heard": beats.heard(model, trace, backprop_each(model, trace, backward)),
        "through": beats.lets_through(model, trace),
        "last": beats.last_share(model, trace, backward, entry),
        "opposed": beats.opposed(model, trace, backward, entry),
    }
    return {name: question for name, question in made.items() if question is not None}


def right(question: Choice) -> str:
    """The right option."""
    return next(option.text for option in question.options if option.right)


@pytest.mark.parametrize("drawn", SAMPLES, ids=lambda drawn: "-".join(map(str, drawn)))
def test_questions_hold_together(drawn: tuple[Any, ...]) -> None:
    """Words, options and replies are whole, and each option has a reply of its own kind."""
    for question in asked(*sample(*drawn)).values():
        assert problems(question) == ()
        assert all(option.reply for option in question.options)


@pytest.mark.parametrize("drawn", SAMPLES, ids=lambda drawn: "-".join(map(str, drawn)))
def test_the_right_option_is_what_a_run_says(drawn: tuple[Any, ...]) -> None:
    """The weight turned down, the first share and the shares that pull apart, each worked out from whole runs."""
    model, trace, backward = sample(*drawn)
    found, H = asked(model, trace, backward), model.cell.H
    i, j = (1, 0) if H > 1 else ENTRY
    if "down" in found:
        W_h = model.cell.W_h.copy()
        W_h[i, j] -= BY
        change = mistaken.loss_with(model, trace, {"W_h": W_h}) - trace.loss
        assert right(found["down"]) == ("up" if change > 0 else "down")
    if "first" in found:
        assert right(found["first"]) == "nowhere"
    if "last" in found:
        assert right(found["last"]) == "zero"
    if "opposed" in found:
        row, column = (int(k) for k in right(found["opposed"])[2:-2].split(","))
        shares = trace.cell.h[:-1, 0, row] * backward.cell.da[:, 0, column]
        assert shares.max() > 0 > shares.min()
        assert shares.sum() == pytest.approx(backward.grads["W_h"][row, column])
    if "heard" in found:
        each = backprop_each(model, trace, backward)
        count = sum(np.any(each.dh[s, 0, 0] != 0) for s in range(len(each.steps)))
        assert right(found["heard"]) == beats.NUMBERS[count]


def test_what_comes_next_is_read_off_the_losses() -> None:
    """A steep fall, a rise, or neither; nothing is asked where the list is too short or not finite."""
    slow = [6.0 - 0.05 * k for k in range(7)]
    flat = [slow[-1] - 0.05 * k for k in range(1, 9)]
    ones = [0.5, 1.0, 1.5, *[2.0] * 3, *[2.5] * 9]
    for after, expected in (
        (flat, "it goes on as before"),
        ([5.6, 2.0, 1, 1, 1, 1, 1, 1], "a steep fall"),
        ([9.0] * 8, "a rise"),
    ):
        question = beats.what_next([*slow, *after], ones, 6)
        assert question is not None
        assert right(question) == expected
        assert "$2$, $2$, $2.5$ long" in question.prompt
        assert problems(question) == ()
    assert beats.what_next(slow, ones, 6) is None
    assert beats.what_next([*slow, *flat[:-1], np.nan], ones, 6) is None
