"""The error of a measured slope against the size of the nudge, both on log axes."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts


def chart() -> alt.LayerChart:
    """A line with points, the chosen size larger.

    Data ``series``: exponent (log10 of the nudge), log10 (of the relative error, null where it is 0), error (as text).
    Parameter ``at``: exponent of the chosen nudge. ``first`` and ``last`` bound the exponents.
    """
    x = alt.X(
        "exponent:Q",
        scale=alt.Scale(domain=[alt.ExprRef("first - 0.4"), alt.ExprRef("last + 0.4")], nice=False, zero=False),
        axis=alt.Axis(
            grid=False,
            title=None,
            orient="bottom",
            tickMinStep=1,
            labelExpr=parts.POWER,
        ),
    )
    source = alt.Chart(alt.NamedData(name="series"))
    y = parts.decades("log10")
    line = source.mark_line(strokeWidth=1.6, color="@own").encode(x, y)
    points = source.mark_point(size=36, strokeWidth=1.4, opacity=1, filled=False, fill="@page", color="@own").encode(
        x, y, tooltip=["error:N"]
    )
    chosen = source.transform_filter("datum.exponent === at")
    return parts.finish(
        line,
        points,
        chosen.mark_rule(strokeWidth=1, color="@own").encode(x),
        chosen.mark_point(size=100, filled=True, opacity=1, color="@own").encode(x, y),
        description="Relative error of the measured slope against the size of the nudge, on log axes",
        at=-5,
        first=-12,
        last=0,
        lo=-1,
        hi=0,
        floor=1000,
        ticks=[-1, 0],
    )
