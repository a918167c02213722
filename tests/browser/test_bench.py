"""The fair comparison in a real browser: another task, another size, and what the sentences say then."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from core.experiments.bench import stored
from dashboard.bench import compute, view
from dashboard.bench.settings import BenchSettings

Open = Callable[[str], Page]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


def test_another_task_has_its_own_runs_and_sentences(open_page: Open) -> None:
    """A choice moves grid, rules and sentences in one run, and the address brings it back."""
    page = open_page("/bench")
    page.get_by_test_id("stButtonGroup").get_by_text("Recall 100", exact=True).click()
    shown = BenchSettings(task="recall-100")
    rules = compute.stored_rules(shown.shown, shown.size)
    expect(page.locator(".st-key-finding-bench")).to_have_text(view.finding(shown, rules, stored()))
    expect(page.locator(".st-key-finding-ways")).to_have_text(view.separating(rules))
    expect(page).to_have_url(re.compile("task=recall-100"))
    page.reload()
    expect(page.locator(".st-key-finding-bench")).to_have_text(view.finding(shown, rules, stored()))


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_accessibility_violation(open_page: Open, accessible: Callable[[Page], None]) -> None:
    """The page passes every axe rule in both themes and fits its window."""
    page = open_page("/bench")
    expect(page.locator(".figure .chart-view svg").first).to_be_visible()
    accessible(page)
