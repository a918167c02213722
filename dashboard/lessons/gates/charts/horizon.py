"""How many steps a cell lasts, against the forget bias: by formula and measured."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts
from dashboard.lessons.gates.charts import _parts as shared


def chart() -> alt.LayerChart:
    """A line by formula, points that were measured.

    Data ``formula``: bias, log10. Data ``points``: bias, log10, role, name, text. Data ``chosen``: bias.
    """
    x = alt.X(
        "bias:Q",
        scale=alt.Scale(domain=[0, 5.1], nice=False, zero=False),
        axis=alt.Axis(grid=False, title=None, values=[0, 1, 2, 3, 4, 5], format="d", orient="bottom"),
    )
    y = parts.decades("log10")
    line = alt.Chart(alt.NamedData(name="formula")).mark_line(strokeWidth=1.6, color="@ink").encode(x, y)
    rule = alt.Chart(alt.NamedData(name="chosen")).mark_rule(strokeWidth=1, color="@second").encode(x)
    shape = alt.Shape("role:N", scale=alt.Scale(domain=["f", "grad"], range=["diamond", "circle"]), legend=None)
    points = (
        alt.Chart(alt.NamedData(name="points"))
        .mark_point(size=70, strokeWidth=1.6, opacity=1)
        .encode(x, y, shared.stroke(), shared.fill(), shape, tooltip=["name:N", "bias:Q", "text:N"])
    )
    return parts.finish(
        rule,
        line,
        points,
        description="Steps until a cell has fallen by e, against the forget bias",
        lo=-1,
        hi=0,
        floor=1000,
        ticks=[-1, 0],
    )
