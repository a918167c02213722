"""Whatever is sent to the route that sets cookies: it answers, and signs nobody in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.kit.people import carried, signed, stores, who
from quiz.classes.people import Person
from tests.dashboard.kit.people import test_route
from tests.dashboard.kit.people.test_route import ask, linked

pytestmark = pytest.mark.deep

hosted = test_route.hosted
MANY = settings(max_examples=1_500, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=60)
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner))
NAMES = st.sampled_from(["resume", "ticket", "out", "visit"]) | st.text(max_size=9)
TOKENS = st.from_regex(r"\A1\.[A-Za-z0-9_-]{0,60}\.[A-Za-z0-9_-]{0,60}\Z") | st.text(max_size=80)


@MANY
@given(asked=st.dictionaries(NAMES, VALUES | TOKENS, max_size=3))
def test_nobody_is_signed_in(asked: dict[str, Any]) -> None:
    """A cookie is taken away, or names a visit in the form of such a name; nothing else is set."""
    answer = ask(asked)
    assert answer.status in (200, 400)
    assert set(answer.cookies) <= {who.COOKIE, carried.COOKIE}
    if who.COOKIE in answer.cookies:
        assert asked.get("out") is True
        assert answer.cookies[who.COOKIE].value == ""


@MANY
@given(body=st.binary(max_size=200) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_answered(body: bytes) -> None:
    """As a request that names nobody, or as none."""
    answer = ask(body)
    assert answer.status in (200, 400)
    assert set(answer.cookies) <= {who.COOKIE, carried.COOKIE}


@MANY
@given(at=st.integers(0, 10**6), sign=st.characters(codec="ascii"))
def test_a_ticket_with_one_sign_changed_is_none(at: int, sign: str) -> None:
    """Wherever it is changed, and to what."""
    ticket = signed.write("ticket", signed.Session("by-code-1", 0), stores.keys(), who.now())
    at %= len(ticket)
    forged = ticket[:at] + sign + ticket[at + 1 :]
    if signed.read("ticket", forged, stores.keys(), who.now()) is None:
        assert ask({"ticket": forged}).said == {"done": False}
    else:  # the last sign of base64 holds bits that count for nothing
        assert forged == ticket or at in (len(ticket) - 1, ticket.rindex(".") - 1)


@pytest.mark.parametrize("learner", ["by-code-2", "user-1", "local"])
def test_a_cookie_of_another_is_not_given(learner: str) -> None:
    """A private link gives the cookie of its own learner alone, whatever cookie the browser sends beside it."""
    secret, session = linked()
    other = signed.write("session", signed.Session(learner, session.link), stores.keys(), who.now())
    answer = ask({"resume": secret}, cookie=f"{who.COOKIE}={other}")
    kept = signed.read("session", answer.cookies[who.COOKIE].value, stores.keys(), who.now())
    assert kept is not None
    assert Person(kept.learner) == Person("by-code-1")
