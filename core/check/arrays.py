"""Arrays of other conventions as `core` lays them out, and how far two of them are apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from core.check.passes import BLOCKS
from core.check.slip import reordered
from core.gru import GRUParams
from core.lstm import GATES, LSTMParams
from core.params import Array
from core.rnn import RNNParams

__all__ = ["Layout", "gap", "sequence", "state", "weights"]


class Layout(NamedTuple):
    """How a file lays its arrays out.

    Attributes:
        gates: The order of the gate blocks.
        column: Whether weights multiply from the left, W @ x.
        time: "TB" time, batch, entry; "BT" batch first; "TXB" batch last.
        x_first: Whether a joined W acts on [x, h]; else on [h, x].
        z_new: Whether a GRU's z is the share of the new state, 1 − z of ours.
        u_is_x: Whether U is the input's matrix and W the state's; else the other way round.
    """

    gates: tuple[str, ...] = GATES
    column: bool = False
    time: str = "TB"
    x_first: bool = False
    u_is_x: bool = False
    z_new: bool = False


def gap(yours: Array, ours: Array) -> float:
    """The largest difference over our largest entry; over 1 where ours is zero; infinite where yours is not finite."""
    if not np.all(np.isfinite(yours)):
        return float("inf")
    largest = float(np.abs(ours).max())
    return float(np.abs(yours - ours).max()) / (largest or 1.0)


def state(array: Array, B: int, H: int) -> Array | None:
    """An initial state as (B, H), or None where its shape is another."""
    flat = array.reshape([n for n in array.shape if n != 1] or [1])
    for rows in (flat, flat.T):
        if rows.shape == (B, H) or (rows.size == H * B and 1 in (B, H) and rows.ndim == 1):
            return rows.reshape(B, H)
    return None


def sequence(array: Array, n: int, sizes: tuple[int, int] | None, time: str) -> Array | None:
    """A sequence as (T, B, n), or None where its shape is another.

    Args:
        array: As it came; T + 1 rows have the initial one first, or a last one of zeros.
        n: How many entries a step has.
        sizes: T and B, or None where any will do.
        time: See `Layout`.
    """
    axes = {"TB": (0, 1, 2), "BT": (1, 0, 2), "TXB": (0, 2, 1)}[time]
    if array.ndim == 1 and (n == 1 or (sizes is not None and array.size == n)):
        array = array.reshape(-1, n)
    tries = [array.transpose(axes)] if array.ndim == 3 else []
    if array.ndim == 2:  # one sequence, or one step
        tries += [array[:, None], array.T[:, None]] if time != "TXB" else [array.T[:, None], array[:, None]]
        tries += [array[None]]
    if array.ndim == 3 and 1 in array.shape:
        flat = array.reshape([k for k in array.shape if k != 1][-2:] or [1])
        tries += [flat[:, None], flat.T[:, None]] if flat.ndim == 2 else []
    for found in tries:
        if found.shape[2] != n:
            continue
        if sizes is None or found.shape[:2] == sizes:
            return found
        if found.shape[:2] == (sizes[0] + 1, sizes[1]):
            return found[:-1] if not found[-1].any() and found[0].any() else found[1:]
    return None


def weights(
    arrays: Mapping[str, Array],
    d: str,
    kind: str,
    layout: Layout,
    like: RNNParams | LSTMParams | GRUParams | None = None,
) -> dict[str, Array]:
    """W_x, W_h and b, as far as they are there, in `core`'s layout.

    Args:
        arrays: By canonical name.
        d: "d" for the gradients, "" for the weights.
        kind: One of `BLOCKS`.
        layout: How they are laid out.
        like: The weights whose shapes they must have; what has another shape is left out. None takes any.
    """
    gated = BLOCKS[kind]
    joined = _joined_gates(arrays, d, layout, gated) if gated else {}
    fused = {n: arrays[d + n] for n in ("W_x", "W_h", "W", "U", "b", "b_ih", "b_hh", "b_u") if d + n in arrays}
    found: dict[str, Array] = {}
    for name, array in fused.items():
        flat = array.reshape(-1) if name.startswith("b") else array.T if layout.column and array.ndim == 2 else array
        if name == "b" and kind.startswith("gru") and (halves := _two_biases(array)) is not None:
            found |= {side: reordered(half, layout.gates) for side, half in zip(("b_ih", "b_hh"), halves, strict=True)}
            continue
        fits = gated and name != "b_u" and flat.shape[-1] % len(gated) == 0
        found[name] = reordered(flat, layout.gates) if fits else flat
    found |= joined
    if kind == "gru":
        _reset_bias(found, d, like.H if like is not None else len(found.get("W_h", ())))
    biases = [found.pop(n) for n in ("b_ih", "b_hh") if n in found]
    if biases and "b" not in found:
        same = all(b.shape == biases[0].shape for b in biases)
        found["b"] = biases[0] + biases[1] if len(biases) == 2 and not d and same else biases[0]
    _split_joint(found, kind, layout, like)
    blocks = len(gated) or 1
    if layout.z_new:
        _turn_z(found)
    if like is None:
        H = len(found["W_h"]) if "W_h" in found and found["W_h"].ndim == 2 else 0
        ok = all(a.ndim == (1 if n in ("b", "b_u") else 2) and a.shape[-1] == blocks * H for n, a in found.items()
                 if n != "b_u")  # fmt: skip
        return found if H and ok else {}
    shapes = {"W_x": like.W_x.shape, "W_h": like.W_h.shape, "b": like.W_x.shape[1:]}
    if kind == "gru":
        shapes["b_u"] = (like.H,)
    return {n: a for n, a in found.items() if n in shapes and a.shape == shapes[n]}


def _two_biases(array: Array) -> tuple[Array, Array] | None:
    """The input's and the recurrent bias, where Keras keeps both in one array (2, 3H)."""
    return (array[0], array[1]) if array.ndim == 2 and array.shape[0] == 2 and array.shape[1] > 1 else None


