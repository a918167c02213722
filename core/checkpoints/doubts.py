"""What a network would be read wrongly for: parts of its step that are not run here, and settings that change it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from numpy.typing import NDArray

from core.checkpoints.limits import quoted
from core.checkpoints.records import BLOCKS, KIND_NAMES, Module, Recurrent

__all__ = ["doubted", "refused_setting", "said_activation"]

_PEEPHOLES = re.compile(r"(?:[Ww]_?c_?|[Vp]_)[ifo](?:\.weight)?|w_[ifo]_diag|.*peephole.*")
_NORMS = re.compile(
    r"(?:ln|bn|layer_?norm|norm)_?(?:[ihxc]|ih|hh|hx|ho|cell|gates?|input|hidden)(?:[._](?:weight|bias|gamma|beta))?"
)
_ACTIVATIONS = {"tanh": "tanh", "relu": "relu", "rnn_tanh": "tanh", "rnn_relu": "relu", "sigmoid": "sigmoid",
                "linear": "identity"}  # fmt: skip


def said_activation(module: Module | None) -> tuple[str, str | None]:
    """φ of an RNN as its file says it, and as it is called here; "" or None where there is no such."""
    facts = module.facts if module is not None else {}
    mode = str(facts.get("mode", ""))
    said = str(facts.get("nonlinearity") or facts.get("activation") or (mode if mode.startswith("RNN_") else ""))
    return said, _ACTIVATIONS.get(said.casefold())


def refused_setting(kind: str, directions: int, module: Module | None) -> str:
    """Which of a layer's settings is not run here, and the mend; "" where all are."""
    facts = module.facts if module is not None else {}
    said, known = said_activation(module)
    if kind == "rnn" and said and known is None:
        return f"Its activation is {said}; such an RNN is not shown here. Train it with tanh, ReLU or sigmoid."
    for name, usual in (("recurrent_activation", "sigmoid"), ("activation", "tanh")):
        if kind != "rnn" and isinstance(facts.get(name), str) and facts[name] != usual:
            return (
                f"Its {name.replace('_', ' ')} is {facts[name]}, not {usual}; such a {KIND_NAMES[kind]} is not shown "
                f"here. Train it with {usual}."
            )
    if directions == 1 and facts.get("go_backwards") is True:
        return (
            "It reads the sequence from its end (go_backwards), which is not shown for one direction alone. Save the "
            "same weights in a layer without go_backwards, and bring the sequence turned round."
        )
    if directions == 2 and isinstance(facts.get("merge_mode"), str) and facts["merge_mode"] != "concat":
        return (
            f"Its two directions are put together by {facts['merge_mode']} (merge_mode); here they lie side by side. "
            "Train it with merge_mode='concat'."
        )
    return ""


def doubted(network: Recurrent, left: Mapping[str, NDArray[Any]]) -> Recurrent:
    """The same network, refused where tensors beside it show that its step is another one.

    Args:
        network: As it was read.
        left: Tensors that no network uses, by name.
    """
    if network.problem:
        return network
    sizes = {network.H, network.H * BLOCKS[network.kind]}
    for name, array in left.items():
        leaf = _leaf(name, network.name)
        if network.kind == "lstm" and _PEEPHOLES.fullmatch(leaf):
            problem = f"Its gates read the cell state as well (peepholes, {quoted(name)})"
        elif _NORMS.fullmatch(leaf):
            problem = f"It normalises within its step ({quoted(name)})"
        elif "lora_" in leaf:
            return replace(
                network,
                problem=f"What was trained lies beside its weights ({quoted(name)}), to be added to them. Save the "
                "merged model: model.merge_and_unload().",
            )
        elif network.biases == "none" and re.fullmatch(r"b|bias\w*|b_\w{1,2}", leaf) and array.size in sizes:
            return replace(network, notes=(*network.notes, f"{quoted(name)} lies beside its weights and is not used."))
        else:
            continue
        kind = KIND_NAMES[network.kind]
        return replace(network, problem=f"{problem}, which is not shown here. Train {_a(kind)} without that.")
    return network


def _a(kind: str) -> str:
    return f"{'a' if kind == 'GRU' else 'an'} {kind}"


def _leaf(name: str, network: str) -> str:
    """A tensor's name within its network, dots between its parts; "" where it lies elsewhere."""
    plain = name.replace("/", ".")
    return plain[len(network) :].lstrip("._") if plain.startswith(network) else ""
