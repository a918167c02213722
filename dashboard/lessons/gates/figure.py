"""Panels of the lesson on gates at work: the search, lines per word, paths between cell states, and the horizon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from core.paths import PARTS
from core.written import number, significant
from dashboard.figure import panels
from dashboard.figure.pack import pack
from dashboard.figure.panels import Key, Panel, Role
from dashboard.figure.rich import Rich, math
from dashboard.figure.rows import Floats, decades

SEARCH, SEARCH_NARROW = 158, 206  # px; as its stylesheet lays it out
LINES = 150


@dataclass(frozen=True)
class Quantity:
    """What can be searched.

    Attributes:
        name: One letter, as the role.
        label: What it is called.
        values: (T, H).
    """

    name: Role
    label: str
    values: ArrayLike


def search(quantities: Sequence[Quantity], *, name: str, below: bool, threshold: float) -> Panel:
    """Find the steps at which a quantity is below or above a threshold; a step found can be gone to.

    Args:
        quantities: What can be searched.
        name: The one asked for at first.
        below: Whether it is to be below.
        threshold: The first threshold.
    """
    return {
        "kind": "search",
        "quantities": [
            {"name": q.name, "label": q.label, "values": pack(np.asarray(q.values, np.float32))} for q in quantities
        ],
        "start": {"name": name, "below": below, "threshold": threshold},
        "height": SEARCH,
        "narrow": SEARCH_NARROW,
    }


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a `lines` panel.

    Attributes:
        name: What it is called.
        values: (T,).
        role: Its colour.
        dash: Its stroke: "", "dashed", "dotted" or "chained".
    """

    name: str
    values: Floats
    role: Role
    dash: str = ""

    @property
    def key(self) -> Key:
        """Its mark in a table."""
        return {"role": self.role, "shape": "line", "dash": self.dash}


def lines(
    series: Sequence[Line], *, symbol: Rich, title: Rich, label: str, start: int, percent: bool = False, most: float = 0
) -> Panel:
    """Lines over the words on a linear axis from 0, their values beside them.

    Args:
        series: What to draw.
        symbol: The quantity, in the gutter.
        title: What the panel shows, where there is no gutter.
        label: The same in the gutter.
        start: The step at which something begins, marked by a rule.
        percent: Whether the axis is in per cent.
        most: Top of the axis at least.
    """
    top = max([most, *(float(line.values.max()) for line in series)])
    rows = [
        {
            "t": list(range(1, len(line.values) + 1)),
            "value": line.values.tolist(),
            "text": [f"{v:.1%}" if percent else number(v) for v in line.values],
        }
        | {"role": line.role, "dash": line.dash, "series": line.name}
        for line in series
    ]
    return panels.chart(
        "gates_lines",
        {"series": rows, "start": {"t": [start]}},
        params={"hi": 1.04 * top, "percent": percent},
        symbols=[symbol],
        label=label,
        title=title,
        keys=[(line.key, [line.name]) for line in series],
        profile=_beside(series, "fixed3", label),
        table=panels.numbers(label, {line.name: line.values for line in series}),
        height=LINES,
    )


def log_lines(series: Sequence[Line], *, symbol: Rich, title: Rich, label: str, start: int) -> Panel:
    """The same on an absolute log axis."""
    logs = [np.log10(line.values, out=np.full(len(line.values), -np.inf), where=line.values > 0) for line in series]
    rows = [
        _by_unit(part[:, None], role=line.role, dash=line.dash, name=line.name) | {"unit": [0] * len(part)}
        for line, part in zip(series, logs, strict=True)
    ]
    finite = np.concatenate([part[np.isfinite(part)] for part in logs])
    return panels.chart(
        "gates_paths",
        {"every": {}, "series": rows, "unity": {}, "start": {"t": [start]}},
        params=decades(finite) | {"unit": 0},
        symbols=[symbol],
        label=label,
        title=title,
        keys=[(line.key, [line.name]) for line in series],
        profile=_beside(series, "significant", label),
        table=panels.numbers(label, {line.name: line.values for line in series}),
        height=LINES,
    )


def _beside(series: Sequence[Line], form: panels.Format, label: str) -> Panel:
    """The values of some lines at the chosen step."""
    return panels.table(
        [panels.column([f"{label}, step ", math("t", live=True)], "left"), panels.column()],
        [[panels.keyed([line.name], line.key), panels.values_at(line.values, form)] for line in series],
    )


DIRECT: Key = {"role": "f", "shape": "circle"}
OWN: Key = {"role": "grad", "shape": "circle"}
ALL: Key = {"role": "grad", "shape": "line", "dash": "dotted"}


