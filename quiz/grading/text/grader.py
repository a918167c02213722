"""The verdict on an answer in words, with its evidence: pure, deterministic, and undecided where it isn't sure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from quiz.corpus.corpus import LABELS, rubric
from quiz.grading.text.features import features, parts
from quiz.grading.text.model import WHOLE, Floats, Model, hashed, labelled, load, scores, stacked
from quiz.grading.text.reading import LONGEST
from quiz.schema import Open

TextVerdict = Literal["correct", "partial", "wrong", "undecided"]

STATED, NAMED = 0.5, 0.5  # how likely a point must be to count as stated, a misconception to be named
FEWEST_KNOWN = 0.3  # of an answer's words, below which it is in another language or about something else
FEWEST_READ = 2  # words and concepts that the grader must know: of less, one word seen by chance makes a verdict
_WORD = re.compile(r"[^\W\d_]{2,}")
_SCRIPTS = re.compile(r"[\u0000-\u03ff\u1d00-\u24ff\U0001d400-\U0001d7ff]")  # Latin, Greek, raised, mathematical


@dataclass(frozen=True)
class Found:
    """A point or misconception that the answer states.

    Attributes:
        id: In the question's list.
        words: Where: a part of the answer, letter by letter.
        confidence: How likely it is stated, 0 to 1.
        reply: What to say to a misconception; empty for a point.
    """

    id: str
    words: str
    confidence: float
    reply: str = ""


@dataclass(frozen=True)
class TextGrade:
    """The verdict on an answer's text.

    Attributes:
        verdict: ``undecided`` where the grader is not sure enough.
        leaning: The likeliest verdict, which is the verdict unless it is undecided.
        confidence: How likely the leaning is right, 0 to 1, as measured on answers held out.
        points: Key points that it found.
        misconceptions: Misconceptions that it found; none beside a verdict of correct.
        judge: The model that judged; "" for the grader built in here.
    """

    verdict: TextVerdict
    leaning: TextVerdict
    confidence: float
    points: tuple[Found, ...] = ()
    misconceptions: tuple[Found, ...] = ()
    judge: str = ""

    @property
    def decided(self) -> bool:
        """Whether there is a verdict."""
        return self.verdict != "undecided"


def grade_text(question: Open, text: str) -> TextGrade:
    """Judge an answer in words.

    Args:
        question: One of the interview questions the corpus has answers to.
        text: What was answered; only the first 4,000 characters are read.

    Returns:
        The verdict. Undecided is what cannot be read (`_reads`), credit for which no point can be pointed at, and any
        answer to a question without a corpus.
    """
    model = load()
    text = text[:LONGEST]
    if question.id not in model.targets:
        return TextGrade("undecided", "undecided", 0.0)
    if not text.strip():
        return TextGrade("wrong", "wrong", 1.0)
    found = features(text)
    score = scores(model, question.id, found)
    ids, pieces = model.targets[question.id], parts(text)
    by_part = np.stack([scores(model, question.id, features(piece)) for piece in pieces])
    chances = labelled(model, question.id, stacked(question.id, score, by_part, ids, rubric()), rubric())
    best = int(chances.argmax())
    leaning, confidence = LABELS[best], float(chances[best])
    points, slips = _evidence(model, question, score, pieces, by_part)
    shown = leaning == "wrong" or bool(points)  # no credit without a point that can be pointed at
    speaks = shown and confidence >= model.least[best] and _reads(model, text, found)
    verdict: TextVerdict = leaning if speaks else "undecided"
    return TextGrade(verdict, leaning, confidence, points, () if verdict == "correct" else slips)


def _reads(model: Model, text: str, found: frozenset[str]) -> bool:
    """Whether the grader knows enough of an answer, so that its silence on a point says something."""
    letters = [letter for letter in text if letter.isalpha()]
    other_scripts = sum(not _SCRIPTS.match(letter) for letter in letters)
    words = [name for name in found if name.startswith("W:") and _WORD.match(name, 2)]
    known = sum(hashed(name) in model.hashes for name in words)
    concepts = sum(name.startswith(("C:", "K:")) and not name.endswith("_") for name in found)
    return 2 * other_scripts <= len(letters) and known + concepts >= FEWEST_READ and known >= FEWEST_KNOWN * len(words)


def _evidence(
    model: Model, question: Open, score: Floats, pieces: Sequence[str], by_part: Floats
) -> tuple[tuple[Found, ...], tuple[Found, ...]]:
    """What is stated, each with the part of the answer that speaks most for it."""
    ids = model.targets[question.id]
    replies = {wrong.id: wrong.reply for wrong in question.misconceptions}
    likely: list[tuple[int, str, float]] = []
    for column, name in enumerate(ids, len(WHOLE)):
        slope, offset = model.told["point" if name.startswith("p") else "misconception"]
        chance = float(1 / (1 + np.exp(-(slope * score[column] + offset))))
        if chance >= (STATED if name.startswith("p") else NAMED):
            likely.append((column, name, chance))
    stated = [
        Found(name, pieces[int(by_part[:, column].argmax())], chance, replies.get(name, ""))
        for column, name, chance in likely
    ]
    return (
        tuple(each for each in stated if each.id not in replies),
        tuple(each for each in stated if each.id in replies),
    )
