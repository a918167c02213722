"""Bringing a learner's arrays into `core`'s letters: rows, time first, gate blocks i, f, o, g.

Which conventions a file follows is found by trying: the one is taken whose forward pass gives the file's own states.
What no number tells is taken as `core` has it, and said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import permutations, product

import numpy as np

from core.check.arrays import Layout, gap, sequence, state, weights
from core.check.losses import losses, read_as
from core.check.names import canonical
from core.check.passes import FORWARD, WEIGHTS, Case, clean, order, run
from core.check.reading import Dump
from core.check.slips import reordered, slips
from core.errors import InputError
from core.lstm import GATES, TORCH_GATES, LSTMParams
from core.params import Array
from core.rnn import RNNParams

__all__ = ["Aligned", "Said", "align"]

_DOUBLE, _SINGLE = 1e-9, 1e-4
_SEQUENCES = ("a", "gates", *GATES, "c", "tanh_c", "h", "dh", "dc", "da", *(f"da_{k}" for k in GATES), "dh_next",
             "dc_next", "dx")  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What the learner says of his file, since it does not tell itself; "" leaves it to be found.

    Attributes:
        kind: "rnn" or "lstm".
        gates: The order of the gate blocks, such as "ifgo".
        loss: One of `LOSSES`: half = ½Σ(h − target)², squared = Σ(h − target)², mean = mean((h − target)²), sum = Σh,
            last = Σh of the last step.
        activation: φ of the RNN.
        batch_first: Whether the batch comes before time; None leaves it to be found.
    """

    kind: str = ""
    gates: str = ""
    loss: str = ""
    activation: str = "tanh"
    batch_first: bool | None = None


@dataclass(frozen=True, eq=False)
class Aligned:
    """A file as `core` reads it.

    Attributes:
        case: What both run on.
        yours: The learner's quantities, in the order of computing and in the layout of `core.check.passes.clean`.
        layout: The conventions found.
        tolerance: Up to which gap a quantity counts as equal.
        notes: What was found out and what was taken for granted, a sentence each.
        unread: Names that say nothing here.
        ours: `core`'s numbers for the case.
        others: The same with the loss read in another sense, where the file does not tell which.
    """

    case: Case
    yours: Mapping[str, Array]
    layout: Layout
    tolerance: Mapping[str, float]
    notes: tuple[str, ...]
    unread: tuple[str, ...]
    ours: Mapping[str, Array] = field(repr=False)
    others: tuple[Aligned, ...] = field(default=(), repr=False)


@dataclass(frozen=True, eq=False)
class _Parts:
    """The file by canonical names."""

    arrays: Mapping[str, Array]
    steps: Mapping[str, float]
    single: bool
    torch: bool
    unread: tuple[str, ...]


@np.errstate(all="ignore")  # what overflows in a learner's numbers is a difference, and shown as one
def align(dump: Dump, base: Case | None = None, said: Said | None = None) -> Aligned:
    """Read a file's arrays as `core` would have them.

    Args:
        dump: The file.
        base: The case where the file brings none, such as the network on the screen.
        said: What the learner adds.

    Raises:
        InputError: What is missing or does not fit together, and how to bring it.
    """
    said = said or Said()
    parts = _named(dump)
    own = any(name.split(".")[0] in ("W_x", "W_h", "W", "U") for name in parts.arrays)
    if base is None and not own:
        raise InputError(
            "There are no weights. A check needs what core should run: the weights (W_x, W_h, b, or PyTorch's "
            "weight_ih_l0 …), the input x, and dh_out or target. Save them beside your gradients."
        )
    told = base.kind if base is not None and not own else said.kind or _kind(parts.arrays)
    candidates: list[Aligned] = []
    for kind in (told,) if told else ("rnn", "lstm"):
        candidates = candidates or _all_candidates(parts, kind, said, base if not own else None)
    if not candidates:
        raise InputError(_no_fit(parts, told))
    # A reading that takes more of the file is the better one.
    best = min(enumerate(candidates), key=lambda pair: (-len(pair[1].yours), *_differing(pair[1]), pair[0]))[1]
    if own and _differing(best)[0] and len(candidates) > 1:
        best = _with_forward_slip(candidates) or best
    others = [c for c in candidates if c.layout == best.layout and c is not best]
    others = [replace(c, notes=tuple(_notes(c, candidates, parts))) for c in others]
    found = replace(best, notes=tuple(_notes(best, candidates, parts)), others=tuple(others))
    if not found.yours:
        known = ", ".join(n for n in parts.arrays) or "none"
        raise InputError(
            f"Nothing to compare: of your arrays ({known}) none is a state, a gate or a gradient that fits. "
            "Add some of h, c, i, f, o, g, dh, dc, da, dW_x, dW_h, db."
        )
    return found