def cell_paths(direct: Floats, own: Floats, everything: Floats) -> Panel:
    """What reaches c_T from each c_t, for the chosen unit.

    Args:
        direct: log10 of the product of the forget gates after t (T, H).
        own: log10 of |∂c_T/∂c_t| of the unit itself through every path, c_t → h_t too (T, H).
        everything: The same to all units' cells (T, H).
    """
    parts: Sequence[tuple[Floats, Literal["f", "grad"], str, str]] = (
        (direct, "f", "", "direct path"),
        (own, "grad", "", "every path, same unit"),
        (everything, "grad", "dotted", "every path, all units"),
    )
    rows = [_by_unit(part, role=role, dash=dash, name=name) for part, role, dash, name in parts]
    finite = np.concatenate([part[np.isfinite(part)] for part, *_ in parts] + [np.zeros(1)])
    names: Sequence[tuple[Key, Rich]] = (
        (DIRECT, ["direct path ", math("Π f_k")]),
        (OWN, ["every path, same unit"]),
        (ALL, ["every path, all units"]),
    )
    return panels.chart(
        "gates_paths",
        {
            "every": {name: rows[0][name] for name in ("t", "log10", "unit")},
            "series": rows,
            "unity": {"one": [1]},
            "start": {},
        },
        by_unit=("series",),
        params=decades(finite) | {"unit": 1},
        symbols=[[math("∂c_T/∂c_t", "grad")]],
        label="of the chosen unit; faint: the direct paths of all",
        title=["What reaches ", math("c_T"), " from each ", math("c_t"), ", chosen unit"],
        keys=names,
        profile=panels.table(
            [panels.column(["chosen unit, step ", math("t", live=True)], "left"), panels.column("left of 1")],
            [
                [panels.keyed(text, key), panels.values_at(part, "power")]
                for (key, text), (part, *_) in zip(names, parts, strict=True)
            ],
        ),
        table=panels.numbers("log10 of the direct path", {f"unit {k}": row for k, row in enumerate(direct.T)}),
        height=190,
    )


NAMES: Mapping[str, tuple[Key, Rich, str]] = {
    "forget": ({"role": "f", "shape": "bar"}, ["stays in ", math("c")], "stays in c, through the forget gates alone"),
    "through_h": ({"role": "h", "shape": "bar"}, ["by ", math("h_t"), " at once"], "by h_t = o_t tanh(c_t) at once"),
    "later": ({"role": "grad", "shape": "bar"}, ["by ", math("h", "h"), " later"], "by h of a later step"),
}
"""By part of ∂c_T/∂c_t its mark, its name beside the chart, and its name in words."""
COLUMNS = {"forget": "stays in c", "through_h": "by h at once", "later": "by h later"}
TOTAL: Key = {"role": "ink", "shape": "circle"}


def anatomy(same: Floats, across: Floats) -> Panel:
    """The three parts of what reaches c_T from each c_t of the chosen unit, and their total.

    Args:
        same: What each of `core.paths.PARTS` adds to ∂c_T[u]/∂c_t[u] (3, T, H).
        across: What each adds to ‖∂c_T/∂c_t[u]‖, which is drawn (3, T, H).
    """
    ends = _stacked(across)
    totals = across.sum(axis=0)
    rows = [
        _flat(across.shape[1:], {"from": ends[0][k], "to": ends[1][k], "value": part})
        | {"part": name, "name": NAMES[name][2]}
        for k, (name, part) in enumerate(zip(PARTS, across, strict=True))
    ]
    sums: list[tuple[Key, Rich, Floats, Floats]] = [(TOTAL, ["total"], same.sum(axis=0), totals)]
    beside = [(*NAMES[name][:2], same[k], across[k]) for k, name in enumerate(PARTS)] + sums
    return panels.chart(
        "gates_anatomy",
        {"bars": rows, "totals": _flat(totals.shape, {"value": totals}), "zero": {"one": [1]}},
        by_unit=("bars", "totals"),
        params={"lo": 1.04 * min(0.0, float(ends[1].min())), "hi": 1.04 * float(ends[1].max()), "unit": 1},
        symbols=[[math("‖∂c_T/∂c_t‖", "grad")]],
        label="of the chosen unit, in parts; below 0 a part takes away",
        title=["The parts of what reaches ", math("c_T"), " from each ", math("c_t"), ", chosen unit"],
        keys=[(key, text) for key, text, *_ in beside],
        profile=panels.table(
            [
                panels.column(["chosen unit, step ", math("t", live=True)], "left"),
                panels.column("in itself"),
                panels.column("in all"),
            ],
            [
                [panels.keyed(text, key), panels.values_at(own, "significant"), panels.values_at(all_, "significant")]
                for key, text, own, all_ in beside
            ],
        ),
        table=panels.numbers(
            "parts of what reaches all units",
            {
                f"{COLUMNS[name]}, unit {k}": across[part, :, k]
                for k in range(across.shape[2])
                for part, name in enumerate(PARTS)
            },
        ),
        height=190,
    )


