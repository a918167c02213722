"""The network on the screen with one slip made: `core`'s own code, run on what the slip turns the network into."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core import model as network
from core import rnn
from core.model import Backward, Model, Trace
from core.params import Array
from core.rnn import RNNBackward, RNNParams
from quiz.computed.guess import Run
from quiz.computed.toys import rnn_step


def step(run: Run, t: int, params: RNNParams, *, x: Array | None = None, h: Array | None = None) -> Array:
    """h_t (H,) of one step made again with other weights, or from another input or state."""
    x_t, h_before = run.x[t - 1] if x is None else x, run.h[t - 1] if h is None else h
    return np.asarray(rnn_step(params, list(x_t), list(h_before), run.trace.activation).h[1, 0])


def summed(run: Run, t: int, params: RNNParams) -> Array:
    """As `step`, without φ: a_t (H,)."""
    return np.asarray(rnn_step(params, list(run.x[t - 1]), list(run.h[t - 1]), "identity").a[0, 0])


def without_recurrence(params: RNNParams) -> RNNParams:
    """h_{t-1} W_h left out; on the way back, the future path."""
    return replace(params, W_h=np.zeros_like(params.W_h))


def turned(params: RNNParams) -> RNNParams:
    """W_h transposed."""
    return replace(params, W_h=params.W_h.T.copy())


def without_bias(params: RNNParams) -> RNNParams:
    """The bias b left out."""
    return replace(params, b=np.zeros_like(params.b))


def without_input(params: RNNParams) -> RNNParams:
    """x_t W_x left out."""
    return replace(params, W_x=np.zeros_like(params.W_x))


def back(run: Run, dh_out: Array, params: RNNParams | None = None, *, slopes: bool = True) -> RNNBackward:
    """The way back with other weights, or without the slopes φ' (states as they were, each slope 1)."""
    trace = run.trace if slopes else replace(run.trace, activation="identity")
    return rnn.backward(params or run.params, trace, dh_out)


def with_state_after(run: Run, da: Array) -> Array:
    """∂L/∂W_h (H, H) with h_t in the place of h_{t-1}: Σ h_tᵀ δ_t."""
    return np.asarray(run.h[1:].T @ da[:, 0])


def target(model: Model, trace: Trace) -> Array:
    """The target that a trace was scored with, read back from ∂L/∂z; in the form that `core.model.run` takes.

    Raises:
        ValueError: The trace has no loss.
    """
    if trace.dlogits is None:
        raise ValueError("trace: it has no loss. Give run() a target y.")
    if model.loss == "softmax":
        y = np.asarray((trace.y_hat - trace.dlogits).argmax(axis=-1))
    elif model.loss == "bce":
        y = np.round((trace.y_hat - trace.dlogits).clip(0, 1), 12)
    else:
        y = trace.y_hat - trace.dlogits * (trace.y_hat.shape[-1] / 2)
    return y[0] if model.readout == "last" else y


def loss_with(model: Model, trace: Trace, changes: dict[str, Array]) -> float:
    """L of the same sequence and target with some parameters replaced; infinity or NaN where a long step overflows."""
    changed = network.with_parameters(model, changes)
    with np.errstate(over="ignore", invalid="ignore"):
        loss = network.run(changed, trace.cell.x, target(model, trace), trace.cell.h[0]).loss
    assert loss is not None
    return loss


def loss_after(model: Model, trace: Trace, backward: Backward, lr: float) -> float:
    """L after one plain update W ← W - α ∂L/∂W of every weight; a negative α goes up the gradient."""
    old = network.parameters(model)
    return loss_with(model, trace, {name: W - lr * backward.grads[name] for name, W in old.items()})
