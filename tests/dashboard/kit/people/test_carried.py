"""Visits that are held during a sign-in: by a name nobody can guess, for minutes, and not without end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from dashboard.kit.people.carried import LIFE, MOST, Held
from quiz.store import Store

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def test_visit_is_held_until_it_is_taken_or_its_time_is_over() -> None:
    """And by its own name alone."""
    held, store = Held(), Store.in_memory()
    name = held.put("visit-1", store, NOW)
    found = held.get(name, NOW + LIFE)
    assert found is not None
    assert (found.learner, found.store) == ("visit-1", store)
    assert held.get("", NOW) is None
    assert held.get(name, NOW + LIFE + timedelta(seconds=1)) is None
    again = held.put("visit-1", store, NOW)
    held.drop(again)
    held.drop(again)
    assert held.get(again, NOW) is None
    store.close()


def test_only_the_last_visits_are_held() -> None:
    """However many leave to sign in and never come back."""
    held, store = Held(), Store.in_memory()
    names = [held.put(f"visit-{number}", store, NOW) for number in range(MOST + 1)]
    assert held.get(names[0], NOW) is None
    assert all(held.get(name, NOW) for name in names[1:])
    assert len(set(names)) == len(names)
    store.close()
