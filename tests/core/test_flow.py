"""Gradient norms, factors, horizons and clipping are what they say, also at the ends of the float range."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from networks import FORMS, make

from core import flow, jacobian, model
from core.activations import ACTIVATIONS

GRADS = st.fixed_dictionaries(
    {
        "W": hnp.arrays(np.float64, (3, 2), elements=st.floats(-1e3, 1e3)),
        "b": hnp.arrays(np.float64, (2,), elements=st.floats(-1e3, 1e3)),
    }
)


def draw(kind, *, phi="tanh", readout="every", T=6, B=2, H=3, gain=1.0):
    """Model, trace and backward pass on random data with squared error."""
    rng = np.random.default_rng(0)
    drawn = make(kind, 2, H, 1, rng=rng, activation=phi, readout=readout, loss="mse", gain=gain)
    y = rng.normal(size=(T, B, 1) if readout == "every" else (B, 1))
    trace = model.run(drawn, rng.normal(size=(T, B, 2)), y)
    return drawn, trace, model.backprop(drawn, trace)


@given(GRADS)
def test_global_norm_is_the_length_of_everything_in_one_vector(grads):
    """The norm is taken over all parameters together."""
    whole = np.concatenate([grads["W"].ravel(), grads["b"]])
    assert flow.global_norm(grads) == pytest.approx(np.linalg.norm(whole), rel=1e-12)


@pytest.mark.parametrize("size", [1e200, 1e-200, 1e307, 5e-324])
def test_global_norm_neither_overflows_nor_underflows(size):
    """Squares that leave the float range do not spoil the norm."""
    assert flow.global_norm({"W": np.full((2, 2), size)}) == pytest.approx(2 * size)


@pytest.mark.parametrize(("bad", "expected"), [(math.inf, math.inf), (-math.inf, math.inf), (math.nan, math.nan)])
def test_a_gradient_that_is_not_finite_has_a_norm_that_says_so(bad, expected):
    """Infinity gives infinity, NaN gives NaN, and neither warns."""
    assert flow.global_norm({"W": np.array([1.0, bad]), "b": np.ones(2)}) == pytest.approx(expected, nan_ok=True)
    assert math.isnan(flow.global_norm({"W": np.array([bad]), "b": np.array([math.nan])}))


def test_the_norm_of_nothing_is_zero():
    """No gradients, or gradients of zeros, have norm 0."""
    assert flow.global_norm({}) == 0
    assert flow.global_norm({"W": np.zeros((2, 2))}) == 0


@given(GRADS, st.floats(1e-3, 1e4))
def test_clipping_by_norm_bounds_the_length_and_keeps_the_direction(grads, max_norm):
    """A longer gradient ends at exactly max_norm, a shorter one is left alone, and no argument is written to."""
    before = {name: grad.copy() for name, grad in grads.items()}
    clipped = flow.clip_by_norm(grads, max_norm)
    norm = flow.global_norm(grads)
    factor = min(1.0, max_norm / norm) if norm else 1.0
    for name, grad in grads.items():
        np.testing.assert_array_equal(grad, before[name])
        np.testing.assert_allclose(clipped[name], grad * factor, rtol=1e-12)
        assert (clipped[name] is grad) == (norm <= max_norm)


def test_clipping_by_norm_mends_gradients_whose_norm_overflows():
    """Entries whose squares, or even whose norm, pass the float range are scaled to the bound all the same."""
    clipped = flow.clip_by_norm({"W": np.full(4, 1.7e308), "b": np.zeros(1, np.float32)}, 3.0)
    np.testing.assert_allclose(clipped["W"], 1.5)
    assert clipped["b"].dtype == np.float32


def test_clipping_by_norm_leaves_what_is_not_finite_visible():
    """A NaN is not hidden, and does not spread to the other parameters."""
    grads = {"W": np.array([np.nan, 1.0]), "b": np.ones(2)}
    clipped = flow.clip_by_norm(grads, 0.1)
    assert clipped == grads
    assert clipped is not grads


@given(GRADS, st.floats(1e-3, 1e4))
def test_clipping_by_value_bounds_every_entry(grads, limit):
    """Entries inside the limit stay, the others go to the limit, and no argument is written to."""
    before = {name: grad.copy() for name, grad in grads.items()}
    clipped = flow.clip_by_value(grads, limit)
    for name, grad in grads.items():
        np.testing.assert_array_equal(grad, before[name])
        expected = np.where(np.abs(grad) <= limit, grad, np.sign(grad) * limit)
        np.testing.assert_array_equal(clipped[name], expected)


def test_clipping_by_value_treats_infinity_and_nan_as_documented():
    """Infinity becomes the limit, NaN stays NaN."""
    clipped = flow.clip_by_value({"W": np.array([np.inf, -np.inf, np.nan])}, 2.0)
    np.testing.assert_array_equal(clipped["W"], [2.0, -2.0, np.nan])


@pytest.mark.parametrize("bad", [0, -1.0, math.nan, math.inf, True, "1"])
@pytest.mark.parametrize(("clip", "name"), [(flow.clip_by_norm, "max_norm"), (flow.clip_by_value, "limit")])
def test_a_bound_that_makes_no_sense_is_named(clip, name, bad):
    """The message names the argument and shows what came."""
    with pytest.raises(ValueError, match=rf"{name}: .*{bad!r}"):
        clip({"W": np.ones(2)}, bad)


@given(hnp.arrays(np.float64, (3, 2, 4), elements=st.integers(-1000, 1000)), st.sampled_from([1e-300, 1.0, 1e300]))
def test_lengths_are_euclidean_norms_at_any_scale(array, scale):
    """Norms along the axes asked for, also where their squares would leave the float range."""
    np.testing.assert_allclose(
        flow.lengths(array * scale, (1, 2)), np.linalg.norm(array, axis=(1, 2)) * scale, rtol=1e-9
    )
    assert flow.lengths(array) == pytest.approx(np.linalg.norm(array))


def test_lengths_show_what_is_not_finite():
    """NaN and infinity come through for their own row only, without a warning."""
    rows = np.array([[np.nan, 1.0], [np.inf, 1.0], [3.0, 4.0], [0.0, 0.0]])
    np.testing.assert_array_equal(flow.lengths(rows, 1), [np.nan, np.inf, 5.0, 0.0])


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("b", [None, 1])
def test_norms_are_taken_per_step_of_one_sequence_or_all(kind, b):
    """Each row is the norm over units, and over the batch unless one sequence is chosen."""
    *_, backward = draw(kind)
    found = flow.norms(backward, b)
    assert list(found) == (["h", "c", "x", "a"] if kind == "lstm" else ["h", "x", "a"])
    for name, values in found.items():
        array = getattr(backward.cell, f"d{name}")
        expected = [np.linalg.norm(row if b is None else row[b]) for row in array]
        np.testing.assert_allclose(values, expected)


def test_the_logarithm_of_zero_is_minus_infinity():
    """No warning is raised for it."""
    np.testing.assert_array_equal(flow.log10([0.0, 1e-300, 10.0]), [-np.inf, -300, 1])


@pytest.mark.parametrize("phi", ACTIVATIONS)
def test_an_rnn_step_is_its_activation_times_its_weights(phi):
    """The two factors multiply to what the step sends back over what arrived, measured on the actual gradient."""
    drawn, trace, backward = draw("rnn", phi=phi, readout="last", B=1)
    found = flow.step_factors(drawn, trace, backward)
    dh = np.concatenate([backward.cell.dh0[None], backward.cell.dh])
    sizes = np.linalg.norm(dh, axis=(1, 2))
    arrived = sizes[1:] > 0
    np.testing.assert_allclose(found.total[arrived], (sizes[:-1] / np.where(arrived, sizes[1:], 1))[arrived])
    slope = ACTIVATIONS[phi].slope(trace.cell.h[1:])
    for t in np.flatnonzero(arrived):
        da = dh[t + 1] * slope[t]
        assert found.activation[t] == pytest.approx(np.linalg.norm(da) / np.linalg.norm(dh[t + 1]))
        if da.any():
            assert found.weight[t] == pytest.approx(np.linalg.norm(da @ drawn.cell.W_h.T) / np.linalg.norm(da))
            assert found.recurrent[t] == pytest.approx(found.activation[t] * found.weight[t])
    assert found.direct is None


@pytest.mark.parametrize("T", [1, 6])
@pytest.mark.parametrize("readout", model.READOUTS)
def test_an_lstm_step_sends_back_through_gates_and_cell(readout, T):
    """Recurrent and direct part are measured on (dh, what the cell receives from later)."""
    drawn, trace, backward = draw("lstm", readout=readout, T=T)
    found = flow.step_factors(drawn, trace, backward, b=1)
    dh, dc, da, f = (A[:, 1] for A in (backward.cell.dh, backward.cell.dc, backward.cell.da, trace.cell.f))
    for t in range(T):
        later = dc[t + 1] * f[t + 1] if t < T - 1 else np.zeros(3)
        arrived = np.linalg.norm([*dh[t], *later])
        sent = da[t] @ drawn.cell.W_h.T
        assert found.recurrent[t] == pytest.approx(np.linalg.norm(sent) / arrived)
        assert found.direct[t] == pytest.approx(np.linalg.norm(dc[t] * f[t]) / arrived)
        assert found.total[t] == pytest.approx(np.linalg.norm([*sent, *(dc[t] * f[t])]) / arrived)
        assert found.activation[t] * found.weight[t] == pytest.approx(found.recurrent[t])


@pytest.mark.parametrize("kind", ["gru", "gru-2014"])
def test_a_gru_step_sends_back_through_gates_and_past_them(kind):
    """The two ways are measured apart on what arrived, and together as what reaches the state before."""
    drawn, trace, backward = draw(kind)
    found = flow.step_factors(drawn, trace, backward, b=1)
    cell, (dh, da, z) = backward.cell, (A[:, 1] for A in (backward.cell.dh, backward.cell.da, trace.cell.z))
    for t in range(6):
        arrived, past = np.linalg.norm(dh[t]), dh[t] * z[t]
        J = jacobian.jacobians(drawn, trace, 1).J[t]
        assert found.direct[t] == pytest.approx(np.linalg.norm(past) / arrived)
        assert found.total[t] == pytest.approx(np.linalg.norm(dh[t] @ J) / arrived)
        assert found.recurrent[t] == pytest.approx(np.linalg.norm(dh[t] @ J - past) / arrived)
        assert found.activation[t] == pytest.approx(np.linalg.norm(da[t]) / arrived)
        assert found.activation[t] * found.weight[t] == pytest.approx(found.recurrent[t])
    np.testing.assert_array_equal(cell.sent[0], cell.dh0)


@pytest.mark.parametrize("kind", FORMS)
def test_a_gradient_of_zero_has_no_factor(kind):
    """Norms are 0 and factors NaN, without a warning."""
    drawn, trace, _ = draw(kind)
    trace = replace(trace, dlogits=trace.dlogits * 0)
    backward = model.backprop(drawn, trace)
    assert not any(values.any() for values in flow.norms(backward).values())
    assert np.isnan(flow.step_factors(drawn, trace, backward).total).all()


@pytest.mark.parametrize("phi", ACTIVATIONS)
@pytest.mark.parametrize("gain", [0.3, 3.0])
def test_no_step_of_an_rnn_passes_its_bound(phi, gain):
    """The factor of every step is at most max φ' · σ_max(W_h)."""
    drawn, trace, backward = draw("rnn", phi=phi, readout="last", gain=gain)
    total = flow.step_factors(drawn, trace, backward).total
    assert np.nanmax(total) <= 10 ** flow.log10_bound(drawn) * (1 + 1e-12)
    steepest = {"tanh": 1, "sigmoid": 0.25, "relu": 1, "identity": 1}[phi]
    assert flow.log10_bound(drawn) == pytest.approx(np.log10(steepest * np.linalg.svd(drawn.cell.W_h)[1][0]))


