"""What the templates of the lesson on gradient flow share: strokes by activation, and an axis that can stand right."""

from __future__ import annotations

from typing import Any

import altair as alt

from dashboard.kit import chart_parts as parts

STYLES = {"chosen": "@grad", "other": "@second", "chapter": "@ink", "bound": "@second"}
"""The activation whose details are shown has the gradient's colour; the others are neutral."""
DASHES = {"relu": [7, 3], "sigmoid": [2, 2.5], "bound": [10, 3, 2, 3]}


def stroke() -> alt.Stroke:
    """Colour of a line by the field ``style``."""
    return alt.Stroke("style:N", scale=alt.Scale(domain=list(STYLES), range=list(STYLES.values())), legend=None)


def dash() -> Any:
    """Stroke says which activation: tanh solid, ReLU dashed, sigmoid dotted; by the field ``series``."""
    first, *others = DASHES.items()
    condition = alt.when(f"datum.series === '{first[0]}'").then(alt.value(first[1]))
    for name, pattern in others:
        condition = condition.when(f"datum.series === '{name}'").then(alt.value(pattern))
    return condition.otherwise(alt.value([1, 0]))


def width() -> Any:
    """The chosen activation is drawn with more weight; what is computed by a formula with less."""
    strong = alt.when("datum.style === 'chosen'").then(alt.value(2.4))
    return strong.when("datum.style === 'other'").then(alt.value(1.7)).otherwise(alt.value(1.1))


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
