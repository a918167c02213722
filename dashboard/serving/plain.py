"""Plain pages: what a server says when it shows none of its own, in the product's look, without a script."""

from __future__ import annotations

from functools import cache
from html import escape

from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from dashboard.kit.theme import PALETTE
from dashboard.kit.words import say
from dashboard.serving.requests import wants_page

AGAIN = {"full": 30, "address": 30, "rate": 30, "restarting": 5}
"""After how many seconds it is worth trying again, by the words' name."""
MENDED = frozenset({*AGAIN, "fault"})
"""Those after which the same address may do; the page has a link to it, for one that loads itself disturbs readers."""

_STYLE = """
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 24px;
  background: light-dark(%(page)s); color: light-dark(%(ink)s);
  font: 400 1rem/1.55 "Source Sans", "Source Sans 3", "Source Sans Pro", system-ui, sans-serif; }
main { width: 100%%; max-width: 34rem; padding-bottom: 10vh; }
.name { margin: 0 0 20px; padding-bottom: 10px; border-bottom: 1px solid light-dark(%(border)s);
  color: light-dark(%(second_ink)s); font-size: 0.9375rem; }
h1 { margin: 0 0 8px; font: 500 1.75rem/1.2 "Source Serif", "Source Serif 4", Georgia, serif; }
p { margin: 0; }
.again { margin-top: 20px; }
.again a { display: inline-block; padding: 6px 16px; border: 1px solid light-dark(%(border)s); border-radius: 6px;
  color: inherit; text-decoration: none; }
.again a:hover { border-color: light-dark(%(ink)s); }
.again a:focus-visible { outline: 2px solid light-dark(%(ink)s); outline-offset: 2px; }
"""


def answer(scope: Scope, words: str, status: int) -> Response:
    """An answer that says one thing, as a page to whoever opens an address and as text to a program.

    Args:
        scope: The request.
        words: The section of this room's words: a title, and what to do.
        status: Of HTTP.
    """
    headers = {"Cache-Control": "no-store"}
    if words in AGAIN:
        headers["Retry-After"] = str(AGAIN[words])
    if wants_page(scope):
        return HTMLResponse(page(words), status, headers)
    title, _, rest = say("serving", words).partition("\n\n")
    return PlainTextResponse(f"{title}. {rest}\n", status, headers)


@cache
def page(words: str) -> str:
    """The page of one section."""
    title, _, rest = escape(say("serving", words), quote=False).partition("\n\n")
    both = {role: f"{light}, {PALETTE['dark'][role]}" for role, light in PALETTE["light"].items()}
    again = f'<p class="again"><a href="">{escape(say("serving", "again"))}</a></p>' if words in MENDED else ""
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="robots" content="noindex">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title} · Unrolled</title>'
        f'<style>{_STYLE % both}</style></head><body><main><p class="name">Unrolled</p>'
        f"<h1>{title}</h1><p>{rest}</p>{again}</main></body></html>"
    )


async def refuse(scope: Scope, receive: Receive, send: Send, words: str, status: int) -> None:
    """Refuse a request with a plain answer; a websocket that is not open yet likewise."""
    if scope["type"] == "websocket" and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008})
        return
    await answer({**scope, "method": scope.get("method", "GET")}, words, status)(scope, receive, send)
