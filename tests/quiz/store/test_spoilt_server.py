"""Rows on a server that are spoilt within what its types allow end no reading and take no other row along."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from postgres import TEMPLATE, Cluster

from quiz.asides import Guess, Place
from quiz.attempt import Attempt, Draft
from quiz.practice import schedule
from quiz.store import Store

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def store(cluster: Cluster) -> Iterator[Store]:
    """A store on a server, with Ada's six answers, two drafts, two places and two guesses."""
    url = cluster.create(template=TEMPLATE)
    with Store.open(url) as opened:
        for number in range(6):
            at = NOW + timedelta(days=number)
            opened.add(
                Attempt(
                    key=str(uuid.UUID(int=number)), learner="ada", question=f"q{number % 2}", mode="practice",
                    asked_at=at, answered_at=at, response="b", verdict="wrong", score=0.0, credit=0.0, certainty=50,
                )
            )  # fmt: skip
        for name in ("d0", "d1"):
            key = str(uuid.UUID(int=99))
            opened.save_draft(Draft(learner="ada", question=name, key=key, asked_at=NOW, response="half"))
            opened.save_place(Place(learner="ada", lesson=name, query="t=3", opened_at=NOW))
            opened.save_guess(Guess(learner="ada", question=name, variant=0, response=None, kept_at=NOW))
        yield opened
    cluster.drop(url)


def spoil(store: Store, statement: str, *values: object) -> None:
    """Change a row behind the store's back."""
    with store._engine.begin() as connection:
        assert connection.exec_driver_sql(statement, tuple(values)).rowcount == 1


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("response", "[" * 3_000 + "]" * 3_000), ("response", json.dumps("x" * 10_000)), ("confirmed", '"p1"'),
        ("suggested", "7"), ("mode", "exam"), ("verdict", "brilliant"), ("score", 7.0), ("credit", float("inf")),
        ("hints", 99), ("certainty", 500), ("variant", -1), ("question", ""), ("answered_at", 2**62),
        ("recorded_at", -(2**62)),
    ],
)  # fmt: skip
@pytest.mark.few(3)
def test_spoilt_attempt_costs_itself_alone(store: Store, column: str, value: object) -> None:
    """The other attempts are read, exported and added to."""
    spoil(store, f"UPDATE attempt SET {column} = %s WHERE key = %s", value, str(uuid.UUID(int=2)))
    assert {each.key for each in store.attempts("ada")} == {str(uuid.UUID(int=number)) for number in (0, 1, 3, 4, 5)}
    assert len([line for line in store.export("ada") if '"attempt"' in line]) == 5
    assert store.import_("ada", [*store.export("ada")]).problems == ()


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("draft", "response", "[" * 3_000 + "]" * 3_000), ("draft", "key", "k"), ("draft", "hints", 9),
        ("place", "opened_at", 2**62), ("guess", "kept_at", 2**62), ("card", "due", 2**62), ("card", "misses", 77),
    ],
)  # fmt: skip
def test_spoilt_rows_of_other_kinds_cost_themselves_alone(store: Store, table: str, column: str, value: object) -> None:
    """What is left of each kind is read; a card is folded again."""
    name = "lesson" if table == "place" else "question"
    spoil(store, f"UPDATE {table} SET {column} = %s WHERE {name} IN ('d0', 'q0')", value)
    found = [store.draft("ada", "d0"), *store.places("ada"), *store.guesses("ada", ["d0", "d1"])]
    assert len([each for each in found if each]) == (5 if table == "card" else 4)
    assert store.cards("ada") == schedule.fold(store.attempts("ada"))
    assert len([line for line in store.export("ada") if '"attempt"' not in line]) == (6 if table == "card" else 5)
