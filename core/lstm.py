"""The LSTM: forward pass and backpropagation through time.

Row vectors, time-major. The four gates lie side by side in W_x, W_h and b in the order i, f, o, g, so that one sigmoid
covers one contiguous block:

    F1   i_t = σ(x_t W_xi + h_{t-1} W_hi + b_i)       input gate
    F2   f_t = σ(x_t W_xf + h_{t-1} W_hf + b_f)       forget gate
    F3   o_t = σ(x_t W_xo + h_{t-1} W_ho + b_o)       output gate
    F4   g_t = tanh(x_t W_xg + h_{t-1} W_hg + b_g)    candidate
    F5   c_t = f_t ⊙ c_{t-1} + i_t ⊙ g_t
    F6   h_t = o_t ⊙ tanh(c_t)

    B1   dh_t = dh_out_t + dh_next                    own loss + what the future sends back
    B2   dc_t = dc_next + dh_t ⊙ o_t ⊙ (1 - tanh²c_t)
    B3   da_i = dc_t ⊙ g_t ⊙ i_t(1 - i_t)             B4   da_f = dc_t ⊙ c_{t-1} ⊙ f_t(1 - f_t)
    B5   da_o = dh_t ⊙ tanh(c_t) ⊙ o_t(1 - o_t)       B6   da_g = dc_t ⊙ i_t ⊙ (1 - g_t²)
    B7   dh_next = da_t W_hᵀ                          B8   dc_next = dc_t ⊙ f_t
    B9   dW_x = Σ_t x_tᵀ da_t    B10  dW_h = Σ_t h_{t-1}ᵀ da_t    B11  db = Σ_t da_t    B12  dx_t = da_t W_xᵀ

Source: Hochreiter & Schmidhuber, "Long short-term memory" (1997), with the forget gate of Gers, Schmidhuber & Cummins
(2000); a forget bias of 1 is Jozefowicz, Zaremba & Sutskever (2015).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy import add, dot, multiply, tanh
from numpy.typing import ArrayLike, DTypeLike

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
    "GATES",
    "TORCH_GATES",
    "LSTMBackward",
    "LSTMParams",
    "LSTMTrace",
    "backward",
    "block",
    "forward",
    "from_torch",
    "init",
    "pre_activations",
    "to_torch",
]

GATES = ("i", "f", "o", "g")
TORCH_GATES = ("i", "f", "g", "o")


@dataclass(frozen=True, eq=False)
class LSTMParams:
    """Weights of one LSTM layer: W_x (D, 4H), W_h (H, 4H), b (4H,), gate blocks in the order i, f, o, g."""

    W_x: Array
    W_h: Array
    b: Array

    def __post_init__(self) -> None:
        H = len(self.W_h) if self.W_h.ndim == 2 else 0
        shapes = self.W_x.shape[1:], self.W_h.shape[1:], self.b.shape
        if H == 0 or self.W_x.ndim != 2 or shapes != ((4 * H,),) * 3:
            raise ValueError(
                "LSTMParams: expected W_x (D, 4H), W_h (H, 4H), b (4H,), got "
                f"{self.W_x.shape}, {self.W_h.shape}, {self.b.shape}. Take D and H from W_x and W_h."
            )

    @property
    def H(self) -> int:
        """Hidden size."""
        return len(self.W_h)


@dataclass(frozen=True, eq=False)
class LSTMTrace:
    """All that a forward pass computed. Step t = 1 … T is row t of h and c and row t-1 of everything else.

    Attributes:
        x: Inputs (T, B, D).
        h: Hidden states (T+1, B, H), row 0 initial.
        c: Cell states (T+1, B, H), row 0 initial.
        gates: Gates after their activation (T, B, 4H), blocks i, f, o, g.
        tanh_c: tanh(c_t) (T, B, H).
    """

    x: Array
    h: Array
    c: Array
    gates: Array
    tanh_c: Array

    @property
    def i(self) -> Array:
        """Input gate (T, B, H), a view."""
        return block(self.gates, "i")

    @property
    def f(self) -> Array:
        """Forget gate (T, B, H), a view."""
        return block(self.gates, "f")

    @property
    def o(self) -> Array:
        """Output gate (T, B, H), a view."""
        return block(self.gates, "o")

    @property
    def g(self) -> Array:
        """Candidate (T, B, H), a view; the chapter's C̃."""
        return block(self.gates, "g")


@dataclass(frozen=True, eq=False)
class LSTMBackward:
    """All that a backward pass computed; every gradient has the shape of what it belongs to.

    Attributes:
        grads: ∂L/∂W_x, ∂L/∂W_h, ∂L/∂b.
        dx: ∂L/∂x (T, B, D).
        dh0: ∂L/∂h_0 (B, H).
        dc0: ∂L/∂c_0 (B, H).
        da: ∂L/∂a (T, B, 4H), blocks i, f, o, g.
        dh: ∂L/∂h_t for t = 1 … T (T, B, H), own loss and future together.
        dc: ∂L/∂c_t for t = 1 … T (T, B, H), the total, through every path: c_{t+1}, and h_t = o_t tanh(c_t). PyTorch
            does not give it: ``nn.LSTM`` returns c_T alone (``c_n``), and ``retain_grad`` keeps there what uses c_T
            outside the layer, our ``dc_T``, without the way by h_T.
    """

    grads: LSTMParams
    dx: Array
    dh0: Array
    dc0: Array
    da: Array
    dh: Array
    dc: Array


