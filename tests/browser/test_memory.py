"""The lesson on long-term dependencies in a real browser: beats, fill-in, shaded words, a run begun, found, stopped."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from support import until
from windows import Window

from core.sentences import Language
from dashboard.lessons.memory import compute as memory_runs
from dashboard.lessons.memory.settings import MemorySettings

pytestmark = pytest.mark.slow

Open = Callable[[str], Page]
# The app as `unrolled` starts it, with less patience with a page that is gone and with processes that have no work.
IMPATIENT = """
from dashboard.kit.jobs.pool import Pool
from dashboard.launch import main

assert Pool.__init__.__kwdefaults__.keys() >= {"patience", "idle"}
Pool.__init__.__kwdefaults__.update(patience=15.0, idle=0.1)
main()
"""


def figure(page: Page, name: str) -> Locator:
    """One of the page's figures."""
    return page.locator(f".st-key-figure_{name} .figure")


def beat(page: Page, number: int) -> Locator:
    """The lesson's figure at a beat, its question open."""
    shown = figure(page, "memory")
    shown.locator(".beat-segment").nth(number - 1).click()
    expect(shown.locator(".beat-kind")).to_be_visible()  # asked or answered, by then it is drawn
    again = shown.get_by_role("button", name="Ask again")
    if again.count():
        again.click()
    return shown


def test_words_are_read_one_by_one(open_page: Open) -> None:
    """Three words stand at first; an answer reads two more; arrows and presses look at those that were read."""
    shown = beat(open_page("/memory?beat=1"), 1)
    drawing = shown.get_by_role("img", name=re.compile("^States with Krish"))
    expect(drawing).to_have_accessible_name(re.compile("after “to”"))
    expect(shown.get_by_role("button", name="Read up to word 4")).to_have_attribute("aria-disabled", "true")
    shown.get_by_role("button", name="stay as it is").click()
    expect(shown.locator(".beat-reply")).to_contain_text("computed anew")
    expect(drawing).to_have_accessible_name(re.compile("after “pizza”"))
    shown.get_by_role("button", name="Play").press("ArrowLeft")
    expect(shown.locator(".on-pill")).to_have_text("eat")
    shown.get_by_role("button", name="Lena").click()
    expect(drawing).to_have_accessible_name(re.compile("with Krish and with Lena"))


def test_what_a_question_asks_for_is_not_in_the_page_before(open_page: Open) -> None:
    """The trained RNN's row, the best pair and the longer gaps stand as "?" until the question is answered."""
    page = open_page("/memory?beat=4")
    for number, hidden in ((4, ".kp-key .unknown"), (5, ".kp-counts td >> text=?"), (6, ".kp-bar.unknown")):
        shown = beat(page, number)
        expect(shown.locator(hidden).first).to_be_visible()
        shown.get_by_role("button", name="Show me").click()
        expect(shown.locator(hidden)).to_have_count(0)


def test_more_words_in_between_shade_france_less(open_page: Open) -> None:
    """The choice is answered in the browser; the table has every word of the longer sentence."""
    shown = beat(open_page("/memory?beat=4"), 4)
    drawing = shown.get_by_role("img", name=re.compile("^How far a nudge of “France”"))
    expect(drawing).to_have_accessible_name(re.compile("word 5 of 17"))
    shown.get_by_role("group", name="Words in between").get_by_text("20", exact=True).click()
    expect(drawing).to_have_accessible_name(re.compile("word 5 of 29"))
    shown.get_by_text("Show as table").click()
    expect(shown.locator("table.numbers tbody tr")).to_have_count(29)


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
    expect(figure(page, "memory-read").locator(".reading-text").first).to_contain_text("moved")
    field = page.get_by_role("textbox", name="Your sentence")
    expect(field).to_have_attribute("placeholder", memory_runs.OWN["fresh"])
    field.fill("<b>Krish</b> eats *pizza* and smiles")
    field.press("Enter")
    shown = figure(page, "memory-read")
    lines = shown.locator(".reading-text")
    expect(lines).to_have_count(2)
    expect(lines.last).to_contain_text("smiles")
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


def test_the_spoken_count_is_the_beats_own(open_page: Open) -> None:
    """A beat on the short sentence says its own number of words, whatever the longest text of the lesson has."""
    page = open_page("/memory?beat=2")
    shown = beat(page, 2)
    shown.get_by_role("button", name="Play").press("ArrowLeft")
    expect(shown.locator(".live")).to_have_text("Step 4 of 7, eat")


def test_the_sentence_takes_over_the_fill_in_when_asked(open_page: Open) -> None:
    """A change of the fill-in leaves the shaded sentence as it says it is, until it is read as the fill-in stands."""
    page = open_page("/memory?gap=3&sentence=krish&weights=trained")
    read = figure(page, "memory-read")
    expect(read).to_contain_text("Read here: 3 words in between.")
    page.get_by_role("slider", name="Words in between").press("Home")
    expect(figure(page, "memory-fill").locator(".finding")).to_contain_text("With 0 words in between")
    expect(read).to_contain_text("Read here: 3 words in between.")
    page.get_by_role("button", name="As they stand now").click()
    expect(read).to_contain_text("Read here: 0 words in between.")


def test_run_shows_points_as_they_come_and_stops(open_page: Open) -> None:
    """A run's first results are drawn, a reload finds it, Stop leaves what there is; what was not run stands as "?"."""
    page = open_page("/memory?lstm=bias0")
    page.get_by_role("button", name="Run it again here").click()
    status = page.locator(".st-key-memory-runs")
    expect(status).to_contain_text(re.compile(r"[1-9]\d* of 50 runs done, \d+ s"))
    expect(figure(page, "memory-gaps").locator(".finding")).to_contain_text("so far")
    expect(figure(page, "memory-gaps").locator("tbody tr")).to_have_count(10)
    page.wait_for_url(re.compile("run="))
    page.reload()
    expect(status).to_contain_text(re.compile(r"[1-9]\d* of 50 runs done, \d+ s"))
    expect(figure(page, "memory-gaps").locator("tbody tr").last).to_contain_text("?")
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop", exact=True).click()
    expect(status).to_contain_text("Stopped:")
    page.get_by_role("button", name="Back to the stored results").click()
    expect(figure(page, "memory-gaps").locator("tbody tr")).to_have_count(12)
    expect(status).to_contain_text("Computed beforehand")


@pytest.mark.deep
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
