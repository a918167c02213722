"""The page as it comes to a visitor: with its styles, its scripts and its policy.

A script can send its styles only with its first run, and the page would jump when they come. Here they stand in the
page itself.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.kit import hosting
from dashboard.kit.navigation import stylesheet
from dashboard.serving.answers import whole
from dashboard.serving.requests import wants_page

INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
KIT = Path(hosting.__file__).parent
SCRIPTS = (KIT / "arriving.js", KIT / "drop_zone.js", KIT / "people" / "resuming.js", KIT / "together.js")
"""What runs before the page's own scripts."""
HOSTED = (Path(__file__).with_name("full.js"),)
"""What runs on a hosted server as well."""
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
            page = dressed(bytes(answer.body).decode(), hosted=hosting.hosted())
            policed = {"Cache-Control": "no-cache", "Content-Security-Policy": policy(page, sockets(scope))}
            answer = HTMLResponse(page, answer.status_code, policed)
        await answer(scope, receive, send)


@lru_cache(maxsize=1)
def dressed(page: str, *, hosted: bool = False) -> str:
    """The page with its title, its styles, its server's address, and what its terms mean."""
    from dashboard.kit.explained import embedded  # with the glossary, which the server need not wait for

    page = page.replace("<title>Streamlit</title>", "<title>Unrolled</title>")
    run = SCRIPTS + HOSTED if hosted else SCRIPTS
    scripts = "".join(f"<script>{script.read_text(encoding='utf-8')}</script>" for script in run)
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
