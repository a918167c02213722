"""A column of cells as floats, and what is said of the cells that are none."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from core.table.cells import Number, is_missing, number
from core.table.made import count, listing, short

__all__ = ["fast", "grouped", "numbers"]

_SCALES = {"K": 1e3, "k": 1e3, "M": 1e6, "B": 1e9, "bn": 1e9, "Mio": 1e6, "Mrd": 1e9}
_PLAIN = frozenset("0123456789+-.eE")


def fast(cells: list[str], sign: str) -> NDArray[np.float64] | None:
    """The floats of a column of plain numbers; None where there is anything else."""
    used = frozenset("".join(cells))
    if sign == "," and "." not in used:
        cells, used = [cell.replace(",", ".") for cell in cells], used - {","}
    if not used <= _PLAIN or (sign == "," and "." in used):
        return None
    full = [cell or "nan" for cell in cells]
    try:
        values = np.array(full, np.float64)
    except ValueError:
        return None
    bad = ~np.isfinite(values)
    return None if any(full[k] != "nan" for k in np.flatnonzero(bad)) else values


def numbers(cells: list[str], sign: str) -> tuple[NDArray[np.float64], list[int], str]:
    """The floats of a column, NaN where a cell is no number; the places of those that are not missing; the unit.

    Args:
        cells: The cells, cleaned.
        sign: The decimal sign.
    """
    values = np.full(len(cells), np.nan)
    units: dict[int, str] = {}
    bad = []
    known: dict[str, Number | None] = {}
    for k, cell in enumerate(cells):
        if is_missing(cell):
            continue
        if cell not in known:
            known[cell] = number(cell, sign)
        found = known[cell]
        if found is None:
            bad.append(k)
            continue
        values[k] = found.value
        if found.unit:
            units[k] = found.unit
    kinds = Counter(units.values())
    if len(kinds) <= 1:
        return values, bad, next(iter(kinds), "")
    if set(kinds) <= _SCALES.keys():  # 1.2M and 340K in one column
        for k, unit in units.items():
            values[k] *= _SCALES[unit]
        return values, bad, ""
    usual = kinds.most_common(1)[0][0]
    for k, unit in units.items():
        if unit != usual:
            values[k] = np.nan
            bad.append(k)
    return values, sorted(bad), usual


def grouped(name: str, rows: list[int], example: str, *, taken: bool = False) -> str:
    """One sentence for all cells of a column that are no numbers.

    Args:
        name: The column.
        rows: Their rows.
        example: The first of them.
        taken: Whether they are read as missing all the same.
    """
    where = f"in column “{short(name)}” ({listing('row', rows)})"
    cells = count(len(rows), "cell")
    one = len(rows) == 1
    if not example:
        return f"{cells} {where} {'is' if one else 'are'} empty: write a number there, or delete the row."
    shown = f"“{short(example)}”"
    if is_missing(example):
        like = f"reads {shown}" if one else f"have no value, such as {shown}"
        return f"{cells} {where} {like}: write a number there, or delete the row."
    if number(example.replace(",", ".")) is None and _huge(example):
        return f"{cells} {where} {'is' if one else 'are'} too large, such as {shown}: write a number below 1e308."
    no = f"is no number: {shown}" if one else f"are not numbers, such as {shown}"
    return f"{cells} {where} {no}. {'Counted as missing.' if taken else 'Write a number there, such as 0.5.'}"


def _huge(cell: str) -> bool:
    try:
        return (
            cell[-1:].isdigit()
            and cell.isascii()
            and len(cell) < 10_000
            and float(cell) in (float("inf"), float("-inf"))
        )
    except ValueError:
        return False
