"""Which words of an open answer show a key point or a misconception, as the grader found them: numbered, literal."""

from __future__ import annotations

from dataclasses import dataclass, replace

from quiz.grading.text.grader import TextGrade
from quiz.schema import Open

_LETTERS = "abcdefghij"


@dataclass(frozen=True)
class Piece:
    """A run of an answer's text.

    Attributes:
        text: The characters, as typed.
        label: What they show: numbers of key points, letters of misconceptions; "" for none.
        against: Whether they state a misconception.
        told: The label in words, for who can't see the line below the text.
    """

    text: str
    label: str = ""
    against: bool = False
    told: str = ""


@dataclass(frozen=True)
class _Span:
    start: int
    stop: int
    points: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()


def pieces(question: Open, text: str, said: TextGrade | None) -> tuple[Piece, ...]:
    """Cut an answer where the words begin and end that show something.

    Args:
        question: Its points are numbered 1, 2, … and its misconceptions a, b, … in its order.
        text: The learner's own words.
        said: A verdict with its evidence; None to leave the text whole.

    Returns:
        Pieces whose texts add up to `text`.
    """
    cut: list[Piece] = []
    end = 0
    for span in _apart(_spans(question, text, said)) if said else ():
        cut.append(Piece(text[end : span.start]))
        cut.append(_piece(text[span.start : span.stop], span))
        end = span.stop
    cut.append(Piece(text[end:]))
    return tuple(piece for piece in cut if piece.text)


def number(question: Open, point: str) -> int:
    """The number of a key point, by its id."""
    return [item.id for item in question.points].index(point) + 1


def letter(question: Open, misconception: str) -> str:
    """The letter of a misconception, by its id."""
    return _LETTERS[[item.id for item in question.misconceptions].index(misconception)]


def _spans(question: Open, text: str, said: TextGrade) -> list[_Span]:
    """Where the evidence stands; what is not in the text letter by letter has no place."""
    found: list[tuple[str, _Span]] = [
        *((each.words, _Span(0, 0, points=(str(number(question, each.id)),))) for each in said.points),
        *((each.words, _Span(0, 0, wrong=(letter(question, each.id),))) for each in said.misconceptions),
    ]
    places = [(text.find(words), len(words), span) for words, span in found if words]
    return [replace(span, start=start, stop=start + length) for start, length, span in places if start >= 0]


def _apart(spans: list[_Span]) -> list[_Span]:
    """The spans in order; those that overlap become one that carries the labels of both."""
    merged: list[_Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.stop)):
        before = merged[-1] if merged else None
        if before is None or span.start >= before.stop:
            merged.append(span)
            continue
        points, wrong = sorted({*before.points, *span.points}), sorted({*before.wrong, *span.wrong})
        merged[-1] = _Span(before.start, max(before.stop, span.stop), tuple(points), tuple(wrong))
    return merged


def _piece(text: str, span: _Span) -> Piece:
    parts = [_listed("key point", span.points), _listed("misconception", span.wrong)]
    told = " and ".join(part for part in parts if part)
    return Piece(text, " ".join((*span.points, *span.wrong)), bool(span.wrong), told)


def _listed(name: str, labels: tuple[str, ...]) -> str:
    return f"{name}{'s' * (len(labels) > 1)} {', '.join(labels)}" if labels else ""
