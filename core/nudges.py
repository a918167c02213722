"""One entry of an RNN's W_h nudged: at one use of it alone, or at all of them, as the shared weight that it is.

a_t = x_t W_x + h_{t-1} W_h + b is linear in W_h, so a nudge of W_h[i, j] at step t adds nudge · h_{t-1}[i] to a_t[j].
Added up over the uses, the changes of the loss agree with that of the weight itself up to terms of second order in the
nudge: ∂L/∂W_h = Σ_t G_t.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.activations import activation
from core.losses import LOSSES, targets
from core.model import Model, Trace
from core.params import Array, size
from core.rnn import RNNParams, RNNTrace

__all__ = ["Nudged", "nudge_each", "nudge_use", "nudge_weight"]


@dataclass(frozen=True, eq=False)
class Nudged:
    """The run for each of n nudges. S is the number of scored steps.

    Attributes:
        h: States, h_0 first (T+1, n, H).
        y_hat: Outputs (S, n, O).
        losses: Loss of each scored step (S, n).
        loss: Their sum (n,).
    """

    h: Array
    y_hat: Array
    losses: Array
    loss: Array


def nudge_use(model: Model, trace: Trace, y: ArrayLike, entry: tuple[int, int], t: int, by: Sequence[float]) -> Nudged:
    """The run with W_h[i, j] nudged at the use of step t alone.

    Args:
        model: A vanilla RNN.
        trace: Its run of one sequence.
        y: The target, as `core.model.run` takes it.
        entry: Row i and column j of W_h.
        t: Step, 1 … T, whose use is nudged.
        by: The n nudges.

    Raises:
        ValueError: Another cell, several sequences, or a step or an entry that is not there.
    """
    T = len(trace.cell.x)
    if not 1 <= size("t", t) <= T:
        raise ValueError(f"t: expected a step from 1 to T = {T}, got {t}.")
    (found,) = _nudged(model, trace, y, entry, np.eye(T, dtype=bool)[t - 1 : t], by)
    return found


def nudge_weight(model: Model, trace: Trace, y: ArrayLike, entry: tuple[int, int], by: Sequence[float]) -> Nudged:
    """The run with W_h[i, j] nudged, and so all its uses; arguments and errors as for `nudge_use`."""
    (found,) = _nudged(model, trace, y, entry, np.ones((1, len(trace.cell.x)), dtype=bool), by)
    return found


def nudge_each(
    model: Model, trace: Trace, y: ArrayLike, entry: tuple[int, int], by: Sequence[float]
) -> tuple[Nudged, ...]:
    """`nudge_use` for every step t = 1 … T, and `nudge_weight` last, in one run: (T+1,) results."""
    T = len(trace.cell.x)
    return _nudged(model, trace, y, entry, np.vstack([np.eye(T, dtype=bool), np.ones((1, T), dtype=bool)]), by)


def _nudged(
    model: Model, trace: Trace, y: ArrayLike, entry: tuple[int, int], uses: NDArray[np.bool_], by: Sequence[float]
) -> tuple[Nudged, ...]:
    """One result for each row of ``uses`` (m, T), which says at which steps the entry is nudged."""
    cell, (i, j) = _checked(model, trace, entry)
    m, n, phi = len(uses), len(by), activation(cell.activation)
    nudges = uses.T[:, :, None] * np.asarray(by, cell.h.dtype)  # (T, m, n)
    h = np.repeat(cell.h, m * n, axis=1)
    for t in range(1, len(cell.x) + 1):
        # What the step adds up as it is, but from the states as they are by now.
        a = cell.a[t - 1] + (h[t - 1] - cell.h[t - 1]) @ model.cell.W_h
        a[:, j] += nudges[t - 1].ravel() * h[t - 1, :, i]
        phi.apply(a, h[t])
    whole = _scored(model, h, y)
    groups = [slice(k * n, (k + 1) * n) for k in range(m)]
    return tuple(Nudged(whole.h[:, g], whole.y_hat[:, g], whole.losses[:, g], whole.loss[g]) for g in groups)


def _checked(model: Model, trace: Trace, entry: tuple[int, int]) -> tuple[RNNTrace, tuple[int, int]]:
    if not isinstance(model.cell, RNNParams) or not isinstance(trace.cell, RNNTrace) or trace.cell.x.shape[1] != 1:
        B = trace.cell.x.shape[1]
        raise ValueError(f"trace: expected an RNN's run of one sequence, got {model.kind} with B = {B}. Pick one.")
    H = model.cell.H
    if not all(0 <= k < H for k in entry):
        raise ValueError(f"entry: expected row and column of W_h from 0 to {H - 1}, got {entry}.")
    return trace.cell, entry


def _scored(model: Model, h: Array, y: ArrayLike) -> Nudged:
    scored = h[1:] if model.readout == "every" else h[-1:]
    S, n, H = scored.shape
    logits = (scored.reshape(S * n, H) @ model.W_y).reshape(S, n, -1) + model.b_y
    one = np.asarray(y)[None] if model.readout == "last" else np.asarray(y)
    losses, y_hat, _ = LOSSES[model.loss](logits, targets(model.loss, one.repeat(n, axis=1), logits.shape, h.dtype))
    return Nudged(h, y_hat, losses, losses.sum(axis=0))
