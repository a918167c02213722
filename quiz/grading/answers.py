"""What was typed, read as a number, a count, a shape, an order of steps or a filling; never whether it is right.

Whatever can't be read raises `Unreadable`, which is shown and not counted.
"""

from __future__ import annotations

import re

from quiz.grading.fillings import filling, same_filling
from quiz.grading.numbers import Number, count, number, shown
from quiz.grading.shapes import ShapeRead, shape
from quiz.grading.typed import Asked, Unreadable, plain

__all__ = [
    "Asked",
    "Number",
    "ShapeRead",
    "Unreadable",
    "count",
    "filling",
    "number",
    "order",
    "plain",
    "same_filling",
    "shape",
    "shown",
]


def order(answer: object, steps: int) -> tuple[int, ...]:
    """Read an order of steps: a list of step numbers, or a line such as ``3 1 2``, ``3, 1, 2`` or ``3 → 1 → 2``.

    Args:
        answer: What was given.
        steps: How many steps there are, numbered from 1.

    Raises:
        Unreadable: If not every step stands in it exactly once.
    """
    if isinstance(answer, list | tuple):
        answer = " ".join(str(item) for item in answer[:20])
    line = plain(answer)
    pieces = [piece for piece in re.split(r"[\s,;.→>-]+", line) if piece]
    if len(pieces) == 1 and steps < 10 and len(pieces[0]) == steps:
        pieces = list(pieces[0])
    if sorted(pieces) != sorted(str(number) for number in range(1, steps + 1)):
        raise Unreadable(f"“{line}” does not hold every step from 1 to {steps} exactly once.")
    return tuple(int(piece) for piece in pieces)
