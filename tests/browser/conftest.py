"""The running app, and its pages in a real Chromium."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect
from windows import DESKTOP, Theme, Window, violations

PHONE_WIDTH = 640
FINISHED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
# Labels come with a late part of Streamlit's bundle and fade in, figures with a script of their own: a page is there
# when every figure is drawn and nothing has changed for a while, not in the figures' own trees either.
SETTLED = """document.fonts.ready.then(() => new Promise(done => {
  let timer;
  const all = { subtree: true, childList: true, attributes: true, characterData: true };
  const watched = new Set();
  const watch = new MutationObserver(() => restart());
  const roots = () => [...document.querySelectorAll('*')].flatMap(each => each.shadowRoot ?? []);
  const drawn = figure => figure.querySelector('.figure')
    || [...figure.querySelectorAll('*')].some(each => each.shadowRoot?.querySelector('.figure'));
  const finish = () => {
    const come = roots().filter(root => !watched.has(root));
    for (const root of come) {
      watched.add(root);
      watch.observe(root, all);
    }
    const still = document.getAnimations().every(each => each.playState !== 'running');
    const figures = [...document.querySelectorAll('[class*=st-key-figure_]')];
    if (come.length || !still || !figures.every(drawn)) return restart();
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(done));
  };
  const restart = () => { clearTimeout(timer); timer = setTimeout(finish, 250); };
  watch.observe(document.body, all);
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
    return DESKTOP


@pytest.fixture
def color_scheme() -> Theme:
    """System preference the browser reports, "light" or "dark"; parametrise by this name to change it."""
    return "light"


@pytest.fixture
def page(windows: Callable[[bool], Window], server: Any, viewport: ViewportSize, color_scheme: Theme) -> Iterator[Page]:
    """A page as a new visitor has it; errors, refused requests and requests to other hosts fail the test."""
    window = windows(viewport["width"] < PHONE_WIDTH)
    with window.watched():
        yield window.page(server.url, viewport=viewport, color_scheme=color_scheme)


@pytest.fixture
def open_page(page: Page, server: Any) -> Callable[[str], Page]:
    """A function that opens a path of the app, such as `/inspector?cell=rnn`, and waits until its run is shown."""
    return lambda path: opened(page, server.url + path)


def opened(page: Page, url: str) -> Page:
    """A page at an address of the app, its run shown."""
    page.goto(url)
    rested(page)
    return page


def rested(page: Page) -> None:
    """Wait until a page has its run and nothing on it changes."""
    page.locator(FINISHED).wait_for()
    page.evaluate(SETTLED)


def unfolded(page: Page, fold: str) -> Locator:
    """A line of "Go deeper", opened and at rest: a press on what still moves into its place would miss it.

    Args:
        page: An open page.
        fold: Lesson and name of the line, such as "bptt-chain".
    """
    rested(page)
    part = page.locator(f".st-key-deeper-{fold}")
    if part.locator("details[open]").count() == 0:  # a link may have opened it
        part.locator("summary").first.click()
    part.get_by_test_id("stExpanderDetails").first.get_by_test_id("stElementContainer").first.wait_for()
    rested(page)
    return part


def pressed(button: Locator) -> None:
    """Press something once the page is at rest: a press on what still moves into its place would miss it."""
    rested(button.page)
    button.click()


def opened_by(button: Locator) -> None:
    """Press what opens a popover, and wait until its content is at rest."""
    button.click()
    rested(button.page)


@pytest.fixture
def settled() -> Callable[[Page], None]:
    """A function that waits until an open page has its run and nothing on it has changed for a while."""
    return rested


@pytest.fixture
def accessible() -> Callable[..., None]:
    """A function that holds an open page, in both themes, to every axe rule and to the width of its window.

    Rules that no other theme can break are asked for in the first of them alone.
    """

    def check(page: Page, themes: Sequence[Theme] = ("light", "dark")) -> None:
        for scheme in themes:
            page.emulate_media(color_scheme=scheme)
            expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
            rested(page)
            assert violations(page, colours=scheme != themes[0]) == {}, scheme
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
