"""What each step adds to a weight's gradient: signed bars on a linear axis."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts


def chart() -> alt.LayerChart:
    """Bars per step, RNN outlined and left of the centre, LSTM filled and right of it.

    Data ``bars``: t, value, model. The parameter ``both`` says whether two models share a column; the bars of a step
    sum to the norm of the gradient when each is the projection of the step's gradient on the whole one.
    """
    axis = alt.Axis(tickCount=4, title=None, labelExpr=parts.WRITTEN)
    scale = alt.Scale(domain=[alt.ExprRef("lo"), alt.ExprRef("hi")], nice=False)
    bars = (
        alt.Chart(alt.NamedData(name="bars"))
        .transform_calculate(
            left="datum.t + (!both ? -0.17 : datum.model === 'RNN' ? -0.35 : 0.05)",
            right="datum.left + (both ? 0.3 : 0.34)",
            share="written(datum.value)",
        )
        .encode(
            parts.step_axis("left"),
            alt.X2("right:Q"),
            alt.Y(
                "value:Q",
                axis=axis,
                scale=scale,
            ),
            alt.Y2(datum=0),
            tooltip=["model:N", "t:Q", alt.Tooltip("share:N", title="value")],
        )
    )
    filled = bars.mark_bar(color="@grad", strokeWidth=0.6, stroke="@grad").transform_filter("datum.model !== 'RNN'")
    outlined = bars.mark_bar(fill="@page", stroke="@grad", strokeWidth=1.4).transform_filter("datum.model === 'RNN'")
    zero = (
        alt.Chart(alt.NamedData(name="zero"))
        .mark_rule(color="@border", strokeWidth=1)
        .encode(alt.YDatum(0, axis=axis, scale=scale))
    )
    return parts.finish(
        zero,
        outlined,
        filled,
        description="Contribution of each step to the gradient",
        t=1,
        T=1,
        lo=0,
        hi=1,
        both=True,
    )
