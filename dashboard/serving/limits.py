"""How much one request may be, and how many there may be from one network."""

from __future__ import annotations

import streamlit as st
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.kit.proxies import household
from dashboard.serving import plain
from dashboard.serving.counts import Counts
from dashboard.serving.rates import Rates
from dashboard.serving.requests import UPLOADS, below, visitor
from dashboard.serving.settings import Settings

SMALL = 64 << 10  # bytes of a request's body that is no upload, and of what stands around one
LONGEST = 16 << 10  # bytes of an address with its query; a pasted sequence stands in it
HEADERS = 48 << 10  # bytes of all headers; cookies of a sign-in are the largest
BURST = 30  # seconds of the rate that may come at once: thirty first pages are two thousand files
MEGABYTE = 1 << 20


class TooLarge(Exception):  # noqa: N818 - it reads as what happened
    """A body went on beyond what is allowed."""


class Limited:
    """ASGI middleware that refuses what is too large or comes too often.

    Args:
        inner: The server below.
        settings: How often requests may come from one address, and which forwarders are believed.
        counts: Where refusals are counted.
        base: The path below which the app lies, with a slash at both ends.
    """

    def __init__(self, inner: ASGIApp, settings: Settings, counts: Counts, base: str) -> None:
        self.inner, self.counts, self.base = inner, counts, base
        self.proxies = settings.proxies
        self.rates = Rates(settings.requests, BURST * settings.requests)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] not in ("http", "websocket"):
            await self.inner(scope, receive, send)
        elif not self.rates.take(household(visitor(scope, self.proxies))):
            await self.refuse(scope, receive, send, "rate", 429)
        elif len(scope.get("raw_path") or b"") + len(scope.get("query_string") or b"") > LONGEST:
            await self.refuse(scope, receive, send, "long", 414)
        elif sum(len(name) + len(value) for name, value in scope["headers"]) > HEADERS:
            await self.refuse(scope, receive, send, "long", 431)
        elif scope["type"] == "http" and scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            await self.with_body(scope, receive, send)
        else:
            await self.inner(scope, receive, send)

    async def refuse(self, scope: Scope, receive: Receive, send: Send, words: str, status: int) -> None:
        """Refuse a request, and count it."""
        self.counts.refusals[words] += 1
        await plain.refuse(scope, receive, send, words, status)

    async def with_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request whose body is counted as it comes; what is said of its length may be wrong."""
        most = self.most(scope)
        said = Headers(scope=scope).get("content-length", "0")
        if not said.isdecimal() or len(said) > 12 or int(said) > most:
            await self.refuse(scope, receive, send, "large", 413)
            return
        came, started = 0, False

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:
                raise TooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.inner(scope, counted, noted)
        except TooLarge:
            if started:
                raise
            await self.refuse(scope, receive, send, "large", 413)

    def most(self, scope: Scope) -> int:
        """The bytes that a request's body may have."""
        if below(scope, self.base).startswith(UPLOADS):
            return int(st.get_option("server.maxUploadSize")) * MEGABYTE + SMALL
        return SMALL
