"""Layers whose gates have arrays of their own: for input and state apart (W_xi, W_hi, b_i) or for both side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.checkpoints.pieces import Piece, lies_by_rows, piece, square

__all__ = ["by_gate"]

_Arrays = Mapping[str, NDArray[Any]]
_Names = dict[str, str]
_GATES = {"i": "i", "f": "f", "o": "o", "g": "g", "c": "g", "C": "g", "u": "g"}
_GRU_GATES = {"r": "r", "z": "z", "n": "n", "h": "n"}
_LONG_GATES = {"input": "i", "forget": "f", "output": "o", "candidate": "g", "cell": "g", "update": "g"}
_LONG = r"(?P<gate>input|forget|output|candidate|cell|update)(?:_?(?:gate|candidate|layer|linear))?"
_GATE = r"(?P<gate>\w)"
_APART = (  # how the arrays of the input are called, then those of the state
    (rf"[WU]_?[xi]{_GATE}(?:\.weight)?", rf"[WU]_?h{_GATE}(?:\.weight)?"),
    (rf"W_?{_GATE}(?:\.weight)?", rf"U_?{_GATE}(?:\.weight)?"),
    (rf"[ix]{_GATE}\.(?:kernel|weight)", rf"h{_GATE}\.(?:kernel|weight)"),  # as Flax does
)
_BIASES = (rf"b(?:ias)?_?[xi]{_GATE}", rf"b(?:ias)?_?h{_GATE}")
_ONE_BIAS = rf"b(?:ias)?_?{_GATE}"
_AFTER = (
    "The file leaves open whether the reset gate acts before or after the product with the state: read as after, as "
    "PyTorch has it. If it acts before, save the sum of its two biases alone."
)
_BEFORE = (
    "The file leaves open whether the reset gate acts before or after the product with the state: read as before, as "
    "in the GRU of 2014. If it acts after, save it as an nn.GRU of PyTorch."
)


def by_gate(place: tuple[str, int, bool], leaves: Mapping[str, str], tensors: _Arrays) -> Piece | None:
    """The layer whose gates have an array each, or None.

    Args:
        place: Network, layer and direction.
        leaves: Full names by the name that is left behind the network's.
        tensors: Arrays by full name.
    """
    for gates, order in ((_GATES, ("i", "f", "g", "o")), (_GRU_GATES, ("r", "z", "n"))):
        for patterns in _APART:
            apart = [_weights(leaves, gates, pattern, tensors) for pattern in patterns]
            if all(set(found) == set(order) for found in apart):
                return _apart(place, apart, leaves, gates, order, tensors)
    order = ("i", "f", "g", "o")
    for gates, pattern in (
        (_GATES, rf"(?:[WU]_?|linear_|gate_){_GATE}(?:\.weight)?"),
        (_LONG_GATES, rf"{_LONG}\.weight"),
    ):
        one = _weights(leaves, gates, pattern, tensors)
        if set(one) == set(order):
            return _side_by_side(place, one, leaves, order, tensors)
    return None


def _named(leaves: Mapping[str, str], gates: Mapping[str, str], pattern: str) -> _Names:
    """The full name of each gate's array, by the gate."""
    found: _Names = {}
    for leaf, name in leaves.items():
        match = re.fullmatch(pattern, leaf)
        if match and match["gate"] in gates:
            found.setdefault(gates[match["gate"]], name)
    return found


def _weights(leaves: Mapping[str, str], gates: Mapping[str, str], pattern: str, tensors: _Arrays) -> _Names:
    return _named({leaf: name for leaf, name in leaves.items() if tensors[name].ndim == 2}, gates, pattern)


def _biases(weights: _Names, named: _Names, H: int, tensors: _Arrays) -> _Names:
    """The bias of each gate that has one: of the linear layer that its weights belong to, else by its own name."""
    of_layers = {gate: re.sub(r"(weight|kernel)$", "bias", name) for gate, name in weights.items()}
    found = {
        gate: name for gate, name in of_layers.items() if name not in weights.values() and name in tensors
    } or named
    return {gate: name for gate, name in found.items() if tensors[name].size == H}


def _joined(order: tuple[str, ...], held: _Names, H: int, tensors: _Arrays) -> NDArray[Any] | None:
    if not held:
        return None
    return np.concatenate([tensors[held[gate]].ravel() if gate in held else np.zeros(H) for gate in order])


def _apart(
    place: tuple[str, int, bool], parts: list[_Names], leaves: Mapping[str, str], gates: Mapping[str, str],
    order: tuple[str, ...], tensors: _Arrays,
) -> Piece | None:  # fmt: skip
    stacks = [[tensors[part[gate]] for gate in order] for part in parts]
    if any(a.shape != stack[0].shape for stack in stacks for a in stack):
        return None
    way = lies_by_rows(stacks[0][0], stacks[1][0], not parts[0][order[0]].endswith(".weight"))
    if way is None:
        return None
    W_x, W_h = (np.vstack([a.T if way else a for a in stack]) for stack in stacks)
    H = W_h.shape[1]
    told = parts[0][order[0]].endswith((".weight", "kernel"))
    notes = [square(way)] if W_x.shape == W_h.shape and not told else []
    two = [_named(leaves, gates, pattern) for pattern in _BIASES]
    if set(two[0]) != set(order) or set(two[1]) != set(order):  # b_i is the bias of i, not one of the input's
        two = [_named(leaves, gates, _ONE_BIAS), {}]
    held = [_biases(part, named, H, tensors) for part, named in zip(parts, two, strict=True)]
    b_x, b_h = (_joined(order, each, H, tensors) for each in held)
    reset_after = len(order) == 3 and b_h is not None
    if len(order) == 3:
        notes.append(_AFTER if reset_after else _BEFORE)
    used = (parts[0][order[0]], parts[1][order[0]], *_all(parts), *_all(held))
    return piece(
        place, W_x, W_h, (b_x, b_h), used, ", ".join(order), "the names: an array for each gate", notes=tuple(notes),
        evidence=f"The file has an array for each of {len(order)} gates.", reset_after=reset_after,
    )  # fmt: skip


def _side_by_side(
    place: tuple[str, int, bool], part: _Names, leaves: Mapping[str, str], order: tuple[str, ...], tensors: _Arrays
) -> Piece | None:
    """Gates that read the state and the input in one array each."""
    stack = [tensors[part[gate]] for gate in order]
    if any(a.shape != stack[0].shape for a in stack):
        return None
    H, by_rows = min(stack[0].shape), stack[0].shape[0] > stack[0].shape[1]
    both = np.vstack([a.T if by_rows else a for a in stack])
    named = _named(leaves, _GATES, _ONE_BIAS)
    held = _biases(part, named, H, tensors)
    used = (part[order[0]], part[order[0]], *part.values(), *held.values())
    return piece(
        place, both[:, H:], both[:, :H], (_joined(order, held, H, tensors), None), used, ", ".join(order),
        "the names: an array for each gate", evidence=f"The file has an array for each of {len(order)} gates.",
        notes=("Each gate’s array is taken to read [h, x], the state first. Check it.",),
    )  # fmt: skip


def _all(parts: list[_Names]) -> list[str]:
    return [name for part in parts for name in part.values()]