def _named(dump: Dump) -> _Parts:
    arrays: dict[str, Array] = {}
    steps: dict[str, float] = {}
    unread = []
    for name, array in dump.arrays.items():
        known = canonical(name) if name else ""
        if known is None or known in arrays or array.ndim == 0:
            unread.append(name)
            continue
        arrays[known], steps[known] = array, dump.steps.get(name, 0.0)
    computed = [n for n in dump.arrays if (canonical(n) or "x") not in ("x", "h0", "c0", "target", "dh_out", "b")]
    single = any(name in dump.single for name in computed)
    torch = any("weight_ih" in name or "weight_hh" in name for name in dump.arrays)
    return _Parts(arrays, steps, single, torch, tuple(unread))


def _kind(arrays: Mapping[str, Array]) -> str:
    """The cell by names and shapes; "" where neither tells."""
    cell = {"c", "c0", "i", "f", "o", "g", "tanh_c", "dc", "dc_next", "gates", "da_f", "da_i"}
    if cell & set(arrays) or any("." in name for name in arrays):
        return "lstm"
    for name in ("W_h", "dW_h"):
        if name in arrays and arrays[name].ndim == 2:
            sizes = sorted(arrays[name].shape)
            if sizes[1] == 3 * sizes[0]:
                raise InputError("The weights look like a GRU's (three gates). A GRU can't be checked here yet.")
            return "lstm" if sizes[1] == 4 * sizes[0] else "rnn"
    return ""


def _orders(said: Said, parts: _Parts, kind: str) -> list[tuple[str, ...]]:
    if kind == "rnn":
        return [GATES]
    if said.gates:
        given = tuple(said.gates.replace(",", "").replace(" ", "").replace("c", "g"))
        if sorted(given) != sorted(GATES):
            raise InputError(f"gates: “{said.gates[:20]}” is no order of i, f, o, g. Write such as ifgo.")
        return [given]
    if parts.torch:
        return [TORCH_GATES]
    usual = [GATES, TORCH_GATES]
    return usual + [p for p in permutations(GATES) if p not in usual]


def _all_candidates(parts: _Parts, kind: str, said: Said, base: Case | None) -> list[Aligned]:
    try:
        return list(_candidates(parts, kind, said, base))
    except InputError:
        raise
    except ValueError as refused:  # core names what it can't run on, and the mend
        raise InputError(str(refused)) from refused


def _candidates(parts: _Parts, kind: str, said: Said, base: Case | None) -> Iterator[Aligned]:
    """Every reading that fits the shapes, the likeliest first."""
    times = {None: ("TB", "BT", "TXB"), True: ("BT",), False: ("TB", "TXB")}[said.batch_first]
    columns = (True,) if parts.torch else (False, True)
    options = product(_orders(said, parts, kind), columns, times, (False, True), (False, True))
    seen = set()
    for gates, column, time, x_first, u_is_x in options:
        if (x_first and not any(n.lstrip("d").split(".")[0] == "W" for n in parts.arrays)) or (
            u_is_x and "U" not in parts.arrays and "dU" not in parts.arrays
        ):
            continue
        layout = Layout(gates, column, time, x_first, u_is_x)
        for case in _cases(parts, kind, said, base, layout):
            key = layout, case.dh_out.tobytes()
            if key not in seen:
                seen.add(key)
                yield _aligned(parts, case, layout)


