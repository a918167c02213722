"""How well the text grader does, measured on labelled answers: ``python -m quiz evaluate``.

Four graders are measured on the same answers: the one in use, and three that anything of worth must beat: the answer's
length alone, the commonest label, and the bank's keywords.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from quiz.corpus.corpus import LABELS, Answer, Label, answers, rubric
from quiz.corpus.figures import Verdicts, kappa, kappa_interval, wilson
from quiz.grading.text.grader import TextGrade, TextVerdict, grade_text
from quiz.grading.text.keywords import suggest
from quiz.load import Bank
from quiz.schema import Open

BINS = 6  # of length, for the baseline that sees nothing else
UNDECIDED = -1


@dataclass(frozen=True)
class Figures:
    """What one grader does on some answers.

    Attributes:
        name: Of the grader, the question or the voice.
        count: Answers.
        decided: Those it judged.
        right: Those it judged as labelled.
        kappa: Quadratically weighted, over the decided.
        kappa_interval: 95 %, by drawing again.
        wrong: Answers that are wrong.
        wrong_called_correct: Of these, those called correct.
        correct: Answers that are correct.
        correct_called_wrong: Of these, those called wrong.
    """

    name: str
    count: int
    decided: int
    right: int
    kappa: float
    kappa_interval: tuple[float, float]
    wrong: int
    wrong_called_correct: int
    correct: int
    correct_called_wrong: int


def figures(name: str, right: Verdicts, given: Verdicts) -> Figures:
    """Compare verdicts with labels; `UNDECIDED` where there is none."""
    decided = given != UNDECIDED
    known, said = right[decided], given[decided]
    return Figures(
        name,
        len(right),
        int(decided.sum()),
        int((known == said).sum()),
        kappa(known, said),
        kappa_interval(known, said),
        int((right == 0).sum()),
        int(((right == 0) & (given == 2)).sum()),
        int((right == 2).sum()),
        int(((right == 2) & (given == 0)).sum()),
    )


def numbers(labels: Sequence[Label]) -> Verdicts:
    """Labels as numbers, from worst to best."""
    return np.array([LABELS.index(label) for label in labels], dtype=np.int64)


def by_length(learnt: Sequence[Answer], asked: Sequence[Answer]) -> Verdicts:
    """The commonest label among answers to the same question of about the same length."""
    given = np.zeros(len(asked), dtype=np.int64)
    for question in rubric().essential:
        lengths = np.array([len(row.text) for row in learnt if row.question == question])
        labels = numbers([row.label for row in learnt if row.question == question])
        edges = np.quantile(lengths, np.linspace(0, 1, BINS + 1)[1:-1])
        places = np.searchsorted(edges, lengths)
        commonest = [int(np.bincount(labels[places == place], minlength=3).argmax()) for place in range(BINS)]
        for number, row in enumerate(asked):
            if row.question == question:
                given[number] = commonest[int(np.searchsorted(edges, len(row.text)))]
    return given


def by_majority(learnt: Sequence[Answer], asked: Sequence[Answer]) -> Verdicts:
    """The commonest label."""
    counts = np.bincount(numbers([row.label for row in learnt]), minlength=3)
    return np.full(len(asked), int(counts.argmax()), dtype=np.int64)


def by_keywords(bank: Bank, asked: Sequence[Answer]) -> Verdicts:
    """The verdict that follows from the bank's signs of points and misconceptions."""
    given = []
    for row in asked:
        question = bank[row.question]
        assert isinstance(question, Open)
        given.append(rubric().verdict(row.question, *suggest(question, row.text)))
    return numbers(given)


def judged(bank: Bank, asked: Sequence[Answer]) -> list[TextGrade]:
    """What the grader says of each answer."""
    found = []
    for row in asked:
        question = bank[row.question]
        assert isinstance(question, Open)
        found.append(grade_text(question, row.text))
    return found


def verdicts(given: Iterable[TextVerdict]) -> Verdicts:
    """Verdicts as numbers."""
    return np.array([UNDECIDED if each == "undecided" else LABELS.index(each) for each in given], dtype=np.int64)


def point_agreement(asked: Sequence[Answer], grades: Sequence[TextGrade]) -> tuple[int, int, int]:
    """Points found that are labelled, found that are not, and labelled that were not found."""
    hits = false = missed = 0
    for row, grade in zip(asked, grades, strict=True):
        found = {point.id for point in grade.points}
        hits += len(found & set(row.points))
        false += len(found - set(row.points))
        missed += len(set(row.points) - found)
    return hits, false, missed


def report(bank: Bank) -> Iterator[str]:
    """The table, line by line; the same corpus and weights give the same lines."""
    learnt, asked = answers("train"), answers("test")
    right = numbers([row.label for row in asked])
    grades = judged(bank, asked)
    given = verdicts(grade.verdict for grade in grades)
    yield f"{len(asked)} test answers, none of them used for training; intervals are 95 %."
    yield ""
    yield HEAD
    yield line(figures("grader", right, given))
    yield line(figures("length alone", right, by_length(learnt, asked)))
    yield line(figures("majority", right, by_majority(learnt, asked)))
    yield line(figures("keywords", right, by_keywords(bank, asked)))
    forced = np.array([LABELS.index(grade.leaning) for grade in grades if grade.leaning != "undecided"])
    yield line(figures("grader, never undecided", right, forced))
    hits, false, missed = point_agreement(asked, grades)
    turned = figures("grader", right, given)
    yield f"of all answers: wrong called correct {_share(turned.wrong_called_correct, turned.count)}," + (
        f" correct called wrong {_share(turned.correct_called_wrong, turned.count)}"
    )
    yield f"points: {hits} found rightly, {false} falsely, {missed} missed"
    for title, key in (("by question", "question"), ("by voice", "voice")):
        yield ""
        yield title
        yield HEAD
        groups = np.array([getattr(row, key) for row in asked])
        for group in sorted(set(groups)):
            among = groups == group
            yield line(figures(str(group), right[among], given[among]))


HEAD = (
    f"{'':24}{'n':>5}{'undecided':>10}  {'accuracy of decided':20}{'weighted κ':21}"
    f"{'wrong called correct':25}{'correct called wrong'}"
)


def line(row: Figures) -> str:
    """One row of the table under `HEAD`."""
    low, high = row.kappa_interval
    return (
        f"{row.name:24}{row.count:5}{1 - row.decided / max(row.count, 1):10.2f}  "
        f"{_share(row.right, row.decided):20}{f'{row.kappa:.2f} ({low:.2f} to {high:.2f})':21}"
        f"{_share(row.wrong_called_correct, row.wrong):25}{_share(row.correct_called_wrong, row.correct)}"
    )


def _share(hits: int, of: int) -> str:
    low, high = wilson(hits, of)
    return f"{hits / of:.2f} ({low:.2f} to {high:.2f})" if of else "–"
