"""What the lesson on the last word shows."""

from __future__ import annotations

import math
from typing import Any

from dashboard.figure import panels, payload

INPUTS = (0.0, 0.5, 1.0, 1.5, 2.0)


def states(weight: float) -> dict[str, Any]:
    """The state after one step against its input."""
    points = {"x": list(INPUTS), "h": [math.tanh(weight * x) for x in INPUTS]}
    chart = panels.chart(
        "last_word_states", {"points": points}, params={"last": INPUTS[-1]}, symbols=[], label="state", title=["State"],
        cursor=False, axis=22,
    )  # fmt: skip
    return payload(tokens=[], panels=[chart], H=0, label="The state against its input")
