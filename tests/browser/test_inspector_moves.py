"""The Inspector in a real browser: dragging, the step in the address, the browser's history, files, two windows."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from support import edit_cell

from tests.browser.conftest import opened_by, rested

pytestmark = pytest.mark.slow

Open = Callable[[str], Page]


def step_slider(page: Page) -> Locator:
    """The figure's slider."""
    return page.get_by_role("slider", name="Step", exact=True)


def choose_lstm(page: Page) -> None:
    """Choose the LSTM alone, and shut the popover."""
    opened_by(page.locator(".st-key-inspector-field-Model").get_by_role("button").first)
    page.locator(".st-key-inspector-cell").get_by_text("LSTM", exact=True).click()
    page.wait_for_url(re.compile("cell=lstm"))
    page.keyboard.press("Escape")


def test_a_drag_scrubs_and_its_last_step_enters_the_address(
    open_page: Open, new_context: Callable[..., BrowserContext]
) -> None:
    """Dragging over the chart passes every step; the address takes the last one without a new entry of the history."""
    page = open_page("/inspector")
    slider = step_slider(page)
    expect(slider).to_be_visible()
    entries = page.evaluate("history.length")
    box = slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] * 0.5 / 13, box["y"] + 180)
    page.mouse.down()
    for step in range(2, 12):
        page.mouse.move(box["x"] + box["width"] * (step - 0.5) / 13, box["y"] + 180)
        expect(slider).to_have_attribute("aria-valuenow", str(step))
    page.mouse.up()
    page.wait_for_url(re.compile(r"[?&]t=11$"))
    assert page.evaluate("history.length") == entries
    other = new_context().new_page()
    other.goto(page.url)
    expect(other.locator(".figure .step-name")).to_have_text("Step 11, ‘go’")


def test_back_and_forward_go_through_the_settings(open_page: Open) -> None:
    """Each change of settings is a step of the browser's history."""
    page = open_page("/inspector")
    maps = page.locator(".figure .row.map")
    expect(maps).to_have_count(7)
    choose_lstm(page)
    expect(maps).to_have_count(6)
    page.wait_for_function("start => performance.now() - start > 1100", arg=page.evaluate("performance.now()"))
    page.go_back()
    expect(maps).to_have_count(7)
    page.go_forward()
    expect(maps).to_have_count(6)


def test_two_windows_keep_apart(open_page: Open, new_context: Callable[..., BrowserContext]) -> None:
    """What is chosen in one window changes nothing in another."""
    page = open_page("/inspector")
    other = new_context().new_page()
    other.goto(page.url)
    expect(other.locator(".figure .row.map")).to_have_count(7)
    choose_lstm(page)
    expect(page.locator(".figure .row.map")).to_have_count(6)
    other.get_by_role("slider", name="Step", exact=True).press("End")
    opened_by(other.locator(".st-key-inspector-field-Panels").get_by_role("button").first)
    expect(other.get_by_test_id("stPopoverBody")).to_be_visible()
    expect(other.locator(".figure .row.map")).to_have_count(7)


@pytest.mark.few(1)
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("binary.csv", bytes(range(256)) * 4, "neither text nor a kind of file that can be read here"),
        ("words.csv", b"name,town\nAnna,Rome\n", "No column holds numbers"),
        ("damaged.xlsx", b"PK\x03\x04 no workbook", "damaged or incomplete"),
    ],
)
def test_a_csv_that_cannot_be_used_says_how_to_mend_it(open_page: Open, name: str, content: bytes, words: str) -> None:
    """Binary, words alone or damaged: a sentence, never a traceback."""
    page = open_page("/inspector?source=numbers")
    opened_by(page.locator(".st-key-inspector-field-Sequence").get_by_role("button").first)
    file: Any = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator(".st-key-inspector-csv input[type=file]").set_input_files(file)
    expect(page.get_by_test_id("stAlert").first).to_contain_text(words)
    expect(page.get_by_test_id("stException")).to_have_count(0)


def test_a_csv_of_50_megabytes_is_refused_before_it_is_sent(open_page: Open, tmp_path: Path) -> None:
    """The limit is named and the page goes on."""
    large = tmp_path / "large.csv"
    large.write_bytes(b"1,2\n" * 12_500_000)
    page = open_page("/inspector?source=numbers")
    opened_by(page.locator(".st-key-inspector-field-Sequence").get_by_role("button").first)
    page.locator(".st-key-inspector-csv input[type=file]").set_input_files(large)
    expect(page.locator(".st-key-inspector-csv")).to_contain_text("File must be 20.0MB or smaller")
    expect(page.locator(".figure .finding").first).to_be_visible()


def test_a_weight_typed_into_the_table_changes_the_network(open_page: Open, settled: Callable[[Page], None]) -> None:
    """The cell that was edited is the weight that the link names."""
    page = open_page("/inspector?H=2")
    before = page.locator(".figure .finding").first.text_content() or ""
    page.locator(".st-key-inspector-weights-open summary").click()
    grid = page.locator(".st-key-inspector-weights-open").get_by_test_id("stDataFrame")
    expect(grid).to_be_visible()
    settled(page)
    editor = edit_cell(grid, column=1, row=0)
    editor.fill("0.9")
    editor.press("Enter")
    expect(page).to_have_url(re.compile(r"w=rnn\.W_h\.0\.0(=|%3D)0\.9"))
    expect(page.locator(".figure .finding").first).not_to_have_text(before)


def test_equations_stand_beside_their_code(open_page: Open) -> None:
    """Each equation of the shown cell has its tagged line of source."""
    page = open_page("/inspector?cell=lstm")
    section = page.locator(".st-key-inspector-equations-open")
    section.locator("summary").click()
    expect(section.locator("code").first).to_be_visible()
    rested(page)
    expect(section.locator(".katex-display")).to_have_count(section.get_by_test_id("stCode").count())
    expect(section).to_contain_text("B12")