def _stacked(values: Floats) -> tuple[Floats, Floats]:
    """Where each of (3, T, H) begins and ends when those above 0 stand on each other and those below 0 hang."""
    ends = np.where(values >= 0, np.cumsum(np.maximum(values, 0), axis=0), np.cumsum(np.minimum(values, 0), axis=0))
    return ends - values, ends


def _flat(shape: tuple[int, ...], columns: Mapping[str, Floats]) -> dict[str, Any]:
    """Rows of (T, H) arrays, unit after unit, with step and unit beside them."""
    T, H = shape
    rows: dict[str, Any] = {"t": list(range(1, T + 1)) * H, "unit": [k + 1 for k in range(H) for _ in range(T)]}
    return rows | {name: _short(array.T.ravel()).tolist() for name, array in columns.items()}


def _short(values: Floats) -> Floats:
    """With four significant digits: more would be sent for nothing."""
    sizes = np.abs(values)
    unit = 10.0 ** (3 - np.floor(np.log10(np.where(sizes > 0, sizes, 1.0))))
    return np.asarray(np.round(values * unit) / unit)


def explosion(direct: Floats, largest: Floats) -> Panel:
    """The direct path of the unit that keeps most, and the most that any gradient can have grown to.

    Args:
        direct: log10 (T,).
        largest: log10 of the largest singular value of ∂s_T/∂s_t (T,).
    """
    parts: Sequence[tuple[Floats, Literal["f", "grad"], Key, str]] = (
        (direct, "f", DIRECT, "direct path, at most"),
        (largest, "grad", OWN, "h and c together, at most"),
    )
    rows = [_by_unit(part[:, None], role=role, dash="", name=name) | {"unit": [0] * len(part)}
            for part, role, _, name in parts]  # fmt: skip
    finite = np.concatenate([part[np.isfinite(part)] for part, *_ in parts] + [np.zeros(1)])
    return panels.chart(
        "gates_paths",
        {"every": {}, "series": rows, "unity": {"one": [1]}, "start": {}},
        params=decades(finite) | {"unit": 0},
        symbols=[[math("‖∂s_T/∂s_t‖", "grad")]],
        label="s is h and c together",
        title=["What is left of a gradient at the last step"],
        keys=[(key, [name]) for _, _, key, name in parts],
        profile=panels.table(
            [panels.column(["step ", math("t", live=True)], "left"), panels.column("left of 1")],
            [[panels.keyed([name], key), panels.values_at(part, "power")] for part, _, key, name in parts],
        ),
        table=panels.numbers("log10 of what is left", {name: part for part, _, _, name in parts}),
        height=170,
    )


def horizon(
    formula: tuple[Floats, Floats], found: Mapping[str, Sequence[tuple[float, float]]], chosen: float, beside: Panel
) -> Panel:
    """Steps until a cell has fallen by e, against the forget bias.

    Args:
        formula: Biases and the horizon of a gate that stays at σ of each.
        found: By "f" (direct path) and "grad" (every path) the bias and the horizon measured; infinite ones are left
            out.
        chosen: The bias that is marked.
        beside: The table beside it.
    """
    names = {"f": "measured, direct path", "grad": "measured, every path"}
    drawn = [(role, bias, steps) for role, each in found.items() for bias, steps in each if np.isfinite(steps)]
    logs = np.log10(np.concatenate([formula[1], [steps for *_, steps in drawn], [1.0]]))
    keys: list[tuple[Key, Rich]] = [
        ({"role": "ink", "shape": "line", "dash": ""}, [math("−1 / log σ(b)"), " by formula"]),
        ({"role": "f", "shape": "diamond"}, [names["f"]]),
        ({"role": "grad", "shape": "circle"}, [names["grad"]]),
    ]
    return panels.chart(
        "gates_horizon",
        {
            "formula": {"bias": formula[0].tolist(), "log10": np.log10(formula[1]).tolist()},
            "points": {
                "bias": [bias for _, bias, _ in drawn],
                "log10": [float(np.log10(steps)) for *_, steps in drawn],
                "role": [role for role, *_ in drawn],
                "name": [names[role] for role, *_ in drawn],
                "text": [f"{significant(steps)} steps" for *_, steps in drawn],
            },
            "chosen": {"bias": [chosen]},
        },
        params=decades(logs),
        symbols=[],
        label="steps until a cell has fallen by e, against the forget bias b",
        title=["Steps until a cell has fallen by e, against the forget bias ", math("b")],
        keys=keys,
        profile=beside,
        height=210,
        cursor=False,
        axis=22,
    )


def _by_unit(logs: Floats, *, role: str, dash: str, name: str) -> dict[str, Any]:
    """Rows of (T, H) logarithms, unit after unit."""
    T, H = logs.shape
    flat = logs.T.ravel()
    return {
        "t": list(range(1, T + 1)) * H,
        "log10": [round(float(v), 4) if np.isfinite(v) else None for v in flat],  # drawn no finer
        "unit": [k + 1 for k in range(H) for _ in range(T)],
        "role": role,
        "dash": dash,
        "series": name,
    }
