"""The fair comparison in a real browser: another task, another size, and what the sentences say then."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from core.experiments.bench import stored
from dashboard.bench import compute, view
from dashboard.bench.settings import BenchSettings

Open = Callable[[str], Page]


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
