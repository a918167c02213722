"""What the templates share: the time axis, the log axis, strokes by model, and the type."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

import altair as alt

FONT = "Source Sans, sans-serif"
ROLES = {
    "h": "@h",
    "c": "@c",
    "x": "@second",
    "a": "@grad",
    "grad": "@grad",
    "own": "@own",
    "ink": "@ink",
}
"""Colour says what: the role of a series and the palette entry that draws it."""

WRITTEN = "written(datum.value)"
"""Label of a linear axis: the figure's script writes its numbers as `core.written.short` does."""

POWER = "datum.value === 0 ? '1' : power(datum.value)"
"""Label of an axis that holds log10 of the value, such as 10⁻⁶."""

FEW_STEPS = "T <= 60"
"""Points are drawn only while they can be told apart."""


def step_axis(field: str = "t") -> alt.X:
    """Position of step t on a plot whose columns are as wide as the figure's: centre at (t - 1/2) / T of the width."""
    scale = alt.Scale(domain=[0.5, alt.ExprRef("T + 0.5")], nice=False, zero=False)
    return alt.X(f"{field}:Q", scale=scale, axis=None)


def decades(field: str, **axis: Any) -> alt.Y:
    """A log axis for a field that holds log10 of the value; ticks are whole decades from the parameter ``ticks``.

    The parameter ``floor`` is the row on which exact zeros stand, or a number outside the domain. Further
    options are the axis's own; layers that share it take the same.
    """
    return alt.Y(f"{field}:Q", axis=_decade_axis(**axis), scale=log_scale())


def unity(**axis: Any) -> alt.Chart:
    """A line where the value is 1; it needs one row in the data source ``unity``. Options are the axis's own."""
    # Layers share one axis, and one that names no axis of its own would reset its ticks.
    at_zero = alt.YDatum(0, axis=_decade_axis(**axis), scale=log_scale())
    line: alt.Chart = alt.Chart(alt.NamedData(name="unity")).mark_rule(color="@second", strokeWidth=1).encode(at_zero)
    return line


def _decade_axis(**options: Any) -> alt.Axis:
    label = f"datum.value === floor ? '0' : {POWER}"
    return alt.Axis(values=alt.ExprRef("ticks"), labelExpr=label, title=None, **options)


def log_scale() -> alt.Scale:
    """Fixed domain of the log axis, from the parameters ``lo`` and ``hi``."""
    return alt.Scale(domain=[alt.ExprRef("lo"), alt.ExprRef("hi")], nice=False, zero=False, clamp=True)


def role_scale() -> alt.Scale:
    """Colour of a series by its role."""
    return alt.Scale(domain=list(ROLES), range=list(ROLES.values()))


def dash() -> Any:
    """Stroke says which model: RNN dashed, anything else solid."""
    return alt.when("datum.model === 'RNN'").then(alt.value([4, 3])).otherwise(alt.value([1, 0]))


def hollow(field: str = "role") -> Any:
    """Fill of a mark: empty for the RNN, the role's colour for anything else."""
    full = alt.Fill(f"{field}:N", scale=role_scale(), legend=None)
    return alt.when("datum.model === 'RNN'").then(alt.value("@page")).otherwise(full)


def stroke(field: str = "role") -> alt.Stroke:
    """Stroke of a mark in the role's colour."""
    return alt.Stroke(f"{field}:N", scale=role_scale(), legend=None)


FIRST = MappingProxyType({"t": 1, "T": 1, "lo": -1, "hi": 0, "floor": 1000, "ticks": [-1, 0]})
"""First values of the parameters of a template with steps on its one axis and decades on the other."""


def points_of(point: alt.Chart) -> tuple[alt.Chart, alt.Chart]:
    """The points of a line while they can be told apart, and the one at the chosen step."""
    chosen = point.mark_point(size=84, strokeWidth=1.8, opacity=1).transform_filter("datum.t === t")
    return point.transform_filter(FEW_STEPS), chosen


def params(**values: Any) -> list[alt.Parameter]:
    """Named parameters with their first values; the figure component sets them from the payload."""
    return [alt.param(name=name, value=value) for name, value in values.items()]


def finish(*layers: alt.Chart, description: str, **first_values: Any) -> alt.LayerChart:
    """Layer marks into a template with its parameters, description and type; the figure sets all measures."""
    chart: alt.LayerChart = (
        alt.LayerChart(layer=list(layers))
        .add_params(*params(**first_values))
        .properties(width=463, height=160, description=description, autosize=alt.AutoSizeParams(type="none"))
        .configure(background="transparent", font=FONT, padding=0, aria=False)  # it speaks through its name and table
        .configure_view(stroke=None, clip=False)
        .configure_axis(
            domain=False,
            ticks=False,
            grid=True,
            gridColor="@hairline",
            gridWidth=1,
            labelColor="@second",
            labelFontSize=11.5,
            labelFont=FONT,
            labelPadding=8,
            labelOverlap=False,
            title=None,
        )
    )
    return chart
