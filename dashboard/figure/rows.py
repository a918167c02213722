"""Rows, domains and ticks that the chart templates ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.written import significant

STRIDES = (1, 2, 5, 10, 20, 50, 100, 200)
MOST_TICKS = 6
NO_FLOOR = 10_000

Floats = NDArray[np.float64]
Columns = dict[str, list[Any]]


def log_axis(*arrays: ArrayLike, include: float | None = None) -> dict[str, Any]:
    """Domain and ticks in whole decades around positive values; zeros stand one tick below the smallest.

    Args:
        arrays: values, not their logarithms; zeros and what is not finite do not widen the axis.
        include: a value the axis must reach, such as 1.

    Returns:
        The parameters lo, hi, ticks and floor of a template with a log axis.
    """
    values = np.concatenate([np.ravel(np.asarray(a, dtype=np.float64)) for a in arrays] + [[include or np.nan]])
    logs = np.log10(values[np.isfinite(values) & (values > 0)])
    return decades(logs, zeros=bool((values == 0).any()))


def decades(logs: Floats, *, zeros: bool = False) -> dict[str, Any]:
    """The same for logarithms, which may be of values beyond a float; `zeros` makes room for exact zeros."""
    lo, hi = (int(np.floor(logs.min())), int(np.ceil(logs.max()))) if len(logs) else (-1, 0)
    lo = lo if lo < hi else hi - 1
    stride = next((s for s in STRIDES if (hi - lo) / s <= MOST_TICKS), STRIDES[-1])
    lo = stride * (lo // stride)
    ticks = list(range(lo, hi + 1, stride))
    floor = NO_FLOOR
    if zeros:
        lo = floor = lo - stride
        ticks.append(floor)
    return {"lo": lo, "hi": hi, "ticks": ticks, "floor": floor}


def log10_or_none(values: Floats) -> list[float | None]:
    """log10 of each value, None where it is 0 or not finite."""
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log10(values)
    return [float(v) if np.isfinite(v) else None for v in logs]


def texts(values: Floats) -> list[str]:
    """Each value in words, for a tooltip."""
    return [significant(v) for v in values.tolist()]


def points(values: Floats, **constant: Any) -> Columns:
    """Columns of one series: t, log10, and what is the same for every step unless it is a list."""
    T = len(values)
    spread = {k: v if isinstance(v, list) else [v] * T for k, v in constant.items()}
    return {"t": list(range(1, T + 1)), "log10": log10_or_none(values), **spread}


def joined(parts: Sequence[Mapping[str, list[Any]]]) -> Columns:
    """One table from tables with the same columns."""
    return {name: [value for part in parts for value in part[name]] for name in parts[0]} if parts else {}


def percent(share: float) -> str:
    """A share as per cent: whole, or with a decimal where 0 or 100 would hide something."""
    text = f"{share:.0%}"
    if text in ("0%", "100%") and share not in (0.0, 1.0):
        text = f"{share:.1%}" if 0.0005 <= share < 0.9995 else "<0.1%" if share < 0.5 else ">99.9%"
    return text.replace("%", "\N{NARROW NO-BREAK SPACE}%")
