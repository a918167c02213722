"""A few quantities per word, on a linear axis from 0."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts
from dashboard.lessons.gates.charts import _parts as shared


def chart() -> alt.LayerChart:
    """Lines with points.

    Data ``series``: t, value, role, dash, series, text. Data ``start``: t, where something begins. The parameter ``hi``
    is the top, ``percent`` whether its labels are per cent.
    """
    series = alt.NamedData(name="series")
    x = parts.step_axis()
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, alt.ExprRef("hi")], nice=False, zero=False),
        axis=alt.Axis(labelExpr=f"percent ? format(datum.value, '.0%') : {parts.WRITTEN}", title=None, tickCount=4),
    )
    lines = (
        alt.Chart(series)
        .mark_line(strokeWidth=1.8, strokeJoin="round")
        .encode(x, y, shared.stroke(), strokeDash=shared.dash(), detail="series:N")
    )
    points = (
        alt.Chart(series)
        .mark_point(size=24, strokeWidth=1, opacity=1)
        .encode(x, y, shared.stroke(), shared.fill(), tooltip=["series:N", "t:Q", "text:N"])
    )
    start = alt.Chart(alt.NamedData(name="start")).mark_rule(strokeWidth=1, color="@second", strokeDash=[2, 3])
    return parts.finish(
        start.encode(x),
        lines,
        points.transform_filter(parts.FEW_STEPS),
        points.mark_point(size=80, strokeWidth=1.6, opacity=1).transform_filter("datum.t === t"),
        description="A few quantities at each word",
        t=1,
        T=1,
        hi=1,
        percent=False,
    )
