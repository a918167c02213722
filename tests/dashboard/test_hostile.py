"""What comes from outside, by link or from the store, of whatever kind: no page ends by it, and nothing in it fails."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from streamlit.testing.v1 import AppTest
from support import keepers, page_at

from dashboard.kit import navigation
from dashboard.kit.asking import keep
from dashboard.kit.network.controls import NETWORK
from dashboard.kit.people import who
from quiz.attempt import Attempt, Draft
from quiz.load import load_bank
from quiz.schema import Open

pytestmark = pytest.mark.deep

PAGES = tuple(place.path for group in navigation.GROUPS.values() for place in group)
KEEPERS = dict.fromkeys(PAGES, NETWORK) | keepers()  # the first lessons share the network; others have no settings
FURTHER = ("t", "entry", "window", "substep", "gate", "unit", "mode", "q", "v", "topic", "list", "term", "tab")
NONSENSE = {
    "word": "much",
    "huge": "9" * 400,
    "infinite": "-1e999",
    "superscript": "²",
    "control-characters": "\x00\x01\x1b[31m\x7f",
    "right-to-left": "\u202eشبكة\u202c \u200f٣\ufffd\U0001f600\u0301",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "markdown": "**a** [b](javascript:alert(1)) $\\href{javascript:alert(1)}{c}$ `",
    "packed-badly": "zlib:AAAA",
    "long": "a " * 50_000,
    "separators": ";;,,..==",
}
KEY = UUID(int=7)
AT = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
ANYTHING: tuple[Any, ...] = (
    None, True, -1, 1e300, "", "x" * 3000, "\x00\u202e", [], [[]], [None], ["1", "1"], {}, {"text": 3},
    {"written": True},
    {"written": True, "comparing": True}, {"text": [], "written": True, "probes": [1], "second": "x", "typing": 5},
    {"probes": {"no-such": 1}, "confirmed": {"a": 1}, "written": True, "comparing": True},
)  # fmt: skip


def opened(path: str, **query: str) -> AppTest:
    """A page, by its place in the address, after its first run."""
    return page_at(path, **query).run()


@pytest.fixture(autouse=True)
def sound(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """No part failed: what came in was understood or refused, and the boundary had nothing unexpected to catch."""
    yield
    failed = [record for record in caplog.get_records("call") if record.name == "dashboard.kit.boundary"]
    assert not failed, "\n".join(f"{record.getMessage()}: {record.exc_info}" for record in failed)


@pytest.fixture(autouse=True)
def local(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody at their own machine, whose answers are kept."""
    monkeypatch.setattr(who, "learner", lambda: "local")
    monkeypatch.setattr(keep, "learner", lambda: "local")
    for module in (
        "kit.asking.flow", "kit.asking.path", "practice.practising", "progress.view", "practice.interviewing",
        "practice.start", "practice.report", "practice.asking_back", "practice.interview_start", "practice.timing",
        "kit.asking.interviews",
    ):  # fmt: skip
        monkeypatch.setattr(f"dashboard.{module}.learner", lambda: "local", raising=False)


# Links


@pytest.mark.parametrize("nonsense", NONSENSE)
@pytest.mark.parametrize("path", PAGES)
def test_no_link_ends_a_page(path: str, nonsense: str) -> None:
    """With nonsense for every setting at once the page stands and nothing in it failed."""
    own = [field.metadata["name"] for field in fields(KEEPERS[path].base)]
    app = opened(path, **dict.fromkeys((*own, *FURTHER, "no-such-setting"), NONSENSE[nonsense]))
    assert not app.exception
    assert not app.error
    assert app.title


@pytest.mark.parametrize("mode", ["practice", "review", "interview", "<b>"])
@pytest.mark.parametrize("nonsense", ["word", "huge", "superscript", "control-characters", "html", "long"])
def test_no_link_ends_the_quiz(mode: str, nonsense: str) -> None:
    """Each way of practising refuses a question, variant or topic that there is none of."""
    app = opened("quiz", mode=mode, **dict.fromkeys(("q", "v", "topic", "list"), NONSENSE[nonsense]))
    assert not app.exception
    assert not app.error
    assert app.title


TYPED = [
    (path, field.name)
    for path in ("forward", "memory", "lstm-cell", "inspector")
    for field in fields(KEEPERS[path].base)
    if "characters" in (field.metadata["read"].__doc__ or "")
]


@pytest.mark.parametrize(("path", "name"), TYPED)
def test_no_pasted_text_ends_a_page(path: str, name: str) -> None:
    """Whatever is pasted into a field of text: the page says what is wrong, or shows it."""
    keeper = KEEPERS[path]
    app = opened(path)
    for text in ("", *NONSENSE.values(), "a\n" * 500_000, "1, 2\n3", "1e308, -1e308\n" * 3, "\ufeff1"):
        app.session_state[keeper.key(name)] = text
        if path == "inspector":
            app.session_state[keeper.key("source")] = "numbers" if name == "numbers" else "text"
        app.run()
        assert not app.exception, text[:40]
        assert not app.error, text[:40]


# The store


