"""The anatomy of ∂c_T/∂c_t: three parts that add up to what a nudge of c_t, and of h_t with it, moves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core import flow, lstm, model
from core.jacobian import jacobians, products, running_product
from core.lstm import LSTMTrace
from core.model import Model
from core.override import Override, forward_with
from core.params import Array
from core.paths import PARTS, CellPaths, by_unit, cell_paths, horizons, in_norm, same_unit, total

T, D, H = 7, 3, 4


def network(seed: int = 0, gain: float = 2.0, forget_bias: float = 1.0) -> Model:
    """A small LSTM whose gates move."""
    rng = np.random.default_rng(seed)
    return model.init("lstm", D, H, 1, rng=rng, gain=gain, forget_bias=forget_bias)


def inputs(steps: int = T) -> Array:
    """A sequence."""
    return np.random.default_rng(9).standard_normal((steps, 1, D))


def followed(net: Model, steps: int = T) -> tuple[LSTMTrace, CellPaths]:
    """A run and its paths."""
    trace = model.run(net, inputs(steps))
    assert isinstance(trace.cell, LSTMTrace)
    return trace.cell, cell_paths(net, trace)


def nudged(net: Model, trace: LSTMTrace, t: int, *, h_moves: bool = True) -> Array:
    """∂c_T/∂c_t (H, H) by central differences: the cell restarted after step t with another c_t, and its own h_t."""
    assert isinstance(net.cell, lstm.LSTMParams)
    moved, epsilon = np.empty((H, H)), 1e-5
    for unit in range(H):
        ends = []
        for sign in (1, -1):
            c = trace.c[t] + sign * epsilon * np.eye(H)[unit]
            h = trace.o[t - 1] * np.tanh(c) if h_moves and t else trace.h[t]
            ends.append(lstm.forward(net.cell, trace.x[t:], h, c).c[-1, 0])
        moved[:, unit] = (ends[0] - ends[1]) / (2 * epsilon)
    return moved


@pytest.mark.parametrize("t", range(T))
def test_the_total_is_what_a_nudge_of_cell_and_hidden_state_together_moves(t: int) -> None:
    """Entry by entry, and the sizes to the same unit and to all; c_0 alone moves no hidden state."""
    net = network()
    trace, found = followed(net)
    moved = nudged(net, trace, t)
    assert found.scale[t] == 0
    assert total(found)[t] == pytest.approx(moved, rel=1e-6, abs=1e-9)
    assert 10 ** found.own[t] == pytest.approx(np.abs(np.diagonal(moved)), rel=1e-5, abs=1e-9)
    assert 10 ** found.all[t] == pytest.approx(np.linalg.norm(moved, axis=0), rel=1e-6)


@pytest.mark.parametrize("t", [1, 4, 6])
def test_without_the_hidden_state_it_is_the_derivative_with_h_held_fixed(t: int) -> None:
    """The part switched off is the whole difference between the two nudges, and no small one."""
    net = network()
    trace, found = followed(net)
    held = nudged(net, trace, t, h_moves=False)
    assert total(found, ("forget", "later"))[t] == pytest.approx(held, rel=1e-6, abs=1e-9)
    assert np.linalg.norm(found.through_h[t]) > 0.01 * np.linalg.norm(held)


@pytest.mark.parametrize(("gain", "forget_bias", "steps"), [(2.0, 1.0, T), (6.0, 0.0, 60), (1.0, 5.0, 200)])
def test_the_parts_add_up_to_the_jacobians_product(gain: float, forget_bias: float, steps: int) -> None:
    """To 1e-12 of the total: c-c block, plus c-h block times ∂h_t/∂c_t, of a product made in another way."""
    net = network(gain=gain, forget_bias=forget_bias)
    trace, found = followed(net, steps)
    P, scale = products(jacobians(net, model.run(net, inputs(steps))))
    P *= 10.0 ** (scale - found.scale)[:, None, None]
    dh_dc = np.zeros((steps + 1, 1, H))
    dh_dc[1:, 0] = (trace.o * (1 - trace.tanh_c**2))[:, 0]
    expected = P[:, H:, H:] + P[:, H:, :H] * dh_dc
    whole = total(found)
    allowed = 1e-12 * np.linalg.norm(expected, axis=(1, 2))
    assert (np.linalg.norm(whole - expected, axis=(1, 2)) <= allowed).all()
    assert (np.linalg.norm(total(found, ("forget", "later")) - P[:, H:, H:], axis=(1, 2)) <= allowed).all()
    assert (np.linalg.norm(sum(total(found, (part,)) for part in PARTS) - whole, axis=(1, 2)) <= allowed).all()


def test_shares_add_up_to_the_sizes() -> None:
    """To the same unit with its sign; to all units, and of all units together, as components along the total."""
    _, found = followed(network())
    whole = total(found)
    assert same_unit(found).sum(axis=0) == pytest.approx(np.diagonal(whole, axis1=1, axis2=2), rel=1e-12, abs=1e-15)
    assert by_unit(found).sum(axis=0) == pytest.approx(np.linalg.norm(whole, axis=1), rel=1e-12)
    assert in_norm(found).sum(axis=0) == pytest.approx(np.linalg.norm(whole, axis=(1, 2)), rel=1e-12)
    assert by_unit(found).min() < 0  # parts may work against each other, and say so


def test_with_the_gate_at_one_the_cell_alone_is_a_constant_error_carousel() -> None:
    """With the other parts off it is exactly 1 at every t, as in the LSTM of 1997; with all of them off exactly 0."""
    net = network()
    assert isinstance(net.cell, lstm.LSTMParams)
    held = forward_with(net.cell, inputs(50), [Override("f", 1.0)])
    trace = replace(model.run(net, inputs(50)), cell=held)
    found = cell_paths(net, trace)
    assert np.array_equal(total(found, ("forget",)), np.broadcast_to(np.eye(H), (51, H, H)))
    assert np.array_equal(found.direct, np.zeros((51, H)))
    assert not total(found, ()).any()
    assert np.abs(total(found)[0] - np.eye(H)).max() > 0.1  # switched on, they do add something


def test_the_last_steps_have_no_later_part() -> None:
    """At T there is the cell itself; one step back nothing can leave it later, and nothing is exactly 0."""
    _, found = followed(network())
    assert np.array_equal(total(found)[T], np.eye(H))
    assert not found.later[T - 1].any()
    assert not found.through_h[0].any()
    assert found.through_h[T - 1].any()


def test_direct_path_is_the_product_of_the_later_forget_gates() -> None:
    """As the gates stand in the trace, as the running product has it, and as the part that the others join."""
    net = network()
    trace, found = followed(net)
    for t in range(T + 1):
        assert found.forget[t] == pytest.approx(trace.f[t:, 0].prod(axis=0))
    assert 10**found.direct == pytest.approx(found.forget)
    assert np.array_equal(found.direct, running_product(jacobians(net, model.run(net, inputs()))).direct)


def test_without_recurrence_the_direct_path_is_all_there_is() -> None:
    """With W_h = 0 no later gate depends on the cell."""
    _, found = followed(network(gain=0.0))
    assert not found.through_h.any()
    assert not found.later.any()
    assert found.own == pytest.approx(found.direct)
    assert found.all == pytest.approx(found.direct)


def test_each_sequence_of_a_batch_has_its_own_paths() -> None:
    """The second sequence's paths are those of a run of it alone."""
    net, x = network(), np.random.default_rng(1).standard_normal((T, 2, D))
    both, alone = model.run(net, x), model.run(net, x[:, 1:])
    assert total(cell_paths(net, both, 1)) == pytest.approx(total(cell_paths(net, alone)))


