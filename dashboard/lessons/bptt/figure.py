"""One entry of a weight's gradient, opened: its terms, each term's chain of factors, and the map of the loss steps.

The browser chooses among numbers that are all computed here, so it can open any entry without the server.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.activations import activation
from core.decompose import (
    RECURRENT,
    EachLoss,
    StepMap,
    Truncation,
    contributions,
    step_map,
    truncated_gradient,
    truncation,
)
from core.factors import Entry, TotalSum, chain, open_entry, total_sum
from core.flow import lengths
from core.jacobian import jacobians
from core.lstm import LSTMTrace
from core.model import Backward, Model, Trace, parameters
from core.params import Array
from dashboard.figure.pack import Packed, pack
from dashboard.figure.panels import Panel

STEPS_LIMIT = 12


def entry(
    model: Model,
    trace: Trace,
    backward: Backward,
    each: EachLoss,
    *,
    reached: Sequence[int],
    chosen: Sequence[int],
    reached_output: int = 1,
    first: str = "W_h.0.1",
    window: int = 0,
) -> Panel:
    """Any entry of any gradient as the sum it is, for an RNN and one sequence.

    The figure's cursor is a stage of the backward pass, counted from 1, not a step of time. What a stage has not
    reached yet is shown as "?".

    Args:
        model: an RNN.
        trace: its run on one sequence of at most `STEPS_LIMIT` steps, with a loss.
        backward: what `core.model.backprop` returned for it.
        each: what `core.decompose.backprop_each` returned for both.
        reached: for each stage the smallest state step whose ∂L/∂h is known, above T where none is.
        chosen: for each stage the state step that is computed in it, 0 where none is.
        reached_output: the first stage at which the read-out's gradient is known.
        first: the entry opened first, as weight, row and column: ``W_h.0.1``. What does not exist becomes the nearest
            entry there is, so a link into another network still opens something.
        window: the truncation window at first, 1 to T; anything else stands for T, which cuts nothing.

    Raises:
        ValueError: an LSTM, a batch, too many steps, or stages that do not belong to the sequence.
    """
    T, B = trace.cell.x.shape[:2]
    if isinstance(trace.cell, LSTMTrace) or B != 1 or T > STEPS_LIMIT:
        kind = "an LSTM" if isinstance(trace.cell, LSTMTrace) else "an RNN"
        raise ValueError(f"trace: expected an RNN, one sequence and up to {STEPS_LIMIT} steps; got {kind}, {B} and {T}")
    if len(reached) != len(chosen) or min(reached, default=1) < 1 or not all(0 <= k <= T for k in chosen):
        raise ValueError(f"reached, chosen: expected one step per stage, from 1 and 0 to {T}")
    with np.errstate(over="ignore", invalid="ignore"):
        weights = _weights(model, trace, backward, each)
        factors = _factors(model, trace, backward, each)
    return {
        "kind": "entry",
        "place": "full",
        "T": T,
        "H": model.cell.H,
        "O": len(model.b_y),
        "reached": [min(int(k), T + 1) for k in reached],
        "chosen": [int(k) for k in chosen],
        "reached_output": reached_output,
        "steps": [int(s) for s in each.steps],
        "activation": model.activation,
        "first": _first(first, {name: part["shape"] for name, part in weights.items()}),
        "window": window if 1 <= window <= T else T,
        "factors": factors,
        "weights": weights,
    }


def _first(text: str, shapes: Mapping[str, Sequence[int]]) -> list[Any]:
    """Weight, row and column of an address such as W_h.0.1, moved to what there is."""
    name, *indices = text.split(".")
    if name not in shapes or len(indices) != 2 or not all(k.isascii() and k.isdigit() and len(k) < 4 for k in indices):
        name, indices = "W_h", ["0", "1"]
    return [name, *(min(int(k), size - 1) for k, size in zip(indices, shapes[name], strict=True))]


def _factors(model: Model, trace: Trace, backward: Backward, each: EachLoss) -> dict[str, Any]:
    """What every chain is made of, and the row vector after each factor: ∂L_s/∂h_t for loss step s and state step t."""
    outer = open_entry(model, trace, backward, each, "b_y", 0, 0)
    heads = [chain(model, trace, outer, int(s), int(s)) for s in each.steps]
    return {
        "slope": pack(activation(model.activation).slope(trace.cell.h[1:, 0])),
        "dh": pack(backward.cell.dh[:, 0]),
        "dz": pack(np.stack([head.dL_dz for head in heads])),
        "dL_dy_hat": pack(np.stack([head.dL_dy_hat for head in heads])),
        "dy_hat_dz": pack(np.stack([head.dy_hat_dz for head in heads])),
        "dz_dh": pack(model.W_y.T),
        "J": pack(jacobians(model, trace).J),
        "rows": pack(each.dh[:, :, 0]),
    }


def _weights(model: Model, trace: Trace, backward: Backward, each: EachLoss) -> dict[str, dict[str, Any]]:
    """Every entry of every weight, and the map and the truncation of each weight as a whole."""
    T = len(trace.cell.x)
    whole, lost = step_map(model, trace, backward, each), truncation(model, trace, backward, each)
    shares = contributions(model, trace, backward)
    cut = [truncated_gradient(model, trace, backward, each, k) for k in range(1, T + 1)]
    out = {}
    for name, weight in parameters(model).items():
        shape = np.atleast_2d(weight).shape
        opened = [open_entry(model, trace, backward, each, name, *at) for at in np.ndindex(*shape)]
        totals = [total_sum(model, trace, backward, part) for part in opened]
        windows = np.stack([np.atleast_2d(grads[name]) for grads in cut], axis=-1)
        out[name] = (
            {"shape": list(shape), "truncated": pack(windows)}
            | _entries(opened, totals, shape)
            | _whole(name, whole, lost, shares[name], backward.grads[name])
        )
    return out


def _entries(opened: Sequence[Entry], totals: Sequence[TotalSum], shape: tuple[int, ...]) -> dict[str, Any]:
    """The numbers of each entry, packed by row and column."""

    def packed(values: ArrayLike) -> Packed:
        array = np.asarray(values, np.float64)
        return pack(array.reshape(*shape, *array.shape[1:]))

    terms = [part.terms.sum(axis=0) for part in opened]
    value = np.array([part.value for part in opened])
    gradient = np.array([part.gradient for part in opened])
    sums = np.array([found.value for found in totals])
    # Rounding errors go with the largest number that was added, not with a sum in which the terms cancel.
    largest = np.array([np.abs(term).max() for term in terms])
    near = [np.abs(v - gradient) <= 1e-9 * np.maximum(largest, np.abs(gradient)) for v in (value, sums)]
    return {
        "own": packed([part.own for part in opened]),
        "terms": packed([part.terms for part in opened]),
        "term": packed(terms),
        # What has been added up when the last k steps are known, by k = 0 … T.
        "so_far": packed([[term[len(term) - k :].sum() for k in range(len(term) + 1)] for term in terms]),
        "value": packed(value),
        "gradient": packed(gradient),
        "difference": packed(value - gradient),
        "agrees": (near[0] & near[1]).reshape(shape).tolist(),
        "largest": packed([np.abs(part.terms).max() for part in opened]),
        "largest_term": packed(largest),
        "immediate": packed([part.immediate for part in opened]),
        "total": packed([part.total for part in opened]),
        "sent": pack(totals[0].own),
        "products": packed([found.products for found in totals]),
        "total_sum": packed(sums),
        "total_difference": packed(sums - gradient),
        "counted_again": packed([found.counted_again for found in totals]),
    }


def _whole(name: str, whole: StepMap, lost: Truncation, shares: Array, gradient: Array) -> dict[str, Any]:
    """The map of a whole weight, ⟨G_{s,k}, G⟩/‖G‖, and what each window loses of it."""
    S, T = len(whole.steps), len(shares)
    if name in RECURRENT:
        cells, relative, cosine = whole.values[name], lost.relative[name], lost.cosine[name]
    else:
        cells, relative, cosine = np.zeros((S, T)), np.zeros(T), np.ones(T)
        cells[np.arange(S), whole.steps - 1] = shares[whole.steps - 1]
    return {
        "map": pack(cells),
        "map_sums": pack(shares),
        "map_largest": float(np.nan_to_num(np.abs(cells)).max()),
        "norm": pack(lengths(np.atleast_2d(gradient))),
        "lost": pack(relative),
        "cosine": pack(cosine),
    }
