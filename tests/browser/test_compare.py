"""The comparison in a real browser: starts, sliders, links to measurements, the choice, a run, both themes, a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from dashboard.lessons.compare import compute as compare_runs
from dashboard.lessons.compare import view
from dashboard.lessons.compare.advice import advise
from dashboard.lessons.compare.settings import CompareSettings

Open = Callable[[str], Page]


def figure(page: Page, name: str) -> Locator:
    """One of the page's figures."""
    return page.locator(f".st-key-figure_{name} .figure")


def choose(page: Page, name: str, value: str) -> None:
    """Press one value of a choice."""
    page.locator(f".st-key-compare-{name}").get_by_role("radio", name=value, exact=True).click()


def test_another_start_turns_verdicts_round(open_page: Open) -> None:
    """The table answers at once, and the charts below and the link follow."""
    page = open_page("/compare")
    memory = figure(page, "compare").get_by_role("row", name="Memory")
    expect(memory).to_contain_text("No difference")
    choose(page, "bias", "5")
    expect(memory).to_contain_text("Holds")
    page.wait_for_url(re.compile("lstm=5"))
    settings = CompareSettings(bias="5")
    expect(figure(page, "compare-tasks").locator(".finding")).to_have_text(
        view.tasks_finding(compare_runs.chosen_tasks(settings))
    )


def test_slider_counts_again(open_page: Open) -> None:
    """One unit more by the keyboard: the counter has the formula's numbers, and so has the table above."""
    page = open_page("/compare?H=9&D=5&O=3")
    slider = page.locator(".st-key-compare-H").get_by_role("slider")
    slider.press("ArrowRight")
    counted = compare_runs.counted(CompareSettings(H=10, D=5, O=3))
    expect(figure(page, "compare-counter").locator(".finding")).to_have_text(view.counter_finding(counted))
    expect(figure(page, "compare").get_by_role("row", name="Parameters")).to_contain_text(f"{counted.total['lstm']:,}")
    page.wait_for_url(re.compile("H=10"))


def test_number_leads_to_how_it_was_measured(open_page: Open) -> None:
    """A link of the table brings its part of the page to the top and takes the focus there, address unchanged."""
    page = open_page("/compare?lstm=3")
    link = figure(page, "compare").get_by_role("link", name="How measured: Training speed")
    before = page.url
    link.press("Enter")
    heading = page.locator("#time")
    expect(heading).to_be_focused()
    page.wait_for_function("() => Math.abs(document.querySelector('#time').getBoundingClientRect().top) < 120")
    assert page.url == before


def test_choice_gives_its_advice(open_page: Open) -> None:
    """Three answers, and the two sentences that the stored measurements give."""
    page = open_page("/compare?far=100")
    shown = page.locator(".st-key-finding-advice")
    expect(shown).to_have_text(advise("100", "keep", "nothing", compare_runs.evidence("100")).sentences[0])
    choose(page, "kind", "Calculate")
    expect(shown).to_have_text(advise("100", "combine", "nothing", compare_runs.evidence("100")).sentences[0])


def test_time_is_taken_here(open_page: Open) -> None:
    """The button times both cells and says where the numbers are from."""
    page = open_page("/compare")
    page.get_by_role("button", name="Measure it here, now").click()
    expect(page.get_by_role("button", name="Back to the stored times")).to_be_visible()
    expect(page.get_by_text("Measured here, just now")).to_be_visible()
    expect(figure(page, "compare").get_by_role("row", name="Training speed")).to_contain_text("Measured here")


def test_runs_are_made_here_and_stopped(open_page: Open) -> None:
    """A run shows its progress, can be stopped, and the stored results come back."""
    page = open_page("/compare?rnn=orthogonal&lstm=5")
    page.get_by_role("button", name="Run it again here").click()
    page.get_by_role("button", name="Stop", exact=True).click()
    page.get_by_role("button", name="Back to the stored results").click()
    expect(page.get_by_text("Computed beforehand")).to_be_visible()
