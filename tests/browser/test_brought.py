"""A file of weights, brought to the Inspector: the card that says what it is, and what is chosen on it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import opened_by

pytestmark = pytest.mark.slow

FILES = Path(__file__).parents[1] / "core" / "checkpoints" / "files"
Open = Callable[[str], Page]
PHONE = {"width": 390, "height": 844}


def part(page: Page, name: str) -> Locator:
    """The element of one control or part of the Inspector."""
    return page.locator(f".st-key-inspector-{name}")


def bring(page: Page, file: str) -> Locator:
    """Choose a file under Weights; its card."""
    opened_by(part(page, "field-Weights").get_by_role("button").first)
    part(page, "file-first").locator("input[type=file]").set_input_files(FILES / file)
    card = part(page, "file-card")
    expect(card).to_contain_text(file)
    page.keyboard.press("Escape")
    return card


def test_a_trained_network_is_shown_as_its_file_says(open_page: Open) -> None:
    """The card names kind, sizes, gate order and read-out; the settings follow, and go back with it."""
    page = open_page("/inspector")
    card = bring(page, "state.pt")
    for words in ("A PyTorch state dict", "LSTM, 1 layer", "16 by 4", "i, f, g, o", "head reads 4 numbers and gives 2"):
        expect(card).to_contain_text(words)
    expect(part(page, "card-random-0")).to_contain_text("word vectors")
    button = part(page, "field-Weights").get_by_role("button").first
    expect(button).to_have_accessible_name(re.compile("Your own"))
    part(page, "file-remove").get_by_role("button").click()
    expect(card).to_have_count(0)
    expect(button).to_have_accessible_name(re.compile("Seed 1"))


def test_an_rnn_asks_for_its_activation(open_page: Open) -> None:
    """A state dict does not say tanh or ReLU: pressing the other changes the figure's formula."""
    page = open_page("/inspector")
    card = bring(page, "rnn.pt")
    expect(card).to_contain_text("Not in the file: please say")
    expect(page.locator(".figure")).to_contain_text("tanh")
    part(page, "card-activation").get_by_text("ReLU", exact=True).click()
    expect(page.locator(".figure")).to_contain_text("max")


def test_a_layer_of_a_stack_is_chosen_on_the_card(open_page: Open) -> None:
    """The lower layer reading from the end: both card and figure say so, and its box is the pressed one."""
    page = open_page("/inspector")
    card = bring(page, "stacked.pt")
    expect(card).to_contain_text("It reads what layer 0 gives")
    part(page, "card-part").locator("input").click()
    page.get_by_role("option", name="rnn, layer 0, backward").click()
    expect(card).to_contain_text("It reads from the last step to the first")
    expect(page.locator(".figure .finding").nth(1)).to_contain_text("In layer 0, backward")
    expect(page.locator(".part[aria-pressed=true]")).to_have_attribute("data-part", "1")


@pytest.mark.few(1)
@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, PHONE])
def test_a_part_is_chosen_in_the_figure_by_keys(open_page: Open, accessible: Callable[..., None]) -> None:
    """Tab and Enter show another part; the focus stays on its box, and nothing is wider than the window."""
    page = open_page("/inspector")
    bring(page, "stacked.pt")
    boxes = page.locator(".part")
    expect(boxes).to_have_count(4)
    finding = page.locator(".figure .finding").nth(1)
    expect(finding).to_contain_text("In layer 1, forward")
    boxes.nth(2).focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(finding).to_contain_text("In layer 1, backward")
    expect(finding).to_contain_text("It reads from the last step to the first.")
    expect(boxes.nth(3)).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("window.innerWidth")
    accessible(page)


@pytest.mark.parametrize("viewport", [PHONE])
def test_the_card_fits_a_phone(open_page: Open, accessible: Callable[..., None]) -> None:
    """Nothing of the card is wider than the window, and axe finds nothing in either theme."""
    page = open_page("/inspector")
    card = bring(page, "stacked.pt")
    expect(card).to_contain_text("How this was read")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    accessible(page)
    wide = card.evaluate("e => [...e.querySelectorAll('*')].filter(x => x.getBoundingClientRect().right > 391).length")
    assert wide == 0
