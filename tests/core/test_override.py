"""Gates held by hand, and the parts of a step."""

from __future__ import annotations

import numpy as np
import pytest

from core import lstm
from core.inside import inside, joined_weights
from core.lstm import GATES, LSTMParams, LSTMTrace, block
from core.override import Override, forward_with, held
from core.params import Array

T, B, D, H = 6, 2, 4, 3


@pytest.fixture
def params() -> LSTMParams:
    """A fresh layer."""
    return lstm.init(D, H, rng=np.random.default_rng(3))


@pytest.fixture
def x() -> Array:
    """A batch of two sequences."""
    return np.random.default_rng(4).standard_normal((T, B, D))


def arrays(trace: LSTMTrace) -> list[Array]:
    """All that a trace holds."""
    return [trace.x, trace.h, trace.c, trace.gates, trace.tanh_c]


def test_nothing_held_is_the_forward_pass(params: LSTMParams, x: Array) -> None:
    """Without overrides the trace is exactly that of the plain forward pass, initial states included."""
    start = np.random.default_rng(5).standard_normal((2, B, H))
    for a, b in zip(arrays(forward_with(params, x, (), *start)), arrays(lstm.forward(params, x, *start)), strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("gate", GATES)
def test_a_gate_held_at_what_it_is_changes_nothing(params: LSTMParams, x: Array, gate: str) -> None:
    """Holding one unit's gate at one step at the value it has anyway gives the plain run: the loop is the same cell."""
    plain = lstm.forward(params, x[:, :1])
    value = float(block(plain.gates, gate)[2, 0, 1])
    found = forward_with(params, x[:, :1], [Override(gate, value, 3, 3, (1,))])
    for a, b in zip(arrays(found), arrays(plain), strict=True):
        np.testing.assert_allclose(a, b, atol=1e-14)


def test_keeping_all_and_writing_nothing_carries_the_cell(params: LSTMParams, x: Array) -> None:
    """With f = 1 and i = 0 from step 3 on, c stays what it was after step 2, to the last bit."""
    trace = forward_with(params, x, [Override("f", 1.0, 3), Override("i", 0.0, 3)])
    np.testing.assert_array_equal(trace.c[3:], np.broadcast_to(trace.c[2], (T - 2, B, H)))
    assert np.abs(trace.c[2]).min() > 0


def test_forgetting_all_leaves_what_is_written(params: LSTMParams, x: Array) -> None:
    """With f = 0 at one step, c_t is i_t ⊙ g_t there; the gates of that step are as computed, later ones are not."""
    plain, trace = lstm.forward(params, x), forward_with(params, x, [Override("f", 0.0, 4, 4)])
    np.testing.assert_array_equal(trace.c[4], trace.i[3] * trace.g[3])
    np.testing.assert_allclose(trace.i[:4], plain.i[:4], atol=1e-15)
    np.testing.assert_allclose(trace.c[:4], plain.c[:4], atol=1e-15)
    assert np.abs(trace.i[4:] - plain.i[4:]).max() > 1e-4


def test_a_closed_output_gate_hides_the_cell_and_keeps_it(params: LSTMParams, x: Array) -> None:
    """With o = 0 at the last step, h_T is 0 and c_T is untouched."""
    plain, trace = lstm.forward(params, x), forward_with(params, x, [Override("o", 0.0, T)])
    assert not trace.h[T].any()
    np.testing.assert_allclose(trace.c, plain.c, atol=1e-15)


def test_only_the_units_named_are_held(params: LSTMParams, x: Array) -> None:
    """An override of some units leaves the other units' gates of that step as computed."""
    plain, trace = lstm.forward(params, x), forward_with(params, x, [Override("i", 0.25, 2, 2, (0, 2))])
    assert (trace.i[1][:, [0, 2]] == 0.25).all()
    np.testing.assert_allclose(trace.i[1][:, 1], plain.i[1][:, 1], atol=1e-15)


def test_the_later_override_holds() -> None:
    """Where two overrides meet the last one counts, and what nobody holds is NaN."""
    values = held([Override("f", 0.0), Override("f", 1.0, 2, 3)], 4, 2)
    np.testing.assert_array_equal(block(values, "f")[:, 0], [0, 1, 1, 0])
    assert np.isnan(block(values, "i")).all()


@pytest.mark.parametrize(
    ("made", "message"),
    [
        (lambda: Override("c", 0.5), "gate: 'c' is not known"),
        (lambda: Override("f", 1.5), "value: f goes from 0 to 1"),
        (lambda: Override("g", -1.5), "value: g goes from -1 to 1"),
        (lambda: Override("f", float("nan")), "value: f goes from 0 to 1"),
        (lambda: held([Override("f", 1.0, 0)], 3, 2), "expected steps from 1 to 3"),
        (lambda: held([Override("f", 1.0, 3, 2)], 3, 2), "expected steps from 1 to 3"),
        (lambda: held([Override("f", 1.0, 1, 4)], 3, 2), "expected steps from 1 to 3"),
        (lambda: held([Override("f", 1.0, units=(2,))], 3, 2), "expected units from 0 to 1"),
    ],
)
def test_impossible_overrides_are_refused(made: object, message: str) -> None:
    """A gate, value, step or unit that does not exist is named with what does."""
    assert callable(made)
    with pytest.raises(ValueError, match=message):
        made()


def test_parts_add_up(params: LSTMParams, x: Array) -> None:
    """A gate's terms and bias add up to its argument, its argument gives the gate, and the two halves give c_t."""
    trace = lstm.forward(params, x)
    parts = inside(params, trace)
    np.testing.assert_allclose(parts.terms.sum(axis=2) + params.b, parts.a, atol=1e-14)
    np.testing.assert_allclose(parts.joined @ joined_weights(params) + params.b, parts.a, atol=1e-14)
    np.testing.assert_allclose(1 / (1 + np.exp(-block(parts.a, "f"))), trace.f, atol=1e-14)
    np.testing.assert_allclose(parts.kept + parts.written, trace.c[1:], atol=1e-15)
