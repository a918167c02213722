"""The verdict: which quantities differ from `core`'s, where first, and which known slip gives the learner's numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.check.arrays import gap
from core.check.laid import Aligned
from core.check.passes import BLOCKS, FORWARD, WEIGHTS, forward, split
from core.check.scaled import acted, scaled
from core.check.slip import Slip
from core.check.slips import slips
from core.params import Array

__all__ = ["STEPS", "Found", "Report", "Row", "compare", "group"]

STEPS = 60_000
"""Steps that trying pairs of slips may cost; six steps with all pairs of an LSTM's cost 18,000."""


@dataclass(frozen=True)
class Row:
    """One quantity beside `core`'s.

    Attributes:
        name: Such as "da_f".
        shape: Of the learner's array, in `core`'s layout.
        gap: Largest difference over our largest entry.
        equal: Whether that counts as equal.
        step: The first step that differs in the order of computing (1 … T), 0 for a weight's gradient or none.
        gate: The gate of the entry that differs most, "" for none.
        index: The entry that differs most, within `step` for a sequence.
        yours: Its value in the learner's array.
        ours: Its value in core's.
        differing: How many entries differ.
    """

    name: str
    shape: tuple[int, ...]
    gap: float
    equal: bool
    step: int
    gate: str
    index: tuple[int, ...]
    yours: float
    ours: float
    differing: int


@dataclass(frozen=True, eq=False)
class Found:
    """The slip that gives the learner's numbers.

    Attributes:
        slip: It; of two at once the first in the order of computing on the way back.
        residue: How far core with it is from the learner's numbers.
        further: The second slip, where only two together give them.
        alike: Others that give the same numbers on this case.
        whole: Whether all numbers are given; else only the first quantity that differs.
        next: The gap of the nearest slip that does not fit.
    """

    slip: Slip
    residue: float
    further: Slip | None
    alike: tuple[Slip, ...]
    whole: bool
    next: float


@dataclass(frozen=True, eq=False)
class Report:
    """All that a check found.

    Attributes:
        aligned: The file as it was read.
        rows: Each quantity, in the order of computing.
        first: The first that differs; None where all agree.
        found: The likely slip, or None.
        nearest: Known slips with the gap of core with them to the learner's numbers, the nearest first.
        tried: How many were tried.
        mended: Where the learner's own h and ∂L/∂a are there: the gap of the weights' gradients formed from them.
        pairs: Whether no pair of slips was left untried where no single one fits.
    """

    aligned: Aligned
    rows: tuple[Row, ...]
    first: Row | None
    found: Found | None
    nearest: tuple[tuple[Slip, float], ...]
    tried: int
    mended: Mapping[str, float]
    pairs: bool


def group(name: str, kind: str) -> str:
    """Which part of the table a quantity stands in: Forward, Backward or Weights."""
    return "Weights" if name in WEIGHTS else "Forward" if name in FORWARD[kind] else "Backward"


@np.errstate(all="ignore")  # what overflows in a learner's numbers is a difference, and shown as one
def compare(aligned: Aligned, steps: int = STEPS) -> Report:
    """Hold a learner's numbers against `core`'s, and against core with each known slip.

    Where the file leaves the loss open, the sense counts in which one slip gives all numbers.

    Args:
        aligned: The file.
        steps: How many steps of the passes pairs of slips may cost.
    """
    for each in (aligned, *aligned.others):  # one slip before two
        report = _compare(each, 0)
        if report.first is None or (report.found and report.found.whole):
            return report
    return _compare(aligned, steps)


def _compare(aligned: Aligned, steps: int) -> Report:
    rows = tuple(_rows(aligned))
    if all(row.equal for row in rows):
        return Report(aligned, rows, None, None, (), 0, {}, True)
    first = _first(aligned, rows)
    ahead = forward(aligned.case)
    known = slips(aligned.case.kind, aligned.case.activation)
    tried = [one for slip in known if (one := _try(aligned, first, slip, ahead)) is not None]
    if not any(one.fits for one in tried):
        sized = (_try(aligned, first, slip, ahead) for slip in scaled(aligned, first.name))
        tried += [one for one in sized if one is not None]
    nearest = sorted(((one.slip, one.gap) for one in tried), key=lambda pair: pair[1])
    found, all_pairs = _single(tried), True
    if found is None and steps:
        found, all_pairs = _double(aligned, tried, steps)
    return Report(aligned, rows, first, found or _local(aligned, tried, first), tuple(nearest), len(tried),
                  _mended(aligned), all_pairs)  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Tried:
    """One slip against the learner's numbers.

    Attributes:
        slip: It.
        gap: How far core with it is from them.
        fits: Whether it gives all of them.
        explains: Whether it gives the first quantity that differs, at its first step if it has steps.
        leaves: Whether the quantities before that one stay ours.
        moves: Whether that quantity is another than ours there.
        far: The gap at that quantity.
    """

    slip: Slip
    gap: float
    fits: bool
    explains: bool
    leaves: bool
    moves: bool
    far: float


