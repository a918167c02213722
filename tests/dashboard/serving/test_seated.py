"""Who comes in: pages and connections while there is room, those that come back always, nobody new at the end."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from asgi import AS_PAGE, Answer, Below, ask, asked, run, scope
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message

from dashboard.serving import seated
from dashboard.serving.counts import Counts
from dashboard.serving.seated import BURST, Seated, asked_for, resumes
from dashboard.serving.seats import Seats
from dashboard.serving.settings import Settings
from dashboard.serving.stopping import Stopping

STREAM = "/_stcore/stream"
A_TAB = {"sec-websocket-protocol": "streamlit, token"}


class Door:
    """The middleware with its parts."""

    def __init__(self, most: int = 1) -> None:
        self.below, self.counts, self.seats = Below(), Counts(), Seats(most, most)
        self.stopping = Stopping(self.seats, 0)
        self.app = Seated(self.below, Settings(), self.seats, self.stopping, self.counts, "/")

    def page(self, path: str = "/", **headers: str) -> Answer:
        """Ask for a page."""
        return ask(self.app, scope(path, headers=AS_PAGE | headers))

    def tab(self, *, denial: bool = True, **headers: str) -> Answer:
        """Connect as a page does."""
        given = A_TAB | {name.replace("_", "-"): value for name, value in headers.items()}
        return ask(self.app, scope(STREAM, kind="websocket", headers=given, denial=denial))


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The sessions that the server has; empty at first."""
    sessions: set[str] = set()
    manager = SimpleNamespace(get_session_info=lambda name: name if name in sessions else None)
    there = SimpleNamespace(exists=lambda: True, instance=lambda: SimpleNamespace(_session_mgr=manager))
    monkeypatch.setattr(seated, "Runtime", there)
    return sessions


def test_full_server_says_so_in_a_page() -> None:
    """With when to come again, also to a browser without scripts; files are still sent."""
    door = Door()
    door.seats.sit("x", "")
    answer = door.page("/bptt")
    assert (answer.status, answer.headers["retry-after"], door.counts.refusals["full"]) == (503, "30", 1)
    assert "This server is full" in answer.text
    assert '<a href="">Try again</a>' in answer.text
    assert "<script" not in answer.text
    for path in ("/static/js/x.js", "/media/x.png", "/_stcore/health", "/oauth2callback", "/session"):
        assert door.page(path).status == 200


def test_page_and_its_connection_are_one_place() -> None:
    """Sending the page takes it, connecting keeps it, closing gives it back."""
    door = Door()
    assert door.page().status == 200
    assert door.page().status == 503
    assert door.tab().kinds == ["websocket.accept"]
    assert door.seats.taken == 0
    assert door.page().status == 200


def test_connection_without_room_is_told_to_come_again() -> None:
    """A page by a code that its script knows; a program by an answer."""
    door = Door()
    door.seats.sit("x", "")
    turned = door.tab().messages
    assert [each["type"] for each in turned] == ["websocket.accept", "websocket.close"]
    assert (turned[0]["subprotocol"], turned[1]["code"], turned[1]["reason"]) == ("streamlit", 1013, "full")
    program = door.tab(sec_websocket_protocol="other")
    assert (program.status, program.headers["retry-after"]) == (503, "30")
    assert "This server is full" in program.text
    assert door.tab(sec_websocket_protocol="other", denial=False).messages == [
        {"type": "websocket.close", "code": 1008}
    ]
    assert not door.below.asked
    assert door.seats.taken == 1


def test_who_is_in_comes_back(known: set[str]) -> None:
    """A session that the server has is taken up again, full or stopping; one that it does not have is a new one."""
    door = Door()
    door.seats.sit("x", "")
    known.add("its-own")
    for stopping in (False, True):
        door.stopping.began = stopping
        assert door.tab(sec_websocket_protocol="streamlit, token, its-own").kinds == ["websocket.accept"]
        for other in ("another", ""):
            turned = door.tab(sec_websocket_protocol=f"streamlit, token, {other}")
            assert turned.status == 503 if stopping else turned.messages[-1]["code"] == 1013


