"""What stands between an LSTM's gates and its states: the joined input, each gate's sum, the two halves of c_t.

A gate reads the last state and the input as one vector, [h_{t-1}, x_t] W + b with W the rows of W_h above those of W_x;
that is x_t W_x + h_{t-1} W_h + b as `core.lstm` computes it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core import lstm
from core.lstm import LSTMParams, LSTMTrace
from core.params import Array, finite_in

__all__ = ["Inside", "inside", "joined_weights"]


@dataclass(frozen=True, eq=False)
class Inside:
    """The parts of every step, t = 1 … T in row t-1.

    Attributes:
        joined: [h_{t-1}, x_t] (T, B, H+D).
        terms: Each entry of it times its weight (T, B, H+D, 4H); with b they add up to ``a``.
        a: The gates' arguments (T, B, 4H), blocks i, f, o, g.
        kept: f_t ⊙ c_{t-1}, what is left of the old cell state (T, B, H).
        written: i_t ⊙ g_t, what is added to it (T, B, H).
    """

    joined: Array
    terms: Array
    a: Array
    kept: Array
    written: Array


def joined_weights(params: LSTMParams) -> Array:
    """The weights that act on [h_{t-1}, x_t] (H+D, 4H), blocks i, f, o, g."""
    return np.concatenate([params.W_h, params.W_x])


def inside(params: LSTMParams, trace: LSTMTrace) -> Inside:
    """Take a forward pass apart.

    Args:
        params: The weights the trace was made with.
        trace: What `core.lstm.forward` or `core.override.forward_with` returned.

    Raises:
        ValueError: Weights of another size, NaN or infinity in ``params`` or ``trace``.
    """
    a = lstm.pre_activations(params, trace)
    finite_in("trace", c=trace.c, gates=trace.gates)
    joined = np.concatenate([trace.h[:-1], trace.x], axis=2)
    return Inside(
        joined,
        joined[..., None] * joined_weights(params),
        a,
        trace.f * trace.c[:-1],
        trace.i * trace.g,
    )
