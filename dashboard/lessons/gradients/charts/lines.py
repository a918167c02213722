"""One quantity per step under several activations, on a log axis with direct labels; read from right to left."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts
from dashboard.lessons.gradients.charts import _parts as shared


def chart() -> alt.LayerChart:
    """Lines by activation, with the points of the chosen step and a name at the left end of each line.

    Data ``series``: t, log10 (null where zero), series (tanh, relu, sigmoid, chapter or bound), style (chosen, other,
    chapter or bound), name. Data ``hover``: the same, which comes later. Data ``zeros``: t, style. Data ``ends``:
    log10, name, style: where a line's name stands. Data ``labels``: log10, label of each tick. Data ``unity``: one
    empty row. The parameter ``side`` puts the axis left or right.
    """
    source = alt.Chart(alt.NamedData(name="series"))
    x, y = parts.step_axis(), shared.decades("log10")
    line = source.mark_line(strokeJoin="round").encode(
        x, y, shared.stroke(), shared.dash(), shared.width(), detail="series:N"
    )
    found = alt.Chart(alt.NamedData(name="hover")).transform_calculate(text="powerOfTen(datum.log10)")
    hover = found.mark_point(size=90, opacity=0).encode(x, y, tooltip=["name:N", "t:Q", "text:N"])
    full = alt.Fill(
        "style:N",
        scale=alt.Scale(domain=list(shared.STYLES), range=["@grad", "@second", "@page", "@page"]),
        legend=None,
    )
    chosen = (
        source.mark_point(size=64, strokeWidth=1.6, opacity=1)
        .encode(x, y, shared.stroke(), full)
        .transform_filter("datum.t === t")
    )
    zeros = (
        alt.Chart(alt.NamedData(name="zeros"))
        .mark_point(size=34, strokeWidth=1.4, opacity=1, shape="M-0.6-0.6L0.6 0.6M0.6-0.6L-0.6 0.6")
        .encode(x, shared.stroke(), y=alt.value(alt.ExprRef("height")))
    )
    ends = (
        alt.Chart(alt.NamedData(name="ends"))
        .mark_text(align="right", baseline="middle", dx=-9, fontSize=12.5)
        .encode(
            shared.decades("log10"),
            text="name:N",
            x=alt.value(0),
            color=alt.Color(
                "style:N",
                scale=alt.Scale(domain=list(shared.STYLES), range=["@grad", "@second", "@ink", "@second"]),
                legend=None,
            ),
        )
    )
    return parts.finish(
        shared.unity(),
        shared.ticks(),
        line,
        zeros,
        ends,
        hover,
        chosen,
        description="A gradient's size at each step under several activations, on a log axis",
        **parts.FIRST,
        side="right",
    )
