"""Accuracy after training on several tasks: every seed a point, RNN hollow, LSTM filled, the medians as ticks."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts


def chart() -> alt.LayerChart:
    """Tasks side by side, in each the RNN on the left and the LSTM on the right.

    Data ``runs``: x, accuracy, model, text. Data ``middle``: low, high (ends of the tick), accuracy, model. Data
    ``chance``: low, high, accuracy. Data ``labels``: x, label, below (second line). The parameter ``last`` is the last
    place.
    """
    scale = alt.Scale(domain=[0.5, alt.ExprRef("last + 0.5")], nice=False, zero=False)
    x = alt.X("x:Q", scale=scale, axis=None)
    percent = alt.Axis(values=[0, 0.25, 0.5, 0.75, 1], format=".0%", title=None)
    y = alt.Y("accuracy:Q", scale=alt.Scale(domain=[0, 1.03], nice=False, zero=False), axis=percent)
    low, high = alt.X("low:Q", scale=scale, axis=None), alt.X2("high:Q")
    chance = alt.Chart(alt.NamedData(name="chance")).mark_rule(strokeWidth=1, color="@second", strokeDash=[2, 3])
    middle = alt.Chart(alt.NamedData(name="middle")).mark_rule(strokeWidth=2.2, color="@ink")
    full = alt.when("datum.model === 'RNN'").then(alt.value("@page")).otherwise(alt.value("@ink"))
    points = (
        alt.Chart(alt.NamedData(name="runs"))
        .mark_point(size=48, strokeWidth=1.6, stroke="@ink", opacity=1)
        .encode(x, y, fill=full, tooltip=["text:N"])
    )
    labels = alt.Chart(alt.NamedData(name="labels")).mark_text(fontSize=11.5, baseline="top")
    foot = alt.value(alt.ExprRef("height"))
    return parts.finish(
        chance.encode(low, high, y),
        middle.encode(low, high, y, strokeDash=parts.dash()),
        points,
        labels.encode(x, text="label:N", y=foot, color=alt.value("@ink")).mark_text(
            dy=6, fontSize=11.5, baseline="top"
        ),
        labels.encode(x, text="below:N", y=foot, color=alt.value("@second")).mark_text(
            dy=21, fontSize=11.5, baseline="top"
        ),
        description="Accuracy after training by task and seed",
        last=5,
    )
