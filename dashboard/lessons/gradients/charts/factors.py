"""The factor of each step, split into the activation's slope and the effect of W_h, on a log axis from × 1."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts
from dashboard.lessons.gradients.charts import _parts as shared

TEXT = (
    "powerOfTen(datum.slope) + ' × ' + (isValid(datum.total)"
    " ? powerOfTen(datum.total - datum.slope) + ' = ' + powerOfTen(datum.total) : '0 = 0')"
)
"""The factors themselves."""


def chart() -> alt.LayerChart:
    """Two bars a step, one after the other, and a mark where both together end.

    Data ``bars``: t, a and c (left and right end of the step's two bars, which meet at t), slope (log10, from 0), total
    (log10; none where W_h makes it zero). The slope's bar goes from × 1 to the slope, that of W_h goes on from there to
    the product. Data ``labels``: log10, label of each tick. Data ``unity``: one empty row. The parameter ``side`` puts
    the axis left or right.
    """
    axis = alt.Axis(values=alt.ExprRef("ticks"), labels=False, title=None)
    scale = parts.log_scale()
    source = alt.Chart(alt.NamedData(name="bars"))
    written = source.transform_calculate(text=TEXT)
    tooltip = ["t:Q", "text:N"]
    slope = written.mark_bar(color="@second").encode(
        parts.step_axis("a"),
        alt.X2("t:Q"),
        alt.Y("slope:Q", axis=axis, scale=scale),
        alt.Y2(datum=0),
        tooltip=tooltip,
    )
    weight = written.mark_bar(color="@pending").encode(
        parts.step_axis(),
        alt.X2("c:Q"),
        alt.Y("slope:Q", axis=axis, scale=scale),
        alt.Y2("total:Q"),
        tooltip=tooltip,
    )
    total = source.mark_rule(color="@grad", strokeWidth=2.2).encode(
        parts.step_axis("a"), alt.X2("c:Q"), alt.Y("total:Q", axis=axis, scale=scale)
    )
    return parts.finish(
        shared.unity(),
        shared.ticks(),
        slope,
        weight,
        total,
        description="By what each step multiplies the gradient, split into slope and weights",
        T=1,
        lo=-1,
        hi=0,
        floor=1000,
        ticks=[-1, 0],
        side="right",
    )
