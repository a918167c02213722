"""What the templates of the lesson on gates share: colours by role, and dashes by what is compared."""

from __future__ import annotations

from typing import Any

import altair as alt

ROLES = {"f": "@f", "i": "@i", "c": "@c", "grad": "@grad", "ink": "@ink", "second": "@second"}
DASHES = {"dashed": [6, 3], "dotted": [1.6, 2.6], "chained": [7, 2, 2, 2]}
"""As the keys beside a chart draw them, by the field ``dash``."""


def stroke() -> alt.Stroke:
    """Colour of a mark by the field ``role``."""
    return alt.Stroke("role:N", scale=scale(), legend=None)


def fill() -> alt.Fill:
    """Its filling."""
    return alt.Fill("role:N", scale=scale(), legend=None)


def scale() -> alt.Scale:
    """The palette's colour of each role."""
    return alt.Scale(domain=list(ROLES), range=list(ROLES.values()))


def dash() -> Any:
    """Stroke says what is compared with what."""
    (first, pattern), *others = DASHES.items()
    condition = alt.when(f"datum.dash === '{first}'").then(alt.value(pattern))
    for name, other in others:
        condition = condition.when(f"datum.dash === '{name}'").then(alt.value(other))
    return condition.otherwise(alt.value([1, 0]))
