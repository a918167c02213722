"""Points in time that are written as numbers: seconds since 1970, days such as 20260131, Excel's count of days."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from core.table import dates

__all__ = ["Days", "moment"]

_NAMED = re.compile(
    r"(.*(time|date|datum|epoch|unix|zeit|fecha|heure|month|monat|mois|period|stamp).*|when|.*_at|ts|t|day|jour|tag)",
    re.IGNORECASE,
)
_OF_DAYS = re.compile(r".*(date|datum|fecha).*|day|jour|tag", re.IGNORECASE)
_DIGITS = re.compile(
    r"(?P<y>(?:19|20)[0-9]{2})(?P<mo>0[1-9]|1[0-2])"
    r"(?:(?P<d>0[1-9]|[12][0-9]|3[01])(?:(?P<h>[01][0-9]|2[0-3])(?:(?P<m>[0-5][0-9])(?P<s>[0-5][0-9])?)?)?)?"
)
_UNITS = ((1e17, 1e9), (1e14, 1e6), (1e11, 1e3), (1e8, 1.0))
_1970, _1900 = 719_163, 693_594  # days from 0001-01-01 to the beginning of either count
_EXCEL = (20_000, 80_000)  # 1954 to 2119
_SINCE, _UNTIL = 946_684_800, 4_102_444_800  # 2000 to 2100, in seconds since 1970

Days = Callable[[str], float | None]


def moment(name: str, full: Sequence[str], values: NDArray[np.float64], *, unnamed: bool = False) -> Days | None:
    """How to read days since 0001-01-01 from the cells of a column of numbers; None if they are no points in time.

    Args:
        name: The column's name; it must speak of time.
        full: Its cells that are not empty.
        values: Its numbers (T,), NaN where one misses.
        unnamed: The column has no name and stands first: then its numbers must leave no doubt.
    """
    known = values[np.isfinite(values)]
    if not known.size or (not unnamed and not _NAMED.fullmatch(name)):
        return None
    steps = np.diff(known)
    if unnamed and (len(known) < 2 or not ((steps > 0).all() or (steps < 0).all())):
        return None
    if all(map(_DIGITS.fullmatch, full)) and (not unnamed or all(len(cell) >= 8 for cell in full)):
        return _from_digits
    unit = next((unit for low, unit in _UNITS if known.min() > low), 0.0)
    if unit and known.max() <= 1e10 * unit and (not unnamed or _SINCE < known.min() / unit < _UNTIL):
        return lambda cell: _counted(cell, unit * 86_400, _1970)
    if not unnamed and _OF_DAYS.fullmatch(name) and _EXCEL[0] < known.min() and known.max() < _EXCEL[1]:
        return lambda cell: _counted(cell, 1.0, _1900)
    return None


def _counted(cell: str, per_day: float, start: int) -> float | None:
    try:
        return start + float(cell.replace(",", ".")) / per_day
    except ValueError:
        return None


def _from_digits(cell: str) -> float | None:
    found = _DIGITS.fullmatch(cell)
    if found is None:
        return None
    clock = f" {found['h']}:{found['m'] or '00'}:{found['s'] or '00'}" if found["h"] else ""
    return dates.days(f"{found['y']}-{found['mo']}-{found['d'] or '01'}{clock}", "ymd")
