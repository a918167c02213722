"""Settings for every test, and what several folders need: servers on free ports, and a real Chromium."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture import providers
from people import SECRET
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from postgres import BINARIES, TEMPLATE, Cluster, binaries
from support import PATIENCE, free_port
from windows import DESKTOP, PHONE, Window

# A slow or busy machine is not a failure, and the same commit gives the same result everywhere.
settings.register_profile("unrolled", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unrolled")
# It would also draw numbers that stand in our modules, as far as these were imported before.
providers._get_local_constants = lambda: providers._local_constants

BROWSER_NAMES = ("chromium", "chromium-browser", "google-chrome")
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A page answered by the test counts as a public one; the suggestions of the address bar, which nobody sees, are two
    # pages more in every window, a third of what opening one of ours costs.
    "--disable-features=LocalNetworkAccessChecks,WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup",
)
expect.set_options(timeout=1000 * PATIENCE)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """One worker more than there are processors, as a browser waits half of its time; as many for `-n logical`."""
    return (os.cpu_count() or 1) + (config.option.numprocesses == "auto")


@pytest.hookimpl(tryfirst=True)  # before those that are deep are left out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark all but the first cases of a test with `few` as deep."""
    seen: Counter[str] = Counter()
    for item in items:
        if (few := item.get_closest_marker("few")) is not None:
            test = item.nodeid.partition("[")[0]
            seen[test] += 1
            if seen[test] > few.args[0]:
                item.add_marker(pytest.mark.deep)


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """Give the main module back: a script that ran in this process stays it, and new processes would run it again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@dataclass(frozen=True)
class Server:
    """A running app: where it answers, where it writes its log and what it keeps, and its process."""

    url: str
    log: Path
    data: Path
    process: subprocess.Popen[bytes]


StartServer = Callable[..., Server]


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """A function that starts an app on a free port, with a folder of its own as home, working directory and data.

    It takes the command up to Streamlit's options, and optionally the folder and port of a server that was there
    before, the address to listen at (None: the command's own), whether it is hosted, a path to put it below, and
    further variables of its environment. All servers end with the session.
    """
    started: list[subprocess.Popen[bytes]] = []

    def start(
        command: Sequence[str],
        *,
        folder: Path | None = None,
        port: int | None = None,
        address: str | None = "127.0.0.1",
        hosted: bool = False,
        below: str = "",
        variables: Mapping[str, str] = MappingProxyType({}),
    ) -> Server:
        folder = folder or tmp_path_factory.mktemp("server")
        port = port or free_port()
        options = ["--server.headless", "true", "--server.port", str(port), "--server.baseUrlPath", below]
        options += ["--server.fileWatcherType", "none", "--browser.gatherUsageStats", "false"]
        options += ["--logger.hideWelcomeMessage", "true"]  # it asks the internet for this machine's address
        options += [] if address is None else ["--server.address", address]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
        environment |= {"HOME": str(folder), "UNROLLED_DATA": str(folder), "UNROLLED_HOSTED": str(int(hosted))}
        environment |= {"UNROLLED_DRAIN": "0"} | ({"UNROLLED_SECRET": SECRET} if hosted else {})
        environment |= variables
        log = folder / "server.log"
        with log.open("ab") as out:
            process = subprocess.Popen(
                [*command, *options], cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT
            )
        started.append(process)
        server = Server(f"http://127.0.0.1:{port}{below}", log, folder, process)
        _wait_until_healthy(server)
        return server

    yield start
    for process in started:
        process.terminate()
    for process in started:
        process.wait(timeout=PATIENCE)


def _wait_until_healthy(server: Server) -> None:
    """Poll until the server says `ok`; every unknown address answers 200, so the body decides."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(urllib.error.URLError), urllib.request.urlopen(f"{server.url}/_stcore/health") as answer:
            if answer.read() == b"ok":
                return
        with suppress(subprocess.TimeoutExpired):
            server.process.wait(timeout=0.1)
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
        chromium = playwright.chromium.launch(
            executable_path=executable, args=list(BROWSER_FLAGS), timeout=1000 * PATIENCE
        )
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server; without its binaries the test is skipped, except in CI, where that is a failure."""
    found = binaries()
    if found is None:
        message = f"no PostgreSQL found: looked in {BINARIES} and on the PATH"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    server = Cluster(found)
    from quiz.store import Store  # here: most tests do without it

    try:
        server.create(name=TEMPLATE)
        Store.open(server.url(TEMPLATE)).close()
        yield server
    finally:
        server.remove()


NewContext = Callable[..., BrowserContext]


def _context(browser: Browser, **options: Any) -> BrowserContext:
    context = browser.new_context(**({"viewport": DESKTOP} | options))
    context.set_default_timeout(1000 * PATIENCE)
    return context


@pytest.fixture
def new_context(browser: Browser) -> Iterator[NewContext]:
    """A function that opens a window of a fresh profile, by Playwright's options; all are closed with the test."""
    opened: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        opened.append(_context(browser, **options))
        return opened[-1]

    yield make
    for context in opened:
        context.close()


Windows = Callable[[bool], Window]


@pytest.fixture(scope="session")
def windows(browser: Browser) -> Windows:
    """A function that gives the window that tests share, or the phone."""
    made: dict[bool, Window] = {}

    def give(phone: bool) -> Window:
        if phone not in made:
            made[phone] = Window(_context(browser, **(PHONE if phone else {})))
        return made[phone]

    return give
