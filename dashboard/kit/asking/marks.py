"""Which words of an open answer were taken for a key point, and which speak against one: numbered, never scored."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from quiz.grading.grade import LONGEST_TEXT
from quiz.schema import Open

_WORD = re.compile(r"[\w₋₀-₉+×*=<>^/-]+")  # as `quiz.grading.grade.suggest` parts words
_LETTERS = "abcdefghij"


@dataclass(frozen=True)
class Piece:
    """A run of an answer's text.

    Attributes:
        text: The characters, as typed.
        label: What they were taken for: numbers of key points, letters of misconceptions; "" for none.
        against: Whether they speak against a point.
    """

    text: str
    label: str = ""
    against: bool = False


@dataclass(frozen=True)
class _Span:
    start: int
    stop: int
    labels: tuple[str, ...]
    against: bool


def pieces(question: Open, text: str) -> tuple[Piece, ...]:
    """Cut an answer where the words begin and end that carry a sign.

    Args:
        question: Its points are numbered 1, 2, … and its misconceptions a, b, … in its order.
        text: The learner's own words.

    Returns:
        Pieces whose texts add up to `text`.
    """
    points = [(str(number), point.signs, False) for number, point in enumerate(question.points, 1)]
    wrong = [(letter, item.signs, True) for letter, item in zip(_LETTERS, question.misconceptions, strict=False)]
    found = [
        _Span(start, stop, (label,), against)
        for label, signs, against in (*points, *wrong)
        for start, stop in _places(text[:LONGEST_TEXT], signs)
    ]
    cut: list[Piece] = []
    end = 0
    for span in _apart(found):
        cut.append(Piece(text[end : span.start]))
        cut.append(Piece(text[span.start : span.stop], " ".join(span.labels), span.against))
        end = span.stop
    cut.append(Piece(text[end:]))
    return tuple(piece for piece in cut if piece.text)


def letter(question: Open, misconception: str) -> str:
    """The letter of a misconception, by its id."""
    return _LETTERS[[item.id for item in question.misconceptions].index(misconception)]


def _places(text: str, signs: Iterable[str]) -> list[tuple[int, int]]:
    """Where each sign stands first: character positions of whole words."""
    words = list(_WORD.finditer(text))
    line, at = "", {}
    for number, word in enumerate(words):
        at[len(line)] = number
        line += " " + word.group().casefold()
    ends = [*list(at)[1:], len(line)]
    places = []
    for sign in signs:
        wanted = "".join(" " + word for word in _WORD.findall(sign.casefold()))
        begin = line.find(wanted) if wanted else -1
        if begin >= 0:
            last = next(number for number, end in enumerate(ends) if end >= begin + len(wanted))
            places.append((words[at[begin]].start(), words[last].end()))
    return places


def _apart(spans: list[_Span]) -> list[_Span]:
    """The spans in order; those that overlap become one that carries the labels of both."""
    merged: list[_Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.stop)):
        before = merged[-1] if merged else None
        if before is None or span.start >= before.stop:
            merged.append(span)
            continue
        labels = tuple(dict.fromkeys((*before.labels, *span.labels)))
        merged[-1] = _Span(before.start, max(before.stop, span.stop), labels, against=before.against or span.against)
    return merged
