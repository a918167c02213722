"""A running app and a real Chromium for the tests of this folder."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
START_ATTEMPTS = 300  # of 0.1 s each
PHONE_WIDTH = 640
PHONE_AGENT = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
PATIENCE = 20_000  # milliseconds
# Opened below the root, Streamlit first asks for its own files beside the page and takes the 404 as an answer.
PROBE = re.compile(r"/\w[\w-]*/_stcore/(health|host-config)$")
FINISHED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
PAINTED = "document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => setTimeout(done))))"


@dataclass(frozen=True)
class Server:
    """A running app: where it answers and where it writes its log."""

    url: str
    log: Path


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app as `unrolled` starts it, from an empty working directory and home, on a free port."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    found = Server(f"http://127.0.0.1:{port}", folder / "server.log")
    command = [sys.executable, "-m", "dashboard.launch", "--server.headless", "true"]
    command += ["--server.address", "127.0.0.1", "--server.port", str(port), "--server.fileWatcherType", "none"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("STREAMLIT_")}
    with found.log.open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment | {"HOME": str(folder)}, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_healthy(found, process)
        yield found
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_until_healthy(server: Server, process: subprocess.Popen[bytes]) -> None:
    """Poll until the server says `ok`; every unknown address answers 200, so the body decides."""
    for _ in range(START_ATTEMPTS):
        with suppress(urllib.error.URLError), urllib.request.urlopen(f"{server.url}/_stcore/health") as answer:
            if answer.read() == b"ok":
                return
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.1)
            break
    pytest.fail(f"the app did not start; its log:\n{server.log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without one the test is skipped, except in CI, where that is a failure."""
    executable = next(filter(None, map(shutil.which, BROWSER_NAMES)), None)
    if executable is None:
        message = f"no browser found: looked for {', '.join(BROWSER_NAMES)} on the PATH"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=list(BROWSER_FLAGS))
        yield chromium
        chromium.close()


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
    browser: Browser, server: Server, viewport: ViewportSize, color_scheme: Literal["light", "dark"]
) -> Iterator[Page]:
    """A page in a fresh context; page errors, console errors and requests to other hosts fail the test."""
    phone = viewport["width"] < PHONE_WIDTH
    context = browser.new_context(
        viewport=viewport,
        color_scheme=color_scheme,
        has_touch=phone,
        user_agent=PHONE_AGENT if phone else None,  # Streamlit closes the sidebar by it
    )
    context.set_default_timeout(PATIENCE)
    complaints = _watch(context, urlsplit(server.url).netloc)
    yield context.new_page()
    context.close()
    assert not complaints, "the browser complained:\n" + "\n".join(complaints)


def _watch(context: BrowserContext, host: str) -> list[str]:
    complaints: list[str] = []

    def on_request(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != host:
            complaints.append(f"request to another host: {url}")

    def on_console(kind: str, text: str, url: str) -> None:
        if kind == "error" and not PROBE.search(url):
            complaints.append(f"console: {text} ({url})")

    context.on("request", lambda request: on_request(request.url))
    context.on("page", lambda page: page.on("websocket", lambda socket: on_request(socket.url)))
    context.on("weberror", lambda error: complaints.append(f"page error: {error.error}"))
    context.on("console", lambda message: on_console(message.type, message.text, message.location["url"]))
    return complaints


@pytest.fixture
def open_page(page: Page, server: Server) -> Callable[[str], Page]:
    """A function that opens a path of the app, such as `/inspector?cell=rnn`, and waits until its run is shown."""

    def visit(path: str) -> Page:
        page.goto(server.url + path)
        page.locator(FINISHED).wait_for()
        page.evaluate(PAINTED)
        return page

    return visit


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Attach the end of the server's log to a test that failed."""
    report = yield
    found = getattr(item, "funcargs", {}).get("server")
    if report.failed and isinstance(found, Server):
        report.sections.append(("Server log", found.log.read_text()[-10_000:]))
    return report
