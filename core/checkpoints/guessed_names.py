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

from core.checkpoints.pieces import Piece, piece

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
)  # fmt: skip
_GATES = {"i": "i", "f": "f", "o": "o", "g": "g", "c": "g", "C": "g", "u": "g"}
_GRU_GATES = {"r": "r", "z": "z", "n": "n", "h": "n"}
_LONG_GATES = {"input": "i", "forget": "f", "output": "o", "candidate": "g", "cell": "g", "update": "g"}
_LONG = r"(?P<gate>input|forget|output|candidate|cell|update)(?:_?(?:gate|candidate|layer|linear))?"
_GUESS = "guessed from the shape alone; PyTorch’s order is taken"


def pieces(tensors: _Arrays) -> tuple[list[Piece], set[str]]:
    """The layers found among these arrays, and the names of those that were used."""
    found: list[Piece] = []
    used: set[str] = set()
    for prefix, leaves in _groups(tensors).items():
        left = {leaf: name for leaf, name in leaves.items() if name not in used}
        for made in (
            _fused(prefix, left, tensors),
            _by_gate(prefix, left, tensors),
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
        by_rows = _by_rows(W_x, W_h, habit.by_rows)
        if by_rows is None:
            continue
        biases = [_find(pattern, leaves) for pattern in habit.biases]
        biases[1] = None if biases[1] in (*names, biases[0]) else biases[1]
        used = (names[0], names[1], *(name for name in biases if name))
        turned = (W_x.T, W_h.T) if by_rows else (W_x, W_h)
        kind = len(turned[1]) // max(turned[1].shape[1], 1)
        given = [None if name is None else tensors[name] for name in biases]
        reset_after, b = True, given[0]
        if kind == 3 and habit.whose.startswith("this project") and b is not None:
            H = W_h.shape[0]
            reset_after = b.size == 4 * H  # the fourth block is b_u, see `core.gru.GRUParams`
            b_u = np.concatenate([np.zeros(2 * H), b.ravel()[3 * H :]]) if reset_after else None
            given = [b.ravel()[: 3 * H] if reset_after else b, b_u]
        elif kind == 3 and given[0] is not None and given[0].size == 2 * len(turned[0]):
            reset_after = True  # Keras keeps its two biases in one array then
        elif kind == 3 and "Keras" in habit.whose:
            reset_after = False
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


def _by_rows(W_x: NDArray[Any], W_h: NDArray[Any], likely: bool) -> bool | None:
    """Whether inputs lie along the rows (x W), not the columns (W x); None where neither fits."""
    rows = W_h.shape[1] % W_h.shape[0] == 0 and W_x.shape[1] == W_h.shape[1]
    columns = W_h.shape[0] % W_h.shape[1] == 0 and W_x.shape[0] == W_h.shape[0]
    return likely if rows and columns else rows if rows or columns else None


def _notes(habit: _Habit, W_x: NDArray[Any], W_h: NDArray[Any], by_rows: bool) -> tuple[str, ...]:
    notes = []
    if not habit.whose:
        notes.append("The names are no library’s: which array is which was told by name and shape. Check it.")
    if W_x.shape == W_h.shape and W_h.shape[0] == W_h.shape[1] and not habit.sure:
        way = "x W (a row for each input)" if by_rows else "W x (a column for each input)"
        notes.append(f"Both arrays are square, so the file leaves open which way round they lie: read as {way}.")
    return tuple(notes)


def _by_gate(prefix: str, leaves: Mapping[str, str], tensors: _Arrays) -> Piece | None:
    """An array for each gate, for input and state apart (W_xi, W_hi, b_i) or side by side (W_i on [h, x])."""
    for gates, order in ((_GATES, "i, f, g, o"), (_GRU_GATES, "r, z, n")):
        apart = [_gate_names(leaves, gates, rf"[WU]_?{end}(?P<gate>\w)(?:\.weight)?") for end in ("[xi]", "h")]
        if not all(set(found) == set(order.split(", ")) for found in apart):
            apart = [_gate_names(leaves, gates, rf"{w}_?(?P<gate>\w)(?:\.weight)?") for w in "WU"]
        if all(set(found) == set(order.split(", ")) for found in apart):
            return _joined(prefix, apart, leaves, gates, order, tensors)
        one = _gate_names(leaves, gates, r"(?:[WU]_?|linear_|gate_)(?P<gate>\w)(?:\.weight)?")
        one = one or _gate_names(leaves, _LONG_GATES, _LONG + r"\.weight")
        if set(one) == set(order.split(", ")) and order.startswith("i"):
            return _joined(prefix, [one], leaves, gates, order, tensors)
    return None


def _gate_names(leaves: Mapping[str, str], gates: Mapping[str, str], pattern: str) -> dict[str, str]:
    """The full name of each gate's array, by the gate."""
    found: dict[str, str] = {}
    for leaf, name in leaves.items():
        match = re.fullmatch(pattern, leaf)
        if match and match["gate"] in gates:
            found.setdefault(gates[match["gate"]], name)
    return found


def _joined(
    prefix: str, parts: list[dict[str, str]], leaves: Mapping[str, str], gates: Mapping[str, str], order: str,
    tensors: _Arrays,
) -> Piece | None:  # fmt: skip
    wanted = order.split(", ")
    stacks = [[tensors[part[gate]] for gate in wanted] for part in parts]
    if any(a.ndim != 2 or a.shape != stack[0].shape for stack in stacks for a in stack):
        return None
    notes: tuple[str, ...] = ()
    if len(stacks) == 1:
        H, by_rows = min(stacks[0][0].shape), stacks[0][0].shape[0] > stacks[0][0].shape[1]
        both = np.vstack([a.T if by_rows else a for a in stacks[0]])
        W_x, W_h = both[:, H:], both[:, :H]
        notes = ("Each gate’s array is taken to read [h, x], the state first. Check it.",)
    else:
        way = _by_rows(stacks[0][0], stacks[1][0], True)
        if way is None:
            return None
        W_x, W_h = (np.vstack([a.T if way else a for a in stack]) for stack in stacks)
    bias_names = _gate_names(leaves, gates, r"(?:b_?h?|bias_|[WU]_?h?|linear_|gate_)(?P<gate>\w)(?:\.bias)?")
    bias_names = bias_names or _gate_names(leaves, _LONG_GATES, _LONG + r"\.bias")
    held = {gate: name for gate, name in bias_names.items() if tensors[name].size == len(W_x) // len(wanted)}
    whole = set(held) == set(wanted)
    bias = np.concatenate([tensors[held[gate]].ravel() for gate in wanted]) if whole else None
    used = tuple(name for part in reversed(parts) for name in part.values()) + (tuple(held.values()) if whole else ())
    names = (used[0], next(iter(parts[-1].values())), *used)
    return piece(
        _place(prefix), W_x, W_h, (bias, None), names, order, "the names: an array for each gate",
        notes=notes, evidence=f"The file has an array for each of {len(wanted)} gates.", reset_after=False,
    )  # fmt: skip


def _side_by_side(prefix: str, leaves: Mapping[str, str], tensors: _Arrays) -> Piece | None:
    """One array that reads the input and the state side by side, as the RNN of PyTorch's tutorial does."""
    name = _find(r"(?:i2h|in2h|input_to_hidden|combined_to_hidden|gates?|all_gates)\.weight", leaves)
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
