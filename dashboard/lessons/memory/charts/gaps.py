"""Accuracy at the end of training against the gap: every seed a point, their spread a band, their median a line."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts


def chart() -> alt.LayerChart:
    """One model's runs over the gaps, which stand evenly spaced.

    Data ``runs``: x, accuracy, model, running, text. Data ``spread``: x, low, middle, high, model. Data ``labels``: x,
    label (below the plot), solved (above it). Data ``chance``: accuracy. The parameter ``last`` is the last place.
    """
    x = alt.X("x:Q", scale=alt.Scale(domain=[0.5, alt.ExprRef("last + 0.5")], nice=False, zero=False), axis=None)
    percent = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%", title=None)
    y_scale = alt.Scale(domain=[0, 1.02], nice=False, zero=False)
    y = alt.Y("accuracy:Q", scale=y_scale, axis=percent)
    spread = alt.Chart(alt.NamedData(name="spread"))
    band = spread.mark_area(color="@hairline", opacity=1).encode(
        x, alt.Y("low:Q", scale=y_scale, axis=percent), alt.Y2("high:Q")
    )
    # One finished gap alone has no area: a rule shows its spread.
    ranges = spread.mark_rule(strokeWidth=1, color="@pending").encode(
        x, alt.Y("low:Q", scale=y_scale, axis=percent), alt.Y2("high:Q")
    )
    middle = spread.mark_line(strokeWidth=1.8, color="@ink").encode(
        x, alt.Y("middle:Q", scale=y_scale, axis=percent), strokeDash=parts.dash()
    )
    full = alt.when("datum.model === 'RNN'").then(alt.value("@page")).otherwise(alt.value("@ink"))
    points = (
        alt.Chart(alt.NamedData(name="runs"))
        .mark_point(size=48, strokeWidth=1.6, stroke="@ink", opacity=1)
        .encode(
            x,
            y,
            fill=full,
            opacity=alt.when("datum.running").then(alt.value(0.35)).otherwise(alt.value(1)),
            tooltip=["text:N"],
        )
    )
    chance = alt.Chart(alt.NamedData(name="chance")).mark_rule(strokeWidth=1, color="@second", strokeDash=[2, 3])
    labels = alt.Chart(alt.NamedData(name="labels"))
    below = labels.mark_text(color="@second", fontSize=11.5, baseline="top", dy=6).encode(
        x, text="label:N", y=alt.value(alt.ExprRef("height"))
    )
    return parts.finish(
        band,
        ranges,
        chance.encode(y),
        middle,
        points,
        below,
        description="Accuracy after training against the gap, by seed",
        last=5,
    )
