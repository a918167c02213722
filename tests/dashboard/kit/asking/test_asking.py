"""The asking pages with clocks that were set, questions that left the bank, and records of any kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest
from support import PATIENCE

from dashboard.kit.asking import flow, interviews, keep, path
from dashboard.practice import asking_back, interview_start, interviewing, practising, report, start, timing
from dashboard.progress import view as progress
from quiz.attempt import Attempt, Draft
from quiz.grading.grade import right_response
from quiz.interview.follow_ups import CHAIN
from quiz.load import load_bank
from quiz.schema import Numeric, Open
from quiz.store import Store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
YEAR = timedelta(days=365)
PAGES = (
    asking_back, flow, interview_start, interviewing, interviews, keep, path, practising, progress, report, start,
    timing,
)  # fmt: skip


@pytest.fixture(autouse=True)
def local(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """A learner on their own machine at `NOW`; gives what sets the clock."""

    def clock(now: datetime) -> None:
        for page in PAGES:
            if hasattr(page, "now"):
                monkeypatch.setattr(page, "now", lambda: now)

    for page in PAGES:
        if hasattr(page, "learner"):
            monkeypatch.setattr(page, "learner", lambda: "local")
    # A page by itself knows no others to link to.
    monkeypatch.setattr(progress.st, "page_link", lambda *_, label, **__: progress.st.markdown(label))
    clock(NOW)
    return clock


def script(page: str) -> None:
    """One page of the quiz and nothing else."""
    from dashboard.practice import interviewing, practising, start
    from dashboard.progress import view as progress

    {
        "start": start.draw,
        "practice": lambda: practising.draw("practice"),
        "review": lambda: practising.draw("review"),
        "interview": interviewing.draw,
        "progress": progress.draw,
    }[page]()


def opened(page: str, **query: str) -> AppTest:
    """A visit to a page."""
    app = AppTest.from_function(script, args=(page,), default_timeout=PATIENCE)
    for name, value in query.items():
        app.query_params[name] = value
    return app.run()


def press(app: AppTest, label: str) -> AppTest:
    """Press the first button whose label begins so."""
    return next(button for button in app.button if button.label.startswith(label)).click().run()


def attempt(number: int, question: str, at: datetime = NOW, **fields: Any) -> Attempt:
    """A miss."""
    values: dict[str, Any] = {
        "key": str(UUID(int=number)), "learner": "local", "question": question, "mode": "practice", "asked_at": at,
        "answered_at": at, "response": "1", "verdict": "wrong", "score": 0.0, "credit": 0.0,
    }  # fmt: skip
    return Attempt(**values | fields)


def a_number() -> Numeric:
    """A question of the bank that is answered with a number."""
    return next(question for question in load_bank().questions if isinstance(question, Numeric))


def text(app: AppTest) -> str:
    """All that is written on a page."""
    return "\n".join(str(element.value) for element in (*app.markdown, *app.caption, *app.title, *app.info))


@pytest.mark.parametrize("then", [NOW - YEAR, NOW + YEAR], ids=["back", "ahead"])
def test_check_works_after_the_clock_was_set(local: Callable[[datetime], None], then: datetime) -> None:
    """Typed at one time, checked a year before or after it: graded, kept by the clock as it stands, and reviewed."""
    question = a_number()
    app = opened("practice", q=question.id)
    app.text_input[0].set_value("0.123").run()
    local(then)
    press(press(app, "Check"), "Show the answer")
    assert not app.exception
    (kept,) = keep.store().attempts("local")
    assert (kept.answered_at, kept.verdict) == (then, "wrong")
    assert "Next review" in text(app)


def test_check_works_on_a_draft_from_the_future() -> None:
    """A draft that an earlier visit kept under a clock ahead is checked like any other."""
    question = a_number()
    keep.store().save_draft(
        Draft(learner="local", question=question.id, key=str(UUID(int=5)), asked_at=NOW + YEAR, response="0.123")
    )
    app = press(press(opened("practice", q=question.id), "Check"), "Show the answer")
    assert not app.exception
    assert [each.answered_at for each in keep.store().attempts("local")] == [NOW]
    assert "tomorrow" in text(app)


def test_what_the_future_answered_is_due_now() -> None:
    """A miss under a clock a year ahead is due today on every page, not in a year."""
    keep.store().add(attempt(1, a_number().id, NOW + YEAR))
    assert "**1** due today" in text(opened("start"))
    assert "1 question is due today" in text(opened("progress"))
    assert opened("review").title[0].value == a_number().prompt


def test_lost_questions_are_counted_nowhere() -> None:
    """Due, forecast, review and most missed count only what can still be asked; the history still has the answers."""
    for number, name in enumerate(("gone", "gen-gone", a_number().id)):
        keep.store().add(attempt(number, name, NOW - 30 * timedelta(days=1)))
    assert "**1** due today" in text(opened("start"))
    assert "1 due" in text(opened("review"))
    app = opened("progress")
    assert not app.exception
    assert "1 question is due today" in text(app)
    assert sum(element.value.count("missed 1 of 1") for element in app.caption) == 1


def test_interview_goes_on_through_a_jump_of_the_clock(local: Callable[[datetime], None]) -> None:
    """Begun under a clock a year ahead, handed in after it was set back: kept, and the second question comes."""
    local(NOW + YEAR)
    app = opened("interview")
    local(NOW)
    press(app, "Hand in and go on")
    assert "Hand in all the same?" in app.warning[0].value
    press(app, "Hand in all the same")
    assert not app.exception
    assert any(each.value == "The interviewer asks back" for each in app.caption)
    for _ in range(CHAIN):
        if app.title[0].value != load_bank()[load_bank().interview[1]].prompt:
            press(app, "Pass")
    assert app.title[0].value == load_bank()[load_bank().interview[1]].prompt
    assert not app.exception
    assert [each.answered_at for each in keep.store().attempts("local")] == [NOW]


STRANGE: list[Any] = [
    None, 7, "text", [1, [2]], {"text": 5, "probes": [1]}, {"1": {}}, {"text": "x" * 3_500},
    {"written": True, "probes": 1}, {"written": True, "comparing": True},
    {"written": True, "probes": {"gone": "x"}, "second": [], "typing": 3, "confirmed": {"a": 1}},
]  # fmt: skip


@pytest.mark.few(2)
@pytest.mark.parametrize("response", STRANGE, ids=lambda response: str(response)[:40])
def test_no_draft_ends_a_page(response: Any) -> None:
    """Whatever a draft holds, every kind of question is drawn, alone and in an interview."""
    bank = load_bank()
    kinds = {question.kind: question for question in bank.questions}
    for number, question in enumerate(kinds.values()):
        keep.store().save_draft(
            Draft(learner="local", question=question.id, key=str(UUID(int=number)), asked_at=NOW, response=response)
        )
        app = opened("practice", q=question.id)
        assert not app.exception, question.kind
        assert app.title[0].value == question.prompt


def test_draft_with_tries_of_another_edition_asks_those_checks_again() -> None:
    """Tries that can't be judged any more are left out; what can stays answered."""
    question = load_bank()[load_bank().interview[7]]
    assert isinstance(question, Open)
    first, other = question.probes[:2]
    response = {
        "text": "words", "written": True, "comparing": True,
        "probes": {first.id: right_response(first), other.id: {"no": ["such"]}}, "second": {other.id: [[]]},
    }  # fmt: skip
    keep.store().save_draft(
        Draft(learner="local", question=question.id, key=str(UUID(int=5)), asked_at=NOW, response=response)
    )
    app = opened("practice", q=question.id)
    assert not app.exception
    assert any(button.label == "Check" for button in app.button)


