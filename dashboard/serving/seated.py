"""Who comes in: pages and their connections as long as there is room, and none that is new while the server stops."""

from __future__ import annotations

import asyncio
import logging

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import Runtime

from dashboard.kit.proxies import Proxies, household, parsed
from dashboard.serving import plain
from dashboard.serving.counts import Counts
from dashboard.serving.rates import Rates
from dashboard.serving.requests import STREAM, below, browser, opens_page, visitor
from dashboard.serving.seats import Seats
from dashboard.serving.settings import Settings
from dashboard.serving.stopping import Stopping

PROTOCOL = "streamlit"
TRY_AGAIN = 1013  # a websocket's code for it; `full.js` loads the page anew, which then says why
MESSAGES = 50  # a second that one page may send on average; no control sends as many
BURST = 500
STRANGER = (
    "A proxy on a private network says where its visitors come from, and UNROLLED_PROXIES does not name it: all of "
    "them count as one address. Set it to the address or network from which the proxy connects."
)
log = logging.getLogger(__name__)


class Seated:
    """ASGI middleware that gives pages their places, and has the open ones known to who stops the server.

    Args:
        inner: The server below.
        settings: Which forwarders are believed.
        seats: The places.
        stopping: Whether and how the server stops.
        counts: Where messages and refusals are counted.
        base: The path below which the app lies, with a slash at both ends.
    """

    def __init__(
        self, inner: ASGIApp, settings: Settings, seats: Seats, stopping: Stopping, counts: Counts, base: str
    ) -> None:
        self.inner, self.proxies, self.seats, self.counts, self.base = inner, settings.proxies, seats, counts, base
        self.stopping, self.warned = stopping, False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket" and below(scope, self.base) == STREAM:
            await self.connect(scope, receive, send)
        elif scope["type"] == "http" and opens_page(scope, self.base):
            await self.show(scope, receive, send)
        else:
            await self.inner(scope, receive, send)

    async def show(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a page, and hold a place for it; or say that there is none."""
        address, known = household(visitor(scope, self.proxies)), browser(scope)
        if not self.warned and stranger(scope, self.proxies):
            self.warned = True
            log.warning(STRANGER)
        if why := self.why_not(address, known):
            self.counts.refusals[why] += 1
            await plain.refuse(scope, receive, send, why, 503)
            return
        self.seats.promise(address, known)
        await self.inner(scope, receive, send)

    async def connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a page connect that has a place, or had one and comes back."""
        address, known = household(visitor(scope, self.proxies)), browser(scope)
        back = resumes(scope) and self.seats.again(address)
        if why := "" if back else self.why_not(address, known, redeem=True):
            self.counts.refusals[why] += 1
            await turn_away(scope, receive, send, why)
            return
        page = object()

        async def noted(message: Message) -> None:
            await send(message)
            if message["type"] == "websocket.accept":
                self.stopping.pages[page] = send

        self.seats.sit(address, known)
        try:
            await self.inner(scope, self.counted(receive), noted)
        finally:
            self.stopping.pages.pop(page, None)
            self.seats.rise(address, known)

    def why_not(self, address: str, known: str, *, redeem: bool = False) -> str:
        """Why a new page cannot come in, as the room's words are called; "" if it can."""
        if self.stopping.began:
            return "restarting"
        return "" if redeem and self.seats.redeem(address) else self.seats.room(address, known)

    def counted(self, receive: Receive) -> Receive:
        """What a page sends, counted; one that sends without end waits, and keeps nobody else waiting."""
        rates = Rates(MESSAGES, BURST)

        async def next_message() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive":
                self.counts.messages += 1
                if not rates.take(""):
                    await asyncio.sleep(1 / MESSAGES)
            return message

        return next_message


async def turn_away(scope: Scope, receive: Receive, send: Send, why: str) -> None:
    """Close a page's connection so that it knows to come again.

    A program that asks gets a plain answer. So does everybody of a server that stops: a proxy then asks another one.
    """
    if why == "restarting" or PROTOCOL not in asked_for(scope):
        await plain.refuse(scope, receive, send, why, 503)
        return
    await receive()
    await send({"type": "websocket.accept", "subprotocol": PROTOCOL})
    await send({"type": "websocket.close", "code": TRY_AGAIN, "reason": why})


def stranger(scope: Scope, proxies: Proxies) -> bool:
    """Whether a forwarder nearby tells of visitors and is not believed."""
    peer = parsed(scope["client"][0]) if scope.get("client") else None
    near = peer is not None and peer.is_private and not proxies.trusted(str(peer))
    return near and "x-forwarded-for" in Headers(scope=scope)


def asked_for(scope: Scope) -> list[str]:
    """The parts of what a page asks for with its connection: the protocol, a token, and the session it had."""
    return [each.strip() for each in Headers(scope=scope).get("sec-websocket-protocol", "").split(",")]


def resumes(scope: Scope) -> bool:
    """Whether a connection takes up a session that this server has, connected or waiting for it."""
    parts = asked_for(scope)
    if len(parts) < 3 or not parts[2] or not Runtime.exists():
        return False
    return Runtime.instance()._session_mgr.get_session_info(parts[2]) is not None
