"""Whose answers a session's are, also when its connection is gone or tells nothing: by login, at home, a visitor's."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.kit.people import who
from quiz.store import Store

HOME = SimpleNamespace(remote_ip="::1", headers=[("host", "localhost:8501")])
AWAY = SimpleNamespace(remote_ip="10.0.0.9", headers=[("host", "localhost:8501")])


def script() -> None:
    """Tell who is learning."""
    import streamlit as st

    from dashboard.kit.people.who import learner

    st.text(learner())


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function that sets which client the sessions have from now on: a connection, one without, or none."""

    def set_client(client: Any) -> None:
        found = SimpleNamespace(get_client=lambda _: client)
        monkeypatch.setattr(who, "runtime", SimpleNamespace(exists=lambda: True, get_instance=lambda: found))

    return set_client


def told(page: AppTest) -> str:
    """Who is learning after another run."""
    page.run()
    assert not page.exception
    return str(page.text[0].value)


def test_session_stays_who_it_is_when_its_page_is_closed(connect: Any) -> None:
    """A run that goes on without its page writes to the learner it began for, at home and away."""
    for client, beginning in ((HOME, "local"), (AWAY, "visit-")):
        page = AppTest.from_function(script)
        connect(SimpleNamespace(client_context=client))
        before = told(page)
        assert before.startswith(beginning)
        connect(None)
        assert told(page) == before


def test_session_taken_up_from_elsewhere_is_not_at_home(connect: Any) -> None:
    """The connection of now decides, not the first one."""
    page = AppTest.from_function(script)
    connect(SimpleNamespace(client_context=HOME))
    assert told(page) == "local"
    connect(SimpleNamespace(client_context=AWAY))
    assert told(page).startswith("visit-")


@pytest.mark.parametrize("client", [None, SimpleNamespace(client_context=None)])
def test_unknown_connection_is_a_visitor(connect: Any, client: Any) -> None:
    """What nothing is known of is nobody's own machine."""
    connect(client)
    assert told(AppTest.from_function(script)).startswith("visit-")


def test_hosted_server_has_nobody_at_home(connect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the connection looks like."""
    monkeypatch.setenv("UNROLLED_HOSTED", "1")
    connect(SimpleNamespace(client_context=HOME))
    assert told(AppTest.from_function(script)).startswith("visit-")


@pytest.mark.parametrize(
    ("user", "beginning"),
    [
        ({"is_logged_in": True, "iss": "https://x.org", "sub": "a1", "email": "a@b.org"}, "user-"),
        ({"is_logged_in": True, "email": "a@b.org"}, "visit-"),
        ({"is_logged_in": True}, "visit-"),
        ({"is_logged_in": True, "sub": "", "email": None}, "visit-"),
        ({"is_logged_in": False, "sub": "a1"}, "visit-"),
        ({"email": "a@b.org"}, "visit-"),
        ({}, "visit-"),
    ],
)
def test_login_gives_the_name_and_nothing_else_does(user: dict[str, Any], beginning: str) -> None:
    """Without a login, or with one that tells nobody from anybody, the session is a visitor's."""
    page = AppTest.from_function(script)
    page.user = user
    assert told(page).startswith(beginning)


def test_every_name_that_signs_in_can_be_kept(data_folder: Path) -> None:
    """Names of any length, with signs nobody sees, and alike from two providers: each is kept apart."""
    names = ["x" * 500, "x" * 501, "a\nb", "\ud800", "ada", "https://y.org\0ada"]
    users = [{"is_logged_in": True, "sub": name, "email": "ada@b.org"} for name in names]
    users.append({"is_logged_in": True, "iss": "https://y.org", "sub": "ada", "email": "ada@b.org"})
    found = set()
    for user in users:
        page = AppTest.from_function(script)
        page.user = user
        found.add(told(page))
    assert len(found) == len(users)
    assert not any("ada" in name for name in found)
    with Store.open(data_folder / "names.sqlite3") as store:
        for name in found:
            store.save_interview(name, {})
