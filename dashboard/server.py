"""The server: Streamlit's, with a page that comes dressed and may load nothing from elsewhere.

Streamlit's own page learns its styles and most of its scripts from the first run, and jumps as each arrives. Here the
style sheet and the scripts that every lesson needs stand in the page's head. `app.py` also runs without this file.
"""

from __future__ import annotations

import re
import sys
from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

if (root := str(Path(__file__).resolve().parents[1])) not in sys.path:
    sys.path.append(root)  # `streamlit run` puts this folder on the path, not the one above; needed when not installed

from dashboard.navigation import stylesheet

SCRIPTS = Path(st.__file__).parent / "static" / "static" / "js"
NEEDED = ("Html", "PageLink", "Button", "ButtonGroup", "BidiComponent", "Slider", "Selectbox", "Radio", "rehype-katex")
"""Streamlit's names of the scripts that its page asks for when the first such element has come."""

FONTS = ("SourceSerifVariable-Roman", "KaTeX_Main-Regular", "KaTeX_Math-Italic")
IMPORTED = re.compile(r'(?:from|import)"\./([\w.-]+\.js)"')
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
NO_COPY = {b"accept-encoding", b"if-none-match", b"if-modified-since"}
"""Headers that would have the page come packed, or not at all because the browser has one like it."""


async def send_page(request: Request, answer: RequestResponseEndpoint) -> Response:
    """Give the page its head and its policy; anything else passes as it is."""
    if request.method != "GET" or "text/html" not in request.headers.get("accept", ""):
        return await answer(request)
    request.scope["headers"] = [(name, value) for name, value in request.scope["headers"] if name not in NO_COPY]
    response = await answer(request)
    if response.status_code != 200 or not response.headers.get("content-type", "").startswith("text/html"):
        return response
    body = b"".join([part async for part in response.body_iterator])  # type: ignore[attr-defined]
    page = body.decode()
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": policy(page)}
    return HTMLResponse(dressed(page), headers=headers)


@lru_cache(maxsize=1)
def dressed(page: str) -> str:
    """The page with its title, its styles, and the scripts and fonts to fetch at once."""
    page = page.replace("<title>Streamlit</title>", "<title>Unrolled</title>")
    scripts = (f'<link rel="modulepreload" crossorigin href="./static/js/{name}">' for name in with_imports(NEEDED))
    fonts = (
        f'<link rel="preload" as="font" type="font/woff2" crossorigin href="./static/media/{file.name}">'
        for name in FONTS
        for file in SCRIPTS.parent.joinpath("media").glob(f"{name}.*.woff2")
    )
    page = page.replace("</head>", "\n".join((*scripts, *fonts, "</head>")), 1)
    # Streamlit's own rules come into the head as elements appear; of two that weigh the same the later one wins.
    return page.replace("</body>", f"{stylesheet()}</body>", 1)


def with_imports(names: tuple[str, ...]) -> list[str]:
    """The files of scripts and of all that they import, each once; a name that this Streamlit lacks is left out."""
    found: list[str] = []
    waiting = [file.name for name in names for file in SCRIPTS.glob(f"{name}.*.js")]
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            waiting += IMPORTED.findall((SCRIPTS / name).read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=1)
def policy(page: str) -> str:
    """Where the page may load from: itself, and what it makes (components and pictures as blobs, its own styles)."""
    inline = (b64encode(sha256(script.encode()).digest()).decode() for script in INLINE.findall(page))
    scripts = " ".join(f"'sha256-{digest}'" for digest in inline)
    return (
        f"default-src 'self'; script-src 'self' blob: {scripts}; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' ws: wss:; worker-src 'self' blob:; "
        "object-src 'none'; base-uri 'self'"
    )


app = st.App(Path(__file__).with_name("app.py"), middleware=[Middleware(BaseHTTPMiddleware, dispatch=send_page)])
