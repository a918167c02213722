"""How numbers are written: one form on pages, in charts and at the terminal.

An exact zero is 0, a missing number –, a minus the true sign. What is smaller than 0.001 or has more whole digits than
count stands as "6.77 × 10⁴". `frontend/src/format.js` writes the same; one table of examples holds both to it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

__all__ = [
    "FLOAT",
    "LARGEST",
    "LOWERED",
    "MISSING",
    "RAISED",
    "SMALLEST",
    "SPACE",
    "TIMES",
    "WHOLE",
    "adding_up",
    "number",
    "power",
    "power_of_ten",
    "scientific",
    "short",
    "significant",
    "tex",
]

SPACE = "\N{NO-BREAK SPACE}"
TIMES = f"{SPACE}×{SPACE}"
MISSING = "–"
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
SMALLEST = -3  # exponent of the smallest number without a power of ten
WHOLE = 4  # whole digits written out though fewer count
LARGEST = 1000  # from here on decimals are noise
FLOAT = 300  # powers of ten that a float holds with room to spare
_KEPT = 4096  # numbers written last; after a change of one, most of a page stand as they stood


@lru_cache(maxsize=_KEPT)
def significant(value: float | None, digits: int = 3) -> str:
    """A measured number with so many significant digits, zeros at the end among them: 0.460, 2,030, 6.77 × 10⁴."""
    return _written(value, lambda size: _significant(size, digits))


@lru_cache(maxsize=_KEPT)
def number(value: float | None, places: int = 3, digits: int | None = None) -> str:
    """A number of ordinary size with so many decimals; as `significant` with ``digits`` where decimals hide it."""
    few = max(places - 1, 1) if digits is None else digits

    def write(size: float) -> str:
        if 0.5 * 10.0**-places <= size < LARGEST and float(text := _fixed(size, places)) < LARGEST:
            return text
        return _significant(size, few)

    return _written(value, write)


@lru_cache(maxsize=_KEPT)
def short(value: float | None, digits: int = 4) -> str:
    """A number as it would be typed: up to so many significant digits, no zeros at the end: 0.25, 3, 10⁻⁶."""

    def write(size: float) -> str:
        mantissa, times, raised = _significant(size, digits).replace(",", "").partition(TIMES)
        if "." in mantissa:
            mantissa = mantissa.rstrip("0").rstrip(".")
        return raised if times and mantissa == "1" else mantissa + times + raised

    return _written(value, write)


def adding_up(parts: Sequence[float], places: int) -> list[str]:
    """Parts of a sum, rounded so that the rounded numbers add up to the rounded sum: what is cut off most first."""
    units = [part * 10**places for part in parts]
    whole = [math.floor(unit) for unit in units]
    missing = max(0, math.floor(sum(units) + 0.5) - sum(whole))
    for k in sorted(range(len(units)), key=lambda k: whole[k] - units[k])[:missing]:
        whole[k] += 1
    return [f"{'−' if unit < 0 else ''}{_fixed(abs(unit) / 10**places, places)}" for unit in whole]


def scientific(value: float | None, digits: int = 3) -> str:
    """A number with a power of ten, whatever its size."""
    return _written(value, lambda size: _scientific(size, digits))


def power_of_ten(log10: float, digits: int = 3) -> str:
    """``10 ** log10`` as `significant` writes it, also where the power itself is beyond a float."""
    if math.isnan(log10):
        return MISSING
    if math.isinf(log10):
        return "0" if log10 < 0 else "∞"
    if abs(log10) < FLOAT:
        return significant(10.0**log10, digits)
    whole = math.floor(log10)
    mantissa, exponent = _rounded(10.0 ** (log10 - whole), digits)
    return f"{mantissa}{TIMES}{power(whole + exponent)}"


def power(exponent: int) -> str:
    """A power of ten, such as 10⁻⁵."""
    return f"10{str(exponent).translate(RAISED)}"


def tex(text: str) -> str:
    r"""A written number for a formula: ``-0.25``, ``6.2 \cdot 10^{-61}``, ``2{,}030``."""
    raised = re.sub("10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)", lambda found: f"10^{{{found[1].translate(LOWERED)}}}", text)
    return raised.replace(TIMES, r" \cdot ").replace("−", "-").replace(",", "{,}").replace("∞", r"\infty")


def _written(value: float | None, write: Callable[[float], str]) -> str:
    """What needs no digits, and the sign of what does."""
    if value is None or math.isnan(value):
        return MISSING
    if value == 0:
        return "0"
    return ("−" if value < 0 else "") + ("∞" if math.isinf(value) else write(abs(float(value))))


def _significant(size: float, digits: int) -> str:
    _, exponent = _rounded(size, digits)
    most = max(WHOLE, digits)
    if SMALLEST <= exponent <= most:
        text = _fixed(size, max(digits - 1 - exponent, 0))
        whole, dot, places = text.partition(".")
        if len(whole) <= most:
            return f"{int(whole):,}{dot}{places}"
    return _scientific(size, digits)


def _scientific(size: float, digits: int) -> str:
    mantissa, exponent = _rounded(size, digits)
    return f"{mantissa}{TIMES}{power(exponent)}"


def _rounded(size: float, digits: int) -> tuple[str, int]:
    """Mantissa and exponent."""
    text = f"{size:.{digits - 1}e}"
    if f"{size:.{digits}e}".partition("e")[0][-1] == "5":
        text = f"{_up(digits).create_decimal_from_float(size):.{digits - 1}e}"
    mantissa, exponent = text.split("e")
    return mantissa, int(exponent)


def _fixed(size: float, places: int) -> str:
    if f"{size:.{places + 1}f}"[-1] != "5":
        return f"{size:.{places}f}"
    return f"{Decimal(size).quantize(Decimal(1).scaleb(-places), context=_up(places + 320)):f}"


def _up(digits: int) -> Context:
    """Rounds a tie up, as a browser does, and not to the even digit as Python would."""
    return Context(prec=digits, rounding=ROUND_HALF_UP)
