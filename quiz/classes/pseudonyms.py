"""Pseudonyms of learners in a class: two words each, none twice, drawn so that nothing can be read from one."""

from __future__ import annotations

import random
from collections.abc import Collection
from pathlib import Path

_LINES = (Path(__file__).parent / "pseudonyms.txt").read_text(encoding="utf-8").splitlines()
FIRST, SECOND = (tuple(line.split()) for line in _LINES)
TRIES = 50


def new_pseudonym(taken: Collection[str], rng: random.Random) -> str:
    """A pseudonym that is not among those taken; with a number where the class has used most of them up."""
    for _ in range(TRIES):
        drawn = f"{rng.choice(FIRST)} {rng.choice(SECOND)}"
        if drawn not in taken:
            return drawn
    return next(name for number in range(2, len(taken) + 3) if (name := f"{drawn} {number}") not in taken)
