"""An answer that was kept while its page lost the server is shown as handed in, and not asked for again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from support import PATIENCE

from dashboard.kit.asking import cut_off, flow, keep
from dashboard.kit.people import stores
from dashboard.practice import practising, start
from quiz.grading.grade import right_response
from quiz.load import load_bank

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TYPED, SLIP, WRONG, CHOSEN = "forward-first-step", "0.5", "0.9", "truncation-what-is-cut"
GENERATED = "gen-step-delta"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The time, in a list so that it can be changed; the learner is the one on their own machine."""
    times = [NOW]
    for page in (cut_off, flow, keep, practising, start):
        for name, value in (("now", lambda: times[0]), ("learner", lambda: "local")):
            if hasattr(page, name):
                monkeypatch.setattr(page, name, value)
    return times


def script() -> None:
    """Practice and nothing else."""
    from dashboard.practice import practising

    practising.draw("practice")


def session(question: str) -> AppTest:
    """A new session at a question, as a page opens one that has lost its server."""
    app = AppTest.from_function(script, default_timeout=PATIENCE)
    app.query_params["q"] = question
    return app.run()


def press(app: AppTest, label: str) -> AppTest:
    """Press the first button whose label begins so."""
    return next(button for button in app.button if button.label.startswith(label)).click().run()


def asks(app: AppTest) -> bool:
    """Whether the question is still to be answered."""
    return any(button.label == "Check" for button in app.button)


def handed_in(question: str, given: Any) -> AppTest:
    """A session in which a question was answered by typing or choosing."""
    app = session(question)
    (app.text_input if app.text_input else app.radio)[0].set_value(given).run()
    return press(app, "Check")


def said(app: AppTest) -> list[str]:
    """What a page says in words, without what names its widgets."""
    return [str(element.value) for element in (*app.title, *app.markdown, *app.caption)]


def kept(question: str) -> int:
    """How many answers to a question are kept."""
    return len(stores.store().attempts("local", question))


@pytest.mark.parametrize("question", [TYPED, CHOSEN])
def test_new_session_shows_what_was_handed_in(question: str, clock: list[datetime]) -> None:
    """The page of the new session says what the old one said, the way on with it, and nothing is kept twice."""
    before = handed_in(question, right_response(load_bank()[question]))
    assert not asks(before)
    clock[0] += timedelta(seconds=20)
    after = session(question)
    assert said(after) == said(before)
    assert [button.label for button in after.button] == [button.label for button in before.button]
    assert kept(question) == 1


def test_second_try_is_shown_with_the_first(clock: list[datetime]) -> None:
    """What counted at the second try counts the same in the new session."""
    app = handed_in(TYPED, SLIP)
    assert asks(app)
    app.text_input[0].set_value(WRONG).run()
    before = press(app, "Check")
    assert not asks(before)
    clock[0] += timedelta(seconds=1)
    assert said(session(TYPED)) == said(before)


def test_answer_that_was_given_up_is_shown_as_such(clock: list[datetime]) -> None:
    """A miss without an answer comes back as the answer that was shown."""
    before = press(session(TYPED), "Show the answer")
    clock[0] -= timedelta(seconds=30)  # a clock that is set back meanwhile
    assert said(session(TYPED)) == said(before)


def test_who_comes_later_is_asked_anew(clock: list[datetime]) -> None:
    """After some minutes nobody is waiting for the page any more: the question is for practice again."""
    handed_in(TYPED, right_response(load_bank()[TYPED]))
    clock[0] += cut_off.RECENT + timedelta(seconds=1)
    assert asks(session(TYPED))


def test_another_variant_is_asked(clock: list[datetime]) -> None:
    """What was handed in of one variant of a generated question says nothing of another one."""
    del clock
    app = AppTest.from_function(script, default_timeout=PATIENCE)
    app.query_params["q"], app.query_params["v"] = GENERATED, "5"
    press(app.run(), "Show the answer")
    other = AppTest.from_function(script, default_timeout=PATIENCE)
    other.query_params["q"], other.query_params["v"] = GENERATED, "6"
    assert asks(other.run())


def test_who_saw_the_feedback_can_try_again(clock: list[datetime]) -> None:
    """In the session that showed the verdict, "Try it again" asks again at once."""
    del clock
    assert asks(press(handed_in(TYPED, right_response(load_bank()[TYPED])), "Try it again"))


def test_new_session_can_try_again_too(clock: list[datetime]) -> None:
    """Once the answer was shown, "Try it again" there asks again, under another key, and that answer is kept too."""
    right = right_response(load_bank()[TYPED])
    handed_in(TYPED, right)
    clock[0] += timedelta(seconds=20)
    app = press(session(TYPED), "Try it again")
    assert asks(app)
    app.text_input[0].set_value(right).run()
    assert not asks(press(app, "Check"))
    assert kept(TYPED) == 2


def test_what_cannot_be_read_any_more_is_asked_anew(clock: list[datetime], monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that today's question can't read costs no page."""
    del clock
    handed_in(TYPED, right_response(load_bank()[TYPED]))

    def changed(*_: object) -> Any:
        raise KeyError(TYPED)

    monkeypatch.setattr(cut_off, "_graded", changed)
    assert asks(session(TYPED))
