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
from core.params import Array
from core.rnn import RNNTrace

Quantity = Literal["a", "h", "z", "L", "g"]
Cause = Literal["overflow", "inf - inf", "0 * inf", "inherited"]


@dataclass(frozen=True)
class Place:
    """Where a number that is not finite first arises, in the order in which a run computes.

    Attributes:
        quantity: "a" (pre-activation), "h" (state), "z" (output), "L" (loss) or "g" (gradient).
        t: Step 1 … T; for "z", "L" and "g" the last one.
        unit: Unit 1 … H, or output; 0 for the loss and the gradient.
        cause: "overflow" of finite terms, "inf - inf", "0 * inf", or "inherited" from something already infinite.
        before: Largest finite size of the same quantity one step earlier; 0 if there is none.
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
    """

    update: int
    loss: float
    norm: float
    weights: float

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
        nan: Where the first NaN arises in it, or None.
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
        ValueError: The model is an LSTM, or the arrays do not fit it.
    """
    records = []
    with np.errstate(all="ignore"):
        for k in range(updates + 1):
            trace = run(model, x, y)
            grads = _gradient(model, trace)
            loss = math.nan if trace.loss is None else trace.loss
            norm = math.nan if grads is None else global_norm(grads)
            records.append(Update(k, loss, norm, float(lengths(model.cell.W_h))))
            if not records[-1].finite or grads is None:
                return Descent(tuple(records), *first_places(model, trace, norm))
            step = grads if max_norm is None else clip_by_norm(grads, max_norm)
            moved = {name: value - lr * step[name] for name, value in parameters(model).items()}
            model = with_parameters(model, moved)
    return Descent(tuple(records), None, None)


def first_places(model: Model, trace: Trace, norm: float = 0.0) -> tuple[Place | None, Place | None]:
    """Where in a run the first infinity and the first NaN arise, going a_1, h_1, a_2, … h_T, z, L, gradient.

    Args:
        model: The RNN that was run, on one sequence.
        trace: What `core.model.run` returned.
        norm: Norm of the gradient that followed; counted as infinite after everything else.

    Raises:
        ValueError: The model is an LSTM.
    """
    cell = trace.cell
    if not isinstance(cell, RNNTrace):
        raise ValueError("model: expected an RNN; its causes are read from a_t = x_t W_x + h_{t-1} W_h + b.")
    T = len(cell.a)
    infinity = nan = None
    finite = np.isfinite(cell.a[:, 0]).all(axis=1) & np.isfinite(cell.h[1:, 0]).all(axis=1)
    with np.errstate(all="ignore"):
        for t in (np.flatnonzero(~finite) + 1).tolist():
            before = float(np.abs(cell.h[t - 1, 0]).max())
            terms = np.vstack([cell.x[t - 1, 0, :, None] * model.cell.W_x, cell.h[t - 1, 0, :, None] * model.cell.W_h])
            sources = np.concatenate([cell.x[t - 1, 0], cell.h[t - 1, 0]])
            rows: tuple[tuple[Quantity, Array], ...] = (("a", cell.a[t - 1, 0]), ("h", cell.h[t, 0]))
            for quantity, row in rows:
                infinity = infinity or _place(quantity, t, row, np.isinf, terms, sources, before)
                nan = nan or _place(quantity, t, row, np.isnan, terms, sources, before)
        scored, last = trace.logits[-1, 0], cell.h[-1, 0]
        before = float(np.abs(last).max())
        terms = last[:, None] * model.W_y
        infinity = infinity or _place("z", T, scored, np.isinf, terms, last, before)
        nan = nan or _place("z", T, scored, np.isnan, terms, last, before)
    rest: tuple[tuple[Quantity, float], ...] = (("L", trace.loss or 0.0), ("g", norm))
    for quantity, value in rest:
        if infinity is None and math.isinf(value):
            infinity = Place(quantity, T, 0, "overflow", before)
        if nan is None and math.isnan(value):
            nan = Place(quantity, T, 0, "inherited", before)
    return infinity, nan


def _place(
    quantity: Quantity, t: int, row: Array, kind: np.ufunc, terms: Array, sources: Array, before: float
) -> Place | None:
    """The first unit of a row that is of a kind (infinite or NaN), and why."""
    units = np.flatnonzero(kind(row))
    if not units.size:
        return None
    k = int(units[0])
    cause: Cause = "inherited" if quantity == "h" else _cause(kind is np.isnan, terms[:, k], sources)
    return Place(quantity, t, k + 1, cause, before)


def _cause(nan: bool, terms: Array, sources: Array) -> Cause:
    """Why a sum of products is infinite or NaN, from its terms and the states or inputs in them."""
    if not nan:
        return "overflow" if np.isfinite(sources).all() else "inherited"
    if np.isnan(sources).any():
        return "inherited"
    # A term is NaN only where 0 met infinity. Otherwise terms, or their partial sums, of both signs were infinite.
    return "0 * inf" if np.isnan(terms).any() else "inf - inf"


def _gradient(model: Model, trace: Trace) -> dict[str, Array] | None:
    """∂L/∂θ, or None where what the loss sends back is not finite already."""
    dz = trace.dlogits
    if dz is None or not np.isfinite(dz @ model.W_y.T).all() or not np.isfinite(trace.cell.h).all():
        return None
    return backprop(model, trace).grads
