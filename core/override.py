"""An LSTM whose gates are held by hand: at which steps, for which units, at which value.

What is not held is computed as ever, from the states that the held gates led to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core import lstm
from core.lstm import GATES, LSTMParams, LSTMTrace, block
from core.params import Array, sequence, sized

__all__ = ["Override", "forward_with", "held"]


@dataclass(frozen=True)
class Override:
    """One gate held at one value.

    Attributes:
        gate: "i", "f", "o" or "g" (the candidate).
        value: From 0 to 1, for the candidate from -1 to 1.
        first: First step at which it is held, from 1.
        last: Last such step; None holds it to the end.
        units: Units it is held for, from 0; None holds all.
    """

    gate: str
    value: float
    first: int = 1
    last: int | None = None
    units: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        if self.gate not in GATES:
            raise ValueError(f"gate: {self.gate!r} is not known. Choose one of {', '.join(GATES)}.")
        low = -1 if self.gate == "g" else 0
        if not low <= self.value <= 1:
            raise ValueError(
                f"value: {self.gate} goes from {low} to 1, got {self.value!r}. Choose a number in between."
            )


def held(overrides: Iterable[Override], T: int, H: int) -> Array:
    """The values at which gates are held (T, 4H), blocks i, f, o, g; NaN where a gate is computed.

    Where two overrides meet, the later one holds.

    Raises:
        ValueError: A step outside 1 … T or a unit outside 0 … H-1.
    """
    values = np.full((T, 4 * H), np.nan)
    for override in overrides:
        last = T if override.last is None else override.last
        if not 1 <= override.first <= last <= T:
            raise ValueError(
                f"first, last: expected steps from 1 to {T} in this order, got {override.first}, {last}. "
                "Hold the gate at steps of the sequence."
            )
        units = tuple(range(H)) if override.units is None else override.units
        if not set(units) <= set(range(H)):
            raise ValueError(f"units: expected units from 0 to {H - 1}, got {units}. Leave out the others.")
        block(values, override.gate)[override.first - 1 : last, list(units)] = override.value
    return values


def forward_with(
    params: LSTMParams,
    x: ArrayLike,
    overrides: Iterable[Override],
    h0: ArrayLike | None = None,
    c0: ArrayLike | None = None,
) -> LSTMTrace:
    """Run the layer over a sequence with some gates held.

    Args:
        params: Weights.
        x: (T, B, D).
        overrides: Which gates are held, where, and at what. None at all gives `core.lstm.forward`.
        h0: Initial hidden state (B, H), or None for zeros.
        c0: Initial cell state (B, H), or None for zeros.

    Returns:
        The trace; its gates are the held values where they are held.

    Raises:
        ValueError: As `held` and `core.lstm.forward`.
    """
    x = sequence(x, params.W_x)
    (T, B, _), H, kind = x.shape, params.H, x.dtype
    values = held(overrides, T, H)
    is_held = ~np.isnan(values)
    if not is_held.any():
        return lstm.forward(params, x, h0, c0)
    h, c = np.zeros((2, T + 1, B, H), kind)
    gates, tanh_c = np.empty((T, B, 4 * H), kind), np.empty((T, B, H), kind)
    h[0] = 0 if h0 is None else sized("h0", h0, ("B", "H"), (B, H), kind)
    c[0] = 0 if c0 is None else sized("c0", c0, ("B", "H"), (B, H), kind)
    for t in range(T):
        computed = lstm.forward(params, x[t : t + 1], h[t], c[t]).gates[0]
        gates[t] = np.where(is_held[t], values[t], computed)
        i_t, f_t, o_t, g_t = (block(gates[t], gate) for gate in GATES)
        c[t + 1] = f_t * c[t] + i_t * g_t
        tanh_c[t] = np.tanh(c[t + 1])
        h[t + 1] = o_t * tanh_c[t]
    return LSTMTrace(x, h, c, gates, tanh_c)
