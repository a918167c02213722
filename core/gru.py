"""The GRU (gated recurrent unit): forward pass and backpropagation through time.

Row vectors, time-major. The gates lie side by side in the order r, z, n, which is PyTorch's, so that one sigmoid covers
one contiguous block:

    F1   r_t = σ(x_t W_xr + h_{t-1} W_hr + b_r)               reset gate
    F2   z_t = σ(x_t W_xz + h_{t-1} W_hz + b_z)               update gate
    F3   u_t = h_{t-1} W_hn + b_u                             what the reset gate lets through
    F4   n_t = tanh(x_t W_xn + b_n + r_t ⊙ u_t)               candidate
    F5   n_t = tanh(x_t W_xn + b_n + (r_t ⊙ h_{t-1}) W_hn)    instead of F3 and F4, in the form of 2014
    F6   h_t = (1 - z_t) ⊙ n_t + z_t ⊙ h_{t-1}

    B1   dh_t = dh_out_t + dh_next                            own loss + what the future sends back
    B2   da_n = dh_t ⊙ (1 - z_t) ⊙ (1 - n_t²)                 B3   da_z = dh_t ⊙ (h_{t-1} - n_t) ⊙ z_t(1 - z_t)
    B4   du_t = da_n ⊙ r_t                                    B5   da_r = da_n ⊙ u_t ⊙ r_t(1 - r_t)
    B6   dh_next = (da_r, da_z, du_t) W_hᵀ + dh_t ⊙ z_t
    B7   da_r = (da_n W_hnᵀ) ⊙ h_{t-1} ⊙ r_t(1 - r_t)         instead of B4 to B6, in the form of 2014
    B8   dh_next = (da_r, da_z) W_hᵀ + (da_n W_hnᵀ) ⊙ r_t + dh_t ⊙ z_t
    B9   dW_x = Σ_t x_tᵀ da_t                                 B10  dW_h = Σ_t h_{t-1}ᵀ (da_r, da_z, du_t)
    B11  db = Σ_t da_t                                        B12  dx_t = da_t W_xᵀ

In the form of 2014 W_hn is used on r_t ⊙ h_{t-1} and meets da_n. The layer tells its form by its biases: b_u stands
behind the others where the reset comes after the product (PyTorch, and Keras's ``reset_after=True``), and is missing
where it comes before (``reset_after=False``).

Source: Cho et al., "Learning phrase representations using RNN encoder-decoder for statistical machine translation"
(2014), equations 5 to 8, whose z is our z too; the reset after the product is that of cuDNN, see ``torch.nn.GRU``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy import add, dot, multiply, subtract, tanh
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
    "KERAS_GATES",
    "GRUBackward",
    "GRUParams",
    "GRUTrace",
    "backward",
    "block",
    "forward",
    "from_keras",
    "from_torch",
    "init",
    "through_gates",
    "to_torch",
]

GATES = ("r", "z", "n")
KERAS_GATES = ("z", "r", "n")


@dataclass(frozen=True, eq=False)
class GRUParams:
    """Weights of one GRU layer, gate blocks in the order r, z, n: W_x (D, 3H), W_h (H, 3H), b.

    b is (4H,) with the blocks r, z, n, u where the reset comes after the product with W_hn, (3H,) where before.
    """

    W_x: Array
    W_h: Array
    b: Array

    def __post_init__(self) -> None:
        H = len(self.W_h) if self.W_h.ndim == 2 else 0
        shapes = self.W_x.shape[1:], self.W_h.shape[1:]
        if H == 0 or self.W_x.ndim != 2 or shapes != ((3 * H,),) * 2 or self.b.shape not in ((4 * H,), (3 * H,)):
            raise ValueError(
                "GRUParams: expected W_x (D, 3H), W_h (H, 3H), b (4H,) or (3H,), got "
                f"{self.W_x.shape}, {self.W_h.shape}, {self.b.shape}. Take D and H from W_x and W_h."
            )

    @property
    def H(self) -> int:
        """Hidden size."""
        return len(self.W_h)

    @property
    def reset_after(self) -> bool:
        """Whether the reset gate acts after the product with W_hn (PyTorch) or before it (the form of 2014)."""
        return len(self.b) == 4 * self.H


@dataclass(frozen=True, eq=False)
class GRUTrace:
    """All that a forward pass computed. Step t = 1 … T is row t of h and row t-1 of everything else.

    Attributes:
        x: Inputs (T, B, D).
        h: Hidden states (T+1, B, H), row 0 initial.
        gates: Gates after their activation (T, B, 3H), blocks r, z, n.
        u: What the reset gate multiplies (T, B, H): h_{t-1} W_hn + b_u, in the form of 2014 h_{t-1} itself, a view.
        reset_after: The form, see `GRUParams`.
    """

    x: Array
    h: Array
    gates: Array
    u: Array
    reset_after: bool

    @property
    def r(self) -> Array:
        """Reset gate (T, B, H), a view."""
        return block(self.gates, "r")

    @property
    def z(self) -> Array:
        """Update gate (T, B, H), a view: the share of the old state that stays."""
        return block(self.gates, "z")

    @property
    def n(self) -> Array:
        """Candidate (T, B, H), a view."""
        return block(self.gates, "n")


@dataclass(frozen=True, eq=False)
class GRUBackward:
    """All that a backward pass computed; every gradient has the shape of what it belongs to.

    Attributes:
        grads: ∂L/∂W_x, ∂L/∂W_h, ∂L/∂b.
        dx: ∂L/∂x (T, B, D).
        dh0: ∂L/∂h_0 (B, H).
        da: ∂L/∂a (T, B, 4H), blocks r, z, n, u; (T, B, 3H) without u in the form of 2014.
        dh: ∂L/∂h_t for t = 1 … T (T, B, H), own loss and future together.
        sent: What step t sends back to h_{t-1}, through gates and update gate together (T, B, H); row 0 is dh0.
    """

    grads: GRUParams
    dx: Array
    dh0: Array
    da: Array
    dh: Array
    sent: Array


def block(array: Array, gate: str) -> Array:
    """The view of one gate's H columns in an array whose last axis is 3H, blocks r, z, n."""
    H = array.shape[-1] // 3
    k = GATES.index(gate)
    return array[..., k * H : (k + 1) * H]


