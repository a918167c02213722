"""No row of any kind, spoilt or of another edition, ends a reading or takes another row along."""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from quiz.asides import Guess, Place
from quiz.attempt import Attempt, Draft
from quiz.interview.interview import Interview
from quiz.load import load_bank
from quiz.practice import schedule
from quiz.store import Store
from quiz.store.portable import read_line

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def attempt(number: int, **fields: Any) -> Attempt:
    """Ada's answer of that number, a day after the one before."""
    at = NOW + timedelta(days=number)
    values: dict[str, Any] = {
        "key": str(uuid.UUID(int=number)), "learner": "ada", "question": f"q{number % 2}", "mode": "practice",
        "asked_at": at, "answered_at": at, "response": "b", "verdict": "wrong", "score": 0.0, "credit": 0.0,
        "certainty": 50,
    }  # fmt: skip
    return Attempt(**values | fields)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store in which everything is kept once and once more."""
    with Store.open(tmp_path / "quiz.sqlite3") as opened:
        for number in range(6):
            opened.add(attempt(number))
        for name in ("d0", "d1"):
            key = str(uuid.UUID(int=99))
            opened.save_draft(Draft(learner="ada", question=name, key=key, asked_at=NOW, response="half"))
            opened.save_place(Place(learner="ada", lesson=name, query="t=3", opened_at=NOW))
            opened.save_guess(Guess(learner="ada", question=name, variant=0, response={"given": "1"}, kept_at=NOW))
        opened.save_interview("ada", Interview.start(load_bank(), np.random.default_rng(0), NOW).to_json())
        yield opened


def spoil(store: Store, statement: str, *values: object) -> None:
    """Change rows behind the store's back."""
    with store._engine.begin() as connection:
        assert connection.exec_driver_sql(statement, tuple(values)).rowcount == 1


ATTEMPT = [
    ("response", "{no json"),
    ("response", "[" * 5_000),
    ("response", json.dumps("x" * 10_000)),
    ("confirmed", '"p1"'),
    ("confirmed", "7"),
    ("suggested", "{"),
    ("mode", "exam"),
    ("verdict", "brilliant"),
    ("score", 7.0),
    ("score", "much"),
    ("credit", float("inf")),
    ("hints", 99),
    ("certainty", 500),
    ("certainty", "very"),
    ("variant", -1),
    ("question", ""),
    ("question", b"\xff\xfe\x00"),
    ("asked_at", "yesterday"),
    ("answered_at", 2**62),
    ("answered_at", -(2**62)),
    ("recorded_at", 2**62),
    ("recorded_at", b"\xff"),
]


@pytest.mark.few(6)
@pytest.mark.parametrize(("column", "value"), ATTEMPT)
def test_spoilt_attempt_costs_itself_alone(
    store: Store, column: str, value: object, caplog: pytest.LogCaptureFixture
) -> None:
    """The other attempts are read, counted, exported and added to; the log says which one was passed over."""
    key = str(uuid.UUID(int=2))
    spoil(store, f"UPDATE attempt SET {column} = ? WHERE key = ?", value, key)
    with caplog.at_level(logging.WARNING):
        kept = store.attempts("ada")
    assert {each.key for each in kept} == {attempt(number).key for number in range(6)} - {key}
    assert key in caplog.text
    assert len(store.attempts("ada", newest=5)) == 5
    assert len([line for line in store.export("ada") if '"attempt"' in line]) == 5
    assert store.certainties("ada")[0][0] == 50
    assert store.add(attempt(10, question="q0"))
    assert store.attempts("ada", newest=1)[0].key == attempt(10).key
    assert store.cards("ada")["q0"].verdict == "wrong"
    assert store.import_("ada", [*store.export("ada")]).problems == ()


def test_newest_are_as_many_as_can_be_read(store: Store) -> None:
    """Spoilt rows at the end of the log leave no gap: older ones follow."""
    for number in (2, 3, 4, 5):
        spoil(store, "UPDATE attempt SET mode = 'exam' WHERE key = ?", str(uuid.UUID(int=number)))
    assert [each.key for each in store.attempts("ada", newest=2)] == [attempt(1).key, attempt(0).key]
    assert [each.key for each in store.attempts("ada", newest=1)] == [attempt(1).key]


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("stability", 0.0), ("stability", "long"), ("difficulty", 99.0), ("due", 2**62), ("due", "soon"),
        ("answered_at", 2**62), ("verdict", "brilliant"), ("misses", 77), ("credit", 3.0), ("weight", 0.0),
    ],
)  # fmt: skip
def test_spoilt_card_is_folded_again(store: Store, column: str, value: object) -> None:
    """Cards follow from the attempts: one that can't be read is made again, at once and by the next answer."""
    expected = store.cards("ada")
    spoil(store, f"UPDATE card SET {column} = ? WHERE question = 'q0'", value)
    assert store.cards("ada") == expected
    store.add(attempt(10, question="q0"))
    assert store.cards("ada") == schedule.fold(store.attempts("ada"))


