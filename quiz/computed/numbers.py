"""Numbers in made questions: how they are shown, how they would be typed, and slips that can be told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.written import short, tex
from quiz.schema import Slip

Candidate = tuple[float, str, str]  # wrong value, name of the slip, reply
MOST_SLIPS = 5


class Clash(ValueError):  # noqa: N818 - it reads as what happened
    """Two numbers that a grader must tell apart lie within its tolerance: draw other ones."""


def typed(value: float) -> str:
    """A number as it would be typed, with ten significant digits: ``-0.25``, ``3``, ``1e-07``."""
    return f"{value + 0.0:.10g}"


def shown(value: float, digits: int = 4) -> str:
    r"""A number for a formula, with up to ``digits`` significant digits: ``-0.25``, ``3``, ``6.2 \cdot 10^{-61}``."""
    return tex(short(value, digits))


def inline(value: float, digits: int = 4) -> str:
    """`shown` as a formula of its own inside a sentence."""
    return f"${shown(value, digits)}$"


def vector(values: Iterable[float], digits: int = 4) -> str:
    r"""A row vector for a formula: ``(0.5,\ -1)``."""
    inner = r",\ ".join(shown(value, digits) for value in values)
    return f"({inner})"


def matrix(rows: Iterable[Iterable[float]], digits: int = 4) -> str:
    """A matrix for a formula."""
    inner = r" \\ ".join(" & ".join(shown(value, digits) for value in row) for row in rows)
    return rf"\begin{{pmatrix}} {inner} \end{{pmatrix}}"


def signed(value: float, digits: int = 4) -> str:
    """A number as a later factor or summand: negative ones in brackets."""
    return f"({shown(value, digits)})" if value < 0 else shown(value, digits)


def total(values: Iterable[float], digits: int = 4) -> str:
    """A sum for a formula: ``0.5 - 1 + 2``."""
    first, *rest = values
    return shown(first, digits) + "".join(f" {'-' if v < 0 else '+'} {shown(abs(v), digits)}" for v in rest)


def apart(a: float, b: float, *, rel: float, abs_: float = 0.0) -> bool:
    """Whether no answer can be within the tolerance of both."""
    wider = max(rel * abs(a), abs_) + max(rel * abs(b), abs_)
    return abs(a - b) > max(1.2 * wider, 1e-9 * abs(a))


def slips(answer: float, candidates: Sequence[Candidate], *, rel: float, abs_: float = 0.0) -> tuple[Slip, ...]:
    """Slips from values, each outside the tolerance of the answer and of one another.

    Args:
        answer: The true value.
        candidates: Wrong value, name and reply, at most `MOST_SLIPS`.
        rel: Relative tolerance of the question.
        abs_: Absolute tolerance.

    Raises:
        Clash: Two of the numbers cannot be told apart.
    """
    if len(kept := distinct(answer, candidates, rel=rel, abs_=abs_)) < len(candidates):
        raise Clash(f"answer {answer} and slips {[value for value, *_ in candidates]} lie too close together")
    return kept


def distinct(answer: float, candidates: Sequence[Candidate], *, rel: float, abs_: float = 0.0) -> tuple[Slip, ...]:
    """As `slips`, but those too close to the answer or to an earlier slip are left out."""
    seen, kept = [answer], []
    for value, name, reply in candidates[:MOST_SLIPS]:
        if all(apart(value, other, rel=rel, abs_=abs_) for other in seen):
            seen.append(value)
            kept.append(Slip(answer=typed(value), name=name, reply=reply))
    return tuple(kept)
