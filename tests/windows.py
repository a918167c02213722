"""Windows of the browser: one that tests use one after the other, and what a browser complains of."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, Literal
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page, ViewportSize

Theme = Literal["light", "dark"]
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
PHONE_AGENT = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
PHONE = {"has_touch": True, "user_agent": PHONE_AGENT}  # Streamlit closes the sidebar by the latter


def watch(context: BrowserContext, hosts: Collection[str]) -> list[str]:
    """A list that fills with what the browser complains of, and with requests that were refused or went elsewhere."""
    complaints: list[str] = []

    def on_request(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc not in hosts:
            complaints.append(f"request to another host: {url}")

    def on_console(kind: str, text: str, url: str) -> None:
        if kind == "error":
            complaints.append(f"console: {text} ({url})")

    def on_response(status: int, url: str) -> None:
        if status >= 400:
            complaints.append(f"answered with {status}: {url}")

    context.on("response", lambda response: on_response(response.status, response.url))
    context.on("request", lambda request: on_request(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: on_request(socket.url)))
    context.on("weberror", lambda error: complaints.append(f"page error: {error.error}"))
    context.on("console", lambda message: on_console(message.type, message.text, message.location["url"]))
    return complaints


def violations(page: Page, within: str | None = None, *, colours: bool = False) -> dict[str, list[Any]]:
    """The first places at which an open page, or a part of it, breaks a rule of axe, by rule.

    Args:
        page: The page.
        within: Selector of the part; without it all of the page is looked at.
        colours: Whether to ask for the rules on colour alone, the only ones that another theme can break.
    """
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"]}  # what passed is long and read by nobody
    if colours:
        options["runOnly"] = ["color-contrast", "link-in-text-block"]
    elif within:
        options["rules"] = {"region": {"enabled": False}}  # a rule on whole pages
    found = page.evaluate(
        "([within, options]) => axe.run(within ?? document, options).then(result => result.violations)",
        [within, options],
    )
    return {rule["id"]: [[*node["target"], node["failureSummary"]] for node in rule["nodes"][:3]] for rule in found}


class Window:
    """A window that tests use one after the other, each as if it were new.

    A page that stays has the app's scripts compiled: opening one of ours in it costs half of what it costs in a new
    window. What was left in it is taken away: storage, cookies, history, routes, other pages.

    Args:
        context: The window's profile, used by nobody else.
    """

    def __init__(self, context: BrowserContext) -> None:
        self._context = context
        self._hosts: set[str] = set()
        self._complaints = watch(context, self._hosts)
        self._page: Page | None = None
        self._left = "about:blank"
        self._used = False

    def page(
        self, url: str, *, viewport: ViewportSize = DESKTOP, color_scheme: Theme = "light", reduced_motion: bool = False
    ) -> Page:
        """Its page as a new visitor of a server has it, at an address of it that shows nothing."""
        page = self._emptied()
        self._used = True
        self._hosts.clear()
        self._hosts.add(urlsplit(url).netloc)
        self._left = f"{url}/_stcore/health"
        page.set_viewport_size(viewport)
        motion: Literal["reduce", "no-preference"] = "reduce" if reduced_motion else "no-preference"
        page.emulate_media(media="null", color_scheme=color_scheme, reduced_motion=motion)
        page.goto(self._left)
        return page

    @contextmanager
    def watched(self) -> Iterator[None]:
        """What the browser complains of while the window is used fails the test; then nothing runs in it."""
        self._complaints.clear()
        yield
        self._emptied()
        assert not self._complaints, "the browser complained:\n" + "\n".join(self._complaints)

    def _emptied(self) -> Page:
        """Its page, with nothing of what was done in it; what the browser says of being interrupted is left out."""
        if self._page is not None and not self._used:
            return self._page
        self._context.cookies()  # when the browser answers, what it complained of before has come
        complaints = [*self._complaints]
        if self._page is None or self._page.is_closed():
            self._page = self._context.new_page()
            self._page.on("crash", lambda page: page.close())
        for other in self._context.pages:
            if other != self._page:
                other.close()
        self._page.unroute_all()
        self._page.goto(self._left)
        if self._left.startswith("http"):
            self._page.evaluate("localStorage.clear(); sessionStorage.clear()")
        session = self._context.new_cdp_session(self._page)
        session.send("Page.resetNavigationHistory")
        session.detach()
        self._context.clear_cookies()
        self._complaints[:] = complaints
        self._used = False
        return self._page
