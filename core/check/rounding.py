"""How much of a number a print leaves out: half a unit of its last digit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["rounding"]

_FURTHEST = 320
"""Powers of ten beyond those of float64 are taken for these."""


def rounding(tokens: Sequence[str]) -> NDArray[np.float64]:
    """How far each number of one print may be off, (n,): half a unit of its own last digit.

    Zeros at the end may have been left out, as NumPy, JSON and %g do. So either all have as many decimals as the
    longest (NumPy's and PyTorch's plain print, ``round``), or all have as many significant digits (scientific, ``%g``):
    the form counts that more numbers keep to. Without any digit behind a point nothing was rounded.

    Args:
        tokens: The numbers as they were written, such as "-1.50000000e-05"; a word counts as exact.
    """
    read = np.array([_digits(token) for token in tokens], np.int64).reshape(-1, 3)
    fraction, places, count = read.T
    if not fraction.any():
        return np.zeros(len(read))
    some = count > 0
    if not some.any():
        return np.full(len(read), _half(-places.max()))
    most, long = places[some].max(), count.max()
    if (count == long).sum() > (places[some] == most).sum():
        return np.where(some, _half(count - places - long), 0.0)
    return np.full(len(read), _half(-most))


def _half(power: NDArray[np.int64]) -> NDArray[np.float64]:
    """Half of a power of ten."""
    return np.asarray(0.5 * 10.0 ** np.clip(power, -_FURTHEST, _FURTHEST - 20), np.float64)


def _digits(token: str) -> tuple[int, int, int]:
    """Digits behind the point, decimal places with the exponent counted, significant digits; of a word three zeros."""
    mantissa, _, exponent = token.lower().lstrip("+-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    if not (whole + fraction).isdigit():
        return 0, 0, 0
    power = max(-_FURTHEST, min(_FURTHEST, int(exponent[:6] or 0)))
    return len(fraction), len(fraction) - power, len((whole + fraction).lstrip("0"))
