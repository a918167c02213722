"""Tiny networks from shown numbers: `core` computes on exactly these."""

from __future__ import annotations

import math

import numpy as np
import pytest

from core import model as network
from core import rnn
from quiz.computed.toys import gate, held_gates, logit, rnn_model, rnn_params, rnn_step, rnn_trace, steps


def test_held_gates_are_the_numbers_given() -> None:
    """Gates of 0 and 1 and in between stay at every step, unit by unit, and the cell follows F5 and F6."""
    _, trace = held_gates([1.0, 0.0], [0.5, 1.0], 0.3, -0.4, [2.0, 0.7], T=3)
    np.testing.assert_allclose(trace.i, np.broadcast_to([1.0, 0.0], (3, 1, 2)), atol=1e-15)
    np.testing.assert_allclose(trace.f, np.broadcast_to([0.5, 1.0], (3, 1, 2)), atol=1e-15)
    np.testing.assert_allclose(trace.c[1, 0], [0.5 * 2.0 - 0.4, 0.7], atol=1e-15)
    np.testing.assert_allclose(trace.h[1:], 0.3 * np.tanh(trace.c[1:]), atol=1e-15)


@pytest.mark.parametrize("value", [0.0, 0.25, 0.9, 1.0])
def test_logit_undoes_the_sigmoid(value: float) -> None:
    """The argument found gives the gate back, saturated ones too."""
    assert gate(float(logit(value))) == pytest.approx(value, abs=1e-15)


def test_trace_from_states_gives_the_same_gradients_as_a_run() -> None:
    """Starting from shown states changes nothing but their digits."""
    params, x = rnn_params([[0.5, -0.3]], [[0.2, 0.7], [-0.4, 0.1]], 0.1), [0.3, -0.8, 1.2]
    ran = rnn.forward(params, steps(x))
    given = rnn_trace(ran.h[:, 0].tolist(), x)
    dh_out = np.ones((3, 1, 2))
    expected, back = rnn.backward(params, ran, dh_out), rnn.backward(params, given, dh_out)
    np.testing.assert_array_equal(back.grads.W_h, expected.grads.W_h)
    np.testing.assert_array_equal(back.grads.W_x, expected.grads.W_x)
    np.testing.assert_array_equal(back.dx, expected.dx)


def test_one_unit_model_is_the_textbook_one() -> None:
    """ŷ = σ(w_y tanh(w_x x + w_h h + b) + b_y)."""
    trace = network.run(rnn_model(0.5, 0.9, 0.1, 2.0, -0.3), steps([0.4, -1.0]))
    h = math.tanh(0.5 * 0.4 + 0.1)
    h = math.tanh(0.5 * -1.0 + 0.9 * h + 0.1)
    assert trace.y_hat.item() == pytest.approx(gate(2.0 * h - 0.3), rel=1e-12)
    assert rnn_step(rnn_params(0.5, 0.9, 0.1), [0.4], [0.0]).h[1].item() == pytest.approx(math.tanh(0.3), rel=1e-12)
