"""Cards fold from attempts the same way for ever."""

from __future__ import annotations

import inspect
import math
import random
import runpy
import uuid
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import fsrs
import pytest

from quiz.attempt import Attempt
from quiz.practice import schedule

START = datetime(2026, 1, 1, 12, tzinfo=UTC)


def answered(at: datetime, verdict: str = "correct", **fields: Any) -> Attempt:
    """An attempt on one question at a time."""
    values: dict[str, Any] = {
        "key": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{at} {fields}")),
        "learner": "ada",
        "question": "q",
        "mode": "practice",
        "asked_at": at,
        "answered_at": at,
        "response": "b",
        "verdict": verdict,
        "score": float(verdict == "correct"),
        "credit": float(verdict == "correct"),
    }
    return Attempt(**values | fields)


def in_turn(verdicts: list[str]) -> list[int]:
    """Days until due after each answer, every answer given on the day it is due."""
    now, attempts, days = START, [], []
    for verdict in verdicts:
        attempts.append(answered(now, verdict))
        due = schedule.fold(attempts)["q"].due
        days.append((due - now).days)
        now = due
    return days


@pytest.mark.parametrize(
    ("verdict", "hints", "called", "expected"),
    [
        ("correct", 0, "", fsrs.Rating.Good),
        ("correct", 0, "easy", fsrs.Rating.Easy),
        ("correct", 0, "hard", fsrs.Rating.Hard),
        ("correct", 1, "easy", fsrs.Rating.Hard),
        ("partial", 0, "", fsrs.Rating.Hard),
        ("partial", 2, "easy", fsrs.Rating.Hard),
        ("wrong", 0, "easy", fsrs.Rating.Again),
        ("wrong", 0, "hard", fsrs.Rating.Again),
        ("undecided", 0, "", None),
    ],
)
def test_rating(verdict: Any, hints: int, called: str, expected: fsrs.Rating | None) -> None:
    """Good only without help, Easy and Hard only when the learner says so, undecided never."""
    assert schedule.rating(verdict, hints, easy=called == "easy", hard=called == "hard") == expected


@pytest.mark.parametrize(
    ("verdicts", "days"),
    [
        (["correct"] * 5, [2, 11, 46, 163, 497]),
        (["wrong", "correct", "correct"], [1, 2, 6]),
        (["partial", "correct", "wrong", "correct"], [1, 5, 1, 2]),
    ],
)
def test_golden_intervals(verdicts: list[str], days: list[int]) -> None:
    """The published FSRS-6 parameters give these days; a change would move every learner's reviews."""
    assert in_turn(verdicts) == days


