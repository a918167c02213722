"""The three operations in the drawing of an LSTM cell, on vectors as a person types them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from core.errors import InputError
from core.params import Array, float_array
from core.table import parse_numbers

__all__ = ["LARGEST", "MOST_CHARS", "MOST_ENTRIES", "Pointwise", "pointwise", "vector"]

MOST_ENTRIES = 6
MOST_CHARS = 200
LARGEST = 1e6
_BETWEEN = re.compile(r" ?, ?| ")
_BRACKETS = str.maketrans("[](){};", "       ")


@dataclass(frozen=True, eq=False)
class Pointwise:
    """Two vectors and what the operations make of them.

    Attributes:
        a: First vector (n,).
        b: Second vector (m,).
        product: a × b entry by entry (n,); None unless n = m.
        total: a + b entry by entry (n,); None unless n = m.
        joined: [a, b] (n + m,).
    """

    a: Array
    b: Array
    product: Array | None
    total: Array | None
    joined: Array


def vector(name: str, text: str) -> Array:
    """Read numbers between commas or spaces, with or without brackets.

    Raises:
        InputError: Nothing, too much, a hole, or something that is no number.
    """
    plain = " ".join(text.translate(_BRACKETS).split())
    example = "Type numbers with commas between them, such as 1, 2, 3."
    if not plain:
        raise InputError(f"The {name} vector is empty. {example}")
    if len(plain) > MOST_CHARS:
        raise InputError(f"The {name} vector has {len(plain):,} characters; at most {MOST_CHARS} are read. {example}")
    entries = _BETWEEN.split(plain.strip(" ,"))
    if len(entries) > MOST_ENTRIES:
        raise InputError(
            f"The {name} vector has {len(entries)} entries; at most {MOST_ENTRIES} are shown. Leave some out."
        )
    found = []
    for entry in entries:
        if not entry:
            raise InputError(f"The {name} vector has nothing between two commas. {example}")
        shown = entry if len(entry) <= 20 else entry[:19] + "…"
        try:
            value = float(parse_numbers(entry).values.item())
        except (InputError, ValueError):
            raise InputError(f"The {name} vector holds “{shown}”, which is no number. {example}") from None
        if abs(value) > LARGEST:
            raise InputError(f"The {name} vector holds {shown}; numbers up to a million can be read. Make it smaller.")
        found.append(value)
    return np.array(found)


def pointwise(a: Array, b: Array) -> Pointwise:
    """Multiply, add and join two vectors (n,) and (m,).

    Raises:
        ValueError: One of them is no row of finite numbers.
    """
    a, b = float_array("a", a, ("n",)), float_array("b", b, ("m",))
    alike = len(a) == len(b)
    product, total = (a * b, a + b) if alike else (None, None)
    return Pointwise(a, b, product, total, np.concatenate([a, b]))
