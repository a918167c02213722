"""Layers of other making, told by the names that libraries, courses and this project use, and by their shapes.

Three ways of keeping the weights are known: one array for the input and one for the state (fused over the gates), one
array for both side by side, and arrays for each gate.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.checkpoints.by_gate import by_gate
from core.checkpoints.pieces import Piece, lies_by_rows, of_candidate, piece, square

__all__ = ["pieces"]

_Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True)
class _Habit:
    """How somebody names the arrays of a layer.

    Attributes:
        W_x: Pattern of the input weights' own name.
        W_h: Of the recurrent weights.
        biases: Of the input's bias, then the state's.
        lstm: Order of the LSTM's gates.
        gru: Order of the GRU's.
        by_rows: Whether inputs lie along the rows, where the shape leaves it open.
        whose: Whose habit it is.
        sure: Whether the names alone tell the order.
    """

    W_x: str
    W_h: str
    biases: tuple[str, str]
    lstm: str
    gru: str
    by_rows: bool
    whose: str
    sure: bool = False


_HABITS = (
    _Habit("W_x", "W_h", ("b", ""), "i, f, o, g", "r, z, n", True, "this project’s, from the names W_x, W_h, b", True),
    _Habit(
        "kernel", "recurrent_kernel", ("bias", ""), "i, f, g, o", "z, r, n", True,
        "Keras’s, from the names kernel, recurrent_kernel", True,
    ),
    _Habit(
        "i2h_weight", "h2h_weight", ("i2h_bias", "h2h_bias"), "i, f, g, o", "r, z, n", False,
        "MXNet’s, from the names i2h_weight, h2h_weight", True,
    ),
    _Habit(
        "weight_i2h|weight_xh?|weight_input", "weight_h2h|weight_h|weight_hidden|weight_recurrent",
        ("bias_i2h|bias_x|bias|b", "bias_h2h|bias_hh?"), "i, f, g, o", "r, z, n", False, "",
    ),
    _Habit("Wx", "Wh", ("bias|b", "bhn"), "i, f, g, o", "r, z, n", False, ""),
    _Habit(
        "[Ww]_?[ix]h?", "[Ww]_?hh", ("b_?(?:[ixh]h?)?|bias(?:_[ih]h)?", "b_?hh"), "i, f, g, o", "r, z, n", False, "",
    ),
    _Habit(
        r"(?:\w*_)?(?:i|x|in|input|inp)(?:_?(?:2|to)_?)?(?:h|hid|hidden|gates)\.weight|(?:W_?x|ih|W_?ih|W_?xh)\.weight",
        r"(?:\w*_)?(?:h|hid|hidden)(?:_?(?:2|to)_?)?(?:h|hid|hidden|gates)\.weight|(?:W_?h|hh|W_?hh)\.weight",
        (
            r"(?:\w*_)?(?:i|x|in|input|inp)(?:_?(?:2|to)_?)?(?:h|hid|hidden|gates)\.bias|(?:W_?x|ih|W_?ih|W_?xh)\.bias",
            r"(?:\w*_)?(?:h|hid|hidden)(?:_?(?:2|to)_?)?(?:h|hid|hidden|gates)\.bias|(?:W_?h|hh|W_?hh)\.bias",
        ),
        "i, f, g, o", "r, z, n", False, "",
    ),
    _Habit("W", "U", ("b|bias", ""), "i, f, g, o", "z, r, n", True, ""),
    _Habit("U", "W", ("b|bias", ""), "i, f, g, o", "z, r, n", False, ""),
    _Habit("Wax", "Waa", ("ba", ""), "i, f, g, o", "z, r, n", False, ""),
)  # fmt: skip
_GUESS = "guessed from the shape alone; PyTorch’s order is taken"


def pieces(tensors: _Arrays) -> tuple[list[Piece], set[str]]:
    """The layers found among these arrays, and the names of those that were used."""
    found: list[Piece] = []
    used: set[str] = set()
    for prefix, leaves in _groups(tensors).items():
        left = {leaf: name for leaf, name in leaves.items() if name not in used}
        for made in (
            _fused(prefix, left, tensors),
            by_gate(_place(prefix), left, tensors),
            _side_by_side(prefix, left, tensors),
        ):
            if made is not None:
                found.append(made)
                used |= set(made.used)
                break
    return found, used


def _groups(tensors: _Arrays) -> dict[str, dict[str, str]]:
    """Full names by every way of splitting them into a prefix and a name of one or two parts, longer prefixes first."""
    groups: dict[str, dict[str, str]] = {}
    for name in tensors:
        parts = re.split(r"[./]", name)
        for kept in (1, 2):
            if len(parts) >= kept:
                place = ".".join(parts[:-kept])
                groups.setdefault(place, {})[".".join(parts[-kept:])] = name
        if "_" in parts[-1]:  # lstm_W_x, lstm0_i2h_weight
            for match in re.finditer("_", parts[-1]):
                place = ".".join([*parts[:-1], parts[-1][: match.start()]])
                groups.setdefault(place, {}).setdefault(parts[-1][match.end() :], name)
    return dict(sorted(groups.items(), key=lambda item: -item[0].count(".")))


def _find(pattern: str, leaves: Mapping[str, str]) -> str | None:
    return next((name for leaf, name in leaves.items() if pattern and re.fullmatch(pattern, leaf)), None)


def _place(prefix: str) -> tuple[str, int, bool]:
    """Network, layer and direction from a prefix such as ``encoder.backward_lstm`` or ``rnn_l1``."""
    backward = bool(re.search(r"(?:^|[.])(?:backward|reverse|bwd)(?:[._]|$)", prefix))
    # Of a layer that reads both ways the part for one of them, such as forward_lstm, says no more than that.
    parts = [part for part in prefix.split(".") if not re.match(r"(?:forward|backward|reverse|fwd|bwd)(?:_|$)", part)]
    network = ".".join(parts)
    layer = re.fullmatch(r"(.*?)[._]?l(?:ayer_?)?(\d{1,2})", network)
    return (layer[1], int(layer[2]), backward) if layer else (network, 0, backward)


def _fused(prefix: str, leaves: Mapping[str, str], tensors: _Arrays) -> Piece | None:
    for habit in _HABITS:
        names = [_find(habit.W_x, leaves), _find(habit.W_h, leaves)]
        if names[0] is None or names[1] is None or names[0] == names[1]:
            continue
        W_x, W_h = tensors[names[0]], tensors[names[1]]
        if W_x.ndim != 2 or W_h.ndim != 2:
            continue
        by_rows = lies_by_rows(W_x, W_h, habit.by_rows)
        if by_rows is None:
            continue
        biases = [_find(pattern, leaves) for pattern in habit.biases]
        biases[1] = None if biases[1] in (*names, biases[0]) else biases[1]
        used = (names[0], names[1], *(name for name in biases if name))
        turned = (W_x.T, W_h.T) if by_rows else (W_x, W_h)
        kind = len(turned[1]) // max(turned[1].shape[1], 1)
        given = [None if name is None else tensors[name] for name in biases]
        reset_after, b = True, given[0]
        if kind == 3 and given[1] is not None and 3 * given[1].size == len(turned[0]):
            given[1] = of_candidate(given[1])  # as MLX keeps it
        if kind == 3 and habit.whose.startswith("this project") and b is not None:
            H = W_h.shape[0]
            reset_after = b.size == 4 * H  # the fourth block is b_u, see `core.gru.GRUParams`
            b_u = np.concatenate([np.zeros(2 * H), b.ravel()[3 * H :]]) if reset_after else None
            given = [b.ravel()[: 3 * H] if reset_after else b, b_u]
        elif kind == 3 and given[0] is not None and given[0].size == 2 * len(turned[0]):
            reset_after = True  # Keras keeps its two biases in one array then
        elif kind == 3 and "Keras" in habit.whose:
            reset_after = b is None  # without a bias only the settings tell, see `doubts`
        if given[0] is not None and given[0].size == 2 * len(turned[0]):  # two in a row, as CuDNNLSTM keeps them
            given = list(given[0].reshape(2, -1))
        sure = (habit.sure or kind == 1) and not (habit.by_rows != by_rows and habit.whose)
        made = piece(
            _place(prefix), *turned, (given[0], given[1]), used, habit.gru if kind == 3 else habit.lstm,
            habit.whose or _GUESS, asks_order=not sure, transposed=by_rows, reset_after=reset_after,
            notes=_notes(habit, W_x, W_h, by_rows),
        )  # fmt: skip
        if made is not None:
            return made
    return None


def _notes(habit: _Habit, W_x: NDArray[Any], W_h: NDArray[Any], by_rows: bool) -> tuple[str, ...]:
    notes = []
    if not habit.whose:
        notes.append("The names are no library’s: which array is which was told by name and shape. Check it.")
    if W_x.shape == W_h.shape and W_h.shape[0] == W_h.shape[1] and not habit.sure:
        notes.append(square(by_rows))
    return tuple(notes)


def _side_by_side(prefix: str, leaves: Mapping[str, str], tensors: _Arrays) -> Piece | None:
    """One array that reads the input and the state side by side, as the RNN of PyTorch's tutorial does."""
    name = _find(r"(?:i2h|in(?:put)?2h(?:idden)?|input_to_hidden|combined_to_hidden|gates?|all_gates)\.weight", leaves)
    if name is None or tensors[name].ndim != 2:
        return None
    array = tensors[name]
    blocks = 4 if "gate" in name else 1
    H = array.shape[0] // blocks
    D = array.shape[1] - H
    if D < 1 or H * blocks != array.shape[0]:
        return None
    bias = name.removesuffix("weight") + "bias"
    given = tensors.get(bias)
    return piece(
        _place(prefix), array[:, :D], array[:, D:], (given, None), (name, name, *([bias] if bias in tensors else [])),
        "", _GUESS, evidence=f"“{name}” reads {D} inputs and {H} units side by side.", asks_order=blocks == 4,
        notes=("The input is taken to come first, then the state: torch.cat((x, h)). Check it.",),
    )  # fmt: skip
