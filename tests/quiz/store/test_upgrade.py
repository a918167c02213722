"""A database of the first edition is brought to today's schema without loss, whatever lies in it."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from quiz.asides import FIRST_GUESSES, FIRST_PLACES, Guess, Place
from quiz.attempt import Draft
from quiz.load import load_bank
from quiz.practice import schedule
from quiz.store import Store, database

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
STAMP = (NOW - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
REAL = "path-three-gates"  # a question of the bank whose id begins like a place's


def place_key(lesson: str) -> str:
    """The key that the first edition gave the draft of a lesson's place."""
    return str(uuid.uuid5(FIRST_PLACES, lesson))


def guess_key(question: str, variant: int) -> str:
    """The key that the first edition gave the draft of a guess."""
    return str(uuid.uuid5(FIRST_GUESSES, f"{question} {variant}"))


def draft(question: str, key: str, response: str, variant: int = 0) -> dict[str, Any]:
    """A row of the first edition's drafts."""
    return {
        "learner": "ada", "question": question, "variant": variant, "key": key, "asked_at": STAMP,
        "response": response, "hints": 0,
    }  # fmt: skip


def attempt(number: int) -> dict[str, Any]:
    """A row of the first edition's attempts, one a day."""
    at = STAMP + number * 86_400_000_000
    return {
        "learner": "ada", "key": str(uuid.UUID(int=number)), "question": "q", "variant": 0, "mode": "practice",
        "asked_at": at, "answered_at": at, "response": '"b"', "verdict": "wrong" if number == 3 else "correct",
        "score": 1.0, "credit": 1.0, "hints": 0, "certainty": 90, "easy": False, "suggested": "[]",
        "confirmed": '["p1"]',
    }  # fmt: skip


def card(row: dict[str, Any]) -> dict[str, Any]:
    """A row of the first edition's cards."""
    return {
        "learner": "ada", "question": "q", "stability": 2.0, "difficulty": 5.0, "due": STAMP,
        "answered_at": row["answered_at"], "key": row["key"], "variant": 0, "verdict": "correct", "attempts": 5,
        "misses": 1, "credit": 0.9, "weight": 1.9,
    }  # fmt: skip


def first_edition(engine: sa.Engine) -> None:
    """Make the first edition's tables with its migration, and put rows of every kind into them."""
    with database.writing(engine) as connection:
        config = Config(attributes={"connection": connection, "version_table": database.VERSION_TABLE})
        config.set_main_option("script_location", str(database.MIGRATIONS))
        command.upgrade(config, "0001")
        insert(connection, "learner", {"id": "ada"})
        for number in range(5):
            insert(connection, "attempt", attempt(number))
        insert(connection, "card", card(attempt(4)))
        insert(connection, "draft", draft("path-bptt", place_key("bptt"), '{"query": "activation=relu&t=3"}'))
        insert(connection, "draft", draft("path-gates", place_key("gates"), '["strange"]'))
        insert(connection, "draft", draft("guess-bptt-state", guess_key("guess-bptt-state", 7), '{"given": "c"}', 7))
        insert(connection, "draft", draft(REAL, str(uuid.UUID(int=50)), '"half"'))
        insert(connection, "draft", draft("guess-of-mine", str(uuid.UUID(int=51)), '"half"'))
        state = {"questions": ["interview-01"], "keys": [str(uuid.UUID(int=9))], "asked_at": NOW.isoformat()}
        insert(connection, "interview", {"learner": "ada", "state": json.dumps(state | {"answers": []})})


