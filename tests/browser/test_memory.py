"""The lesson on long-term dependencies in a real browser: fill-in, shaded words, a run begun and stopped, a phone."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect
from support import until
from windows import Window

from core.sentences import Language
from dashboard.lessons.memory import compute as memory_runs
from dashboard.lessons.memory.settings import MemorySettings

Open = Callable[[str], Page]
# The app as `unrolled` starts it, with less patience with a page that is gone and with processes that have no work.
IMPATIENT = """
from dashboard.kit.jobs.pool import Pool
from dashboard.launch import main
assert Pool.__init__.__kwdefaults__.keys() >= {"patience", "idle"}
Pool.__init__.__kwdefaults__.update(patience=4.0, idle=0.1)
main()
"""


def figure(page: Page, name: str) -> Locator:
    """One of the page's figures."""
    return page.locator(f".st-key-figure_{name} .figure")


def test_filler_and_country_change_the_answer(open_page: Open) -> None:
    """The slider and the choice of the start are answered with that network's words, and the link follows."""
    page = open_page("/memory?country=Italy")
    finding = figure(page, "memory-fill").locator(".finding")
    expect(finding).to_contain_text("With 20 words in between")
    slider = page.get_by_role("slider", name="Words in between")
    slider.press("Home")
    expect(finding).to_contain_text("With 0 words in between")
    page.wait_for_url(re.compile("gap=0"))
    expect(finding).to_contain_text("the RNN cannot tell Italian from Turkish")
    page.locator(".st-key-memory-start").get_by_text("Orthogonal").click()
    expect(finding).to_contain_text("the RNN says Italian")
    expect(figure(page, "memory-fill").locator("tbody tr")).to_have_count(len(Language.classes))


def test_own_sentence_is_shaded_and_shares_the_cursor(open_page: Open) -> None:
    """A typed sentence is read literally; a word pressed moves both lines and the values beside the chart."""
    page = open_page("/memory?sentence=own")
    expect(page.get_by_text("There is no sentence yet")).to_be_visible()
    field = page.get_by_role("textbox", name="Your sentence")
    field.fill("<b>Krish</b> eats *pizza* and smiles")
    field.press("Enter")
    shown = figure(page, "memory-read")
    lines = shown.locator(".reading-text")
    expect(lines).to_have_count(2)
    words = memory_runs.reading(MemorySettings(sentence="own", text="<b>Krish</b> eats *pizza* and smiles")).words
    assert lines.first.locator(".token").all_text_contents() == list(words)
    expect(shown.locator(".reading-text b")).to_have_count(0)
    lines.last.locator(".reading-word").nth(2).click()
    expect(shown.locator(".reading-word.chosen")).to_have_count(2)
    for line in (lines.first, lines.last):
        expect(line.locator(".reading-word").nth(2)).to_have_class(re.compile("chosen"))
    expect(shown.get_by_role("slider", name="Step")).to_have_attribute("aria-valuenow", "3")
    shown.get_by_role("slider", name="Step").press("End")
    expect(lines.first.locator(".reading-word").last).to_have_class(re.compile("chosen"))


def test_run_shows_points_as_they_come_and_stops(open_page: Open) -> None:
    """A run started here draws its first results, and Stop leaves what there is; the stored ones come back."""
    page = open_page("/memory?lstm=bias0")
    page.get_by_role("button", name="Run it again here").click()
    status = page.locator(".st-key-memory-runs")
    expect(status).to_contain_text(re.compile(r"[1-9]\d* of 50 runs done, \d+ s"))
    expect(page.locator(".st-key-finding-gaps")).to_contain_text("so far")
    expect(figure(page, "memory-gaps").locator("tbody tr")).to_have_count(10)
    page.get_by_role("button", name="Stop").click()
    expect(status).to_contain_text("Stopped:")
    page.get_by_role("button", name="Back to the stored results").click()
    expect(figure(page, "memory-gaps").locator("tbody tr")).to_have_count(12)
    expect(status).to_contain_text("Computed beforehand")


def test_closed_page_leaves_no_process(start_server: Callable[..., Any], windows: Callable[[bool], Window]) -> None:
    """Nobody says goodbye when a page is closed in the middle of a run; its processes end all the same."""
    server, window = start_server((sys.executable, "-c", IMPATIENT)), windows(False)
    with window.watched():
        page = window.page(server.url)
        page.goto(f"{server.url}/memory?lstm=bias5")
        page.get_by_role("button", name="Run it again here").click()
        expect(page.locator(".st-key-memory-runs")).to_contain_text("runs done")
        assert children(server.process.pid)
        page.close()
        until(lambda: not children(server.process.pid))


def children(pid: int) -> list[str]:
    """The processes that a process has started and that still run."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return [one for one, parent in map(str.split, listed.splitlines()) if parent == str(pid)]
