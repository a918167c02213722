"""What a visitor did, held for the minutes of a sign-in, which leaves the page and its session.

It stays in this process and never reaches the database unless the sign-in comes back for it.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

import streamlit as st

from dashboard.kit.people import VISIT, who
from dashboard.kit.people.stores import store
from quiz.errors import StoreError
from quiz.store import Store

COOKIE = "unrolled_visit"
ARRIVED = "people.arrived"
LIFE = timedelta(minutes=15)
MOST = 200  # visits at once, the last ones


@dataclass(frozen=True)
class Visit:
    """What a visitor did.

    Attributes:
        learner: The visitor's name in the store.
        store: The visit's own store.
        until: How long it is held.
    """

    learner: str
    store: Store
    until: datetime


class Held:
    """The visits that are held, over all threads."""

    def __init__(self) -> None:
        self._visits: OrderedDict[str, Visit] = OrderedDict()
        self._lock = Lock()

    def put(self, learner: str, store: Store, now: datetime) -> str:
        """Hold a visit; the name under which it is taken back, which nobody can guess."""
        name = secrets.token_urlsafe(32)
        with self._lock:
            self._drop(now)
            self._visits[name] = Visit(learner, store, now + LIFE)
            while len(self._visits) > MOST:
                self._visits.popitem(last=False)
        return name

    def get(self, name: str, now: datetime) -> Visit | None:
        """The visit of that name, which stays held until it is dropped."""
        with self._lock:
            self._drop(now)
            return self._visits.get(name)

    def drop(self, name: str) -> None:
        """Let go of a visit that was taken over."""
        with self._lock:
            self._visits.pop(name, None)

    def _drop(self, now: datetime) -> None:
        for name in [name for name, visit in self._visits.items() if visit.until < now]:
            del self._visits[name]


@st.cache_resource
def held() -> Held:
    """The visits that this server holds."""
    return Held()


def arrive() -> None:
    """Give who has just signed in what they did as a visitor, once; while the database is away, later."""
    if st.session_state.get(ARRIVED) or who.way() != "login":
        return
    if not _carry_over():
        return
    name = str(st.context.cookies.get(COOKIE) or "")
    visit = held().get(name, who.now()) if name else None
    if visit is not None:
        try:
            store().merge(visit.learner, who.learner(), source=visit.store)
        except StoreError:
            return
        held().drop(name)
    st.session_state[ARRIVED] = True


def _carry_over() -> bool:
    """Give who has signed in what an earlier version kept of them under another id; False to try again later.

    It is removed there in the same step, so that it is carried over once.
    """
    earlier = who.earlier_id()
    try:
        if earlier is not None and store().knows(earlier):
            store().merge(earlier, who.learner())
    except StoreError:
        return False
    return True


def take_along(learner: str, visit: str, kept: Store) -> None:
    """Give a learner what a visitor did, and leave nothing of the visit in this session.

    Args:
        learner: Who they are now.
        visit: The visitor's name.
        kept: The visit's store.
    """
    assert visit.startswith(VISIT)
    store().merge(visit, learner, source=kept)
    kept.close()
