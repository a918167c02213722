"""What the templates of the lesson on gradient flow share: strokes by activation, and an axis that can stand right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt

from dashboard.kit import chart_parts as parts

STYLES = {"chosen": "@grad", "other": "@second", "chapter": "@ink", "bound": "@second"}
"""The activation whose details are shown has the gradient's colour; the others are neutral."""
DASHES = {"tanh": [1, 0], "relu": [7, 3], "sigmoid": [2, 2.5], "chapter": [1, 0], "bound": [10, 3, 2, 3]}
WIDTHS = {"chosen": 2.4, "other": 1.7, "chapter": 1.1, "bound": 1.1}


def stroke() -> alt.Stroke:
    """Colour of a line by the field ``style``."""
    return alt.Stroke("style:N", scale=_ordinal(STYLES), legend=None)


def dash() -> alt.StrokeDash:
    """Stroke says which activation: tanh solid, ReLU dashed, sigmoid dotted; by the field ``series``."""
    return alt.StrokeDash("series:N", scale=_ordinal(DASHES), legend=None)


def width() -> alt.StrokeWidth:
    """The chosen activation is drawn with more weight; what is computed by a formula with less."""
    return alt.StrokeWidth("style:O", scale=_ordinal(WIDTHS), legend=None)


def _ordinal(found: Mapping[str, Any]) -> alt.Scale:
    """A scale that looks a name up: a chain of conditions is worked out anew at every point of every line."""
    return alt.Scale(type="ordinal", domain=list(found), range=list(found.values()))


def decades(field: str) -> alt.Y:
    """A position on a log axis whose labels `ticks` draws."""
    return parts.decades(field, labels=False)


def unity() -> alt.Chart:
    """A line where the value is 1."""
    return parts.unity(labels=False)


def ticks() -> alt.Chart:
    """Labels of the axis on the side named by the parameter ``side``; data ``labels``: log10, label.

    The product is read from the right, so its axis stands there where there is room. Vega-Lite cannot choose an axis's
    side by a parameter: each layer would then draw an axis of its own.
    """
    left = "side === 'left'"
    labels: alt.Chart = (
        alt.Chart(alt.NamedData(name="labels"))
        .mark_text(
            align=alt.ExprRef(f"{left} ? 'right' : 'left'"),
            baseline="middle",
            fontSize=11.5,
            color="@second",
            dx=alt.ExprRef(f"{left} ? -8 : 8"),
        )
        .encode(decades("log10"), text="label:N", x=alt.value(alt.ExprRef(f"{left} ? 0 : width")))
    )
    return labels