@pytest.mark.parametrize(
    ("column", "value"),
    [("response", "{"), ("key", "k"), ("asked_at", 2**62), ("asked_at", "noon"), ("hints", 9), ("variant", 0.5)],
)
def test_spoilt_draft_is_passed_over(store: Store, column: str, value: object) -> None:
    """The question is asked anew, the other draft comes back, and a new draft takes the place."""
    spoil(store, f"UPDATE draft SET {column} = ? WHERE question = 'd0'", value)
    assert store.draft("ada", "d0") is None
    assert store.draft("ada", "d1") is not None
    assert len([line for line in store.export("ada") if '"draft"' in line]) == 1
    if column != "variant":
        key = str(uuid.UUID(int=100))
        store.save_draft(Draft(learner="ada", question="d0", key=key, asked_at=NOW, response="new"))
        assert store.draft("ada", "d0") is not None


@pytest.mark.parametrize(("column", "value"), [("query", b"\xff" * 5_000), ("opened_at", 2**62), ("opened_at", "noon")])
def test_spoilt_place_is_passed_over(store: Store, column: str, value: object) -> None:
    """The other lesson is the last one, and the spoilt one can be opened again."""
    spoil(store, f"UPDATE place SET {column} = ? WHERE lesson = 'd0'", value)
    assert [place.lesson for place in store.places("ada")] == ["d1"]
    store.save_place(Place(learner="ada", lesson="d0", query="", opened_at=NOW))
    assert {place.lesson for place in store.places("ada")} == {"d0", "d1"}


@pytest.mark.parametrize(("column", "value"), [("response", "nope"), ("kept_at", 2**62)])
def test_spoilt_guess_is_passed_over(store: Store, column: str, value: object) -> None:
    """The question is asked anew and its guess kept again."""
    spoil(store, f"UPDATE guess SET {column} = ? WHERE question = 'd0'", value)
    assert store.guesses("ada", ["d0"]) == ()
    again = Guess(learner="ada", question="d0", variant=0, response=None, kept_at=NOW)
    store.save_guess(again)
    assert store.guesses("ada", ["d0"]) == (again,)


@pytest.mark.parametrize("state", ["{", "[1]", '"x"', "7", "null"])
def test_spoilt_interview_is_none(store: Store, state: str) -> None:
    """What is no state is no interview, and another one can be begun."""
    spoil(store, "UPDATE interview SET state = ?", state)
    assert store.interview("ada") is None
    store.save_interview("ada", {"at": 1})
    assert store.interview("ada") == {"at": 1}


def state(**change: Any) -> dict[str, Any]:
    """The state of an interview on three questions with one answered, changed."""
    names = ["interview-01", "interview-02", "interview-03"]
    answers = [{"question": "interview-01", "score": 0.5, "met": [True, False], "seconds": 9.0}]
    keys = [str(uuid.UUID(int=number)) for number in range(3)]
    return {"questions": names, "keys": keys, "asked_at": NOW.isoformat(), "answers": answers} | change


@pytest.mark.parametrize(
    "change",
    [
        {"questions": [], "keys": [], "answers": []},
        {"questions": "abc"},
        {"questions": ["gone-1", "gone-2", "gone-3"], "answers": []},
        {"asked_at": "9999-12-31T00:00:00+00:00"},
        {"asked_at": None},
        {"keys": None},
        {"answers": [{"question": "interview-01", "score": float("nan"), "met": [], "seconds": 1}]},
        {"answers": [{"question": "interview-01", "score": 1, "met": [], "seconds": float("inf")}]},
        {"answers": [{"question": "interview-01", "score": 1, "met": [], "seconds": 10**400}]},
        {"answers": [{"question": "interview-01", "score": 9, "met": [], "seconds": 1}]},
        {"answers": {"0": "x"}},
    ],
)
def test_interview_of_another_shape_is_refused(change: dict[str, Any]) -> None:
    """One error for whatever it is, so that the page can begin another interview."""
    with pytest.raises(ValueError, match=r"state|score|seconds|keys|questions|asked_at|argument"):
        Interview.resumed(load_bank(), state(**change))


def test_interview_goes_on_without_a_question_that_left_the_bank() -> None:
    """Questions that are no longer asked are left out, answered or not; the report counts the others."""
    bank = load_bank()
    left = Interview.resumed(bank, state(questions=["interview-01", "gone", "interview-03"]))
    assert (left.question, left.questions) == ("interview-03", ("interview-01", "interview-03"))
    answers = [{"question": "gone", "score": 1.0, "met": [True], "seconds": 1}]
    left = Interview.resumed(bank, state(questions=["gone", "interview-02", "interview-03"], answers=answers))
    assert (left.question, left.key) == ("interview-02", str(uuid.UUID(int=1)))
    assert len(left.report(bank).questions) == 2
    assert Interview.resumed(bank, state(later_field=1)) == Interview.from_json(state())


def test_line_of_another_edition_is_read() -> None:
    """Fields that came later may be missing, fields that are not known are passed over, times may be in any zone."""
    record = attempt(0).to_json()
    older = {name: value for name, value in record.items() if name not in ("easy", "certainty", "confirmed")}
    assert read_line("ada", json.dumps({"attempt": older})) == attempt(0, certainty=None)
    newer = record | {"mood": "good", "learner": "eve", "asked_at": "2026-06-01T14:00:00+02:00"}
    assert read_line("ada", json.dumps({"attempt": newer})) == attempt(0)
    draft = {"question": "d0", "key": str(uuid.UUID(int=9)), "asked_at": NOW.isoformat(), "response": 1, "mood": 1}
    assert read_line("ada", json.dumps({"draft": draft})) == Draft(
        learner="ada", question="d0", key=str(uuid.UUID(int=9)), asked_at=NOW, response=1
    )
