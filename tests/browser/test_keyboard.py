"""Every page by the Tab key alone: all that can be pressed is reached, in view, and nothing holds the focus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from dashboard.kit.navigation import GROUPS

MOST_STOPS = 400
PATHS = [f"/{place.path}" for places in GROUPS.values() for place in places]
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


@pytest.mark.parametrize("path", PATHS)
def test_page_is_walked_by_the_tab_key(open_page: Callable[[str], Page], path: str) -> None:
    """From the top of the page to its end and round again: no trap, no stop out of sight, no button left out."""
    page = open_page(path)
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
