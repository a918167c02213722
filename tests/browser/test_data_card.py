"""A learner's own table in a real browser: brought, understood, mended, replaced, and sent on."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import FINISHED, SETTLED

pytestmark = pytest.mark.slow

Open = Callable[[str], Page]
PHONE = {"width": 390, "height": 844}
LAKE = "Datum;Temperatur °C;Druck hPa\r\n" + "".join(
    f"{k:02}.01.2026;{k % 7 - 5},5;{'' if k == 17 else 1000 + k}\r\n" for k in range(1, 32)
)


def card(page: Page) -> Locator:
    """The open data card."""
    return page.locator(".st-key-inspector-data-card")


def bring(page: Page, name: str, content: bytes) -> None:
    """Choose a file under Sequence, and close the entry."""
    button = page.locator(".st-key-inspector-field-Sequence").get_by_role("button").first
    field = page.locator(".st-key-inspector-csv input[type=file]")
    if field.count() == 0:
        button.click()
    field.wait_for(state="attached")
    file: Any = {"name": name, "mimeType": "text/csv", "buffer": content}
    field.set_input_files(file)
    expect(page.locator(".st-key-inspector-data summary")).to_contain_text(name)
    page.keyboard.press("Escape")
    page.locator(FINISHED).wait_for()
    page.evaluate(SETTLED)


def steps(page: Page, text: str) -> None:
    """Expect the line of what the network reads, and the entry above, to say so."""
    expect(card(page)).to_contain_text(f"The network reads {text}")


def test_a_spreadsheet_is_understood_and_mended(open_page: Open) -> None:
    """A file as Excel saves it in German: what was understood stands there, a press mends it, the link has it all."""
    page = open_page("/inspector?source=numbers")
    bring(page, "lake.csv", LAKE.encode("cp1252"))
    shown = card(page)
    expect(shown).to_contain_text("letters in Windows-1252, columns split at ;, decimals with a comma")
    expect(shown).to_contain_text("none skipped")
    expect(shown.locator(".missing")).to_have_text("missing")
    expect(shown.locator(".spark")).to_have_count(2)
    steps(page, "31 steps of 2 numbers")
    drop = shown.get_by_role("radio", name="drop row").or_(shown.get_by_role("button", name="drop row"))
    drop.first.focus()
    page.keyboard.press("Enter")
    steps(page, "30 steps of 2 numbers")
    expect(shown).to_contain_text("1 row dropped")
    page.locator(FINISHED).wait_for()
    expect(page).to_have_url(re.compile("fill=drop"))
    page.evaluate(SETTLED)
    finding = page.locator(".figure .finding").first.text_content()
    again = open_page(page.url[page.url.index("/inspector") :])
    expect(again.locator(".figure .finding").first).to_have_text(finding or "-")


def test_another_file_leaves_nothing_of_the_first(open_page: Open) -> None:
    """Choices made for one table do not hold for the next; a file that is none leaves the table as it was."""
    page = open_page("/inspector?source=numbers")
    bring(page, "lake.csv", LAKE.encode())
    card(page).get_by_text("every 7th").click()
    steps(page, "5 steps of 2 numbers")
    out = io.BytesIO()
    np.save(out, np.linspace(0, 1, 10_000).reshape(1, -1))
    bring(page, "long.npy", out.getvalue())
    steps(page, "1,000 steps of 1 number")
    expect(card(page)).to_contain_text("Take every 10th row, or another window")
    card(page).get_by_text("every 10th", exact=True).click()
    expect(card(page)).not_to_contain_text("or another window")
    steps(page, "1,000 steps of 1 number")


@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_the_card_fits_a_phone(open_page: Open, accessible: Callable[..., None]) -> None:
    """At 390 px nothing is wider than the window, and axe finds no fault, light or dark."""
    page = open_page("/inspector?source=numbers")
    bring(page, "lake.csv", LAKE.encode())
    steps(page, "31 steps of 2 numbers")
    accessible(page)
