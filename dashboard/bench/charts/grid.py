"""Runs solved by start and learning rate: a bar with its interval in each cell, its count above, the best framed."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts

BAR = 9  # px
ABOVE = 14  # px from a bar to the middle of its count
FRAME = 40  # px


def chart() -> alt.LayerChart:
    """A row a start, a column a rate.

    Data ``cells``: y (1 at the top), from, to (of the bar), low, high, end (of the cell), text, model, best. Places on
    the x axis are columns, 0 to ``m``. Data ``heads``: x, label. Parameters: ``n`` (rows), ``m`` (columns).
    """
    across = alt.Scale(domain=[0, alt.ExprRef("m")], nice=False, zero=False)
    down = alt.Scale(domain=[0.3, alt.ExprRef("n + 0.5")], nice=False, zero=False, reverse=True)
    x, y = alt.X("from:Q", scale=across, axis=None), alt.Y("y:Q", scale=down, axis=None)
    cells = alt.Chart(alt.NamedData(name="cells"))
    frame = (
        cells.transform_filter("datum.best")
        .mark_bar(height=FRAME, yOffset=-8, fillOpacity=0, stroke="@ink", strokeWidth=1.6, cornerRadius=4)
        .encode(alt.X("begin:Q", scale=across, axis=None), y, x2="end:Q")
    )
    ground = cells.mark_rule(color="@hairline", strokeWidth=1).encode(x, y, x2="full:Q")
    full = alt.when("datum.model === 'RNN'").then(alt.value("@page")).otherwise(alt.value("@ink"))
    bar = cells.mark_bar(height=BAR, stroke="@ink", strokeWidth=1.2).encode(
        x, y, x2="to:Q", fill=full, strokeDash=parts.dash()
    )
    span = cells.mark_rule(color="@second", strokeWidth=1.2, yOffset=10).encode(
        alt.X("low:Q", scale=across, axis=None), y, x2="high:Q"
    )
    count = cells.mark_text(align="left", color="@ink", fontSize=12, dy=-ABOVE, baseline="middle").encode(
        x, y, text="text:N"
    )
    heads = (
        alt.Chart(alt.NamedData(name="heads"))
        .mark_text(align="left", color="@second", fontSize=12, baseline="bottom", dy=-4)
        .encode(alt.X("x:Q", scale=across, axis=None), text="label:N", y=alt.value(0))
    )
    names = (
        alt.Chart(alt.NamedData(name="names"))
        .mark_text(align="left", color="@ink", fontSize=12.5, fontWeight=600, baseline="middle")
        .encode(alt.Y("y:Q", scale=down, axis=None), x=alt.value(0), text="label:N")
    )
    return parts.finish(
        frame,
        ground,
        bar,
        span,
        count,
        heads,
        names,
        description="Runs solved, by start and learning rate",
        n=1,
        m=4,
    )
