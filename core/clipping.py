"""One gradient under no clipping, clipping by value and clipping by norm: length, direction, and where a step lands.

    none    θ ← θ - lr g
    value   θ ← θ - lr clip(g, ±limit)                     each entry by itself: the direction can turn
    norm    θ ← θ - lr g · min(1, max_norm/‖g‖)            the whole vector: the direction stays

Source: Pascanu, Mikolov & Bengio, "On the difficulty of training recurrent neural networks" (2013), section 3.2 and
figure 6; clipping by value: Mikolov, "Statistical language models based on neural networks" (2012).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.flow import clip_by_norm, clip_by_value, global_norm
from core.model import Model, parameters, run, with_parameters
from core.params import Array, finite_weights, float_array

__all__ = ["WAYS", "ClippedStep", "beyond", "degrees_between", "losses_along", "steps"]

WAYS = ("none", "value", "norm")


@dataclass(frozen=True, eq=False)
class ClippedStep:
    """One plain gradient step, clipped in one way.

    Attributes:
        way: "none", "value" or "norm".
        grads: The gradient after clipping, by parameter.
        length: Its norm.
        degrees: Angle to the gradient before clipping, 0 … 180; NaN if either is zero.
        along: Its part along the gradient before clipping.
        across: Its part at right angles to that; √(along² + across²) is ``length``.
        step: Length of the step, lr · length.
        loss: Loss after the step; infinite or NaN where that run overflows.
    """

    way: str
    grads: Mapping[str, Array]
    length: float
    degrees: float
    along: float
    across: float
    step: float
    loss: float


def degrees_between(one: Mapping[str, Array], other: Mapping[str, Array]) -> float:
    """Angle between two gradients taken as vectors over all parameters, in degrees.

    Taken from both sine and cosine: an arccosine alone has lost small angles to rounding.

    Returns:
        0 … 180; NaN if either has length 0 or is not finite.

    Raises:
        ValueError: The two have different names.
    """
    if set(one) != set(other):
        raise ValueError(f"other: expected the names {', '.join(one)}, got {', '.join(other)}.")
    a, b = _unit(one), _unit({name: other[name] for name in one})
    if a is None or b is None:
        return math.nan
    return math.degrees(2 * math.atan2(float(np.linalg.norm(a - b)), float(np.linalg.norm(a + b))))


def steps(
    model: Model,
    x: ArrayLike,
    y: ArrayLike,
    grads: Mapping[str, Array],
    *,
    lr: float,
    limit: float,
    max_norm: float,
) -> tuple[ClippedStep, ...]:
    """The same gradient clipped in each of `WAYS`, and the loss after one step with each.

    Args:
        model: Weights before the step.
        x: (T, B, D).
        y: Target, as `core.model.run` takes it.
        grads: ∂L/∂θ there.
        lr: Learning rate.
        limit: Largest size of an entry, above 0.
        max_norm: Largest norm, above 0.

    Raises:
        ValueError: A limit that is not a finite number above 0.
    """
    clipped = {"none": dict(grads), "value": clip_by_value(grads, limit), "norm": clip_by_norm(grads, max_norm)}
    found = []
    for way in WAYS:
        length, degrees = global_norm(clipped[way]), degrees_between(grads, clipped[way])
        along, across = length * math.cos(math.radians(degrees)), length * math.sin(math.radians(degrees))
        loss = float(losses_along(model, x, y, clipped[way], [lr])[0])
        found.append(ClippedStep(way, clipped[way], length, degrees, along, across, lr * length, loss))
    return tuple(found)


def losses_along(model: Model, x: ArrayLike, y: ArrayLike, direction: Mapping[str, Array], amounts: ArrayLike) -> Array:
    """Loss at θ - s · direction for each amount s (n,).

    Returns:
        (n,) float64; infinity or NaN where a run overflows, NaN where the weights it would take do, without a warning.

    Raises:
        ValueError: NaN or infinity in model, ``x``, ``y`` or ``amounts``.
    """
    theta = parameters(model)
    finite_weights(np.float64, **theta)
    losses = []
    with np.errstate(all="ignore"):
        for s in float_array("amounts", amounts, ("n",), np.float64):
            moved = {name: value - s * direction[name] for name, value in theta.items()}
            finite = all(np.isfinite(value).all() for value in moved.values())
            losses.append(run(with_parameters(model, moved), x, y).loss if finite else math.nan)
    return np.array(losses, np.float64)


def beyond(grads: Mapping[str, Array], limit: float) -> tuple[int, int]:
    """How many entries of a gradient are larger than a limit, and how many entries there are."""
    return sum(int((np.abs(g) > limit).sum()) for g in grads.values()), sum(g.size for g in grads.values())


def _unit(grads: Mapping[str, Array]) -> Array | None:
    """The gradient as one vector of length 1, or None where it has no direction."""
    flat = np.concatenate([np.asarray(g, np.float64).ravel() for g in grads.values()])
    largest = float(np.abs(flat).max(initial=0))
    if largest == 0 or not math.isfinite(largest):
        return None
    flat /= largest  # squares of very large or small entries would be lost
    return np.asarray(flat / np.linalg.norm(flat))
