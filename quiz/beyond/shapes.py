"""Questions that ask for the shape of an array, put together as `quiz.computed.generator` does it for numbers."""

from __future__ import annotations

from collections.abc import Sequence

from quiz.computed.generator import Fields
from quiz.computed.numbers import Clash
from quiz.schema import Slip

Sizes = tuple[int, ...]
FEWEST = 2  # slips that must be told apart


def shape(
    prompt: str, answer: Sizes, wrong: Sequence[tuple[Sizes, str, str]], explanation: str, *, hints: Sequence[str] = ()
) -> Fields:
    """Fields of a shape question; ``wrong`` has each shape with its slip's name and reply, equal ones are left out.

    Raises:
        Clash: Fewer than `FEWEST` slips are left.
    """
    kept: dict[Sizes, Slip] = {}
    for sizes, name, reply in wrong:
        if sizes != answer:
            kept.setdefault(sizes, Slip(answer=_typed(sizes), name=name, reply=reply))
    if len(kept) < FEWEST:
        raise Clash(f"answer {answer} and slips {[sizes for sizes, *_ in wrong]} coincide")
    return {
        "kind": "shape",
        "prompt": prompt,
        "answer": _typed(answer),
        "slips": tuple(kept.values()),
        "explanation": explanation,
        "hints": tuple(hints),
    }


def _typed(sizes: Sizes) -> str:
    return f"({', '.join(map(str, sizes))})"
