"""The state after one step against its input."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts


def chart() -> alt.LayerChart:
    """A line. Data ``points``: x, h. The parameter ``last`` is the largest input."""
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, alt.ExprRef("last")], nice=False), axis=alt.Axis(title=None))
    y = alt.Y("h:Q", scale=alt.Scale(domain=[0, 1], nice=False), axis=alt.Axis(title=None))
    line = alt.Chart(alt.NamedData(name="points")).mark_line(color="@h").encode(x, y)
    return parts.finish(line, description="The state against its input", last=1)
