"""What a generator is, and how questions of each kind are put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from quiz.computed.numbers import Candidate, Clash, distinct, slips, typed
from quiz.schema import Lesson, Level, Slip

Fields = dict[str, Any]
Worded = tuple[str, str]  # text and reply
Mistaken = tuple[str, str, str]  # text, name of the slip, reply
PICKED = "misjudged which is largest"

REL = 0.01
ABS = 0.0006  # so that an answer rounded to three decimals is always accepted
DECIMALS = " Three decimals are enough."


@dataclass(frozen=True)
class Generator:
    """Draws questions of one sort.

    Attributes:
        name: Its name; the questions' id is "gen-" with it.
        concepts: What they ask about, the main one first.
        level: How hard they are.
        draw: Source of randomness in, the question's own fields out. Raises `Clash` when the numbers drawn do not tell
            answer and slips apart; it is then called again.
        lessons: Where else it is taught than in the lesson whose folder it stands in.
    """

    name: str
    concepts: tuple[str, ...]
    level: Level
    draw: Callable[[np.random.Generator], Fields]
    lessons: tuple[Lesson, ...] = ()


def decimal(rng: np.random.Generator, low: float, high: float, places: int = 1) -> float:
    """A number with one or two decimals between two bounds, both included, never 0."""
    scale = 10**places
    while (hit := int(rng.integers(round(low * scale), round(high * scale), endpoint=True))) == 0:
        pass
    return float(hit / scale)


def decimals(rng: np.random.Generator, n: int, low: float, high: float, places: int = 1) -> list[float]:
    """``n`` of `decimal`."""
    return [decimal(rng, low, high, places) for _ in range(n)]


def weight(rng: np.random.Generator) -> float:
    """A weight or input with one decimal, not too near 0: ±0.2 … ±1.2."""
    size = decimal(rng, 0.2, 1.2)
    return size if rng.random() < 0.6 else -size


def whole(rng: np.random.Generator, low: int, high: int) -> int:
    """A whole number between two bounds, both included."""
    return int(rng.integers(low, high, endpoint=True))


def numeric(
    prompt: str,
    answer: float,
    wrong: Sequence[Candidate],
    explanation: str,
    *,
    accept: Sequence[Candidate] = (),
    hints: Sequence[str] = (),
    rel: float = REL,
    abs_: float = ABS,
) -> Fields:
    """Fields of a numeric question; ``wrong`` has the value of each slip with its name and reply.

    ``accept`` are values under another convention.

    Raises:
        Clash: Answer and slips cannot be told apart.
    """
    apart = [distinct(value, wrong, rel=rel) for value, *_ in accept]
    if any(len(kept) < len(distinct(answer, wrong, rel=rel)) for kept in apart):
        raise Clash(f"{accept} and slips {[value for value, *_ in wrong]} coincide")
    return {
        "kind": "numeric",
        "prompt": prompt,
        "answer": float(f"{answer:.12g}"),
        "rel": rel,
        "abs": abs_,
        "accept": tuple(Slip(answer=f"{value:.12g}", name=name, reply=reply) for value, name, reply in accept),
        "slips": slips(answer, wrong, rel=rel, abs_=abs_),
        "explanation": explanation,
        "hints": tuple(hints),
    }


def count(
    prompt: str,
    answer: int,
    wrong: Sequence[Candidate],
    explanation: str,
    *,
    accept: Sequence[Candidate] = (),
    hints: Sequence[str] = (),
) -> Fields:
    """Fields of a count question; ``accept`` are counts under another convention. Equal slips are left out.

    Raises:
        Clash: No slip is left, or one is a count under another convention.
    """
    kept = distinct(answer, wrong, rel=0.0)
    if not kept or {answer, *(value for value, *_ in wrong)} & {value for value, *_ in accept}:
        raise Clash(f"answer {answer}, slips {[value for value, *_ in wrong]} and {accept} coincide")
    return {
        "kind": "count",
        "prompt": prompt,
        "answer": answer,
        "accept": tuple(Slip(answer=typed(value), name=name, reply=reply) for value, name, reply in accept),
        "slips": kept,
        "explanation": explanation,
        "hints": tuple(hints),
    }


def others(worded: Sequence[Worded], best: int) -> list[Mistaken]:
    """The options that are not the largest, where the largest is asked for."""
    return [(text, PICKED, reply) for k, (text, reply) in enumerate(worded) if k != best]


def choice(
    rng: np.random.Generator,
    prompt: str,
    right: Worded,
    wrong: Sequence[Mistaken],
    explanation: str,
    *,
    hints: Sequence[str] = (),
) -> Fields:
    """Fields of a choice question, letters given in a drawn order.

    Raises:
        Clash: Two options read the same.
    """
    if len({right[0], *(text for text, *_ in wrong)}) < 1 + len(wrong):
        raise Clash(f"options {[right[0], *(text for text, *_ in wrong)]} coincide")
    text, reply = right
    marked: list[Fields] = [{"text": text, "right": True, "reply": reply}]
    marked += [{"text": text, "name": name, "reply": reply} for text, name, reply in wrong]
    order = rng.permutation(len(marked))
    options = [{"id": letter, **marked[k]} for letter, k in zip("abcdef", order, strict=False)]
    return {"kind": "choice", "prompt": prompt, "options": options, "explanation": explanation, "hints": tuple(hints)}
