"""From named tensors to networks: which layers there are, how they lie on each other, what can read and feed them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.checkpoints import beside, guessed_names, torch_names
from core.checkpoints.doubts import doubted, refused_setting, said_activation
from core.checkpoints.limits import MAX_UNITS, SAVE_STATE, quoted, sizes
from core.checkpoints.pieces import ORDERS, TORCH_ORDER, Piece
from core.checkpoints.records import KIND_NAMES, Checkpoint, Layer, Module, Recurrent, Stored, Tensor
from core.errors import InputError

__all__ = ["orders", "understood", "with_order"]

_OTHER_LAYERS = {
    "in_proj_weight": "a Transformer’s attention", "self_attn": "a Transformer’s attention", "attn": "attention",
    "conv": "convolutions", "query": "a Transformer’s attention", "A_log": "a state-space model (Mamba)",
}  # fmt: skip


def understood(stored: Stored, filename: str) -> Checkpoint:
    """What the named tensors of a file mean.

    Raises:
        InputError: No recurrent layer among them; the message says what there is instead.
    """
    tensors = {name: array for name, array in stored.tensors.items() if array.dtype.kind in "fiub"}
    found, refused, used = torch_names.pieces(tensors, stored.modules)
    rest = {name: array for name, array in tensors.items() if name not in used and array.dtype.kind == "f"}
    guessed, more = guessed_names.pieces(rest)
    used |= more
    networks = [*_networks([*found, *guessed], stored), *refused]
    if not networks:
        raise InputError(_nothing(stored, tensors))
    order = {name: k for k, name in enumerate(tensors)}
    first = min((order[name] for name in used), default=0)
    left = {name: array for name, array in tensors.items() if name not in used}
    networks = [doubted(network, left) for network in networks]
    tables = beside.embeddings(stored, networks, left, first)
    titled = {table.name for table in tables}
    heads = beside.readouts(stored, networks, {n: a for n, a in left.items() if beside.titled(n) not in titled})
    titled |= {head.name for head in heads}
    biases = {beside.bias_of(name, tensors) for name in left if beside.titled(name) in titled}
    others = [
        Tensor(name, array.shape, stored.types.get(name, str(array.dtype)))
        for name, array in left.items()
        if beside.titled(name) not in titled and name not in biases
    ]
    dtypes = dict.fromkeys(n.dtype for n in networks if not n.problem)
    return Checkpoint(
        filename[:200], stored.form, stored.framework, len(tensors), sum(a.size for a in tensors.values()),
        ", ".join(dtypes), tuple(networks), heads, tables, tuple(others), stored.notes,
    )  # fmt: skip


def _networks(found: list[Piece], stored: Stored) -> list[Recurrent]:
    """Layers of one name put on each other, networks in the order in which their first layer was found."""
    by_name: dict[str, list[Piece]] = {}
    for each in found:
        by_name.setdefault(each.network, []).append(each)
    return [_network(name, pieces, stored) for name, pieces in by_name.items()]


def _network(name: str, pieces: list[Piece], stored: Stored) -> Recurrent:
    pieces = sorted(pieces, key=lambda each: (each.index, each.backward))
    first, module = pieces[0], stored.modules.get(name)
    directions = 2 if any(each.backward for each in pieces) else 1
    depth = max(each.index for each in pieces) + 1
    H = first.W_h.shape[1]
    dtype = stored.types.get(first.used[1], first.dtype)
    has = {(each.b_x is not None) + (each.b_h is not None) for each in pieces}
    notes = tuple(dict.fromkeys(note for each in pieces for note in each.notes))
    return Recurrent(
        name=name, kind=first.kind, layers=tuple(_layer(each, module) for each in pieces), depth=depth,
        directions=directions, D=first.W_x.shape[1], H=H, gate_order=first.order, order_from=first.order_from,
        evidence=first.evidence, biases=["none", "one", "two"][max(has)], dtype=dtype,
        activation="tanh" if first.kind != "rnn" else said_activation(module)[1],
        asks_order=first.asks_order and first.kind != "rnn", notes=notes,
        problem=_problem(pieces, directions, depth, module),
    )  # fmt: skip


def _layer(each: Piece, module: Module | None) -> Layer:
    said = module.facts.get("reset_after") if module is not None else None
    after = said if isinstance(said, bool) else each.reset_after
    none = np.zeros(len(each.W_h))
    b_x, b_h = (none if b is None else b for b in (each.b_x, each.b_h))
    return Layer(each.kind, each.index, each.backward, each.W_x, each.W_h, b_x, b_h, after)


def _problem(pieces: list[Piece], directions: int, depth: int, module: Module | None) -> str:
    """Why these layers cannot be run as one network, or ""."""
    first = pieces[0]
    H, kind = first.W_h.shape[1], KIND_NAMES[first.kind]
    if problem := next((each.problem for each in pieces if each.problem), ""):
        return problem
    if len(pieces) != directions * depth:
        return f"The file holds {len(pieces)} of the {directions * depth} layers of this {kind}. Save all of them."
    for each in pieces:
        expected = first.W_x.shape[1] if each.index == 0 else H * directions
        if each.W_h.shape != first.W_h.shape or each.W_x.shape[1] != expected:
            return (
                f"Its layers do not fit each other: layer {each.index} reads {each.W_x.shape[1]} numbers, where "
                f"{expected} arrive. Save the layers of one network."
            )
    if H > MAX_UNITS:
        return f"It has {H:,} units; at most {MAX_UNITS} can be shown. Bring a smaller model."
    return refused_setting(first.kind, directions, module)


def orders(network: Recurrent) -> tuple[str, ...]:
    """The orders of gates that its file may have, the one taken first."""
    return tuple(dict.fromkeys([network.gate_order, *ORDERS[network.kind]])) if network.gate_order else ()


def with_order(network: Recurrent, order: str) -> Recurrent:
    """The same network, its file's blocks read in another order.

    Args:
        network: As it was read.
        order: One of `orders`.

    Raises:
        InputError: Another order than these.
    """
    if order == network.gate_order:
        return network
    if order not in orders(network):
        raise InputError(
            f"The order {quoted(order)} is none that is known. Choose one of {'; '.join(orders(network))}."
        )
    torch, taken, wanted = TORCH_ORDER[network.kind], network.gate_order.split(", "), order.split(", ")
    # Block k of the file was taken for gate taken[k] and is gate wanted[k].
    source = [torch.index(taken[wanted.index(gate)]) for gate in torch]

    def turned(array: np.ndarray) -> np.ndarray:
        return np.ascontiguousarray(array.reshape(len(torch), network.H, *array.shape[1:])[source].reshape(array.shape))

    layers = tuple(
        replace(
            each,
            weight_ih=turned(each.weight_ih),
            weight_hh=turned(each.weight_hh),
            bias_ih=turned(each.bias_ih),
            bias_hh=turned(each.bias_hh),
        )
        for each in network.layers
    )
    return replace(network, layers=layers, gate_order=order, order_from="your choice", asks_order=False)


def _nothing(stored: Stored, tensors: Mapping[str, NDArray[Any]]) -> str:
    names = list(tensors)
    other = next((said for part, said in _OTHER_LAYERS.items() for name in names if part in name), "")
    if any(name.endswith("recurrent_kernel") and array.ndim > 2 for name, array in tensors.items()):
        other = "a convolutional LSTM, which is not shown here"
    if names and all(re.search(r"(?:^|[.])(?:step|exp_avg|exp_avg_sq|momentum_buffer|square_avg)$", n) for n in names):
        return f"The file holds the state of an optimiser alone. {SAVE_STATE}"
    if names and all(re.fullmatch(r"\d+|tensor|arr_\d+", name) for name in names):
        return (
            "The file holds arrays without names, so nothing says which is which. Save them by name, as "
            'net.state_dict() or model.save_weights("model.weights.h5") does.'
        )
    listed = ", ".join(f"{quoted(name)} ({sizes(tensors[name].shape)})" for name in names[:6])
    more = f" and {len(names) - 6} more" if len(names) > 6 else ""
    reason = f"It looks like {other}. " if other else ""
    reason += "".join(f"{note} " for note in stored.notes if "quantised" in note)
    return (
        f"The file holds no recurrent layer that is known here; it holds {listed}{more}. {reason}"
        "Bring the weights of an RNN, LSTM or GRU."
    )
