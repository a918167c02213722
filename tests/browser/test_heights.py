"""The room a page keeps for its figures before their script has come."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, ViewportSize

from dashboard.figure.heights import MEASURES
from quiz.lessons import LESSONS
from tests.browser.conftest import SETTLED

MOST = 115  # px that may stay empty below a figure
ROOMS = """() => [...document.querySelectorAll('[class*="st-key-figure_"]')].flatMap(box => {
  const host = [...box.querySelectorAll('*')].find(node => node.shadowRoot);
  const figure = host?.shadowRoot.querySelector('.figure');
  if (!figure) return [];
  const name = [...box.classList].find(each => each.startsWith('st-key-figure_'));
  return [[name, parseFloat(getComputedStyle(box).minHeight), figure.getBoundingClientRect().height]];
})"""


@pytest.mark.parametrize("viewport", [{"width": w, "height": 900} for w in (1280, 390)], ids=lambda v: v["width"])
@pytest.mark.parametrize("path", [*LESSONS, "inspector"])
def test_the_room_kept_holds_the_figure(open_page: Callable[[str], Page], viewport: ViewportSize, path: str) -> None:
    """No figure is higher than what was kept for it, so nothing below jumps; and little of it stays empty."""
    page = open_page(f"/{path}")
    page.locator(".figure").first.wait_for()
    for width in (1280, 1100) if viewport["width"] == 1280 else (viewport["width"],):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(SETTLED)
        rooms = page.evaluate(ROOMS)
        assert rooms
        wrong = [f"{name}: {kept} kept, {taken} taken" for name, kept, taken in rooms if not 0 <= kept - taken <= MOST]
        assert not wrong, f"at {width} px, see measures.json and heights.py:\n" + "\n".join(wrong)


def test_the_measures_of_python_are_those_of_the_page(open_page: Callable[[str], Page]) -> None:
    """Every measure the server reckons with is a property of the figure's style sheet, so none is kept twice."""
    figure = open_page("/bptt").locator(".figure").first
    for group, named in MEASURES.items():
        for name, px in named.items():
            found = figure.evaluate(
                "(node, name) => getComputedStyle(node).getPropertyValue(name)", f"--{group}-{name}"
            )
            assert found == f"{px}px", f"{group}.{name}"
