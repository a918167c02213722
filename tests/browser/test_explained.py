"""Terms explained in place in a real browser: by mouse, keyboard and touch, at every width and in both themes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from quiz.revision.terms import load_terms
from tests.browser.conftest import SETTLED, unfolded

pytestmark = pytest.mark.slow

Open = Callable[[str], Page]
PHONE = {"width": 390, "height": 844}
LINKS = '[data-testid="stMain"] a[href*="revision?term="]'
INSIDE = """box => {
  const { left, right, top, bottom } = box.getBoundingClientRect();
  return left >= 0 && top >= 0 && right <= document.documentElement.clientWidth && bottom <= innerHeight
    && box.scrollWidth <= box.clientWidth;
}"""


def term(page: Page, name: str) -> Locator:
    """The link of a term."""
    return page.get_by_role("link", name=name, exact=True)


def chain(page: Page) -> Page:
    """The lesson on vanishing gradients with the fold open in which its terms stand."""
    unfolded(page, "gradients-chain")
    term(page, "Jacobian").wait_for()
    return page


def meaning(page: Page) -> Locator:
    """What is said of a term."""
    return page.get_by_role("dialog")


def test_a_press_says_what_a_term_means_and_asks_the_server_nothing(
    page: Page, open_page: Open, settled: Callable[[Page], None]
) -> None:
    """The definition stands beside its link; a second press, or one elsewhere, closes it; nothing is sent."""
    sent: list[object] = []
    page.once("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    chain(open_page("/gradients"))
    settled(page)
    sent.clear()
    term(page, "Jacobian").click()
    expect(meaning(page)).to_have_accessible_name("Jacobian")
    expect(meaning(page)).to_contain_text("The table of derivatives of each unit at step t")
    expect(meaning(page).locator("sub")).to_have_text(["t", "t−1"])
    assert meaning(page).evaluate(INSIDE)
    term(page, "Jacobian").click()
    expect(meaning(page)).to_be_hidden()
    term(page, "Jacobian").click()
    term(page, "norm").click()
    expect(meaning(page)).to_have_accessible_name("norm")
    page.get_by_role("heading", level=1).click()
    expect(meaning(page)).to_be_hidden()
    assert len(page.context.pages) == 1
    assert "/gradients" in page.url
    assert not sent


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_the_keyboard_opens_and_closes_it(open_page: Open, key: str) -> None:
    """Enter or the space bar opens it, Tab reaches what is in it, Escape closes it and leads back to the link."""
    page = chain(open_page("/gradients"))
    link = term(page, "Jacobian")
    link.focus()
    expect(link).to_have_attribute("aria-haspopup", "dialog")
    top = page.get_by_test_id("stMain").evaluate("page => page.scrollTop")
    page.keyboard.press(key)
    expect(meaning(page)).to_be_focused()
    expect(link).to_have_attribute("aria-expanded", "true")
    assert page.get_by_test_id("stMain").evaluate("page => page.scrollTop") == top
    page.keyboard.press("Tab")
    expect(meaning(page).get_by_role("link", name="Open in the revision sheet")).to_be_focused()
    page.keyboard.press("Tab")
    expect(meaning(page).get_by_role("button", name="Close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(meaning(page)).to_be_hidden()
    expect(link).to_be_focused()
    expect(link).to_have_attribute("aria-expanded", "false")
    assert "each unit at step t" in (link.get_attribute("title") or "")
    page.keyboard.press(key)
    expect(meaning(page)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(meaning(page)).to_be_hidden()
    expect(link).to_be_focused()


@pytest.mark.parametrize("lesson", ["lstm-cell", "compare"])
@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_no_meaning_is_cut_off_on_a_phone(open_page: Open, lesson: str) -> None:
    """A tap on any term shows all of its meaning within the window, wherever the term stands in its line."""
    page = open_page(f"/{lesson}")
    folded = {"lstm-cell": "equations", "compare": "starts"}
    if lesson in folded:
        unfolded(page, f"{lesson}-{folded[lesson]}")
    page.locator(LINKS).first.wait_for()
    page.evaluate(SETTLED)  # what arrives later moves the link from under the finger
    terms = load_terms()
    links = page.locator(LINKS).all()
    assert links
    for link in links:
        name = re.search("term=([a-z0-9-]+)", link.get_attribute("href") or "")
        assert name
        link.tap()
        expect(meaning(page)).to_have_accessible_name(terms[name[1]].name)
        assert meaning(page).evaluate(INSIDE), name[1]
        page.keyboard.press("Escape")


def test_it_stays_with_its_link(open_page: Open) -> None:
    """Scrolling moves it along, and it closes when its link leaves the window."""
    page = chain(open_page("/gradients"))
    term(page, "Jacobian").click()
    apart = """() => new Promise(done => requestAnimationFrame(() => done(
      document.querySelector(".explained").getBoundingClientRect().left
      + document.querySelector(".explained").getBoundingClientRect().top
      - document.querySelector('a[aria-expanded="true"]').getBoundingClientRect().top)))"""
    scroll = "(page, by) => new Promise(done => { page.onscroll = () => done(page.scrollTop); page.scrollTop += by; })"
    before = page.evaluate(apart)
    main = page.get_by_test_id("stMain")
    assert main.evaluate(scroll, 60) > 0
    assert page.evaluate(apart) == pytest.approx(before, abs=1)
    main.evaluate(scroll, 3000)
    expect(meaning(page)).to_be_hidden()


def test_the_way_to_the_sheet_is_kept(open_page: Open) -> None:
    """A press with a modifier opens the sheet at that term beside the lesson, as a link does."""
    page = chain(open_page("/gradients"))
    with page.context.expect_page() as opened:
        term(page, "Jacobian").click(modifiers=["ControlOrMeta"])
    expect(opened.value.locator(".st-key-sheet-term")).to_contain_text("derivatives of each unit")
    expect(meaning(page)).to_be_hidden()


@pytest.mark.few(1)
@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, PHONE], ids=["desktop", "phone"])
def test_it_can_be_read_by_all(open_page: Open, accessible: Callable[[Page], None]) -> None:
    """In both themes, open, every axe rule passes, and its colours are the theme's."""
    page = chain(open_page("/gradients"))
    term(page, "Jacobian").click()
    accessible(page)
    expect(meaning(page)).to_have_css("background-color", "rgb(23, 22, 20)")
