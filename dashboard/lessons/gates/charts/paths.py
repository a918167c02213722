"""What reaches the last cell state from each earlier one, on a log axis: the chosen unit among all."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts
from dashboard.lessons.gates.charts import _parts as shared


def chart() -> alt.LayerChart:
    """The direct path of every unit, faint; all paths of the chosen one, with points.

    Data ``every``: t, log10, unit. Data ``series``: t, log10 (null where zero), unit, role, dash, series. Data
    ``unity``: one empty row, or none. Data ``start``: t, where something begins. The parameter ``unit`` is the chosen
    unit; rows with the unit 0 belong to no unit.
    """
    x, y = parts.step_axis(), parts.decades("log10")
    every = (
        alt.Chart(alt.NamedData(name="every"))
        .mark_line(strokeWidth=1, color="@f", opacity=0.3)
        .encode(x, y, detail="unit:N")
    )
    source = alt.Chart(alt.NamedData(name="series"))
    mine = "datum.unit === unit || datum.unit === 0"
    line = (
        source.mark_line(strokeWidth=2, strokeJoin="round")
        .encode(x, y, shared.stroke(), strokeDash=shared.dash(), detail="series:N")
        .transform_filter(mine)
    )
    point = source.mark_point(size=30, strokeWidth=1.4, opacity=1).encode(
        x, y, shared.stroke(), shared.fill(), tooltip=["series:N", "t:Q", "text:N"]
    )
    text = "powerOfTen(datum.log10)"
    points = point.transform_filter(mine).transform_filter(parts.FEW_STEPS).transform_calculate(text=text)
    chosen = point.mark_point(size=84, strokeWidth=1.6, opacity=1).transform_filter(mine)
    chosen = chosen.transform_filter("datum.t === t").transform_calculate(text=text)
    start = alt.Chart(alt.NamedData(name="start")).mark_rule(strokeWidth=1, color="@second", strokeDash=[2, 3])
    return parts.finish(
        parts.unity(),
        start.encode(x),
        every,
        line,
        points,
        chosen,
        description="What reaches the last cell state from each earlier one, on a log axis",
        t=1,
        unit=1,
        T=1,
        lo=-1,
        hi=0,
        floor=1000,
        ticks=[-1, 0],
    )
