"""One entry of a weight's gradient, opened into its terms, and one term into its factors.

For an entry w of W_x, W_h or b, with s_t the recurrent state (h_t, or (h_t, c_t) for the LSTM) and ∂⁺ an immediate
derivative, which lets w vary at that step alone:

    ∂L/∂w = Σ_s Σ_{k≤s} (loss step s, state step k)
    term  = ∂L/∂ŷ_s · ∂ŷ_s/∂z_s · ∂z_s/∂s_s · ∂s_s/∂s_{s-1} ··· ∂s_{k+1}/∂s_k · ∂⁺s_k/∂w
          = ∂L_s/∂a_k[col] · left_k[row]             left is x_k for W_x, h_{k-1} for W_h, 1 for b
    ds_k/dw = ∂s_k/∂s_{k-1} · ds_{k-1}/dw + ∂⁺s_k/∂w          the total derivative, forwards

Source: Werbos, "Backpropagation through time: what it does and how to do it" (1990); Pascanu, Mikolov & Bengio (2013),
equations 3 to 5; the forward recursion is Williams & Zipser, "A learning algorithm for continually running fully
recurrent neural networks" (1989).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.activations import activation
from core.decompose import RECURRENT, EachLoss, check_each
from core.flow import sequence
from core.jacobian import jacobians, local_derivatives
from core.lstm import LSTMTrace
from core.model import Backward, Model, Trace
from core.params import Array
from core.rnn import RNNTrace


@dataclass(frozen=True)
class Entry:
    """One entry of one weight and all terms of its gradient, for one sequence. Row k-1 is state step k = 1 … T.

    Attributes:
        name: W_x, W_h or b.
        row: Row of the weight; 0 for b.
        col: Column of the weight.
        b: The sequence.
        steps: The scored steps, counted from 1 (S,).
        own: What the entry multiplies at each step: x_k[row], h_{k-1}[row], or 1 (T,).
        delta: ∂L_s/∂a_k[col], the delta it meets, for each loss step (S, T); zero for k > s.
        terms: own · delta (S, T).
        value: Sum of the terms, this sequence's share of the gradient.
        gradient: ∂L/∂w of the whole batch, the sum of the shares.
        immediate: ∂⁺s_k/∂w (T, n), n = H for the RNN, 2H for the LSTM (h first).
        total: ds_k/dw (T, n), through all earlier steps too. Not finite where it grows past 1.8e308.
    """

    name: str
    row: int
    col: int
    b: int
    steps: NDArray[np.intp]
    own: Array
    delta: Array
    terms: Array
    value: float
    gradient: float
    immediate: Array
    total: Array


def open_entry(
    model: Model, trace: Trace, backward: Backward, each: EachLoss, name: str, row: int, col: int, b: int = 0
) -> Entry:
    """Open one entry of a recurrent weight's gradient into its terms.

    Args:
        model: Weights and wiring.
        trace: What `core.model.run` returned.
        backward: What `core.model.backprop` returned for it.
        each: What `core.decompose.backprop_each` returned for both.
        name: W_x, W_h or b.
        row: Row of the weight, counted from 0; 0 for b.
        col: Column, counted from 0. For the LSTM the gate blocks i, f, o, g lie side by side.
        b: Which sequence of the batch.

    Raises:
        ValueError: An unknown name, an index out of range, loss steps of another trace, or a sequence too long for
            `core.jacobian.jacobians`.
    """
    sequence(b, trace.cell.x.shape[1])
    if name not in RECURRENT:
        raise ValueError(f"name: {name!r} is not a recurrent weight. Choose one of {', '.join(RECURRENT)}.")
    grad = np.atleast_2d(backward.grads[name])
    for axis, index, size in (("row", row, grad.shape[0]), ("col", col, grad.shape[1])):
        if isinstance(index, bool) or not isinstance(index, int | np.integer) or not 0 <= index < size:
            raise ValueError(f"{axis}: expected 0 to {size - 1} for {name} {grad.shape}, got {index!r}.")
    cell = trace.cell
    check_each(trace, each)
    left = {"W_x": cell.x, "W_h": cell.h[:-1]}.get(name)
    own = np.ones(len(cell.x), cell.h.dtype) if left is None else left[:, b, row]
    delta = each.da[:, :, b, col]
    terms = own * delta
    immediate = own[:, None] * _unit_derivative(cell, b, col)
    J = jacobians(model, trace, b).J
    total = np.empty_like(immediate)
    before = np.zeros(total.shape[1])
    with np.errstate(over="ignore", invalid="ignore"):
        for J_k, immediate_k, total_k in zip(J, immediate, total, strict=True):
            before = total_k[:] = J_k @ before + immediate_k
    value, gradient = float(terms.sum()), float(grad[row, col])
    return Entry(name, row, col, b, each.steps, own, delta, terms, value, gradient, immediate, total)


@dataclass(frozen=True)
class Chain:
    """The factors of one term, left to right; multiplied out they are ``value``.

    Attributes:
        s: Loss step.
        k: State step.
        dL_dy_hat: ∂L/∂ŷ_s (O,), the batch mean's 1/B included. Infinite or NaN where ŷ is saturated beyond floats.
        dy_hat_dz: ∂ŷ_s/∂z_s (O, O).
        dL_dz: Their product, ∂L/∂z_s (O,), finite always.
        dz_ds: ∂z_s/∂s_s (O, n): W_yᵀ, and zeros for the LSTM's c.
        J: ∂s_t/∂s_{t-1} for t = s, s-1, …, k+1 (s-k, n, n).
        immediate: ∂⁺s_k/∂w (n,).
        value: The term, `Entry.terms` to rounding.
    """

    s: int
    k: int
    dL_dy_hat: Array
    dy_hat_dz: Array
    dL_dz: Array
    dz_ds: Array
    J: Array
    immediate: Array
    value: float


def chain(model: Model, trace: Trace, entry: Entry, s: int, k: int) -> Chain:
    """Every factor of the term that loss step s sends to the entry's use at state step k.

    Args:
        model: Weights and wiring.
        trace: What `core.model.run` returned.
        entry: What `open_entry` returned for both.
        s: Loss step, one of ``entry.steps``.
        k: State step, 1 … s.

    Raises:
        ValueError: ``s`` is not a scored step, or ``k`` is not within 1 … s.
    """
    if s not in entry.steps:
        scored = f"{entry.steps[0]} to {entry.steps[-1]}" if len(entry.steps) > 1 else f"{entry.steps[0]}"
        raise ValueError(f"s: expected a scored step, {scored}, got {s!r}.")
    if not 1 <= k <= s:
        raise ValueError(f"k: expected a state step from 1 to s = {s}, got {k!r}.")
    n, H = entry.immediate.shape[1], model.cell.H
    dL_dy_hat, dy_hat_dz, dL_dz = prediction_factors(model, trace, len(trace.logits) - len(entry.own) + s - 1, entry.b)
    dz_ds = np.zeros((len(dL_dz), n))
    dz_ds[:, :H] = model.W_y.T
    J = jacobians(model, trace, entry.b).J[k:s][::-1]
    row = dL_dz @ dz_ds
    for J_t in J:
        row = row @ J_t
    value = float(row @ entry.immediate[k - 1])
    return Chain(s, k, dL_dy_hat, dy_hat_dz, dL_dz, dz_ds, J, entry.immediate[k - 1], value)


def prediction_factors(model: Model, trace: Trace, at: int, b: int = 0) -> tuple[Array, Array, Array]:
    """The factors between the loss and one output, for one sequence.

    Args:
        model: Weights and wiring.
        trace: What `core.model.run` returned for them, with a loss.
        at: Which of the S scored steps, 0 … S-1.
        b: The sequence.

    Returns:
        ∂L/∂ŷ (O,), which may be infinite or NaN where ŷ is saturated beyond floats, ∂ŷ/∂z (O, O), and their product
        ∂L/∂z (O,), finite always.

    Raises:
        ValueError: The trace has no loss.
    """
    if trace.dlogits is None:
        raise ValueError("trace: it has no loss. Give run() a target y.")
    B = trace.dlogits.shape[1]
    z, y_hat, dz = (A[at, b].astype(np.float64) for A in (trace.logits, trace.y_hat, trace.dlogits))
    if model.loss == "mse":
        return dz, np.eye(len(z)), dz
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        if model.loss == "softmax":
            label = int(np.argmax(y_hat - B * dz))  # dz = (ŷ - onehot)/B
            dL_dy_hat = np.zeros_like(z)
            dL_dy_hat[label] = -1 / (B * y_hat[label])
            return dL_dy_hat, np.diag(y_hat) - np.outer(y_hat, y_hat), dz
        tail = np.exp(-np.abs(z))
        slope = tail / (1 + tail) ** 2  # ŷ(1 - ŷ) without the cancellation in 1 - ŷ
        return dz / slope, np.diag(slope), dz


def _unit_derivative(cell: RNNTrace | LSTMTrace, b: int, col: int) -> Array:
    """∂s_k/∂a_k[col] (T, n), with s_{k-1} held, of sequence b."""
    T, _, H = cell.h[1:].shape
    if not isinstance(cell, LSTMTrace):
        derivative = np.zeros((T, H))
        derivative[:, col] = activation(cell.activation).slope(cell.h[1:, b, col].astype(np.float64))
        return derivative
    local, dh_dc = local_derivatives(cell, b)
    derivative, unit = np.zeros((T, 2 * H)), col % H
    if col // H == 2:  # the output gate acts on h alone
        derivative[:, unit] = local[:, col]
    else:
        derivative[:, H + unit] = local[:, col]
        derivative[:, unit] = dh_dc[:, unit] * local[:, col]
    return derivative
