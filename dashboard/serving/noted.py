"""What was asked and how it was answered: counted always, and written to a JSON log where one is wanted."""

from __future__ import annotations

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dashboard.serving.counts import Counts
from dashboard.serving.logs import FIELDS
from dashboard.serving.requests import template, visitor
from dashboard.serving.settings import Settings

QUIET = ("/static/", "/_stcore/bidi-components/", "/_stcore/health", "/_stcore/host-config")
"""Kinds of address whose good answers are not written: each page asks for dozens of them."""
log = logging.getLogger("unrolled.access")


class Noted:
    """ASGI middleware that counts answers by their class, and writes one line for each request and connection.

    Args:
        inner: The server below.
        settings: Whether lines are written, and whether with addresses.
        counts: Where answers are counted.
        base: The path below which the app lies, with a slash at both ends.
    """

    def __init__(self, inner: ASGIApp, settings: Settings, counts: Counts, base: str) -> None:
        self.inner, self.settings, self.counts, self.base = inner, settings, counts, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] not in ("http", "websocket"):
            await self.inner(scope, receive, send)
            return
        began, status = time.perf_counter(), 500 if scope["type"] == "http" else 403

        async def noted(message: Message) -> None:
            nonlocal status
            kind = message["type"]
            if kind in ("http.response.start", "websocket.http.response.start"):
                status = message["status"]
            elif kind == "websocket.accept":
                status = 101
            await send(message)

        try:
            await self.inner(scope, receive, noted)
        finally:
            if status != 101:
                self.counts.answers[f"{status // 100}xx"] += 1
            if self.settings.json:
                self.write(scope, status, time.perf_counter() - began)

    def write(self, scope: Scope, status: int, seconds: float) -> None:
        """One line, without what was asked for beyond its kind."""
        route = template(scope, self.base)
        if status < 400 and route.startswith(QUIET):
            return
        method = scope.get("method", "WEBSOCKET")
        fields: dict[str, object] = {
            "method": method if method.isalpha() and len(method) < 10 else "…", "route": route, "status": status,
            "ms": round(1000 * seconds, 1),
        }  # fmt: skip
        if self.settings.addresses:
            fields["address"] = visitor(scope, self.settings.proxies)
        log.info("request", extra={FIELDS: fields})