def test_a_non_normal_matrix_grows_in_one_step_and_dies_in_the_long_run():
    """Radius and largest singular value are different things."""
    found = flow.growth(np.array([[0.5, 4.0], [0.0, -0.6]]))
    assert found.radius == pytest.approx(0.6)
    assert found.sigma_max == pytest.approx(np.sqrt(np.linalg.eigvalsh([[0.25, 2.0], [2.0, 16.36]])[-1]))


@given(st.floats(0.05, 0.99), st.integers(60, 100), st.floats(1e-150, 1e300))
def test_the_horizon_of_a_steady_decay_is_its_time_constant(f, T, last):
    """Norms f^k fall by e after -1/ln f steps, at any scale."""
    measured = flow.horizon(last * f ** np.arange(T - 1.0, -1, -1))
    expected = flow.constant_gate_horizon(f)
    assert expected == pytest.approx(-1 / math.log(f))
    assert measured == (pytest.approx(expected) if expected < T - 1 else math.inf)


@pytest.mark.parametrize(
    ("norms", "expected"),
    [
        ([1.0], math.inf),
        ([1.0, 1.0, 2.0], math.inf),
        ([0.0, 1.0, 1.0], 2.0),
        ([1.0, 0.1, 5.0, 1.0], 1 + (1 + math.log(5)) / math.log(50)),
        ([1e-9, math.exp(-1.5), 1.0], 1 / 1.5),
        ([1.0, 0.0], math.nan),
        ([math.nan, 1.0], math.nan),
        ([1.0, math.inf], math.nan),
    ],
)
def test_the_horizon_at_its_edges(norms, expected):
    """Never falling, falling to exactly zero, rising first, and nothing to measure."""
    assert flow.horizon(np.array(norms)) == pytest.approx(expected, nan_ok=True)


def test_a_gate_that_is_shut_or_open_has_horizon_zero_or_infinity():
    """The limits of -1/ln f."""
    assert flow.constant_gate_horizon(0.0) == 0
    assert flow.constant_gate_horizon(1.0) == math.inf


def test_what_flow_cannot_measure_is_refused():
    """Each message names the argument."""
    drawn, trace, backward = draw("lstm")
    for call, message in (
        (lambda: flow.norms(backward, 2), r"b: expected a sequence from 0 to B-1 = 1, got 2"),
        (lambda: flow.step_factors(drawn, trace, backward, -1), "b: expected"),
        (lambda: flow.log10_bound(drawn), "model: expected an RNN"),
        (lambda: flow.growth(drawn.cell.W_h), "W: expected a square matrix"),
        (lambda: flow.horizon(np.ones((2, 2))), "norms: expected"),
        (lambda: flow.horizon(np.array([-1.0])), "norms: expected"),
        (lambda: flow.constant_gate_horizon(1.5), "f: expected a gate from 0 to 1, got 1.5"),
        (lambda: flow.constant_gate_horizon(math.nan), "f: expected"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