def init(
    D: int,
    H: int,
    *,
    rng: np.random.Generator,
    reset_after: bool = True,
    scheme: str = "uniform",
    gain: float = 1.0,
    dtype: DTypeLike = np.float64,
) -> GRUParams:
    """Draw fresh weights (schemes: `core.params.recurrent_weights`; b_u is drawn like b).

    Raises:
        ValueError: A size below 1, an unknown scheme or dtype.
    """
    kind = float_type(dtype)
    W_x, W_h, b = recurrent_weights(D, H, 3, rng=rng, scheme=scheme, gain=gain)
    if reset_after:
        bound = 1 / np.sqrt(H) if scheme == "uniform" else 0.0
        b = np.concatenate([b, rng.uniform(-bound, bound, H)])
    return GRUParams(W_x.astype(kind), W_h.astype(kind), b.astype(kind))


def forward(params: GRUParams, x: ArrayLike, h0: ArrayLike | None = None) -> GRUTrace:
    """Run the layer over a sequence (F1 … F6).

    Args:
        params: Weights; cast to the type of ``x`` if they differ.
        x: (T, B, D). float32 stays float32, everything else is computed in float64.
        h0: Initial hidden state (B, H), or None for zeros.

    Raises:
        ValueError: Wrong axes or sizes, an empty axis, NaN or infinity in ``params``, ``x`` or ``h0``.
    """
    x = sequence(x, params.W_x)
    (T, B, D), H, kind = x.shape, params.H, x.dtype
    # σ(a) = ½ tanh(a/2) + ½: r and z are halved beforehand (exact in binary).
    scale = np.ones(3 * H, kind)
    scale[: 2 * H] = 0.5
    W_x, W_h, b = finite_weights(kind, W_x=params.W_x, W_h=params.W_h, b=params.b)
    gates = dot(x.reshape(T * B, D), W_x * scale).reshape(T, B, 3 * H)
    gates += b[: 3 * H] * scale
    h = np.empty((T + 1, B, H), kind)
    h[0] = 0 if h0 is None else sized("h0", h0, ("B", "H"), (B, H), kind)
    if params.reset_after:
        u = np.empty((T, B, H), kind)
        _reset_after(gates, h, u, W_h * scale, np.tile(b[3 * H :], (B, 1)))
    else:
        u = h[:-1]
        _reset_before(gates, h, W_h * scale)
    return GRUTrace(x, h, gates, u, params.reset_after)


