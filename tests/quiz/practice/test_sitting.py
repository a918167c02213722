"""Ten minutes: what is due, weak and new, as much as fits, each once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import numpy as np
import pytest

from quiz.attempt import Attempt, Verdict
from quiz.load import load_bank
from quiz.practice.catalogue import catalogue
from quiz.practice.choosing import ready
from quiz.practice.progress import days, mastery
from quiz.practice.schedule import Card, due, fold
from quiz.practice.sitting import MINUTES, SECONDS, seconds, sitting
from quiz.schema import Open

NOW = datetime(2026, 6, 10, 12, tzinfo=UTC)
BANK = load_bank()


def answered(names: list[str], verdict: Verdict = "wrong", ago: float = 40) -> dict[str, Card]:
    """Cards of questions answered some days ago."""
    at, credit = NOW - timedelta(days=ago), float(verdict == "correct")
    return fold(
        Attempt(
            key=str(UUID(int=number)), learner="ada", question=name, mode="practice", asked_at=at, answered_at=at,
            response="x", verdict=verdict, score=credit, credit=credit,
        )
        for number, name in enumerate(names)
    )  # fmt: skip


def drawn(cards: dict[str, Card], seed: int = 0, minutes: float = MINUTES) -> list[str]:
    """The questions of a sitting."""
    rng = np.random.default_rng(seed)
    return [pick.question for pick in sitting(BANK, cards, rng=rng, now=NOW, minutes=minutes)]


def test_every_kind_has_a_time() -> None:
    """No kind of question is left out of the reckoning."""
    assert {question.kind for question in BANK.questions} <= SECONDS.keys()


@pytest.mark.parametrize("minutes", [3, 10, 25])
@pytest.mark.parametrize("known", [0, 5, 60])
def test_sitting_takes_about_as_long_as_said(minutes: int, known: int) -> None:
    """Whatever was answered before, it comes to the minutes asked for within one question, each question once."""
    exact = [question.id for question in BANK.questions if not isinstance(question, Open)]
    for seed in range(5):
        picks = drawn(answered(exact[:known]), seed, minutes)
        assert len(set(picks)) == len(picks)
        assert abs(sum(seconds(BANK, name) for name in picks) - 60 * minutes) <= 120


def test_due_weak_and_new_all_have_their_part() -> None:
    """With much due there is still room for something weak and something new; what is due stands first."""
    names = [question.id for question in BANK.questions if not isinstance(question, Open)]
    cards = answered(names[:60]) | answered(names[60:70], ago=0)
    waiting = {card.question for card in due(cards, NOW)}
    picks = drawn(cards)
    parts = ["due" if name in waiting else "weak" if name in cards else "new" for name in picks]
    assert set(parts) == {"due", "weak", "new"}
    assert parts == sorted(parts, key=["due", "weak", "new"].index)


def test_new_questions_are_of_concepts_one_is_ready_for() -> None:
    """A beginner is asked about what needs nothing else."""
    entries = catalogue(BANK)
    known = mastery({entry.id: entry.concepts for entry in entries.values()}, {}, NOW)
    assert {entries[name].concepts[0] for name in drawn({})} <= set(ready(BANK, known))


def test_generated_questions_come_with_new_numbers() -> None:
    """A variant is drawn, never 0 and never the last one."""
    cards = answered(["gen-forward-step"])
    picks = [pick for seed in range(5) for pick in sitting(BANK, cards, rng=np.random.default_rng(seed), now=NOW)]
    variants = {pick.variant for pick in picks if pick.question == "gen-forward-step"}
    assert variants
    assert 0 not in variants


def test_days_are_the_learners_own() -> None:
    """Answers count for the day on the learner's clock, days without any are there, the future counts for today."""
    here = NOW.astimezone()
    times = (NOW + timedelta(days=3), NOW, NOW - timedelta(days=1), NOW - timedelta(days=30))
    record = days(times, here, 14)
    assert len(record) == 14
    assert [count for _, count in record[-3:]] == [0, 1, 2]
    assert sum(count for _, count in record) == 3
    assert record[-1][0] == here.date()
