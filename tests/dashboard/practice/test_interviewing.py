"""The interview's pages: blanks named, no window hands in for another, time away, follow-ups, the debrief, all kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.kit.asking import interviews, keep
from dashboard.practice import asking_back, interview_start, interviewing, report, start, timing, waiting, window
from quiz.attempt import Draft
from quiz.grading.grade import right_response
from quiz.interview.follow_ups import Talk, asked, load_follow_ups
from quiz.interview.interview import Interview
from quiz.load import load_bank
from quiz.store import Store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
MODULES = (asking_back, interview_start, interviewing, interviews, keep, report, start, timing, waiting, window)
PATIENCE = 60


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[float], None]]:
    """A learner on their own machine with an empty store; gives what moves the clock on by seconds."""
    time = [NOW]
    monkeypatch.setenv("UNROLLED_DATA", str(tmp_path))
    keep.store.clear()
    for module in MODULES:
        monkeypatch.setattr(module, "learner", lambda: "local", raising=hasattr(module, "learner"))
        monkeypatch.setattr(module, "now", lambda: time[0], raising=hasattr(module, "now"))
    monkeypatch.setattr(st, "page_link", lambda *_, label, **__: st.markdown(label))

    def on(seconds: float) -> None:
        time[0] += timedelta(seconds=seconds)

    yield on
    keep.store().close()
    keep.store.clear()


def script(page: str, key: str) -> None:
    """One page of the quiz and nothing else."""
    from dashboard.practice import interviewing, report, start

    {"start": start.draw, "interview": interviewing.draw, "debrief": lambda: report.draw(key)}[page]()


def opened(page: str = "interview", key: str = "") -> AppTest:
    """A visit in a window of its own."""
    app = AppTest.from_function(script, args=(page, key), default_timeout=PATIENCE).run()
    assert not app.exception
    return app


def press(app: AppTest, label: str) -> AppTest:
    """Press the first button whose label begins so."""
    next(button for button in app.button if button.label.startswith(label)).click().run()
    assert not app.exception
    return app


def state() -> Interview:
    """What is kept of the interview."""
    return Interview.from_json(keep.store().interview("local") or {})


def begun(length: int = 5, *, clock: bool = True) -> Interview:
    """An interview just begun."""
    interview = Interview.start(load_bank(), np.random.default_rng(1), NOW, length=length, clock=clock)
    keep.store().save_interview("local", interview.to_json())
    return interview


def half_typed(interview: Interview, text: str, *, right: bool = True) -> None:
    """A draft of the current question as a window would keep it."""
    response = right_response(interview.asked(load_bank())) if right else {"probes": {}}
    assert isinstance(response, dict)
    keep.store().save_draft(
        Draft(
            learner="local", question=interview.question, variant=interview.seed, key=interview.key, asked_at=NOW,
            response={"text": text, "probes": response["probes"]},
        )
    )  # fmt: skip


def words(app: AppTest) -> str:
    """All that stands on a page in plain elements."""
    return "\n".join(each.value for part in (app.markdown, app.caption, app.info, app.warning) for each in part)


def test_blanks_are_named_before_anything_is_handed_in() -> None:
    """Checks and text left blank are named; only then, and after another press, the answer is kept."""
    interview = begun()
    app = press(opened(), "Hand in and go on")
    several = "Checks 1, 2, 3 and 4" if len(interview.asked(load_bank()).probes) == 4 else "Checks 1, 2 and 3"
    assert app.warning[0].value == f"{several} and your text are empty. Hand in all the same?"
    assert keep.store().attempts("local") == ()
    press(app, "Hand in all the same")
    (attempt,) = keep.store().attempts("local")
    assert (attempt.score, attempt.mode, attempt.variant) == (0.0, "interview", interview.seed)
    assert attempt.response["checks"] == [[check.id, check.variant] for check in interview.checks[0]]


def test_whole_answer_is_handed_in_at_once() -> None:
    """Nothing blank: one press; the text alone blank: it is named. Right answers lead on without a word on them."""
    interview = begun()
    half_typed(interview, "")
    app = press(opened(), "Hand in and go on")
    assert app.warning[0].value == "Your text is empty. Hand in all the same?"
    half_typed(interview, "In my words.")
    press(opened(), "Hand in and go on")
    (attempt,) = keep.store().attempts("local")
    assert (attempt.score, attempt.response["text"]) == (1.0, "In my words.")
    assert "Right" not in words(opened())


def test_no_window_hands_in_for_another() -> None:
    """A window whose step was left says so, shows the words that stood in it, and hands in nothing."""
    interview = begun()
    half_typed(interview, "words of both windows")
    first, second = opened(), opened()
    press(first, "Hand in and go on")
    press(second, "Hand in and go on")
    assert len(keep.store().attempts("local")) == 1
    assert "went on in another window" in words(second)
    assert second.code[0].value == "words of both windows"
    assert state().following is not None or len(state().answers) == 1
    second.run()
    assert "went on in another window" in words(second)


def test_window_left_behind_by_a_new_interview_hands_in_nothing() -> None:
    """An interview begun anew elsewhere is not overwritten by the old one's answer."""
    half_typed(begun(), "old words")
    app = opened()
    other = replace(Interview.start(load_bank(), np.random.default_rng(9), NOW, length=5))
    keep.store().save_interview("local", other.to_json())
    press(app, "Hand in and go on")
    assert keep.store().attempts("local") == ()
    assert state().keys == other.keys


