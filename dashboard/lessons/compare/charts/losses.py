"""Loss over training steps on a log axis, a line a seed; a point ends each line where its run ended."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts


def chart() -> alt.LayerChart:
    """RNN dashed and hollow, LSTM solid and filled.

    Data ``series``: step, log10 (of the loss), model, series. Data ``ends``: step, log10, model, text. The parameter
    ``last`` is the last training step of the axis; ``lo``, ``hi`` and ``ticks`` are those of the log axis.
    """
    x = alt.X(
        "step:Q",
        scale=alt.Scale(domain=[0, alt.ExprRef("last")], nice=False, zero=False),
        axis=alt.Axis(grid=False, title=None, tickCount=6, format=",d", labelFlush=True, orient="bottom"),
    )
    line = (
        alt.Chart(alt.NamedData(name="series"))
        .mark_line(strokeWidth=1.4, color="@ink", strokeJoin="round", opacity=0.8)
        .encode(x, parts.decades("log10"), strokeDash=parts.dash(), detail="series:N")
    )
    full = alt.when("datum.model === 'RNN'").then(alt.value("@page")).otherwise(alt.value("@ink"))
    ends = (
        alt.Chart(alt.NamedData(name="ends"))
        .mark_point(size=52, strokeWidth=1.6, stroke="@ink", opacity=1)
        .encode(x, parts.decades("log10"), fill=full, tooltip=["text:N"])
    )
    return parts.finish(
        line,
        ends,
        description="Loss over training steps on a log axis, by seed",
        last=1200,
        lo=-3,
        hi=1,
        floor=1000,
        ticks=[-3, -2, -1, 0, 1],
    )
