"""The probability of the right answer against the number of words in between."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts


def chart() -> alt.LayerChart:
    """A line for each model and the chosen number of words.

    Data ``series``: words, share, model. Data ``chosen``: words. Data ``points``: words, share, model. Data ``chance``:
    share. The parameter ``last`` is the largest number of words.
    """
    x = alt.X(
        "words:Q",
        scale=alt.Scale(domain=[0, alt.ExprRef("last")], nice=False, zero=False),
        axis=alt.Axis(grid=False, title=None, tickCount=8, format="d", labelFlush=True, orient="bottom"),
    )
    y = alt.Y(
        "share:Q",
        scale=alt.Scale(domain=[0, 1.02], nice=False, zero=False),
        axis=alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%", title=None),
    )
    line = (
        alt.Chart(alt.NamedData(name="series"))
        .mark_line(strokeWidth=1.8, color="@ink", strokeJoin="round")
        .encode(x, y, strokeDash=parts.dash(), detail="model:N")
    )
    chosen = alt.Chart(alt.NamedData(name="chosen")).mark_rule(strokeWidth=1, color="@second").encode(x)
    full = alt.when("datum.model === 'RNN'").then(alt.value("@page")).otherwise(alt.value("@ink"))
    points = (
        alt.Chart(alt.NamedData(name="points"))
        .mark_point(size=64, strokeWidth=1.6, stroke="@ink", opacity=1)
        .encode(x, y, fill=full, tooltip=["model:N", alt.Tooltip("share:Q", format=".1%")])
    )
    chance = alt.Chart(alt.NamedData(name="chance")).mark_rule(strokeWidth=1, color="@second", strokeDash=[2, 3])
    return parts.finish(
        chance.encode(y),
        chosen,
        line,
        points,
        description="Probability of the right answer against the number of words in between",
        last=1,
    )
