"""How much of the first word is left after each further one, beside the bars of the chapter."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts


def chart() -> alt.LayerChart:
    """Bars that are printed, lines that are measured.

    Data ``printed``: t, share. Data ``series``: t, share, model, role, series, text. The parameter ``hi`` is the top.
    """
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(domain=[0, alt.ExprRef("hi")], nice=False, zero=False),
        axis=alt.Axis(format=".0%", title=None, tickCount=5),
    )
    bars = (
        alt.Chart(alt.NamedData(name="printed"))
        .mark_bar(size=26, fill="@hairline", stroke="@second", strokeWidth=1, opacity=1)
        .encode(parts.step_axis(), y)
    )
    series = alt.Chart(alt.NamedData(name="series"))
    line = series.mark_line(strokeWidth=1.8, strokeJoin="round").encode(
        parts.step_axis(), y, parts.stroke(), strokeDash=parts.dash(), detail="series:N"
    )
    shape = alt.Shape("role:N", scale=alt.Scale(domain=["h", "c"], range=["circle", "diamond"]), legend=None)
    points = series.mark_point(size=44, strokeWidth=1.6, opacity=1).encode(
        parts.step_axis(), y, parts.stroke(), shape, fill=parts.hollow(), tooltip=["series:N", "t:Q", "text:N"]
    )
    return parts.finish(
        bars,
        line,
        points,
        points.mark_point(size=92, strokeWidth=1.8, opacity=1).transform_filter("datum.t === t"),
        description="What is left of the first word after each further word, beside the chapter's bars",
        t=1,
        T=1,
        hi=1,
    )