def _cases(parts: _Parts, kind: str, said: Said, base: Case | None, layout: Layout) -> Iterator[Case]:
    if base is not None:
        yield base
        return
    made = weights(parts.arrays, "", kind, layout)
    if not {"W_x", "W_h"} <= set(made):
        return
    W_x, W_h = made["W_x"], made["W_h"]
    b = made.get("b", np.zeros(W_x.shape[1]))
    if b.shape != W_x.shape[1:] or W_h.shape[1:] != W_x.shape[1:]:
        return
    params = LSTMParams(W_x, W_h, b) if kind == "lstm" else RNNParams(W_x, W_h, b)
    if "x" not in parts.arrays:
        raise InputError("The input x is missing. Save it beside the weights: x, (T, B, D) or (T, D).")
    x = sequence(parts.arrays["x"], len(W_x), None, layout.time)
    if x is None:
        return
    B, H = x.shape[1], params.H
    first = {n: state(parts.arrays[n], B, H) for n in ("h0", "c0", "dc_T") if n in parts.arrays}
    if any(value is None for value in first.values()):
        return
    c0, dc_T = (first.get(n) if kind == "lstm" else None for n in ("c0", "dc_T"))
    blank = Case(params, x, np.zeros((len(x), B, H)), first.get("h0"), c0, dc_T, said.activation)
    _finite(blank)
    for dh_out, loss in losses(parts.arrays, blank, said.loss, layout.time):
        yield replace(blank, dh_out=dh_out, loss=loss)


def _finite(case: Case) -> None:
    given = {"x": case.x, "W_x": case.params.W_x, "W_h": case.params.W_h, "b": case.params.b}
    for name, array in given.items():
        if not np.all(np.isfinite(array)):
            raise InputError(f"{name} has a NaN or infinity: core can't run on it. Save it from before it overflowed.")


def _aligned(parts: _Parts, case: Case, layout: Layout) -> Aligned:
    T, B, D, H = case.sizes
    wide = {"a": case.params.b.size, "da": case.params.b.size, "gates": case.params.b.size, "dx": D}
    yours: dict[str, Array] = {}
    taken = set()
    for name in _SEQUENCES:
        if name in parts.arrays:
            array = sequence(parts.arrays[name], wide.get(name, H), (T, B), layout.time)
            if array is not None:
                taken.add(name)
                if case.kind == "lstm" and name in ("a", "da", "gates"):
                    array = reordered(array, layout.gates)
                yours[name] = array
    if "gates" in yours:
        yours |= dict(zip(GATES, np.split(yours.pop("gates"), 4, axis=-1), strict=True))
    for name in ("dh0", "dc0"):
        if name in parts.arrays and (row := state(parts.arrays[name], B, H)) is not None:
            yours[name] = row
    made = weights(parts.arrays, "d", case.kind, layout, like=case.params)
    yours |= {f"d{name}": array for name, array in made.items()}
    ours = clean(case)
    if "" in parts.arrays and (nameless := _by_shape(parts.arrays[""], ours, case, layout, yours)):
        yours[nameless[0]] = nameless[1]
        taken.add("")
    yours = {name: yours[name] for name in order(case.kind) if name in yours}
    inputs = {"x", "h0", "c0", "dc_T", "dh_out", "target", "dh0", "dc0"}
    matrices = ("W_x", "W_h", "W", "U", "b", "b_ih", "b_hh")
    of_weights = {n for n in parts.arrays if n.removeprefix("d").split(".")[0] in matrices}
    unread = tuple(n for n in parts.arrays if n and n not in taken | inputs | of_weights)
    return Aligned(case, yours, layout, _tolerances(parts, yours, ours), (), (*parts.unread, *unread), ours)


def _by_shape(
    array: Array, ours: Mapping[str, Array], case: Case, layout: Layout, known: Mapping[str, Array]
) -> tuple[str, Array] | None:
    """A nameless array as the quantity of its shape that it comes nearest to."""
    T, B, D, H = case.sizes
    found = []
    for name in WEIGHTS:
        made = weights({name: array}, "d", case.kind, layout, like=case.params)
        if f"{name[1:]}" in made and name not in known:
            found.append((name, made[name[1:]]))
    for name in ("da", "dh", "dc", "dx", "h", "c"):
        width = {"da": case.params.b.size, "dx": D}.get(name, H)
        if name in ours and name not in known and (row := sequence(array, width, (T, B), layout.time)) is not None:
            wide = case.kind == "lstm" and name == "da"
            found.append((name, reordered(row, layout.gates) if wide else row))
    return min(found, key=lambda pair: gap(pair[1], ours[pair[0]]), default=None)


