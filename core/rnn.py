"""The vanilla RNN: forward pass and backpropagation through time.

Row vectors, time-major, batch in the middle (T steps, B sequences, D inputs, H units):

    F1   a_t = x_t W_x + h_{t-1} W_h + b
    F2   h_t = φ(a_t)

    B1   dh_t   = dh_out_t + dh_next              own loss + what the future sends back
    B2   da_t   = dh_t ⊙ φ'(a_t)
    B3   dh_next = da_t W_hᵀ
    B4   dW_x = Σ_t x_tᵀ da_t     B5   dW_h = Σ_t h_{t-1}ᵀ da_t     B6   db = Σ_t da_t
    B7   dx_t = da_t W_xᵀ

Source: Rumelhart, Hinton & Williams, "Learning internal representations by error propagation" (1986); the cell is
Elman, "Finding structure in time" (1990).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from core.activations import Activation
from core.activations import activation as activation_named
from core.params import (
    Array,
    finite_in,
    finite_weights,
    float_array,
    float_type,
    made_with,
    recurrent_weights,
    sequence,
    sized,
)

__all__ = [
    "RNNBackward",
    "RNNParams",
    "RNNTrace",
    "backward",
    "forward",
    "from_torch",
    "init",
    "roll_back",
    "terms",
    "to_torch",
    "unroll",
]


@dataclass(frozen=True, eq=False)
class RNNParams:
    """Weights of one recurrent layer: W_x (D, H), W_h (H, H), b (H,)."""

    W_x: Array
    W_h: Array
    b: Array

    def __post_init__(self) -> None:
        H = len(self.W_h) if self.W_h.ndim == 2 else 0
        shapes = self.W_x.shape[1:], self.W_h.shape[1:], self.b.shape
        if H == 0 or self.W_x.ndim != 2 or shapes != ((H,),) * 3:
            raise ValueError(
                "RNNParams: expected W_x (D, H), W_h (H, H), b (H,), got "
                f"{self.W_x.shape}, {self.W_h.shape}, {self.b.shape}. Take D and H from W_x and W_h."
            )

    @property
    def H(self) -> int:
        """Hidden size."""
        return len(self.W_h)


@dataclass(frozen=True, eq=False)
class RNNTrace:
    """All that a forward pass computed.

    Attributes:
        x: Inputs (T, B, D).
        a: Pre-activations (T, B, H).
        h: Hidden states (T+1, B, H). Row 0 is the initial state, so h[t] is the state after step t = 1 … T.
        activation: Name of φ.
    """

    x: Array
    a: Array
    h: Array
    activation: str


@dataclass(frozen=True, eq=False)
class RNNBackward:
    """All that a backward pass computed; every gradient has the shape of what it belongs to.

    Attributes:
        grads: ∂L/∂W_x, ∂L/∂W_h, ∂L/∂b.
        dx: ∂L/∂x (T, B, D).
        dh0: ∂L/∂h_0 (B, H).
        da: ∂L/∂a (T, B, H).
        dh: ∂L/∂h_t for t = 1 … T (T, B, H): own loss and future together.
    """

    grads: RNNParams
    dx: Array
    dh0: Array
    da: Array
    dh: Array


def init(
    D: int,
    H: int,
    *,
    rng: np.random.Generator,
    scheme: str = "uniform",
    gain: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> RNNParams:
    """Draw fresh weights (schemes: `core.params.recurrent_weights`).

    Raises:
        ValueError: A size below 1, an unknown scheme or dtype.
    """
    kind = float_type(dtype)
    W_x, W_h, b = recurrent_weights(D, H, 1, rng=rng, scheme=scheme, gain=gain)
    return RNNParams(W_x.astype(kind), W_h.astype(kind), b.astype(kind))


def forward(params: RNNParams, x: ArrayLike, h0: ArrayLike | None = None, *, activation: str = "tanh") -> RNNTrace:
    """Run the layer over a sequence (F1, F2).

    Args:
        params: Weights; cast to the type of ``x`` if they differ.
        x: (T, B, D). float32 stays float32, everything else is computed in float64.
        h0: Initial state (B, H), or None for zeros.
        activation: tanh, sigmoid, relu or identity.

    Raises:
        ValueError: Wrong axes or sizes, an empty axis, NaN or infinity in ``params``, ``x`` or ``h0``, or an unknown
            activation.
    """
    phi = activation_named(activation)
    x = sequence(x, params.W_x)
    (T, B, D), H = x.shape, params.H
    W_x, W_h, b = finite_weights(x.dtype, W_x=params.W_x, W_h=params.W_h, b=params.b)
    a = (x.reshape(T * B, D) @ W_x).reshape(T, B, H)
    a += b
    h = np.empty((T + 1, B, H), x.dtype)
    h[0] = 0 if h0 is None else sized("h0", h0, ("B", "H"), (B, H), x.dtype)
    unroll(W_h, list(zip(a, h[:-1], h[1:], strict=True)), phi)
    return RNNTrace(x, a, h, activation)


def unroll(W_h: Array, steps: Sequence[tuple[Array, Array, Array]], phi: Activation) -> None:
    """F1 and F2 for all steps, on arrays that have been checked, in place.

    Args:
        W_h: (H, H).
        steps: For t = 1 … T: x_t W_x + b (B, H), which becomes a_t; h_{t-1} (B, H); h_t (B, H), which is written.
        phi: φ.
    """
    recurrent = np.empty_like(steps[0][1])
    for a_t, h_prev, h_t in steps:
        a_t += np.dot(h_prev, W_h, out=recurrent)  # F1
        phi.apply(a_t, h_t)  # F2


def backward(params: RNNParams, trace: RNNTrace, dh_out: ArrayLike) -> RNNBackward:
    """Backpropagate through time (B1 … B7).

    Args:
        params: The weights the trace was made with.
        trace: What `forward` returned.
        dh_out: (T, B, H), the gradient each step's own loss sends into h_t.

    Raises:
        ValueError: Wrong axes or sizes, NaN or infinity in ``params``, ``trace`` or ``dh_out``.
    """
    made_with(params.W_x, params.W_h, trace.x, trace.h)
    (T, B, D), H, kind = trace.x.shape, params.H, trace.h.dtype
    W_x, W_h = finite_weights(kind, W_x=params.W_x, W_h=params.W_h)
    finite_in("trace", x=trace.x, h=trace.h)
    dh = sized("dh_out", dh_out, ("T", "B", "H"), (T, B, H), kind).copy()
    da = activation_named(trace.activation).slope(trace.h[1:])  # φ'(a) for all steps; each becomes da_t below
    dh0 = roll_back(W_h, zip(dh[::-1], da[::-1], strict=True), np.zeros_like(dh[0]))
    flat_x, flat_h, flat_da = trace.x.reshape(T * B, D), trace.h[:-1].reshape(T * B, H), da.reshape(T * B, H)
    dW_x = flat_x.T @ flat_da  # B4
    dW_h = flat_h.T @ flat_da  # B5
    db = flat_da.sum(axis=0)  # B6
    dx = (flat_da @ W_x.T).reshape(T, B, D)  # B7
    return RNNBackward(RNNParams(dW_x, dW_h, db), dx, dh0, da, dh)


def roll_back(W_h: Array, steps: Iterable[tuple[Array, Array]], dh_next: Array) -> Array:
    """B1, B2 and B3 for all steps, on arrays that have been checked, in place.

    Args:
        W_h: (H, H).
        steps: For t = T … 1: what the loss of step t sends into h_t (B, H), which becomes ∂L/∂h_t; φ'(a_t) (B, H),
            which becomes ∂L/∂a_t.
        dh_next: What comes from after step T (B, H); becomes ∂L/∂h_0.

    Returns:
        ∂L/∂h_0, which is ``dh_next``.
    """
    W_hT = np.ascontiguousarray(W_h.T)
    for dh_t, da_t in steps:
        dh_t += dh_next  # B1
        da_t *= dh_t  # B2
        np.dot(da_t, W_hT, out=dh_next)  # B3
    return dh_next


def terms(params: RNNParams, trace: RNNTrace) -> tuple[Array, Array]:
    """The two terms of F1 that carry information: what the input brings and what the last state brings.

    Args:
        params: The weights the trace was made with.
        trace: What `forward` returned.

    Returns:
        x_t W_x and h_{t-1} W_h, each (T, B, H). With b they add up to ``trace.a``.

    Raises:
        ValueError: Weights of another size, NaN or infinity in ``params`` or ``trace``.
    """
    made_with(params.W_x, params.W_h, trace.x, trace.h)
    W_x, W_h = finite_weights(trace.h.dtype, W_x=params.W_x, W_h=params.W_h)
    finite_in("trace", x=trace.x, h=trace.h)
    return trace.x @ W_x, trace.h[:-1] @ W_h


def from_torch(weight_ih: ArrayLike, weight_hh: ArrayLike, bias_ih: ArrayLike, bias_hh: ArrayLike) -> RNNParams:
    """Take the weights of ``torch.nn.RNN``, as NumPy arrays.

    Args:
        weight_ih: weight_ih_l0, (H, D).
        weight_hh: weight_hh_l0, (H, H).
        bias_ih: bias_ih_l0, (H,).
        bias_hh: bias_hh_l0, (H,). PyTorch keeps two biases; only their sum acts.

    Raises:
        ValueError: Shapes that do not belong together, NaN or infinity.
    """
    W_hh = float_array("weight_hh", weight_hh, ("H", "H"))
    H = len(W_hh)
    W_ih = float_array("weight_ih", weight_ih, ("H", "D"), W_hh.dtype)
    sized("weight_hh", W_hh, ("H", "H"), (H, H), W_hh.dtype)
    sized("weight_ih", W_ih, ("H", "D"), (H, W_ih.shape[1]), W_hh.dtype)
    biases = [sized(name, b, ("H",), (H,), W_hh.dtype) for name, b in (("bias_ih", bias_ih), ("bias_hh", bias_hh))]
    return RNNParams(W_ih.T.copy(), W_hh.T.copy(), biases[0] + biases[1])


def to_torch(params: RNNParams) -> tuple[Array, Array, Array, Array]:
    """The four arrays of ``torch.nn.RNN``: weight_ih (H, D), weight_hh (H, H), bias_ih (H,), bias_hh (H,) = 0."""
    return params.W_x.T.copy(), params.W_h.T.copy(), params.b.copy(), np.zeros_like(params.b)
