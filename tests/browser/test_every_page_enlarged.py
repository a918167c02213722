"""Every page as those see it who need it larger, in a narrow window, with text spaced wide, or by the keyboard alone.

WCAG 2.2: 1.4.4 resize text, 1.4.10 reflow, 1.4.12 text spacing, 2.4.7 focus visible, 2.4.11 focus not obscured, and
1.4.11 non-text contrast for the focus.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, ViewportSize
from windows import Window

from dashboard.kit.navigation import UNLISTED
from tests.browser.conftest import FINISHED, SETTLED, opened
from tests.browser.test_every_page import MOST_STOPS, PATHS, STOP

pytestmark = pytest.mark.deep

ALL = [*PATHS, *(place.path for place in UNLISTED if place.path not in ("resume", "assignment"))]
NARROW: ViewportSize = {"width": 320, "height": 640}
DOUBLE: ViewportSize = {"width": 640, "height": 450}  # what a window of 1280 × 900 has at 200 %
WIDE: ViewportSize = {"width": 1280, "height": 900}
# Criterion 1.4.12's four settings, on everything, in the shadow of a component too.
SPACING = """() => {
  const rules = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-bottom: 2em !important; }`;
  const into = root => {
    const sheet = document.createElement('style');
    sheet.textContent = rules;
    (root.head ?? root).append(sheet);
    root.querySelectorAll('*').forEach(node => node.shadowRoot && into(node.shadowRoot));
  };
  into(document);
}"""
SIDEWAYS = """() => [document.scrollingElement, document.querySelector('[data-testid=stMain]')]
  .map(node => node.scrollWidth - node.clientWidth)"""
# Words that are cut off and that nothing scrolls to; those of SVG drawings and formulas are left out.
CUT = """() => {
  const found = new Set();
  const seen = node => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const scrolls = value => value === 'auto' || value === 'scroll';
  const cuts = value => value === 'hidden' || value === 'clip';
  const leftOut = 'style, script, svg, .katex, [aria-hidden=true], [role=status], canvas';
  const holds = node => {  // what cuts or scrolls its content, through shadow roots
    const parent = node.assignedSlot ?? node.parentElement ?? node.getRootNode().host;
    return parent instanceof Element ? parent : null;
  };
  const check = (node, words, box) => {
    if (box.width < 2 || box.height < 2) return;
    let left = box.left, right = box.right, top = box.top, bottom = box.bottom;
    for (let up = node; up; up = holds(up)) {
      const style = getComputedStyle(up);
      if (style.clipPath !== 'none' || style.position === 'fixed') return;
      const room = up.getBoundingClientRect();
      if (room.width <= 2 || room.height <= 2) return;  // for screen readers alone
      if (style.textOverflow === 'ellipsis' && style.overflowX !== 'visible') return;  // shown whole elsewhere
      if (scrolls(style.overflowX) && up.scrollWidth > up.clientWidth + 1) {
        left = Math.max(left, room.left);
        right = Math.min(right, room.right);
      }
      if (scrolls(style.overflowY)) {
        top = Math.max(top, room.top);
        bottom = Math.min(bottom, room.bottom);
      }
      if (right - left < 1 || bottom - top < 1) return;  // scrolled to
      if (cuts(style.overflowX) && (right > room.right + 3 || left < room.left - 3)) found.add(words);
      if (cuts(style.overflowY) && (bottom > room.bottom + 4 || top < room.top - 4)) found.add(words);
    }
  };
  const walk = root => {
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const words = text.textContent.trim(), node = text.parentElement;
      if (!words || !node || node.closest(leftOut) || !seen(node)) continue;
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const box of range.getClientRects()) check(node, words.slice(0, 60), box);
    }
    root.querySelectorAll('*').forEach(node => node.shadowRoot && walk(node.shadowRoot));
  };
  walk(document.querySelector('[data-testid=stMain]'));
  return [...found];
}"""


@pytest.fixture(params=ALL)
def path(request: pytest.FixtureRequest) -> str:
    """A place in the address."""
    return str(request.param)


@pytest.fixture
def at(windows: Callable[[bool], Window], server: Any, path: str) -> Iterator[Callable[..., Page]]:
    """A function that gives the page there in a window of some size."""
    window = windows(False)
    with window.watched():
        yield lambda size, **how: opened(window.page(server.url, viewport=size, **how), f"{server.url}/{path}")


def unfolded(page: Page) -> Page:
    """The page with what it folds opened."""
    closed = page.locator("details:not([open]) > summary").filter(visible=True)
    for _ in range(6):
        if closed.count():
            closed.first.click()
    page.locator(FINISHED).wait_for()
    page.evaluate(SETTLED)
    return page


@pytest.mark.parametrize("size", [NARROW, DOUBLE], ids=["320 px", "at 200 %"])
def test_nothing_is_lost_where_there_is_little_room(at: Callable[..., Page], size: ViewportSize) -> None:
    """No page scrolls sideways, and no words are cut off."""
    page = unfolded(at(size))
    assert max(page.evaluate(SIDEWAYS)) <= 1  # a pixel is what rounding leaves
    assert page.evaluate(CUT) == []


def test_nothing_is_lost_with_wide_spacing(at: Callable[..., Page]) -> None:
    """Lines, letters, words and paragraphs as far apart as readers may set them."""
    page = unfolded(at(WIDE))
    before = set(page.evaluate(CUT))
    page.evaluate(SPACING)
    page.evaluate(SETTLED)
    assert max(page.evaluate(SIDEWAYS)) <= 1  # a pixel is what rounding leaves
    assert set(page.evaluate(CUT)) - before == set()
    assert before == set()


# The focus

RING = 3.0  # contrast of what the focus changes, before and after
LEAST = 40  # px that change so far
AROUND = 6  # px about what has the focus
# Where the focus is, with the label that it belongs to; null at the end.
PLACE = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  window.focused = node;
  const box = (node.closest('label') ?? node).getBoundingClientRect();
  return [box.left, box.top, box.width, box.height];
}"""
AWAY = "() => window.focused.blur()"
BACK = "() => window.focused.focus({ preventScroll: true, focusVisible: true })"


def luminance(page: Page, clip: dict[str, float]) -> NDArray[np.float64]:
    """Relative luminance of each pixel of a part of the window, as WCAG defines it."""
    picture = Image.open(io.BytesIO(page.screenshot(clip=clip, animations="disabled")))  # type: ignore[arg-type]
    rgb = np.asarray(picture.convert("RGB"), dtype=np.float64) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]))


def seen(page: Page) -> int:
    """How many pixels the focus changes by a contrast of `RING` about the element that has it."""
    left, top, width, height = page.evaluate(PLACE)
    x, y = max(0.0, left - AROUND), max(0.0, top - AROUND)
    right, bottom = min(WIDE["width"], left + width + AROUND), min(WIDE["height"], top + height + AROUND)
    if right - x < 1 or bottom - y < 1:
        return 0
    clip = {"x": x, "y": y, "width": right - x, "height": bottom - y}
    with_focus = luminance(page, clip)
    page.evaluate(AWAY)
    without = luminance(page, clip)
    page.evaluate(BACK)
    lighter, darker = np.maximum(with_focus, without), np.minimum(with_focus, without)
    return int(((lighter + 0.05) / (darker + 0.05) >= RING).sum())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_is_seen_at_every_stop(at: Callable[..., Page], scheme: str) -> None:
    """What has the focus is told from how it looks without, at 3:1, and nothing that stays in place covers that."""
    page = at(WIDE, color_scheme=scheme)
    unseen: list[Any] = []
    first = None
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or stop[0] == first:
            break
        first = stop[0] if first is None else first
        if (changed := seen(page)) < LEAST:
            unseen.append((stop[2], changed))
    assert unseen == []