def _try(aligned: Aligned, first: Row, slip: Slip, ahead: list[Any]) -> _Tried | None:
    """What core with a slip gives; None where nothing of what the learner brought would tell it from core."""
    theirs = acted(aligned.case, slip, ahead=ahead)
    yours, ours = aligned.yours, aligned.ours
    same = {n: aligned.near(n, theirs[n], ours[n], ours[n]) for n in yours}
    if all(same.values()):
        return None
    name = first.name if first.name in yours else "da"
    cut = slice(first.step - 1, first.step) if first.step else slice(None)
    before = list(yours)[: list(yours).index(name)]
    mine, its, right = yours[name][cut], theirs[name][cut], ours[name]
    moves = not aligned.near(name, its, right[cut], right[cut], cut)
    return _Tried(
        slip,
        _worst(aligned, theirs),
        _fits(aligned, theirs),
        aligned.near(name, mine, its, _larger(right, its), cut) and moves,
        all(same[n] for n in before),
        moves,
        _apart(mine, its, right),
    )


def _first(aligned: Aligned, rows: tuple[Row, ...]) -> Row:
    """The first quantity that differs: forward by step and order, then backward from the last step, then weights."""
    forward = FORWARD[aligned.case.kind]
    differ = [row for row in rows if not row.equal]
    places = {row.name: k for k, row in enumerate(rows)}

    def when(row: Row) -> tuple[int, int, int]:
        part = 0 if row.name in forward else 2 if row.step == 0 else 1
        return part, row.step if part == 0 else -row.step, places[row.name]

    return min(differ, key=when)


def _rows(aligned: Aligned) -> Iterator[Row]:
    kind = aligned.case.kind
    for name, yours in aligned.yours.items():
        ours = aligned.ours[name]
        within = np.broadcast_to(aligned.within(name, ours), ours.shape)
        if name == "da" and BLOCKS[kind]:
            scale = float(np.abs(ours).max())
            for gate in BLOCKS[kind]:
                if f"da_{gate}" not in aligned.yours:
                    mine, its, most = (split(kind, array, gate) for array in (yours, ours, within))
                    yield _row(f"da_{gate}", mine, its, most, kind, scale)
            continue
        yield _row(name, yours, ours, within, kind, float(np.abs(ours).max()))


