"""The verdict: which quantities differ from `core`'s, where first, and which known slip gives the learner's numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from core.check.align import Aligned
from core.check.arrays import gap
from core.check.passes import FORWARD, WEIGHTS, run
from core.check.slips import Slip, slips
from core.lstm import GATES, block
from core.params import Array

__all__ = ["PAIRS", "Found", "Report", "Row", "compare", "group"]

PAIRS = 4_000
"""Pairs of slips are tried where T·B·H is at most this divided by 4, and at most so many."""


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
    """

    aligned: Aligned
    rows: tuple[Row, ...]
    first: Row | None
    found: Found | None
    nearest: tuple[tuple[Slip, float], ...]
    tried: int
    mended: Mapping[str, float]


def group(name: str, kind: str) -> str:
    """Which part of the table a quantity stands in: Forward, Backward or Weights."""
    return "Weights" if name in WEIGHTS else "Forward" if name in FORWARD[kind] else "Backward"


def compare(aligned: Aligned) -> Report:
    """Hold a learner's numbers against `core`'s, and against core with each known slip.

    Where the file leaves the loss open, the sense counts in which one slip gives all numbers.
    """
    report = _compare(aligned)
    if report.first is None or not aligned.others or (report.found and report.found.whole and not report.found.further):
        return report
    others = (_compare(other) for other in aligned.others)
    return next((o for o in others if o.found and o.found.whole and not o.found.further), report)


def _compare(aligned: Aligned) -> Report:
    rows = tuple(_rows(aligned))
    if all(row.equal for row in rows):
        return Report(aligned, rows, None, None, (), 0, {})
    known = slips(aligned.case.kind, aligned.case.activation)
    values = [(slip, run(aligned.case, slip.replaced).values) for slip in known]
    values = [(slip, found) for slip, found in values if not _agrees(aligned, aligned.ours, found)]
    gaps = sorted(((slip, _worst(aligned, found)) for slip, found in values), key=lambda pair: pair[1])
    first = _first(aligned, rows)
    found = _single(aligned, values, gaps) or _double(aligned, values, gaps) or _local(aligned, values, first)
    return Report(aligned, rows, first, found, tuple(gaps), len(values), _mended(aligned))


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
        ours, tolerance = aligned.ours[name], aligned.tolerance[name]
        if name == "da" and kind == "lstm":
            scale = float(np.abs(ours).max())
            for gate in GATES:
                if f"da_{gate}" not in aligned.yours:
                    yield _row(f"da_{gate}", block(yours, gate), block(ours, gate), tolerance, kind, scale)
            continue
        yield _row(name, yours, ours, tolerance, kind, float(np.abs(ours).max()))


