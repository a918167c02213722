"""The comparison in a real browser: starts, sliders, links to measurements, the choice, a run, both themes, a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from dashboard.lessons.compare import compute as compare_runs
from dashboard.lessons.compare import view
from dashboard.lessons.compare.advice import advise
from dashboard.lessons.compare.settings import CompareSettings
from tests.browser.conftest import unfolded

pytestmark = pytest.mark.slow

Open = Callable[[str], Page]
Wait = Callable[[Page], None]
SCREENS: dict[str, ViewportSize] = {
    "laptop": {"width": 1280, "height": 800},
    "phone": {"width": 390, "height": 844},
}


def figure(page: Page, name: str) -> Locator:
    """One of the page's figures."""
    return page.locator(f".st-key-figure_{name} .figure")


def choose(page: Page, name: str, value: str) -> None:
    """Press one value of a choice."""
    page.locator(f".st-key-compare-{name}").get_by_role("radio", name=value, exact=True).click()


def unfold(page: Page, name: str) -> None:
    """Open one line of "Go deeper"."""
    unfolded(page, f"compare-{name}")


def test_another_start_turns_verdicts_round(open_page: Open) -> None:
    """The table answers at once, and so does the link; a fold that is opened then begins from these starts."""
    page = open_page("/compare")
    memory = figure(page, "compare").get_by_role("row", name="Memory")
    expect(memory).to_contain_text("No difference")
    choose(page, "bias", "5")
    expect(memory).to_contain_text("Holds")
    page.wait_for_url(re.compile("lstm=5"))
    unfold(page, "tasks")
    settings = CompareSettings(bias="5")
    expect(figure(page, "compare-tasks").locator(".finding")).to_contain_text(
        view.tasks_finding(compare_runs.chosen_tasks(settings))
    )


def test_slider_counts_again(open_page: Open) -> None:
    """One unit more by the keyboard: the counter has the formula's numbers, and the table those of its runs."""
    page = open_page("/compare?H=9&D=5&O=3")
    slider = page.locator(".st-key-compare-H").get_by_role("slider")
    slider.press("ArrowRight")
    counted = compare_runs.counted(CompareSettings(H=10, D=5, O=3))
    expect(figure(page, "compare-counter").locator(".finding")).to_have_text(view.counter_finding(counted))
    expect(figure(page, "compare").get_by_role("row", name="Parameters")).to_contain_text("3,652 with 24 units")
    page.wait_for_url(re.compile("H=10"))


@pytest.mark.parametrize("screen", ["laptop", "phone"])
def test_a_verdict_says_why_and_leads_to_how_it_was_measured(page: Page, open_page: Open, screen: str) -> None:
    """Its why stays open while a start changes; the link opens the fold, brings it up and takes the focus there."""
    page.set_viewport_size(SCREENS[screen])
    open_page("/compare?lstm=3")
    speed = figure(page, "compare").get_by_role("button", name="times as slow")
    expect(speed).to_have_attribute("aria-expanded", "false")
    speed.press("Enter")
    choose(page, "bias", "5")
    page.wait_for_url(re.compile("lstm=5"))
    link = figure(page, "compare").get_by_role("link", name="How measured: Training speed")
    before = page.url
    link.press("Enter")
    fold = page.locator(".st-key-deeper-compare-cost summary")
    expect(fold).to_be_focused()
    expect(page.get_by_text("Measure it here, now")).to_be_attached()
    assert page.url == before


@pytest.mark.parametrize(("screen", "height"), [("laptop", 1_700), ("phone", 2_600)])
def test_closed_the_lesson_is_two_screens(page: Page, open_page: Open, settled: Wait, screen: str, height: int) -> None:
    """The table stands on the first screen, and all below it is folded."""
    page.set_viewport_size(SCREENS[screen])
    open_page("/compare")
    expect(page.locator(".st-key-compare-ways-on")).to_be_visible()
    settled(page)
    assert page.locator(".comparison").evaluate("node => node.getBoundingClientRect().top") <= (
        360 if screen == "laptop" else 480
    )
    assert page.get_by_test_id("stMain").evaluate("node => node.scrollHeight") <= height


MOST_MESSAGES = 15


@pytest.mark.few(3)
@pytest.mark.parametrize(
    ("fold", "key", "value", "link"),
    [
        ("", "bias", "3", "lstm="),
        ("", "far", "50", "far="),
        ("", "kind", "Calculate", "kind="),
        ("tasks", "bias", "3", "lstm="),
        ("tasks", "runs_bias", "3", "runs-lstm="),
        ("reach", "fresh_bias", "3", "fresh-lstm="),
        ("cost", "same", "Parameters", "same="),
        ("cost", "paced", "Parameters", "paced="),
    ],
)
def test_a_change_runs_one_part_and_no_more(
    page: Page, open_page: Open, settled: Wait, fold: str, key: str, value: str, link: str
) -> None:
    """A start brings the table or its fold anew, an answer its advice, in one run of at most 15 messages."""
    received: list[int] = []
    page.once("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    open_page("/compare")
    expect(page.locator(".st-key-compare-ways-on")).to_be_visible()
    settled(page)
    if fold:
        unfold(page, fold)
        expect(page.locator(f".st-key-deeper-compare-{fold} .figure").first).to_be_visible()
        settled(page)
    received.clear()
    choose(page, key, value)
    page.wait_for_url(re.compile(link))
    settled(page)
    assert 0 < len(received) <= MOST_MESSAGES


def test_choice_gives_its_advice(open_page: Open) -> None:
    """Three answers, and the two sentences that the stored measurements give."""
    page = open_page("/compare?far=100")
    shown = page.locator(".st-key-compare-advice strong")
    expect(shown).to_have_text(advise("100", "keep", "nothing", compare_runs.evidence("100")).sentences[0])
    choose(page, "kind", "Calculate")
    expect(shown).to_have_text(advise("100", "combine", "nothing", compare_runs.evidence("100")).sentences[0])


def test_time_is_taken_here(open_page: Open) -> None:
    """The button times both cells and says where the numbers are from."""
    page = open_page("/compare")
    unfold(page, "cost")
    page.get_by_role("button", name="Measure it here, now").click()
    expect(page.get_by_role("button", name="Back to the stored times")).to_be_visible()
    expect(page.get_by_text("Measured here, just now")).to_be_visible()
    figure(page, "compare").get_by_role("button", name="times as slow").click()
    expect(figure(page, "compare").locator(".why:visible")).to_contain_text("Measured here")


def test_runs_are_made_here_found_again_and_stopped(open_page: Open) -> None:
    """A run shows its progress, goes on over a reload, can be stopped, and the stored results come back."""
    page = open_page("/compare?rnn=orthogonal&lstm=1")
    unfold(page, "tasks")
    page.get_by_role("button", name="Run it again here").click()
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop", exact=True).wait_for()
    page.wait_for_url(re.compile("run="))
    page.reload()
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Back to the stored results").click()
    expect(page.get_by_text("Computed beforehand")).to_be_visible()
    assert "run=" not in page.url
