"""Check my implementation in a browser: an example, a pasted print, the lab's line; light, dark and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import pressed

VERDICT = "quantities equal ours"


@pytest.mark.slow
def test_the_example_passes_every_axe_rule_at_both_widths(
    open_page: Callable[[str], Page], accessible: Callable[..., None]
) -> None:
    """With a report open every axe rule passes in both themes, and a phone never scrolls sideways."""
    page = open_page("/check")
    page.get_by_role("button", name="Show an example").press("Enter")
    expect(page.get_by_role("heading", name="The likely slip")).to_be_visible()
    expect(page.get_by_text(VERDICT).first).to_be_visible()
    pressed(page.get_by_text("The whole report as text"))
    accessible(page)
    page.set_viewport_size({"width": 390, "height": 900})
    accessible(page, ("light",))
    figure, table = page.locator(".check-pair"), page.locator(".check-table")
    top = [box["y"] for each in (figure, table) if (box := each.bounding_box()) is not None]
    assert top == sorted(top)  # the figure first


def test_what_is_pasted_is_checked_and_never_markup(open_page: Callable[[str], Page]) -> None:
    """A print with markup in its name is refused as text; one that can be used gets its verdict."""
    page = open_page("/check")
    field = page.get_by_label("Your arrays, pasted")
    field.fill("dW_h = [[1, <img src=x onerror=alert(1)>]]")
    field.press("Control+Enter")
    expect(page.get_by_text("where a number should be")).to_be_visible()
    assert page.locator("img[src='x']").count() == 0
    field.fill("h = [[0, 0]]\nW_x = [[1, 2]]\nW_h = [[0.5, 0], [0, 0.5]]\nb = [0, 0]\nx = [[0]]")
    field.press("Control+Enter")
    expect(page.get_by_text("equals ours").first).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(field).to_have_value("")
