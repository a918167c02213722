"""One entry of an RNN's W_h nudged: at one use of it alone, or at all of them, as the shared weight that it is.

a_t = x_t W_x + h_{t-1} W_h + b is linear in W_h, so a nudge of W_h[i, j] at step t adds nudge · h_{t-1}[i] to a_t[j].
Added up over the uses, the changes of the loss agree with that of the weight itself up to terms of second order in the
nudge: ∂L/∂W_h = Σ_t G_t.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
    """The run for each of n nudges, of `nudge_each` for each of m uses. S is the number of scored steps.

    Attributes:
        h: States, h_0 first (T+1, [m,] n, H).
        y_hat: Outputs (S, [m,] n, O).
        losses: Loss of each scored step (S, [m,] n).
        loss: Their sum ([m,] n).
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
    return _one(model, trace, y, entry, np.eye(T, dtype=bool)[t - 1 : t], by)


def nudge_weight(model: Model, trace: Trace, y: ArrayLike, entry: tuple[int, int], by: Sequence[float]) -> Nudged:
    """The run with W_h[i, j] nudged, and so all its uses; arguments and errors as for `nudge_use`."""
    return _one(model, trace, y, entry, np.ones((1, len(trace.cell.x)), dtype=bool), by)


def nudge_each(
    model: Model, trace: Trace, y: ArrayLike, by: Mapping[tuple[int, int], Sequence[float]]
) -> dict[tuple[int, int], Nudged]:
    """`nudge_use` for every step t = 1 … T, and `nudge_weight` last, in one run for all: m = T+1 uses.

    Args:
        model: As for `nudge_use`, like its errors.
        trace: Likewise.
        y: Likewise.
        by: The nudges of each entry, by row and column of W_h.
    """
    T = len(trace.cell.x)
    return _nudged(model, trace, y, np.vstack([np.eye(T, dtype=bool), np.ones((1, T), dtype=bool)]), by)


def _one(
    model: Model, trace: Trace, y: ArrayLike, entry: tuple[int, int], uses: NDArray[np.bool_], by: Sequence[float]
) -> Nudged:
    (found,) = _nudged(model, trace, y, uses, {entry: by}).values()
    return Nudged(found.h[:, 0], found.y_hat[:, 0], found.losses[:, 0], found.loss[0])


def _nudged(
    model: Model,
    trace: Trace,
    y: ArrayLike,
    uses: NDArray[np.bool_],
    by: Mapping[tuple[int, int], Sequence[float]],
) -> dict[tuple[int, int], Nudged]:
    """The entries nudged at the steps that each row of ``uses`` (m, T) says; all runs stand beside one another."""
    cell, m, H = _checked(model, trace, by), len(uses), model.cell.H
    counts = [m * len(nudges) for nudges in by.values()]
    # Of runs laid end to end, the unit that each nudge hears, and the unit that hears it.
    first = H * np.arange(sum(counts))
    heard, hears = (first + np.repeat([entry[k] for entry in by], counts) for k in (0, 1))
    each = [uses.T[:, :, None] * np.asarray(nudges, cell.h.dtype) for nudges in by.values()]
    nudged = np.concatenate([part.reshape(len(part), -1) for part in each], axis=1)  # (T, runs)
    h, phi = np.repeat(cell.h, len(first), axis=1), activation(cell.activation)
    for t in range(1, len(cell.x) + 1):
        # What the step adds up as it is, but from the states as they are by now.
        a = cell.a[t - 1] + (h[t - 1] - cell.h[t - 1]) @ model.cell.W_h
        a.reshape(-1)[hears] += nudged[t - 1] * h[t - 1].take(heard)
        phi.apply(a, h[t])
    whole = _scored(model, h, y)
    found, end = {}, 0
    for (entry, nudges), count in zip(by.items(), counts, strict=True):
        runs, end = slice(end, end + count), end + count
        across = (m, len(nudges))
        found[entry] = Nudged(
            whole.h[:, runs].reshape(-1, *across, H),
            whole.y_hat[:, runs].reshape(len(whole.y_hat), *across, -1),
            whole.losses[:, runs].reshape(-1, *across),
            whole.loss[runs].reshape(across),
        )
    return found


def _checked(model: Model, trace: Trace, entries: Iterable[tuple[int, int]]) -> RNNTrace:
    if not isinstance(model.cell, RNNParams) or not isinstance(trace.cell, RNNTrace) or trace.cell.x.shape[1] != 1:
        B = trace.cell.x.shape[1]
        raise ValueError(f"trace: expected an RNN's run of one sequence, got {model.kind} with B = {B}. Pick one.")
    H = model.cell.H
    for entry in entries:
        if not all(0 <= k < H for k in entry):
            raise ValueError(f"entry: expected row and column of W_h from 0 to {H - 1}, got {entry}.")
    return trace.cell


def _scored(model: Model, h: Array, y: ArrayLike) -> Nudged:
    scored = h[1:] if model.readout == "every" else h[-1:]
    S, n, H = scored.shape
    logits = (scored.reshape(S * n, H) @ model.W_y).reshape(S, n, -1) + model.b_y
    one = np.asarray(y)[None] if model.readout == "last" else np.asarray(y)
    losses, y_hat, _ = LOSSES[model.loss](logits, targets(model.loss, one.repeat(n, axis=1), logits.shape, h.dtype))
    return Nudged(h, y_hat, losses, losses.sum(axis=0))
