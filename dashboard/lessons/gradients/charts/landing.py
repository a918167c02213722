"""The loss along a step's direction, and where each clipped step lands."""

from __future__ import annotations

from itertools import product
from typing import Literal

import altair as alt

from dashboard.kit import chart_parts as parts

WAYS = ["none", "value", "norm"]


def chart() -> alt.LayerChart:
    """Loss over the length of the step, both on log axes, with a point for each way of clipping.

    Data ``curves``: length, log10 (log10 of both), way. Data ``points``: the same with label, and align (left or
    right). Data ``start``: log10 of the loss before the step. Parameters from, until and lengths are the x axis.
    """
    x_axis = alt.Axis(values=alt.ExprRef("lengths"), labelExpr=parts.POWER, grid=False, title=None)
    x_scale = alt.Scale(domain=[alt.ExprRef("from"), alt.ExprRef("until")], nice=False, zero=False)
    x, y = alt.X("length:Q", axis=x_axis, scale=x_scale), parts.decades("log10")
    dash = alt.when("datum.way === 'value'").then(alt.value([6, 3])).otherwise(alt.value([1, 0]))
    curves = (
        alt.Chart(alt.NamedData(name="curves"))
        .mark_line(strokeWidth=1.6, color="@second", strokeJoin="round")
        .encode(x, y, strokeDash=dash, detail="way:N")
    )
    before = alt.Chart(alt.NamedData(name="start")).mark_rule(color="@ink", strokeWidth=1, strokeDash=[2, 3]).encode(y)
    source = alt.Chart(alt.NamedData(name="points"))
    points = source.mark_point(size=90, strokeWidth=1.6, opacity=1, color="@grad", fill="@grad").encode(
        x,
        y,
        alt.Shape("way:N", scale=alt.Scale(domain=WAYS, range=["circle", "square", "diamond"]), legend=None),
        tooltip=["label:N", "text:N"],
    )
    texts = []
    sides: tuple[tuple[Literal["left", "right"], int], ...] = (("left", 11), ("right", -11))
    # The step clipped by value is named below its point: it often lands beside the one clipped by norm.
    for (align, dx), (way, dy) in product(sides, (("!==", -12), ("===", 14))):
        text = source.mark_text(align=align, dx=dx, dy=dy, fontSize=12.5, fontWeight=600).encode(x, y, text="label:N")
        text = text.transform_filter(f"datum.align === '{align}' && datum.way {way} 'value'")
        texts += [
            text.encode(stroke=alt.value("@page"), strokeWidth=alt.value(4)),
            text.encode(color=alt.value("@ink")),
        ]
    return parts.finish(
        before,
        curves,
        points,
        *texts,
        description="Loss along the direction of the step, and where each step lands",
        lo=-1,
        hi=0,
        floor=1000,
        ticks=[-1, 0],
        until=1,
        lengths=[0],
        **{"from": 0},
    )
