"""Every page of the navigation, visited once: sent whole, named for those who hear it, in its room, walked by Tab.

The tests stand in the order in which they change the page, and each holds without the ones before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect
from windows import DESKTOP, Window

from dashboard.figure.heights import MEASURES
from dashboard.kit.navigation import GROUPS
from quiz.lessons import LESSONS
from tests.browser.conftest import FINISHED, SETTLED, opened

pytestmark = pytest.mark.deep

PATHS = [place.path for group in GROUPS.values() for place in group]
MOST_OPENED = 8
WITH_FIGURES = [*LESSONS, "inspector", "bench"]
PHONE: ViewportSize = {"width": 390, "height": 900}
RAW = re.compile(r"[$\\]|[_^]\{|(?<!\w)\*{1,2}[A-Za-z“]")  # of TeX and of Markdown
ATTRIBUTES = """() => {
  const found = [];
  const walk = root => root.querySelectorAll('*').forEach(node => {
    for (const name of ['aria-label', 'aria-description', 'aria-valuetext', 'alt', 'title', 'placeholder'])
      if (node.hasAttribute(name)) found.push(node.getAttribute(name));
    if (node.localName === 'caption') found.push(node.textContent);
    if (node.shadowRoot) walk(node.shadowRoot);
  });
  walk(document);
  return found;
}"""
MOST_EMPTY = 115  # px that may stay empty below a figure
ROOMS = """() => [...document.querySelectorAll('[class*="st-key-figure_"]')].flatMap(box => {
  const host = [...box.querySelectorAll('*')].find(node => node.shadowRoot);
  const figure = host?.shadowRoot.querySelector('.figure');
  if (!figure) return [];
  const name = [...box.classList].find(each => each.startsWith('st-key-figure_'));
  return [[name, parseFloat(getComputedStyle(box).minHeight), figure.getBoundingClientRect().height]];
})"""
MOST_STOPS = 400
# The focused element through shadow roots: a number for each, whether it is seen, and how it is called.
STOP = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  if (!node || node === document.body) return null;
  const stops = (window.stops ??= new Map());
  if (!stops.has(node)) stops.set(node, stops.size);
  const box = (node.closest('label') ?? node).getBoundingClientRect();
  const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  return [stops.get(node), seen, (node.getAttribute('aria-label') ?? node.textContent ?? '').trim().slice(0, 40)];
}"""
# Links and buttons that are shown and in the Tab key's order, but were no stop; arrow keys go through radio buttons.
MISSED = """() => {
  const found = [];
  const search = root => {
    for (const node of root.querySelectorAll('*')) {
      if (node.shadowRoot) search(node.shadowRoot);
      if (!node.matches('a[href], button:not([disabled], [role=radio])') || node.tabIndex < 0) continue;
      if (window.stops.has(node)) continue;
      if (node.checkVisibility({ visibilityProperty: true }) && node.getBoundingClientRect().width) {
        found.push(node.getAttribute('aria-label') ?? node.textContent.trim());
      }
    }
  };
  search(document);
  return found;
}"""


@pytest.fixture(scope="module", params=PATHS)
def path(request: pytest.FixtureRequest) -> str:
    """A place in the address; "" is Home."""
    return str(request.param)


@pytest.fixture(scope="module")
def page(windows: Callable[[bool], Window], server: Any, path: str) -> Iterator[Page]:
    """The page there, as the tests before have left it."""
    window = windows(False)
    with window.watched():
        yield opened(window.page(server.url), f"{server.url}/{path}")


def test_page_asks_for_nothing_in_vain(page: Page, server: Any) -> None:
    """Every page of the navigation opens by its address, whole, without a failed request or a browser's complaint."""
    expect(page.locator("h1")).to_have_count(1)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stSidebarNavLink").and_(page.locator("[aria-current=page]"))).to_have_count(1)
    asked = page.evaluate("performance.getEntriesByType('resource').map(each => each.name)")
    assert [name for name in asked if name.endswith("/health")] == [f"{server.url}/_stcore/health"]


