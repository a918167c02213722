"""The running app, and its pages in a real Chromium."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, ViewportSize, expect

PHONE_WIDTH = 640
PHONE_AGENT = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
FINISHED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
# Labels come with a late part of Streamlit's bundle and fade in: a page is there when nothing has changed for a while.
SETTLED = """document.fonts.ready.then(() => new Promise(done => {
  let timer;
  const watch = new MutationObserver(() => restart());
  const finish = () => {
    if (document.getAnimations().some(each => each.playState === 'running')) return restart();
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(done));
  };
  const restart = () => { clearTimeout(timer); timer = setTimeout(finish, 250); };
  watch.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  restart();
}))"""

APP = (sys.executable, "-m", "dashboard.launch")


@pytest.fixture(scope="session")
def server(start_server: Callable[..., Any]) -> Any:
    """The app as `unrolled` starts it, from an empty working directory and home, on a free port."""
    return start_server(APP)


@pytest.fixture
def viewport() -> ViewportSize:
    """Size of the window; parametrise a test by this name to change it."""
    return {"width": 1280, "height": 900}


@pytest.fixture
def color_scheme() -> Literal["light", "dark"]:
    """System preference the browser reports, "light" or "dark"; parametrise by this name to change it."""
    return "light"


@pytest.fixture
def page(
    new_context: Callable[..., BrowserContext],
    server: Any,
    viewport: ViewportSize,
    color_scheme: Literal["light", "dark"],
) -> Iterator[Page]:
    """A page in a fresh context; errors, refused requests and requests to other hosts fail the test."""
    phone = viewport["width"] < PHONE_WIDTH
    context = new_context(
        viewport=viewport,
        color_scheme=color_scheme,
        has_touch=phone,
        user_agent=PHONE_AGENT if phone else None,  # Streamlit closes the sidebar by it
    )
    complaints = watch(context, urlsplit(server.url).netloc)
    yield context.new_page()
    context.close()
    assert not complaints, "the browser complained:\n" + "\n".join(complaints)


def watch(context: BrowserContext, host: str) -> list[str]:
    """A list that fills with what the browser complains of, and with requests that were refused or went elsewhere."""
    complaints: list[str] = []

    def on_request(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != host:
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


@pytest.fixture
def open_page(page: Page, server: Any) -> Callable[[str], Page]:
    """A function that opens a path of the app, such as `/inspector?cell=rnn`, and waits until its run is shown."""

    def visit(path: str) -> Page:
        page.goto(server.url + path)
        page.locator(FINISHED).wait_for()
        page.evaluate(SETTLED)
        return page

    return visit


@pytest.fixture
def settled() -> Callable[[Page], None]:
    """A function that waits until nothing on an open page has changed for a while."""
    return lambda page: page.evaluate(SETTLED)


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """A function that holds an open page, in both themes, to every axe rule and to the width of its window."""

    def check(page: Page) -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
            page.evaluate(SETTLED)
            result = Axe().run(page, options={"resultTypes": ["violations"]})  # what passed is long and read by nobody
            assert result.violations_count == 0, f"{scheme}:\n{result.generate_report()}"
            assert page.get_by_test_id("stMain").evaluate("page => page.scrollWidth - page.clientWidth") == 0

    return check


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach the end of the server's log to a test that failed."""
    report = yield
    found = getattr(item, "funcargs", {}).get("server")
    if report.failed and found is not None:
        report.sections.append(("Server log", found.log.read_text()[-10_000:]))
    return report