def _row(name: str, yours: Array, ours: Array, within: Array, kind: str, scale: float) -> Row:
    finite = np.isfinite(yours)
    far = np.where(finite, np.abs(yours - ours), np.inf)
    wrong = far > within if finite.all() else ~finite  # what is no number comes first
    equal = not wrong.any()
    far = far if equal else np.where(wrong, far, 0.0)
    gap_ = float(far.max()) / (scale or 1.0)
    step, at = 0, far
    if name not in WEIGHTS and yours.ndim == 3:
        rows = np.flatnonzero(wrong.any(axis=(1, 2)))
        if len(rows):
            k = int(rows[0] if name in FORWARD[kind] else rows[-1])
            step, at = k + 1, far[k]
    index = tuple(int(n) for n in np.unravel_index(int(at.argmax()), at.shape))
    whole = (step - 1, *index) if step else index
    width = yours.shape[-1]
    gated = BLOCKS[kind]
    gate = name[3:] if name.startswith("da_") else name if name in gated else ""
    if gated and name in ("dW_x", "dW_h", "db", "a"):
        gate = gated[index[-1] // (width // len(gated))]
    return Row(name, yours.shape, gap_, equal, step, gate, index, float(yours[whole]),
               float(ours[whole]), int(wrong.sum()))  # fmt: skip


def _worst(aligned: Aligned, values: Mapping[str, Array]) -> float:
    """The largest gap of core with a slip to the learner's numbers, over our own largest entry of each quantity."""
    return max(_apart(aligned.yours[n], values[n], aligned.ours[n]) for n in aligned.yours)


def _apart(yours: Array, theirs: Array, ours: Array) -> float:
    if not np.all(np.isfinite(yours)):
        return float("inf")
    scale = max(float(np.abs(ours).max()), float(np.abs(theirs).max())) or 1.0
    return float(np.abs(yours - theirs).max()) / scale


def _fits(aligned: Aligned, values: Mapping[str, Array]) -> bool:
    return all(aligned.near(n, yours, values[n], _larger(aligned.ours[n], values[n]))
               for n, yours in aligned.yours.items())  # fmt: skip


def _larger(ours: Array, theirs: Array) -> Array:
    return max(ours, theirs, key=lambda array: float(np.abs(array).max()))


def _single(tried: list[_Tried]) -> Found | None:
    fitting = [one for one in tried if one.fits]
    if not fitting:
        return None
    others = [one.gap for one in tried if not one.fits]
    alike = tuple(one.slip for one in fitting[1:])
    return Found(fitting[0].slip, fitting[0].gap, None, alike, True, min(others, default=float("inf")))


def _double(aligned: Aligned, tried: list[_Tried], steps: int) -> tuple[Found | None, bool]:
    """Two slips together, and whether all pairs were tried. The one that is met first on the way back is named."""
    T, B, _, H = aligned.case.sizes
    plain = [one for one in tried if not one.slip.target]
    ahead = [one for one in tried if one.explains]
    # Of a pair one gives the first difference alone, or both have a part in it.
    touch = [one for one in plain if one.moves and (one.leaves or not ahead)]
    both = [(one.slip, other.slip) for one in ahead for other in plain]
    both += [(one.slip, other.slip) for k, one in enumerate(touch) for other in touch[k + 1 :] if not ahead]
    pairs = [(one, other) for one, other in both if not set(one.replaced) & set(other.replaced)]
    most = int(steps / (T * max(1.0, B * H / 256)))
    fitting, before = [], forward(aligned.case)
    for one, other in pairs[:most]:
        found = acted(aligned.case, one, other, ahead=before)
        if _fits(aligned, found):
            fitting.append((one, other, _worst(aligned, found)))
    if not fitting:
        return None, len(pairs) <= most
    places = [one.slip.id for one in tried]
    one, other, residue = fitting[0]
    one, other = sorted((one, other), key=lambda slip: places.index(slip.id))
    alike = {s.id: s for pair in fitting for s in pair[:2] if s.id not in (one.id, other.id)}
    nearest = min((each.gap for each in tried), default=float("inf"))
    return Found(one, residue, other, tuple(alike.values()), True, nearest), True


def _local(aligned: Aligned, tried: list[_Tried], first: Row) -> Found | None:
    """The slip that gives the first quantity that differs, and leaves those before it; the rest stays open."""
    name = first.name if first.name in aligned.yours else "da"
    fitting = [one for one in tried if one.explains and (first.step or one.leaves)]
    if aligned.yours[name].size < 2 or len(fitting) != 1:
        return None
    others = [one.far for one in tried if one is not fitting[0]]
    return Found(fitting[0].slip, fitting[0].far, None, (), False, min(others, default=float("inf")))


def _mended(aligned: Aligned) -> dict[str, float]:
    """The weights' gradients formed by core's equations from the learner's own h and ∂L/∂a."""
    yours, case = aligned.yours, aligned.case
    parts = [yours.get(f"da_{gate}") for gate in BLOCKS[case.kind]]
    given = [part for part in parts if part is not None]
    da = yours.get("da", np.concatenate(given, axis=-1) if given and len(given) == len(parts) else None)
    if da is None or "h" not in yours or case.kind.startswith("gru"):
        return {}
    first = np.zeros_like(yours["h"][:1]) if case.h0 is None else case.h0[None]
    before = np.concatenate([first, yours["h"][:-1]])
    flat = da.reshape(-1, da.shape[-1])
    sums = {"dW_x": case.x.reshape(len(flat), -1).T @ flat, "dW_h": before.reshape(len(flat), -1).T @ flat,
            "db": flat.sum(axis=0)}  # fmt: skip
    return {name: gap(value, aligned.ours[name]) for name, value in sums.items() if name in yours}
