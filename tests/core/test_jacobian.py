"""Jacobians are the slopes of a step, and their products are sized right however long they get."""

from dataclasses import replace

import numpy as np
import pytest
from networks import FORMS, make

from core import jacobian, layer, lstm, model
from core.activations import ACTIVATIONS

CELLS = [("rnn", name) for name in ACTIVATIONS] + [(form, "tanh") for form in FORMS if form != "rnn"]


def draw(kind, phi="tanh", *, T=5, B=2, H=3, gain=1.0, seed=0):
    """Model and trace on random data, without a loss."""
    rng = np.random.default_rng(seed)
    drawn = make(kind, 2, H, 1, rng=rng, activation=phi, gain=gain)
    return drawn, model.run(drawn, rng.normal(size=(T, B, 2)), h0=rng.normal(size=(B, H)))


def step(drawn, x, state):
    """One step of one sequence as a function of its state vector."""
    H = drawn.cell.H
    if drawn.kind != "lstm":
        return layer.forward(drawn.cell, x[None, None], state[None], activation=drawn.activation).h[1, 0]
    after = lstm.forward(drawn.cell, x[None, None], state[None, :H], state[None, H:])
    return np.concatenate([after.h[1, 0], after.c[1, 0]])


def state(trace, t, b):
    """The state vector s_t of sequence b."""
    cell = trace.cell
    return np.concatenate([cell.h[t, b], cell.c[t, b]]) if isinstance(cell, lstm.LSTMTrace) else cell.h[t, b]


@pytest.mark.parametrize(("kind", "phi"), CELLS)
def test_jacobians_are_the_finite_differences_of_a_step(kind, phi):
    """J[i, j] = ∂s_t[i]/∂s_{t-1}[j] for every step, of the sequence asked for."""
    drawn, trace = draw(kind, phi)
    eps, b = 1e-6, 1
    J = jacobian.jacobians(drawn, trace, b).J
    for t in range(1, 6):
        before, x = state(trace, t - 1, b), trace.cell.x[t - 1, b]
        moves = eps * np.eye(len(before))
        slopes = [(step(drawn, x, before + move) - step(drawn, x, before - move)) / (2 * eps) for move in moves]
        np.testing.assert_allclose(J[t - 1], np.transpose(slopes), atol=1e-8)


def test_the_direct_path_is_the_gate_that_keeps():
    """For the LSTM it is f_t, the diagonal of the lower right block, for the GRU z_t; the RNN has none."""
    drawn, trace = draw("lstm")
    found = jacobian.jacobians(drawn, trace, 1)
    np.testing.assert_array_equal(found.direct, trace.cell.f[:, 1])
    np.testing.assert_array_equal(found.J[:, 3:, 3:], [np.diag(f) for f in trace.cell.f[:, 1]])
    assert jacobian.jacobians(*draw("rnn")).direct is None
    drawn, trace = draw("gru")
    np.testing.assert_array_equal(jacobian.jacobians(drawn, trace, 1).direct, trace.cell.z[:, 1])


@pytest.mark.parametrize(("kind", "phi"), CELLS)
def test_the_jacobians_carry_the_gradient_back(kind, phi):
    """∂L/∂h_0 of a backward pass is ∂L/∂s_T J_T … J_1."""
    drawn, trace = draw(kind, phi)
    upstream = np.zeros((5, 2, 3))
    upstream[-1] = np.random.default_rng(1).normal(size=(2, 3))
    back = model.backward_layer(drawn, trace, upstream)
    J = jacobian.jacobians(drawn, trace, 0).J
    row = np.zeros(J.shape[1])
    row[:3] = upstream[-1, 0]
    for J_t in J[::-1]:
        row = row @ J_t
    np.testing.assert_allclose(row[:3], back.dh0[0], rtol=1e-10, atol=1e-14)
    if kind == "lstm":
        np.testing.assert_allclose(row[3:], back.dc0[0], rtol=1e-10, atol=1e-14)


def test_singular_values_are_the_roots_of_the_gram_matrix():
    """Largest first, one row per step."""
    J = jacobian.jacobians(*draw("lstm")).J
    squares = np.linalg.eigvalsh(J @ J.swapaxes(1, 2))[:, ::-1]
    np.testing.assert_allclose(jacobian.singular_values(J) ** 2, squares, atol=1e-12)


