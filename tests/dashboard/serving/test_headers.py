"""The headers of every answer of a hosted server."""

from __future__ import annotations

import logging

import pytest
from asgi import AS_PAGE, Below, ask, scope
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from dashboard.kit.proxies import Proxies
from dashboard.serving.headers import FIXED, INERT, Headed
from dashboard.serving.settings import Settings

TEXT = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=60)


def policy(below: Below, settings: Settings | None = None) -> str:
    """The policy of an answer."""
    return ask(Headed(below, settings or Settings()), scope()).headers["content-security-policy"]


@pytest.mark.parametrize("status", [200, 304, 400, 404, 413, 503])
def test_every_answer_bears_them(status: int) -> None:
    """Files, refusals, and what has no body."""
    answer = ask(Headed(Below(status), Settings()), scope("/static/js/x.js"))
    assert answer.status == status
    assert FIXED.items() <= {name: answer.headers.get(name) for name in FIXED}.items()
    assert answer.headers["content-security-policy"] == "frame-ancestors 'self'"


def test_refused_websocket_bears_them() -> None:
    """An answer in place of a connection is an answer."""

    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "websocket.http.response.start", "status": 503, "headers": []})
        await send({"type": "websocket.http.response.body", "body": b""})

    answer = ask(Headed(refuse, Settings()), scope(kind="websocket"))
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_page_s_own_policy_stays() -> None:
    """Who may frame it is added; what it may load is its own."""
    page = Below(headers={"content-type": "text/html", "Content-Security-Policy": "script-src 'self'"})
    assert policy(page) == "script-src 'self'; frame-ancestors 'self'"
    lms = Settings(frames="'self' https://lms.example.org")
    assert policy(page, lms) == "script-src 'self'; frame-ancestors 'self' https://lms.example.org"


@pytest.mark.parametrize("kind", ["text/html", "text/html; charset=utf-8", "image/svg+xml", "application/xml"])
def test_markup_without_a_policy_runs_nothing(kind: str) -> None:
    """A picture or page that somebody brought is inert when it is opened at its address."""
    assert policy(Below(headers={"content-type": kind})) == f"{INERT.decode()}; frame-ancestors 'self'"


@pytest.mark.parametrize(
    ("scheme", "peer", "said", "encrypted"),
    [("https", "203.0.113.9", None, True), ("http", "203.0.113.9", None, False),
     ("http", "203.0.113.9", "https", False),
     ("http", "10.0.0.2", "https", True), ("http", "10.0.0.2", "http", False),
     ("http", "10.0.0.2", "https, http", False)],
)  # fmt: skip
def test_browsers_are_bound_only_where_it_is_encrypted(
    scheme: str, peer: str, said: str | None, encrypted: bool
) -> None:
    """And only by option; a visitor who claims to come encrypted binds nobody."""
    request = scope(scheme=scheme, peer=peer, headers={"x-forwarded-proto": said} if said else {})
    bound = Settings(hsts=600, proxies=Proxies.read("10.0.0.2"))
    found = ask(Headed(Below(), bound), request).headers.get("strict-transport-security")
    assert found == ("max-age=600" if encrypted else None)
    assert "strict-transport-security" not in ask(Headed(Below(), Settings()), request).headers


def test_fault_is_a_plain_page(caplog: pytest.LogCaptureFixture) -> None:
    """With the same headers, and nothing of the fault but in the log."""

    async def fail(*_: object) -> None:
        raise RuntimeError("secret words")

    with caplog.at_level(logging.ERROR):
        answer = ask(Headed(fail, Settings()), scope(headers=AS_PAGE))
    assert answer.status == 500
    assert "Something went wrong" in answer.text
    assert "secret words" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "secret words" in caplog.text


@given(st.lists(st.tuples(st.text("abc-", min_size=1, max_size=20), TEXT)), TEXT)
def test_any_headers_below_are_passed_on(given_headers: list[tuple[str, str]], kind: str) -> None:
    """Doubled and strange ones too; ours stand there once."""

    async def odd(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        raw = [(name.encode(), value.encode("latin-1")) for name, value in given_headers]
        await send(
            {"type": "http.response.start", "status": 200, "headers": [*raw, (b"content-type", kind.encode("latin-1"))]}
        )
        await send({"type": "http.response.body", "body": b""})

    answer = ask(Headed(odd, Settings()), scope())
    names = [name for name, _ in answer.headers.items()]
    assert all(names.count(name.lower()) == 1 for name in (*FIXED, "content-security-policy"))
    assert sum(name in dict(given_headers) for name in names) >= len(dict(given_headers))
