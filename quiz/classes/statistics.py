"""What the first answers of a class say: facility, discrimination, slips, calibration. Exact, and so for no eye yet.

What a teacher sees is made of these by `quiz.classes.privacy`.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Z = 1.959963984540054  # of a 95 % interval


class Answer(NamedTuple):
    """One learner's first answer to one question of an assignment; a tuple, since a page makes thousands of them.

    Attributes:
        number: Its place among the class's answers to the assignment, from 1.
        question: The question's id.
        learner: Who gave it; None once they erased their data, when the answer counts on without them.
        right: Whether it was right at once.
        certainty: How sure the learner was, in per cent; None when not said.
        slips: Names of the slips in it.
        told: Whether the grade files told the learner's scores when it was counted.
    """

    number: int
    question: str
    learner: str | None
    right: bool
    certainty: int | None
    slips: tuple[str, ...]
    told: bool = False


def by_question(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    """The answers to each question, in their order."""
    found: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        found[answer.question].append(answer)
    return dict(found)


def wilson(right: int, answers: int) -> tuple[float, float]:
    """The 95 % interval of a share.

    Source: Wilson (1927), "Probable inference, the law of succession, and statistical inference".

    Args:
        right: How many were right.
        answers: Of how many; at least 1.
    """
    share, per = right / answers, Z * Z / answers
    middle = (share + per / 2) / (1 + per)
    half = Z / (1 + per) * math.sqrt(share * (1 - share) / answers + per / (4 * answers))
    return max(0.0, middle - half), min(1.0, middle + half)


def slips(answers: Iterable[Answer]) -> Counter[str]:
    """How many answers hold each slip; one that holds it twice counts once."""
    return Counter(name for answer in answers for name in set(answer.slips))


def discrimination(answers: Sequence[Answer]) -> dict[str, tuple[float, int]]:
    """How far who got a question right did better on the others: the corrected item-total correlation.

    For each question the point-biserial correlation, over the learners who answered it, of being right with the share
    right among their other answers. Learners without another answer are left out, as are answers without a learner.

    Returns:
        Question id to correlation and number of learners; without the questions where it does not exist, since all of
        them were right or wrong or did equally well.
    """
    of: dict[str, dict[str, bool]] = defaultdict(dict)
    for answer in answers:
        if answer.learner is not None:
            of[answer.learner].setdefault(answer.question, answer.right)
    pairs: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for given in of.values():
        if len(given) > 1:
            total = sum(given.values())
            for question, right in given.items():
                pairs[question].append((float(right), (total - right) / (len(given) - 1)))
    found = {question: (_correlation(both), len(both)) for question, both in pairs.items()}
    return {question: (r, n) for question, (r, n) in found.items() if r is not None}


def _correlation(pairs: Sequence[tuple[float, float]]) -> float | None:
    n = len(pairs)
    mean_x, mean_y = sum(x for x, _ in pairs) / n, sum(y for _, y in pairs) / n
    xx = sum((x - mean_x) ** 2 for x, _ in pairs)
    yy = sum((y - mean_y) ** 2 for _, y in pairs)
    if xx < 1e-12 or yy < 1e-12:
        return None
    return sum((x - mean_x) * (y - mean_y) for x, y in pairs) / math.sqrt(xx * yy)
