"""From one cell state to the last: the forget gates' product, and every path together."""

from __future__ import annotations

import numpy as np
import pytest

from core import flow, lstm, model
from core.jacobian import jacobians, running_product
from core.model import Model
from core.params import Array
from core.paths import cell_paths, horizons

T, D, H = 7, 3, 4


def network(seed: int = 0, gain: float = 2.0, forget_bias: float = 1.0) -> Model:
    """A small LSTM whose gates move."""
    rng = np.random.default_rng(seed)
    return model.init("lstm", D, H, 1, rng=rng, gain=gain, forget_bias=forget_bias)


def inputs(steps: int = T) -> Array:
    """A sequence."""
    return np.random.default_rng(9).standard_normal((steps, 1, D))


@pytest.mark.parametrize("t", [0, 1, 4, 6])
def test_every_path_is_what_a_nudge_of_the_cell_moves(t: int) -> None:
    """∂c_T/∂c_t by central differences of the forward pass from step t on: to the same unit, and to all."""
    net = network()
    assert isinstance(net.cell, lstm.LSTMParams)
    trace = model.run(net, inputs())
    found, epsilon = cell_paths(net, trace), 1e-5
    h, c = trace.cell.h[t], trace.cell.c[t]  # type: ignore[union-attr]
    for unit in range(H):
        nudge = epsilon * np.eye(H)[unit]
        up, down = (lstm.forward(net.cell, inputs()[t:], h, c + sign * nudge).c[-1, 0] for sign in (1, -1))
        moved = (up - down) / (2 * epsilon)
        assert 10 ** found.own[t, unit] == pytest.approx(abs(moved[unit]), rel=1e-5, abs=1e-9)
        assert 10 ** found.all[t, unit] == pytest.approx(np.linalg.norm(moved), rel=1e-5)


def test_direct_path_is_the_product_of_the_later_forget_gates() -> None:
    """As the gates stand in the trace, and as the running product has it."""
    net = network()
    trace = model.run(net, inputs())
    found = cell_paths(net, trace)
    for t in range(T + 1):
        product = trace.cell.f[t:, 0].prod(axis=0)  # type: ignore[union-attr]
        assert 10 ** found.direct[t] == pytest.approx(product)
    assert np.array_equal(found.direct, running_product(jacobians(net, trace)).direct)


def test_without_recurrence_the_direct_path_is_all_there_is() -> None:
    """With W_h = 0 no later gate depends on the cell."""
    net = network(gain=0.0)
    found = cell_paths(net, model.run(net, inputs()))
    assert found.own == pytest.approx(found.direct)
    assert found.all == pytest.approx(found.direct)


def test_each_sequence_of_a_batch_has_its_own_paths() -> None:
    """The second sequence's paths are those of a run of it alone."""
    net, x = network(), np.random.default_rng(1).standard_normal((T, 2, D))
    both, alone = model.run(net, x), model.run(net, x[:, 1:])
    assert cell_paths(net, both, 1).own == pytest.approx(cell_paths(net, alone).own)


def test_nothing_underflows_on_a_long_sequence() -> None:
    """Closed gates over 500 steps leave 10^-1000 and less, still as finite logarithms."""
    net = network(gain=1.0, forget_bias=-6.0)
    found = cell_paths(net, model.run(net, inputs(500)))
    assert np.isfinite(found.direct).all()
    assert found.direct[0].max() < -900
    assert np.isfinite(horizons(found).direct)


def test_horizon_of_a_constant_gate_is_the_formula() -> None:
    """Without inputs and recurrence every gate stays at σ(b), and every path has the formula's horizon."""
    net = network(gain=0.0, forget_bias=2.0)
    found = horizons(cell_paths(net, model.run(net, np.zeros((60, 1, D)))))
    formula = flow.constant_gate_horizon(1 / (1 + np.exp(-2.0)))
    assert (found.direct, found.fastest, found.slowest, found.all) == pytest.approx((formula,) * 4)


def test_a_vanilla_network_is_refused() -> None:
    """It has no cell state; the message says so."""
    rnn = model.init("rnn", D, H, 1, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="expected an LSTM, got 'rnn'"):
        cell_paths(rnn, model.run(rnn, inputs()))
