"""One recurrent layer of any kind: what RNN, LSTM and GRU do alike, told apart by the type of the weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from types import MappingProxyType, ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from core import gru, lstm, rnn
from core.gru import GRUBackward, GRUParams, GRUTrace
from core.lstm import LSTMBackward, LSTMParams, LSTMTrace
from core.rnn import RNNBackward, RNNParams, RNNTrace

__all__ = ["CELLS", "MODULES", "Cell", "CellBackward", "CellTrace", "backward", "cut", "forward", "init", "kind_of"]

Cell = RNNParams | LSTMParams | GRUParams
CellTrace = RNNTrace | LSTMTrace | GRUTrace
CellBackward = RNNBackward | LSTMBackward | GRUBackward

MODULES: Mapping[str, ModuleType] = MappingProxyType({"rnn": rnn, "lstm": lstm, "gru": gru})
CELLS = tuple(MODULES)


def kind_of(params: Cell | CellTrace) -> str:
    """Which cell weights or a trace belong to: "rnn", "lstm" or "gru"."""
    if isinstance(params, LSTMParams | LSTMTrace):
        return "lstm"
    return "gru" if isinstance(params, GRUParams | GRUTrace) else "rnn"


def init(
    kind: str,
    D: int,
    H: int,
    *,
    rng: np.random.Generator,
    scheme: str = "uniform",
    gain: float = 1.0,
    forget_bias: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> Cell:
    """Draw a fresh layer of one of `CELLS`, see the ``init`` of its module. Only the LSTM reads ``forget_bias``.

    Raises:
        ValueError: An unknown kind, or any other out of its range.
    """
    if kind not in CELLS:
        raise ValueError(f"kind: {kind!r} is not known. Choose one of {', '.join(CELLS)}.")
    if kind == "lstm":
        return lstm.init(D, H, rng=rng, forget_bias=forget_bias, scheme=scheme, gain=gain, dtype=dtype)
    if kind == "gru":
        return gru.init(D, H, rng=rng, scheme=scheme, gain=gain, dtype=dtype)
    return rnn.init(D, H, rng=rng, scheme=scheme, gain=gain, dtype=dtype)


def forward(
    params: Cell,
    x: ArrayLike,
    h0: ArrayLike | None = None,
    c0: ArrayLike | None = None,
    *,
    activation: str = "tanh",
) -> CellTrace:
    """Run a layer over a sequence.

    Args:
        params: Weights.
        x: (T, B, D).
        h0: Initial hidden state (B, H), or None for zeros.
        c0: Initial cell state (B, H), LSTM only.
        activation: φ of the RNN; the others have their own.

    Raises:
        ValueError: As the layer's own ``forward``; ``c0`` for a layer without a cell state.
    """
    if isinstance(params, LSTMParams):
        return lstm.forward(params, x, h0, c0)
    if c0 is not None:
        raise ValueError(f"c0: the {kind_of(params).upper()} has no cell state. Leave c0 out or use an LSTM.")
    if isinstance(params, GRUParams):
        return gru.forward(params, x, h0)
    return rnn.forward(params, x, h0, activation=activation)


def backward(params: Cell, trace: CellTrace, dh_out: ArrayLike, dc_T: ArrayLike | None = None) -> CellBackward:
    """Backpropagate through a layer.

    Args:
        params: The weights the trace was made with.
        trace: What `forward` returned.
        dh_out: (T, B, H), what enters at each h_t from outside.
        dc_T: (B, H), what enters at c_T from outside, LSTM only, or None.

    Raises:
        ValueError: As the layer's own ``backward``; a trace of another cell, ``dc_T`` for a layer without a cell state.
    """
    if isinstance(params, LSTMParams) and isinstance(trace, LSTMTrace):
        return lstm.backward(params, trace, dh_out, dc_T)
    if kind_of(params) != kind_of(trace):
        raise ValueError(f"trace: made by another cell than the model's {kind_of(params)}. Run the model first.")
    if dc_T is not None:
        raise ValueError(f"dc_T: the {kind_of(params).upper()} has no cell state. Leave dc_T out or use an LSTM.")
    if isinstance(params, GRUParams) and isinstance(trace, GRUTrace):
        return gru.backward(params, trace, dh_out)
    assert isinstance(params, RNNParams), "one of the three"
    assert isinstance(trace, RNNTrace), "one of the three"
    return rnn.backward(params, trace, dh_out)


def cut(trace: CellTrace, first: int, last: int, rows: slice = slice(None)) -> CellTrace:
    """The steps after ``first`` up to ``last`` of some sequences of a trace, as a trace of their own: views.

    Its row 0 of h and c is the state after step ``first``; ``cut(trace, 0, T)`` is the whole.
    """
    T = len(trace.x)
    arrays: dict[str, Any] = {f.name: A for f in fields(trace) if isinstance(A := getattr(trace, f.name), np.ndarray)}
    return replace(trace, **{name: A[first : last + len(A) - T, rows] for name, A in arrays.items()})
