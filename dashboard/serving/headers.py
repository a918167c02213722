"""Headers that every answer of a hosted server bears: what a browser must not do with it."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.serving import plain
from dashboard.serving.requests import encrypted
from dashboard.serving.settings import Settings

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=(), midi=()",
}
RAW = tuple((name.lower().encode(), value.encode()) for name, value in FIXED.items())
NAMES = frozenset({*(name for name, _ in RAW), b"strict-transport-security"})
POLICY = b"content-security-policy"
INERT = b"default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
"""For a page that is not one of the app's: it runs and loads nothing."""
MARKUP = (b"text/html", b"image/svg+xml", b"text/xml", b"application/xml", b"application/xhtml+xml")
STARTS = frozenset({"http.response.start", "websocket.http.response.start"})
log = logging.getLogger(__name__)


class Headed:
    """ASGI middleware that puts the headers on every answer, refusals and faults included.

    Args:
        inner: The server below.
        settings: Who may show pages in a frame, and whether browsers are told to come encrypted only.
    """

    def __init__(self, inner: ASGIApp, settings: Settings) -> None:
        self.inner, self.settings = inner, settings
        self.frames = f"frame-ancestors {settings.frames}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] not in ("http", "websocket"):
            await self.inner(scope, receive, send)
            return
        started = False

        async def headed(message: Message) -> None:
            nonlocal started
            if message["type"] in STARTS:
                started = True
                message = {**message, "headers": self.with_headers(scope, message.get("headers", ()))}
            await send(message)

        try:
            await self.inner(scope, receive, headed)
        except Exception:
            if started or scope["type"] == "websocket":
                raise
            log.exception("A request failed.")
            await plain.refuse(scope, receive, headed, "fault", 500)

    def with_headers(self, scope: Scope, given: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """An answer's headers with those that every answer bears; in one walk, since each file has them."""
        headers, policy, kind = list(RAW), b"", b""
        for name, value in given:
            low = name.lower()
            if low == POLICY:
                policy = value
            elif low not in NAMES:
                headers.append((name, value))
                kind = value if low == b"content-type" else kind
        policy = policy or (INERT if kind.startswith(MARKUP) else b"")
        headers.append((POLICY, policy + b"; " + self.frames if policy else self.frames))
        if self.settings.hsts and encrypted(scope, self.settings.proxies):
            headers.append((b"strict-transport-security", b"max-age=%d" % self.settings.hsts))
        return headers
