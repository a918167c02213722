"""Dates and times: recognised, and counted in days."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

__all__ = ["LONGEST", "ORDERS", "days", "is_date", "order"]

ORDERS = {"dmy": "day first", "mdy": "month first", "ymd": "year first"}
_MONTHS = {
    name: k
    for k, names in enumerate(
        ("jan janv januar january janvier ene enero gen gennaio janeiro januari",
         "feb févr fév februar february février febrero febbraio fev fevereiro februari",
         "mar mär mrz mars märz march marzo março maart", "apr avr april avril abr abril aprile",
         "may mai mayo mag maggio maio mei", "jun juin juni june junio giu giugno junho",
         "jul juil juli july juillet julio lug luglio julho", "aug août august ago agosto augustus",
         "sep sept september septembre septiembre set settembre setembro",
         "oct okt october oktober octobre octubre ott ottobre out outubro",
         "nov november novembre noviembre novembro",
         "dec dez déc december dezember décembre dic diciembre dicembre dezembro"), start=1
    )
    for name in names.split()
}  # fmt: skip
_CLOCK = r"(?P<h>[0-9]{1,2}):(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2})(?:[.,][0-9]{1,9})?)?\s?(?P<half>[AaPp]\.?[Mm]\.?)?"
_ZONE = r"\s?(?:Z|[A-Z]{3,4}|[A-Z][a-z]{2,9}/[A-Z]\w{2,19}|[+-][0-9]{2}:?[0-9]{2})?(?:\[[\w/]+\])?"
_TAIL = rf"(?:[T\s,]\s?{_CLOCK}{_ZONE})?"
_YMD = re.compile(rf"(?P<y>[0-9]{{4}})[-/.年](?P<mo>[0-9]{{1,2}})[-/.月](?P<d>[0-9]{{1,2}})日?{_TAIL}{_ZONE}")
_XYZ = re.compile(
    rf"(?P<a>[0-9]{{1,2}})(?P<gap>[-/.])\s?(?P<b>[0-9]{{1,2}})(?P=gap)\s?(?P<y>[0-9]{{4}}|[0-9]{{2}}){_TAIL}"
)
_NAMED = re.compile(
    r"(?:[^\W\d]{2,10}\.?,?\s)?(?:(?P<d>[0-9]{1,2})[.\s-]\s?(?:de )?(?P<mo>[^\W\d]{3,10})\.?"
    r"|(?P<mo2>[^\W\d]{3,10})\.?\s(?P<d2>[0-9]{1,2}),?)"
    rf"[\s,-]\s?(?:de )?(?P<y>[0-9]{{4}}|[0-9]{{2}}){_TAIL}"
)
_TIME = re.compile(rf"{_CLOCK}{_ZONE}")
_SPAN = re.compile(r"(?:[0-9]+ days? )?[0-9]{1,3}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?")
_COMPACT = re.compile(rf"(?P<y>(?:19|20)[0-9]{{2}})(?P<mo>[01][0-9])(?P<d>[0-3][0-9])[T\s_]{_CLOCK}{_ZONE}")
_MONTH = re.compile(
    r"(?P<y>[0-9]{4})[-/](?P<mo>0[1-9]|1[0-2])|(?P<mo3>0[1-9]|1[0-2])[-/](?P<y3>(?:19|20)[0-9]{2})"
    r"|(?P<y2>[0-9]{4})[- ]?(?P<q>[QqWw][0-9]{1,2})"
)
LONGEST = 48


def is_date(cell: str) -> bool:
    """Whether a cell reads as a date, a time of day or both."""
    if not 4 <= len(cell) <= LONGEST or not any("0" <= c <= "9" for c in cell):
        return False
    if _TIME.fullmatch(cell) or _SPAN.fullmatch(cell) or _MONTH.fullmatch(cell):
        return True
    return _day(cell, "dmy") is not None or _day(cell, "mdy") is not None


def order(cells: Sequence[str], *, european: bool = False) -> tuple[str, bool]:
    """The order of day, month and year that fits some dates ("" where words say it), and whether another fits as well.

    Args:
        cells: The dates.
        european: Whether the numbers beside them have a decimal comma.
    """
    if any(_YMD.match(cell) for cell in cells[:1]):
        return "ymd", False
    found = [match for match in map(_XYZ.match, cells) if match]
    if not found:
        return "", False
    if found[0]["gap"] == ".":
        return "dmy", False
    fits = [name for name in ("dmy", "mdy") if all(_day(match.string, name) is not None for match in found)]
    if len(fits) == 1:
        return fits[0], False
    if len(found) > 2:  # the right order has the more even steps
        spread = {name: _steps([_day(match.string, name) or 0 for match in found]) for name in ("dmy", "mdy")}
        if spread["dmy"] != spread["mdy"]:
            best = min(spread, key=spread.__getitem__)
            return best, bool(fits)
    return ("mdy" if found[0]["gap"] == "/" and not european else "dmy"), True


def _steps(values: list[int]) -> int:
    return sum(abs(b - a) for a, b in pairwise(values))


def days(cell: str, written: str) -> float | None:
    """A date and time in days since 0001-01-01; a time of day alone in days since midnight. None where it is neither.

    Args:
        cell: The cell.
        written: Order of its parts, one of `ORDERS`.
    """
    clock = _TIME.fullmatch(cell)
    if clock:
        return _clock(clock)
    day = _day(cell, written)
    if day is None:
        return None
    found = next((m for m in (p.fullmatch(cell) for p in (_YMD, _COMPACT, _XYZ, _NAMED)) if m), None)
    return day + (_clock(found) if found and found["h"] else 0.0)


def _clock(found: re.Match[str]) -> float:
    hours = int(found["h"])
    if found["half"]:
        hours = hours % 12 + (12 if found["half"][0] in "Pp" else 0)
    return (hours * 3600 + int(found["m"]) * 60 + int(found["s"] or 0)) / 86_400


def _day(cell: str, written: str) -> int | None:
    """The day of a date, counted from 0001-01-01."""
    if found := _YMD.fullmatch(cell) or _COMPACT.fullmatch(cell):
        year, month, day = int(found["y"]), int(found["mo"]), int(found["d"])
    elif found := _XYZ.fullmatch(cell):
        first, second = int(found["a"]), int(found["b"])
        month, day = (first, second) if written == "mdy" else (second, first)
        year = _year(found["y"])
    elif found := _NAMED.fullmatch(cell):
        month = _MONTHS.get((found["mo"] or found["mo2"]).lower(), 0)
        day, year = int(found["d"] or found["d2"]), _year(found["y"])
    elif (found := _MONTH.fullmatch(cell)) and (found["mo"] or found["mo3"]):
        year, month, day = int(found["y"] or found["y3"]), int(found["mo"] or found["mo3"]), 1
    else:
        return None
    try:
        return date(year, month, day).toordinal()
    except ValueError:
        return None


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else int(text) + (2000 if int(text) < 70 else 1900)
