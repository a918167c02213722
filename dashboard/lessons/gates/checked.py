"""That the three parts add up, in two ways that know nothing of them, and what holding h fixed leaves out."""

from __future__ import annotations

import math

import numpy as np

from core import paths
from core.written import number, significant
from dashboard.lessons.gates import drawing
from dashboard.lessons.gates.drawing import AT, SECOND, SMALL, UNIT, WORDS
from dashboard.lessons.gates.sentences import percent

END = 4  # words of the question at the end, "we now speak of"


def sentences() -> str:
    """How far the parts are from both, and the derivative with h held fixed, as Markdown."""
    return f"{_agreement()}\n\n{_held()}"


def _agreement() -> str:
    small = drawing.trained(SMALL)
    parts, H = paths.total(small.paths)[1:], small.model.cell.H
    jacobians, nudges = (
        significant(float(np.abs(parts - other).max()), 1) for other in (drawing.by_jacobians()[0], drawing.measured())
    )
    return (
        f"Over all {len(WORDS)} words of the figure above and all {H} × {H} pairs of units, the sum of the parts and "
        f"the product of Jacobians differ by {jacobians} at most, the sum and the nudges by {nudges}."
    )


def _held() -> str:
    whole, held = drawing.by_jacobians()
    total, without = (number(float(each[AT - 1, UNIT, UNIT]), 2) for each in (whole, held))
    left = np.linalg.norm(held, axis=(1, 2)) / np.linalg.norm(whole, axis=(1, 2))
    least = int(left.argmin())
    late = math.floor(100 * left[-END:].min()) / 100
    return (
        "**With $h_t$ held fixed** one takes from that product how $c_T$ changes with $c_t$ alone. It lacks "
        f"the second part: in unit {UNIT} at “{SECOND}” it says {without}, where nudging measures {total}. In length, "
        f"all units together, it has {percent(float(left[least]))} of the whole at “{WORDS[least]}”, word {least + 1}, "
        f"where it has least, and {percent(late)} or more from “{WORDS[-END]}” on, near the end. It is not wrong; it "
        "answers another question: what a change of the cell does that is not shown at once."
    )