def _reset_bias(found: dict[str, Array], d: str, H: int) -> None:
    """Make b (r, z, n) and b_u of a GRU that resets after the product, from two biases, one, or one with u behind."""
    ih, hh, b = (found.pop(name, None) for name in ("b_ih", "b_hh", "b"))
    if b is not None and H and b.size == 4 * H:
        b, found["b_u"] = b[: 3 * b.size // 4], b[3 * b.size // 4 :]
    if hh is not None and H and hh.size == 3 * H:
        found["b_u"] = hh[2 * H :]
        if not d:
            zeros = np.zeros_like(hh)
            b = np.concatenate(
                [(zeros if ih is None else ih)[: 2 * H] + hh[: 2 * H], (zeros if ih is None else ih)[2 * H :]]
            )
    if b is None and ih is not None:
        b = ih
    if b is not None:
        found["b"] = b


def _turn_z(found: dict[str, Array]) -> None:
    """The other sign for what belongs to z: σ(−a) = 1 − σ(a)."""
    for name in set(found) - {"b_u"}:
        sign = np.ones(found[name].shape[-1])
        third = len(sign) // 3
        sign[third : 2 * third] = -1
        found[name] = found[name] * sign


def _joined_gates(arrays: Mapping[str, Array], d: str, layout: Layout, gated: tuple[str, ...]) -> dict[str, Array]:
    """The arrays of single gates side by side, in `core`'s order."""
    found = {}
    for name in ("W_x", "W_h", "W", "b", "b_ih", "b_hh"):
        source = {"b_ih": "b_ih", "b_hh": "b_hh"}.get(name, name)
        gates = [arrays.get(f"{d}{source}.{gate}") for gate in gated]
        if any(gate is None for gate in gates):
            continue
        flat = [g.reshape(-1) if name.startswith("b") else g.T if layout.column else g for g in gates if g is not None]
        if len({g.shape for g in flat}) == 1:
            found[name] = np.concatenate(flat, axis=-1)
    return found


def _split_joint(
    found: dict[str, Array], kind: str, layout: Layout, like: RNNParams | LSTMParams | GRUParams | None
) -> None:
    """A joined W (H + D, ·) into W_h and W_x; or W beside another matrix into the one that is missing."""
    if "U" in found and "W" in found:
        U, W = found.pop("U"), found.pop("W")
        found["W_x"], found["W_h"] = (U, W) if layout.u_is_x else (W, U)
        return
    if "U" in found:
        found["W_x" if layout.u_is_x else "W_h"] = found.pop("U")
    W = found.pop("W", np.zeros(0))
    if "W_h" in found and "W_x" not in found and W.ndim == 2:
        found["W_x"] = W
        return
    if W.ndim != 2 or "W_x" in found:
        return
    H = like.H if like is not None else W.shape[1] // (len(BLOCKS[kind]) or 1)
    if len(W) <= H:
        return
    D = len(W) - H
    found["W_x"], found["W_h"] = (W[:D], W[D:]) if layout.x_first else (W[H:], W[:H])
