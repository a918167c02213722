"""Stores in memory, for who is known for one visit only, and the removal of what was once kept of them in a file."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID

import pytest

from quiz.attempt import Attempt, Draft
from quiz.store import Store, StoreError, database, tables
from quiz.store.portable import write_line

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NAMES = ("visit-1", "visit-2", "local", "user-visit-1", "visitor")


def attempt(number: int, learner: str = "visit-1", size: int = 1) -> Attempt:
    """An attempt with a long answer or a short one."""
    return Attempt(
        key=str(UUID(int=number)), learner=learner, question=f"q{number % 7}", mode="practice", asked_at=NOW,
        answered_at=NOW, response="x" * size, verdict="correct", score=1.0, credit=1.0,
    )  # fmt: skip


def test_store_in_memory_is_a_store_of_its_own() -> None:
    """It keeps what a file keeps, and another one knows nothing of it."""
    with Store.in_memory() as one, Store.in_memory() as other:
        assert one.add(attempt(1), interview={"x": 1})
        assert one.attempts("visit-1") == (attempt(1),)
        assert one.interview("visit-1") == {"x": 1}
        assert list(one.cards("visit-1")) == ["q1"]
        assert other.attempts("visit-1") == ()


def test_threads_share_a_store_in_memory() -> None:
    """Several at once wait for each other, and each finds what the others kept."""
    with Store.in_memory() as store, ThreadPoolExecutor(4) as pool:
        assert all(pool.map(lambda number: store.add(attempt(number)), range(80)))
        assert len(store.attempts("visit-1")) == 80
        assert sum(card.attempts for card in store.cards("visit-1").values()) == 80


def test_one_visit_takes_so_much_memory_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """An import beyond it is refused with a plain word, and what was kept before stays."""
    monkeypatch.setattr(database, "MEMORY", 1 << 20)
    with Store.in_memory() as store:
        store.add(attempt(0))
        lines = [write_line(attempt(number, size=4000)) for number in range(1, 400)]
        with pytest.raises(StoreError, match=r"^More than 1 MB cannot be kept for one visit\. Nothing was saved\.$"):
            store.import_("visit-1", lines)
        assert store.attempts("visit-1") == (attempt(0),)
        assert store.add(attempt(1))


def test_visits_are_forgotten_and_others_are_not(store: Store) -> None:
    """All that is kept of names with that beginning goes, and nothing of any other."""
    store.forget("visit-")
    for name in NAMES:
        store.add(attempt(1, name), interview={"x": 1})
        store.save_draft(Draft(learner=name, question="d", key=str(UUID(int=9)), asked_at=NOW, response="half"))
    store.forget("visit-")
    for name in NAMES:
        left = (store.attempts(name), store.cards(name), store.draft(name, "d"), store.interview(name))
        assert [bool(each) for each in left] == [not name.startswith("visit-")] * 4


def test_every_table_of_learners_loses_its_rows_with_them() -> None:
    """A learner's rows go with the learner, in each table that has any, also one that is added later."""
    having = [table for table in tables.metadata.sorted_tables if "learner" in table.columns]
    assert having
    for table in having:
        (key,) = table.columns["learner"].foreign_keys
        assert (key.column, key.ondelete) == (tables.learner.c.id, "CASCADE")


def test_names_are_taken_by_the_letter(store: Store) -> None:
    """Signs that stand for others in a database's search stand for themselves."""
    store.save_interview("a_1", {})
    store.save_interview("ab1", {})
    store.forget("a_")
    assert (store.interview("a_1"), store.interview("ab1")) == (None, {})
