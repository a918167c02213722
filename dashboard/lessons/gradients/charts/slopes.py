"""Derivatives of the activations over the pre-activation, and where the run's pre-activations lie."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts
from dashboard.lessons.gradients.charts import _parts as shared


def chart() -> alt.LayerChart:
    """Curves by activation on a linear axis, and a histogram of the chosen activation's pre-activations under them.

    Data ``curves``: a, slope, series, style. Data ``counts``: left, right, share (of the largest bin, 0 to 1). Data
    ``marks``: a, slope, label: the largest value of a curve. Data ``ends``: slope, a, name, style.
    """
    x_axis = alt.Axis(values=[-6, -4, -2, 0, 2, 4, 6], grid=False, title=None, labelExpr=parts.WRITTEN)
    x_scale = alt.Scale(domain=[-6, 6], nice=False)
    y_axis = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], title=None, labelExpr=parts.WRITTEN)
    y_scale = alt.Scale(domain=[0, 1.06], nice=False, clamp=True)
    x, y = alt.X("a:Q", axis=x_axis, scale=x_scale), alt.Y("slope:Q", axis=y_axis, scale=y_scale)
    bins = (
        alt.Chart(alt.NamedData(name="counts"))
        .mark_bar(color="@pending", opacity=0.55)
        .encode(
            alt.X("left:Q", axis=x_axis, scale=x_scale),
            alt.X2("right:Q"),
            alt.Y("height:Q", axis=y_axis, scale=y_scale),
            alt.Y2(datum=0),
            tooltip=["from:N", "count:Q"],
        )
    )
    curves = (
        alt.Chart(alt.NamedData(name="curves"))
        .mark_line()
        .encode(x, y, shared.stroke(), shared.dash(), shared.width(), detail="series:N")
    )
    marks = alt.Chart(alt.NamedData(name="marks"))
    points = marks.mark_point(size=52, strokeWidth=1.6, opacity=1, fill="@page").encode(x, y, shared.stroke())
    ends = alt.Chart(alt.NamedData(name="ends")).mark_text(align="left", baseline="middle", dx=7, fontSize=12.5)
    named = ends.encode(
        x,
        y,
        text="name:N",
        color=alt.Color(
            "style:N",
            scale=alt.Scale(domain=list(shared.STYLES), range=["@grad", "@second", "@ink", "@second"]),
            legend=None,
        ),
    )
    halo = ends.encode(x, y, text="name:N", stroke=alt.value("@page"), strokeWidth=alt.value(4))
    return parts.finish(
        bins,
        curves,
        points,
        halo,
        named,
        description="Derivatives of sigmoid, tanh and ReLU, and the pre-activations of this run",
    )