def _reset_after(gates: Array, h: Array, u: Array, W_h: Array, b_u: Array) -> None:
    """Fill gates, which hold what the inputs bring, h and u. The last argument of a call is where it writes."""
    (_, B, H), kind = u.shape, u.dtype
    recurrent, s = np.empty((B, 3 * H), kind), np.empty((B, H), kind)
    half, recurrent_rz, recurrent_n = np.full((B, 2 * H), 0.5, kind), recurrent[:, : 2 * H], recurrent[:, 2 * H :]
    blocks = (block(gates, gate) for gate in GATES)
    for rz_t, r_t, z_t, n_t, u_t, h_prev, h_t in zip(gates[..., : 2 * H], *blocks, u, h[:-1], h[1:], strict=True):
        dot(h_prev, W_h, recurrent)
        rz_t += recurrent_rz
        add(multiply(tanh(rz_t, rz_t), half, rz_t), half, rz_t)  # F1 F2
        add(recurrent_n, b_u, u_t)  # F3
        tanh(add(n_t, multiply(r_t, u_t, s), n_t), n_t)  # F4
        add(n_t, multiply(z_t, subtract(h_prev, n_t, s), s), h_t)  # F6


def _reset_before(gates: Array, h: Array, W_h: Array) -> None:
    """The same in the form of 2014: two products a step, for the second waits for the reset gate."""
    (_, B, H), kind = h.shape, h.dtype
    W_rz, W_n = np.ascontiguousarray(W_h[:, : 2 * H]), np.ascontiguousarray(W_h[:, 2 * H :])
    recurrent, s, kept = np.empty((B, 2 * H), kind), np.empty((B, H), kind), np.empty((B, H), kind)
    blocks = (block(gates, gate) for gate in GATES)
    for rz_t, r_t, z_t, n_t, h_prev, h_t in zip(gates[..., : 2 * H], *blocks, h[:-1], h[1:], strict=True):
        rz_t += dot(h_prev, W_rz, recurrent)
        rz_t[:] = tanh(rz_t, rz_t) * 0.5 + 0.5
        tanh(add(n_t, dot(multiply(r_t, h_prev, kept), W_n, s), n_t), n_t)  # F5
        add(n_t, multiply(z_t, subtract(h_prev, n_t, s), s), h_t)


def backward(params: GRUParams, trace: GRUTrace, dh_out: ArrayLike) -> GRUBackward:
    """Backpropagate through time (B1 … B12).

    Args:
        params: The weights the trace was made with.
        trace: What `forward` returned.
        dh_out: (T, B, H), the gradient each step's own loss sends into h_t.

    Raises:
        ValueError: Wrong axes or sizes, NaN or infinity in ``params``, ``trace`` or ``dh_out``.
    """
    _check(params, trace)
    (T, B, D), H, kind = trace.x.shape, params.H, trace.h.dtype
    W_x, W_h = finite_weights(kind, W_x=params.W_x, W_h=params.W_h)
    dh = sized("dh_out", dh_out, ("T", "B", "H"), (T, B, H), kind).copy()
    r, z, n, h = trace.r, trace.z, trace.n, trace.h[:-1]
    # Everything but the upstream gradient is known beforehand: take it for all steps at once.
    da_n = (1 - z) * (1 - n * n)  # B2
    to_reset = r * (1 - r)
    to_reset *= trace.u
    d = np.empty((T, B, 3 * H), kind)  # what meets W_h: da_r, da_z, and du_t or da_n
    d_r, d_z, d_n = (block(d, gate) for gate in GATES)
    multiply(h - n, z * (1 - z), d_z)  # B3
    if params.reset_after:
        multiply(da_n, r, d_n)  # B4
        multiply(da_n, to_reset, d_r)  # B5
        sent = _back_after(d, dh, z, np.ascontiguousarray(W_h.T))
        da = np.concatenate([d[..., : 2 * H], da_n * dh, d_n], axis=-1)
    else:
        d_n[:], d_r[:] = da_n, to_reset
        sent = _back_before(d, dh, r, z, W_h)
        da = d
    flat_x, flat_h = trace.x.reshape(T * B, D), h.reshape(T * B, H)
    flat_d, flat_da = d.reshape(T * B, 3 * H), da.reshape(T * B, -1)
    dW_x = flat_x.T @ flat_da[:, : 3 * H]  # B9
    dW_h = flat_h.T @ flat_d  # B10
    if not params.reset_after:
        dW_h[:, 2 * H :] = (trace.r * h).reshape(T * B, H).T @ flat_d[:, 2 * H :]
    db = np.ones(T * B, kind) @ flat_da  # B11
    dx = (flat_da[:, : 3 * H] @ W_x.T).reshape(T, B, D)  # B12
    return GRUBackward(GRUParams(dW_x, dW_h, db), dx, sent[0].copy(), da, dh, sent)


