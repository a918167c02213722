"""One entry of a weight's gradient, opened into its terms, and one term into its factors.

For an entry w of a recurrent weight W_x, W_h or b, with s_t the recurrent state (h_t, or (h_t, c_t) for the LSTM) and
∂⁺ an immediate derivative, which lets w vary at that step alone:

    ∂L/∂w = Σ_s Σ_{k≤s} (loss step s, state step k)
    term  = ∂L/∂ŷ_s · ∂ŷ_s/∂z_s · ∂z_s/∂s_s · ∂s_s/∂s_{s-1} ··· ∂s_{k+1}/∂s_k · ∂⁺s_k/∂w
          = ∂L_s/∂a_k[col] · left_k[row]             left is x_k for W_x, h_{k-1} for W_h, 1 for b; see `core.uses`
    ds_k/dw = ∂s_k/∂s_{k-1} · ds_{k-1}/dw + ∂⁺s_k/∂w          the total derivative, forwards
    ∂L/∂w   = Σ_s ∂L_s/∂s_s · ds_s/dw                          one product per loss step instead of one per state step

The read-out's weights W_y and b_y are used after the recurrence, once per loss step; their chain ends at z:

    term  = ∂L/∂ŷ_s · ∂ŷ_s/∂z_s · ∂⁺z_s/∂w = ∂L/∂z_s[col] · h_s[row]         for b_y the second factor is 1

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
from core.gru import GRUTrace, block
from core.jacobian import gru_derivatives, jacobians, local_derivatives
from core.layer import CellTrace
from core.lstm import LSTMTrace
from core.model import Backward, Model, Trace
from core.params import Array, finite_in, finite_weights
from core.rnn import RNNTrace
from core.uses import find

__all__ = ["Chain", "Entry", "TotalSum", "chain", "open_entry", "prediction_factors", "total_sum"]


@dataclass(frozen=True, eq=False)
class Entry:
    """One entry of one weight and all terms of its gradient, for one sequence. Row k-1 is state step k = 1 … T.

    Attributes:
        name: W_x, W_h, b, W_y or b_y.
        row: Row of the weight; 0 for b and b_y.
        col: Column of the weight.
        b: The sequence.
        steps: The scored steps, counted from 1 (S,).
        own: What the entry multiplies at each step: x_k[row], h_{k-1}[row], h_k[row] for W_y, or 1 (T,). For W_hn of a
            GRU that resets before the product, (r_k ⊙ h_{k-1})[row].
        delta: ∂L_s/∂a_k[col], the delta it meets, for each loss step (S, T); zero for k > s. For the read-out
            ∂L/∂z_s[col] at k = s, zero elsewhere.
        terms: own · delta (S, T).
        value: Sum of the terms, this sequence's share of the gradient.
        gradient: ∂L/∂w of the whole batch, the sum of the shares.
        immediate: ∂⁺s_k/∂w (T, n), n = 2H for the LSTM (h first), else H. For the read-out ∂⁺z_k/∂w (T, O).
        total: ds_k/dw (T, n), through all earlier steps too. Not finite where it grows past 1.8e308. For the
            read-out the same as ``immediate``: no earlier use reaches z_k.
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
    """Open one entry of a weight's gradient into its terms.

    Args:
        model: Weights and wiring.
        trace: What `core.model.run` returned.
        backward: What `core.model.backprop` returned for it.
        each: What `core.decompose.backprop_each` returned for both.
        name: W_x, W_h, b, W_y or b_y.
        row: Row of the weight, counted from 0; 0 for b and b_y.
        col: Column, counted from 0. The gate blocks lie side by side, i, f, o, g or r, z, n.
        b: Which sequence of the batch.

    Raises:
        ValueError: An unknown name, an index out of range, loss steps of another trace, a sequence too long for
            `core.jacobian.jacobians`, or NaN or infinity in what is read.
    """
    sequence(b, trace.cell.x.shape[1])
    if name not in backward.grads:
        raise ValueError(f"name: {name!r} is not a weight. Choose one of {', '.join(backward.grads)}.")
    grad = np.atleast_2d(backward.grads[name])
    for axis, index, size in (("row", row, grad.shape[0]), ("col", col, grad.shape[1])):
        if isinstance(index, bool) or not isinstance(index, int | np.integer) or not 0 <= index < size:
            raise ValueError(f"{axis}: expected 0 to {size - 1} for {name} {grad.shape}, got {index!r}.")
    cell = trace.cell
    check_each(trace, each)
    finite_in("trace", x=cell.x[:, b], h=cell.h[:, b])
    finite_in("backward", **{name: grad})
    finite_in("each", da=each.da)
    if name in RECURRENT:
        left, meets = find(cell, name, col)
        own, delta = left[:, b, row], each.da[:, :, b, meets]
        immediate = own[:, None] * _unit_derivative(model, cell, b, meets)
        total = _total(jacobians(model, trace, b).J, immediate)
    else:
        own = cell.h[1:, b, row] if name == "W_y" else np.ones(len(cell.x), cell.h.dtype)
        delta = _read_out_delta(trace, each, b, col)
        immediate = own[:, None] * np.eye(grad.shape[1])[col]
        total = immediate
    terms = own * delta
    value, gradient = float(terms.sum()), float(grad[row, col])
    return Entry(name, row, col, b, each.steps, own, delta, terms, value, gradient, immediate, total)


