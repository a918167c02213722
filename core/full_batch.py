"""Full-batch gradient descent of a vanilla RNN: update after update on the same sequences, with every number kept.

`core.train` draws a fresh batch for each update of any model and keeps its loss and norms; `core.overflow` follows one
sequence to where its numbers end. Here the passes forward and back are looked at before and after each update. All is
checked once, at the start, and the passes share their arrays, so that twenty updates of a small network take little
more than a millisecond.

    θ ← θ - lr ∂L/∂θ    with L = Σ_b Σ_t loss(ŷ_t, y_t), the sum over the batch and not its mean
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.activations import activation
from core.losses import LOSSES, targets
from core.model import Model, parameters
from core.params import Array, finite_weights, sequence, size
from core.rnn import RNNParams, roll_back, unroll

__all__ = ["Passes", "train_full_batch"]


@dataclass(frozen=True, eq=False)
class Passes:
    """What each pass computed; row p of every array belongs to the weights after p updates, P passes in all.

    Attributes:
        weights: Every parameter by name, (P, …).
        grads: ∂L/∂ of each, (P, …).
        loss: L (P,).
        h: Hidden states (P, T+1, B, H); row 0 of a pass is zero.
        y_hat: ŷ (P, S, B, O), S the scored steps: 1 for a read-out at the last step, T for one at every step.
        losses: Loss of each scored step and sequence (P, S, B).
        dh_out: What each step's own loss sends into h_t (P, T, B, H).
        dh: ∂L/∂h_t for t = 1 … T (P, T, B, H): own loss and future together.
        da: ∂L/∂a_t (P, T, B, H).
    """

    weights: Mapping[str, Array]
    grads: Mapping[str, Array]
    loss: Array
    h: Array
    y_hat: Array
    losses: Array
    dh_out: Array
    dh: Array
    da: Array

    def __len__(self) -> int:
        """P: one more than updates."""
        return len(self.loss)

    @property
    def future(self) -> Array:
        """What later steps send into h_t (P, T, B, H), zero at t = T; with ``dh_out`` it adds up to ``dh`` (B3)."""
        sent = np.zeros_like(self.dh)
        with np.errstate(over="ignore", invalid="ignore"):
            np.matmul(self.da[:, 1:], self.weights["W_h"].swapaxes(1, 2)[:, None], out=sent[:, :-1])
        return sent

    @property
    def lengths(self) -> dict[str, Array]:
        """The Euclidean length of each parameter's gradient, by name (P,)."""
        with np.errstate(over="ignore", invalid="ignore"):
            return {name: np.sqrt((grad.reshape(len(grad), -1) ** 2).sum(axis=1)) for name, grad in self.grads.items()}


def train_full_batch(
    model: Model, x: ArrayLike, y: ArrayLike, *, lr: float, updates: int, most: float = math.inf
) -> Passes:
    """Update by update, from zero states.

    Args:
        model: The weights to start from, of an RNN whose losses are summed over the steps; never written to.
        x: (T, B, D).
        y: As `core.model.run` takes them.
        lr: Learning rate.
        updates: Most updates.
        most: The passes end before one with this loss, but for the first, and with one whose gradient is not finite.

    Raises:
        ValueError: Another cell, losses averaged over the steps, no update, or anything `core.model.run` refuses.
    """
    cell = model.cell
    if not isinstance(cell, RNNParams) or model.over_steps != "sum":
        raise ValueError("model: expected an RNN whose losses are summed. Use core.train for any other model.")
    phi, loss_of, x = activation(model.activation), LOSSES[model.loss], sequence(x, cell.W_x)
    (T, B, D), H, O = x.shape, cell.H, len(model.b_y)  # noqa: E741 - field notation
    every = model.readout == "every"
    S, P, kind = T if every else 1, size("updates", updates) + 1, x.dtype
    scored = targets(model.loss, y, (T, B, O) if every else (B, O), kind)
    y_scored = scored if every else scored[None]
    start = dict(zip(parameters(model), finite_weights(kind, **parameters(model)), strict=True))
    theta, weights = _rows(start, P)
    gradient, grads = _rows(start, P)
    for name, weight in start.items():
        weights[name][0] = weight
    h, loss = np.empty((P, T + 1, B, H), kind), np.empty(P, kind)
    dh_out, dh, da = (np.zeros((P, T, B, H), kind) for _ in range(3))
    y_hat, losses = np.empty((P, S, B, O), kind), np.empty((P, S, B), kind)
    flat_x, passes = x.reshape(T * B, D), P
    # A product with ones is a sum over the rows, at a fraction of its cost here.
    flat_xT, used, read_out = flat_x.T, np.ones(T * B, kind), np.ones(S * B, kind)
    # The arrays of a pass, whose steps are taken apart but once.
    a, h_p, dh_p, da_p, sent = (np.zeros((n, B, H), kind) for n in (T, T + 1, T, T, 1))
    forward, back = list(zip(a, h_p[:-1], h_p[1:], strict=True)), list(zip(dh_p[::-1], da_p[::-1], strict=True))
    flat_a, flat_h, flat_da, read = (part.reshape(-1, H) for part in (a, h_p[:-1], da_p, h_p[T + 1 - S :]))
    with np.errstate(over="ignore", invalid="ignore"):  # where numbers end, the passes do
        for p in range(P):
            W_x, W_h, b, W_y, b_y = (weight[p] for weight in weights.values())
            np.dot(flat_x, W_x, out=flat_a)
            a += b
            unroll(W_h, forward, phi)
            h[p] = h_p
            logits = np.dot(read, W_y).reshape(S, B, O)
            logits += b_y
            losses[p], y_hat[p], dz = loss_of(logits, y_scored)
            loss[p] = losses[p].sum()
            if p and not loss[p] < most:
                passes = p
                break
            flat_dz = dz.reshape(S * B, O)
            dh_out[p, T - S :] = np.dot(flat_dz, W_y.T).reshape(S, B, H)
            dh_p[:], da_p[:], sent[:] = dh_out[p], phi.slope(h_p[1:]), 0
            roll_back(W_h, back, sent[0])
            dh[p], da[p] = dh_p, da_p
            grads["W_x"][p] = np.dot(flat_xT, flat_da)
            grads["W_h"][p] = np.dot(flat_h.T, flat_da)
            grads["b"][p] = np.dot(used, flat_da)
            grads["W_y"][p] = np.dot(read.T, flat_dz)
            grads["b_y"][p] = np.dot(read_out, flat_dz)
            if not math.isfinite(np.vdot(gradient[p], gradient[p])):
                passes = p + 1
                break
            if p < updates:
                np.subtract(theta[p], lr * gradient[p], out=theta[p + 1])
    kept = slice(passes)
    return Passes(
        {name: weight[kept] for name, weight in weights.items()}, {name: grad[kept] for name, grad in grads.items()},
        loss[kept], h[kept], y_hat[kept], losses[kept], dh_out[kept], dh[kept], da[kept],
    )  # fmt: skip


def _rows(arrays: Mapping[str, Array], P: int) -> tuple[Array, dict[str, Array]]:
    """Room for P values of all parameters, laid end to end in rows, and each parameter's part of it (P, …)."""
    ends = np.cumsum([array.size for array in arrays.values()])
    rows = np.empty((P, ends[-1]), next(iter(arrays.values())).dtype)
    parts = np.split(rows, ends[:-1], axis=1)
    return rows, {
        name: part.reshape(P, *array.shape) for (name, array), part in zip(arrays.items(), parts, strict=True)
    }