def _back_after(d: Array, dh: Array, z: Array, W_hT: Array) -> Array:
    """Complete d and dh, which hold the local derivatives and dh_out; return what each step sends back."""
    sent, direct = np.empty_like(dh), np.empty_like(dh[0])
    dh_next = np.zeros_like(direct)
    backwards = (A[::-1] for A in (dh, dh[:, :, None], d, d.reshape(*d.shape[:2], 3, -1), z, sent))
    for dh_t, dh_per_gate, d_t, d_per_gate, z_t, sent_t in zip(*backwards, strict=True):
        dh_t += dh_next  # B1
        d_per_gate *= dh_per_gate  # completes B2 to B5
        dh_next = add(dot(d_t, W_hT, sent_t), multiply(dh_t, z_t, direct), sent_t)  # B6
    return sent


def _back_before(d: Array, dh: Array, r: Array, z: Array, W_h: Array) -> Array:
    """The same in the form of 2014, where what reaches the reset gate has come through W_hn."""
    H = dh.shape[2]
    W_rzT, W_nT = np.ascontiguousarray(W_h[:, : 2 * H].T), np.ascontiguousarray(W_h[:, 2 * H :].T)
    sent, through_n = np.empty_like(dh), np.empty_like(dh[0])
    dh_next = np.zeros_like(through_n)
    backwards = (A[::-1] for A in (dh, d, *(block(d, gate) for gate in GATES), r, z, sent))
    for dh_t, d_t, d_r, d_z, d_n, r_t, z_t, sent_t in zip(*backwards, strict=True):
        dh_t += dh_next
        d_z *= dh_t
        d_n *= dh_t
        dot(np.ascontiguousarray(d_n), W_nT, through_n)
        d_r *= through_n  # B7
        dh_next = sent_t[:] = d_t[:, : 2 * H] @ W_rzT + through_n * r_t + dh_t * z_t  # B8
    return sent


def through_gates(params: GRUParams, trace: GRUTrace, da: Array) -> Array:
    """What each step sends back to h_{t-1} through its gates: `GRUBackward.sent` without dh_t ⊙ z_t.

    Takes `GRUBackward.da`, returns (T, B, H).

    Raises:
        ValueError: Weights of another size, NaN or infinity in ``params`` or ``trace``.
    """
    _check(params, trace)
    (W_h,) = finite_weights(da.dtype, W_h=params.W_h)
    gates, candidate = da[..., : 2 * params.H] @ W_h[:, : 2 * params.H].T, da[..., -params.H :] @ block(W_h, "n").T
    return np.asarray(gates + candidate if trace.reset_after else gates + candidate * trace.r)


def _check(params: GRUParams, trace: GRUTrace) -> None:
    made_with(params.W_x, params.W_h, trace.x, trace.h)
    if params.reset_after != trace.reset_after:
        form = ["before", "after"]
        raise ValueError(
            f"trace: made with the reset {form[trace.reset_after]} the product, but params have it "
            f"{form[params.reset_after]}. Run forward with these params."
        )
    finite_in("trace", x=trace.x, h=trace.h, gates=trace.gates, u=trace.u)


