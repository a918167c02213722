"""Scripts, styles and fonts, read once a server, kept in memory, and sent packed.

Streamlit reads its files anew for each browser and sends them as they are: 57 for the first page. In Python's server
that took twice the time of drawing the page, and packing the figure's script again for each visitor half of it. The
names of these files hold a hash of what is in them, so a name never means anything else.
"""

from __future__ import annotations

import asyncio
import gzip
import re
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.serving.answers import whole

HASHED = re.compile(
    r".*/static/(js|css|media)/[^/]+\.[\w-]{8,}\.\w+|.*/_stcore/bidi-components/[\w.]+/[\w-]+-[0-9a-f]{12}\.js"
)
FOR_EVER = "public, immutable, max-age=31536000"


@dataclass(frozen=True)
class Kept:
    """A file as it is sent: whole, and packed where that makes it smaller."""

    whole: Response
    packed: Response


class Remembered:
    """ASGI middleware that answers for files whose name holds their hash; anything else passes as it is."""

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner
        self.files: dict[str, Kept] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = Headers(scope=scope) if scope["type"] == "http" else Headers()
        asked_whole = scope["type"] == "http" and scope["method"] == "GET" and "range" not in headers
        if not asked_whole or not HASHED.fullmatch(scope["path"]):
            await self.inner(scope, receive, send)
            return
        kept = self.files.get(scope["path"]) or await self.read(scope)
        if kept.whole.status_code == 200:  # a name that means nothing is no reason to remember it
            self.files[scope["path"]] = kept
        packed = "gzip" in headers.get("accept-encoding", "")
        await (kept.packed if packed else kept.whole)(scope, receive, send)

    async def read(self, scope: Scope) -> Kept:
        """Ask Streamlit for the whole file."""
        answer = await whole(self.inner, scope)
        body, headers = bytes(answer.body), answer.headers
        del headers["content-length"]
        if answer.status_code != 200:
            refused = Response(body, answer.status_code, headers)
            return Kept(refused, refused)
        headers["Cache-Control"], headers["Vary"] = FOR_EVER, "Accept-Encoding"
        as_it_is = Response(body, headers=headers)
        small = await asyncio.to_thread(gzip.compress, body, 6)
        if len(small) > 0.9 * len(body):  # a font is packed already
            return Kept(as_it_is, as_it_is)
        del headers["accept-ranges"]
        return Kept(as_it_is, Response(small, headers=dict(headers) | {"Content-Encoding": "gzip"}))
