"""What the middlewares ask of a request: where it goes, where it comes from, and whether it opens a page."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from dashboard.kit.navigation import GROUPS, HOSTED, UNLISTED
from dashboard.kit.proxies import Proxies

STREAM = "_stcore/stream"
UPLOADS = "_stcore/upload_file/"
BROWSER = "_streamlit_xsrf"
"""The cookie that Streamlit gives each browser against forged requests: a random text that tells browsers apart."""
PAGES = frozenset(place.path for places in (*GROUPS.values(), *HOSTED.values(), UNLISTED) for place in places)
FOLDERS = ("static/", "media/", "component/", "_stcore/bidi-components/", UPLOADS, "auth/")
FILES = frozenset(
    {"session", "oauth2callback", "metrics", "healthz", "readyz", STREAM, "_stcore/health", "_stcore/host-config",
     "_stcore/metrics", "favicon.png"}
)  # fmt: skip


def wants_page(scope: Scope) -> bool:
    """Whether a request comes from someone who opens an address, and not from a page that needs a file."""
    accepted = Headers(scope=scope).get("accept", "") if scope["type"] == "http" else ""
    return "text/html" in accepted and scope["method"] == "GET"


def below(scope: Scope, base: str) -> str:
    """A request's path below the app's, without a slash at its start; as it is where it lies elsewhere.

    Args:
        scope: The request.
        base: The path below which the app lies, with a slash at both ends.
    """
    path: str = scope["path"]
    return path.removeprefix(base) if path.startswith(base) else path


def opens_page(scope: Scope, base: str) -> bool:
    """Whether a request opens a page of ours, which then holds a session."""
    path = below(scope, base)
    return wants_page(scope) and path not in FILES and not path.startswith((*FOLDERS, "_stcore/"))


def template(scope: Scope, base: str) -> str:
    """The kind of address that was asked for, with nothing in it that a visitor chose."""
    path = below(scope, base)
    if path.strip("/") in PAGES:
        return f"/{path.strip('/')}"
    if path in FILES:
        return f"/{path}"
    return next((f"/{folder}…" for folder in FOLDERS if path.startswith(folder)), "/…")


def visitor(scope: Scope, proxies: Proxies) -> str:
    """The address from which a visitor comes."""
    peer = scope.get("client")
    return proxies.visitor(peer[0] if peer else None, Headers(scope=scope).getlist("x-forwarded-for"))


def encrypted(scope: Scope, proxies: Proxies) -> bool:
    """Whether the visitor's connection is encrypted, up to us or up to a forwarder that is trusted and says so."""
    if scope["scheme"] in ("https", "wss"):
        return True
    peer = scope.get("client")
    said = Headers(scope=scope).get("x-forwarded-proto", "").rpartition(",")[2].strip().lower()
    return said in ("https", "wss") and proxies.trusted(peer[0] if peer else None)


def browser(scope: Scope) -> str:
    """What tells a visitor's browser from others, while it keeps its cookies; "" if nothing does."""
    return cookie_parser(Headers(scope=scope).get("cookie", "")).get(BROWSER, "")[:200]
