"""Slopes at pre-activations, constant products beyond the float range, and the typical factor."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import slopes
from core.activations import ACTIVATIONS


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_is_the_derivative(name):
    """φ'(a) agrees with a finite difference of φ away from ReLU's kink, and never exceeds the activation's bound."""
    a = np.array([-3.0, -0.7, 0.4, 2.5])
    phi, eps = ACTIVATIONS[name], 1e-6
    up, down = (phi.apply(a + s, np.empty(4)) for s in (eps, -eps))
    np.testing.assert_allclose(slopes.slope_at(name, a), (up - down) / (2 * eps), rtol=1e-6, atol=1e-9)
    assert slopes.slope_at(name, np.linspace(-9, 9, 181)).max() == pytest.approx(phi.steepest)


def test_sigmoid_is_steepest_at_zero():
    """The chapter's 0.25 is the slope at 0."""
    assert slopes.slope_at("sigmoid", 0.0) == 0.25


def test_the_chapters_powers():
    """0.25¹⁰⁰ is 6.2e-61 and 2¹⁰⁰ is 1.27e30."""
    assert 10 ** float(slopes.constant_product_log10(0.25, 100)) == pytest.approx(0.25**100)
    assert 10 ** float(slopes.constant_product_log10(2.0, 100)) == pytest.approx(2.0**100)


def test_powers_beyond_a_float_keep_their_logarithm():
    """Nothing underflows or overflows; no step leaves all there was, even of a zero."""
    found = slopes.constant_product_log10(0.25, [0, 1, 1000])
    np.testing.assert_allclose(found, [0, math.log10(0.25), 1000 * math.log10(0.25)])
    assert slopes.constant_product_log10(0.0, [0, 1]).tolist() == [0, -math.inf]


@pytest.mark.parametrize(("factor", "k"), [(-0.1, 1), (math.inf, 1), (math.nan, 1)])
def test_powers_refuse_what_is_no_factor(factor, k):
    """A factor that is negative or not finite is named."""
    with pytest.raises(ValueError, match=r"^factor: expected a finite number"):
        slopes.constant_product_log10(factor, k)


@given(st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=20))
def test_typical_factor_gives_the_same_product(factors):
    """Taken every time, the typical factor multiplies to what the factors do."""
    assert len(factors) * math.log10(slopes.typical(factors)) == pytest.approx(
        sum(math.log10(f) for f in factors), abs=1e-9
    )


def test_typical_leaves_out_steps_without_a_gradient():
    """NaN is no factor; a factor of 0 makes the whole product 0."""
    assert slopes.typical([math.nan, 0.5]) == pytest.approx(0.5)
    assert slopes.typical([0.0, 2.0]) == 0
    assert math.isnan(slopes.typical([math.nan]))
