"""Layers by the names that PyTorch gives them: ``weight_ih_l0`` and the like, under any prefix."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.checkpoints.limits import quoted, sizes
from core.checkpoints.pieces import Piece, of_candidate, piece
from core.checkpoints.records import Module, Recurrent

__all__ = ["broken", "pieces"]

_LEAF = re.compile(r"(?:(?P<prefix>.*?)[./_])??(?P<what>weight_ih|weight_hh|weight_hr|bias_ih|bias_hh)"
                   r"(?:_l(?P<layer>\d{1,3}))?(?P<reverse>_reverse)?(?P<rest>_raw|_g|_v|_orig|_mask)?")  # fmt: skip
_FOLDS = {
    "_orig": "torch.nn.utils.prune.remove", "_mask": "torch.nn.utils.prune.remove",
    "_g": "torch.nn.utils.remove_weight_norm", "_v": "torch.nn.utils.remove_weight_norm",
    "": "torch.nn.utils.parametrize.remove_parametrizations",
}  # fmt: skip
"""What puts weights together again that are kept in parts, by how the parts' names end."""
_FROM = "PyTorch’s, from the names weight_ih, weight_hh"
_PARTED = re.compile(r"(^|\.)parametrizations\.(\w+)\.original\d*$")


def pieces(
    tensors: Mapping[str, NDArray[Any]], modules: Mapping[str, Module]
) -> tuple[list[Piece], list[Recurrent], set[str]]:
    """The layers found, the networks that are named but cannot be read, and the names of all tensors that were used."""
    groups: dict[tuple[str, int, bool], dict[str, str]] = {}
    odd: dict[str, list[str]] = {}
    raw: dict[tuple[str, int, bool, str], str] = {}
    for name in tensors:
        if (match := _LEAF.fullmatch(_PARTED.sub(r"\1\2", name))) is None:
            continue
        prefix = re.sub(r"(?:^|[.])module$", "", match["prefix"] or "")
        if match["rest"] == "_raw":  # of a layer with dropped weights: what it computes with when it is not trained
            raw[(prefix, int(match["layer"] or 0), bool(match["reverse"]), match["what"])] = name
            continue
        if match["rest"] or _PARTED.search(name):
            odd.setdefault(prefix, []).append(name)
            continue
        place = prefix, int(match["layer"] or 0), bool(match["reverse"])
        groups.setdefault(place, {})[match["what"]] = name
    used = set(raw.values())
    for (prefix, layer, reverse, what), name in raw.items():
        names = groups.setdefault((prefix, layer, reverse), {})
        used |= {names[what]} if what in names else set()
        names[what] = name
    found: list[Piece] = []
    refused: list[Recurrent] = []
    for place, names in groups.items():
        names |= _own_biases(names, tensors)
        used |= set(names.values())
        if place[0] in odd:
            continue
        made = _layer(place, names, tensors, modules)
        if isinstance(made, Piece):
            found.append(made)
        elif made is not None:
            refused.append(made)
    for prefix, names_of in odd.items():
        used |= set(names_of)
        match = _LEAF.fullmatch(names_of[0])
        call = _FOLDS[(match["rest"] if match else "") or ""]
        said = f"Its weights are kept in parts, as {quoted(names_of[0])}. Call {call} and save again."
        refused.append(broken(prefix, "rnn", said))
    return found, refused, used


def _own_biases(names: Mapping[str, str], tensors: Mapping[str, NDArray[Any]]) -> dict[str, str]:
    """The biases of a cell of Equinox's, which has one for all gates, and a GRU's of the candidate alone."""
    head, _, leaf = names.get("weight_ih", "").rpartition("weight_ih")
    if leaf or "weight_ih" not in names or "bias_ih" in names:
        return {}
    rows = tensors[names["weight_ih"]].shape[:1]
    if head + "bias" not in tensors or tensors[head + "bias"].shape != rows:
        return {}
    own = {"bias_ih": head + "bias"}
    return own | ({"bias_n": head + "bias_n"} if head + "bias_n" in tensors else {})


def _layer(
    place: tuple[str, int, bool],
    names: Mapping[str, str],
    tensors: Mapping[str, NDArray[Any]],
    modules: Mapping[str, Module],
) -> Piece | Recurrent | None:
    prefix = place[0]
    have = {what: tensors[name] for what, name in names.items()}
    if "weight_ih" not in have or "weight_hh" not in have:
        missing = "weight_hh" if "weight_ih" in have else "weight_ih"
        there = next(iter(names.values()))
        return broken(prefix, "rnn", f"The file holds {quoted(there)} without its {missing}. Save the whole layer.")
    W_x, W_h = have["weight_ih"], have["weight_hh"]
    if "bias_n" in have and 3 * have["bias_n"].size == len(W_x):
        have["bias_hh"] = of_candidate(have["bias_n"])
    facts = modules[prefix].facts if prefix in modules else {}
    if "weight_hr" in have or facts.get("proj_size"):
        size = W_h.shape[-1] if W_h.ndim else 0
        return broken(
            prefix, "lstm",
            f"It projects its state to {size} numbers (proj_size), which is not shown here. Train an LSTM without "
            "proj_size, or save another layer.",
        )  # fmt: skip
    used = (names["weight_ih"], names["weight_hh"], *(names[b] for b in ("bias_ih", "bias_hh", "bias_n") if b in names))
    made = piece(place, W_x, W_h, (have.get("bias_ih"), have.get("bias_hh")), used, "", _FROM)
    if made is None:
        return broken(
            prefix, "rnn",
            f"{quoted(names['weight_ih'])} is {sizes(W_x.shape)} and {quoted(names['weight_hh'])} {sizes(W_h.shape)}: "
            "they belong to no RNN (H rows), GRU (3H) or LSTM (4H). Save the parameters of one such layer.",
        )  # fmt: skip
    return made


def broken(name: str, kind: str, problem: str) -> Recurrent:
    """A network that was found and cannot be read."""
    return Recurrent(
        name=name, kind=kind, layers=(), depth=0, directions=1, D=0, H=0, gate_order="", order_from="", evidence="",
        biases="none", activation=None, dtype=str(np.dtype(float)), problem=problem,
    )  # fmt: skip
