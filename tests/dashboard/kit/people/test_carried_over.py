"""What an earlier version kept by the subject alone is carried over to who signs in now: once, and nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from people import HOSTED
from streamlit.testing.v1 import AppTest
from support import page_at

from dashboard.kit.people import configured, stores
from quiz.attempt import Attempt
from quiz.classes.people import Person
from quiz.errors import AwayError
from quiz.store import Store

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
ISSUER = "https://accounts.example.org"
ADA = {"is_logged_in": True, "iss": ISSUER, "sub": "ada-1"}
PRESENT = f"user-{sha256(f'{ISSUER}{chr(0)}ada-1'.encode()).hexdigest()}"


@pytest.fixture(autouse=True)
def hosted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hosted server whose sign-ins always came from one issuer."""
    for name, value in HOSTED.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv(configured.EARLIER, ISSUER)


def answered(learner: str, number: int = 1) -> None:
    """An answer that is kept of somebody."""
    stores.store().add(
        Attempt(
            key=str(UUID(int=number)), learner=learner, question="exploding-what-makes-it", mode="practice",
            asked_at=NOW, answered_at=NOW, response=None, verdict="wrong", score=0.0, credit=0.0,
        )
    )  # fmt: skip


def signs_in(**claims: Any) -> AppTest:
    """Somebody who signs in and sees the first page."""
    page = page_at("quiz")
    page.user = {**ADA, **claims}
    page.run()
    assert not page.exception
    return page


def count(learner: str) -> int:
    """How many answers are kept of somebody."""
    return len(stores.store().attempts(learner))


def test_everything_comes_along_once() -> None:
    """Answers, and the class one teaches or is in; nothing is left under the old id, and a second time adds nothing."""
    answered("user-ada-1")
    answered(PRESENT, 2)
    old = Person("user-ada-1", teacher=True)
    taught = stores.classes().open(old, "Recurrent networks", NOW)
    signs_in()
    signs_in()
    assert count(PRESENT) == 2
    assert not stores.store().knows("user-ada-1")
    assert [each.id for each in stores.classes().taught(Person(PRESENT, teacher=True))] == [taught.id]


def test_an_id_that_was_shortened_then() -> None:
    """Subjects that could not be kept as they were had an id of another form."""
    earlier = f"user-{sha256(b'a' * 600).hexdigest()}"
    answered(earlier)
    signs_in(sub="a" * 600)
    assert not stores.store().knows(earlier)


@pytest.mark.parametrize(
    ("claims", "old"),
    [
        ({"iss": "https://other.example.org"}, "user-ada-1"),
        ({"iss": None}, "user-ada-1"),
        ({"sub": PRESENT.removeprefix("user-")}, PRESENT),
        ({"sub": "grace@example.org"}, "user-grace@example.org"),
        ({"sub": "ada-2"}, "user-ada-1"),
        ({"is_logged_in": False}, "user-ada-1"),
    ],
    ids=["another issuer", "no issuer", "a present id", "an address", "another subject", "nobody signed in"],
)
def test_in_doubt_nothing_is_carried_over(claims: dict[str, Any], old: str) -> None:
    """It stays where it is: it may be another person's."""
    answered(old)
    signs_in(**claims)
    assert count(old) == 1


def test_nothing_is_without_the_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the server must say whose subjects they were."""
    answered("user-ada-1")
    monkeypatch.delenv(configured.EARLIER)
    signs_in()
    assert count("user-ada-1") == 1


def test_while_the_database_is_away_it_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """And comes along with the next page."""
    answered("user-ada-1")

    def gone(*_: object, **__: object) -> None:
        raise AwayError("The database cannot be reached just now.")

    with monkeypatch.context() as away:
        away.setattr(Store, "merge", gone)
        page = signs_in()
    assert count(PRESENT) == 0
    page.run()
    assert (count(PRESENT), count("user-ada-1")) == (1, 0)
