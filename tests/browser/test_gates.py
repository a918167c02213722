"""The lesson on gates at work in a real browser: search, units, sliders, both themes, a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Locator, Page, expect

from core.written import significant
from dashboard.lessons.gates import compute as gates_runs
from dashboard.lessons.gates import sentences as words
from dashboard.lessons.gates.settings import GatesSettings

Open = Callable[[str], Page]


def figure(page: Page, name: str = "gates") -> Locator:
    """One of the page's figures."""
    return page.locator(f".st-key-figure_{name} .figure")


def forget_gates(**changes: str | int) -> np.ndarray:
    """The forget gates of the run on the screen (T, H), as the figure has them."""
    run = gates_runs.run_of(GatesSettings(**changes))  # type: ignore[arg-type]
    return run.cell.f[:, 0].astype(np.float32)


def test_search_finds_the_steps_and_goes_there(open_page: Open) -> None:
    """As many steps as the run has, in any unit and in the chosen one; a press moves cursor and unit."""
    page = open_page("/gates")
    shown, f = figure(page), forget_gates()
    found = shown.locator(".search-step")
    expect(found).to_have_count(int((f < 0.3).any(axis=1).sum()))
    shown.get_by_label("Threshold").fill("0.4")
    steps = np.flatnonzero((f < 0.4).any(axis=1))
    expect(found).to_have_count(len(steps))
    expect(shown.locator(".search-count")).to_have_text(f"f < 0.4 at {len(steps)} of {len(f)} steps:")
    k = int(steps[-1])
    found.last.click()
    expect(shown.locator(".step-name")).to_have_text(re.compile(f"^Step {k + 1}, "))
    expect(found.last).to_have_attribute("aria-current", "step")
    expect(shown.get_by_role("slider", name="Unit")).to_have_attribute("aria-valuenow", str(f[k].argmin() + 1))
    shown.get_by_label("Units", exact=True).select_option("one")
    expect(found).to_have_count(int((f[:, f[k].argmin()] < 0.4).sum()))
    shown.get_by_label("Comparison").select_option("above")
    expect(found).to_have_count(int((f[:, f[k].argmin()] > 0.4).sum()))
    shown.get_by_label("Quantity").select_option("c")
    expect(shown.locator(".search-count")).to_contain_text("c > 0.4 in unit")


def test_search_is_kept_and_follows_another_text(open_page: Open) -> None:
    """A change of the controls searches the new run by the same query."""
    page = open_page("/gates")
    shown = figure(page)
    shown.get_by_label("Threshold").fill("0.5")
    expect(shown.locator(".search-step")).to_have_count(int((forget_gates() < 0.5).any(axis=1).sum()))
    page.locator(".st-key-gates-second").get_by_text("still Krish", exact=True).click()
    expect(shown.locator(".finding")).to_contain_text("also")
    f = forget_gates(second="also")
    expect(shown.locator(".search-count")).to_have_text(f"f < 0.5 at {(f < 0.5).any(axis=1).sum()} of {len(f)} steps:")


def test_search_works_by_keyboard(open_page: Open) -> None:
    """Arrows in its fields leave the time cursor where it is; a step found is a button."""
    page = open_page("/gates?t=3")
    shown = figure(page)
    threshold = shown.get_by_label("Threshold")
    threshold.press("ArrowLeft")
    threshold.press("End")
    expect(shown.locator(".step-name")).to_have_text("Step 3, ‘pizza’")
    shown.locator(".search-step", has_text="Yann").press("Enter")
    expect(shown.locator(".step-name")).to_have_text("Step 9, ‘Yann’")
    page.wait_for_url(re.compile("t=9"))


def test_the_paths_follow_the_chosen_unit(open_page: Open) -> None:
    """Another unit draws its own direct path and its own parts, and the tables beside them have its numbers."""
    page = open_page("/gates?t=1")
    shown, run = figure(page), gates_runs.run_of(GatesSettings())
    units = shown.get_by_role("slider", name="Unit")
    sizes, parts = shown.locator(".row.chart").nth(-2), shown.locator(".row.chart").last
    direct = sizes.locator("tbody tr").first.locator("td")
    line = shown.locator(".chart-view").nth(-2).locator(".mark-line path").last
    bars = shown.locator(".chart-view").last.locator(".mark-rect path")
    units.press("Home")
    expect(direct).to_have_text(f"{10 ** run.paths.direct[1, 0]:#.3g}")
    for row, part in enumerate([*run.across[:, 0, 0], run.across[:, 0, 0].sum()]):
        expect(parts.locator("tbody tr").nth(row).locator("td").last).to_have_text(significant(part))
    expect(bars).to_have_count(3 * run.T)
    before, drawn = line.get_attribute("d"), bars.first.get_attribute("d")
    units.press("End")
    expect(direct).to_have_text(re.compile(f"^{10 ** run.paths.direct[1, 15]:#.3g}"[:4]))
    expect(line).not_to_have_attribute("d", before or "")
    expect(bars.first).not_to_have_attribute("d", drawn or "")
    expect(parts.locator("tbody tr").last.locator("td").first).to_have_text(significant(run.same[:, 0, 15].sum()))


def test_sliders_change_their_figures(open_page: Open) -> None:
    """A fresh bias, the measured bias and the factor on W_h each show their own run, and stand in the link."""
    page = open_page("/gates?network=fresh")
    page.locator(".st-key-gates-bias").get_by_role("slider").press("End")
    expect(figure(page).locator(".finding")).to_contain_text("forget bias 5")
    page.locator(".st-key-gates-held").get_by_role("slider").press("End")
    expect(figure(page, "gates-horizon").locator(".finding")).to_contain_text("σ(5) = 0.993")
    page.locator(".st-key-gates-gain").get_by_text("as drawn", exact=True).click()
    expected = words.left(float(gates_runs.exploding(1.0, 0).largest[0]))
    expect(figure(page, "gates-exploding").locator(".finding")).to_contain_text(f"shrunk to {expected} times")
    page.wait_for_url(re.compile("(?=.*bias=5)(?=.*held=5)(?=.*gain=1)"))


def test_no_accessibility_violation(open_page: Open, accessible: Callable[[Page], None]) -> None:
    """With steps found by the search the page passes every axe rule in both themes."""
    page = open_page("/gates?gap=10")
    shown = figure(page)
    shown.get_by_label("Threshold").fill("0.6")
    expect(shown.locator(".search-step").first).to_be_visible()
    expect(figure(page, "gates-exploding").locator(".chart-view svg")).to_be_visible()
    accessible(page)