def test_no_number_comes_from_the_installed_release(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every setting the library has is given: a release with other defaults, or one setting more, changes nothing."""
    given: dict[str, Any] = {}

    class Recording(fsrs.Scheduler):
        def __init__(self, **settings: Any) -> None:
            given.update(settings)
            super().__init__(**settings)

    expected = set(inspect.signature(fsrs.Scheduler).parameters)
    monkeypatch.setattr(fsrs, "Scheduler", Recording)
    runpy.run_path(str(schedule.__file__), run_name="quiz.schedule_again")
    assert set(given) == expected
    assert given["parameters"] == (
        0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629,
        1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
    )  # fmt: skip
    assert (given["desired_retention"], given["maximum_interval"], given["enable_fuzzing"]) == (0.9, 36_500, False)


def test_golden_memory() -> None:
    """Stability and difficulty after six answers, to six digits: a release with another formula would move them."""
    at, log = START, []
    for verdict, days in [
        ("correct", 2),
        ("partial", 5),
        ("wrong", 1),
        ("correct", 3),
        ("correct", 9),
        ("correct", 30),
    ]:
        log.append(answered(at, verdict))
        at += timedelta(days=days)
    card = schedule.fold(log)["q"]
    assert (card.stability, card.difficulty) == pytest.approx((15.1147737, 8.2214712), rel=1e-6)


def test_second_review_by_hand() -> None:
    """Stability after Good, Good on the due day is the paper's formula with the published parameters."""
    w = schedule.PARAMETERS
    stability, days = w[2], 2
    difficulty = w[4] - math.exp(w[5] * 2) + 1
    factor = 0.9 ** (-1 / w[20]) - 1
    recall = (1 + factor * days / stability) ** -w[20]
    growth = math.exp(w[8]) * (11 - difficulty) * stability ** -w[9] * (math.exp((1 - recall) * w[10]) - 1)
    card = schedule.fold([answered(START), answered(START + timedelta(days=2))])["q"]
    assert card.stability == pytest.approx(stability * (1 + growth), rel=1e-12)
    assert schedule.retrievability(schedule.fold([answered(START)])["q"], START + timedelta(days=2)) == pytest.approx(
        recall
    )


def test_fold_does_not_depend_on_the_order_attempts_arrive_in() -> None:
    """An import or a late thread gives the same cards as answering in turn."""
    verdicts = ["correct", "partial", "wrong", "undecided", "correct"]
    attempts = [
        answered(START + timedelta(days=day), verdicts[day % 5], question=f"q{day % 3}", credit=day % 4 / 3)
        for day in range(40)
    ]
    expected = schedule.fold(attempts)
    random.Random(0).shuffle(attempts)
    assert schedule.fold(attempts) == expected


def test_undecided_leaves_no_trace() -> None:
    """An answer that was not judged neither makes a card nor moves one."""
    first, second = answered(START), answered(START + timedelta(days=1), "undecided")
    assert schedule.fold([second]) == {}
    assert schedule.fold([first, second]) == schedule.fold([first])


def test_credit_weighs_recent_answers_more() -> None:
    """0, then 1: two thirds, since each answer weighs twice the one before."""
    log = [answered(START + timedelta(days=day), verdict) for day, verdict in enumerate(("wrong", "correct"))]
    card = schedule.fold(log)["q"]
    assert card.credit == pytest.approx(2 / 3)
    assert (card.attempts, card.misses) == (2, 1)


@pytest.mark.parametrize(
    ("verdicts", "credit"),
    [
        (("correct", "wrong", "wrong"), 1 / 7),
        (("wrong", "correct", "wrong"), 2 / 7),
        (("wrong", "wrong", "correct"), 4 / 7),
        (("correct", "wrong", "wrong", "correct"), 9 / 15),
    ],
)
def test_each_answer_weighs_twice_the_one_before(verdicts: tuple[str, ...], credit: float) -> None:
    """Also from the third answer on: 1, 2, 4, 8 are the weights, whatever came before."""
    log = [answered(START + timedelta(days=day), verdict) for day, verdict in enumerate(verdicts)]
    card = schedule.fold(log)["q"]
    assert card.credit == pytest.approx(credit)
    assert card.weight == pytest.approx(2 - 0.5 ** (len(verdicts) - 1))


def test_attempts_of_one_moment_are_folded_by_key() -> None:
    """Two answers of the same microsecond have an order all the same, however they are handed over."""
    low = answered(START, "wrong", key=str(uuid.UUID(int=1)))
    high = answered(START, "correct", key=str(uuid.UUID(int=2)))
    for log in ([low, high], [high, low]):
        card = schedule.fold(log)["q"]
        assert (card.key, card.verdict, card.credit) == (high.key, "correct", pytest.approx(2 / 3))


def test_due_today_in_the_learners_time_zone() -> None:
    """What falls due later today is due now, by the learner's own midnight; the longest overdue comes first."""
    cards = schedule.fold([answered(START, question="b"), answered(START - timedelta(days=1), question="a")])
    assert [card.due for card in cards.values()] == [START + timedelta(days=1), START + timedelta(days=2)]
    morning = datetime(2026, 1, 3, 0, 30, tzinfo=UTC)
    assert [card.question for card in schedule.due(cards, morning)] == ["a", "b"]
    west = morning.astimezone(timezone(timedelta(hours=-8)))
    assert [card.question for card in schedule.due(cards, west)] == ["a"]
    assert schedule.due(cards, START) == ()


@pytest.mark.parametrize(("hours", "due"), [(-8, True), (0, False), (8, True)])
def test_a_day_ends_at_the_learners_midnight(hours: int, due: bool) -> None:
    """A card due on the 2nd at 2:00 UTC, seen on the 1st at 20:00 UTC: the same day in the west and in the east."""
    cards = schedule.fold([answered(START.replace(hour=2), "wrong")])
    now = datetime(2026, 1, 1, 20, tzinfo=UTC).astimezone(timezone(timedelta(hours=hours)))
    assert bool(schedule.due(cards, now)) == due
