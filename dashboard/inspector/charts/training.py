"""Loss and gradient norm over training steps, on a log axis."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts


def chart() -> alt.LayerChart:
    """Loss (ink), gradient norm before clipping (thin) and after it (full weight), RNN dashed, LSTM solid.

    Data ``series``: t (training step, from ``first``), log10, role (own for the loss, grad for the norms), model,
    series (its name), thin (norm before clipping).
    """
    source = alt.Chart(alt.NamedData(name="series"))
    x = alt.X(
        "t:Q",
        scale=alt.Scale(domain=[alt.ExprRef("first"), alt.ExprRef("last")], nice=False, zero=False),
        axis=alt.Axis(grid=False, title=None, tickCount=6, format=",d", labelFlush=True, orient="bottom"),
    )
    width = alt.when("datum.thin").then(alt.value(0.8)).otherwise(alt.value(1.8))
    line = source.mark_line().encode(
        x,
        parts.decades("log10"),
        parts.stroke(),
        strokeDash=parts.dash(),
        strokeWidth=width,
        detail="series:N",
    )
    return parts.finish(
        line,
        description="Loss and gradient norm over training steps on a log axis",
        first=1,
        last=2,
        lo=-1,
        hi=0,
        floor=1000,
        ticks=[-1, 0],
    )
