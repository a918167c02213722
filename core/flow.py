"""Gradient flow: how large gradients are at each step, what makes them shrink or grow, how far they reach, clipping.

The Jacobians themselves are in `core.jacobian`.

Source: Hochreiter, "Untersuchungen zu dynamischen neuronalen Netzen" (1991); Pascanu, Mikolov & Bengio, "On the
difficulty of training recurrent neural networks" (2013).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.activations import activation
from core.gru import GRUBackward, GRUParams, GRUTrace, through_gates
from core.lstm import LSTMBackward, LSTMTrace
from core.model import Backward, Model, Trace
from core.params import Array, finite_weights, float_array

__all__ = [
    "Growth",
    "StepFactors",
    "clip_by_norm",
    "clip_by_value",
    "constant_gate_horizon",
    "global_norm",
    "growth",
    "horizon",
    "lengths",
    "log10",
    "log10_bound",
    "norms",
    "sequence",
    "step_factors",
]

# Between these, a plain sum of squares in float64 has lost nothing that shows in its root.
_SAFE_SQUARES = (1e-200, 1e300)


def global_norm(grads: Mapping[str, Array]) -> float:
    """Length of all gradients taken as one vector, √Σ g².

    Squares are taken of scaled entries where they would overflow or underflow, so entries of 1e200 or 1e-200 are exact.

    Args:
        grads: Gradients by name, any shapes.

    Returns:
        The norm; NaN if any entry is NaN, otherwise infinity if any entry is infinite or the norm passes 1.8e308.
        No warning is raised in either case: test with ``math.isfinite``. An empty mapping has norm 0.
    """
    largest, rest = _scaled_norm(grads)
    return largest * rest


def clip_by_norm(grads: Mapping[str, Array], max_norm: float) -> dict[str, Array]:
    """Shorten the gradient to ``max_norm`` if it is longer; its direction stays (Pascanu et al. 2013, algorithm 1).

        g ← g · max_norm / ‖g‖   if ‖g‖ > max_norm, with ‖g‖ over all parameters together (`global_norm`)

    Args:
        grads: Gradients by name, any shapes. Never written to.
        max_norm: Longest length allowed, finite and above 0.

    Returns:
        A new dict. Its arrays are new where something was clipped and the caller's own where nothing was. A gradient
        that holds NaN or infinity comes back as it is: no scaling mends it, and it should stay visible.

    Raises:
        ValueError: ``max_norm`` is not a finite number above 0.
    """
    bound = _positive("max_norm", max_norm)
    largest, rest = _scaled_norm(grads)
    # Not largest * rest: that may overflow although every entry is finite.
    if not math.isfinite(largest) or largest * rest <= bound:
        return dict(grads)
    # In float64, for ``largest`` may be beyond float32.
    return {name: (grad / np.float64(largest) * (bound / rest)).astype(grad.dtype) for name, grad in grads.items()}


def clip_by_value(grads: Mapping[str, Array], limit: float) -> dict[str, Array]:
    """Bring every entry into [-limit, limit]; this can turn the gradient's direction.

    Args:
        grads: Gradients by name, any shapes. Never written to.
        limit: Largest absolute value allowed, finite and above 0.

    Returns:
        A new dict. Arrays without an entry beyond the limit are the caller's own. Infinity becomes ±limit; NaN stays.

    Raises:
        ValueError: ``limit`` is not a finite number above 0.
    """
    bound = _positive("limit", limit)
    return {
        name: np.clip(grad, -bound, bound) if np.any(np.abs(grad) > bound) else grad for name, grad in grads.items()
    }


def lengths(array: Array, axis: int | tuple[int, ...] | None = None) -> Array:
    """Euclidean norms along some axes, right also where squares would overflow or underflow.

    Args:
        array: Any shape.
        axis: Axes to take the norm over; None for all.

    Returns:
        float64, the other axes. NaN where any entry is NaN, else infinity where any is infinite. Never warns.
    """
    values = np.asarray(array, np.float64)
    largest = np.abs(values).max(axis=axis, keepdims=True, initial=0)
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1)
    with np.errstate(over="ignore"):
        scaled = values / scale
        return np.asarray(scale.squeeze(axis) * np.sqrt((scaled * scaled).sum(axis=axis)))


def log10(values: ArrayLike) -> Array:
    """Base-10 logarithm of sizes (any shape, 0 or more): -inf for an exact zero, without a warning."""
    with np.errstate(divide="ignore"):
        return np.asarray(np.log10(np.asarray(values, np.float64)))


def norms(backward: Backward, b: int | None = None) -> dict[str, Array]:
    """Euclidean norm of the gradient at each step t = 1 … T, of one sequence or of the whole batch.

    Args:
        backward: What `core.model.backprop` returned. L is the mean over the batch, so one sequence's share has 1/B.
        b: Which sequence, 0 … B-1, or None for all taken together.

    Returns:
        (T,) by what the gradient is taken with respect to: "h" (own loss and future together), "c" (LSTM only), "x",
        "a" (all gates together). Exact zeros stay zero: use `log10` for a logarithmic axis.

    Raises:
        ValueError: ``b`` out of range.
    """
    cell, at = backward.cell, sequence(b, backward.dh_out.shape[1])
    gradients = {"h": cell.dh, "c": cell.dc} if isinstance(cell, LSTMBackward) else {"h": cell.dh}
    gradients |= {"x": cell.dx, "a": cell.da}
    return {name: lengths(array[:, at], axis=(1, 2)) for name, array in gradients.items()}


@dataclass(frozen=True, eq=False)
class StepFactors:
    """By what each step t = 1 … T multiplies the gradient that arrives at it, along its actual direction. All (T,).

    Attributes:
        activation: RNN ‖dh_t ⊙ φ'‖/‖dh_t‖; LSTM ‖da_t‖/‖(dh_t, dc_in_t)‖; GRU ‖da_t‖/‖dh_t‖.
        weight: ‖da_t W_hᵀ‖/‖da_t‖; for the GRU what goes back through its gates, over ‖da_t‖.
        recurrent: Their product: what goes on to h_{t-1} through W_h, over what arrived.
        direct: LSTM ‖dc_t ⊙ f_t‖/‖(dh_t, dc_in_t)‖, what goes on to c_{t-1}; GRU ‖dh_t ⊙ z_t‖/‖dh_t‖, what goes on to
            h_{t-1} past W_h; None for the RNN.
        total: √(recurrent² + direct²). For the RNN it is ``recurrent``. For the GRU, whose two ways meet in h_{t-1}, it
            is the size of their sum, over what arrived.
    """

    activation: Array
    weight: Array
    recurrent: Array
    direct: Array | None
    total: Array


def step_factors(model: Model, trace: Trace, backward: Backward, b: int | None = None) -> StepFactors:
    """Split each step's factor into the activation's part and that of W_h.

    What arrives at step t is dh_t, and for the LSTM also dc_in_t = dc_{t+1} ⊙ f_{t+1}, what c_t receives from later.

    Args:
        model: Weights and wiring.
        trace: What `core.model.run` returned.
        backward: What `core.model.backprop` returned for it.
        b: Which sequence, 0 … B-1, or None for all taken together.

    Returns:
        Factors; NaN where no gradient arrives, for zero has no direction.

    Raises:
        ValueError: ``b`` out of range, or NaN or infinity in ``W_h``.
    """
    cell, at = backward.cell, sequence(b, backward.dh_out.shape[1])
    da = cell.da[:, at]
    if isinstance(cell, GRUBackward):
        return _gru_factors(model, trace, cell, at)
    (W_h,) = finite_weights(da.dtype, W_h=model.cell.W_h)
    size_da = lengths(da, axis=(1, 2))
    sent_h = lengths(da @ W_h.T, axis=(1, 2))
    arrived, sent_c = lengths(cell.dh[:, at], axis=(1, 2)), None
    if isinstance(cell, LSTMBackward) and isinstance(trace.cell, LSTMTrace):
        sent_c = lengths((cell.dc * trace.cell.f)[:, at], axis=(1, 2))
        arrived = np.hypot(arrived, np.append(sent_c[1:], 0.0))
    sent = sent_h if sent_c is None else np.hypot(sent_h, sent_c)
    direct = None if sent_c is None else _ratio(sent_c, arrived)
    return StepFactors(
        _ratio(size_da, arrived), _ratio(sent_h, size_da), _ratio(sent_h, arrived), direct, _ratio(sent, arrived)
    )


def _gru_factors(model: Model, trace: Trace, cell: GRUBackward, at: slice) -> StepFactors:
    if not isinstance(model.cell, GRUParams) or not isinstance(trace.cell, GRUTrace):
        raise ValueError(f"backward: of a GRU, but the model is {model.kind!r}. Use backprop(model, trace).")
    gates = lengths(through_gates(model.cell, trace.cell, cell.da)[:, at], axis=(1, 2))
    size_da, arrived = lengths(cell.da[:, at], axis=(1, 2)), lengths(cell.dh[:, at], axis=(1, 2))
    direct = lengths((cell.dh * trace.cell.z)[:, at], axis=(1, 2))
    return StepFactors(
        _ratio(size_da, arrived),
        _ratio(gates, size_da),
        _ratio(gates, arrived),
        _ratio(direct, arrived),
        _ratio(lengths(cell.sent[:, at], axis=(1, 2)), arrived),
    )


@dataclass(frozen=True)
class Growth:
    """Two measures of how much a square matrix stretches.

    Attributes:
        radius: Spectral radius, the largest |eigenvalue|: growth in the long run, were the step the same every time.
        sigma_max: Largest singular value: growth of one step at worst. Never below ``radius``.
    """

    radius: float
    sigma_max: float


def growth(W: Array) -> Growth:
    """Spectral radius and largest singular value of a recurrent matrix (H, H); for the LSTM give one gate's block.

    Raises:
        ValueError: Not a square matrix of finite numbers.
    """
    W = float_array("W", W, ("H", "H"))
    if W.shape[0] != W.shape[1]:
        raise ValueError(f"W: expected a square matrix, got shape {W.shape}. Pass one gate's block.")
    return Growth(float(np.abs(np.linalg.eigvals(W)).max()), float(np.linalg.norm(W, 2)))


def log10_bound(model: Model, measured: Growth | None = None) -> float:
    """log₁₀ of an RNN's bound on one step's factor, max φ' · σ_max(W_h) (Pascanu et al. 2013, section 2.1).

    k steps back the gradient has shrunk or grown by no more than 10^(k · log10_bound). If the bound is below 1
    (logarithm below 0), the gradient vanishes; if it is above, nothing follows.

    Args:
        model: An RNN.
        measured: The `growth` of its ``W_h``, where it is known already.

    Raises:
        ValueError: The model is no RNN: other states have a path beside W_h; NaN or infinity in ``W_h``.
    """
    if model.kind != "rnn":
        raise ValueError(f"model: expected an RNN, got {model.kind!r}. Measure its `step_factors` instead.")
    if measured is None:
        (W_h,) = finite_weights(np.float64, W_h=model.cell.W_h)
        measured = growth(W_h)
    return float(log10(activation(model.activation).steepest * measured.sigma_max))


def horizon(norms: Array) -> float:
    """Memory horizon: steps back from the last until the norm first is 1/e of the last one or less.

    Between the two steps around the crossing the logarithm is taken as a straight line, so f^k gives -1/ln f exactly.
    A norm that drops to exactly 0 crosses at that step.

    Args:
        norms: (T,) norms of one kind, in the order of time, such as ``norms(backward)["h"]``.

    Returns:
        Steps; infinity if the norm never falls that far; NaN if the last norm is 0 or any is not finite.

    Raises:
        ValueError: ``norms`` is not one row of at least one number, or one is negative.
    """
    if norms.ndim != 1 or not norms.size or (norms < 0).any():
        raise ValueError(f"norms: expected (T,) numbers of 0 or more, got {norms!r}.")
    if not np.isfinite(norms).all() or norms[-1] == 0:
        return math.nan
    with np.errstate(divide="ignore"):
        fall = np.log(norms[::-1].astype(np.float64))
    fall -= fall[0]
    crossed = np.flatnonzero(fall <= -1)
    if not crossed.size:
        return math.inf
    k = int(crossed[0])
    if math.isinf(fall[k]):
        return float(k)
    return k - 1 + float((fall[k - 1] + 1) / (fall[k - 1] - fall[k]))


def constant_gate_horizon(f: float) -> float:
    """Memory horizon of a forget gate that stays at f: -1/ln f steps; 0 for f = 0, infinity for f = 1.

    Raises:
        ValueError: ``f`` is not within 0 … 1.
    """
    if not 0 <= f <= 1:
        raise ValueError(f"f: expected a gate from 0 to 1, got {f!r}.")
    if f in (0, 1):
        return 0.0 if f == 0 else math.inf
    return -1 / math.log(f)


def sequence(b: int | None, B: int) -> slice:
    """The part of the batch axis that holds sequence b, or all of it for None.

    Raises:
        ValueError: ``b`` is not a whole number of 0 … B-1.
    """
    if b is None:
        return slice(None)
    if isinstance(b, bool) or not isinstance(b, int | np.integer) or not 0 <= b < B:
        raise ValueError(f"b: expected a sequence from 0 to B-1 = {B - 1}, got {b!r}.")
    return slice(int(b), int(b) + 1)


def _ratio(part: Array, whole: Array) -> Array:
    with np.errstate(over="ignore", invalid="ignore"):
        return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole != 0)


def _positive(name: str, value: float) -> float:
    if isinstance(value, bool) or not isinstance(value, float | int | np.number) or not 0 < value < math.inf:
        raise ValueError(f"{name}: expected a finite number above 0, got {value!r}.")
    return float(value)


def _scaled_norm(grads: Mapping[str, Array]) -> tuple[float, float]:
    """(m, r) with ‖g‖ = m·r: m is 1 where plain squares are safe, otherwise the largest absolute entry."""
    flat = [np.asarray(grad, np.float64).ravel() for grad in grads.values() if grad.size]
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        squares = float(sum(g @ g for g in flat))
        if squares == 0 and not any(g.any() for g in flat):
            return 0.0, 1.0
        if _SAFE_SQUARES[0] < squares < _SAFE_SQUARES[1]:
            return 1.0, math.sqrt(squares)
        largest = float(np.max([np.abs(g).max() for g in flat]))
        if not math.isfinite(largest):
            return largest, 1.0
        return largest, math.sqrt(sum(float((g / largest) @ (g / largest)) for g in flat))
