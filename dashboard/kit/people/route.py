"""The route by which a browser comes to keep who somebody is: POST /session.

It takes JSON from our own pages alone, and sets cookies that no script can read. A learner comes back by a ticket that
a page was given, or by the secret of their private link; neither is written to any log.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from typing import Any

import streamlit as st
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from dashboard.kit import hosting
from quiz.errors import StoreError

ROUTE = "session"
LARGEST = 4_096  # bytes of a request
VISIT_NAME = re.compile(r"[A-Za-z0-9_-]{43}")
log = logging.getLogger(__name__)


class Sessions:
    """ASGI middleware that answers at the route of a hosted server; anything else passes as it is."""

    def __init__(self, inner: ASGIApp) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] != f"{base()}{ROUTE}" or not hosting.hosted():
            await self.inner(scope, receive, send)
            return
        answer = await _answer(Request(scope, receive))
        answer.headers["Cache-Control"] = "no-store"
        await answer(scope, receive, send)


def base() -> str:
    """The path below which the app lies, with a slash at both ends."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}/" if path else "/"


def ours(headers: Headers) -> bool:
    """Whether a request comes from a page of this server, as the browser says: no other page may sign anybody in."""
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    origin = hosting.authority(headers.get("origin", "").partition("://")[2])
    asked = (headers.get("host", ""), headers.get("x-forwarded-host", "").partition(",")[0])
    return origin is not None and origin in [hosting.authority(each) for each in asked if each]


async def _answer(request: Request) -> Response:
    if request.method != "POST":
        return JSONResponse({"done": False}, 405, {"Allow": "POST"})
    if not ours(request.headers) or request.headers.get("content-type", "").partition(";")[0] != "application/json":
        return JSONResponse({"done": False}, 403)
    asked = await _read(request)
    if asked is None:
        return JSONResponse({"done": False}, 400)
    try:
        return await asyncio.to_thread(_done, asked, secure(request), request.cookies)
    except StoreError:
        return JSONResponse({"done": False, "away": True})


def secure(request: Request) -> bool:
    """Whether the visitor's connection is encrypted, up to us or up to the proxy that says so."""
    forwarded = request.headers.get("x-forwarded-proto", "").partition(",")[0].strip()
    return "https" in (request.url.scheme, forwarded)


async def _read(request: Request) -> dict[str, Any] | None:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            return None
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return asked if isinstance(asked, dict) else None


def _done(asked: dict[str, Any], encrypted: bool, cookies: Mapping[str, str]) -> Response:
    """What is asked for, done: a cookie set or taken away; `done` is false where it names nobody.

    Whom the browser's cookie named before ends in its other tabs.
    """
    from dashboard.kit.people import carried, endings, signed, stores, who  # what is behind takes long to load
    from quiz.classes.keys import SecretError

    answer = JSONResponse({"done": True})

    def put(name: str, value: str, seconds: float) -> None:
        answer.set_cookie(
            name, value, int(seconds), path=base(), secure=encrypted, httponly=True, samesite="lax"
        )  # fmt: skip

    def before() -> Any:
        try:
            return signed.read("session", cookies.get(who.COOKIE), stores.keys(), who.now())
        except SecretError:
            return None

    match asked:
        case {"out": True}:
            if (gone := before()) is not None:
                endings.endings().end(gone.learner)
            put(who.COOKIE, "", 0)
            return answer
        case {"visit": str(name)} if VISIT_NAME.fullmatch(name):
            put(carried.COOKIE, name, carried.LIFE.total_seconds())
            return answer
    try:
        keys = stores.keys()
        session = _named(asked)
    except SecretError as problem:
        log.error("Nobody can come back by a link: %s", problem)
        return JSONResponse({"done": False})
    if session is None:
        return JSONResponse({"done": False})
    if (gone := before()) is not None and gone.learner != session.learner:
        endings.endings().end(gone.learner)
    value = signed.write("session", session, keys, who.now())
    put(who.COOKIE, value, signed.LIVES["session"].total_seconds())
    return answer


def _named(asked: dict[str, Any]) -> Any:
    """Whom a ticket or a private link names; None for nobody."""
    from dashboard.kit.people import signed, stores, who
    from quiz.classes.people import Person

    match asked:
        case {"ticket": str(ticket)}:
            return signed.read("ticket", ticket, stores.keys(), who.now())
        case {"resume": str(secret)}:
            links = stores.resumes()
            learner = links.follow(secret, who.now())
            made = links.made_at(Person(learner)) if learner else None
            return signed.Session(learner, signed.moment(made)) if learner and made else None
    return None
