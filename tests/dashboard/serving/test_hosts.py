"""The names under which a hosted server answers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from asgi import AS_PAGE, Below, ask, scope
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit import config

from dashboard.serving import hosts
from dashboard.serving.counts import Counts
from dashboard.serving.hosts import Hosts

Allow = Callable[[list[str]], None]


@pytest.fixture
def allow(monkeypatch: pytest.MonkeyPatch) -> Allow:
    """A function that sets Streamlit's option for the test."""

    def names(given: list[str]) -> None:
        asked = config.get_option
        monkeypatch.setattr(config, "get_option", lambda name: given if name == hosts.OPTION else asked(name))
        monkeypatch.setattr(hosts.st, "get_option", config.get_option)

    return names


@pytest.mark.parametrize(
    ("asked", "fine"),
    [(["study.example.org"], True), (["STUDY.example.org.:8501"], True), (["a.lab.example.org"], True),
     (["evil.org"], False), (["lab.example.org.evil.org"], False), ([""], False), ([], False),
     (["study.example.org:x"], False),
     (["study.example.org", "study.example.org"], False), (["study.example.org", "evil.org"], False),
     (["user@study.example.org"], False), (["study.example.org/x"], False)],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_only_its_own_names_are_answered(allow: Allow, kind: str, asked: list[str], fine: bool) -> None:
    """Pages and the websocket by one rule; two names in one request are none."""
    allow(["study.example.org", "*.lab.example.org"])
    counts, below = Counts(), Below()
    request = scope(kind=kind, headers=[("host", name) for name in asked])
    answer = ask(Hosts(below, counts), request)
    assert bool(below.asked) == fine
    if not fine:
        assert answer.status == 421
        assert counts.refusals["host"] == 1


def test_refusal_is_a_plain_page(allow: Allow) -> None:
    """In words, and without the name that was asked for."""
    allow(["study.example.org"])
    answer = ask(Hosts(Below(), Counts()), scope(headers={"host": "evil.org", **AS_PAGE}))
    assert "No such server here" in answer.text
    assert "evil" not in answer.text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(st.characters(max_codepoint=255), max_size=300), max_size=3))
def test_any_name_is_answered_or_refused(allow: Allow, asked: list[str]) -> None:
    """Nonsense in any number ends in one of two answers."""
    allow(["study.example.org"])
    answer = ask(Hosts(Below(), Counts()), scope(headers=[("host", name) for name in asked]))
    assert answer.status in (200, 421)


def test_without_the_option_every_name_is_answered_and_said(allow: Allow) -> None:
    """The log has the line to write."""
    allow([])
    assert ask(Hosts(Below(), Counts()), scope(headers={"host": "any.org"})).status == 200
    assert "STREAMLIT_SERVER_ALLOWED_HOSTS=" in hosts.warning()
    allow(["study.example.org"])
    assert not hosts.warning()
