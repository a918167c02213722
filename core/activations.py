"""Activation functions of the vanilla RNN, each with its slope written in terms of its own output.

Backward passes read the slope from the stored state, so no pre-activation is evaluated twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from core.params import Array

__all__ = ["ACTIVATIONS", "Activation", "activation", "sigmoid"]


@dataclass(frozen=True)
class Activation:
    """One activation φ and its derivative.

    Attributes:
        name: The name used in settings and links.
        apply: ``apply(a, out)`` writes φ(a) into ``out`` (same shape as ``a``, may be ``a``) and returns it.
        slope: ``slope(h)`` returns φ'(a) as a new array, from the output h = φ(a).
        steepest: The largest value φ' can take, the bound used for products of slopes.
    """

    name: str
    apply: Callable[[Array, Array], Array]
    slope: Callable[[Array], Array]
    steepest: float


def sigmoid(a: Array, out: Array | None = None) -> Array:
    """Logistic function 1 / (1 + e^-a), for any real a, without overflow.

    Written as ½ tanh(a/2) + ½, which is the same function: tanh saturates where exp would overflow. The price
    is absolute instead of relative accuracy far out on the left (below 1e-16 the result is 0).

    Args:
        a: Any shape.
        out: Where to write, or None for a new array.

    Returns:
        Values in [0, 1], the shape and dtype of ``a``.
    """
    out = np.multiply(a, 0.5, out=out)
    np.tanh(out, out=out)
    out *= 0.5
    out += 0.5
    return out


def _sigmoid_slope(h: Array) -> Array:
    slope: Array = h * (1 - h)
    return slope


def _tanh_slope(h: Array) -> Array:
    slope: Array = 1 - h * h
    return slope


def _relu(a: Array, out: Array) -> Array:
    return np.maximum(a, 0, out=out)


def _relu_slope(h: Array) -> Array:
    # The subgradient at 0 is taken as 0, as PyTorch does.
    return (h > 0).astype(h.dtype)


def _identity(a: Array, out: Array) -> Array:
    np.copyto(out, a)
    return out


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        "tanh": Activation("tanh", lambda a, out: np.tanh(a, out=out), _tanh_slope, 1.0),
        "sigmoid": Activation("sigmoid", sigmoid, _sigmoid_slope, 0.25),
        "relu": Activation("relu", _relu, _relu_slope, 1.0),
        "identity": Activation("identity", _identity, np.ones_like, 1.0),
    }
)


def activation(name: str) -> Activation:
    """Look an activation up by name.

    Raises:
        ValueError: The name is not one of tanh, sigmoid, relu, identity.
    """
    try:
        return ACTIVATIONS[name]
    except (KeyError, TypeError):
        known = ", ".join(ACTIVATIONS)
        raise ValueError(f"activation: {name!r} is not known. Choose one of {known}.") from None