@pytest.mark.parametrize("kind", FORMS)
def test_the_running_product_is_sized_like_the_plain_product(kind):
    """Frobenius norm and largest singular value of ∂s_T/∂s_t for t = 0 … T, and the LSTM's direct path."""
    found = jacobian.jacobians(*draw(kind))
    sizes = jacobian.running_product(found)
    P = np.eye(found.J.shape[1])
    for t in range(5, -1, -1):
        assert 10 ** sizes.largest[t] == pytest.approx(np.linalg.norm(P, 2))
        if kind != "rnn":
            np.testing.assert_allclose(10 ** sizes.direct[t], found.direct[t:].prod(axis=0))
        P = P @ found.J[t - 1]
    assert (sizes.direct is None) == (kind == "rnn")


@pytest.mark.parametrize("every", [1, 4])
@pytest.mark.parametrize("kind", FORMS)
def test_the_product_needs_no_room_for_all_jacobians(kind, every, monkeypatch):
    """Step by step the sizes are the same, of the sequence asked for, also where all Jacobians would be too many."""
    drawn, trace = draw(kind, T=21)
    whole = jacobian.running_product(jacobian.jacobians(drawn, trace, 1))
    monkeypatch.setattr(jacobian, "LIMIT", 8 * 6 * 6)
    found = jacobian.running_product_of(drawn, trace, 1, every)
    taken = (np.arange(21, -1, -1) % every == 0) | (np.arange(22) == 0)
    np.testing.assert_allclose(found.largest[taken], whole.largest[taken], atol=1e-9)
    assert np.isnan(found.largest[~taken]).all()
    if kind == "rnn":
        assert found.direct is None
    else:
        np.testing.assert_allclose(found.direct, whole.direct, rtol=1e-12)


@pytest.mark.parametrize(("scale", "T"), [(1e-3, 1000), (1e3, 1000), (0.5, 1)])
def test_a_product_of_rotations_is_sized_exactly_at_any_length(scale, T):
    """A thousand factors of 10^±3 give 10^±3000 where floats end at 10^308."""
    J = np.broadcast_to(scale * np.array([[0.0, -1.0], [1.0, 0.0]]), (T, 2, 2))
    sizes = jacobian.running_product(jacobian.Jacobians(J, None))
    expected = np.log10(scale) * np.arange(T, -1, -1)
    np.testing.assert_allclose(sizes.largest, expected, atol=1e-8)


@pytest.mark.parametrize("kind", FORMS)
def test_a_thousand_real_steps_stay_finite(kind):
    """The logarithms of a vanishing and of an exploding run are finite and no warning is raised."""
    for gain in (0.1, 3.0):
        sizes = jacobian.running_product(jacobian.jacobians(*draw(kind, T=1000, B=1, gain=gain)))
        assert np.isfinite(sizes.largest).all()
        assert len(sizes.largest) == 1001


def test_a_product_that_is_exactly_zero_has_logarithm_minus_infinity():
    """A dead ReLU or a closed forget gate blocks everything before it, without a warning."""
    J = np.array([np.eye(2), np.zeros((2, 2)), np.eye(2)])
    sizes = jacobian.running_product(jacobian.Jacobians(J, np.array([[1.0], [0.0], [0.1]])))
    np.testing.assert_allclose(sizes.largest, [-np.inf, -np.inf, 0, 0], atol=1e-15)
    np.testing.assert_allclose(sizes.direct[:, 0], [-np.inf, -np.inf, -1, 0])


def test_what_cannot_be_computed_is_refused(monkeypatch):
    """A sequence that is not there, numbers that are not finite, more memory than allowed."""
    drawn, trace = draw("lstm")
    for bad in (2, -1, True, 0.0):
        with pytest.raises(ValueError, match=f"b: expected a sequence from 0 to B-1 = 1, got {bad}"):
            jacobian.jacobians(drawn, trace, bad)
    found = jacobian.jacobians(drawn, trace)
    with pytest.raises(ValueError, match="jacobians: expected finite"):
        jacobian.running_product(replace(found, J=found.J * np.nan))
    monkeypatch.setattr(jacobian, "LIMIT", 100)
    with pytest.raises(ValueError, match="T = 5 Jacobians of 6 × 6"):
        jacobian.jacobians(drawn, trace)
