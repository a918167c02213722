"""Requests to an ASGI app without a server, for tests of what stands around Streamlit."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Result = TypeVar("Result")
AS_PAGE = {"accept": "text/html,application/xhtml+xml"}


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run something asynchronous to its end, in a thread of its own: this one may have an event loop that runs."""
    with ThreadPoolExecutor(1) as own:
        return own.submit(asyncio.run, work).result()


@dataclass
class Answer:
    """What came back: a status, headers and a body, or what happened to a websocket."""

    messages: list[Message] = field(default_factory=list)

    @property
    def start(self) -> Message:
        """The message with the status."""
        return next(each for each in self.messages if each["type"].endswith("response.start"))

    @property
    def status(self) -> int:
        """The status."""
        return int(self.start["status"])

    @property
    def headers(self) -> Headers:
        """The headers."""
        return Headers(raw=list(self.start["headers"]))

    @property
    def text(self) -> str:
        """The body."""
        return b"".join(each.get("body", b"") for each in self.messages).decode()

    @property
    def kinds(self) -> list[str]:
        """What was sent, in its order."""
        return [each["type"] for each in self.messages]


def scope(
    path: str = "/",
    *,
    kind: str = "http",
    method: str = "GET",
    scheme: str = "http",
    peer: str | None = "127.0.0.1",
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    query: bytes = b"",
    denial: bool = True,
) -> Scope:
    """A request as a server gives it to an app."""
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    found: Scope = {
        "type": kind, "path": path, "raw_path": path.encode("utf-8", "replace"), "query_string": query,
        "scheme": scheme if kind == "http" else scheme.replace("http", "ws"), "server": ("study.example.org", 80),
        "client": (peer, 4000) if peer else None, "root_path": "", "http_version": "1.1",
        "headers": [(name.lower().encode("latin-1"), value.encode("latin-1", "replace")) for name, value in pairs],
    }  # fmt: skip
    if kind == "http":
        return found | {"method": method}
    return found | {"extensions": {"websocket.http.response": {}} if denial else {}}


async def asked(app: ASGIApp, request: Scope, body: Sequence[bytes] = (b"",)) -> Answer:
    """An app's answer to a request whose body comes in pieces."""
    answer = Answer()
    if request["type"] == "http":
        coming = [{"type": "http.request", "body": part, "more_body": True} for part in body]
        coming[-1]["more_body"] = False
    else:
        coming = [{"type": "websocket.connect"}]

    async def receive() -> Message:
        if coming:
            return coming.pop(0)
        return {"type": "http.disconnect" if request["type"] == "http" else "websocket.disconnect", "code": 1001}

    async def send(message: Message) -> None:
        answer.messages.append(message)

    await app(request, receive, send)
    return answer


def ask(app: ASGIApp, request: Scope, body: Sequence[bytes] = (b"",)) -> Answer:
    """An app's answer to a request."""
    return run(asked(app, request, body))


class Below:
    """Stands for the server below: answers everything, reads what is sent, and keeps what was asked."""

    def __init__(self, status: int = 200, headers: Mapping[str, str] | None = None, body: bytes = b"below") -> None:
        self.status, self.headers, self.body = status, headers or {"content-type": "text/plain"}, body
        self.asked: list[Scope] = []
        self.read = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with what it was made with; a websocket is accepted and heard to its end."""
        self.asked.append(scope)
        if scope["type"] == "lifespan":
            return
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            while (await receive())["type"] != "websocket.disconnect":
                pass
            return
        more = True
        while more:
            message = await receive()
            more, self.read = message.get("more_body", False), self.read + len(message.get("body", b""))
        headers = [(name.lower().encode(), value.encode()) for name, value in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})
