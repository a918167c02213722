"""What the templates of the lesson on gradient flow share: strokes by activation, and an axis that can stand right."""

from __future__ import annotations

from typing import Any

import altair as alt

from dashboard.charts import _parts as parts

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
    """A position on the log axis that `unity` draws.

    Vega-Lite draws one axis for all layers only while its side is fixed; on a side that is a parameter each layer would
    draw its own on top of the others.
    """
    return alt.Y(f"{field}:Q", axis=None, scale=parts.log_scale())


def unity() -> alt.Chart:
    """A line where the value is 1, with the log axis on the side named by ``side``: the product is read from the right.

    It comes first among the layers.
    """
    return parts.unity(orient=alt.ExprRef("side"))
