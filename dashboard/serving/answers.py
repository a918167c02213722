"""Whole answers of the server below, for middleware that changes or keeps them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Scope

__all__ = ["whole"]

CONDITIONS = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
"""Headers of a request that would have the answer come packed, in part, or not at all."""


async def whole(app: ASGIApp, scope: Scope, *, without: Iterable[bytes] = CONDITIONS) -> Response:
    """The answer to a request, as it would be without conditions, from its first byte to its last.

    The server below does not learn that the visitor has gone: it would stop in the middle of a file, and what is kept
    from one visitor is sent to all.

    Args:
        app: The server below.
        scope: The request.
        without: Headers of the request that it is not told.
    """
    start: Message = {}
    body = b""

    async def hold(message: Message) -> None:
        nonlocal start, body
        if message["type"] == "http.response.start":
            start = message
        elif message["type"] == "http.response.body":
            body += message.get("body", b"")

    asked = False

    async def stay() -> Message:
        nonlocal asked
        if asked:
            await asyncio.Event().wait()  # for ever: whoever listens here is ended by the answer
        asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    headers = [(name, value) for name, value in scope["headers"] if name not in without]
    await app({**scope, "headers": headers}, stay, hold)
    return Response(body, start["status"], MutableHeaders(raw=list(start["headers"])))
