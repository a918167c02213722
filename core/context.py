"""What a network still holds of one word: the same text with other words in that word's place, side by side in a batch.

spread   √(mean over sequences of ‖c_t - mean‖²)    how far the states lie apart: what tells the words from each other
shares   each unit's part of that variance
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.model import Model, run
from core.params import Array, float_array

__all__ = ["answers", "holders", "shares", "spread"]


def spread(states: Array) -> Array:
    """How far the states of several sequences lie apart at each step (T+1,), from states (T+1, B, H).

    Raises:
        ValueError: ``states`` has other axes, NaN or infinity.
    """
    states = float_array("states", states, ("T+1", "B", "H"))
    return np.asarray(np.sqrt(_variance(states).sum(axis=1)))


def shares(states: Array) -> Array:
    """Each unit's part (H,) of the variance between sequences (B, H); all 0 where there is none.

    Raises:
        ValueError: ``states`` has other axes, NaN or infinity.
    """
    states = float_array("states", states, ("B", "H"))
    by_unit = _variance(states)
    total = by_unit.sum()
    return by_unit / total if total > 0 else np.zeros_like(by_unit)


def holders(share: Array, part: float = 0.8) -> NDArray[np.intp]:
    """The fewest units whose shares add up to ``part``, the largest share first.

    Raises:
        ValueError: ``part`` is not above 0 and at most 1, or ``share`` is not one row of finite numbers.
    """
    share = float_array("share", share, ("H",))
    if not 0 < part <= 1:
        raise ValueError(f"part: expected a share above 0, at most 1, got {part!r}.")
    order = np.argsort(-share, kind="stable")
    reached = np.cumsum(share[order]) >= part * share.sum() - 1e-12
    return order[: int(np.argmax(reached)) + 1]


def answers(model: Model, x: ArrayLike) -> Array:
    """What the read-out says after each word (T, B, O), although the loss stands at the last one alone."""
    return run(replace(model, readout="every"), x).y_hat


def _variance(states: Array) -> Array:
    return np.asarray(states.var(axis=-2))
