"""Panels of the lesson on gradient flow: lines with names at their ends, a factor split in two, slopes, landings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.slopes import typical
from core.written import power, power_of_ten, short, significant
from dashboard.figure import panels
from dashboard.figure.panels import Key, Panel
from dashboard.figure.rich import Rich
from dashboard.figure.rows import Columns, Floats, decades, joined

APART = 15.0  # px between the names of two lines
LINES, FACTORS = 222, 148
HALF = 0.36  # of a step's column: the width of each of its two bars
PAD = 16  # px above and below the plot, as in vega.js
FACTOR_TICKS = (1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 100.0, 1e3, 1e4)
MOST_FACTOR_TICKS = 6


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a `lines` panel.

    Attributes:
        series: tanh, relu, sigmoid, chapter or bound: how it is dashed.
        style: chosen, other, chapter or bound: how it is coloured.
        name: What it is called.
        log10: log₁₀ of its values (T,); -inf for zero, NaN for what could not be computed.
    """

    series: str
    style: str
    name: str
    log10: Floats

    @property
    def key(self) -> Key:
        """Its mark in a table."""
        role = {"chosen": "grad", "chapter": "ink"}.get(self.style, "second")
        dash = {"relu": "dashed", "sigmoid": "dotted", "bound": "chained"}.get(self.series, "")
        return {"role": role, "shape": "line", "dash": dash}


def lines(series: Sequence[Line], *, title: str, subtitle: Rich, table: str, height: int = LINES) -> Panel:
    """Several lines on one absolute log axis, each named at its left end; their values stand beside them.

    Args:
        series: what to draw.
        title: what the panel shows.
        subtitle: how that is measured.
        table: its name under "Show as table".
        height: px.
    """
    drawn = np.concatenate([line.log10[np.isfinite(line.log10)] for line in series] + [np.zeros(1)])
    axis = decades(drawn, zeros=any(np.isneginf(line.log10).any() for line in series))
    zeros = [(t, line.style) for line in series for t in (np.flatnonzero(np.isneginf(line.log10)) + 1).tolist()]
    return titled(
        "gradients_lines",
        {
            "series": joined([_rows(line) for line in series]),
            "zeros": {"t": [z[0] for z in zeros], "style": [z[1] for z in zeros]},
            "ends": _ends(series, axis, height),
            "labels": {"log10": axis["ticks"], "label": [_decade(tick, axis["floor"]) for tick in axis["ticks"]]},
            "unity": {"one": [1]},
        },
        params=axis,
        title=title,
        subtitle=subtitle,
        keys=[(line.key, [line.name]) for line in series],
        profile=panels.table(
            [
                panels.column(align="left"),
                panels.column(["step ", {"math": "t", "live": True}]),
                panels.column("step 1"),
            ],
            [
                [
                    panels.keyed([line.name], line.key),
                    panels.values_at(line.log10, "power"),
                    [power_of_ten(float(line.log10[0]))],
                ]
                for line in series
            ],
        ),
        table=panels.numbers(table, {line.name: line.log10 for line in series}),
        height=height,
    )


def factors(slope: Floats, weight: Floats, *, name: str, subtitle: Rich) -> Panel:
    """Each step's factor as two bars, one after the other on a log axis from × 1, and the product where they end.

    Args:
        slope: (T,) what the activation's slope multiplies the arriving gradient by; NaN where none arrives.
        weight: (T,) likewise W_h. The typical factor is that of steps 2 … T, which lie between h_1 and h_T.
        name: the activation's.
        subtitle: how that is measured.
    """
    T = len(slope)
    total = slope * weight
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = {"slope": np.log10(slope), "total": np.log10(total)}
    both = np.concatenate([*(v[np.isfinite(v)] for v in logs.values()), np.zeros(1)])
    low, high = float(both.min()), float(both.max())
    ticks = _factor_ticks(low, high)
    margin = max(0.06 * (high - low), 0.04)
    keys: list[tuple[Key, Rich]] = [
        ({"role": "second", "shape": "block"}, [f"slope of {name}"]),
        ({"role": "pending", "shape": "block"}, [{"math": "W_h"}]),
        ({"role": "grad", "shape": "line"}, ["both: the step’s factor"]),
    ]
    cells = (slope, weight, total)
    return titled(
        "gradients_factors",
        {
            "bars": {
                "t": list(range(1, T + 1)),
                "a": [round(t - HALF, 2) for t in range(1, T + 1)],
                "c": [round(t + HALF, 2) for t in range(1, T + 1)],
                **{key: _finite(values) for key, values in logs.items()},
            },
            "labels": {"log10": ticks, "label": [f"× {short(10**tick, 2)}" for tick in ticks]},
            "unity": {"one": [1]},
        },
        params={"lo": low - margin * (low < 0), "hi": high + margin * (high > 0), "ticks": ticks},
        title="What the step from t to t − 1 multiplies it by",
        subtitle=subtitle,
        keys=keys,
        profile=panels.table(
            [
                panels.column(align="left"),
                panels.column(["step ", {"math": "t", "live": True}]),
                panels.column("typical factor"),
            ],
            [
                [panels.keyed(text, key), panels.values_at(values), [significant(typical(values[1:]))]]
                for (key, text), values in zip(keys, cells, strict=True)
            ],
        ),
        table=panels.numbers("Factor of each step", dict(zip(("slope", "W_h", "product"), cells, strict=True))),
        height=FACTORS,
        cursor=False,
    )


