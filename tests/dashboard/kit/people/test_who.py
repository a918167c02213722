"""Whose answers a session's are, also when its connection is gone or tells nothing: by login, at home, a visitor's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from people import BEHIND_A_PROXY, SECRET, TEACHER, campus
from streamlit.testing.v1 import AppTest
from support import PATIENCE

from dashboard.kit.people import configured, signed, stores, who
from quiz.classes.people import Person
from quiz.errors import AwayError
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
        page = AppTest.from_function(script, default_timeout=PATIENCE)
        connect(SimpleNamespace(client_context=client))
        before = told(page)
        assert before.startswith(beginning)
        connect(None)
        assert told(page) == before


def test_session_taken_up_from_elsewhere_is_not_at_home(connect: Any) -> None:
    """The connection of now decides, not the first one."""
    page = AppTest.from_function(script, default_timeout=PATIENCE)
    connect(SimpleNamespace(client_context=HOME))
    assert told(page) == "local"
    connect(SimpleNamespace(client_context=AWAY))
    assert told(page).startswith("visit-")


@pytest.mark.parametrize("client", [None, SimpleNamespace(client_context=None)])
def test_unknown_connection_is_a_visitor(connect: Any, client: Any) -> None:
    """What nothing is known of is nobody's own machine."""
    connect(client)
    assert told(AppTest.from_function(script, default_timeout=PATIENCE)).startswith("visit-")


def test_hosted_server_has_nobody_at_home(connect: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the connection looks like."""
    monkeypatch.setenv("UNROLLED_HOSTED", "1")
    connect(SimpleNamespace(client_context=HOME))
    assert told(AppTest.from_function(script, default_timeout=PATIENCE)).startswith("visit-")


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
    page = AppTest.from_function(script, default_timeout=PATIENCE)
    page.user = user
    assert told(page).startswith(beginning)


def test_every_name_that_signs_in_can_be_kept(data_folder: Path) -> None:
    """Names of any length, with signs nobody sees, and alike from two providers: each is kept apart."""
    names = ["x" * 500, "x" * 501, "a\nb", "\ud800", "ada", "https://y.org\0ada"]
    users = [{"is_logged_in": True, "sub": name, "email": "ada@b.org"} for name in names]
    users.append({"is_logged_in": True, "iss": "https://y.org", "sub": "ada", "email": "ada@b.org"})
    found = set()
    for user in users:
        page = AppTest.from_function(script, default_timeout=PATIENCE)
        page.user = user
        found.add(told(page))
    assert len(found) == len(users)
    assert not any("ada" in name for name in found)
    with Store.open(data_folder / "names.sqlite3") as store:
        for name in found:
            store.save_interview(name, {})


# On a hosted server


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hosted server behind a proxy whose header fills the user's field "remote"."""
    for name, value in BEHIND_A_PROXY.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(configured, "mapped", lambda: ("remote", "email"))


@pytest.mark.usefixtures("hosted")
def test_trusted_header_names_the_learner_and_no_other_does(monkeypatch: pytest.MonkeyPatch) -> None:
    """Although nobody is logged in; without a mapping, without the variable, or on one's own server it is nobody."""
    page = AppTest.from_function(script, default_timeout=PATIENCE)
    page.user = {"remote": "ada"}
    assert told(page) == campus("ada")
    for user in ({"remote": None}, {"remote": ""}, {"email": "ada"}, {"Remote": "ada"}, {}):
        page = AppTest.from_function(script, default_timeout=PATIENCE)
        page.user = user
        assert told(page).startswith("visit-")
    page = AppTest.from_function(script, default_timeout=PATIENCE)
    page.user = {"remote": "ada"}
    monkeypatch.setattr(configured, "mapped", tuple)
    assert told(page).startswith("visit-")
    monkeypatch.setattr(configured, "mapped", lambda: ("remote",))
    monkeypatch.delenv("UNROLLED_TRUSTED_HEADER")
    assert told(page).startswith("visit-")
    monkeypatch.setenv("UNROLLED_TRUSTED_HEADER", "remote")
    monkeypatch.setenv("UNROLLED_HOSTED", "0")
    assert not told(page).startswith("campus-")


@pytest.mark.usefixtures("hosted", "data_folder")
def test_private_link_holds_until_another_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cookie of its time is asked about again; while the database is away it is believed."""
    made, me = who.now(), Person("by-code-1")
    stores.resumes().renew(me, made)
    session = signed.Session(me.learner, signed.moment(made))
    monkeypatch.setattr(who, "_cookie", lambda: session)
    page = AppTest.from_function(script, default_timeout=PATIENCE)
    assert told(page) == me.learner
    stores.resumes().renew(me, made + timedelta(seconds=1))
    assert told(page) == me.learner  # within a minute it is not asked about again
    monkeypatch.setattr(who, "now", lambda: made + timedelta(minutes=2))
    with monkeypatch.context() as away:
        away.setattr(stores, "resumes", lambda: gone())
        assert told(page) == me.learner
    monkeypatch.setattr(who, "now", lambda: made + timedelta(minutes=4))
    assert told(page).startswith("visit-")


def gone() -> None:
    """A database that is away."""
    raise AwayError("The database cannot be reached.")


@pytest.mark.parametrize(
    ("claims", "teacher"),
    [({"is_logged_in": True, "sub": "1", "mail": TEACHER, "email": None}, False),
     ({"remote": "ada", "email": TEACHER}, True),
     ({"is_logged_in": True, "sub": "1", "email": TEACHER, "email_verified": False}, False),
     ({"is_logged_in": True, "sub": "1", "email": f"x{TEACHER}"}, False), ({"email": TEACHER}, False)],
)  # fmt: skip
@pytest.mark.usefixtures("hosted")
def test_teacher_is_who_the_configuration_names(claims: dict[str, Any], teacher: bool) -> None:
    """By a verified address of somebody who is known; a visitor who claims one is none."""

    def asked() -> None:
        import streamlit as st

        from dashboard.kit.people.who import person

        st.text(str(person().teacher))

    page = AppTest.from_function(asked, default_timeout=PATIENCE)
    page.user = claims
    assert told(page) == str(teacher)


@pytest.mark.usefixtures("hosted")
def test_a_sign_in_speaks_for_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a header fills is no claim of it: neither who somebody is, nor that they teach; the header's own is."""

    def asked() -> None:
        import streamlit as st

        from dashboard.kit.people.who import person

        st.text(f"{person().teacher} {person().learner[:5]}")

    signed_in = {"is_logged_in": True, "iss": "https://x.org", "sub": "1", "email": TEACHER, "remote": "ada"}
    for mapped, said in (
        (("remote",), "True user-"),
        (("remote", "email"), "False user-"),
        (("remote", "sub"), "False visit"),
        (("remote", "email", "is_logged_in"), "True campu"),
    ):
        monkeypatch.setattr(configured, "mapped", lambda mapped=mapped: mapped)
        page = AppTest.from_function(asked, default_timeout=PATIENCE)
        page.user = dict(signed_in)
        assert told(page) == said, mapped


@pytest.mark.usefixtures("hosted")
@pytest.mark.parametrize("login", [False, True])
@pytest.mark.parametrize("field", ["sub", "iss", "is_logged_in", "email", "remote"])
def test_no_header_may_name_people_as_a_sign_in_does(monkeypatch: pytest.MonkeyPatch, login: bool, field: str) -> None:
    """The start is refused with what to write; without a sign-in the proxy may call its own field as it likes."""
    monkeypatch.setattr(configured, "mapped", lambda: ("remote", field))
    monkeypatch.setattr(configured, "login", lambda: login)
    monkeypatch.setattr(configured, "check_cookies", lambda: None)
    if field == "is_logged_in" or (login and field in ("sub", "iss")):
        with pytest.raises(configured.ConfiguredError, match=f"fills '{field}'"):
            configured.check()
    else:
        configured.check()


# What the configuration says


@pytest.mark.parametrize(
    ("variables", "said"),
    [({"UNROLLED_SECRET": "short"}, "UNROLLED_SECRET is too weak"), ({"UNROLLED_SECRET": "a" * 64}, "too weak"),
     ({"UNROLLED_TRUSTED_HEADER": "nobody"}, "no header fills that field")],
)  # fmt: skip
@pytest.mark.usefixtures("hosted")
def test_what_cannot_be_meant_stops_the_start(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], said: str
) -> None:
    """With what to write instead; on one's own server none of it is asked about."""
    configured.check()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(configured.ConfiguredError, match=said):
        configured.check()
    monkeypatch.setenv("UNROLLED_HOSTED", "0")
    configured.check()