def _tolerances(parts: _Parts, yours: Mapping[str, Array], ours: Mapping[str, Array]) -> dict[str, float]:
    """Up to which gap a quantity counts as equal: by its float type and by how many digits were printed."""
    given = [n for n in ("x", "W_x", "W_h", "W", "b", "dh_out", "target", "h0", "c0") if parts.steps.get(n)]
    inputs = max((parts.steps[n] / max(float(np.abs(parts.arrays[n]).max()), 1e-300) for n in given), default=0.0)
    least = max(_SINGLE if parts.single else _DOUBLE, 20 * inputs)
    step = {n: max((s for k, s in parts.steps.items() if k == n or k == "" or k.startswith(f"{n[:2]}")), default=0.0)
            for n in yours}  # fmt: skip
    return {n: least + 1.01 * step[n] / max(float(np.abs(ours[n]).max()), 1e-300) for n in yours}


def _differing(found: Aligned) -> tuple[int, int]:
    """How many quantities of the forward and of the backward pass differ."""
    differ = [n for n in found.yours if gap(found.yours[n], found.ours[n]) > found.tolerance[n]]
    forward = set(FORWARD[found.case.kind])
    return sum(n in forward for n in differ), sum(n not in forward for n in differ)


def _with_forward_slip(candidates: list[Aligned]) -> Aligned | None:
    """Where no reading gives the learner's states: the first that does with a slip of the forward pass."""
    for found in candidates:
        forward = FORWARD[found.case.kind]
        for slip in slips(found.case.kind, found.case.activation):
            if slip.at in forward and not slip.target:
                values = run(found.case, slip.replaced).values
                given = [n for n in found.yours if n in forward]
                if all(gap(found.yours[n], values[n]) <= found.tolerance[n] for n in given):
                    return found
    return None


def _notes(best: Aligned, candidates: list[Aligned], parts: _Parts) -> Iterator[str]:
    layout, tied = best.layout, [c for c in candidates if _differing(c) == _differing(best)]
    fused = {"W", "W_x", "W_h", "dW", "dW_x", "dW_h", "da", "a", "gates"} if best.case.kind == "lstm" else set()
    if best.case.kind == "lstm" and layout.gates != GATES and not parts.torch:
        yield f"Your gate blocks {', '.join(layout.gates)} were recognised and rearranged to i, f, o, g."
    if layout.column and not parts.torch:
        yield "Your weights multiply from the left (W @ x) and were transposed."
    if parts.torch:
        blocks = ", its gate blocks are i, f, g, o" if best.case.kind == "lstm" else ""
        yield f"PyTorch's names: its two biases were added{blocks}."
    if layout.time != "TB" and best.case.sizes[1] > 1:
        yield "Your arrays have the batch " + ("first." if layout.time == "BT" else "last.")
    if "" in parts.arrays:
        yield "An array without a name was recognised by its shape."
    if len({c.layout.gates for c in tied}) > 1 and fused & set(parts.arrays):
        yield "No number tells the order of your gate blocks; i, f, o, g was taken. Add h, or say it."
    if "target" in parts.arrays and "dh_out" not in parts.arrays:
        sense = read_as(parts.arrays["target"], best.case, best.ours["h"], layout.time)
        yield f"The loss was read as {sense}; dh_out would tell."
    if "dh_out" not in parts.arrays and "target" not in parts.arrays and any(n in parts.arrays for n in ("x",)):
        yield "No dh_out or target was given: the loss was taken as the sum of h, over " + (
            "all steps." if best.case.dh_out.min() == 1 else "the last step."
        )
    if parts.single:
        yield "float32: a gap below 10⁻⁴ of the largest entry counts as equal."


def _no_fit(parts: _Parts, kind: str) -> str:
    shapes = ", ".join(f"{n or 'array'} {a.shape}" for n, a in parts.arrays.items())
    expected = "W_x (D, 4H), W_h (H, 4H), b (4H,)" if kind == "lstm" else "W_x (D, H), W_h (H, H), b (H,)"
    return (
        f"The shapes do not fit together: {shapes}. Expected for an {(kind or 'rnn').upper()}: {expected}, "
        "x (T, B, D) or (T, D), transposed if you like; gates one by one as W_f, b_f on [h, x]; h, c (T, B, H)."
    )