def _read_out_delta(trace: Trace, each: EachLoss, b: int, col: int) -> Array:
    """∂L_s/∂z_k[col] (S, T): ∂L/∂z_s where k = s, zero elsewhere."""
    if trace.dlogits is None:
        raise ValueError("trace: it has no loss. Give run() a target y.")
    finite_in("trace", dlogits=trace.dlogits)
    delta = np.zeros((len(each.steps), len(trace.cell.x)), trace.dlogits.dtype)
    delta[np.arange(len(delta)), each.steps - 1] = trace.dlogits[:, b, col]
    return delta


def _total(J: Array, immediate: Array) -> Array:
    """ds_k/dw (T, n) from the Jacobians (T, n, n) and ∂⁺s_k/∂w (T, n)."""
    total = np.empty_like(immediate)
    before = np.zeros(total.shape[1])
    with np.errstate(over="ignore", invalid="ignore"):
        for J_k, immediate_k, total_k in zip(J, immediate, total, strict=True):
            before = total_k[:] = J_k @ before + immediate_k
    return total


@dataclass(frozen=True, eq=False)
class TotalSum:
    """The gradient of an entry by total derivatives, and what goes wrong when they are summed over every state.

    Attributes:
        own: What each loss step sends into its own state, ∂L_s/∂s_s (S, n). For the read-out ∂L/∂z_s (S, O).
        products: ∂L_s/∂s_s · ds_s/dw (S,).
        value: Their sum, the entry's gradient.
        counted_again: Σ_k ∂L/∂s_k · ds_k/dw over all state steps. Each ds_k/dw holds the uses before k already, so
            this is not the gradient.
    """

    own: Array
    products: Array
    value: float
    counted_again: float


def total_sum(model: Model, trace: Trace, backward: Backward, entry: Entry) -> TotalSum:
    """Sum an entry's total derivatives over the loss steps, which is right, and over the state steps, which is not.

    Args:
        model: Weights and wiring.
        trace: What `core.model.run` returned.
        backward: What `core.model.backprop` returned for it.
        entry: What `open_entry` returned for them.

    Raises:
        ValueError: A trace without a loss, or NaN or infinity in what is read.
    """
    if trace.dlogits is None:
        raise ValueError("trace: it has no loss. Give run() a target y.")
    finite_in("trace", dlogits=trace.dlogits[:, entry.b])
    finite_in("backward", dh_out=backward.dh_out[:, entry.b])
    scored = entry.steps - 1
    with np.errstate(over="ignore", invalid="ignore"):
        if entry.name not in RECURRENT:
            own = trace.dlogits[:, entry.b].astype(np.float64)
            products = (own * entry.total[scored]).sum(axis=1)
            return TotalSum(own, products, float(products.sum()), float(products.sum()))
        sent = np.zeros(entry.total.shape)
        sent[:, : model.cell.H] = backward.dh_out[:, entry.b]
        arriving = sent.copy()
        J = jacobians(model, trace, entry.b).J
        for k in range(len(J) - 2, -1, -1):
            arriving[k] += arriving[k + 1] @ J[k + 1]
        products = (sent * entry.total)[scored].sum(axis=1)
        return TotalSum(sent[scored], products, float(products.sum()), float((arriving * entry.total).sum()))


