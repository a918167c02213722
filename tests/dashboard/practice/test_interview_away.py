"""While the database is away an answer of the interview waits on the page, hands itself in once, and costs no time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.kit.asking import keep
from dashboard.kit.words import say
from dashboard.practice import asking_back, timing, waiting
from quiz.errors import AwayError
from quiz.interview.follow_ups import Talk
from quiz.store import Store
from quiz.store.connected import Connected
from tests.dashboard.practice import test_interviewing as usual
from tests.dashboard.practice.test_interviewing import NOW, begun, half_typed, opened, press, state, words

clock = usual.clock
WAITS = say("practice", "waiting")
WORDS = "The gradient is a product of many factors."


@contextmanager
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database that can neither be read nor written."""

    def gone(*_: object, **__: object) -> None:
        raise AwayError("The database cannot be reached just now.")

    with monkeypatch.context() as lost:
        for name in ("_reading", "_writing"):
            lost.setattr(Connected, name, gone)
        yield


def lost_after(monkeypatch: pytest.MonkeyPatch, name: str) -> pytest.MonkeyPatch:
    """A method of the store that keeps what it is given and never answers."""
    real: Callable[..., bool] = getattr(Store, name)

    def lost(self: Store, *given: Any, **named: Any) -> bool:
        real(self, *given, **named)
        raise AwayError("The database cannot be reached just now.")

    monkeypatch.setattr(Store, name, lost)
    return monkeypatch


def typed() -> AppTest:
    """An interview at its first question, with words and nothing else in its fields."""
    half_typed(begun(), WORDS, right=False)
    return opened()


def handed_in(app: AppTest) -> AppTest:
    """What is blank handed in all the same."""
    return press(press(app, "Hand in and go on"), "Hand in all the same")


def test_an_answer_waits_and_hands_itself_in(monkeypatch: pytest.MonkeyPatch, clock: Callable[[float], None]) -> None:
    """It stands on the page and is kept once, with the time at which it was given; the next one's time begins then."""
    app = typed()
    key = state().key
    with away(monkeypatch):
        clock(20)
        handed_in(app)
        assert WAITS in words(app)
        assert app.code[0].value == WORDS
        clock(600)
        assert WAITS in words(app.run())
    assert not keep.store().attempts("local")
    app.run()
    (kept,) = keep.store().attempts("local")
    assert (kept.key, kept.response["text"]) == (key, WORDS)
    assert (kept.answered_at - NOW).total_seconds() == 20
    after = state()
    assert after.answers[0].seconds == 20
    assert (after.asked_at - NOW).total_seconds() == 620
    assert after.spent == 0
    assert WAITS not in words(app.run())
    assert len(keep.store().attempts("local")) == 1
    assert say("practice", "elsewhere") not in words(app)


def test_a_follow_up_waits_likewise(monkeypatch: pytest.MonkeyPatch, clock: Callable[[float], None]) -> None:
    """Passed over while the database is away: kept once it is back, with its own time."""
    app = handed_in(typed())
    assert state().following is not None
    with away(monkeypatch):
        clock(12)
        press(app, "Pass on this one")
        assert WAITS in words(app)
        clock(300)
    press(app, "Hand it in now")
    (given,) = state().answers[0].followed
    assert (given.response, given.seconds) == (None, 12)
    assert (state().asked_at - NOW).total_seconds() == 312
    assert isinstance(asking_back.load_follow_ups().follow_ups[given.id].ask, Talk) or given.met is False


@pytest.mark.parametrize(("name", "presses"), [("add", ()), ("move_interview", ("Pass on this one",))])
def test_an_answer_that_was_kept_is_not_doubled(
    monkeypatch: pytest.MonkeyPatch, name: str, presses: tuple[str, ...], clock: Callable[[float], None]
) -> None:
    """The connection went after it was kept: handed in again it counts once, and no other window is blamed."""
    app = typed()
    if presses:
        app = handed_in(app)
        monkeypatch.setattr(timing, "SAVED", 1e9)  # the clock's own words are not what is lost here
    with monkeypatch.context() as lost:
        lost_after(lost, name)
        if presses:
            press(app, presses[0])
        else:
            handed_in(app)
        assert WAITS in words(app)
    clock(60)
    app.run()
    assert WAITS not in words(app)
    assert say("practice", "elsewhere") not in words(app)
    assert len(keep.store().attempts("local")) == 1
    assert len(state().answers) == 1
    assert len(state().answers[0].followed) == len(presses)


def test_another_window_was_first(monkeypatch: pytest.MonkeyPatch, clock: Callable[[float], None]) -> None:
    """What waits is not kept beside it; its words are shown with where the interview stands now."""
    interview = begun()
    half_typed(interview, "words of both windows")
    first, second = opened(), opened()
    with away(monkeypatch):
        press(first, "Hand in and go on")
        assert WAITS in words(first)
    clock(5)
    press(second, "Hand in and go on")
    first.run()
    (kept,) = keep.store().attempts("local")
    assert kept.verdict == "correct"
    assert say("practice", "elsewhere") in words(first)
    assert "words of both windows" in [each.value for each in first.code]


def test_what_waits_is_of_one_learner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody else hands it in."""
    app = typed()
    with away(monkeypatch):
        handed_in(app)
    monkeypatch.setattr(waiting, "learner", lambda: "another")
    app.run()
    assert not keep.store().attempts("local")
