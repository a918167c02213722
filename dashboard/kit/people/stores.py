"""The database of this server, opened once, and what keeps classes in it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from threading import Thread

import streamlit as st

from dashboard.kit.hosting import hosted
from dashboard.kit.people import VISIT
from quiz.classes.keys import Keys
from quiz.errors import StoreError
from quiz.store import Store, database
from quiz.store.class_reports import Reports
from quiz.store.classes import Classes
from quiz.store.resumes import Resumes
from quiz.store.workbenches import Workbenches

A_DAY = 86_400  # seconds


@st.cache_resource(show_spinner=False)
def store() -> Store:
    """The database of this server, opened once; visits that an earlier version kept in it are removed.

    Who learns at a hosted server reads no path of its files.
    """
    found = Store.open(discreet=hosted())
    try:
        found.forget(VISIT)
    except StoreError:
        found.close()
        raise
    return found


def begin() -> None:
    """Open the database at the server's start, if there is one; where it can't be used the pages say why."""
    with suppress(StoreError):
        if database.exists():
            store()


@st.cache_resource(ttl=A_DAY, show_spinner=False)
def cleaning() -> Thread | None:
    """Remove what is past its stated life, once a day, while nobody waits for it; where the database is away, later."""
    with suppress(StoreError):
        thread = Thread(target=_clean, args=(store(),), daemon=True, name="cleaning")
        thread.start()
        return thread
    return None


def _clean(found: Store) -> None:
    with suppress(StoreError):
        found.clean(datetime.now(UTC))


def classes() -> Classes:
    """The classes of this server; one for all visitors, since it counts wrong codes."""
    found = store()
    return _classes(id(found), found)[1]


@st.cache_resource(max_entries=1)
def _classes(number: int, _store: Store) -> tuple[Store, Classes]:
    """The classes of one store, which is held so that its number stays its own."""
    del number
    return _store, Classes(_store.engine)


def reports() -> Reports:
    """What teachers see of their classes."""
    return Reports(store().engine)


def resumes() -> Resumes:
    """The private links."""
    return Resumes(store().engine)


def workbenches() -> Workbenches:
    """The workbenches kept for links."""
    return Workbenches(store().engine)


def keys() -> Keys:
    """What signs links and cookies.

    Raises:
        SecretError: The server has no secret, or a weak one; the message says how to make one.
    """
    return Keys.configured()
