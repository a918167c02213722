"""The server: Streamlit's, with a page that comes dressed and may load nothing from elsewhere.

A script can send its styles only with its first run, and the page would jump when they come. Here they stand in the
page itself. `app.py` also runs without this file.
"""

from __future__ import annotations

import gc
import re
import socket
import sys
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from socket import AF_INET, AF_INET6

import streamlit as st
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

if (root := str(Path(__file__).resolve().parents[1])) not in sys.path:
    sys.path.append(root)  # `streamlit run` puts this folder on the path, not the one above; needed when not installed

from dashboard import warm
from dashboard.answers import whole
from dashboard.assets import Remembered
from dashboard.kit import hosting
from dashboard.kit.jobs import configured as jobs_configured
from dashboard.kit.navigation import stylesheet
from dashboard.kit.people import configured
from dashboard.kit.people.route import Sessions

try:
    hosting.hosted()
    configured.check()
    jobs_configured.scheduler()
except (hosting.HostedError, configured.ConfiguredError, jobs_configured.DaskError) as refused:
    sys.exit(str(refused))

INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
SCRIPTS = ("arriving.js", "drop_zone.js", "people/resuming.js")
"""Scripts of the kit that run before the page's own."""
BASE = "<script>(window.__streamlit ??= {}).BACKEND_BASE_URL ??= new URL('.', location.href).href</script>"
"""Where the server is: where the page's own files come from. Streamlit would try below the page first, in vain."""
NO_COPY = {b"accept-encoding", b"if-none-match", b"if-modified-since"}
"""Headers that would have the page come packed, or not at all because the browser has one like it."""


class Dressed:
    """ASGI middleware that gives a page its styles and its policy; anything else passes as it is."""

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if not wants_page(scope):
            await self.inner(scope, receive, send)
            return
        answer = await whole(self.inner, scope, without=NO_COPY)
        if answer.headers.get("content-type", "").startswith("text/html"):
            page = dressed(bytes(answer.body).decode())
            policed = {"Cache-Control": "no-cache", "Content-Security-Policy": policy(page, sockets(scope))}
            answer = HTMLResponse(page, answer.status_code, policed)
        await answer(scope, receive, send)


def wants_page(scope: Scope) -> bool:
    """Whether a request comes from someone who opens an address, and not from a page that needs a file."""
    accepted = Headers(scope=scope).get("accept", "") if scope["type"] == "http" else ""
    return "text/html" in accepted and scope["method"] == "GET"


@lru_cache(maxsize=1)
def dressed(page: str) -> str:
    """The page with its title, its styles, its server's address, and what its terms mean."""
    from dashboard.kit.explained import embedded  # with the glossary, which the server need not wait for

    page = page.replace("<title>Streamlit</title>", "<title>Unrolled</title>")
    kit = Path(hosting.__file__).parent
    scripts = "".join(f"<script>{(kit / name).read_text(encoding='utf-8')}</script>" for name in SCRIPTS)
    page = page.replace("<head>", f"<head>{BASE}{scripts}", 1)
    # Of two rules that weigh the same the later one wins: Streamlit's stand in the head, those of one page below here.
    return page.replace("<body>", f"<body>{stylesheet()}{embedded()}", 1)


def policy(page: str, sockets: str = "") -> str:
    """Where a page may load from: itself, and what it makes (components and pictures as blobs, its own styles).

    Args:
        page: The page as it is sent.
        sockets: Its own addresses for a websocket, for browsers to which `'self'` means `http` alone.
    """
    return (
        f"default-src 'none'; script-src 'self' blob: {digests(page)}; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'{sockets}; worker-src 'self' blob:; "
        "form-action 'none'; base-uri 'none'"
    )


@lru_cache(maxsize=1)
def digests(page: str) -> str:
    """The page's inline scripts as a policy names them."""
    return " ".join(
        f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'" for script in INLINE.findall(page)
    )


def sockets(scope: Scope) -> str:
    """The websocket addresses of a page, encrypted and not, for a policy; "" where its own address cannot be one.

    The visitor's address for it is the one that was asked for, or the one that a proxy says was asked for.
    """
    headers = Headers(scope=scope)
    asked = (headers.get("host", ""), headers.get("x-forwarded-host", "").partition(",")[0])
    found = [address for address in map(hosting.authority, asked) if address and not address[0].startswith("[")]
    names = dict.fromkeys(f"{name}:{port}" if port else name for name, port in found)
    return "".join(f" ws://{name} wss://{name}" for name in names)


@asynccontextmanager
async def begin(_: st.App) -> AsyncIterator[dict[str, object]]:
    """Say who may come, and load what the pages need while the first visitor's browser is still starting."""
    hosting.announce(st.get_option("server.address"))
    send_at_once()
    warm.begin()
    yield {}


def send_at_once() -> None:
    """Have the kernel send what is written without waiting for the visitor to confirm what came before.

    asyncio asks for that on sockets made for TCP by name, and Streamlit's listening socket is not. Each answer in two
    pieces, head and body, then waited 40 ms for the confirmation, as did small messages after one another; the 57 files
    of the first page took 2.5 s. Connections inherit it from the socket that listens.
    """
    for found in gc.get_objects():
        inet = isinstance(found, socket.socket) and found.family in (AF_INET, AF_INET6) and found.fileno() != -1
        if inet and found.type == socket.SOCK_STREAM:
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


app = st.App(
    Path(__file__).with_name("app.py"),
    lifespan=begin,
    middleware=[Middleware(Sessions), Middleware(Dressed), Middleware(Remembered)],
)
