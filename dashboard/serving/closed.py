"""What Streamlit offers at addresses of its own and a hosted server does not: figures of sessions, its agent API."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.serving import plain
from dashboard.serving.counts import Counts
from dashboard.serving.requests import below

SHUT = ("_stcore/metrics", "_stcore/agent", "_stcore/script-health-check")


class Closed:
    """ASGI middleware that knows nothing of these addresses; anything else passes as it is.

    Args:
        inner: The server below.
        counts: Where refusals are counted.
        base: The path below which the app lies, with a slash at both ends.
    """

    def __init__(self, inner: ASGIApp, counts: Counts, base: str) -> None:
        self.inner, self.counts, self.base = inner, counts, base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] in ("http", "websocket") and shut(below(scope, self.base)):
            self.counts.refusals["closed"] += 1
            await plain.refuse(scope, receive, send, "closed", 404)
            return
        await self.inner(scope, receive, send)


def shut(path: str) -> bool:
    """Whether a path is one of these, or lies below one."""
    return any(path == each or path.startswith(f"{each}/") for each in SHUT)