def titled(
    name: str,
    data: Mapping[str, Mapping[str, Sequence[Any]]],
    *,
    params: Mapping[str, Any],
    title: str,
    subtitle: Rich,
    keys: Sequence[tuple[Key, Rich]],
    profile: Panel,
    table: Panel,
    height: int,
    cursor: bool = True,
) -> Panel:
    """A chart whose title stands above it, so that its gutter is free for the names of the lines."""
    made = panels.chart(
        name, data, params=params, symbols=[], label="", title=[title], keys=keys, profile=profile, table=table,
        height=height, cursor=cursor,
    )  # fmt: skip
    return made | {"kind": "titled", "subtitle": subtitle}


def number(value: float) -> str:
    """A number of a run that may have failed: what is no number is a result there, and no gap."""
    return "NaN" if np.isnan(value) else significant(value)


def _rows(line: Line) -> Columns:
    T = len(line.log10)
    return {
        "t": list(range(1, T + 1)),
        "log10": _finite(line.log10),
        "series": [line.series] * T,
        "style": [line.style] * T,
        "name": [line.name] * T,
    }


def _decade(tick: int, floor: int) -> str:
    return "0" if tick == floor else "1" if tick == 0 else power(tick)


def _finite(values: Floats) -> list[float | None]:
    rounded = np.round(np.asarray(values, np.float64), 6)
    return [v if ok else None for v, ok in zip(rounded.tolist(), np.isfinite(rounded), strict=True)]


def _ends(series: Sequence[Line], axis: Mapping[str, Any], height: int) -> Columns:
    """Where each name stands at the left: at its line's end, moved apart where two would touch."""
    named = [line for line in series if not np.isnan(line.log10[0])]
    room = height - PAD
    a_pixel = (axis["hi"] - axis["lo"]) / room
    at = [float(np.clip(line.log10[0], axis["lo"], axis["hi"])) for line in named]
    order = sorted(range(len(named)), key=lambda k: (-at[k], k))
    places = spread([(axis["hi"] - at[k]) / a_pixel for k in order], APART, room)
    return {
        "log10": [axis["hi"] - place * a_pixel for place in places],
        "name": [named[k].name for k in order],
        "style": [named[k].style for k in order],
    }


def spread(places: Sequence[float], apart: float, room: float) -> list[float]:
    """Places in ascending order, moved as little as needed to stand ``apart`` from each other within 0 … room."""
    moved: list[list[float]] = []  # groups: [sum of wished first places, count]
    for place in places:
        moved.append([place, 1])
        while len(moved) > 1 and _first(moved[-2], apart, room) + moved[-2][1] * apart > _first(moved[-1], apart, room):
            later = moved.pop()
            moved[-1][0] += later[0] - later[1] * moved[-1][1] * apart
            moved[-1][1] += later[1]
    return [_first(group, apart, room) + k * apart for group in moved for k in range(int(group[1]))]


def _first(group: Sequence[float], apart: float, room: float) -> float:
    return max(0.0, min(group[0] / group[1], room - (group[1] - 1) * apart))


def _factor_ticks(low: float, high: float) -> list[float]:
    within = [float(np.log10(v)) for v in FACTOR_TICKS if low - 1e-9 <= np.log10(v) <= high + 1e-9]
    if len(within) > MOST_FACTOR_TICKS:
        within = [v for v in within if v == round(v)]
    return within
