"""While the database is away an answer waits on the page, and is kept once, with its own time, when it is back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from support import page_at

from dashboard.kit.asking import keep
from dashboard.kit.people import stores, who
from dashboard.kit.words import escaped, say
from quiz.errors import AwayError
from quiz.store import Store
from quiz.store.connected import Connected

QUESTION = "exploding-what-makes-it"
WAITS = say("asking", "waiting")
AWAY = "The database cannot be reached just now."
THEN = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """A learner whose answers are kept, at a time that stands still."""
    monkeypatch.setattr(who, "_at_home", lambda: True)
    for module in (who, keep):
        monkeypatch.setattr(module, "now", lambda: THEN)


def answered(page: AppTest) -> AppTest:
    """The question with its right option chosen and checked."""
    page.run()
    options = keep.load_bank()[QUESTION].options  # type: ignore[union-attr]
    page.radio[0].set_value(next(option.id for option in options if option.right)).run()
    return press(page, "Check")


def press(page: AppTest, label: str) -> AppTest:
    """A button of the page, pressed."""
    return next(button for button in page.button if button.label == label).click().run()


def waiting(page: AppTest) -> bool:
    """Whether the page says that the answer waits."""
    return any(WAITS in warning.value for warning in page.warning)


def failing(add: Callable[..., bool], *, after: bool) -> Callable[..., bool]:
    """`Store.add` with the connection lost before the answer was kept, or after it."""

    def lost(self: Store, attempt: Any, **more: Any) -> bool:
        if after:
            add(self, attempt, **more)
        raise AwayError(AWAY)

    return lost


@pytest.mark.parametrize("after", [False, True], ids=["before it was kept", "after it was kept"])
def test_answer_waits_and_is_kept_once(monkeypatch: pytest.MonkeyPatch, after: bool) -> None:
    """Nothing is lost and nothing doubled, whether or not the server had it when the connection went."""
    page = page_at("quiz", mode="practice", q=QUESTION)
    with monkeypatch.context() as away:
        away.setattr(Store, "add", failing(Store.add, after=after))
        answered(page)
        assert waiting(page)
        assert len(stores.store().attempts("local")) == int(after)
        press(page, "Hand it in now")
        assert waiting(page)
    monkeypatch.setattr(keep, "now", lambda: THEN + timedelta(hours=1))
    press(page, "Hand it in now")
    assert not waiting(page)
    (kept,) = stores.store().attempts("local")
    assert (kept.question, kept.answered_at, kept.verdict) == (QUESTION, THEN, "correct")
    shown = " ".join([each.value for each in page.markdown] + [each.value for each in page.info])
    assert say("asking", "elsewhere") not in shown
    assert any(button.label == "Next question" for button in page.button)


def gone(*_: object, **__: object) -> None:
    """A database that is away, whatever is asked of it."""
    raise AwayError(AWAY)


def test_lessons_go_on_and_the_quiz_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """A lesson is drawn whole while nothing can be read or kept; the quiz has one plain sentence."""
    stores.store()
    for name in ("_reading", "_writing"):
        monkeypatch.setattr(Connected, name, gone)
    lesson = page_at("forward").run()
    assert not lesson.exception
    assert [each.value for each in lesson.title]
    assert not lesson.error
    quiz = page_at("quiz", mode="practice", q=QUESTION).run()
    assert [each.value for each in quiz.error] == [escaped(AWAY)]
