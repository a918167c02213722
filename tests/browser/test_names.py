"""What a page's parts are called for those who hear it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from dashboard.kit.navigation import GROUPS
from tests.browser.conftest import SETTLED

PATHS = [place.path for group in GROUPS.values() for place in group]
RAW = re.compile(r"[$\\]|[_^]\{")
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


def spoken(page: Page) -> set[str]:
    """Every name, description and value in the page's accessibility tree, and every attribute that may become one."""
    session = page.context.new_cdp_session(page)
    nodes = [node for node in session.send("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]]
    parts = [node.get(part, {}).get("value", "") for node in nodes for part in ("name", "description", "value")]
    more = [each["value"].get("value", "") for node in nodes for each in node.get("properties", [])]
    return {str(text) for text in [*parts, *more, *page.evaluate(ATTRIBUTES)]}


@pytest.mark.parametrize("path", PATHS)
def test_no_name_is_a_formula_in_tex(open_page: Callable[[str], Page], path: str) -> None:
    """A formula in a label is read as letters and signs, wherever on the page, folded parts included."""
    page = open_page(f"/{path}")
    closed = page.locator("details:not([open]) > summary").filter(visible=True)
    while closed.count():
        closed.first.click()
    page.evaluate(SETTLED)
    names = spoken(page)
    assert len(names) > 20
    assert sorted(name for name in names if RAW.search(name)) == []
