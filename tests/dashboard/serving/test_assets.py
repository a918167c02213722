"""Files with a hash in their name: read once, kept, and sent packed to whoever can unpack them."""

from __future__ import annotations

import asyncio
import gzip
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send

from dashboard.serving.assets import FOR_EVER, Remembered

SCRIPT = "/static/js/index.DormvYxC.js"
FIGURE = "/_stcore/bidi-components/unrolled.figure/figure-4f1cc11ea207.js"
TEXT = b"export const steps = 12;\n" * 100


class Streamlit:
    """Stands for the server below; keeps what was asked of it."""

    def __init__(self, body: bytes = TEXT, status: int = 200) -> None:
        self.answer = Response(body, status, {"Cache-Control": "public"}, "text/javascript")
        self.asked: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the file."""
        self.asked.append(scope)
        await self.answer(scope, receive, send)


def get(app: Remembered, path: str, *, gone_after: int = 1000, **headers: str) -> tuple[dict[str, str], bytes]:
    """Headers and body of the answer to one request, whose visitor is gone after so many messages from there."""
    messages: list[Message] = []
    heard = 0

    async def send(message: Message) -> None:
        messages.append(message)

    async def receive() -> Message:
        nonlocal heard
        heard += 1
        if 1 < heard <= gone_after:
            await asyncio.Event().wait()
        return {"type": "http.disconnect" if heard > gone_after else "http.request"}

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope: Scope = {"type": "http", "method": "GET", "path": path, "headers": named}
    with ThreadPoolExecutor(1) as own:  # the browser tests of this process may keep a loop running here
        own.submit(asyncio.run, app(scope, receive, send)).result()
    return {k.decode(): v.decode() for k, v in messages[0]["headers"]}, b"".join(m.get("body", b"") for m in messages)


def test_files_are_read_once_and_sent_packed() -> None:
    """However many visitors come, Streamlit's files and the figure's are read once, packed, and kept by the browser."""
    for path in (SCRIPT, "/class" + SCRIPT, FIGURE):
        below = Streamlit()
        app = Remembered(below)
        for _ in range(3):
            headers, body = get(app, path, accept_encoding="gzip, br")
            assert headers["content-encoding"] == "gzip"
            assert headers["cache-control"] == FOR_EVER
            assert int(headers["content-length"]) == len(body) < len(TEXT)
            assert gzip.decompress(body) == TEXT
        assert len(below.asked) == 1


def test_a_file_comes_whole_to_who_cannot_unpack_it() -> None:
    """Without gzip among what is accepted the same file comes as it is, after a packed one too."""
    app = Remembered(Streamlit())
    get(app, SCRIPT, accept_encoding="gzip")
    headers, body = get(app, SCRIPT)
    assert "content-encoding" not in headers
    assert body == TEXT


@pytest.mark.parametrize("gone_after", [0, 1])
def test_a_visitor_who_goes_leaves_the_file_whole_for_the_next(tmp_path: Path, gone_after: int) -> None:
    """A file of which the first visitor did not wait for the end is kept from its first byte to its last."""
    path = tmp_path / "script.js"
    path.write_bytes(1000 * TEXT)  # in several pieces
    app = Remembered(FileResponse(path))
    assert gzip.decompress(get(app, SCRIPT, gone_after=gone_after, accept_encoding="gzip")[1]) == path.read_bytes()
    assert gzip.decompress(get(app, SCRIPT, accept_encoding="gzip")[1]) == path.read_bytes()


def test_the_first_visitor_s_conditions_do_not_shape_what_is_kept() -> None:
    """The file is read whole and new, whatever the request that came first had in store of it."""
    below = Streamlit()
    get(Remembered(below), SCRIPT, accept_encoding="gzip", if_none_match='"old"')
    assert below.asked[0]["headers"] == []


def test_what_packing_does_not_help_is_sent_as_it_is() -> None:
    """A font is packed already."""
    font = random.Random(0).randbytes(4_000)
    headers, body = get(Remembered(Streamlit(font)), "/static/media/Serif.DormvYxC.woff2", accept_encoding="gzip")
    assert "content-encoding" not in headers
    assert body == font


def test_other_requests_pass_and_are_not_kept() -> None:
    """Pages, health, parts of a file, and names that mean nothing go to Streamlit each time."""
    below = Streamlit()
    app = Remembered(below)
    for path in ("/", "/forward", "/_stcore/health", "/static/js/index.js"):
        get(app, path)
    get(app, SCRIPT, range="bytes=0-9")
    assert len(below.asked) == 5
    missing = Remembered(Streamlit(b"no such file", 404))
    for _ in range(2):
        assert get(missing, SCRIPT, accept_encoding="gzip")[1] == b"no such file"
    assert missing.files == {}
