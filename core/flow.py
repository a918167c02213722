"""Gradient flow: how large gradients are, and clipping them.

Source: Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural networks" (2013).
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from core.params import Array

# Between these, a plain sum of squares in float64 has lost nothing that shows in its root.
_SAFE_SQUARES = (1e-200, 1e300)


def global_norm(grads: Mapping[str, Array]) -> float:
    """Length of all gradients taken as one vector, √Σ g².

    Squares are taken of scaled entries where they would overflow or underflow, so entries of 1e200 or 1e-200 are exact.

    Args:
        grads: Gradients by name, any shapes.

    Returns:
        The norm; NaN if any entry is NaN, otherwise infinity if any entry is infinite or the norm passes 1.8e308.
        No warning is raised in either case: test with ``math.isfinite``. An empty mapping has norm 0.
    """
    largest, rest = _scaled_norm(grads)
    return largest * rest


def clip_by_norm(grads: Mapping[str, Array], max_norm: float) -> dict[str, Array]:
    """Shorten the gradient to ``max_norm`` if it is longer; its direction stays (Pascanu et al. 2013, algorithm 1).

        g ← g · max_norm / ‖g‖   if ‖g‖ > max_norm, with ‖g‖ over all parameters together (`global_norm`)

    Args:
        grads: Gradients by name, any shapes. Never written to.
        max_norm: Longest length allowed, finite and above 0.

    Returns:
        A new dict. Its arrays are new where something was clipped and the caller's own where nothing was. A gradient
        that holds NaN or infinity comes back as it is: no scaling mends it, and it should stay visible.

    Raises:
        ValueError: ``max_norm`` is not a finite number above 0.
    """
    bound = _positive("max_norm", max_norm)
    largest, rest = _scaled_norm(grads)
    # Not largest * rest: that may overflow although every entry is finite.
    if not math.isfinite(largest) or largest * rest <= bound:
        return dict(grads)
    # In float64, for ``largest`` may be beyond float32.
    return {name: (grad / np.float64(largest) * (bound / rest)).astype(grad.dtype) for name, grad in grads.items()}


def clip_by_value(grads: Mapping[str, Array], limit: float) -> dict[str, Array]:
    """Bring every entry into [-limit, limit]; this can turn the gradient's direction.

    Args:
        grads: Gradients by name, any shapes. Never written to.
        limit: Largest absolute value allowed, finite and above 0.

    Returns:
        A new dict. Arrays without an entry beyond the limit are the caller's own. Infinity becomes ±limit; NaN stays.

    Raises:
        ValueError: ``limit`` is not a finite number above 0.
    """
    bound = _positive("limit", limit)
    return {
        name: np.clip(grad, -bound, bound) if np.any(np.abs(grad) > bound) else grad for name, grad in grads.items()
    }


def _positive(name: str, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, float | int | np.number) or not 0 < value < math.inf:
        raise ValueError(f"{name}: expected a finite number above 0, got {value!r}.")
    return float(value)


def _scaled_norm(grads: Mapping[str, Array]) -> tuple[float, float]:
    """(m, r) with ‖g‖ = m·r: m is 1 where plain squares are safe, otherwise the largest absolute entry."""
    flat = [np.asarray(grad, np.float64).ravel() for grad in grads.values() if grad.size]
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        squares = float(sum(g @ g for g in flat))
        if squares == 0 and not any(g.any() for g in flat):
            return 0.0, 1.0
        if _SAFE_SQUARES[0] < squares < _SAFE_SQUARES[1]:
            return 1.0, math.sqrt(squares)
        largest = float(np.max([np.abs(g).max() for g in flat]))
        if not math.isfinite(largest):
            return largest, 1.0
        return largest, math.sqrt(sum(float((g / largest) @ (g / largest)) for g in flat))
