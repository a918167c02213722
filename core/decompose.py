"""Where a gradient comes from: state steps, loss steps, and what a truncation window loses.

A recurrent weight is used at every step, so its gradient is a sum of immediate derivatives (Werbos, "Backpropagation
through time: what it does and how to do it", 1990):

    G = ∂L/∂W = Σ_t G_t        G_t = Σ_b left_t[b]ᵀ da_t[b]       left is x_t for W_x, h_{t-1} for W_h, 1 for b; `uses`
    G_t = Σ_s G_{s,t}          the part that loss step s sends to state step t ≤ s

Everything is read from one `Trace` and one `Backward`. Steps are counted t = 1 … T; row t-1 of an array is step t.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.flow import lengths
from core.gru import GRUBackward
from core.layer import CellTrace
from core.model import Backward, Model, Trace, backward_layer
from core.params import Array, finite_in, finite_weights, size
from core.uses import Stack, parts, split, stacked, uses

__all__ = [
    "EACH_LIMIT",
    "RECURRENT",
    "EachLoss",
    "StepMap",
    "Truncation",
    "backprop_each",
    "check_each",
    "contributions",
    "immediate",
    "own_and_future",
    "step_map",
    "step_norms",
    "truncated_gradient",
    "truncation",
]

RECURRENT = ("W_x", "W_h", "b")
EACH_LIMIT = 2**25  # numbers in EachLoss.da: 256 MiB of float64
_CHUNK = 2**20  # numbers in one pass's da: it and its temporaries stay near the cache


def immediate(model: Model, trace: Trace, backward: Backward) -> dict[str, Array]:
    """G_1 … G_T, the immediate derivatives, of every weight: ∂L/∂W with the use at one step alone let vary.

    Args:
        model: Weights and wiring.
        trace: What `core.model.run` returned.
        backward: What `core.model.backprop` returned for it.

    Returns:
        W_x, W_h, b, W_y, b_y, each (T, *shape of the weight). Summed over t they are ``backward.grads``.

    Raises:
        ValueError: A backward pass of another trace, or a trace that is not finite.
    """
    _steps(model, trace, backward)
    found: dict[str, Array] = {}
    for name, grad in backward.grads.items():
        parts = [left.swapaxes(1, 2) @ da for left, da in _met(trace, backward, name)]
        found[name] = np.concatenate(parts, axis=2).reshape(-1, *grad.shape)
    return found


def contributions(model: Model, trace: Trace, backward: Backward) -> dict[str, Array]:
    """What each step adds to the length of each gradient: ⟨G_t, G⟩/‖G‖, signed.

    The values of one weight add up to ‖G‖ (those of ‖G_t‖ would not). No G_t is built:
    ⟨G_t, G⟩ = Σ_b left_t[b] G da_t[b]ᵀ.

    Args:
        model: Weights and wiring.
        trace: What `core.model.run` returned.
        backward: What `core.model.backprop` returned for it.

    Returns:
        (T,) for each of W_x, W_h, b, W_y, b_y. Zeros where ‖G‖ = 0; NaN where ‖G‖ is not finite.

    Raises:
        ValueError: A backward pass of another trace, or a trace that is not finite.
    """
    _steps(model, trace, backward)
    added = {}
    for name, grad in backward.grads.items():
        met = _met(trace, backward, name)
        parts = zip(met, split(_direction(grad), [da.shape[2] for _, da in met]), strict=True)
        added[name] = np.sum([((left @ along) * da).sum(axis=(1, 2)) for (left, da), along in parts], axis=0)
    return added


def step_norms(model: Model, trace: Trace, backward: Backward) -> dict[str, Array]:
    """‖G_t‖ (T,) for each of W_x, W_h, b, W_y, b_y, from inner products over the batch instead of the matrices.

    With several sequences whose parts cancel, the result is good to about 1e-8 of the largest part.

    Raises:
        ValueError: A backward pass of another trace, or a trace that is not finite.
    """
    _steps(model, trace, backward)
    return {
        name: np.hypot.reduce([_outer_norms(left, da) for left, da in _met(trace, backward, name)])
        for name in backward.grads
    }


def own_and_future(model: Model, backward: Backward) -> tuple[Array, Array]:
    """The two parts of each dh_t: its own loss, and what the later steps send back (B1).

    The future part is taken as da_{t+1} W_hᵀ (for the GRU as what the backward pass sent on), not as the difference
    dh - dh_out, in which a small one would drown.

    Returns:
        own (T, B, H), which is ``backward.dh_out``, and future (T, B, H), zero at t = T. Their sum is dh.

    Raises:
        ValueError: NaN or infinity in ``W_h``.
    """
    future = np.zeros_like(backward.dh_out)
    (W_h,) = finite_weights(future.dtype, W_h=model.cell.W_h)
    if isinstance(backward.cell, GRUBackward):
        future[:-1] = backward.cell.sent[1:]
        return backward.dh_out, future
    np.matmul(backward.cell.da[1:], W_h.T, out=future[:-1])
    return backward.dh_out, future


@dataclass(frozen=True, eq=False)
class EachLoss:
    """The backward pass of every loss step on its own. S scored steps: 1 for a read-out at the last step, T for every.

    Attributes:
        steps: The scored steps, counted from 1 (S,).
        da: ∂L_s/∂a_t (S, T, B, columns of a); zero for t > s. Summed over s it is ``backward.cell.da``.
        dh: ∂L_s/∂h_t (S, T, B, H); likewise.
    """

    steps: NDArray[np.intp]
    da: Array
    dh: Array


def backprop_each(model: Model, trace: Trace, backward: Backward) -> EachLoss:
    """Backpropagate every loss step separately, in one pass with the loss steps as an extra batch axis.

    L = Σ_s L_s, and the backward pass is linear in what the losses send: sequence (s, b) of the widened batch gets
    ``dh_out`` of step s alone. Long sequences are done in a few passes over groups of loss steps, each no longer than
    its last loss, so that the work arrays stay small.

    Args:
        model: Weights and wiring.
        trace: What `core.model.run` returned.
        backward: What `core.model.backprop` returned for it.

    Raises:
        ValueError: A backward pass of another trace, a trace that is not finite, or S·T·B·width(a) above
            `EACH_LIMIT`.
    """
    T = _steps(model, trace, backward)
    S, da = len(trace.logits), backward.cell.da
    if S == 1:
        return EachLoss(np.array([T]), da[None], backward.cell.dh[None])
    if S * da.size > EACH_LIMIT:
        raise ValueError(
            f"trace: {S} loss steps × {T} steps × {da.shape[1]} sequences × {da.shape[2]} pre-activations is more than "
            f"{EACH_LIMIT} numbers. Use a shorter sequence, a smaller batch or fewer units."
        )
    each = EachLoss(np.arange(1, T + 1), *(np.zeros((T, *A.shape), A.dtype) for A in (da, backward.cell.dh)))
    group = max(1, _CHUNK // da.size)
    for first in range(0, T, group):
        last = min(first + group, T)
        n = last - first
        dh_out = np.zeros((last, n, *backward.dh_out.shape[1:]), backward.dh_out.dtype)
        dh_out[np.arange(first, last), np.arange(n)] = backward.dh_out[first:last]
        tiled = replace(trace, cell=_tile(trace.cell, last, n))
        cell = backward_layer(model, tiled, dh_out.reshape(last, -1, dh_out.shape[-1]))
        for whole, part in ((each.da, cell.da), (each.dh, cell.dh)):
            whole[first:last, :last] = part.reshape(last, n, *whole.shape[2:]).swapaxes(0, 1)
    return each


def check_each(trace: Trace, each: EachLoss) -> None:
    """Check that the loss steps belong to the trace.

    Raises:
        ValueError: They have other sizes.
    """
    expected = (len(trace.logits), *trace.cell.h[1:].shape)
    if each.dh.shape != expected:
        raise ValueError(
            f"each: expected ∂L_s/∂h of shape (S, T, B, H) = {expected} as in the trace, got {each.dh.shape}. "
            "Use backprop_each(model, trace, backward)."
        )


@dataclass(frozen=True, eq=False)
class StepMap:
    """How much loss step s (row) says through state step t (column).

    Attributes:
        steps: The scored steps, counted from 1 (S,).
        values: ⟨G_{s,t}, G⟩/‖G‖ (S, T) for W_x, W_h, b. A row adds up to loss step s's share, a column to the
            step's `contributions`, everything to ‖G‖. Zeros where ‖G‖ = 0; NaN where it is not finite.
        norms: ‖G_{s,t}‖ (S, T) for W_x, W_h, b.
        dh: ‖∂L_s/∂h_t‖ (S, T), over batch and units.
    """

    steps: NDArray[np.intp]
    values: dict[str, Array]
    norms: dict[str, Array]
    dh: Array


def step_map(model: Model, trace: Trace, backward: Backward, each: EachLoss) -> StepMap:
    """The (loss step, state step) map of every recurrent weight, without building any G_{s,t}.

    Args:
        model: Weights and wiring.
        trace: What `core.model.run` returned.
        backward: What `core.model.backprop` returned for it.
        each: What `backprop_each` returned for both.

    Raises:
        ValueError: A backward pass or loss steps of another trace, or a trace that is not finite.
    """
    _steps(model, trace, backward)
    check_each(trace, each)
    values, norms = {}, {}
    for name in RECURRENT:
        places = uses(trace.cell, name)
        along = split(_direction(backward.grads[name]), [use.width for use in places])
        met = [(use.left @ part, use) for use, part in zip(places, along, strict=True)]
        values[name] = np.stack(
            [np.sum([(m * da[..., use.columns]).sum(axis=(1, 2)) for m, use in met], axis=0) for da in each.da]
        )
        norms[name] = np.stack(
            [np.hypot.reduce([_outer_norms(use.left, da[..., use.columns]) for use in places]) for da in each.da]
        )
    return StepMap(each.steps, values, norms, np.stack([lengths(dh, axis=(1, 2)) for dh in each.dh]))


@dataclass(frozen=True, eq=False)
class Truncation:
    """What truncated BPTT loses, for every window k = 1 … T (row k-1); by weight W_x, W_h, b.

    Attributes:
        lost: ‖G - G_k‖ (T,); the last is 0.
        relative: ‖G - G_k‖/‖G‖ (T,); 0 where ‖G‖ = 0.
        cosine: ⟨G, G_k⟩/(‖G‖‖G_k‖) (T,); NaN where either is zero and so has no direction.
    """

    lost: dict[str, Array]
    relative: dict[str, Array]
    cosine: dict[str, Array]


def truncation(model: Model, trace: Trace, backward: Backward, each: EachLoss) -> Truncation:
    """Compare truncated BPTT with the full gradient for every window k.

    With window k a loss at step s reaches the state steps s, s-1, …, s-k+1 and no further:
    G_k = Σ_{s-t<k} G_{s,t} (Williams & Peng, "An efficient gradient-based algorithm for on-line training of recurrent
    network trajectories", 1990). k = T is the full gradient. The lost part is summed from the far end, so it is exact
    where it is tiny. The read-out's weights are used after the recurrence and lose nothing.

    Args:
        model: Weights and wiring.
        trace: What `core.model.run` returned.
        backward: What `core.model.backprop` returned for it.
        each: What `backprop_each` returned for both.

    Raises:
        ValueError: A backward pass or loss steps of another trace, or a trace that is not finite.
    """
    T = _steps(model, trace, backward)
    check_each(trace, each)
    stacks = stacked(trace.cell, RECURRENT)
    blocks = {
        name: iter(split(_direction(backward.grads[name]), [use.width for use in uses(trace.cell, name)]))
        for name in RECURRENT
    }
    directions = [np.concatenate([next(blocks[name]) for name, _ in stack.places]) for stack in stacks]
    lost, kept, along = np.zeros((3, T)), np.zeros((3, T)), np.zeros((3, T))
    gradient: list[Array] = [np.zeros(direction.shape) for direction in directions]
    for k in range(T - 1, 0, -1):
        _add_lag(gradient, stacks, each, k)
        lost[:, k - 1] = [np.hypot.reduce(sizes) for sizes in _by_weight(stacks, gradient, lengths)]
    gradient = [np.zeros_like(G) for G in gradient]
    for k in range(1, T + 1):
        _add_lag(gradient, stacks, each, k - 1)
        kept[:, k - 1] = [np.hypot.reduce(sizes) for sizes in _by_weight(stacks, gradient, lengths)]
        projected = [G * direction for G, direction in zip(gradient, directions, strict=True)]
        along[:, k - 1] = [sum(sums) for sums in _by_weight(stacks, projected, np.sum)]
    whole = kept[:, -1:]
    relative = np.divide(lost, whole, out=np.zeros_like(lost), where=whole > 0)
    cosine = np.divide(along, kept, out=np.full_like(along, np.nan), where=(kept > 0) & (whole > 0))
    return Truncation(*(dict(zip(RECURRENT, A, strict=True)) for A in (lost, relative, np.clip(cosine, -1, 1))))


def truncated_gradient(model: Model, trace: Trace, backward: Backward, each: EachLoss, k: int) -> dict[str, Array]:
    """G_k of `truncation` for one window k: W_x, W_h, b, and the untouched W_y, b_y, in the shapes of the weights.

    Args:
        model: Weights and wiring.
        trace: What `core.model.run` returned.
        backward: What `core.model.backprop` returned for it.
        each: What `backprop_each` returned for both.
        k: Window, at least 1. Windows of T and more give the full gradient.

    Raises:
        ValueError: ``k`` below 1, a backward pass or loss steps of another trace, or a trace that is not finite.
    """
    T = _steps(model, trace, backward)
    check_each(trace, each)
    stacks = stacked(trace.cell, RECURRENT)
    total = [np.zeros((stack.left.shape[2], stack.columns.stop - stack.columns.start)) for stack in stacks]
    for lag in range(min(size("k", k), T)):
        _add_lag(total, stacks, each, lag)
    cut = {name: np.hstack(parts(stacks, total, name)).reshape(backward.grads[name].shape) for name in RECURRENT}
    return backward.grads | cut


def _steps(model: Model, trace: Trace, backward: Backward) -> int:
    """T, after checking that the three belong together and the trace holds finite numbers."""
    width = len(model.cell.b)
    T, B = len(trace.cell.x), trace.cell.x.shape[1]
    if trace.dlogits is None or backward.cell.da.shape != (T, B, width):
        raise ValueError(
            f"backward: expected ∂L/∂a of shape {(T, B, width)} as in model and trace, got {backward.cell.da.shape}"
            f"{' and a trace without a loss' if trace.dlogits is None else ''}. Use backprop(model, trace)."
        )
    finite_in("trace", x=trace.cell.x, h=trace.cell.h, dlogits=trace.dlogits)
    return T


def _met(trace: Trace, backward: Backward, name: str) -> list[tuple[Array, Array]]:
    """What a weight multiplies at each step (T, B, rows), and the gradient at what it adds into (T, B, columns)."""
    if name in RECURRENT or trace.dlogits is None:
        return [(use.left, backward.cell.da[..., use.columns]) for use in uses(trace.cell, name)]
    h, unscored = trace.cell.h[1:], len(backward.dh_out) - len(trace.dlogits)
    left = np.ones((*h.shape[:2], 1), h.dtype) if name == "b_y" else h
    return [(left, np.pad(trace.dlogits, ((unscored, 0), (0, 0), (0, 0))) if unscored else trace.dlogits)]


def _direction(grad: Array) -> Array:
    """G/‖G‖ as a matrix (rows, columns): zeros for a zero gradient, NaN for one that is not finite."""
    matrix = np.atleast_2d(np.asarray(grad, np.float64))
    largest = np.abs(matrix).max()
    if largest == 0 or not np.isfinite(largest):
        return np.full_like(matrix, 0.0 if largest == 0 else np.nan)
    scaled: Array = matrix / largest
    return scaled / lengths(scaled)


def _outer_norms(left: Array, delta: Array) -> Array:
    """‖Σ_b left_t[b]ᵀ delta_t[b]‖ (T,) from left (T, B, R) and delta (T, B, C).

    ‖Σ_b u_bᵀ v_b‖² = Σ_{b,b'} ⟨u_b, u_b'⟩⟨v_b, v_b'⟩, taken of lengths near 1 so that squares stay in range.
    """
    sizes = [lengths(A, axis=(1, 2)) for A in (left, delta)]
    if left.shape[1] == 1:
        return np.asarray(sizes[0] * sizes[1])
    u, v = (A / np.where(n > 0, n, 1)[:, None, None] for A, n in zip((left, delta), sizes, strict=True))
    squares = ((u @ u.swapaxes(1, 2)) * (v @ v.swapaxes(1, 2))).sum(axis=(1, 2))
    return np.asarray(np.sqrt(np.maximum(squares, 0)) * sizes[0] * sizes[1])


def _tile(cell: CellTrace, steps: int, n: int) -> Any:
    """The first steps of a trace with its batch repeated n times: views where B = 1, else copies."""
    T = len(cell.x)
    arrays = {f.name: getattr(cell, f.name) for f in fields(cell)}
    tiled: dict[str, Any] = {}
    for name, A in arrays.items():
        if isinstance(A, np.ndarray):
            cut = A[: steps + len(A) - T, None]  # h and c have the initial state in front
            tiled[name] = np.broadcast_to(cut, (len(cut), n, *A.shape[1:])).reshape(len(cut), -1, A.shape[2])
    return replace(cell, **tiled)


def _add_lag(totals: list[Array], stacks: tuple[Stack, ...], each: EachLoss, lag: int) -> None:
    """Add Σ_s G_{s,s-lag} (rows, columns) of each stack."""
    scored = np.flatnonzero(each.steps > lag)
    t = each.steps[scored] - lag - 1
    for total, stack in zip(totals, stacks, strict=True):
        da = each.da[scored, t, :, stack.columns]
        total += stack.left[t].reshape(-1, len(total)).T @ da.reshape(-1, total.shape[1])


def _by_weight(
    stacks: tuple[Stack, ...], matrices: list[Array], measure: Callable[[Array], Any]
) -> Iterator[list[float]]:
    """A measure of each block of W_x, W_h and b in turn."""
    return ([measure(part) for part in parts(stacks, matrices, name)] for name in RECURRENT)
