"""What is done with a table before a network reads it: columns, rows, holes and scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.table.made import NumberTable, count, short

__all__ = ["FILLS", "SCALES", "Floats", "Mended", "Mends", "mend", "ordinal", "standard"]

Floats = NDArray[np.float64]

FILLS = ("linear", "previous", "mean", "drop")
SCALES = ("none", "standard")
_ALIKE = 1e-12
"""Of a column's mean: a smaller deviation is rounding."""


@dataclass(frozen=True)
class Mends:
    """What is chosen.

    Attributes:
        columns: Places of the columns among the table's values; none takes all.
        first: First step taken, from 1.
        last: Last step taken; 0 takes all.
        every: Takes every n-th step from the first on.
        fill: What stands where a value misses: "linear" between the neighbours, the "previous" one, the column's
            "mean"; "drop" leaves the step out.
        scale: "standard" takes each column's mean away and divides by its deviation; "none" leaves it.
    """

    columns: tuple[int, ...] = ()
    first: int = 1
    last: int = 0
    every: int = 1
    fill: str = "linear"
    scale: str = "none"


@dataclass(frozen=True, eq=False)
class Mended:
    """What a network reads.

    Attributes:
        values: (T, D), finite.
        names: Name of each input (D of them).
        rows: Row of the file of each step (T,).
        raw: The same before they were scaled (T, D).
        mean: What was taken away from each column (D,); zeros where nothing was.
        deviation: What each was divided by (D,); ones where nothing was.
        filled: Values that were missing and are filled, as (step, input) from 0.
        dropped: Rows of the file that were left out because a value misses.
        notes: What else was cut, one sentence each.
    """

    values: Floats
    names: tuple[str, ...]
    rows: NDArray[np.intp]
    raw: Floats
    mean: Floats
    deviation: Floats
    filled: tuple[tuple[int, int], ...] = ()
    dropped: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def x(self) -> Floats:
        """The values as a model's input with B = 1: (T, 1, D), a view."""
        return self.values[:, None, :]


def mend(table: NumberTable, mends: Mends, *, max_steps: int, max_inputs: int) -> Mended:
    """Apply what was chosen; what is still beyond the limits is cut, and `Mended.notes` says so.

    Holes are filled before rows are chosen, and the scale is fitted to the rows that are left.

    Args:
        table: What was read.
        mends: What was chosen; places that the table does not have are ignored.
        max_steps: Most steps.
        max_inputs: Most inputs.

    Raises:
        InputError: Nothing is left.
    """
    D = table.values.shape[1]
    wanted = tuple(k for k in dict.fromkeys(mends.columns) if 0 <= k < D) or tuple(range(D))
    notes = []
    if len(wanted) > max_inputs:
        notes.append(f"Of {count(len(wanted), 'column')} the first {max_inputs} are read. Choose others under Columns.")
        wanted = wanted[:max_inputs]
    holes = np.isnan(table.values[:, wanted])
    values = _filled(table.values[:, wanted], mends.fill)
    last = mends.last if 0 < mends.last <= len(values) else len(values)
    first = mends.first if 0 < mends.first <= last else 1
    steps = np.arange(first - 1, last)
    dropped: tuple[int, ...] = ()
    if mends.fill == "drop":
        gone = holes[steps].any(axis=1)
        dropped = tuple(table.rows[steps[gone]].tolist())
        steps = steps[~gone]
    steps = steps[:: max(1, mends.every)]
    if not len(steps):
        raise InputError("No row is left: each has a hole. Fill what is missing instead of dropping it.")
    if len(steps) > max_steps:
        more = -(-len(steps) // max_steps) * max(1, mends.every)
        notes.append(
            f"Of {count(len(steps), 'row')} the first {max_steps:,} are read, as many as fit the figure. "
            f"Take every {ordinal(more)} row, or another window."
        )
        steps = steps[:max_steps]
    raw, held = values[steps], holes[steps]
    mean, deviation = np.zeros(len(wanted)), np.ones(len(wanted))
    values = raw
    if mends.scale == "standard":
        values, mean, deviation = standard(raw)
    if not np.isfinite(values).all():
        raise InputError("Some values are too large to compute with. Take the column out, or write it in other units.")
    filled = tuple((int(t), int(k)) for t, k in np.argwhere(held))
    names = tuple(table.names[k] for k in wanted)
    alike = (values == values[0]).all(axis=0) & (len(values) > 1)
    if constant := [short(names[k], 20) for k in np.flatnonzero(alike)]:
        notes.append(f"The same in every row: {', '.join(constant[:4])}{' …' if len(constant) > 4 else ''}.")
    return Mended(values, names, table.rows[steps], raw, mean, deviation, filled, dropped, tuple(notes))


def ordinal(n: int) -> str:
    """2nd, 3rd, 4th, …."""
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n:,}{ending}"


def _filled(values: Floats, how: str) -> Floats:
    """The values without holes (T, D); what comes before the first known value takes it over."""
    values = values.copy()
    t = np.arange(len(values))
    for k in range(values.shape[1]):
        column = values[:, k]
        known = np.flatnonzero(~np.isnan(column))
        if len(known) == len(column) or not len(known):
            continue
        if how == "mean":
            column[np.isnan(column)] = column[known].mean()
        elif how == "previous":
            before = np.clip(np.searchsorted(known, t, side="right") - 1, 0, None)
            column[:] = column[known[before]]
        else:
            column[:] = np.interp(t, known, column[known])
    return values


def standard(values: Floats, taken: int | None = None) -> tuple[Floats, Floats, Floats]:
    """Each column less its mean, divided by its deviation; a column of one value, but for rounding, becomes 0.

    Args:
        values: (T, D).
        taken: How many of the first rows give means and deviations; all where it is not said.

    Returns:
        The columns (T, D), their means (D,), and what each was divided by (D,).
    """
    largest = np.abs(values).max(axis=0, initial=0.0)
    unit = np.ldexp(1.0, np.frexp(largest)[1] - 1)  # powers of two: exact, and no square of a value overflows
    scaled = values / unit
    mean, deviation = scaled[:taken].mean(axis=0), scaled[:taken].std(axis=0)
    alike = deviation <= _ALIKE * np.abs(mean)
    deviation = np.where(alike, 1.0, deviation)
    found = scaled - mean
    found[alike & (np.abs(found) <= 10 * _ALIKE * np.abs(mean))] = 0.0
    return np.where(alike, found * unit, found / deviation), mean * unit, np.where(alike, 1.0, deviation * unit)
