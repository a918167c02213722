"""Gradient norms and clipping are what they say, also at the ends of the float range."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core import flow

GRADS = st.fixed_dictionaries(
    {
        "W": hnp.arrays(np.float64, (3, 2), elements=st.floats(-1e3, 1e3)),
        "b": hnp.arrays(np.float64, (2,), elements=st.floats(-1e3, 1e3)),
    }
)


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
