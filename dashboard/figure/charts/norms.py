"""Gradient norms per step on an absolute log axis."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts


def chart() -> alt.LayerChart:
    """Lines with points per series.

    Data ``series``: t, log10 (null where the norm is zero), role (h, c, x, a), model (RNN or LSTM), series (its name).
    Data ``zeros``: t, role, model of the norms that are exactly zero. Data ``bracket``: t, low, high (log10), label.
    """
    series = alt.NamedData(name="series")
    shape = alt.Shape(
        "role:N",
        scale=alt.Scale(domain=["h", "c", "x", "a"], range=["circle", "diamond", "square", "triangle-up"]),
        legend=None,
    )
    line = (
        alt.Chart(series)
        .mark_line(strokeWidth=1.8, strokeJoin="round")
        .encode(
            parts.step_axis(),
            parts.decades("log10"),
            parts.stroke(),
            strokeDash=parts.dash(),
            detail="series:N",
        )
    )
    point = (
        alt.Chart(series)
        .mark_point(size=36, strokeWidth=1.6, opacity=1)
        .encode(
            parts.step_axis(),
            parts.decades("log10"),
            parts.stroke(),
            shape,
            fill=parts.hollow(),
            tooltip=["series:N", "t:Q", "norm:N"],
        )
    )
    points, chosen = parts.points_of(point)
    zeros = (
        alt.Chart(alt.NamedData(name="zeros"))
        .mark_point(size=40, strokeWidth=1.4, opacity=1, shape="M-0.6-0.6L0.6 0.6M0.6-0.6L-0.6 0.6")
        .encode(parts.step_axis(), parts.stroke(), y=alt.value(alt.ExprRef("height")))
    )
    return parts.finish(
        line,
        points,
        zeros,
        *_bracket(),
        chosen,
        description="Gradient norms per step on a log axis",
        **parts.FIRST,
    )


def _bracket() -> list[alt.Chart]:
    """How many times one series exceeds another at one step: a line with two ends and a label."""
    source = alt.Chart(alt.NamedData(name="bracket"))
    x, low, high = parts.step_axis(), parts.decades("low"), parts.decades("high")
    rule = source.mark_rule(color="@second", strokeWidth=1).encode(x, low, alt.Y2("high:Q"))
    ends = [
        source.mark_tick(color="@second", orient="horizontal", size=8, thickness=1).encode(x, y) for y in (low, high)
    ]
    text = source.mark_text(align="left", dx=8, fontSize=12.5, fontWeight=600).encode(
        x, parts.decades("middle"), text="label:N"
    )
    halo = text.encode(stroke=alt.value("@page"), strokeWidth=alt.value(4))
    return [rule, *ends, halo, text.encode(color=alt.value("@ink"))]
