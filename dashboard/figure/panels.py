"""Builders for the panels of a figure. Each returns a plain dictionary that the component's module of that kind reads.

A panel takes the places gutter | time | profile of its row. Arrays have the time first: (T,) or (T, H).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

import numpy as np
from numpy.typing import ArrayLike

from dashboard.figure.pack import pack
from dashboard.figure.rich import Rich
from dashboard.kit import charts

Panel = dict[str, Any]
Table = Mapping[str, Sequence[Any]]
"""Columns by name; one of words alone is the same in every row."""
Role = Literal["i", "f", "o", "g", "c", "h", "x", "a", "grad", "own", "ink", "second", "pending"]
Format = Literal["fixed3", "fixed5", "scientific", "significant", "power"]
"""How a value is set; "power" takes log10 of it, which may be beyond a float."""


class Key(TypedDict, total=False):
    """How a series is drawn: model "RNN" is dashed and hollow, anything else solid and filled.

    A "line" bears no point and takes ``dash``: "", "dashed", "dotted" or "chained"; a "block" is filled.
    """

    model: str
    role: str
    shape: Literal["circle", "diamond", "square", "triangle", "bar", "line", "block"]
    dash: str


def heading(text: str, *formula: Rich) -> Panel:
    """A model's name in the gutter and its equations in the profile column."""
    return {"kind": "heading", "text": text, "formula": list(formula)}


def heatmap(
    values: ArrayLike,
    *,
    role: Role,
    symbol: Rich,
    label: str,
    model: str = "",
    domain: tuple[float, float] = (0.0, 1.0),
) -> Panel:
    """A map of units over steps, and its values at the chosen step as bars.

    Args:
        values: (T, H).
        role: colour of the symbol, the bar at the left edge, the bars and, for a gate, the ramp.
        symbol: the quantity, such as ``[math("f_t")]``.
        label: its name, such as "forget gate".
        model: "RNN" or "LSTM", named in the table of the numbers.
        domain: (0, 1) gives a gate's ramp of its own hue; (-d, d) the diverging ramp. Share d over a figure.

    Raises:
        ValueError: values are not (T, H), or the domain is neither (0, x) nor (-d, d).
    """
    array = np.asarray(values)
    if array.ndim != 2:
        raise ValueError(f"values has shape {array.shape}; expected (T, H), so pass one sequence of the batch")
    low, high = domain
    if not (high > 0 and low in (0, -high)):
        raise ValueError(f"domain={domain}; expected (0, x) for a gate or (-d, d) for signed values")
    H = array.shape[1]
    with np.errstate(over="ignore"):
        cells = array.astype(np.float32)
    return {
        "kind": "map",
        "role": role,
        "ramp": "gate" if low == 0 else "signed",
        "domain": [low, high],
        "symbol": symbol,
        "label": label,
        "model": model,
        "values": pack(cells),
        "height": map_height(H),
    }


def map_height(H: int) -> int:
    """Height of a map in px: whole pixels a row while rows can be told apart, 128 at most."""
    if H <= 6:
        return 48
    return min(128, H * (8 if H <= 8 else 6 if H <= 16 else 5 if H <= 25 else 4))


def vectors(*rows: Panel) -> Panel:
    """Vectors of the chosen step in the profile column; rows from `vector`."""
    return {"kind": "vectors", "rows": list(rows)}


def vector(values: ArrayLike, norms: ArrayLike, *, label: Rich, key: Key) -> Panel:
    """One vector per step: its key, name and norm, and its entries with a common power of ten.

    Args:
        values: (T, H).
        norms: (T,), computed without underflow.
        label: its name; math marked live shows the chosen step.
        key: how its series is drawn in the chart beside it.
    """
    array = np.asarray(values, dtype=np.float64)
    scale = np.abs(array).max(axis=1, initial=0.0)
    # Parts of the largest entry fit a float32 however small the gradient is; that halves the payload.
    with np.errstate(invalid="ignore"):
        parts = np.divide(array, scale[:, None], out=np.zeros_like(array), where=scale[:, None] > 0)
    return {
        "parts": pack(parts.astype(np.float32)),
        "scale": pack(scale),
        "norms": pack(np.asarray(norms, dtype=np.float64)),
        "label": label,
        **key,
    }


