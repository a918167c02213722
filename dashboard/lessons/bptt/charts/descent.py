"""The loss along the gradient's line, against the learning rate."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts


def chart() -> alt.LayerChart:
    """The loss after one update for every learning rate, the slope at the start, and the chosen rate.

    Data ``line``: alpha, loss. Data ``slope``: alpha, loss of two points on the tangent. Data ``chosen``: alpha, loss,
    label. Parameters ``last`` (largest alpha), ``lo`` and ``hi`` (of the loss).
    """
    x = alt.X(
        "alpha:Q",
        scale=alt.Scale(domain=[0, alt.ExprRef("last")], nice=False, zero=False),
        axis=alt.Axis(grid=False, title=None, tickCount=6, labelFlush=True, orient="bottom", labelExpr=parts.WRITTEN),
    )
    y = alt.Y(
        "loss:Q",
        scale=alt.Scale(domain=[alt.ExprRef("lo"), alt.ExprRef("hi")], nice=False, zero=False, clamp=True),
        axis=alt.Axis(title=None, tickCount=4, labelExpr=parts.WRITTEN),
    )
    line = alt.Chart(alt.NamedData(name="line")).mark_line(strokeWidth=1.8, color="@own").encode(x, y)
    slope = alt.Chart(alt.NamedData(name="slope")).mark_line(strokeWidth=1.4, color="@grad", strokeDash=[4, 3])
    chosen = alt.Chart(alt.NamedData(name="chosen"))
    written = chosen.transform_calculate(rate="written(datum.alpha)", result="written(datum.loss)")
    point = written.mark_point(size=90, filled=True, opacity=1, color="@own").encode(
        x, y, tooltip=[alt.Tooltip("rate:N", title="alpha"), alt.Tooltip("result:N", title="loss")]
    )
    drop = chosen.mark_rule(strokeWidth=1, color="@own").encode(x)
    return parts.finish(
        slope.encode(x, y, alt.Order("alpha:Q")),
        line,
        drop,
        point,
        description="Loss after one update against the learning rate",
        last=1,
        lo=0,
        hi=1,
    )
