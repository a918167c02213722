"""The parts of what reaches the last cell state from each earlier one, stacked on a linear axis with their signs."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts

COLOURS = {"forget": "@f", "through_h": "@h", "later": "@grad"}
WIDTHS = "({forget: 0.72, through_h: 0.5, later: 0.28})[datum.part]"
"""Parts of a step; each part has a width of its own, so that colour is not all that tells them apart."""


def chart() -> alt.LayerChart:
    """Bars of the chosen unit that end where the total lies, which has a point; parts that take away hang below 0.

    Data ``bars``: t, unit, part, name, from, to, value. Data ``totals``: t, unit, value. Data ``zero``: one empty row.
    The parameter ``unit`` is the chosen unit, ``lo`` and ``hi`` are the ends of the axis.
    """
    axis = alt.Axis(tickCount=4, title=None, labelExpr=parts.WRITTEN)
    scale = alt.Scale(domain=[alt.ExprRef("lo"), alt.ExprRef("hi")], nice=False)
    colours = alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
    bars = (
        alt.Chart(alt.NamedData(name="bars"))
        .transform_filter("datum.unit === unit")
        .transform_calculate(
            left=f"datum.t - {WIDTHS} / 2", right=f"datum.t + {WIDTHS} / 2", adds="written(datum.value, 3)"
        )
        .mark_bar(stroke="@page", strokeWidth=0.5)
        .encode(
            parts.step_axis("left"),
            alt.X2("right:Q"),
            alt.Y("from:Q", axis=axis, scale=scale),
            alt.Y2("to:Q"),
            alt.Fill("part:N", scale=colours, legend=None),
            tooltip=["name:N", "t:Q", "adds:N"],
        )
    )
    totals = (
        alt.Chart(alt.NamedData(name="totals"))
        .transform_filter("datum.unit === unit")
        .transform_calculate(total="written(datum.value, 3)")
        .encode(parts.step_axis(), alt.Y("value:Q", axis=axis, scale=scale), tooltip=["t:Q", "total:N"])
    )
    points, chosen = parts.points_of(totals.mark_point(size=26, strokeWidth=1, opacity=1, fill="@ink", stroke="@page"))
    zero = (
        alt.Chart(alt.NamedData(name="zero"))
        .mark_rule(color="@second", strokeWidth=1)
        .encode(alt.YDatum(0, axis=axis, scale=scale))
    )
    return parts.finish(
        bars,
        zero,
        totals.mark_line(strokeWidth=1, color="@ink"),
        points,
        chosen.mark_point(size=84, strokeWidth=1.8, opacity=1, fill="@ink", stroke="@page"),
        description="What each part adds to what reaches the last cell state from each earlier one",
        t=1,
        unit=1,
        T=1,
        lo=0,
        hi=1,
    )