def test_missing_secret_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hosted server without one could let nobody come back; the sentence has the command that makes one."""
    monkeypatch.setenv("UNROLLED_HOSTED", "1")
    monkeypatch.delenv("UNROLLED_SECRET", raising=False)
    with pytest.raises(configured.ConfiguredError, match=r"UNROLLED_SECRET is not set\. Make one with: python -c"):
        configured.check()


@pytest.mark.parametrize(
    ("section", "option", "fine"),
    [({}, None, False), ({"cookie_secret": ""}, None, False), ({"cookie_secret": "short"}, None, False),
     ({"cookie_secret": "a" * 64}, None, False), ({"cookie_secret": 7}, None, False),
     ({"cookie_secret": SECRET}, None, True),
     ({}, SECRET, True), ({}, "short", False), ({"cookie_secret": "short"}, SECRET, False)],
)  # fmt: skip
@pytest.mark.usefixtures("hosted")
def test_sign_in_needs_a_secret_of_its_own(
    monkeypatch: pytest.MonkeyPatch, section: dict[str, Any], option: str | None, fine: bool
) -> None:
    """A weak one could be guessed, and one that Streamlit draws anew would differ on each server."""
    monkeypatch.setattr(configured, "login", lambda: True)
    monkeypatch.setattr(configured.st, "secrets", {"auth": section})
    monkeypatch.setattr(configured.config, "is_manually_set", lambda _: option is not None)
    asked = configured.st.get_option
    monkeypatch.setattr(configured.st, "get_option", lambda name: option if name == configured.COOKIES else asked(name))
    if fine:
        configured.check()
        return
    with pytest.raises(
        configured.ConfiguredError, match=r"Write one into \[auth\] .* the same on every server.*python"
    ):
        configured.check()
