"""∂c_T/∂c_t measured by nudging: a cell state is moved a little, h_t moves with it, and the rest of the text is run.

Nothing of it uses a derivative; the anatomy (`core.paths`) must hit it. The quotient is the six-point central one,
(f(3d) - 9 f(2d) + 45 f(d) - 45 f(-d) + 9 f(-2d) - f(-3d)) / 60 d, whose error falls with d⁶.
"""

from __future__ import annotations

import numpy as np

from core import lstm
from core.lstm import LSTMParams, LSTMTrace
from core.params import Array

NUDGE = 2e-3
POINTS = (-3, -2, -1, 1, 2, 3)
WEIGHTS = (-1 / 60, 9 / 60, -45 / 60, 45 / 60, -9 / 60, 1 / 60)


def nudged(params: LSTMParams, trace: LSTMTrace) -> Array:
    """∂c_T/∂c_t for t = 1 … T.

    Args:
        params: Weights of an LSTM.
        trace: Its run of one sequence.

    Returns:
        (T, H, H), entry [v, u] is ∂c_T[v]/∂c_t[u].
    """
    T, H = len(trace.x), params.H
    found = np.empty((T, H, H))
    moves = np.concatenate([k * NUDGE * np.eye(H) for k in POINTS])  # a row a run
    for t in range(1, T + 1):
        c = trace.c[t, 0] + moves
        h = trace.o[t - 1, 0] * np.tanh(c)
        after = np.repeat(trace.x[t:], len(moves), axis=1)
        last = lstm.forward(params, after, h, c).c[-1] if t < T else c
        found[t - 1] = np.tensordot(WEIGHTS, last.reshape(len(POINTS), H, H), axes=1).T / NUDGE
    return found
