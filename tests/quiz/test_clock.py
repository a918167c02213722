"""Clocks set back and ahead: no answer is lost, blocked or hidden by them, and nothing is put off for a year."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count, permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from quiz.asides import Place
from quiz.attempt import Attempt, Draft, in_calendar
from quiz.grading.grade import right_response
from quiz.interview.answered import LONGEST
from quiz.interview.interview import Interview
from quiz.load import load_bank
from quiz.practice import choosing as practice
from quiz.practice import progress, schedule
from quiz.schema import Numeric
from quiz.store import Store
from quiz.terminal.terminal import Terminal

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY, YEAR = timedelta(days=1), timedelta(days=365)
numbers = count(1)


def attempt(at: datetime, verdict: Any = "correct", **fields: Any) -> Attempt:
    """An answer of Ada's by a clock that says `at`, with a key that sorts against the order of making."""
    credit = float(verdict == "correct")
    values: dict[str, Any] = {
        "key": str(uuid.UUID(int=10**6 - next(numbers))), "learner": "ada", "question": "q", "mode": "practice",
        "asked_at": at, "answered_at": at, "response": "b", "verdict": verdict, "score": credit, "credit": credit,
    }  # fmt: skip
    return Attempt(**values | fields)


def test_answer_before_its_question_took_no_time() -> None:
    """A clock set back in the middle of a question leaves the answer and takes the time."""
    kept = attempt(NOW, asked_at=NOW + YEAR)
    assert (kept.asked_at, kept.answered_at) == (NOW, NOW)


@pytest.mark.parametrize("year", [1, 1970, 2199, 9999])
def test_a_clock_far_out_costs_no_answer(store: Store, year: int) -> None:
    """A machine that thinks it is 1970 or 9999 can keep an answer, and another one after it."""
    now = in_calendar(datetime(year, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))
    for verdict in ("correct", "wrong", "correct"):
        assert store.add(attempt(now, verdict))
    assert [each.verdict for each in store.attempts("ada")] == ["correct", "wrong", "correct"]
    assert in_calendar(NOW) == NOW


