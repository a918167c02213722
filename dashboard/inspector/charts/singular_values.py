"""Singular values of the Jacobian of each step, on a log axis around 1."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts


def chart() -> alt.LayerChart:
    """Largest and median singular value as lines, the range from smallest to largest as a thin bar per step.

    Data ``series``: t, largest, median, smallest (log10, null where zero), model, role.
    """
    source = alt.Chart(alt.NamedData(name="series"))
    x = parts.step_axis()
    top, middle = parts.decades("largest"), parts.decades("median")
    span = source.mark_rule(strokeWidth=1, opacity=0.45).encode(
        parts.step_axis("shifted"), top, alt.Y2("smallest:Q"), parts.stroke()
    )
    span = span.transform_calculate(shifted="datum.t + (datum.model === 'RNN' ? -0.08 : 0.08)")
    largest = source.mark_line(strokeWidth=1.8).encode(
        x, top, parts.stroke(), strokeDash=parts.dash(), detail="model:N"
    )
    median = source.mark_line(strokeWidth=1, opacity=0.75).encode(
        x, middle, parts.stroke(), strokeDash=parts.dash(), detail="model:N"
    )
    point = source.mark_point(size=30, strokeWidth=1.6, opacity=1).encode(
        x, top, parts.stroke(), fill=parts.hollow(), tooltip=["model:N", "t:Q", "values:N"]
    )
    points, chosen = parts.points_of(point)
    return parts.finish(
        parts.unity(),
        span,
        median,
        largest,
        points,
        chosen,
        description="Singular values of the Jacobian per step on a log axis",
        **parts.FIRST,
    )
