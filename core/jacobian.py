"""Jacobians of the recurrence and their running product, in log space.

The state is s_t = h_t for RNN and GRU and s_t = (h_t, c_t), h first, for the LSTM; n is H or 2H. In the column
convention J_t[i, j] = ∂s_t[i]/∂s_{t-1}[j], so gradients, being rows, go back by ∂L/∂s_{t-1} = ∂L/∂s_t J_t:

    RNN    J_t = diag(φ'(a_t)) W_hᵀ
    LSTM   ∂c_t/∂h_{t-1} = Σ_{q = i,f,g} diag(∂c_t/∂a_q) W_hqᵀ         ∂c_t/∂c_{t-1} = diag(f_t)
           ∂h_t/∂h_{t-1} = diag(∂h_t/∂a_o) W_hoᵀ + diag(o_t(1-tanh²c_t)) ∂c_t/∂h_{t-1}
           ∂h_t/∂c_{t-1} = diag(o_t(1-tanh²c_t) f_t)
    GRU    J_t = diag(z_t) + Σ_{q = r,z,u} diag(∂h_t/∂a_q) W_hqᵀ            W_hu is W_hn, which makes u_t
           and in the form of 2014 diag(z_t) + diag(∂h_t/∂a_z) W_hzᵀ
                                 + diag(∂h_t/∂a_n) W_hnᵀ (diag(r_t) + diag(h_{t-1} r_t(1-r_t)) W_hrᵀ)

Source: Hochreiter, "Untersuchungen zu dynamischen neuronalen Netzen" (1991); Pascanu, Mikolov & Bengio, "On the
difficulty of training recurrent neural networks" (2013), equation 5.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from core.activations import activation
from core.flow import log10, sequence
from core.gru import GRUTrace
from core.gru import block as gru_block
from core.layer import cut
from core.lstm import GATES, LSTMTrace, block
from core.model import Model, Trace
from core.params import Array, finite_in, finite_weights, float_array, made_with, size
from core.rnn import RNNTrace

__all__ = [
    "LIMIT",
    "Jacobians",
    "RunningProduct",
    "direct_product",
    "gru_derivatives",
    "jacobians",
    "local_derivatives",
    "products",
    "running_product",
    "running_product_of",
    "singular_values",
]

LIMIT = 2**24  # numbers in one (T, n, n) array: 128 MiB
_CHUNK = 8  # steps whose Jacobians are held at once where a product needs no more


@dataclass(frozen=True, eq=False)
class Jacobians:
    """Jacobian of every step of one sequence; row t-1 is step t.

    Attributes:
        J: ∂s_t/∂s_{t-1} (T, n, n) float64, n = 2H for the LSTM, else H.
        direct: The direct path: the LSTM's diagonal f_t of ∂c_t/∂c_{t-1}, the GRU's z_t (T, H); None for the RNN.
    """

    J: Array
    direct: Array | None


def jacobians(model: Model, trace: Trace, b: int = 0) -> Jacobians:
    """Jacobian of each step, from the trace.

    Args:
        model: Weights and wiring.
        trace: What `core.model.run` returned.
        b: Which sequence of the batch, 0 … B-1.

    Raises:
        ValueError: ``b`` out of range, a trace of other weights, NaN or infinity in ``W_h`` or the trace, or T·n² above
            `LIMIT` (an LSTM of H = 64 reaches T = 1024).
    """
    cell = trace.cell
    made_with(model.cell.W_x, model.cell.W_h, cell.x, cell.h)
    T, B, H = cell.h[1:].shape
    at = sequence(b, B).start
    n = 2 * H if isinstance(cell, LSTMTrace) else H
    if T * n * n > LIMIT:
        raise ValueError(
            f"trace: T = {T} Jacobians of {n} × {n} are more than {LIMIT} numbers. Use fewer steps or fewer units."
        )
    (W_h,) = finite_weights(np.float64, W_h=model.cell.W_h)
    finite_in("trace", h=cell.h[:, at])
    if isinstance(cell, GRUTrace):
        return _of_gru(cell, W_h, at)
    if isinstance(cell, RNNTrace):
        return Jacobians(activation(cell.activation).slope(cell.h[1:, at].astype(np.float64))[:, :, None] * W_h.T, None)
    local, dh_dc = local_derivatives(cell, at)
    J = np.zeros((T, n, n))
    hh, ch = J[:, :H, :H], J[:, H:, :H]
    for gate in ("i", "f", "g"):
        ch += block(local, gate)[:, :, None] * block(W_h, gate).T
    np.multiply(dh_dc[:, :, None], ch, out=hh)
    hh += block(local, "o")[:, :, None] * block(W_h, "o").T
    units = np.arange(H)
    f = cell.f[:, at].astype(np.float64)
    J[:, H + units, H + units] = f
    J[:, units, H + units] = dh_dc * f
    return Jacobians(J, f)


def _of_gru(trace: GRUTrace, W_h: Array, b: int) -> Jacobians:
    local = gru_derivatives(trace, b)
    H = trace.h.shape[2]
    to_r, to_z, to_n = (gru_block(local[:, : 3 * H], gate)[:, :, None] for gate in ("r", "z", "n"))
    W_rT, W_zT, W_nT = (gru_block(W_h, gate).T for gate in ("r", "z", "n"))
    z, r = (A[:, b].astype(np.float64) for A in (trace.z, trace.r))
    J = to_z * W_zT
    if trace.reset_after:
        J += to_r * W_rT
        J += local[:, 3 * H :, None] * W_nT
    else:
        kept = to_r * W_rT
        kept[:, np.arange(H), np.arange(H)] += r
        J += to_n * (W_nT @ kept)
    J[:, np.arange(H), np.arange(H)] += z
    return Jacobians(J, z)


def gru_derivatives(trace: GRUTrace, b: int) -> Array:
    """Derivatives inside one GRU step of sequence b, unit by unit.

    Returns:
        ∂h_t/∂a_r, ∂h_t/∂a_z, ∂h_t/∂a_n, ∂h_t/∂u_t (T, 4H). In the form of 2014 (T, 3H), and the first is
        ∂(r_t ⊙ h_{t-1})/∂a_r, for the reset gate of one unit reaches all units.

    Raises:
        ValueError: NaN or infinity in the trace of that sequence.
    """
    finite_in("trace", h=trace.h[:, b], gates=trace.gates[:, b], u=trace.u[:, b])
    r, z, n, u, h = (A[:, b].astype(np.float64) for A in (trace.r, trace.z, trace.n, trace.u, trace.h[:-1]))
    to_n, to_r = (1 - z) * (1 - n * n), u * r * (1 - r)
    to_z = (h - n) * z * (1 - z)
    if not trace.reset_after:
        return np.concatenate([to_r, to_z, to_n], axis=1)
    return np.concatenate([to_n * to_r, to_z, to_n, to_n * r], axis=1)


def local_derivatives(trace: LSTMTrace, b: int) -> tuple[Array, Array]:
    """Derivatives inside one LSTM step of sequence b, unit by unit.

    Returns:
        (T, 4H): ∂c_t/∂a_i, ∂c_t/∂a_f, ∂h_t/∂a_o (c held), ∂c_t/∂a_g; and ∂h_t/∂c_t = o_t(1 - tanh²c_t) (T, H).

    Raises:
        ValueError: NaN or infinity in the trace of that sequence.
    """
    finite_in("trace", gates=trace.gates[:, b], c=trace.c[:, b], tanh_c=trace.tanh_c[:, b])
    i, f, o, g = (block(trace.gates[:, b].astype(np.float64), gate) for gate in GATES)
    tanh_c = trace.tanh_c[:, b].astype(np.float64)
    local = (i * (1 - i) * g, f * (1 - f) * trace.c[:-1, b], o * (1 - o) * tanh_c, i * (1 - g * g))
    return np.concatenate(local, axis=1), o * (1 - tanh_c * tanh_c)


def singular_values(J: Array) -> Array:
    """All singular values of each matrix (..., n, n), largest first: (..., n).

    About 0.7 ms for one 128 × 128 (an LSTM of H = 64): for very long sequences pass the steps shown, ``J[::5]``.

    Raises:
        ValueError: NaN or infinity in ``J``.
    """
    finite_in("J", J=J)
    return np.asarray(np.linalg.svd(J, compute_uv=False))


@dataclass(frozen=True, eq=False)
class RunningProduct:
    """Sizes of P_t = ∂s_T/∂s_t = J_T J_{T-1} … J_{t+1}, as base-10 logarithms; row t is t = 0 … T, and P_T = I.

    Attributes:
        largest: log₁₀ σ_max(P_t) (T+1,): the most that any gradient at s_T can arrive at s_t with.
        direct: log₁₀ Π_{k>t} of the LSTM's f_k or the GRU's z_k for each unit (T+1, H), the path that runs through the
            state alone; None for the RNN.
    """

    largest: Array
    direct: Array | None


def running_product(jacobians: Jacobians) -> RunningProduct:
    """Multiply the Jacobians from the last step back, scaling each product to norm 1 and adding up the logarithms.

    Nothing overflows or underflows, however long the sequence; -inf stands for a product that is exactly zero.

    Raises:
        ValueError: A Jacobian that is not finite.
    """
    if jacobians.direct is not None:
        finite_in("jacobians", direct=jacobians.direct)
    P, log_scale = products(jacobians)
    squares = np.linalg.eigvalsh(P @ P.transpose(0, 2, 1))[:, -1]  # σ_max², in two thirds of the time of all σ
    largest = log_scale + log10(np.sqrt(np.maximum(squares, 0)))
    f = jacobians.direct
    return RunningProduct(largest, None if f is None else direct_product(f))


def running_product_of(model: Model, trace: Trace, b: int = 0, every: int = 1) -> RunningProduct:
    """`running_product` without holding the Jacobians: for runs beyond `LIMIT`, such as an LSTM of H = 256 at T = 200.

    Most of the time goes into σ_max; ``every`` takes it at fewer steps.

    Args:
        model: Weights and wiring.
        trace: What `core.model.run` returned.
        b: Which sequence of the batch, 0 … B-1.
        every: σ_max is taken at t = T, T - every, … and at 0; ``largest`` is NaN in between.

    Raises:
        ValueError: ``every`` below 1; else as `jacobians`, but for the limit.
    """
    cell, every = trace.cell, size("every", every)
    T, B, H = cell.h[1:].shape
    at, n = sequence(b, B), 2 * H if isinstance(cell, LSTMTrace) else H
    largest, log_scale, P = np.full(T + 1, np.nan), 0.0, np.eye(n)
    largest[T] = 0.0
    gates = []
    for last in range(T, 0, -_CHUNK):
        first = max(0, last - _CHUNK)
        found = jacobians(model, replace(trace, cell=cut(cell, first, last, at)))
        gates.append(found.direct)
        for t in range(last - 1, first - 1, -1):
            P = P @ found.J[t - first]
            norm = math.sqrt(np.vdot(P, P))
            if norm > 0:
                P /= norm
            log_scale += float(log10(norm))
            if (T - t) % every == 0 or t == 0:
                square = np.linalg.eigvalsh(P @ P.T)[-1]
                largest[t] = log_scale + float(log10(math.sqrt(max(square, 0.0))))
    f = None if gates[0] is None else np.concatenate([gate for gate in gates[::-1] if gate is not None])
    return RunningProduct(largest, None if f is None else direct_product(f))


def products(jacobians: Jacobians) -> tuple[Array, Array]:
    """Each P_t = ∂s_T/∂s_t as a matrix of norm 1 and the logarithm of its norm, so that neither leaves float64.

    Returns:
        (T+1, n, n) and log₁₀ of the scales (T+1,): P_t is ``matrices[t] * 10**scales[t]``. P_T = I stands unscaled.

    Raises:
        ValueError: A Jacobian that is not finite.
    """
    J = jacobians.J
    finite_in("jacobians", J=J)
    T, n = J.shape[:2]
    P, sizes = np.empty((T + 1, n, n)), np.ones(T + 1)
    later = P[T] = np.eye(n)
    for t, step, product in zip(range(T - 1, -1, -1), J[::-1], P[-2::-1], strict=True):
        np.dot(later, step, out=product)
        entries = product.ravel()
        sizes[t] = norm = math.sqrt(entries.dot(entries))
        if norm > 0:
            product /= norm
        later = product
    return P, np.cumsum(log10(sizes)[::-1])[::-1]


def direct_product(f: Array) -> Array:
    """log₁₀ Π_{k>t} f_k for t = 0 … T (T+1, H), from the forget gates of one sequence (T, H).

    Raises:
        ValueError: ``f`` has other axes, NaN or infinity.
    """
    f = float_array("f", f, ("T", "H"))
    direct = np.zeros((len(f) + 1, f.shape[1]))
    direct[:-1] = np.cumsum(log10(f)[::-1], axis=0)[::-1]
    return direct
