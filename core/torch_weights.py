"""The weights of ``torch.nn.RNN``, ``nn.LSTM`` and ``nn.GRU`` of any depth, by their names in a state dict.

Layer k (from 0 there) has ``weight_ih_lk`` (blocks·H, D), ``weight_hh_lk`` (blocks·H, H), ``bias_ih_lk`` and
``bias_hh_lk`` (blocks·H,); the cell that reads backwards has the same names with ``_reverse`` behind them. The number
of blocks tells the cell: 1 for the RNN, 3 for the GRU, 4 for the LSTM. A state dict does not say whether an RNN uses
tanh or ReLU.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import product

import numpy as np
from numpy.typing import ArrayLike

from core.layer import MODULES, Cell, kind_of
from core.params import Array, float_array
from core.stack import StackParams

__all__ = ["BLOCKS", "from_torch", "to_torch"]

BLOCKS = {1: "rnn", 3: "gru", 4: "lstm"}
_PARTS = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
_NAME = re.compile(r"(?:weight|bias)_(?:ih|hh)_l(\d+)(_reverse)?")


def from_torch(state: Mapping[str, ArrayLike], prefix: str = "") -> StackParams:
    """Take the recurrent layers of a state dict.

    Args:
        state: Arrays by name. Names that do not begin with ``prefix`` are left alone.
        prefix: What stands before ``weight_ih_l0`` in the names, such as "encoder.".

    Raises:
        ValueError: No layer, a layer or an array missing, a projection, shapes that do not belong together, NaN or
            infinity.
    """
    given = {name.removeprefix(prefix): value for name, value in state.items() if name.startswith(prefix)}
    if projected := sorted(name for name in given if name.startswith("weight_hr_l")):
        raise ValueError(f"state: {prefix}{projected[0]} is a projection (proj_size), which is not known here.")
    found = [match for name in given if (match := _NAME.fullmatch(name))]
    if not found:
        raise ValueError(f"state: expected weights such as {prefix}weight_ih_l0, got {', '.join(state) or 'nothing'}.")
    depth, both = max(int(match[1]) for match in found) + 1, any(match[2] for match in found)
    biased = any(match[0].startswith("bias") for match in found)
    ends = ("", "_reverse") if both else ("",)
    needed = [f"{part}_l{k}{end}" for k, end, part in product(range(depth), ends, _PARTS[: 4 if biased else 2])]
    if missing := [name for name in needed if name not in given]:
        raise ValueError(f"state: {prefix}{missing[0]} is missing. Give all arrays of all {depth} layers.")
    return StackParams(tuple(tuple(_cell(given, f"_l{k}{end}", prefix) for end in ends) for k in range(depth)))


def to_torch(params: StackParams) -> dict[str, Array]:
    """The state dict that PyTorch's layer of the same kind, depth and directions loads.

    Raises:
        ValueError: Layers of unequal width, or a GRU that resets before the product: PyTorch has none.
    """
    if len({cell.H for cell in params.parts}) > 1:
        widths = ", ".join(str(cells[0].H) for cells in params.layers)
        raise ValueError(f"params: PyTorch's layers are equally wide, these have H = {widths}. Make one of each.")
    ends = ("", "_reverse")
    state: dict[str, Array] = {}
    for k, cells in enumerate(params.layers):
        for cell, end in zip(cells, ends, strict=False):
            arrays = MODULES[kind_of(cell)].to_torch(cell)
            state |= {f"{part}_l{k}{end}": array for part, array in zip(_PARTS, arrays, strict=True)}
    return state


def _cell(given: Mapping[str, ArrayLike], end: str, prefix: str) -> Cell:
    """One part; without biases they are 0."""
    W_hh = float_array(f"{prefix}weight_hh{end}", given[f"weight_hh{end}"], ("blocks·H", "H"))
    rows, H = W_hh.shape
    kind = BLOCKS.get(rows // H)
    if kind is None or rows % H:
        raise ValueError(
            f"state: expected {prefix}weight_hh{end} (H, H), (3H, H) or (4H, H), got {W_hh.shape}. "
            "Give the weights of an RNN, a GRU or an LSTM."
        )
    biases = [given.get(f"{part}{end}", np.zeros(rows, W_hh.dtype)) for part in _PARTS[2:]]
    try:
        cell: Cell = MODULES[kind].from_torch(given[f"weight_ih{end}"], W_hh, *biases)
    except ValueError as problem:  # it begins with the array's name, which wants prefix and layer
        part, _, rest = str(problem).partition(":")
        raise ValueError(f"{prefix}{part}{end}:{rest}") from problem
    return cell
