"""Horizons of fresh networks, a point a seed, on a log axis of steps; both cells, their medians as lines."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts


def chart() -> alt.LayerChart:
    """Seeds side by side.

    Data ``points``: x (place of the seed), log10 (of the steps), model, text, open (the horizon lies beyond the axis).
    Data ``middle``: log10, model. Data ``labels``: x, label. Parameters: ``last`` (seeds), ``hi`` (log10 of the top),
    ``ticks`` (log10 of the steps that are named).
    """
    x = alt.X("x:Q", scale=alt.Scale(domain=[0.5, alt.ExprRef("last + 0.5")], nice=False, zero=False), axis=None)
    axis = alt.Axis(values=alt.ExprRef("ticks"), labelExpr="written(pow(10, datum.value))", title=None)
    y = alt.Y("log10:Q", axis=axis, scale=alt.Scale(domain=[-0.1, alt.ExprRef("hi")], nice=False, zero=False))
    middle = (
        alt.Chart(alt.NamedData(name="middle"))
        .mark_rule(strokeWidth=1.8, color="@ink")
        .encode(y, strokeDash=parts.dash())
    )
    full = alt.when("datum.model === 'RNN'").then(alt.value("@page")).otherwise(alt.value("@ink"))
    source = alt.Chart(alt.NamedData(name="points"))
    points = (
        source.mark_point(size=56, strokeWidth=1.6, stroke="@ink", opacity=1)
        .encode(
            x,
            y,
            fill=full,
            shape=alt.when("datum.open").then(alt.value("triangle-up")).otherwise(alt.value("circle")),
            tooltip=["text:N"],
        )
    )  # fmt: skip
    below = (
        alt.Chart(alt.NamedData(name="labels"))
        .mark_text(color="@second", fontSize=11.5, baseline="top", dy=6)
        .encode(x, text="label:N", y=alt.value(alt.ExprRef("height")))
    )
    return parts.finish(
        middle,
        points,
        below,
        description="Horizons of fresh networks by seed, in steps",
        last=10,
        hi=2.1,
        ticks=[0, 1, 2],
    )