def _row(name: str, yours: Array, ours: Array, tolerance: float, kind: str, scale: float) -> Row:
    far = np.abs(yours - ours)
    far = np.where(np.isfinite(yours), far, np.inf)
    gap_ = float(far.max()) / (scale or 1.0)
    wrong = far > tolerance * (scale or 1.0)
    step, at = 0, far
    if name not in WEIGHTS and yours.ndim == 3:
        rows = np.flatnonzero(wrong.any(axis=(1, 2)))
        if len(rows):
            k = int(rows[0] if name in FORWARD[kind] else rows[-1])
            step, at = k + 1, far[k]
    index = tuple(int(n) for n in np.unravel_index(int(at.argmax()), at.shape))
    whole = (step - 1, *index) if step else index
    width = yours.shape[-1]
    gate = name[3:] if name.startswith("da_") else name if name in GATES and kind == "lstm" else ""
    if kind == "lstm" and name in (*WEIGHTS, "a"):
        gate = GATES[index[-1] // (width // 4)]
    return Row(name, yours.shape, gap_, bool(gap_ <= tolerance), step, gate, index, float(yours[whole]),
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
    return all(_apart(aligned.yours[n], values[n], aligned.ours[n]) <= aligned.tolerance[n] for n in aligned.yours)


def _agrees(aligned: Aligned, one: Mapping[str, Array], other: Mapping[str, Array]) -> bool:
    """Whether two sets of values can't be told apart by the quantities that the learner brought."""
    return all(gap(one[n], other[n]) <= aligned.tolerance[n] for n in aligned.yours)


_Values = list[tuple[Slip, Mapping[str, Array]]]
_Gaps = list[tuple[Slip, float]]


def _single(aligned: Aligned, values: _Values, gaps: _Gaps) -> Found | None:
    fitting = [slip for slip, found in values if _fits(aligned, found)]
    if not fitting:
        return None
    by = {slip.id: far for slip, far in gaps}
    others = [far for slip, far in gaps if slip not in fitting]
    slip = fitting[0]
    return Found(slip, by[slip.id], None, tuple(fitting[1:]), True, min(others, default=float("inf")))


def _double(aligned: Aligned, values: _Values, gaps: _Gaps) -> Found | None:
    """Two slips together. The one that is met first on the way back is named."""
    T, B, _, H = aligned.case.sizes
    plain = [slip for slip, _ in values if not slip.target]
    ahead = _explaining(aligned, values)
    pairs = [(one, other) for one in ahead for other in plain if one.id != other.id]
    if not pairs and T * B * H <= PAIRS // 4:
        pairs = [(one, other) for k, one in enumerate(plain) for other in plain[k + 1 :]]
    fitting = []
    for one, other in pairs[:PAIRS]:
        if set(one.replaced) & set(other.replaced):
            continue
        found = run(aligned.case, {**one.replaced, **other.replaced}).values
        if _fits(aligned, found):
            fitting.append((one, other, _worst(aligned, found)))
    if not fitting:
        return None
    places = [slip.id for slip, _ in values]
    one, other, residue = fitting[0]
    one, other = sorted((one, other), key=lambda slip: places.index(slip.id))
    alike = {s.id: s for pair in fitting for s in pair[:2] if s.id not in (one.id, other.id)}
    return Found(one, residue, other, tuple(alike.values()), True, gaps[0][1] if gaps else float("inf"))


def _explaining(aligned: Aligned, values: _Values) -> list[Slip]:
    """The slips that give the first rows that differ: the last step's on the way back, or a weight's gradient."""
    first = _first(aligned, tuple(_rows(aligned)))
    name = first.name if first.name in aligned.yours else "da"
    yours, ours, tolerance = aligned.yours[name], aligned.ours[name], aligned.tolerance[name]
    cut = slice(first.step - 1, first.step) if first.step else slice(None)
    found = []
    for slip, theirs in values:
        moved = gap(theirs[name][cut], ours[cut]) > tolerance
        if moved and _apart(yours[cut], theirs[name][cut], ours) <= tolerance:
            found.append(slip)
    return found


def _local(aligned: Aligned, values: _Values, first: Row) -> Found | None:
    """The slip that gives the first quantity that differs, and leaves those before it; the rest stays open."""
    name = first.name if first.name in aligned.yours else "da"
    if np.asarray(aligned.yours[name]).size < 2:
        return None
    names = list(aligned.yours)[: list(aligned.yours).index(name)]
    by = {slip.id: found for slip, found in values}
    fitting = [
        slip
        for slip in _explaining(aligned, values)
        if first.step or all(gap(by[slip.id][n], aligned.ours[n]) <= aligned.tolerance[n] for n in names)
    ]
    if len(fitting) != 1:
        return None
    slip = fitting[0]
    cut = slice(first.step - 1, first.step) if first.step else slice(None)

    def far(theirs: Mapping[str, Array]) -> float:
        return _apart(aligned.yours[name][cut], theirs[name][cut], aligned.ours[name])

    others = [far(found) for other, found in values if other is not slip]
    return Found(slip, far(by[slip.id]), None, (), False, min(others, default=float("inf")))


def _mended(aligned: Aligned) -> dict[str, float]:
    """The weights' gradients formed by core's equations from the learner's own h and ∂L/∂a."""
    yours, case = aligned.yours, aligned.case
    parts = [yours.get(f"da_{gate}") for gate in GATES]
    given = [part for part in parts if part is not None]
    da = yours.get("da", np.concatenate(given, axis=-1) if len(given) == len(GATES) else None)
    if da is None or "h" not in yours:
        return {}
    first = np.zeros_like(yours["h"][:1]) if case.h0 is None else case.h0[None]
    before = np.concatenate([first, yours["h"][:-1]])
    flat = da.reshape(-1, da.shape[-1])
    sums = {"dW_x": case.x.reshape(len(flat), -1).T @ flat, "dW_h": before.reshape(len(flat), -1).T @ flat,
            "db": flat.sum(axis=0)}  # fmt: skip
    return {name: gap(value, aligned.ours[name]) for name, value in sums.items() if name in yours}