def expect_room(page: Page, path: str) -> None:
    """No figure is higher than what was kept for it, and little of it stays empty."""
    page.evaluate(SETTLED)
    rooms = page.evaluate(ROOMS)
    assert bool(rooms) == (path in WITH_FIGURES)
    wrong = [f"{name}: {kept} kept, {took} taken" for name, kept, took in rooms if not 0 <= kept - took <= MOST_EMPTY]
    assert not wrong, "see measures.json and heights.py:\n" + "\n".join(wrong)


def test_the_measures_of_python_are_those_of_the_page(page: Page, path: str) -> None:
    """Every measure the server reckons with is a property of the figure's style sheet, so none is kept twice."""
    kept = {f"--{group}-{name}": f"{px}px" for group, named in MEASURES.items() for name, px in named.items()}
    found = "(node, names) => names.map(name => [name, getComputedStyle(node).getPropertyValue(name)])"
    figures = page.locator(".figure").all()
    assert bool(figures) == (path in WITH_FIGURES)
    for figure in figures:
        assert dict(figure.evaluate(found, [*kept])) == kept


@pytest.mark.parametrize("width", [1100, 1280])
def test_the_room_kept_holds_the_figure(page: Page, path: str, width: int) -> None:
    """No figure is higher than what was kept for it, so nothing below jumps; and little of it stays empty."""
    page.set_viewport_size({"width": width, "height": DESKTOP["height"]})
    expect_room(page, path)


def test_page_is_walked_by_the_tab_key(page: Page) -> None:
    """From the top of the page to its end and round again: no trap, no stop out of sight, no button left out."""
    stops: list[Any] = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or (stops and stop[0] == stops[0][0]):
            break
        stops.append(stop)
    else:
        pytest.fail(f"no end after {MOST_STOPS} stops, the last: {stops[-5:]}")
    numbers = [number for number, _, _ in stops]
    assert len(numbers) == len(set(numbers)), "the focus came back before the end of the page"
    assert [name for _, seen, name in stops if not seen] == []
    assert page.evaluate(MISSED) == []


def spoken(page: Page) -> set[str]:
    """Every name, description and value in the page's accessibility tree, and every attribute that may become one."""
    session = page.context.new_cdp_session(page)
    nodes = [node for node in session.send("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
    session.detach()
    parts = [node.get(part, {}).get("value", "") for node in nodes for part in ("name", "description", "value")]
    more = [each["value"].get("value", "") for node in nodes for each in node.get("properties", [])]
    return {str(text) for text in [*parts, *more, *page.evaluate(ATTRIBUTES)]}


def test_no_name_and_no_text_shows_its_marks(page: Page) -> None:
    """A formula in a label is read as letters and signs, and stressed words without stars, folded parts included."""
    closed = page.locator("details:not([open]) > summary").filter(visible=True)
    for _ in range(MOST_OPENED):  # claims are alike, and each that is opened draws the list anew
        if closed.count():
            closed.first.click()
    page.locator(FINISHED).wait_for()
    page.evaluate(SETTLED)
    names = spoken(page)
    assert len(names) > 20
    assert sorted(name for name in names if RAW.search(name)) == []


def test_no_accessibility_violation(page: Page, accessible: Callable[[Page], None]) -> None:
    """With its folded parts open every page passes every axe rule in both themes, and never scrolls sideways."""
    accessible(page)


@pytest.mark.parametrize("place", PATHS)
def test_a_phone_shows_every_page(
    windows: Callable[[bool], Window], server: Any, place: str, accessible: Callable[..., None]
) -> None:
    """The room kept on a phone holds the figure; every axe rule passes there, and nothing scrolls sideways."""
    window = windows(True)
    with window.watched():
        page = opened(window.page(server.url, viewport=PHONE), f"{server.url}/{place}")
        expect_room(page, place)
        accessible(page, ("dark",))
