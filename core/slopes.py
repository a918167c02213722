"""Slopes of the activations as curves, products of one constant factor, and the typical factor of a run.

The chapter's 0.25¹⁰⁰ and 2¹⁰⁰ are such products: what every step would do if each multiplied by the same number.

Source: Bengio, Simard & Frasconi, "Learning long-term dependencies with gradient descent is difficult" (1994).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from core.activations import activation
from core.flow import log10
from core.params import Array, finite_in

__all__ = ["constant_product_log10", "slope_at", "typical"]


def slope_at(name: str, a: ArrayLike) -> Array:
    """φ'(a) of an activation, for pre-activations of any shape.

    Args:
        name: tanh, sigmoid, relu or identity.
        a: Pre-activations, any shape.

    Raises:
        ValueError: The activation is not known, or NaN or infinity in ``a``.
    """
    phi = activation(name)
    values = np.asarray(a, np.float64)
    finite_in("a", a=values)
    return phi.slope(phi.apply(values, np.empty_like(values)))


def constant_product_log10(factor: float, k: ArrayLike) -> Array:
    """log₁₀ of factor^k: what k steps leave of 1 if each multiplies by the same factor.

    The logarithm stays exact where the power would underflow or overflow; 0^0 is 1.

    Args:
        factor: 0 or more, finite.
        k: Numbers of steps, 0 or more, any shape.

    Raises:
        ValueError: A negative or infinite factor, or a negative k.
    """
    steps = np.asarray(k, np.float64)
    if not (math.isfinite(factor) and factor >= 0):
        raise ValueError(f"factor: expected a finite number of 0 or more, got {factor!r}. Choose such a number.")
    if not (np.isfinite(steps) & (steps >= 0)).all():
        raise ValueError(f"k: expected finite numbers of steps, 0 or more, got {k!r}. Leave the others out.")
    # -inf · 0 would be NaN, where no step leaves all there was.
    with np.errstate(invalid="ignore"):
        return np.where(steps == 0, 0.0, steps * log10(factor))


def typical(factors: ArrayLike) -> float:
    """Geometric mean of a run's step factors: the one factor that, taken every time, gives the same product.

    Args:
        factors: 0 or more, any shape. NaN (a step that no gradient reached) is left out.

    Returns:
        The mean; 0 if any factor is 0, NaN if none is left.
    """
    values = np.asarray(factors, np.float64).ravel()
    values = values[~np.isnan(values)]
    return float(10 ** log10(values).mean()) if values.size else math.nan