@pytest.mark.parametrize(
    "state",
    [
        {"rounds": 1},
        {"questions": [], "keys": [], "answers": [], "asked_at": NOW.isoformat()},
        {"questions": ["gone"], "keys": [str(UUID(int=1))], "answers": [], "asked_at": NOW.isoformat()},
    ],
)
def test_no_kept_interview_ends_a_page(state: dict[str, Any]) -> None:
    """A state of another shape is said to be none, and an interview begins."""
    keep.store().save_interview("local", state)
    assert "Start the interview" in [button.label for button in opened("start").button]
    app = opened("interview")
    assert not app.exception
    assert app.info
    assert app.title[0].value == load_bank()[load_bank().interview[0]].prompt


@pytest.mark.parametrize("page", ["start", "practice", "review", "interview", "progress"])
def test_no_spoilt_row_ends_a_page(page: str) -> None:
    """One spoilt row in each table: every page is drawn, and what can be read is on it."""
    store: Store = keep.store()
    names = [question.id for question in load_bank().questions[:4]]
    for number, name in enumerate(names):
        store.add(attempt(number, name, NOW - 30 * timedelta(days=1), certainty=50))
        store.save_draft(Draft(learner="local", question=name, key=str(UUID(int=50)), asked_at=NOW, response="x"))
    store.save_interview("local", {"questions": names})
    with store._engine.begin() as connection:
        for table, column in (("attempt", "response"), ("draft", "response"), ("card", "due")):
            value = "{" if column == "response" else 2**62
            statement = f"UPDATE {table} SET {column} = ? WHERE question = ?"
            connection.exec_driver_sql(statement, (value, names[0]))
        connection.exec_driver_sql("UPDATE attempt SET mode = 'exam' WHERE question = ?", (names[1],))
        connection.exec_driver_sql("UPDATE interview SET state = '['")
    app = opened(page)
    assert not app.exception
    assert app.title
    if page == "progress":
        assert "3 questions are due today" in text(app)  # of the first neither card nor attempt can be read


def test_deleting_forgets_the_session_too() -> None:
    """What the session remembers of answers, guesses and lesson places goes with the store's rows."""
    keep.store().add(attempt(1, a_number().id))
    app = opened("progress")
    for name in ("guess.kept", "path.kept", "quiz.asking.practice", "quiz.trail.practice"):
        app.session_state[name] = {"anything": 1}
    app.text_input(key="progress.confirm").set_value("delete").run()
    press(app, "Delete all my data")
    assert not app.exception
    assert keep.store().attempts("local") == ()
    for name in ("guess.kept", "path.kept", "quiz.asking.practice", "quiz.trail.practice"):
        assert name not in app.session_state
