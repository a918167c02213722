"""One recurrent layer in one direction, as found: its arrays in PyTorch's layout, and how they were recognised."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.checkpoints.limits import MAX_UNITS, quoted, sizes
from core.checkpoints.records import BLOCKS, KIND_NAMES
from core.params import Array

__all__ = ["ORDERS", "TORCH_ORDER", "Piece", "blocks_of", "lies_by_rows", "of_candidate", "piece", "square"]

TORCH_ORDER = {"rnn": ("h",), "lstm": ("i", "f", "g", "o"), "gru": ("r", "z", "n")}
ORDERS = {
    "rnn": (),
    "lstm": ("i, f, g, o", "i, f, o, g", "i, o, f, g", "f, i, g, o", "f, i, o, g", "i, g, f, o"),
    "gru": ("r, z, n", "z, r, n"),
}
"""Orders of gates that libraries and teaching code use, ours and PyTorch's names for the gates."""
_SHAPES = {
    1: "One block of {H} rows: an RNN.",
    3: "Three blocks of {H} rows: a GRU.",
    4: "Four blocks of {H} rows: an LSTM.",
}


@dataclass(frozen=True, eq=False)
class Piece:
    """One layer in one direction.

    Attributes:
        network: Name of the network it belongs to.
        index: Which layer, 0 the lowest.
        backward: Whether it reads from the end.
        kind: "rnn", "lstm" or "gru".
        W_x: (blocks·H, D), blocks in PyTorch's order.
        W_h: (blocks·H, H), likewise; with a projection its columns are fewer.
        b_x: (blocks·H,) or None.
        b_h: (blocks·H,) or None.
        used: Names of the tensors it was made of.
        order: The order of the gates in the file.
        order_from: Where that was taken from.
        asks_order: Whether it is only the likeliest.
        evidence: What told the kind.
        dtype: Type in the file.
        reset_after: GRU: whether the reset gate acts after the product.
        problem: Why it cannot be run, or "".
        notes: What else to know.
    """

    network: str
    index: int
    backward: bool
    kind: str
    W_x: Array
    W_h: Array
    b_x: Array | None
    b_h: Array | None
    used: tuple[str, ...]
    order: str
    order_from: str
    evidence: str
    dtype: str
    asks_order: bool = False
    reset_after: bool = True
    problem: str = ""
    notes: tuple[str, ...] = ()


def blocks_of(rows: int, H: int) -> str | None:
    """The kind whose weights have so many rows for H units, or None."""
    return next((kind for kind, blocks in BLOCKS.items() if H and rows == blocks * H), None)


def lies_by_rows(W_x: NDArray[Any], W_h: NDArray[Any], likely: bool) -> bool | None:
    """Whether inputs lie along the rows (x W), not the columns (W x); None where neither fits."""
    rows = W_h.shape[1] % W_h.shape[0] == 0 and W_x.shape[1] == W_h.shape[1]
    columns = W_h.shape[0] % W_h.shape[1] == 0 and W_x.shape[0] == W_h.shape[0]
    return likely if rows and columns else rows if rows or columns else None


def square(by_rows: bool) -> str:
    """What to say of square arrays whose names do not tell which way round they lie."""
    way = "x W (a row for each input)" if by_rows else "W x (a column for each input)"
    return f"Both arrays are square, so the file leaves open which way round they lie: read as {way}."


def of_candidate(bias: NDArray[Any]) -> Array:
    """The bias (3H,) of a GRU's state in PyTorch's order, from that of its candidate alone (H,)."""
    return np.concatenate([np.zeros(2 * bias.size), np.asarray(bias, np.float64).ravel()])


def piece(
    place: tuple[str, int, bool],
    W_x: NDArray[Any],
    W_h: NDArray[Any],
    biases: tuple[NDArray[Any] | None, NDArray[Any] | None],
    used: tuple[str, ...],
    order: str,
    order_from: str,
    **further: Any,
) -> Piece | None:
    """Put a layer together from arrays in column form (rows are gates), or None where they do not belong together.

    Args:
        place: Network, layer and whether it reads from the end.
        W_x: (blocks·H, D).
        W_h: (blocks·H, H).
        biases: Each (blocks·H,), a column or row of it, or None.
        used: Names of the tensors, W_x and W_h first.
        order: Order of the gates in the file; "" for PyTorch's.
        order_from: Where it was taken from.
        **further: Other attributes of `Piece`.
    """
    if W_x.ndim != 2 or W_h.ndim != 2 or 0 in (*W_x.shape, *W_h.shape) or len(W_x) != len(W_h):
        return None
    rows, H = W_h.shape
    kind = blocks_of(rows, H)
    if kind is None:
        return None
    kept = order if set(order.split(", ")) == set(TORCH_ORDER[kind]) else ", ".join(TORCH_ORDER[kind])
    given = kept.split(", ")
    turn = [given.index(gate) for gate in TORCH_ORDER[kind]]

    def arranged(array: NDArray[Any]) -> Array:
        if H > MAX_UNITS:  # it will be refused by its size, and need not be copied for that
            return np.zeros((0, *array.shape[1:]))
        blocks = np.asarray(array, np.float64).reshape(len(given), H, *array.shape[1:])
        return np.ascontiguousarray(blocks[turn].reshape(array.shape))

    flat = [None if bias is None else np.asarray(bias).ravel() for bias in biases]
    wrong = next((bias for bias in flat if bias is not None and len(bias) != rows), None)
    if wrong is not None:
        further["problem"] = (
            f"Its bias has {len(wrong)} numbers where {rows} are expected. Save the weights and biases of one layer."
        )
        flat = [None, None]
    network, index, backward = place
    words = _SHAPES[BLOCKS[kind]].format(H=H)
    further.setdefault("evidence", f"{quoted(used[1])} is {sizes(W_h.shape)}. {words}")
    if further.pop("transposed", False):
        further["evidence"] = f"{quoted(used[1])} is {sizes(W_h.shape[::-1])}. {words.replace('rows', 'columns')}"
    b_x, b_h = (None if bias is None else arranged(bias) for bias in flat)
    told = ("", "") if kind == "rnn" else (kept, order_from)
    return _proved(
        Piece(
            network, index, backward, kind, arranged(W_x), arranged(W_h), b_x, b_h, used, *told,
            dtype=str(W_h.dtype), **further,
        )
    )  # fmt: skip


def _proved(found: Piece) -> Piece:
    """The same, with what its numbers make impossible said."""
    if found.problem:
        return found
    for name, array in zip(("input weights", "recurrent weights", "biases", "biases"), _arrays(found), strict=True):
        if array is not None and not np.isfinite(array).all():
            what = (
                f"Among the {name} of this {KIND_NAMES[found.kind]} there are numbers that are not finite (NaN or "
                "infinity): its training diverged. Bring a checkpoint from before that."
            )
            return replace(found, problem=what)
    return found


def _arrays(found: Piece) -> tuple[Array | None, ...]:
    return found.W_x, found.W_h, found.b_x, found.b_h