def block(array: Array, gate: str) -> Array:
    """The view of one gate's H columns in an array whose last axis is 4H."""
    H = array.shape[-1] // 4
    k = GATES.index(gate)
    return array[..., k * H : (k + 1) * H]


def init(
    D: int,
    H: int,
    *,
    rng: np.random.Generator,
    forget_bias: float = 1.0,
    scheme: str = "uniform",
    gain: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> LSTMParams:
    """Draw fresh weights (schemes: `core.params.recurrent_weights`), then set every forget bias to ``forget_bias``.

    Raises:
        ValueError: A size below 1, an unknown scheme or dtype, a forget bias that is not finite.
    """
    kind = float_type(dtype)
    if not np.isfinite(forget_bias):
        raise ValueError(f"forget_bias: expected a finite number, got {forget_bias!r}. Start from 1.0.")
    W_x, W_h, b = recurrent_weights(D, H, 4, rng=rng, scheme=scheme, gain=gain)
    block(b, "f")[:] = forget_bias
    return LSTMParams(W_x.astype(kind), W_h.astype(kind), b.astype(kind))


def forward(params: LSTMParams, x: ArrayLike, h0: ArrayLike | None = None, c0: ArrayLike | None = None) -> LSTMTrace:
    """Run the layer over a sequence (F1 … F6).

    Args:
        params: Weights; cast to the type of ``x`` if they differ.
        x: (T, B, D). float32 stays float32, everything else is computed in float64.
        h0: Initial hidden state (B, H), or None for zeros.
        c0: Initial cell state (B, H), or None for zeros.

    Raises:
        ValueError: Wrong axes or sizes, an empty axis, NaN or infinity in ``params``, ``x``, ``h0`` or ``c0``.
    """
    x = sequence(x, params.W_x)
    (T, B, D), H, kind = x.shape, params.H, x.dtype
    # σ(a) = ½ tanh(a/2) + ½: with i, f and o halved beforehand (exact in binary) one tanh serves all four gates.
    scale = np.ones((B, 4 * H), kind)
    scale[:, : 3 * H] = 0.5
    shift = 1 - scale
    given = finite_weights(kind, W_x=params.W_x, W_h=params.W_h, b=params.b)
    W_x, W_h, b = (W * scale[0] for W in given)
    gates = dot(x.reshape(T * B, D), W_x).reshape(T, B, 4 * H)
    gates += b
    h, c = np.empty((2, T + 1, B, H), kind)
    h[0] = 0 if h0 is None else sized("h0", h0, ("B", "H"), (B, H), kind)
    c[0] = 0 if c0 is None else sized("c0", c0, ("B", "H"), (B, H), kind)
    tanh_c = np.empty((T, B, H), kind)
    recurrent, added = np.empty((B, 4 * H), kind), np.empty((B, H), kind)
    blocks = (block(gates, gate) for gate in GATES)
    # In the loops the last argument of a call is where it writes. Stepping through the arrays side by side makes the
    # views of a step cheaper than indexing each array by t.
    for a_t, i_t, f_t, o_t, g_t, h_prev, h_t, c_prev, c_t, tanh_c_t in zip(
        gates, *blocks, h[:-1], h[1:], c[:-1], c[1:], tanh_c, strict=True
    ):
        a_t += dot(h_prev, W_h, recurrent)
        add(multiply(tanh(a_t, a_t), scale, a_t), shift, a_t)  # F1 F2 F3 F4
        add(multiply(f_t, c_prev, c_t), multiply(i_t, g_t, added), c_t)  # F5
        multiply(o_t, tanh(c_t, tanh_c_t), h_t)  # F6
    return LSTMTrace(x, h, c, gates, tanh_c)


def pre_activations(params: LSTMParams, trace: LSTMTrace) -> Array:
    """The gates' arguments a_t = x_t W_x + h_{t-1} W_h + b, (T, B, 4H), blocks i, f, o, g.

    The forward pass overwrites them with the gates; they are the same two products again.

    Raises:
        ValueError: Weights of another size, NaN or infinity in ``params`` or ``trace``.
    """
    made_with(params.W_x, params.W_h, trace.x, trace.h)
    W_x, W_h, b = finite_weights(trace.h.dtype, W_x=params.W_x, W_h=params.W_h, b=params.b)
    finite_in("trace", x=trace.x, h=trace.h)
    a: Array = trace.x @ W_x + trace.h[:-1] @ W_h
    a += b
    return a


def backward(params: LSTMParams, trace: LSTMTrace, dh_out: ArrayLike, dc_T: ArrayLike | None = None) -> LSTMBackward:
    """Backpropagate through time (B1 … B12).

    Args:
        params: The weights the trace was made with.
        trace: What `forward` returned.
        dh_out: (T, B, H), the gradient each step's own loss sends into h_t.
        dc_T: (B, H), a gradient that enters at c_T from outside, or None.

    Raises:
        ValueError: Wrong axes or sizes, NaN or infinity in ``params``, ``trace``, ``dh_out`` or ``dc_T``.
    """
    made_with(params.W_x, params.W_h, trace.x, trace.h)
    (T, B, D), H, kind = trace.x.shape, params.H, trace.h.dtype
    W_x, W_h = finite_weights(kind, W_x=params.W_x, W_h=params.W_h)
    finite_in("trace", x=trace.x, h=trace.h, c=trace.c, gates=trace.gates, tanh_c=trace.tanh_c)
    W_hT = np.ascontiguousarray(W_h.T)
    dh = sized("dh_out", dh_out, ("T", "B", "H"), (T, B, H), kind).copy()
    dc_next = np.zeros((B, H), kind) if dc_T is None else sized("dc_T", dc_T, ("B", "H"), (B, H), kind).copy()
    dh_next = np.zeros((B, H), kind)
    # Everything but the upstream gradient is known beforehand: take it for all steps at once.
    da = 1 - trace.gates
    da *= trace.gates
    da_i, da_f, da_o, da_g = (block(da, gate) for gate in GATES)
    da_i *= trace.g  # B3
    da_f *= trace.c[:-1]  # B4
    da_o *= trace.tanh_c  # B5
    multiply(trace.i, 1 - trace.g * trace.g, da_g)  # B6
    dc = trace.o * (1 - trace.tanh_c * trace.tanh_c)  # ∂h_t/∂c_t; each row becomes dc_t below
    # The upstream gradient of all gates side by side: dc_t, for the output gate dh_t.
    upstream = np.empty((B, 4 * H), kind)
    upstream_all, upstream_o = upstream.reshape(B, 4, H), block(upstream, "o")
    backwards = (A[::-1] for A in (dh, dc, dc[:, :, None], da, trace.f))
    for dh_t, dc_t, dc_t_per_gate, da_t, f_t in zip(*backwards, strict=True):
        dh_t += dh_next  # B1
        add(multiply(dc_t, dh_t, dc_t), dc_next, dc_t)  # B2
        upstream_all[:] = dc_t_per_gate
        upstream_o[:] = dh_t
        da_t *= upstream  # completes B3 to B6
        dot(da_t, W_hT, dh_next)  # B7
        multiply(dc_t, f_t, dc_next)  # B8
    flat_x, flat_h, flat_da = (
        trace.x.reshape(T * B, D),
        trace.h[:-1].reshape(T * B, H),
        da.reshape(T * B, 4 * H),
    )
    dW_x = flat_x.T @ flat_da  # B9
    dW_h = flat_h.T @ flat_da  # B10
    db = np.ones(T * B, kind) @ flat_da  # B11
    dx = (flat_da @ W_x.T).reshape(T, B, D)  # B12
    return LSTMBackward(LSTMParams(dW_x, dW_h, db), dx, dh_next, dc_next, da, dh, dc)


def _reordered(array: Array, source: tuple[str, ...], target: tuple[str, ...]) -> Array:
    """Gate blocks along the last axis, taken from one order into another."""
    blocks = np.split(array, 4, axis=-1)
    return np.concatenate([blocks[source.index(gate)] for gate in target], axis=-1)


def from_torch(weight_ih: ArrayLike, weight_hh: ArrayLike, bias_ih: ArrayLike, bias_hh: ArrayLike) -> LSTMParams:
    """Take the weights of ``torch.nn.LSTM`` (gate order i, f, g, o), as NumPy arrays.

    Args:
        weight_ih: weight_ih_l0, (4H, D).
        weight_hh: weight_hh_l0, (4H, H).
        bias_ih: bias_ih_l0, (4H,).
        bias_hh: bias_hh_l0, (4H,). PyTorch keeps two biases; only their sum acts.

    Raises:
        ValueError: Shapes that do not belong together, NaN or infinity.
    """
    W_hh = float_array("weight_hh", weight_hh, ("4H", "H"))
    kind, H = W_hh.dtype, W_hh.shape[1]
    sized("weight_hh", W_hh, ("4H", "H"), (4 * H, H), kind)
    W_ih = float_array("weight_ih", weight_ih, ("4H", "D"), kind)
    sized("weight_ih", W_ih, ("4H", "D"), (4 * H, W_ih.shape[1]), kind)
    biases = [sized(name, b, ("4H",), (4 * H,), kind) for name, b in (("bias_ih", bias_ih), ("bias_hh", bias_hh))]
    return LSTMParams(*(_reordered(a, TORCH_GATES, GATES) for a in (W_ih.T, W_hh.T, biases[0] + biases[1])))


def to_torch(params: LSTMParams) -> tuple[Array, Array, Array, Array]:
    """The four arrays of ``torch.nn.LSTM``: weight_ih (4H, D), weight_hh (4H, H), bias_ih (4H,), bias_hh (4H,) = 0."""
    W_x, W_h, b = (_reordered(a, GATES, TORCH_GATES) for a in (params.W_x, params.W_h, params.b))
    return W_x.T.copy(), W_h.T.copy(), b, np.zeros_like(b)