def test_time_away_does_not_count(clock: Callable[[float], None]) -> None:
    """Time in sight counts; a page that was closed for long, and was silent, costs nothing."""
    begun()
    app = opened()
    clock(20)
    app.run()
    assert state().spent == 20
    clock(3_600)
    app.run()
    assert state().spent == 20
    clock(10)
    press(press(app, "Hand in"), "Hand in all the same")
    assert state().answers[0].seconds == 30


def test_without_a_clock_nothing_is_timed(clock: Callable[[float], None]) -> None:
    """No clock on the page, no time in what is kept."""
    begun(clock=False)
    app = opened()
    clock(20)
    app.run()
    press(press(app, "Hand in"), "Hand in all the same")
    assert state().answers[0].seconds == 0


def through(app: AppTest) -> AppTest:
    """Hand in nothing until the debrief is there."""
    for _ in range(40):
        if any(title.value == "Your mock interview" for title in app.title):
            return app
        labels = [button.label for button in app.button]
        press(
            app, next(label for label in ("Pass", "Hand in all", "Hand in") if any(x.startswith(label) for x in labels))
        )
    raise AssertionError("the interview does not end")


def test_follow_up_is_answered_and_told_in_the_debrief() -> None:
    """The interviewer asks back after a miss; an empty answer is refused; right, it is kept and shown, not scored."""
    begun()
    app = press(press(opened(), "Hand in"), "Hand in all the same")
    following = state().following
    assert following is not None
    ask = asked(load_follow_ups(), load_bank(), *following)
    assert app.title[0].value == (ask.prompt if ask else "").partition("\n\n")[0]
    press(app, "Answer and go on")
    assert app.warning
    assert state().following == following
    if not isinstance(ask, Talk | None):
        key = asking_back._draft(state()).key
        keep.store().save_draft(
            Draft(learner="local", question=following[0], variant=following[1], key=key, asked_at=NOW,
                  response=right_response(ask))
        )  # fmt: skip
        app = press(opened(), "Answer and go on")
        assert state().answers[0].followed[0].met
        assert keep.store().draft("local", *following) is None
    app = through(app)
    assert "0 of" in words(app)
    (kept,) = keep.store().interviewed("local")
    assert len(kept.state["answers"]) == 5


def test_debrief_opens_again_and_the_next_interview_leaves_it() -> None:
    """An earlier interview opens by its key; another one begins beside it; both stand in the list."""
    begun()
    through(opened())
    (kept,) = keep.store().interviewed("local")
    app = opened("debrief", kept.key)
    assert app.title[0].value == "Your mock interview"
    assert any(expander.label.startswith("**1. ") for expander in app.expander)
    assert "nothing holds yet" in words(app)
    press(app, "Another interview")
    assert keep.store().interview("local") is None
    assert len(keep.store().interviewed("local")) == 1
    app = opened("start")
    assert "Your interviews" in [each.value for each in app.header]
    press(app, "Start the interview")
    assert "5 questions · 0 %" in words(opened("start")).replace("\\", "")


@pytest.mark.parametrize("key", ["", "gone", str(UUID(int=5)), "<b>"])
def test_no_such_interview_is_told(key: str) -> None:
    """A link to an interview that is not kept leads back to the quiz."""
    app = opened("debrief", key)
    assert app.title[0].value == "No such interview"
    assert [button.label for button in app.button] == ["All ways to practise"]


def test_another_interview_never_throws_away_one_under_way() -> None:
    """From an old debrief the way leads to the interview that waits."""
    begun()
    through(opened())
    (kept,) = keep.store().interviewed("local")
    waiting = begun(12)
    press(opened("debrief", kept.key), "Another interview")
    assert state().keys == waiting.keys
    assert "Go on with the interview" in [button.label for button in opened("start").button]


@pytest.mark.few(2)
@pytest.mark.parametrize("response", [None, 7, [1], {"text": 5, "probes": [1]}, {"x": {}}, "x" * 900])
def test_no_draft_ends_a_follow_up(response: Any) -> None:
    """Whatever a draft holds, the follow-up is drawn."""
    interview = begun()
    for follow_up in load_follow_ups().follow_ups.values():
        if follow_up.to != interview.question:
            continue
        press(press(opened(), "Hand in"), "Hand in all the same") if state().following is None else None
        step = replace(state(), following=(follow_up.id, 3))
        keep.store().save_interview("local", step.to_json())
        key = asking_back._draft(step).key
        keep.store().save_draft(
            Draft(learner="local", question=follow_up.id, variant=3, key=key, asked_at=NOW, response=response)
        )
        assert opened().title


def test_store_of_the_first_edition_shows_its_last_report() -> None:
    """An interview that ended before debriefs were kept opens, and is kept from then on."""
    store: Store = keep.store()
    store.save_interview("local", {
        "questions": ["interview-01"], "keys": [str(UUID(int=3))], "asked_at": NOW.isoformat(),
        "answers": [{"question": "interview-01", "score": 0.5, "met": [True, False, True], "seconds": 9.0}],
    })  # fmt: skip
    app = opened()
    assert app.title[0].value == "Your mock interview"
    assert "2 of 3 checks right" in words(app)
    assert len(store.interviewed("local")) == 1