def draft(question: str, response: Any) -> Draft:
    """A draft of somebody's."""
    return Draft(learner="local", question=question, key=str(KEY), asked_at=AT, response=response)


KINDS = {question.kind: question.id for question in load_bank().questions}


@pytest.mark.parametrize("kind", KINDS)
def test_no_draft_ends_the_page_of_its_question(kind: str) -> None:
    """A draft of any shape is taken up as far as it fits; the question is asked."""
    name = KINDS[kind]
    question = load_bank()[name]
    for response in ANYTHING if isinstance(question, Open) else (True, [[]], {"1": None}, "\x00\u202e"):
        keep.store().save_draft(draft(name, response))
        app = opened("quiz", mode="practice", q=name)
        assert not app.exception, response
        assert not app.error, response
        assert app.title[0].value == load_bank()[name].prompt


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"questions": [], "keys": [], "asked_at": AT.isoformat(), "answers": []},
        {"questions": ["no-such"], "keys": [str(KEY)], "asked_at": AT.isoformat(), "answers": []},
        {"questions": [KINDS["choice"]], "keys": [str(KEY)], "asked_at": AT.isoformat(), "answers": []},
        {"questions": ["interview-01"], "keys": [], "asked_at": AT.isoformat(), "answers": []},
        {"questions": ["interview-01"], "keys": [str(KEY)], "asked_at": "soon", "answers": []},
        {"questions": ["interview-01"], "keys": [str(KEY)], "asked_at": AT.isoformat(), "answers": [
            {"question": "interview-01", "score": float("nan"), "met": [], "seconds": float("inf")}]},
        {"questions": ["interview-01"], "keys": [str(KEY)], "asked_at": AT.isoformat(), "answers": "none"},
    ],
)  # fmt: skip
def test_no_kept_interview_ends_the_quiz(state: dict[str, Any]) -> None:
    """One that cannot be gone on with is told, and another one begins; the ways in are there meanwhile."""
    keep.store().save_interview("local", state)
    assert not opened("quiz").error
    app = opened("quiz", mode="interview")
    assert not app.exception
    assert not app.error
    assert len(app.info) == 1
    assert app.title[0].value == load_bank()["interview-01"].prompt


def attempts(count: int) -> list[Attempt]:
    """Some answers to the bank's first questions."""
    return [
        Attempt(
            key=str(UUID(int=number + 1)), learner="local", question=question.id, mode="practice", asked_at=AT,
            answered_at=AT, response="x", verdict="wrong", score=0.0, credit=0.0,
        )
        for number, question in enumerate(load_bank().questions[:count])
    ]  # fmt: skip


SPOILT = {
    "response": "not json", "suggested": '{"a": 1}', "confirmed": "7", "verdict": "maybe", "mode": "'", "score": 7.5,
    "credit": -1.0, "hints": 99, "certainty": 900, "answered_at": 10**17, "asked_at": -(10**18), "question": "\x07",
    "variant": -3,
}  # fmt: skip


@pytest.mark.parametrize("column", SPOILT)
def test_no_spoilt_answer_ends_a_page(column: str, data_folder: Path) -> None:
    """One row that another program spoilt: Progress, the quiz and a lesson are drawn, with a way to one's data."""
    for attempt in attempts(3):
        keep.store().add(attempt)
    keep.store.clear()
    with sqlite3.connect(data_folder / "quiz.sqlite3") as connection:
        connection.execute(f"UPDATE attempt SET {column} = ? WHERE key = ?", (SPOILT[column], str(UUID(int=2))))
    app = opened("progress")
    assert not app.exception
    assert any(button.label == "Delete all my data" for button in app.button)
    for path, query in (("quiz", {}), ("quiz", {"mode": "practice"}), ("", {}), ("forward", {})):
        assert not opened(path, **query).exception


def test_a_store_that_cannot_be_read_is_told_on_every_page(data_folder: Path) -> None:
    """Where the file is no database, pages that need it say so, and lessons are read without it."""
    (data_folder / "quiz.sqlite3").write_bytes(b"PK\x03\x04 not a database" * 100)
    for path in PAGES:
        app = opened(path)
        assert not app.exception, path
        told = [error.value for error in app.error]
        assert (path in ("quiz", "progress")) == any("quiz\\.sqlite3" in words for words in told), (path, told)


def hostile_lines() -> Iterator[str]:
    """Lines of an import that are none, or hold what nobody answered."""
    yield from ("", "null", "[]", "{", "{}", "\x00", "[" * 5000, '{"attempt": 1}', '{"draft": {}}', "9" * 70_000)
    for response in ANYTHING:
        for name in (*KINDS.values(), "guess-forward-state", "path-forward", "no-such"):
            record = {"question": name, "variant": 0, "key": str(KEY), "asked_at": AT.isoformat(), "hints": 0}
            yield json.dumps({"draft": record | {"response": response}})


def test_no_import_ends_a_page() -> None:
    """Whatever a file held: its lines are taken or told, and the pages that read them are drawn."""
    report = keep.store().import_("local", hostile_lines())
    assert report.problems
    for path in PAGES:
        app = opened(path)
        assert not app.exception, path
        assert not app.error, path
