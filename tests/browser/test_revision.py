"""The revision sheet in a real browser: read, looked up, printed, gone through by keyboard, taken along."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from quiz.plaintext import inline
from quiz.revision.cards import all_cards
from quiz.revision.deck import Deck
from quiz.revision.terms import load_terms
from tests.browser.conftest import opened_by, pressed, unfolded

pytestmark = pytest.mark.slow

Open = Callable[[str], Page]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
CARDS = "/revision?mode=cards&kind=formula"
FRONT = ".st-key-card-front"


def words(deck: Deck) -> re.Pattern[str]:
    """What the front of the card on top begins with."""
    assert deck.card
    return re.compile(re.escape(deck.card.front.partition("\n")[0]))


@pytest.mark.few(1)
@pytest.mark.parametrize(("viewport", "path"), [(DESKTOP, "/revision?term=weights"), (DESKTOP, CARDS), (PHONE, CARDS)])
def test_page_has_no_accessibility_violation_and_fits(
    open_page: Open, path: str, accessible: Callable[[Page], None]
) -> None:
    """Sheet and cards, in both themes, wide or on a phone: every axe rule passes, and nothing scrolls sideways."""
    page = open_page(path)
    expect(page.locator(".st-key-sheet-glossary, .st-key-card").first).to_be_visible()
    accessible(page)


def test_a_lessons_term_leads_to_its_meaning(open_page: Open) -> None:
    """From what a lesson says of a term the sheet opens beside it, with that term on top; the lesson stays."""
    page = open_page("/gradients")
    unfolded(page, "gradients-chain")
    link = page.get_by_role("link", name="Jacobian", exact=True)
    assert "each unit at step t" in (link.get_attribute("title") or "")
    link.click()
    with page.context.expect_page() as opened:
        page.get_by_role("dialog").get_by_role("link").click()
    beside = opened.value
    expect(beside.locator(".st-key-sheet-term")).to_contain_text("derivatives of each unit")
    beside.locator(".st-key-sheet-term").get_by_role("link").click()
    beside.wait_for_url(re.compile("/gradients"))
    assert "/gradients" in page.url


def test_a_term_is_looked_up(open_page: Open) -> None:
    """Typing a few letters finds the term, and the address names it."""
    page = open_page("/revision")
    page.get_by_role("combobox", name="Look up a term").fill("satur")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-sheet-term")).to_contain_text(load_terms()["saturated"].text)
    page.wait_for_url(re.compile("term=saturated"))


def test_contents_lead_to_the_sections(open_page: Open) -> None:
    """The line of contents scrolls to a section of the same page."""
    page = open_page("/revision")
    page.locator(".st-key-sheet-contents").get_by_role("link", name="RNN and LSTM").click()
    expect(page.get_by_role("heading", name="RNN and LSTM")).to_be_in_viewport()


def test_cards_are_gone_through_by_keyboard_and_kept_on_reload(open_page: Open) -> None:
    """Space turns, arrows move, 1 and 2 answer; after a reload place and marks are there again."""
    page = open_page("/revision?mode=cards")
    deck = Deck(all_cards(), seed=1).begun()
    expect(page.locator(FRONT)).to_contain_text(words(deck))
    page.keyboard.press("ArrowRight")
    expect(page.locator(FRONT)).to_contain_text(words(deck.move(1)))
    page.keyboard.press("ArrowLeft")
    expect(page.locator(FRONT)).to_contain_text(words(deck))
    for key, mark in (("1", "known"), ("2", "again")):
        page.keyboard.press("Space")
        expect(page.locator(".st-key-card-back")).to_be_visible()
        page.keyboard.press(key)
        deck = deck.mark("known" if mark == "known" else "again")
        expect(page.locator(FRONT)).to_contain_text(words(deck))
    said = f"1 of {len(all_cards())} known, 1 to see again"
    expect(page.locator(".st-key-cards-counts")).to_contain_text(said)
    page.reload()
    expect(page.locator(".st-key-cards-counts")).to_contain_text(said)
    expect(page.locator(FRONT)).to_contain_text(words(deck))


def test_a_screen_reader_hears_the_side_that_is_up(open_page: Open) -> None:
    """A live region speaks the front, then the back, as plain text."""
    page = open_page("/revision?mode=cards&kind=mistake")
    deck = Deck(all_cards(), kind="mistake", seed=1).begun()
    assert deck.card
    expect(page.get_by_role("status").first).to_contain_text("Common mistake.")
    page.keyboard.press("Space")
    expect(page.get_by_role("status").first).to_contain_text(inline(deck.card.back)[:12])


def test_cards_are_kept_while_another_page_is_read(open_page: Open) -> None:
    """Through the navigation and back, the session's place and marks are there."""
    page = open_page("/revision?mode=cards&kind=term")
    page.keyboard.press("Space")
    page.keyboard.press("1")
    counts = page.locator(".st-key-cards-counts")
    expect(counts).to_contain_text("1 of")
    pressed(page.get_by_role("link", name="Progress"))
    expect(page.get_by_role("heading", level=1, name="Progress")).to_be_visible()
    page.get_by_role("link", name="Revision sheet").click()
    expect(counts).to_contain_text("1 of")


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_print_is_the_sheet_alone_on_at_most_three_pages(open_page: Open, tmp_path: Path) -> None:
    """On paper: no navigation, no controls, black on white in either theme, all of it on three pages of A4 at most."""
    page = open_page("/revision")
    page.locator(".st-key-sheet-glossary li").last.wait_for()
    file = tmp_path / "sheet.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    content = file.read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", content)) <= 3
    assert re.search(rb"/MediaBox \[0 0 59[45][.\d]* 84[12]", content)
    page.emulate_media(media="print")
    for gone in (page.get_by_test_id("stSidebar"), page.get_by_test_id("stHeader"), page.get_by_role("button")):
        expect(gone.first).to_be_hidden()
    main = page.get_by_test_id("stMain")
    assert main.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 255, 255)"
    item = page.locator(".st-key-sheet-take-aways li").first
    assert item.evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"


@pytest.mark.few(2)
@pytest.mark.parametrize(
    ("button", "ending"),
    [("Anki", "apkg"), ("CSV", "csv"), ("Markdown", "md"), ("Moodle XML", "xml"), ("GIFT", "gift.txt")],
)
def test_files_are_taken_along(open_page: Open, button: str, ending: str) -> None:
    """Each download comes with its name and its content."""
    page = open_page("/revision")
    opened_by(page.get_by_role("button", name="Take along"))
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    questions = ending in ("xml", "gift.txt")
    assert download.value.suggested_filename == f"unrolled-{'questions' if questions else 'revision'}.{ending}"
    path = Path(download.value.path())
    if ending == "apkg":
        assert "collection.anki2" in zipfile.ZipFile(path).namelist()
    elif questions:
        assert "forward-first-step" in path.read_text(encoding="utf-8")
    else:
        assert load_terms()["gap"].text in path.read_text(encoding="utf-8")
