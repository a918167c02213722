"""The route that sets cookies: from our own pages alone, for whom a ticket or a link names, and told to no script."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import pytest
from people import HOSTED

from dashboard.kit.people import route, signed, stores, who
from quiz.classes.people import Person

OURS = {"host": "study.example.org", "origin": "https://study.example.org", "content-type": "application/json"}


@pytest.fixture(autouse=True)
def hosted(monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> Any:
    """A hosted server with an empty database."""
    del data_folder
    for name, value in HOSTED.items():
        monkeypatch.setenv(name, value)
    yield
    stores.store.clear()


class Answer:
    """An answer of the route: its status, what it says, and its cookies."""

    def __init__(self, status: int, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
        self.status = status
        self.said = json.loads(body) if body else None
        self.cookies: SimpleCookie = SimpleCookie()
        for name, value in headers:
            if name == b"set-cookie":
                self.cookies.load(value.decode())


def ask(
    body: object, *, method: str = "POST", path: str = "/session", scheme: str = "http", **headers: str | None
) -> Answer:
    """Send a request to the route; what is not for it answers 204."""
    sent: list[dict[str, Any]] = []
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    given: Mapping[str, str | None] = OURS | {name.replace("_", "-"): value for name, value in headers.items()}

    async def below(scope: Any, receive: Any, send: Any) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": raw, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "scheme": scheme, "query_string": b"", "server": ("x", 80),
        "headers": [(name.encode(), value.encode()) for name, value in given.items() if value is not None],
    }  # fmt: skip
    with ThreadPoolExecutor(1) as own:  # this one may have an event loop that runs
        own.submit(asyncio.run, route.Sessions(below)(scope, receive, send)).result()  # type: ignore[arg-type]
    return Answer(sent[0]["status"], sent[0]["headers"], b"".join(each.get("body", b"") for each in sent[1:]))


def linked() -> tuple[str, signed.Session]:
    """The secret of a new learner's private link, and whom it names."""
    made = who.now()
    secret = stores.resumes().renew(Person("by-code-1"), made)
    return secret, signed.Session("by-code-1", signed.moment(made))


def test_a_link_sets_a_cookie_that_no_script_reads() -> None:
    """For all pages below the server's path, encrypted where the visitor's connection is."""
    secret, session = linked()
    for scheme, forwarded, secure in (("http", None, ""), ("https", None, True), ("http", "https", True)):
        answer = ask({"resume": secret}, scheme=scheme, x_forwarded_proto=forwarded)
        assert answer.said == {"done": True}
        cookie = answer.cookies[who.COOKIE]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["secure"]) == (True, "lax", "/", secure)
        assert signed.read("session", cookie.value, stores.keys(), who.now()) == session


def test_a_ticket_sets_it_while_it_is_new() -> None:
    """A page hands it over at once; one that is found later, or a cookie in its place, does nothing."""
    _, session = linked()
    now = who.now()
    ticket = signed.write("ticket", session, stores.keys(), now)
    assert ask({"ticket": ticket}).cookies[who.COOKIE].value
    old = signed.write("ticket", session, stores.keys(), now - timedelta(minutes=3))
    cookie = signed.write("session", session, stores.keys(), now)
    for wrong in (old, cookie, "", "1.x.y"):
        answer = ask({"ticket": wrong})
        assert (answer.said, list(answer.cookies)) == ({"done": False}, [])


def test_a_renewed_link_is_nobody_s() -> None:
    """Nor is one that was ended or never made."""
    secret, _ = linked()
    linked()
    for wrong in (secret, "A" * 43, "", "../../etc"):
        assert ask({"resume": wrong}).said == {"done": False}


def test_signing_out_takes_the_cookie_away() -> None:
    """By a cookie that is over."""
    cookie = ask({"out": True}).cookies[who.COOKIE]
    assert (cookie.value, cookie["max-age"]) == ("", "0")


@pytest.mark.parametrize(
    "headers",
    [{"origin": "https://evil.org"}, {"origin": None}, {"origin": "null"}, {"content_type": "text/plain"},
     {"content_type": None}, {"sec_fetch_site": "cross-site"}, {"sec_fetch_site": "same-site"}],
)  # fmt: skip
def test_other_pages_sign_nobody_in(headers: dict[str, str | None]) -> None:
    """A page elsewhere could make somebody answer under the name of its author."""
    secret, _ = linked()
    answer = ask({"resume": secret}, **headers)
    assert (answer.status, list(answer.cookies)) == (403, [])


def test_proxy_that_renames_the_host_says_so() -> None:
    """The address that was asked for may be the one that the proxy passes on beside its own."""
    secret, _ = linked()
    assert ask({"resume": secret}, host="10.0.0.2:8501", x_forwarded_host="study.example.org").said == {"done": True}
    assert ask({"resume": secret}, sec_fetch_site="same-origin", origin=None).said == {"done": True}


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"[1]", b"3", b"x" * 5_000, b'{"resume": "' + b"a" * 5_000 + b'"}', b"[" * 4_000]
)
def test_what_is_no_request_is_refused(body: bytes) -> None:
    """Whatever is sent, in any length."""
    assert ask(body).status == 400


@pytest.mark.parametrize(
    "asked", [{}, {"resume": 3}, {"ticket": None}, {"out": False}, {"visit": "a; Domain=evil"}, {"visit": 1}]
)
def test_what_names_nobody_sets_nothing(asked: dict[str, Any]) -> None:
    """Also what would put more than a name into a cookie."""
    answer = ask(asked)
    assert (answer.said, list(answer.cookies)) == ({"done": False}, [])


def test_route_is_a_hosted_server_s_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Below its path, by POST; on one's own server there is none."""
    assert ask({"out": True}, method="GET").status == 405
    assert ask({"out": True}, path="/other").status == 204
    monkeypatch.setattr(route.st, "get_option", lambda _: "study/")
    answer = ask({"out": True}, path="/study/session")
    assert answer.cookies[who.COOKIE]["path"] == "/study/"
    monkeypatch.setenv("UNROLLED_HOSTED", "0")
    assert ask({"out": True}).status == 204


def test_server_without_a_secret_knows_nobody(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It says so in the log, without what was sent."""
    secret, _ = linked()
    monkeypatch.delenv("UNROLLED_SECRET")
    assert ask({"resume": secret}).said == {"done": False}
    assert "UNROLLED_SECRET is not set" in caplog.text
    assert secret not in caplog.text