def test_log_goes_on_after_the_last_time_there_is(store: Store, tmp_path: Path) -> None:
    """An imported answer from the end of the calendar blocks none that comes after it."""
    end = datetime(2199, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    other = attempt(end, question="other")
    with Store.open(tmp_path / "other.sqlite3") as elsewhere:
        elsewhere.add(other)
        assert store.import_("ada", elsewhere.export("ada")).added == 1
    assert store.add(attempt(NOW))
    assert store.add(attempt(NOW + DAY, "wrong"))
    assert store.cards("ada")["q"].attempts == 2


def test_a_miss_is_not_hidden_by_an_answer_from_the_future(store: Store) -> None:
    """Right while the clock stood a year ahead, wrong after it was set right: the miss is the last word."""
    store.add(attempt(NOW + YEAR))
    store.add(attempt(NOW, "wrong"))
    card = store.cards("ada")["q"]
    assert (card.verdict, card.answered_at, card.misses) == ("wrong", NOW, 1)
    assert schedule.due({"q": card}, NOW) == ()
    assert schedule.due({"q": card}, NOW + DAY) == (card,)
    assert [each.verdict for each in store.attempts("ada", newest=1)] == ["wrong"]


def test_a_miss_from_the_future_is_due_at_once(store: Store) -> None:
    """What was answered under a clock a year ahead waits for no year, in no list."""
    store.add(attempt(NOW + YEAR, "wrong"))
    cards = store.cards("ada")
    assert schedule.due(cards, NOW) == (cards["q"],)
    assert progress.forecast(cards, NOW)[0][1] == 1
    assert progress.most_missed(cards) == (cards["q"],)
    assert 0 < schedule.retrievability(cards["q"], NOW) <= 1


def test_clocks_a_little_apart_put_nothing_forward() -> None:
    """Two servers whose clocks differ by minutes agree that what was just answered is not due."""
    cards = schedule.fold([attempt(NOW + timedelta(minutes=10))])
    assert schedule.due(cards, NOW) == ()


def intervals(store: Store) -> float:
    """Days until the card of "q" is due, by its own clock."""
    card = store.cards("ada")["q"]
    return (card.due - card.answered_at) / DAY


@pytest.mark.parametrize("wrong", [NOW + YEAR, NOW - 6 * YEAR], ids=["ahead", "back"])
def test_a_false_time_makes_no_long_memory(store: Store, wrong: datetime) -> None:
    """Answers under a wrong clock in the middle of others count as if they came when those around them came."""
    for at in (NOW, wrong, wrong + DAY, NOW + 2 * DAY, NOW + 10 * DAY):
        store.add(attempt(at))
    assert schedule.due(store.cards("ada"), NOW + 60 * DAY) != ()
    assert 2 < intervals(store) < 50
    assert store.cards("ada") == schedule.fold(store.attempts("ada"))


def test_a_clock_that_only_went_forward_changes_nothing(store: Store) -> None:
    """Without a jump back the times are the clock's own, and each card the one that stepping gives."""
    kept = [attempt(NOW + days * DAY) for days in (0, 2, 13, 59)]
    card = None
    for each in kept:
        store.add(each)
        card = schedule.step(card, each)
        assert store.cards("ada") == {"q": card} == schedule.fold(kept[: kept.index(each) + 1])
    assert [each.recorded_at for each in store.attempts("ada")] == [each.answered_at for each in reversed(kept)]


def test_fold_depends_on_the_log_and_not_on_the_order_of_reading(store: Store) -> None:
    """However attempts with jumping clocks are handed over, they give the same card, with the last one's verdict."""
    for at, verdict in ((NOW, "correct"), (NOW + YEAR, "correct"), (NOW - YEAR, "wrong"), (NOW + DAY, "partial")):
        store.add(attempt(at, verdict))
    folded = [schedule.fold(order) for order in permutations(store.attempts("ada"))]
    assert all(each == store.cards("ada") for each in folded)
    assert folded[0]["q"].verdict == "partial"


def test_order_of_the_log_survives_export_and_import(store: Store) -> None:
    """Another store that takes the lines has the same last word; a file of the first edition has no such field."""
    store.add(attempt(NOW + YEAR))
    store.add(attempt(NOW, "wrong"))
    lines = list(store.export("ada"))
    assert ["recorded_at" in line for line in lines] == [False, True]
    assert store.import_("bob", reversed(lines)).problems == ()
    assert store.cards("bob") == store.cards("ada")


def test_follow_up_comes_after_a_miss_just_now_only() -> None:
    """A miss that a clock ahead put into the future is followed up no more than one of an hour ago."""
    bank, rng = load_bank(), np.random.default_rng(0)
    name = next(question.id for question in bank.questions if question.kind == "numeric")

    def reason(at: datetime) -> str:
        recent = [attempt(at, "wrong", question=name)]
        cards = schedule.fold(recent)
        pick = practice.next_question(bank, cards, recent, mode="practice", rng=rng, now=NOW)
        assert pick is not None
        return pick.reason

    assert reason(NOW - timedelta(minutes=5)) == "after a miss"
    assert reason(NOW + timedelta(minutes=5)) == "after a miss"
    assert reason(NOW - timedelta(hours=2)) == reason(NOW + YEAR) == "weakest"


def test_history_has_each_day_once_and_none_to_come() -> None:
    """The log's order is not that of the days after a jump; what is dated after today stands under today."""
    log = [attempt(NOW - DAY), attempt(NOW + YEAR), attempt(NOW - DAY), attempt(NOW)]
    days = progress.history(log, NOW)
    assert [(day.day, len(day.attempts)) for day in days] == [(NOW.date(), 2), ((NOW - DAY).date(), 2)]


def test_lesson_opened_last_is_the_last_one(store: Store) -> None:
    """A lesson opened while the clock stood ahead does not stay the last one for a year."""
    for lesson, at in (("bptt", NOW + YEAR), ("gates", NOW), ("forward", NOW - YEAR), ("gates", NOW)):
        store.save_place(Place(learner="ada", lesson=lesson, query="", opened_at=at))
    assert [place.lesson for place in store.places("ada")] == ["gates", "forward", "bptt"]


@pytest.mark.parametrize(("jump", "seconds"), [(-YEAR, 0.0), (YEAR, LONGEST)], ids=["back", "ahead"])
def test_interview_goes_on_through_a_jump(store: Store, jump: timedelta, seconds: float) -> None:
    """The clock jumps in the middle of the second question and back in the fourth: times stay within what can be."""
    bank = load_bank()
    state = Interview.start(bank, np.random.default_rng(0), NOW)
    clocks = [NOW + timedelta(minutes=1), NOW + jump, NOW + jump + timedelta(minutes=1), NOW + timedelta(minutes=2)]
    for now in clocks:
        given = replace(
            attempt(now, mode="interview", question=state.question), key=state.key, asked_at=min(state.asked_at, now)
        )
        state = state.answer(now, given, [True])
        assert store.add(given, interview=state.to_json())
        kept = store.interview("ada")
        assert kept is not None
        assert Interview.resumed(bank, kept) == state
    taken = [answered.seconds for answered in state.answers]
    assert taken == [60, seconds, 60, LONGEST - seconds]
    assert len(store.attempts("ada")) == 4
    assert state.report(bank).seconds == 60 + LONGEST + 60


class Sitting:
    """A terminal whose clock and lines come from the test."""

    def __init__(self, store: Store, clock: list[datetime], typed: list[str]) -> None:
        self.said, self._typed, self._clock = "", iter(typed), clock
        self.terminal = Terminal(
            load_bank(), store, "ada", np.random.default_rng(1), self._now, ask=self._ask, say=self._say
        )

    def _now(self) -> datetime:
        return self._clock.pop(0) if len(self._clock) > 1 else self._clock[0]

    def _ask(self, _prompt: str) -> str:
        return next(self._typed)

    def _say(self, text: str) -> None:
        self.said += f"{text}\n"


def a_number() -> Numeric:
    """A question of the bank that is answered with a number."""
    return next(question for question in load_bank().questions if isinstance(question, Numeric))


@pytest.mark.parametrize("then", [NOW - YEAR, NOW + YEAR, datetime(1970, 1, 1, tzinfo=UTC)])
def test_terminal_keeps_an_answer_through_a_jump(store: Store, then: datetime) -> None:
    """Set back, ahead or to the epoch between the question and its answer: it is kept by the clock as it stood."""
    question = a_number()
    Sitting(store, [NOW, then], [right_response(question)]).terminal.ask_one(question.id, 0, "practice")  # type: ignore[list-item]
    (kept,) = store.attempts("ada")
    assert kept.verdict == "correct"
    assert kept.answered_at == in_calendar(then)
    assert kept.asked_at <= kept.answered_at


def test_terminal_takes_up_a_draft_from_the_future(store: Store) -> None:
    """A draft that was begun under a clock ahead is answered now, not in a year."""
    question = a_number()
    key = str(uuid.UUID(int=5))
    store.save_draft(Draft(learner="ada", question=question.id, key=key, asked_at=NOW + YEAR, response="0"))
    Sitting(store, [NOW], ["0.123456", "answer"]).terminal.ask_one(question.id, 0, "practice")
    assert [each.answered_at for each in store.attempts("ada")] == [NOW]
    assert schedule.due(store.cards("ada"), NOW + DAY) != ()


def test_terminal_reviews_what_the_future_answered(store: Store) -> None:
    """A review on the sane clock asks what was missed under the clock ahead, and then no more that day."""
    question = a_number()
    store.add(attempt(NOW + YEAR, "wrong", question=question.id))
    sitting = Sitting(store, [NOW], [right_response(question)])  # type: ignore[list-item]
    sitting.terminal.practise("review")
    assert "1 due" in sitting.said
    assert "Nothing is due today" in sitting.said
    assert [each.answered_at for each in store.attempts("ada", question.id)] == [NOW, NOW + YEAR]
