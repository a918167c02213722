"""What lies beside the recurrent networks: linear layers that can read them, and tables that can feed them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.checkpoints.records import Embedding, Module, Readout, Recurrent, Stored

__all__ = ["bias_of", "embeddings", "readouts", "shared", "titled"]

_MOST_ONE_HOT = 1_024
_TABLE = re.compile(r"emb|lookup|wte|word_?vec|glove|(?:^|[._/])E$", re.IGNORECASE)
_HEADS = re.compile(r"W_?y|W_?h?[yqo]|V|W_?hy|W_?out")
_ATTENTION = re.compile(r"attn|attention|(?:^|[._/])(?:in|q|k|v)_proj", re.IGNORECASE)
_STEPS = ("Sigmoid", "Softmax", "LogSoftmax", "Tanh", "ReLU", "GELU", "LeakyReLU", "ELU", "SiLU", "Softplus")


def embeddings(
    stored: Stored, networks: Sequence[Recurrent], left: Mapping[str, NDArray[Any]], first: int
) -> tuple[Embedding, ...]:
    """The tables of vectors among the tensors that are left.

    Args:
        stored: The file.
        networks: The networks found.
        left: Tensors not used by them.
        first: Place of the first recurrent tensor in the file: a table is kept before what reads it.
    """
    found = []
    places = {name: k for k, name in enumerate(stored.tensors)}
    for name, array in left.items():
        if (
            array.ndim != 2
            or array.dtype.kind not in "fiu"
            or not _is_table(stored, networks, name, array, places[name] < first)
        ):
            continue
        V, D = array.shape
        near = _nearest(name, networks)
        feeds = tuple(network.name for network in networks if network.D == D and network.name in near)
        kept = {key: words for key, words in stored.words.items() if len(words) == V} or {
            key: words for key, words in stored.words.items() if V - 16 <= len(words) < V
        }
        words_from = next(iter(kept), "")
        words = kept.get(words_from, ())
        words += tuple(f"⟨{k}⟩" for k in range(len(words), V)) if words else ()
        found.append(Embedding(titled(name), array, feeds, words, words_from))
    return (*found, *_one_hot(stored, networks, {table.words_from for table in found}))


def _one_hot(stored: Stored, networks: Sequence[Recurrent], taken: set[str]) -> Iterator[Embedding]:
    """Vocabularies of as many words as a network has inputs: it reads them one-hot."""
    seen = set()
    for name, words in stored.words.items():
        feeds = tuple(network.name for network in networks if len(words) == network.D)
        if feeds and name not in taken and len(words) <= _MOST_ONE_HOT and words not in seen:
            seen.add(words)  # a file often has both ways round, words to numbers and numbers to words
            yield Embedding(f"one-hot over {name}", np.eye(len(words)), feeds, words, name)


def _is_table(stored: Stored, networks: Sequence[Recurrent], name: str, array: NDArray[Any], before: bool) -> bool:
    module = stored.modules.get(titled(name))
    if module is not None:
        return "Embedding" in module.kind
    if bias_of(name, stored.tensors) is not None:
        return False
    if _TABLE.search(name):
        return True
    return before and not _HEADS.fullmatch(name) and array.shape[1] in [network.D for network in networks]


def readouts(stored: Stored, networks: Sequence[Recurrent], left: Mapping[str, NDArray[Any]]) -> tuple[Readout, ...]:
    """The linear layers among the tensors that are left which read H or 2H numbers of one of the networks."""
    found = []
    linear = {name: matrix for name, array in left.items() if (matrix := _matrix(stored, name, array)) is not None}
    for name, (W, b) in linear.items():
        reads = {}
        near = _nearest(name, networks)
        for network in networks:
            if network.name in near and not network.problem:
                if len(W) == network.width:
                    reads[network.name] = "2H" if network.directions == 2 else "H"
                elif len(W) == network.H:
                    reads[network.name] = "H"
        if reads:
            then = tuple(
                titled(other)
                for other, (V, _) in linear.items()
                if other != name and len(V) == W.shape[1] != len(W) and _parent(other) == _parent(name)
            )
            found.append(
                Readout(
                    titled(name),
                    W,
                    np.zeros(W.shape[1]) if b is None else np.asarray(b, np.float64).ravel(),
                    b is not None,
                    reads,
                    _follows(stored, titled(name)),
                    then,
                )
            )
    return tuple(found)


def _nearest(name: str, networks: Sequence[Recurrent]) -> set[str]:
    """The networks that a table or a linear layer lies with: those whose names begin as its own does, the furthest."""
    parts_of = {network.name: shared(name, network.name) for network in networks if not network.problem}
    return {network for network, parts in parts_of.items() if parts == max(parts_of.values())}


def _parent(name: str) -> str:
    return titled(name).rpartition(".")[0]


def shared(one: str, other: str) -> int:
    """How many parts two names have in common at their beginning."""
    pairs = list(zip(re.split(r"[./]", one), re.split(r"[./]", other), strict=False))
    return next((k for k, (a, b) in enumerate(pairs) if a != b), len(pairs))


def _matrix(stored: Stored, name: str, array: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any] | None] | None:
    """A linear layer's weights as (reads, O) with its bias, or None for anything else."""
    if array.ndim != 2 or 0 in array.shape or array.dtype.kind != "f" or _ATTENTION.search(name):
        return None
    leaf = re.split(r"[./]", name)[-1]
    module = stored.modules.get(titled(name))
    if module is not None and stored.framework == "PyTorch" and not re.search(r"Linear|Dense", module.kind):
        return None
    bias = bias_of(name, stored.tensors)
    b = None if bias is None else stored.tensors[bias]
    by_rows = leaf in ("kernel", "W_y") or (
        leaf != "weight" and b is not None and b.size == array.shape[1] != len(array)
    )
    W = array if by_rows else array.T
    if b is not None and b.size != W.shape[1]:
        return None
    return W, b


def bias_of(name: str, tensors: Mapping[str, NDArray[Any]]) -> str | None:
    """The name of the bias that goes with some weights."""
    head, leaf = name[: -len(re.split(r"[./]", name)[-1])], re.split(r"[./]", name)[-1]
    pairs = (
        ("weight", "bias"),
        ("kernel", "bias"),
        ("W_y", "b_y"),
        ("W", "b"),
        ("Why", "by"),
        ("W_hq", "b_q"),
        ("Wya", "by"),
        ("Wy", "by"),
        ("V", "c"),
    )
    for weight, bias in pairs:
        if leaf.endswith(weight):
            for other in (leaf[: len(leaf) - len(weight)] + bias, "b_y", "by"):
                if head + other in tensors and (other == "b_y") <= (weight == "W_y"):
                    return head + other
    return None


def titled(name: str) -> str:
    """A layer's name from that of its weights."""
    return re.sub(r"[./_](weight|bias|kernel|embeddings)$", "", name)


def _follows(stored: Stored, name: str) -> str:
    """What comes after a layer by the file's own account: its setting in Keras, or the next step of a Sequential."""
    module = stored.modules.get(name)
    if module is not None and isinstance(activation := module.facts.get("activation"), str):
        return "" if activation == "linear" else activation
    head, _, last = name.rpartition(".")
    outer: Module | None = stored.modules.get(head)
    if outer is not None and outer.kind == "Sequential" and last.isdecimal():
        after = stored.modules.get(f"{head}.{int(last) + 1}")
        return after.kind if after is not None and after.kind in _STEPS else ""
    return ""
