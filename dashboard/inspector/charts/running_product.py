"""What is left at step t of a gradient that starts at the last step; read from right to left."""

from __future__ import annotations

import altair as alt

from dashboard.kit import chart_parts as parts


def chart() -> alt.LayerChart:
    """Norm of the product of Jacobians from step t to the last one, on a log axis.

    Data ``series``: t, log10 (null where zero), role, model, series, norm (as text). Data ``unity``: one empty row.
    """
    source = alt.Chart(alt.NamedData(name="series"))
    x, y = parts.step_axis(), parts.decades("log10")
    line = source.mark_line(strokeWidth=1.8).encode(x, y, parts.stroke(), strokeDash=parts.dash(), detail="series:N")
    point = source.mark_point(size=30, strokeWidth=1.6, opacity=1).encode(
        x, y, parts.stroke(), fill=parts.hollow(), tooltip=["series:N", "t:Q", "norm:N"]
    )
    points, chosen = parts.points_of(point)
    return parts.finish(
        parts.unity(),
        line,
        points,
        chosen,
        description="Norm of the product of Jacobians back from the last step, on a log axis",
        **parts.FIRST,
    )