class Column(TypedDict):
    """Head of a table column."""

    label: Rich
    align: Literal["left", "right"]
    wide: bool


def column(label: Rich | str = "", align: Literal["left", "right"] = "right", *, wide: bool = False) -> Column:
    """Head of a table column; numbers stand right. A wide one is left out where there is little room."""
    return {"label": [label] if isinstance(label, str) and label else list(label), "align": align, "wide": wide}


def table(
    columns: Sequence[Column],
    rows: Sequence[Sequence[Any]],
    *,
    caption: Rich | None = None,
    place: Literal["profile", "full"] = "profile",
) -> Panel:
    """A small table that follows the cursor.

    Args:
        columns: heads, from `column`.
        rows: cells: rich text, `keyed` or `values_at`. The first cell of a row names it.
        caption: words above the table.
        place: beside a chart, or across the figure as a row of its own.
    """
    return {
        "kind": "table",
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "caption": caption,
        "place": place,
    }


def keyed(text: Rich, key: Key) -> Panel:
    """A table cell with the mark of a series before its name."""
    return {"key": key, "text": text}


def values_at(values: ArrayLike, form: Format = "significant") -> Panel:
    """A table cell that shows values[t] of (T,), or values[t][unit] of (T, H)."""
    return {"values": pack(values), "format": form}


def chart(
    name: str,
    data: Mapping[str, Table | Sequence[Table]],
    *,
    by_unit: Sequence[str] = (),
    params: Mapping[str, Any],
    symbols: Sequence[Rich],
    label: str,
    title: Rich,
    keys: Sequence[tuple[Key, Rich]] = (),
    profile: Panel | None = None,
    table: Panel | None = None,
    height: int = 176,
    cursor: bool = True,
    axis: int = 0,
) -> Panel:
    """An Altair template of `kit.charts` on the figure's time axis.

    Args:
        name: module name of the template.
        data: columns of equal length by data source, as the template's docstring names them, in one table or in
            several that follow each other; numbers must be finite or None.
        by_unit: the sources with a column ``unit`` of which only the chosen unit's rows are drawn.
        params: the template's parameters, such as the domain; T is set by the figure.
        symbols: lines in the gutter above the label.
        label: what the chart shows, in the gutter.
        title: the same as a title, for narrow containers.
        keys: how each series is drawn and what it is called.
        profile: what stands beside it: `vectors` or `table`.
        table: its numbers for "Show as table", from `numbers`.
        height: px.
        cursor: whether the template marks the chosen step with its parameter ``t``.
        axis: px below the plot for an axis of its own.
    """
    return {
        "kind": "chart",
        "name": name,
        "spec": charts.spec(name),
        "data": {
            source: _table(found) if isinstance(found, Mapping) else [_table(each) for each in found]
            for source, found in data.items()
        },
        "byUnit": list(by_unit),
        "params": dict(params),
        "symbols": list(symbols),
        "label": label,
        "title": title,
        "keys": [{"key": key, "text": text} for key, text in keys],
        "profile": profile,
        "table": table,
        "height": height,
        "cursor": cursor,
        "axis": axis,
    }


def _table(columns: Table) -> dict[str, Any]:
    return {name: values if isinstance(values, str) else list(values) for name, values in columns.items()}


def numbers(name: str, columns: Mapping[str, ArrayLike]) -> Panel:
    """The numbers of a chart, for "Show as table": its name and columns of length T."""
    return {
        "name": name,
        "columns": list(columns),
        "values": pack(np.stack([np.asarray(c, dtype=np.float64) for c in columns.values()], axis=1)),
    }