def from_torch(weight_ih: ArrayLike, weight_hh: ArrayLike, bias_ih: ArrayLike, bias_hh: ArrayLike) -> GRUParams:
    """Take the weights of ``torch.nn.GRU`` (gate order r, z, n; the reset after the product), as NumPy arrays.

    Args:
        weight_ih: weight_ih_l0, (3H, D).
        weight_hh: weight_hh_l0, (3H, H).
        bias_ih: bias_ih_l0, (3H,).
        bias_hh: bias_hh_l0, (3H,). Its blocks r and z act by their sum with bias_ih; its block n is our b_u.

    Raises:
        ValueError: Shapes that do not belong together, NaN or infinity.
    """
    W_hh = float_array("weight_hh", weight_hh, ("3H", "H"))
    kind, H = W_hh.dtype, W_hh.shape[1]
    sized("weight_hh", W_hh, ("3H", "H"), (3 * H, H), kind)
    W_ih = float_array("weight_ih", weight_ih, ("3H", "D"), kind)
    sized("weight_ih", W_ih, ("3H", "D"), (3 * H, W_ih.shape[1]), kind)
    b_x, b_h = (sized(name, b, ("3H",), (3 * H,), kind) for name, b in (("bias_ih", bias_ih), ("bias_hh", bias_hh)))
    rz = slice(0, 2 * H)
    return GRUParams(W_ih.T.copy(), W_hh.T.copy(), np.concatenate([b_x[rz] + b_h[rz], b_x[2 * H :], b_h[2 * H :]]))


def to_torch(params: GRUParams) -> tuple[Array, Array, Array, Array]:
    """The four arrays of ``torch.nn.GRU``: weight_ih (3H, D), weight_hh (3H, H), bias_ih (3H,), bias_hh = (0, 0, b_u).

    Raises:
        ValueError: The layer resets before the product, which PyTorch has no layer for.
    """
    if not params.reset_after:
        raise ValueError("params: torch.nn.GRU resets after the product, this layer before. Use weights with b (4H,).")
    H = params.H
    bias_hh = np.concatenate([np.zeros(2 * H, params.b.dtype), params.b[3 * H :]])
    return params.W_x.T.copy(), params.W_h.T.copy(), params.b[: 3 * H].copy(), bias_hh


def from_keras(
    kernel: ArrayLike, recurrent_kernel: ArrayLike, bias: ArrayLike | None, *, reset_after: bool = True
) -> GRUParams:
    """Take the weights of ``keras.layers.GRU`` (gate order z, r, h), as NumPy arrays.

    Args:
        kernel: (D, 3H).
        recurrent_kernel: (H, 3H).
        bias: (2, 3H), input's and recurrent, for ``reset_after=True``; (3H,) for False; None without.
        reset_after: The layer's setting; True is Keras's default.

    Raises:
        ValueError: Shapes that do not belong together, NaN or infinity.
    """
    W_h = float_array("recurrent_kernel", recurrent_kernel, ("H", "3H"))
    H, kind = len(W_h), W_h.dtype
    sized("recurrent_kernel", W_h, ("H", "3H"), (H, 3 * H), kind)
    W_x = float_array("kernel", kernel, ("D", "3H"), kind)
    sized("kernel", W_x, ("D", "3H"), (len(W_x), 3 * H), kind)
    shape, axes = ((2, 3 * H), ("2", "3H")) if reset_after else ((3 * H,), ("3H",))
    biases = np.zeros(shape, kind) if bias is None else sized("bias", bias, axes, shape, kind)
    blocks = [np.split(array, 3, axis=-1) for array in (W_x, W_h, biases)]
    W_x, W_h, biases = (np.concatenate([b[KERAS_GATES.index(gate)] for gate in GATES], axis=-1) for b in blocks)
    return from_torch(W_x.T, W_h.T, *biases) if reset_after else GRUParams(W_x, W_h, biases)
