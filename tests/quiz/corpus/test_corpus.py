"""The corpus keeps its own rules, and its figures are right."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

import numpy as np
import pytest

from quiz import evaluate
from quiz.corpus.corpus import Answer, answers, fingerprint, rubric
from quiz.corpus.figures import kappa, kappa_interval, wilson
from quiz.load import load_bank
from quiz.schema import Open

BANK = load_bank()
Part = Literal["train", "test", "statements"]
PARTS: tuple[Part, ...] = ("train", "test", "statements")


def plain(row: Answer) -> tuple[str, str]:
    """Question and words of an answer, however they are set."""
    return row.question, " ".join(re.findall(r"[\w+*/=^-]+", row.text.casefold()))


def test_rubric_is_about_the_banks_questions() -> None:
    """Every interview question has essential sets, of points it has."""
    assert set(rubric().essential) == set(BANK.interview)
    for name, sets in rubric().essential.items():
        question = BANK[name]
        assert isinstance(question, Open)
        assert set().union(*sets) <= {point.id for point in question.points}


@pytest.mark.parametrize("part", PARTS)
def test_labels_follow_from_points_and_errors(part: Part) -> None:
    """No label stands beside points and errors that give another, and no id is unknown."""
    for row in answers(part):
        question = BANK[row.question]
        assert isinstance(question, Open)
        wrong = {each.id for each in question.misconceptions} | set(rubric().kinds)
        assert set(row.points) <= {point.id for point in question.points}, row
        assert {*row.errors, *row.slight} <= wrong, row
        assert row.label == rubric().verdict(row.question, row.points, row.errors), row


def test_there_are_enough_answers_to_each_question() -> None:
    """At least 100 to learn from and 30 to be measured on."""
    for part, least in (("train", 100), ("test", 30)):
        counts = Counter(row.question for row in answers(part))  # type: ignore[arg-type]
        assert all(counts[name] >= least for name in rubric().essential), (part, counts)


def test_no_answer_stands_twice() -> None:
    """Neither within a part nor in two: what is measured was not learnt."""
    seen = Counter(plain(row) for part in PARTS for row in answers(part))
    assert [row for row, times in seen.items() if times > 1] == []


def test_length_says_nothing() -> None:
    """A grader that sees only how long an answer is hardly beats the commonest label."""
    learnt, asked = answers("train"), answers("test")
    right = evaluate.numbers([row.label for row in asked])
    by_length = float((evaluate.by_length(learnt, asked) == right).mean())
    majority = float((evaluate.by_majority(learnt, asked) == right).mean())
    assert by_length < majority + 0.08


def test_fingerprint_is_of_the_texts() -> None:
    """It is the same on every call, and a hash."""
    assert re.fullmatch("[0-9a-f]{64}", fingerprint())
    assert fingerprint() == fingerprint()


def test_kappa_is_one_for_agreement_and_less_than_none_for_reversal() -> None:
    """The weighted κ of known tables, against the textbook's values."""
    right = np.array([0, 0, 1, 1, 2, 2])
    assert kappa(right, right) == 1
    assert kappa(right, right[::-1]) == pytest.approx(-1)
    assert kappa(right, np.array([1, 1, 1, 1, 1, 1])) == 0
    assert kappa(np.array([0, 2]), np.array([0, 1])) == pytest.approx(1 - 1 / 3)
    low, high = kappa_interval(np.tile(right, 20), np.tile([0, 1, 1, 1, 2, 2], 20))
    assert 0 < low < kappa(np.tile(right, 20), np.tile([0, 1, 1, 1, 2, 2], 20)) < high < 1


def test_interval_of_a_share_is_wilsons() -> None:
    """Known values: 8 of 10, and none of 10 with a limit above 0."""
    assert wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)
