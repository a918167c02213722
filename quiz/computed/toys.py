"""Networks small enough to work out by hand, built on `core` from the numbers that a question shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from core import lstm, rnn
from core.activations import sigmoid
from core.lstm import LSTMParams, LSTMTrace
from core.model import Model
from core.params import Array
from core.rnn import RNNParams, RNNTrace

Vectors = Sequence[float] | Sequence[Sequence[float]]
SATURATED = 40.0  # σ(40) is 1 and σ(-40) is 0 in float64


def rnn_params(W_x: ArrayLike, W_h: ArrayLike, b: ArrayLike = 0.0) -> RNNParams:
    """A layer from numbers (D = H = 1) or nested lists."""
    W = np.atleast_2d(np.asarray(W_h, np.float64))
    return RNNParams(
        np.asarray(W_x, np.float64).reshape(-1, len(W)), W, np.broadcast_to(np.asarray(b, np.float64), len(W)).copy()
    )


def rnn_model(
    W_x: ArrayLike,
    W_h: ArrayLike,
    b: ArrayLike = 0.0,
    W_y: ArrayLike = 1.0,
    b_y: float = 0.0,
    *,
    activation: str = "tanh",
    loss: str = "bce",
) -> Model:
    """A many-to-one RNN with one output, from numbers or nested lists."""
    cell = rnn_params(W_x, W_h, b)
    read_out = np.broadcast_to(np.asarray(W_y, np.float64), cell.H).reshape(-1, 1).copy()
    return Model(cell, read_out, np.array([b_y]), activation, "last", loss)


def steps(x: Vectors) -> Array:
    """Numbers or vectors, one for each step, as an input sequence (T, 1, D)."""
    array: Array = np.asarray(x, np.float64)
    return array.reshape(len(array), 1, -1)


def rnn_trace(h: Vectors, x: Vectors | None = None, activation: str = "tanh") -> RNNTrace:
    """A trace from the states a question shows, h_0 first, so that the backward pass starts from those very numbers.

    Args:
        h: T+1 states, numbers or vectors.
        x: T inputs, numbers or vectors; None for zeros.
        activation: Name of φ. The pre-activations are not known and stay NaN; no backward pass reads them.
    """
    states = steps(h)
    inputs = np.zeros((len(states) - 1, 1, 1)) if x is None else steps(x)
    return RNNTrace(inputs, np.full_like(states[1:], np.nan), states, activation)


def gate(argument: float) -> float:
    """σ of one number."""
    return float(sigmoid(np.array([argument])).item())


def logit(gate: ArrayLike) -> Array:
    """The argument for which σ gives this value; `SATURATED` for 0 and 1."""
    values = np.asarray(gate, np.float64)
    with np.errstate(divide="ignore"):
        return np.asarray(np.clip(np.log(values) - np.log1p(-values), -SATURATED, SATURATED))


def held_gates(
    i: ArrayLike, f: ArrayLike, o: ArrayLike, g: ArrayLike, c_0: ArrayLike = 0.0, T: int = 1
) -> tuple[LSTMParams, LSTMTrace]:
    """T steps of an LSTM whose gates stay at given values: no weights, only biases.

    Args:
        i: Input gate, a number or one for each unit, 0 to 1.
        f: Forget gate, likewise.
        o: Output gate, likewise.
        g: Candidate, likewise, between -1 and 1.
        c_0: Initial cell state.
        T: Steps.
    """
    i, f, o, g, c_0 = (
        np.atleast_1d(a) for a in np.broadcast_arrays(*(np.asarray(v, np.float64) for v in (i, f, o, g, c_0)))
    )
    H = len(i)
    b = np.concatenate([logit(i), logit(f), logit(o), np.arctanh(g)])
    params = LSTMParams(np.zeros((1, 4 * H)), np.zeros((H, 4 * H)), b)
    return params, lstm.forward(params, np.zeros((T, 1, 1)), c0=c_0[None])


def rnn_step(params: RNNParams, x: Sequence[float], h_prev: Sequence[float], activation: str = "tanh") -> RNNTrace:
    """One step from x (D,) and h_{t-1} (H,)."""
    return rnn.forward(params, steps([x]), np.array([h_prev], np.float64), activation=activation)
