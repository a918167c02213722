"""A run that explodes ends in a record, and the first infinity and the first NaN are found with their causes."""

import math
from dataclasses import replace

import numpy as np
import pytest

from core import model, overflow
from core.model import Model
from core.rnn import RNNParams


def network(W_h, W_x=None, activation="identity", W_y=None):
    """An RNN with these weights, linear read-out and squared error."""
    W_h = np.asarray(W_h, float)
    H = len(W_h)
    W_x = np.ones((1, H)) if W_x is None else np.asarray(W_x, float)
    W_y = np.ones((H, 1)) if W_y is None else np.asarray(W_y, float)
    return Model(RNNParams(W_x, W_h, np.zeros(H)), W_y, np.zeros(1), activation, "last", "mse")


def places(found, T):
    """First infinity and first NaN of a run on ones."""
    with np.errstate(all="ignore"):
        trace = model.run(found, np.ones((T, 1, 1)), np.ones((1, 1)))
    return overflow.first_places(found, trace)


def test_overflow_of_a_growing_state_is_found_at_its_step():
    """1e100 a step passes 1.8e308 at the fourth step; alone and positive it never becomes NaN before the loss."""
    infinity, nan = places(network([[1e100]]), 6)
    assert (infinity.quantity, infinity.t, infinity.unit, infinity.cause) == ("a", 5, 1, "overflow")
    assert infinity.before == pytest.approx(1e300)
    assert nan is None


def test_infinities_of_both_signs_make_nan():
    """Unit 2 subtracts one infinite state from another: ∞ - ∞."""
    infinity, nan = places(network([[1e200, 1e200], [1e200, -1e200]]), 4)
    assert (infinity.quantity, infinity.t, infinity.unit, infinity.cause) == ("a", 3, 1, "overflow")
    assert (nan.quantity, nan.t, nan.unit, nan.cause) == ("a", 4, 2, "inf - inf")


def test_zero_times_infinity_makes_nan():
    """An infinite state meets a weight of exactly 0."""
    infinity, nan = places(network([[1e200, 0.0], [0.0, 0.5]]), 4)
    assert (infinity.t, infinity.unit) == (3, 1)
    assert (nan.quantity, nan.t, nan.unit, nan.cause) == ("a", 4, 2, "0 * inf")


def test_a_loss_that_overflows_alone_is_named():
    """States stay finite, their squared error does not."""
    infinity, nan = places(network([[1e100]]), 3)
    assert (infinity.quantity, infinity.t, infinity.cause) == ("L", 3, "overflow")
    assert nan is None


@pytest.mark.parametrize(("y", "cause"), [(0.0, "0 * inf"), (1.0, "inf - inf")])
def test_cross_entropy_of_an_infinite_output_is_nan(y, cause):
    """max(z, 0) - zy with z infinite: for y = 0 a zero meets the infinity, for y = 1 two infinities do."""
    found = replace(network([[1e200]]), loss="bce")
    with np.errstate(all="ignore"):
        trace = model.run(found, np.ones((3, 1, 1)), np.full((1, 1), y))
    infinity, nan = overflow.first_places(found, trace)
    assert (infinity.quantity, infinity.t) == ("a", 3)
    assert (nan.quantity, nan.t, nan.unit, nan.cause) == ("L", 3, 0, cause)


@pytest.mark.parametrize("norm", [math.inf, math.nan])
def test_a_gradient_that_overflows_after_a_finite_run_is_named(norm):
    """The forward pass is finite, so the first number that is not is an infinity in the gradient."""
    found = network([[0.5]])
    infinity, nan = overflow.first_places(found, model.run(found, np.ones((3, 1, 1)), np.ones((1, 1))), norm)
    assert (infinity.quantity, infinity.t, infinity.cause) == ("g", 3, "overflow")
    assert nan is None


def test_an_update_too_large_for_floats_ends_the_descent():
    """Loss and gradient are finite, lr times the gradient is not: the record after it says so, and nothing raises."""
    found = overflow.descend(network([[2.0]]), np.ones((30, 1, 1)), np.ones((1, 1)), lr=1e300, updates=5)
    assert [u.finite for u in found.updates] == [True, False]
    assert not math.isfinite(found.updates[-1].weights)
    assert (found.infinity.quantity, found.infinity.cause, found.nan) == ("g", "overflow", None)


def test_a_finite_run_has_no_place():
    """Nothing is reported of an ordinary run."""
    assert places(network([[0.5]]), 8) == (None, None)


def test_only_an_rnn_has_these_causes():
    """The LSTM's sums are others."""
    found = model.init("lstm", 1, 2, 1, rng=np.random.default_rng(0))
    trace = model.run(found, np.ones((2, 1, 1)), np.ones((1, 1)))
    with pytest.raises(ValueError, match="expected an RNN"):
        overflow.first_places(found, trace)


def test_descent_ends_at_the_first_number_that_is_not_finite():
    """Every record but the last is finite; nothing raises or warns, and clipping keeps the same run finite."""
    rng = np.random.default_rng(0)
    start = model.init("rnn", 2, 6, 1, rng=rng, activation="identity", loss="mse", scheme="orthogonal", gain=1.1)
    x, y = rng.normal(size=(20, 1, 2)), np.ones((1, 1))
    broken = overflow.descend(start, x, y, lr=0.1, updates=30)
    assert [u.finite for u in broken.updates] == [True] * (len(broken.updates) - 1) + [False]
    assert [u.update for u in broken.updates] == list(range(len(broken.updates)))
    assert broken.infinity is not None or broken.nan is not None
    kept = overflow.descend(start, x, y, lr=0.1, updates=30, max_norm=0.1)
    assert len(kept.updates) == 31
    assert all(u.finite for u in kept.updates)
    assert kept.infinity is kept.nan is None


def test_descent_takes_plain_gradient_steps():
    """The second record is the loss after θ - lr g."""
    start = network([[0.5]])
    x, y = np.ones((3, 1, 1)), np.zeros((1, 1))
    first, second = overflow.descend(start, x, y, lr=0.01, updates=1).updates
    grads = model.backprop(start, model.run(start, x, y)).grads
    moved = model.with_parameters(start, {n: p - 0.01 * grads[n] for n, p in model.parameters(start).items()})
    assert second.loss == model.run(moved, x, y).loss
    assert first.norm == pytest.approx(math.sqrt(sum(float((g * g).sum()) for g in grads.values())))
