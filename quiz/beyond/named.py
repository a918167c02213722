"""Generated questions whose slips have a name, put together as in `quiz.computed.generator`."""

from __future__ import annotations

from collections.abc import Sequence

from quiz.computed.generator import ABS, REL, Fields
from quiz.computed.numbers import MOST_SLIPS, Clash, apart, typed
from quiz.schema import Slip

Wrong = tuple[float, str, str]  # value, name, reply
Sizes = tuple[int, ...]
FEWEST = 2  # slips that a question must tell apart


def numeric(
    prompt: str,
    answer: float,
    wrong: Sequence[Wrong],
    explanation: str,
    *,
    hints: Sequence[str] = (),
    abs_: float = ABS,
) -> Fields:
    """Fields of a numeric question; ``wrong`` has the value of each slip with its name and reply.

    Raises:
        Clash: Answer and slips cannot be told apart.
    """
    kept = _distinct(answer, wrong, rel=REL, abs_=abs_)
    if len(kept) < len(wrong):
        raise Clash(f"answer {answer} and slips {[value for value, _, _ in wrong]} lie too close together")
    return {
        "kind": "numeric",
        "prompt": prompt,
        "answer": float(f"{answer:.12g}"),
        "rel": REL,
        "abs": abs_,
        "slips": kept,
        "explanation": explanation,
        "hints": tuple(hints),
    }


def count(
    prompt: str,
    answer: int,
    wrong: Sequence[Wrong],
    explanation: str,
    *,
    accept: Sequence[Wrong] = (),
    hints: Sequence[str] = (),
) -> Fields:
    """Fields of a count question; ``accept`` are counts under another convention. Equal slips are left out.

    Raises:
        Clash: Fewer than `FEWEST` slips are left, or one is a count under another convention.
    """
    kept = _distinct(answer, wrong, rel=0.0)
    if len(kept) < FEWEST or {answer, *(value for value, _, _ in wrong)} & {value for value, _, _ in accept}:
        raise Clash(f"answer {answer}, slips {[value for value, _, _ in wrong]} and {accept} coincide")
    return {
        "kind": "count",
        "prompt": prompt,
        "answer": answer,
        "accept": tuple(Slip(answer=typed(value), name=name, reply=reply) for value, name, reply in accept),
        "slips": kept,
        "explanation": explanation,
        "hints": tuple(hints),
    }


def shape(
    prompt: str, answer: Sizes, wrong: Sequence[tuple[Sizes, str, str]], explanation: str, *, hints: Sequence[str] = ()
) -> Fields:
    """Fields of a shape question; slips that read as the answer or as an earlier slip are left out.

    Raises:
        Clash: Fewer than `FEWEST` slips are left.
    """
    kept: dict[Sizes, Slip] = {}
    for sizes, name, reply in wrong:
        if sizes != answer:
            kept.setdefault(sizes, Slip(answer=_sizes(sizes), name=name, reply=reply))
    if len(kept) < FEWEST:
        raise Clash(f"answer {answer} and slips {[sizes for sizes, _, _ in wrong]} coincide")
    return {
        "kind": "shape",
        "prompt": prompt,
        "answer": _sizes(answer),
        "slips": tuple(kept.values()),
        "explanation": explanation,
        "hints": tuple(hints),
    }


def _distinct(answer: float, wrong: Sequence[Wrong], *, rel: float, abs_: float = 0.0) -> tuple[Slip, ...]:
    """The slips, without those too close to the answer or to an earlier one."""
    seen, kept = [answer], []
    for value, name, reply in wrong[:MOST_SLIPS]:
        if all(apart(value, other, rel=rel, abs_=abs_) for other in seen):
            seen.append(value)
            kept.append(Slip(answer=typed(value), name=name, reply=reply))
    return tuple(kept)


def _sizes(sizes: Sizes) -> str:
    return f"({', '.join(map(str, sizes))})"