@dataclass(frozen=True, eq=False)
class Chain:
    """The factors of one term, left to right; multiplied out they are ``value``.

    Attributes:
        s: Loss step.
        k: State step.
        dL_dy_hat: ∂L/∂ŷ_s (O,), the batch mean's 1/B included. Infinite or NaN where ŷ is saturated beyond floats.
        dy_hat_dz: ∂ŷ_s/∂z_s (O, O).
        dL_dz: Their product, ∂L/∂z_s (O,), finite always.
        dz_ds: ∂z_s/∂s_s (O, n): W_yᵀ, and zeros for the LSTM's c. For the read-out, whose chain ends at z, the
            identity (O, O).
        J: ∂s_t/∂s_{t-1} for t = s, s-1, …, k+1 (s-k, n, n). None for the read-out (0, O, O).
        immediate: ∂⁺s_k/∂w (n,). For the read-out ∂⁺z_s/∂w (O,).
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
        k: State step, 1 … s; s itself for the read-out's weights.

    Raises:
        ValueError: ``s`` is not a scored step, ``k`` is not within 1 … s, or NaN or infinity in model or trace.
    """
    recurrent = entry.name in RECURRENT
    if s not in entry.steps:
        scored = f"{entry.steps[0]} to {entry.steps[-1]}" if len(entry.steps) > 1 else f"{entry.steps[0]}"
        raise ValueError(f"s: expected a scored step, {scored}, got {s!r}.")
    if not 1 <= k <= s:
        raise ValueError(f"k: expected a state step from 1 to s = {s}, got {k!r}.")
    if not recurrent and k != s:
        raise ValueError(f"k: {entry.name} is used at the loss step alone, expected {s}, got {k!r}.")
    n, H = entry.immediate.shape[1], model.cell.H
    dL_dy_hat, dy_hat_dz, dL_dz = prediction_factors(model, trace, len(trace.logits) - len(entry.own) + s - 1, entry.b)
    (W_y,) = finite_weights(np.float64, W_y=model.W_y)
    dz_ds = np.eye(n) if not recurrent else np.hstack([W_y.T, np.zeros((len(dL_dz), n - H))])
    J = jacobians(model, trace, entry.b).J[k:s][::-1] if recurrent else np.zeros((0, n, n))
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
        ValueError: The trace has no loss, or NaN or infinity in it.
    """
    if trace.dlogits is None:
        raise ValueError("trace: it has no loss. Give run() a target y.")
    finite_in("trace", logits=trace.logits[at], y_hat=trace.y_hat[at], dlogits=trace.dlogits[at])
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


def _unit_derivative(model: Model, cell: CellTrace, b: int, col: int) -> Array:
    """∂s_k/∂a_k[col] (T, n), with s_{k-1} held, of sequence b."""
    T, _, H = cell.h[1:].shape
    derivative, unit = np.zeros((T, 2 * H if isinstance(cell, LSTMTrace) else H)), col % H
    if isinstance(cell, RNNTrace):
        derivative[:, col] = activation(cell.activation).slope(cell.h[1:, b, col].astype(np.float64))
        return derivative
    if isinstance(cell, GRUTrace):
        local = gru_derivatives(cell, b)
        if col < H and not cell.reset_after:  # what a reset gate lets through reaches all units by W_hn
            (W_h,) = finite_weights(np.float64, W_h=model.cell.W_h)
            return np.asarray(local[:, col, None] * block(W_h, "n")[col] * block(local, "n"))
        derivative[:, unit] = local[:, col]
        return derivative
    local, dh_dc = local_derivatives(cell, b)
    if col // H == 2:  # the output gate acts on h alone
        derivative[:, unit] = local[:, col]
    else:
        derivative[:, H + unit] = local[:, col]
        derivative[:, unit] = dh_dc[:, unit] * local[:, col]
    return derivative