def test_nothing_underflows_on_a_long_sequence() -> None:
    """Closed gates over 500 steps leave 10^-1000 and less: finite logarithms, and parts that still add up."""
    _, found = followed(network(gain=1.0, forget_bias=-6.0), 500)
    assert np.isfinite(found.direct).all()
    assert found.direct[0].max() < -900
    assert np.isfinite(horizons(found).direct)
    assert np.isfinite(found.all).all()
    assert found.scale[0] < -300
    assert by_unit(found).sum(axis=0) == pytest.approx(np.linalg.norm(total(found), axis=1), rel=1e-12)
    assert np.linalg.norm(total(found)[0]) > 0


def test_nothing_overflows_where_gradients_explode() -> None:
    """A state at rest leaves every slope steep: beyond float64 in 400 steps, the logarithms and parts finite."""
    drawn = network(gain=60.0)
    net = model.with_parameters(drawn, {"b": 0.0 * drawn.cell.b})
    found = cell_paths(net, model.run(net, np.zeros((400, 1, D))))
    assert np.isfinite(total(found)).all()
    assert np.isfinite(found.all).all()
    assert found.all[0].min() > 400
    assert found.direct[0].max() < -50  # beside which the forget gates' product shrinks
    assert by_unit(found).sum(axis=0) == pytest.approx(np.linalg.norm(total(found), axis=1), rel=1e-12)


def test_horizon_of_a_constant_gate_is_the_formula() -> None:
    """Without inputs and recurrence every gate stays at σ(b), and every path has the formula's horizon."""
    net = network(gain=0.0, forget_bias=2.0)
    found = horizons(cell_paths(net, model.run(net, np.zeros((60, 1, D)))))
    formula = flow.constant_gate_horizon(1 / (1 + np.exp(-2.0)))
    assert (found.direct, found.fastest, found.slowest, found.total) == pytest.approx((formula,) * 4)


def test_horizon_of_every_path_counts_the_hidden_state() -> None:
    """It is that of the total's norm, and not that of the derivative with h_t held fixed."""
    _, found = followed(network(gain=4.0), 40)
    sizes = [np.linalg.norm(total(found, parts), axis=(1, 2)) for parts in (PARTS, ("forget", "later"))]
    assert horizons(found).total == pytest.approx(flow.horizon(sizes[0]))
    assert horizons(found).total != pytest.approx(flow.horizon(sizes[1]), rel=0.01)


def test_an_unknown_part_is_refused() -> None:
    """The message names it and what can be chosen."""
    _, found = followed(network())
    with pytest.raises(ValueError, match=r"'gates' not known\. Choose from forget, through_h, later\."):
        total(found, ("forget", "gates"))


def test_a_vanilla_network_is_refused() -> None:
    """It has no cell state; the message says so."""
    rnn = model.init("rnn", D, H, 1, rng=np.random.default_rng(0))
    with pytest.raises(ValueError, match="expected an LSTM, got 'rnn'"):
        cell_paths(rnn, model.run(rnn, inputs()))
