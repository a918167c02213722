"""A file's arrays by their canonical names, and which cell they are of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.check.names import canonical, is_gru
from core.check.reading import Dump
from core.params import Array

__all__ = ["MATRICES", "Parts", "kind_of", "named"]

MATRICES = frozenset({"W_x", "W_h", "W", "U", "b", "b_ih", "b_hh", "b_u"})


@dataclass(frozen=True, eq=False)
class Parts:
    """The file by canonical names.

    Attributes:
        arrays: By canonical name.
        steps: See `Dump`, by canonical name.
        single: Whether what was computed is float32.
        torch: Whether the names are PyTorch's, whose conventions are known.
        unread: Names that say nothing here.
        gru: Whether it is a GRU's file.
        upstream: Whether its dh was read as dh_out.
    """

    arrays: Mapping[str, Array]
    steps: Mapping[str, Array]
    single: bool
    torch: bool
    unread: tuple[str, ...]
    gru: bool
    upstream: bool = False


def named(dump: Dump, kind: str) -> Parts:
    """The arrays of a file by canonical names; `kind` is the cell where the learner said it."""
    arrays: dict[str, Array] = {}
    steps: dict[str, Array] = {}
    unread = []
    of_gru = kind == "gru" or (not kind and (is_gru(dump.arrays) or _threefold(dump)))
    names = _gru_names(dump.arrays) if of_gru else {name: canonical(name) for name in dump.arrays}
    scalar = all(a.size == 1 for n, a in dump.arrays.items() if (names[n] or "").split(".")[0] in MATRICES)
    for name, array in dump.arrays.items():
        known = names[name] if name else ""
        step = dump.steps.get(name)
        if known is not None and array.size == 1 and scalar and known.removeprefix("d").split(".")[0] in MATRICES:
            array = array.reshape(1 if known.removeprefix("d")[0] == "b" else (1, 1))
        if known is None or known in arrays or array.ndim == 0:
            unread.append(name)
            continue
        arrays[known] = array
        steps |= {} if step is None else {known: step.reshape(array.shape)}
    computed = [n for n in dump.arrays if (names[n] or "x") not in ("x", "h0", "c0", "target", "dh_out", "b")]
    single = any(name in dump.single for name in computed)
    torch = any("weight_ih" in name or "weight_hh" in name for name in dump.arrays)
    return Parts(arrays, steps, single, torch, tuple(unread), of_gru)


def _threefold(dump: Dump) -> bool:
    """Whether the recurrent weights have three blocks."""
    for name, array in dump.arrays.items():
        if canonical(name) in ("W_h", "dW_h") and array.ndim == 2 and max(array.shape) == 3 * min(array.shape):
            return True
    return False


def _gru_names(names: Iterable[str]) -> dict[str, str | None]:
    """The names of a GRU's arrays; beside W_z and W_r a W_h is the candidate's."""
    found = {name: canonical(name, gru=True) for name in names}
    plain = set(found.values())
    both = {"W_x.z", "W_h.z"} <= plain and "W.z" not in plain
    of_n = {"W_x": "W_x.n", "W_h": "W_h.n", "b": "b.n"} if both else {"W_h": "W.n", "U": "W_h.n", "b": "b.n"}
    if any("." in (name or "") for name in plain):
        u_h = {"u_h": "W_h.n", "du_h": "dW_h.n", "uh": "W_h.n", "duh": "dW_h.n"}
        for name, known in found.items():
            d, rest = ("d", known[1:]) if known and known[0] == "d" else ("", known)
            known = d + of_n[rest] if rest in of_n and d + of_n[rest] not in plain else known
            found[name] = known or u_h.get(name.lower())
    return found


def kind_of(parts: Parts) -> str:
    """The cell by names and shapes; "" where neither tells."""
    arrays = parts.arrays
    if parts.gru:
        return "gru"
    cell = {"c", "c0", "i", "f", "o", "g", "tanh_c", "dc", "dc_next", "gates", "da_f", "da_i"}
    if cell & set(arrays) or any("." in name for name in arrays):
        return "lstm"
    for name in ("W_h", "dW_h"):
        if name in arrays and arrays[name].ndim == 2:
            sizes = sorted(arrays[name].shape)
            return "lstm" if sizes[1] == 4 * sizes[0] else "rnn"
    return ""
