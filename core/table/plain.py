"""Rows of short numbers with commas between them, as programs write them: read at a glance.

Nearly every text that changes with a number is one, and none of the questions that a table may ask can arise of it.
"""

from __future__ import annotations

import re

import numpy as np

from core.table.mends import Mended

__all__ = ["glance"]

_NUMBER = r"-?(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,12})?(?:e-[0-9]{2})?"  # no year, no code, no time, no power to speak of
_ROW = rf"{_NUMBER}(?:, {_NUMBER}){{1,7}}"
_ROWS = re.compile(rf"{_ROW}(?:\n{_ROW}){{1,63}}")


def glance(text: str) -> Mended | None:
    """What `read_text` and then `mend` with its defaults make of 2 to 64 rows of 2 to 8 numbers; None for any other.

    Nor are rows read here of which a column is the same in all, since `mend` says so.
    """
    if not _ROWS.fullmatch(text):
        return None
    rows = [[float(cell) for cell in line.split(", ")] for line in text.split("\n")]
    T, D = len(rows), len(rows[0])
    if any(len(row) != D for row in rows):
        return None
    values = np.array(rows)
    if (values == values[0]).all(axis=0).any():
        return None
    names = tuple(f"x{k}" for k in range(1, D + 1))
    return Mended(values, names, np.arange(1, T + 1), values, np.zeros(D), np.ones(D))
