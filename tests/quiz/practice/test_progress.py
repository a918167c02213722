"""The figures a learner sees follow from the attempts by formulas that can be checked by hand."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.attempt import Attempt
from quiz.practice import progress
from quiz.practice.schedule import Card, day_due, due, fold, retrievability

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


def attempt(question: str, days_ago: float = 0, verdict: str = "correct", **fields: Any) -> Attempt:
    """An attempt on a question some days before `NOW`."""
    at = NOW - timedelta(days=days_ago)
    values: dict[str, Any] = {
        "key": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{question} {at}")),
        "learner": "ada",
        "question": question,
        "mode": "practice",
        "asked_at": at,
        "answered_at": at,
        "response": "b",
        "verdict": verdict,
        "score": float(verdict == "correct"),
        "credit": float(verdict == "correct"),
    }
    return Attempt(**values | fields)


def cards(*attempts: Attempt) -> dict[str, Card]:
    """The cards of some attempts."""
    return fold(attempts)


ASKED = {f"q{n}": ("bptt",) for n in range(5)} | {"mixed": ("gates", "bptt")}


def test_mastery_needs_more_than_one_right_answer() -> None:
    """One right answer of many questions is a third, three are all."""
    one = progress.mastery(ASKED, cards(attempt("q0")), NOW)["bptt"]
    assert (one.value, one.seen, one.total) == (pytest.approx(1 / 3), 1, 6)
    three = progress.mastery(ASKED, cards(*(attempt(f"q{n}") for n in range(3))), NOW)["bptt"]
    assert three.value == pytest.approx(1)


def test_too_few_answers_are_told_apart_from_not_knowing() -> None:
    """Two answers say nothing yet, right or wrong; three do; a concept that one question asks about is told by one."""
    for verdict, level in (("correct", "known"), ("wrong", "shaky")):
        made = [attempt(f"q{n}", verdict=verdict) for n in range(3)]
        assert progress.mastery(ASKED, cards(*made[:2]), NOW)["bptt"].level == "too few answers to tell"
        assert progress.mastery(ASKED, cards(*made), NOW)["bptt"].level == level
        assert progress.mastery({"q0": ("shapes",)}, cards(made[0]), NOW)["shapes"].level == level
    assert progress.mastery(ASKED, {}, NOW)["bptt"].level == "not asked yet"


def test_interview_and_progress_judge_alike() -> None:
    """So many checks of an interview say of a concept what as many answers just now say on the page of progress."""
    for right in range(4):
        for answers in range(max(right, 1), 4):
            made = [attempt(f"q{n}", verdict="correct" if n < right else "wrong") for n in range(answers)]
            assert progress.of_checks(right, answers).level == progress.mastery(ASKED, cards(*made), NOW)["bptt"].level


@given(
    st.lists(st.tuples(st.floats(-3, 60), st.sampled_from(["correct", "partial", "wrong"])), max_size=12),
    st.integers(-12, 14), st.integers(0, 23),
)  # fmt: skip
def test_due_and_forecast_agree(days: list[tuple[float, str]], zone: int, hour: int) -> None:
    """What is due today is what the forecast has for today, at any hour and in any zone, and each day has its own."""
    made = cards(*(attempt(f"q{n}", ago, verdict) for n, (ago, verdict) in enumerate(days)))
    here = NOW.replace(hour=hour).astimezone(timezone(timedelta(hours=zone)))
    ahead = dict(progress.forecast(made, here))
    assert len(due(made, here)) == ahead[here.date()]
    for later in range(1, 14):
        fresh = [card for card in made.values() if day_due(card, here) == here.date() + timedelta(days=later)]
        assert len(fresh) == ahead[here.date() + timedelta(days=later)]


def test_mastery_of_a_concept_with_few_questions_can_be_full() -> None:
    """Where only one question asks, that question is enough."""
    assert progress.mastery({"q": ("shapes",)}, cards(attempt("q")), NOW)["shapes"].value == pytest.approx(1)


def test_side_concepts_weigh_half() -> None:
    """A question counts fully for its main concept and half for the others."""
    known = progress.mastery(ASKED, cards(attempt("mixed")), NOW)
    assert known["gates"].value == pytest.approx(1)
    assert known["bptt"].value == pytest.approx(0.5 / 3)


def test_mastery_falls_by_misses_and_by_time() -> None:
    """Mastery is credit times the chance of recall."""
    asked = {"q": ("shapes",)}
    missed = cards(attempt("q", 3), attempt("q", 0, "wrong"))
    assert progress.mastery(asked, missed, NOW)["shapes"].value == pytest.approx(1 / 3)
    old = cards(attempt("q", 200))
    faded = progress.mastery(asked, old, NOW)["shapes"].value
    assert faded == retrievability(old["q"], NOW)
    assert 0.3 < faded < 0.7


def test_mastery_passes_over_questions_no_longer_asked() -> None:
    """A card whose question left the bank changes nothing."""
    assert progress.mastery(ASKED, cards(attempt("gone")), NOW) == progress.mastery(ASKED, {}, NOW)


def test_forecast_puts_overdue_cards_on_today() -> None:
    """Fourteen days from today; what is later than that is left out."""
    made = cards(
        attempt("late", 30),
        attempt("today", 2),
        attempt("missed", 0, "wrong"),
        attempt("right"),
        attempt("easy", easy=True),
    )
    found = progress.forecast(made, NOW)
    assert [day for day, _ in found] == [date(2026, 1, 10) + timedelta(days=ahead) for ahead in range(14)]
    assert {day.day: count for day, count in found if count} == {10: 2, 11: 1, 12: 1, 18: 1}
    assert sum(count for _, count in progress.forecast(made, NOW, days=7)) == 4


def test_forecast_ends_days_at_the_learners_midnight() -> None:
    """A card due at noon in UTC is due the next day where it is already past midnight."""
    made = cards(attempt("q", 0, "wrong"))
    assert progress.forecast(made, NOW.astimezone(timezone(timedelta(hours=13))))[1] == (date(2026, 1, 12), 1)


def test_forecast_moves_a_card_across_midnight() -> None:
    """A card due at 23:00 UTC is due the next day in the east, one due at 1:00 the day before in the west."""
    made = cards(attempt("q", -11 / 24, "wrong"))  # answered at 23:00, due a day later
    assert progress.forecast(made, NOW)[1][1] == 1
    assert progress.forecast(made, NOW.astimezone(timezone(timedelta(hours=1))))[2] == (date(2026, 1, 12), 1)
    early = cards(attempt("q", 11 / 24, "wrong"))  # answered at 1:00, due on the 11th at 1:00
    assert progress.forecast(early, NOW.astimezone(timezone(timedelta(hours=-2))))[0] == (date(2026, 1, 10), 1)


def test_calibration_bins() -> None:
    """Certainties fall into fifths, 100 % into the last; each bin has its mean certainty and share of right answers."""
    found = progress.calibration(((0, 2, 1), (19, 2, 0), (20, 1, 1), (90, 3, 3), (100, 1, 0)))
    assert [(b.low, b.high, b.attempts) for b in found.bins] == [(0, 20, 4), (20, 40, 1), (80, 100, 4)]
    assert [b.right for b in found.bins] == [0.25, 1, 0.75]
    assert [b.certainty for b in found.bins] == pytest.approx([0.095, 0.2, 0.925])
    assert found.total is not None
    assert (found.total.attempts, found.total.right) == (9, pytest.approx(5 / 9))


def test_calibration_of_nothing() -> None:
    """Nobody's certainty was asked: no bins, no total."""
    assert progress.calibration(()) == progress.Calibration((), None)


def test_history_by_day() -> None:
    """Attempts stand under the learner's days with the mean credit of those that count."""
    attempts = (attempt("a"), attempt("b", 0.1, "wrong"), attempt("c", 0.2, "undecided"), attempt("d", 1, "undecided"))
    today, yesterday = progress.history(attempts, NOW)
    assert (today.day, today.attempts, today.credit) == (date(2026, 1, 10), attempts[:3], 0.5)
    assert (yesterday.attempts, yesterday.credit) == (attempts[3:], None)
    assert len(progress.history(attempts, NOW.astimezone(timezone(timedelta(hours=-10))))) == 3 - 1


def test_most_missed() -> None:
    """Most wrong answers first, then least credit; never missed, never shown."""
    made = cards(
        attempt("once", 2, "wrong"),
        attempt("once", 1),
        attempt("twice", 2, "wrong"),
        attempt("twice", 1, "wrong"),
        attempt("lately", 1, "wrong"),
        attempt("never", 1),
    )
    assert [card.question for card in progress.most_missed(made)] == ["twice", "lately", "once"]
    assert len(progress.most_missed(made, 1)) == 1