def insert(connection: sa.Connection, table: str, row: dict[str, Any]) -> None:
    """Add a row as its plain values."""
    places = ", ".join(f":{name}" for name in row)
    connection.execute(sa.text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"), row)


def check(store: Store) -> None:
    """Everything that was in the first edition's database is where it belongs."""
    assert [each.key for each in store.attempts("ada")] == [str(uuid.UUID(int=number)) for number in (4, 3, 2, 1, 0)]
    assert all(each.recorded_at == each.answered_at for each in store.attempts("ada"))
    assert all((each.first, each.hard) == (None, False) for each in store.attempts("ada"))
    assert all(each.text_verdict is None for each in store.attempts("ada"))
    assert (store.disagreements("ada"), store.text_verdicts()) == ({}, {})
    assert (store.cards("ada")["q"].attempts, store.goal("ada")) == (5, 0)
    assert store.places("ada") == (
        Place(learner="ada", lesson="bptt", query="activation=relu&t=3", opened_at=NOW),
        Place(learner="ada", lesson="gates", query="", opened_at=NOW),
    )
    guess = Guess(learner="ada", question="guess-bptt-state", variant=7, response={"given": "c"}, kept_at=NOW)
    assert store.guesses("ada", ["guess-bptt-state"]) == (guess,)
    assert store.draft("ada", "guess-bptt-state", 7) is None
    assert store.draft("ada", "path-bptt") is None
    for question in (REAL, "guess-of-mine"):
        kept = store.draft("ada", question)
        assert kept is not None
        assert kept.response == "half"
    assert (store.interview("ada") or {})["questions"] == ["interview-01"]


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of the first edition."""
    if request.param == "sqlite":
        place = f"sqlite:///{tmp_path / 'quiz.sqlite3'}"
    else:
        place = str(request.getfixturevalue("new_database"))
    engine = database._by_url(place)
    first_edition(engine)
    engine.dispose()
    return place


def test_first_edition_is_upgraded_without_loss(old: str) -> None:
    """Attempts keep their order, places and guesses move, drafts stay, and it opens again and goes on."""
    assert REAL in load_bank()
    with Store.open(old) as store:
        check(store)
    with Store.open(old) as store:
        check(store)
        lines = list(store.export("ada"))
        assert store.import_("bob", lines).problems == ()
        assert store.cards("bob") == schedule.fold(store.attempts("bob"))
        store.delete("ada")
        assert (store.places("ada"), store.guesses("ada", ["guess-bptt-state"])) == ((), ())


def test_spoilt_rows_do_not_stop_the_upgrade(tmp_path: Path) -> None:
    """What can't be read goes along as it is, or leaves its lesson without settings; the rest arrives."""
    path = tmp_path / "quiz.sqlite3"
    engine = database._by_file(path, parents=False)
    first_edition(engine)
    with database.writing(engine) as connection:
        for question in ("path-gates", "guess-bptt-state"):
            connection.exec_driver_sql("UPDATE draft SET response = '{' WHERE question = ?", (question,))
        connection.exec_driver_sql("UPDATE attempt SET response = '{' WHERE key = ?", (str(uuid.UUID(int=1)),))
    engine.dispose()
    with Store.open(path) as store:
        assert {place.lesson: place.query for place in store.places("ada")} == {
            "bptt": "activation=relu&t=3", "gates": "",
        }  # fmt: skip
        assert store.guesses("ada", ["guess-bptt-state"]) == ()
        assert len(store.attempts("ada")) == 4
        assert store.draft("ada", REAL) is not None


def test_lines_of_the_first_edition_are_read(tmp_path: Path) -> None:
    """Its export has places and guesses as drafts; they come back as what they are, real questions as drafts."""
    asked = {"asked_at": NOW.isoformat(), "hints": 0, "variant": 0}
    lines = [
        {"question": "path-bptt", "key": place_key("bptt"), "response": {"query": "t=3"}} | asked,
        {"question": "path-gates", "key": place_key("gates"), "response": [1]} | asked,
        {"question": "guess-x", "key": guess_key("guess-x", 4), "response": {"given": "1"}} | asked | {"variant": 4},
        {"question": REAL, "key": str(uuid.UUID(int=50)), "response": "half"} | asked,
    ]
    with Store.open(tmp_path / "quiz.sqlite3") as store:
        assert store.import_("ada", [json.dumps({"draft": line}) for line in lines]).problems == ()
        assert {place.lesson: place.query for place in store.places("ada")} == {"bptt": "t=3", "gates": ""}
        assert store.guesses("ada", ["guess-x"]) != ()
        assert store.draft("ada", REAL) == Draft(
            learner="ada", question=REAL, key=str(uuid.UUID(int=50)), asked_at=NOW, response="half"
        )
        newer = Place(learner="ada", lesson="bptt", query="t=9", opened_at=NOW + timedelta(days=1))
        store.save_place(newer)
        store.import_("ada", [json.dumps({"draft": lines[0]})])
        assert store.places("ada")[0] == newer
