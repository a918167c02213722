"""A training run that explodes: its updates until a number is no longer finite, and where that number arose.

Floats end at a largest number, 1.8e308 in float64. What grows past it becomes infinity (overflow); infinity minus
infinity, and zero times infinity, have no value and become NaN, "not a number" (IEEE 754-2019, sections 6.1, 6.2 and
7.2). Every sum that NaN enters is NaN.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from core.flow import clip_by_norm, global_norm, lengths
from core.model import Model, Trace, backprop, parameters, run, with_parameters
from core.params import Array, finite_weights
from core.rnn import RNNTrace

__all__ = ["Cause", "Descent", "Place", "Quantity", "Update", "descend", "first_places"]

Quantity = Literal["a", "z", "L", "g"]
Cause = Literal["overflow", "inf - inf", "0 * inf"]


@dataclass(frozen=True)
class Place:
    """Where a number that is not finite first arises, in the order in which a run computes.

    Attributes:
        quantity: "a" (pre-activation; a state is never the first), "z" (output), "L" (loss) or "g" (gradient, or the
            update made of it).
        t: Step 1 … T; for "z", "L" and "g" the last one.
        unit: Unit 1 … H, or output; 0 for the loss and the gradient.
        cause: "overflow" of finite terms, "inf - inf" or "0 * inf".
        before: Largest state before it.
    """

    quantity: Quantity
    t: int
    unit: int
    cause: Cause
    before: float


@dataclass(frozen=True)
class Update:
    """The network before one update.

    Attributes:
        update: Updates made so far, 0, 1, …
        loss: Loss.
        norm: ‖g‖ over all parameters; NaN where the run before it was no longer finite.
        weights: ‖W_h‖.
        states: Largest size of an entry of h_1 … h_T (T of them), infinite or NaN where one is; empty where the run was
            not made, since the weights were no longer finite.
    """

    update: int
    loss: float
    norm: float
    weights: float
    states: tuple[float, ...] = ()

    @property
    def finite(self) -> bool:
        """Whether loss and gradient are finite numbers."""
        return math.isfinite(self.loss) and math.isfinite(self.norm)


@dataclass(frozen=True)
class Descent:
    """Updates of one run, until it ends or a number is not finite.

    Attributes:
        updates: One record for each, the last one the first that is not finite, if any is.
        infinity: Where the first infinity arises in that last run, or None.
        nan: Where the first NaN arises in its forward pass, or None.
    """

    updates: tuple[Update, ...]
    infinity: Place | None
    nan: Place | None


def descend(
    model: Model, x: ArrayLike, y: ArrayLike, *, lr: float, updates: int, max_norm: float | None = None
) -> Descent:
    """Plain gradient descent on one sequence. Nothing raises or warns when it explodes.

    Args:
        model: An RNN; weights before the first update.
        x: (T, 1, D).
        y: Target, as `core.model.run` takes it.
        lr: Learning rate.
        updates: Most updates to make.
        max_norm: Clip the gradient to this norm, or None.

    Raises:
        ValueError: The model is an LSTM, the arrays do not fit it, or any of them is not finite.
    """
    records = []
    with np.errstate(all="ignore"):
        for k in range(updates + 1):
            trace = run(model, x, y)
            grads = _gradient(model, trace)
            loss = math.nan if trace.loss is None else trace.loss
            norm = math.nan if grads is None else global_norm(grads)
            states = tuple(np.abs(trace.cell.h[1:, 0]).max(axis=1).tolist())
            records.append(Update(k, loss, norm, float(lengths(model.cell.W_h)), states))
            if not records[-1].finite or grads is None:
                return Descent(tuple(records), *first_places(model, trace, norm))
            step = grads if max_norm is None else clip_by_norm(grads, max_norm)
            moved = {name: value - lr * step[name] for name, value in parameters(model).items()}
            model = with_parameters(model, moved)
            if not all(np.isfinite(value).all() for value in moved.values()):
                records.append(Update(k + 1, math.nan, math.nan, float(lengths(model.cell.W_h))))
                place = Place("g", len(trace.cell.x), 0, "overflow", float(np.abs(trace.cell.h[-1, 0]).max()))
                return Descent(tuple(records), place, None)
    return Descent(tuple(records), None, None)


def first_places(model: Model, trace: Trace, norm: float = 0.0) -> tuple[Place | None, Place | None]:
    """Where in a run the first infinity and the first NaN arise, going a_1, a_2, … a_T, z, L, gradient.

    From finite numbers an infinity comes first, so a gradient whose norm is NaN has overflowed too.

    Args:
        model: The RNN that was run, on one sequence.
        trace: What `core.model.run` returned.
        norm: Norm of the gradient that followed, infinite or NaN if it overflowed.

    Raises:
        ValueError: The model is an LSTM, or its weights are not finite.
    """
    cell = trace.cell
    if not isinstance(cell, RNNTrace):
        raise ValueError("model: expected an RNN; its causes are read from a_t = x_t W_x + h_{t-1} W_h + b.")
    finite_weights(cell.h.dtype, **parameters(model))
    T, last = len(cell.a), cell.h[-1, 0]
    infinity = nan = None
    with np.errstate(all="ignore"):
        for t in (np.flatnonzero(~np.isfinite(cell.a[:, 0]).all(axis=1)) + 1).tolist():
            terms = np.vstack([cell.x[t - 1, 0, :, None] * model.cell.W_x, cell.h[t - 1, 0, :, None] * model.cell.W_h])
            before = float(np.abs(cell.h[t - 1, 0]).max())
            infinity = infinity or _infinity("a", t, cell.a[t - 1, 0], before)
            nan = nan or _nan("a", t, cell.a[t - 1, 0], terms, before)
        before = float(np.abs(last).max())
        infinity = infinity or _infinity("z", T, trace.logits[-1, 0], before)
        nan = nan or _nan("z", T, trace.logits[-1, 0], last[:, None] * model.W_y, before)
    loss = 0.0 if trace.loss is None else trace.loss
    rest: tuple[tuple[Quantity, float], ...] = (("L", loss), ("g", norm))
    for quantity, value in rest:
        if infinity is None and not math.isfinite(value):
            infinity = Place(quantity, T, 0, "overflow", before)
    if nan is None and math.isnan(loss):
        nan = Place("L", T, 0, _cause_in_loss(model, trace), before)
    return infinity, nan


def _infinity(quantity: Quantity, t: int, row: Array, before: float) -> Place | None:
    """The first unit of a row that is infinite."""
    units = np.flatnonzero(np.isinf(row))
    return Place(quantity, t, int(units[0]) + 1, "overflow", before) if units.size else None


def _nan(quantity: Quantity, t: int, row: Array, terms: Array, before: float) -> Place | None:
    """The first unit of a row that is NaN, and why, from the products that were summed to it (n, units)."""
    units = np.flatnonzero(np.isnan(row))
    if not units.size:
        return None
    k = int(units[0])
    # A product is NaN only where 0 met infinity. Otherwise products, or partial sums, of both signs were infinite.
    return Place(quantity, t, k + 1, "0 * inf" if np.isnan(terms[:, k]).any() else "inf - inf", before)


def _cause_in_loss(model: Model, trace: Trace) -> Cause:
    """Why a loss is NaN although no output is: max(z, 0) - zy of bce with z infinite, or z - max z of softmax."""
    z = trace.logits[-1, 0]
    if model.loss != "bce" or trace.dlogits is None:
        return "inf - inf"
    y = trace.y_hat[-1, 0] - trace.dlogits[-1, 0]
    return "0 * inf" if (np.isinf(z) & (y == 0)).any() else "inf - inf"


def _gradient(model: Model, trace: Trace) -> dict[str, Array] | None:
    """∂L/∂θ, or None where what the loss sends back is not finite already."""
    dz = trace.dlogits
    if dz is None or not np.isfinite(dz @ model.W_y.T).all() or not np.isfinite(trace.cell.h).all():
        return None
    return backprop(model, trace).grads
