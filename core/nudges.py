"""One entry of an RNN's W_h nudged: at one use of it alone, or at all of them, as the shared weight that it is.

a_t = x_t W_x + h_{t-1} W_h + b is linear in W_h, so a nudge of W_h[i, j] at step t adds nudge · h_{t-1}[i] to a_t[j].
Added up over the uses, the changes of the loss agree with that of the weight itself up to terms of second order in the
nudge: ∂L/∂W_h = Σ_t G_t.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core import rnn
from core.activations import activation
from core.losses import LOSSES, targets
from core.model import Model, Trace
from core.params import Array, size
from core.rnn import RNNParams, RNNTrace

__all__ = ["Nudged", "nudge_use", "nudge_weight"]


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
    params, cell, (i, j) = _checked(model, trace, entry)
    if not 1 <= size("t", t) <= len(cell.x):
        raise ValueError(f"t: expected a step from 1 to T = {len(cell.x)}, got {t}.")
    n, phi = len(by), activation(cell.activation)
    h = np.repeat(cell.h, n, axis=1)
    a = np.repeat(cell.a[t - 1], n, axis=0)
    a[:, j] += np.asarray(by) * cell.h[t - 1, 0, i]
    phi.apply(a, h[t])
    if t < len(cell.x):
        h[t:] = rnn.forward(params, np.repeat(cell.x[t:], n, axis=1), h[t], activation=cell.activation).h
    return _scored(model, h, y)


def nudge_weight(model: Model, trace: Trace, y: ArrayLike, entry: tuple[int, int], by: Sequence[float]) -> Nudged:
    """The run with W_h[i, j] nudged, and so all its uses; arguments and errors as for `nudge_use`."""
    _, cell, (i, j) = _checked(model, trace, entry)
    n, phi = len(by), activation(cell.activation)
    h = np.repeat(cell.h, n, axis=1)
    for t in range(1, len(cell.x) + 1):
        # What the step adds up as it is, but from the states as they are by now.
        a = cell.a[t - 1] + (h[t - 1] - cell.h[t - 1]) @ model.cell.W_h
        a[:, j] += np.asarray(by) * h[t - 1, :, i]
        phi.apply(a, h[t])
    return _scored(model, h, y)


def _checked(model: Model, trace: Trace, entry: tuple[int, int]) -> tuple[RNNParams, RNNTrace, tuple[int, int]]:
    if not isinstance(model.cell, RNNParams) or not isinstance(trace.cell, RNNTrace) or trace.cell.x.shape[1] != 1:
        B = trace.cell.x.shape[1]
        raise ValueError(f"trace: expected an RNN's run of one sequence, got {model.kind} with B = {B}. Pick one.")
    H = model.cell.H
    if not all(0 <= k < H for k in entry):
        raise ValueError(f"entry: expected row and column of W_h from 0 to {H - 1}, got {entry}.")
    return model.cell, trace.cell, entry


def _scored(model: Model, h: Array, y: ArrayLike) -> Nudged:
    scored = h[1:] if model.readout == "every" else h[-1:]
    S, n, H = scored.shape
    logits = (scored.reshape(S * n, H) @ model.W_y).reshape(S, n, -1) + model.b_y
    one = np.asarray(y)[None] if model.readout == "last" else np.asarray(y)
    losses, y_hat, _ = LOSSES[model.loss](logits, targets(model.loss, one.repeat(n, axis=1), logits.shape, h.dtype))
    return Nudged(h, y_hat, losses, losses.sum(axis=0))
