"""The names under which a hosted server answers: what `server.allowedHosts` says, for pages as for the websocket."""

from __future__ import annotations

import streamlit as st
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from dashboard.serving import plain
from dashboard.serving.counts import Counts

OPTION = "server.allowedHosts"


class Hosts:
    """ASGI middleware that refuses requests for another server's name, and those that name two.

    Streamlit checks its option for the websocket alone; here its own answer is asked for every request.

    Args:
        inner: The server below.
        counts: Where refusals are counted.
    """

    def __init__(self, inner: ASGIApp, counts: Counts) -> None:
        self.inner, self.counts = inner, counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] in ("http", "websocket") and not allowed(Headers(scope=scope).getlist("host")):
            self.counts.refusals["host"] += 1
            await plain.refuse(scope, receive, send, "host", 421)
            return
        await self.inner(scope, receive, send)


def allowed(asked: list[str]) -> bool:
    """Whether the names that a request asks for are one, and one of this server's."""
    return len(asked) <= 1 and is_host_allowed(asked[0] if asked else None)


def warning() -> str:
    """What to say at the start where every name is answered; "" where the option is set."""
    if st.get_option(OPTION):
        return ""
    return (
        f"{OPTION} is not set: this server answers under any name. Set it to the names of its address, such as "
        "STREAMLIT_SERVER_ALLOWED_HOSTS='study.example.org www.example.org'."
    )
