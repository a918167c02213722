"""Lines of evidence below one another: a point with its interval for each, its name above it, and the rule's line."""

from __future__ import annotations

from typing import Any

import altair as alt

from dashboard.kit import chart_parts as parts

SHARE = "written(100 * datum.value) + ' %'"
LABEL = f"kind === 'log' ? power(datum.value) : kind === 'share' ? {SHARE} : written(datum.value)"
ABOVE = 13  # px from a line to the middle of its name
CHARACTER = 6  # px of one of its letters: where a phone has no room for name and note, the note is in the table alone


def chart() -> alt.LayerChart:
    """Rows with their names.

    Data ``rows``: y (1 at the top), low, middle, high, label, note, model. Data ``mark``: x, of the rule's line.
    Parameters: ``n`` (rows), ``lo``, ``hi`` (domain), ``ticks``, ``kind`` ("share", "log" or "linear").
    """
    domain = alt.Scale(domain=[alt.ExprRef("lo"), alt.ExprRef("hi")], nice=False, zero=False, clamp=True)
    axis = alt.Axis(values=alt.ExprRef("ticks"), labelExpr=LABEL, title=None, orient="bottom")
    x = alt.X("middle:Q", scale=domain, axis=axis)
    place = alt.Scale(domain=[0.25, alt.ExprRef("n + 0.5")], nice=False, zero=False, reverse=True)
    y = alt.Y("y:Q", scale=place, axis=None)
    rows = alt.Chart(alt.NamedData(name="rows"))
    line = rows.mark_rule(strokeWidth=2, color="@ink").encode(
        alt.X("low:Q", scale=domain, axis=axis), y, x2="high:Q", strokeDash=parts.dash()
    )
    full = alt.when("datum.model === 'RNN'").then(alt.value("@page")).otherwise(alt.value("@ink"))
    point = rows.mark_point(size=64, strokeWidth=1.8, stroke="@ink", opacity=1).encode(x, y, fill=full)
    names = rows.encode(y, x=alt.value(0), text="label:N")
    note = alt.when(f"{CHARACTER} * (length(datum.label) + length(datum.note)) < width").then("note:N")
    notes = rows.encode(y, x=alt.value(alt.ExprRef("width")), text=note.otherwise(alt.value("")))
    text: dict[str, Any] = {"fontSize": 12.5, "dy": -ABOVE, "baseline": "middle", "limit": alt.ExprRef("width")}
    # Keeps the rule's line off the words.
    halo: dict[str, Any] = {**text, "color": "@page", "stroke": "@page", "strokeWidth": 5}
    mark = (
        alt.Chart(alt.NamedData(name="mark"))
        .mark_rule(strokeWidth=1.2, strokeDash=[2, 3], color="@second")
        .encode(alt.X("x:Q", scale=domain, axis=axis))
    )
    return parts.finish(
        mark,
        line,
        point,
        names.mark_text(align="left", **halo),
        notes.mark_text(align="right", **halo),
        names.mark_text(align="left", color="@ink", **text),
        notes.mark_text(align="right", color="@second", **text),
        description="What was measured, by line",
        n=1,
        lo=0,
        hi=1,
        ticks=[0, 1],
        kind="linear",
    )
