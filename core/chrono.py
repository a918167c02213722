"""Chrono initialisation: forget biases drawn so that the units' memories span the whole sequence.

    b_f = log U(1, T_max - 1)        b_i = -b_f

A forget gate held at σ(b_f) = u/(1 + u) forgets with the time constant 1 + u steps, so with u from U(1, T_max - 1) the
time constants are spread evenly from 2 to T_max.

Source: Tallec & Ollivier, "Can recurrent neural networks warp time?" (2018), equation 16.
"""

from __future__ import annotations

import numpy as np

from core.lstm import LSTMParams, block
from core.params import size

__all__ = ["chrono"]


def chrono(params: LSTMParams, T_max: int, *, rng: np.random.Generator) -> LSTMParams:
    """The same weights with chrono biases of the forget and the input gates.

    Args:
        params: Weights; never written to.
        T_max: Longest dependency expected, in steps, at least 3.
        rng: Source of the draws, one for each unit.

    Raises:
        ValueError: T_max below 3.
    """
    if size("T_max", T_max) < 3:
        raise ValueError(f"T_max: expected at least 3 steps, got {T_max}. Below that there is nothing to span.")
    b = params.b.copy()
    block(b, "f")[:] = np.log(rng.uniform(1, T_max - 1, params.H))
    block(b, "i")[:] = -block(b, "f")
    return LSTMParams(params.W_x, params.W_h, b)