def test_same_browser_may_load_again() -> None:
    """By the cookie that Streamlit gave it."""
    door = Door()
    door.seats.sit("x", "2|mine")
    assert door.page(cookie="a=b; _streamlit_xsrf=2|mine").status == 200
    assert door.page(cookie="_streamlit_xsrf=2|other").status == 503


def test_nobody_new_comes_while_it_stops() -> None:
    """They are told that it is back in a moment."""
    door = Door(5)
    door.stopping.began = True
    answer = door.page()
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert "This server is being restarted" in answer.text
    turned = door.tab()  # a proxy can ask another server
    assert (turned.status, turned.headers["retry-after"]) == (503, "5")


def test_open_pages_can_be_told() -> None:
    """From their acceptance to their end, and what they send is counted."""
    door, told = Door(), []
    sent: list[Message] = []

    async def receive() -> Message:
        if not sent:
            return {"type": "websocket.connect"}
        if len(told) < 2:
            told.append(len(door.stopping.pages))
            await door.stopping.tell(b"words")
            return {"type": "websocket.receive", "bytes": b"x"}
        return {"type": "websocket.disconnect", "code": 1001}

    async def send(message: Message) -> None:
        sent.append(message)

    run(door.app(scope(STREAM, kind="websocket", headers=A_TAB), receive, send))  # type: ignore[arg-type]
    assert told == [1, 1]
    assert [each.get("bytes") for each in sent] == [None, b"words", b"words"]
    assert door.counts.messages == 2
    assert not door.stopping.pages


def test_page_that_sends_without_end_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its messages are taken one by one from then on; nothing is lost."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(seated.asyncio, "sleep", sleep)

    async def flood() -> int:
        async def receive() -> Message:
            return {"type": "websocket.receive", "bytes": b"x"}

        counted = Door().app.counted(receive)
        return sum([(await counted())["bytes"] == b"x" for _ in range(BURST + 50)])

    assert run(flood()) == BURST + 50
    assert 0 < len(waits) <= 50


TEXT = st.text(st.characters(max_codepoint=255), max_size=200)


@given(TEXT, TEXT, st.lists(TEXT, max_size=3))
def test_any_headers_take_no_place_for_good(protocol: str, cookie: str, forwarded: list[str]) -> None:
    """Nonsense in each of them is answered, and its place is free again."""
    door = Door(3)
    headers = [
        ("sec-websocket-protocol", protocol),
        ("cookie", cookie),
        *(("x-forwarded-for", each) for each in forwarded),
    ]
    request = scope(STREAM, kind="websocket", headers=headers)
    assert run(asked(door.app, request)).messages
    assert door.seats.taken == 0
    assert not resumes(request) or asked_for(request)[2]


def test_other_websockets_and_the_start_pass(known: set[str]) -> None:
    """Only the pages' own connection takes a place."""
    assert not known
    door = Door()
    door.seats.sit("x", "")
    assert ask(door.app, scope("/other", kind="websocket")).kinds == ["websocket.accept"]
    request: Any = {"type": "lifespan"}
    ask_lifespan = [request]
    run(door.app(ask_lifespan[0], None, None))  # type: ignore[arg-type]
    assert door.below.asked[-1] == request


@pytest.mark.parametrize(
    ("peer", "headers", "said"),
    [("172.18.0.3", {"x-forwarded-for": "203.0.113.9"}, True), ("172.18.0.3", {}, False),
     ("127.0.0.1", {"x-forwarded-for": "203.0.113.9"}, False),
     ("93.184.216.34", {"x-forwarded-for": "10.0.0.1"}, False),
     (None, {"x-forwarded-for": "203.0.113.9"}, False)],
)  # fmt: skip
def test_proxy_that_nobody_named_is_told_of_once(
    caplog: pytest.LogCaptureFixture, peer: str | None, headers: dict[str, str], said: bool
) -> None:
    """All its visitors would count as one; who comes from afar and forges a header is no proxy."""
    door = Door(9)
    for _ in range(2):
        ask(door.app, scope(peer=peer, headers=AS_PAGE | headers))
    assert sum("UNROLLED_PROXIES does not name it" in message for message in caplog.messages) == said
