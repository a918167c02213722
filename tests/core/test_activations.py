"""The activation functions and their slopes."""

import numpy as np
import pytest

from core.activations import ACTIVATIONS, activation, sigmoid

POINTS = np.array([-1e3, -30.0, -2.0, -0.5, 0.3, 1.0, 4.0, 30.0, 1e3])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_slope_is_the_measured_derivative(name):
    """φ' read from the output equals the central difference of φ."""
    phi, eps = activation(name), 1e-6
    rise = phi.apply(POINTS + eps, np.empty(9)) - phi.apply(POINTS - eps, np.empty(9))
    slope = phi.slope(phi.apply(POINTS, np.empty(9)))
    np.testing.assert_allclose(slope, rise / (2 * eps), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_steepest_is_the_largest_slope(name):
    """No slope exceeds `steepest`, and it is reached."""
    phi = activation(name)
    a = np.linspace(-5, 5, 1001)
    assert phi.slope(phi.apply(a, np.empty_like(a))).max() == phi.steepest


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_apply_may_overwrite_its_argument(name):
    """Writing into the argument itself gives the same values as writing beside it."""
    phi, beside, inside = activation(name), np.empty(9), POINTS.copy()
    assert phi.apply(POINTS, beside) is beside
    phi.apply(inside, inside)
    np.testing.assert_array_equal(inside, beside)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_name_is_the_key(name):
    """Settings and links find an activation under the name it bears."""
    assert activation(name).name == name


def test_relu_has_no_slope_at_zero():
    """The subgradient at 0 is 0, PyTorch's choice."""
    assert activation("relu").slope(np.zeros(1)) == 0


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_sigmoid_is_the_logistic_function(dtype):
    """σ(a) = 1 / (1 + e^-a) to the dtype's precision, 0 and 1 far out, σ(-a) = 1 - σ(a), no overflow."""
    a = np.linspace(-30, 30, 61).astype(dtype)
    np.testing.assert_allclose(sigmoid(a), 1 / (1 + np.exp(-a)), atol=2 * np.finfo(dtype).eps)
    np.testing.assert_allclose(sigmoid(a) + sigmoid(-a), 1, atol=2 * np.finfo(dtype).eps)
    np.testing.assert_array_equal(sigmoid(np.array([-1e3, 0, 1e3], dtype)), [0, 0.5, 1])
    assert sigmoid(a).dtype == dtype


@pytest.mark.parametrize("name", ["gelu", "", None, ["tanh"]])
def test_unknown_activation_lists_the_known_ones(name):
    """The error repeats what came and lists the choices, also for things that are no names."""
    with pytest.raises(ValueError, match=r"activation: .* is not known\. Choose one of tanh, sigmoid, relu, identity"):
        activation(name)
