"""The lesson on gates at work in a real browser: beats, parts, units, the folds with search and sliders, a phone."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from core.written import adding_up, significant
from dashboard.lessons.gates import compute as gates_runs
from dashboard.lessons.gates import drawing
from dashboard.lessons.gates import sentences as words
from dashboard.lessons.gates.drawing import SMALL, UNIT
from dashboard.lessons.gates.settings import GatesSettings
from tests.browser.conftest import unfolded

pytestmark = pytest.mark.slow

Open = Callable[[str], Page]


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Any]) -> Any:
    """An app of its own, in which no question of the lesson has been answered."""
    return start_server((sys.executable, "-m", "dashboard.launch"))


def figure(page: Page, name: str = "gates") -> Locator:
    """One of the page's figures."""
    return page.locator(f".st-key-figure_{name} .figure")


def others(open_page: Open, query: str = "") -> tuple[Page, Locator]:
    """The page with the fold on other networks open, and its figure."""
    page = open_page(f"/gates?{query}")
    fold(page, "others")
    return page, figure(page, "gates-others")


def fold(page: Page, name: str) -> Locator:
    """A line of "Go deeper", opened."""
    return unfolded(page, f"gates-{name}")


def parts(page: Page) -> Locator:
    """The values of the three parts, their sum, and what was measured."""
    return figure(page).locator(".gt-parts[role=group] .gt-value")


def unit_parts(t: int, unit: int = UNIT) -> list[str]:
    """What they are at a word."""
    same = drawing.trained(SMALL).same[:, t - 1, unit]
    return [*adding_up([float(part) for part in same], 2), f"{float(same.sum()):.2f}"]


def test_the_second_half_opens_with_the_answer(open_page: Open) -> None:
    """Eight words of three maps, then twenty; the reply says who lets go, and the answer stays over a reload."""
    page = open_page("/gates?beat=2")
    shown = figure(page)
    expect(shown.locator(".gt-cell")).to_have_count(3 * 4 * 8)
    shown.get_by_role("button", name="“we”").click()
    expect(shown.locator(".beat-reply")).to_contain_text("units 0 and 3 let go")
    expect(shown.locator(".gt-cell")).to_have_count(3 * 4 * 20)
    page.reload()
    expect(figure(page).locator(".gt-cell")).to_have_count(3 * 4 * 20)


def test_the_parts_add_up_and_can_be_switched_off(open_page: Open) -> None:
    """Only what nudging measures waits for the answer; one that is off is missing from the sum, and only there."""
    page = open_page("/gates?beat=4")
    shown = figure(page)
    expected = unit_parts(9)
    expect(parts(page)).to_have_text([*expected[:3], expected[0], "?"])
    shown.get_by_role("button", name="1.26", exact=True).click()
    expect(shown.locator(".beat-reply")).to_contain_text("the largest part")
    expect(parts(page)).to_have_text([*expected, expected[3]])
    shown.get_by_role("checkbox", name=re.compile("by.*later")).uncheck()
    same = drawing.trained(SMALL).same[:, 8, UNIT]
    expect(parts(page).nth(3)).to_have_text(f"{float(same[:2].sum()):.2f}")
    expect(parts(page).nth(4)).to_have_text(expected[3])
    shown.get_by_role("button", name="2", exact=True).click()
    expect(parts(page).nth(0)).to_have_text(unit_parts(9, 2)[0])


def test_a_row_of_a_map_is_followed_when_pressed(open_page: Open) -> None:
    """With the word under the pointer; arrows then move the word."""
    page = open_page("/gates?beat=1")
    shown = figure(page)
    cell = shown.locator(".gt-cell").nth(4 + 2)  # word 2, unit 2 of the forget gates
    box = cell.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(shown.get_by_role("button", name="2", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(shown.locator(".on-pill")).to_have_text("likes")
    shown.get_by_role("slider", name="Word").press("ArrowRight")
    expect(shown.locator(".on-pill")).to_have_text("pizza")


def test_play_walks_back_and_stops_where_the_question_stands(open_page: Open) -> None:
    """To the second name while the question is open."""
    page = open_page("/gates?beat=3")
    shown = figure(page)
    shown.get_by_role("button", name="Play").click()
    expect(shown.locator(".on-pill")).to_have_text("Yann")
    expect(parts(page).nth(0)).to_have_text(unit_parts(9)[0])
    shown.get_by_role("button", name="Show me").click()
    expect(shown.locator(".on-pill")).to_have_text("warm")
    expect(parts(page).nth(0)).to_have_text(unit_parts(8)[0])


def test_the_bias_is_dragged_as_far_as_is_open(open_page: Open) -> None:
    """Up to 2, then to 5; what was measured stands beside it."""
    page = open_page("/gates?beat=6")
    shown = figure(page)
    slider = shown.get_by_role("slider", name="Forget bias")
    slider.press("End")
    expect(slider).to_have_attribute("aria-valuetext", "2")
    shown.get_by_role("button", name="about 30").click()
    expect(slider).to_have_attribute("aria-valuetext", "5")
    expect(shown.locator(".gt-part .gt-value").nth(1)).to_have_text("147")


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, {"width": 760, "height": 900}])
def test_the_page_keeps_its_height_from_beat_to_beat(open_page: Open) -> None:
    """What stands below the figure stays where it is within a few lines."""
    page = open_page("/gates")
    shown = figure(page)
    tops = []
    for beat in range(7):
        box = page.locator(".st-key-deeper-gates-equations").bounding_box()
        assert box is not None
        tops.append(box["y"])
        if beat < 6:
            shown.locator(".beat-ways .primary").click()
    assert max(tops) - min(tops) <= 40


def forget_gates(**changes: str | int) -> np.ndarray:
    """The forget gates of the run on the screen (T, H), as the figure has them."""
    run = gates_runs.run_of(GatesSettings(**changes))  # type: ignore[arg-type]
    return run.cell.f[:, 0].astype(np.float32)


def test_search_finds_the_steps_and_goes_there(open_page: Open) -> None:
    """As many steps as the run has, in any unit and in the chosen one; a press moves cursor and unit."""
    _, shown = others(open_page)
    f = forget_gates()
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
    expect(shown.get_by_role("slider", name="Unit")).to_have_attribute("aria-valuenow", str(f[k].argmin()))
    shown.get_by_label("Units", exact=True).select_option("one")
    expect(found).to_have_count(int((f[:, f[k].argmin()] < 0.4).sum()))
    shown.get_by_label("Comparison").select_option("above")
    expect(found).to_have_count(int((f[:, f[k].argmin()] > 0.4).sum()))
    shown.get_by_label("Quantity").select_option("c")
    expect(shown.locator(".search-count")).to_contain_text("c > 0.4 in unit")


def test_search_is_kept_and_follows_another_text(open_page: Open) -> None:
    """A change of the controls searches the new run by the same query."""
    page, shown = others(open_page)
    shown.get_by_label("Threshold").fill("0.5")
    expect(shown.locator(".search-step")).to_have_count(int((forget_gates() < 0.5).any(axis=1).sum()))
    page.locator(".st-key-gates-second").get_by_text("still Krish", exact=True).click()
    expect(shown.locator(".finding")).to_contain_text("also")
    f = forget_gates(second="also")
    expect(shown.locator(".search-count")).to_have_text(f"f < 0.5 at {(f < 0.5).any(axis=1).sum()} of {len(f)} steps:")


def test_search_works_by_keyboard(open_page: Open) -> None:
    """Arrows in its fields leave the time cursor where it is; a step found is a button."""
    _, shown = others(open_page)
    threshold = shown.get_by_label("Threshold")
    threshold.press("ArrowLeft")
    threshold.press("End")
    expect(shown.locator(".step-name")).to_have_text("Step 9, ‘Yann’")
    shown.locator(".search-step", has_text="Krish").press("Enter")
    expect(shown.locator(".step-name")).to_have_text("Step 1, ‘Krish’")
    threshold.fill("")
    expect(shown.locator(".search-step")).to_have_count(0)
    threshold.press("Tab")
    expect(threshold).to_have_value("0.3")


def test_the_paths_follow_the_chosen_unit(open_page: Open) -> None:
    """Another unit draws its own direct path and its own parts, and the tables beside them have its numbers."""
    _, shown = others(open_page)
    run = gates_runs.run_of(GatesSettings())
    shown.locator(".search-step", has_text="Krish").click()
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


def test_sliders_change_their_figures(open_page: Open, settled: Callable[[Page], None]) -> None:
    """A fresh bias, the measured bias and the factor on W_h each show their own run, and stand in the link."""
    page = open_page("/gates?network=fresh&held=1.1&gain=4")
    page.locator(".st-key-gates-bias").get_by_role("slider").press("End")
    expect(figure(page, "gates-others").locator(".finding")).to_contain_text("forget bias 5")
    page.locator(".st-key-gates-held").get_by_role("slider").press("End")
    expect(figure(page, "gates-horizon").locator(".finding")).to_contain_text("σ(5) = 0.993")
    page.wait_for_url(re.compile("held=5"))
    settled(page)  # the sentences of a horizon move what stands below them
    page.locator(".st-key-gates-gain").get_by_text("as drawn", exact=True).click()
    expected = words.left(float(gates_runs.exploding(1.0, 0).largest[0]))
    expect(figure(page, "gates-exploding").locator(".finding")).to_contain_text(f"shrunk to {expected} times")
    page.wait_for_url(re.compile("(?=.*weights=fresh)(?=.*bias=5)(?=.*held=5)(?=.*gain=1)"))


def test_no_accessibility_violation(open_page: Open, accessible: Callable[[Page], None]) -> None:
    """With steps found by the search the page passes every axe rule in both themes."""
    page = open_page("/gates?gap=10&gain=4")
    shown = figure(page, "gates-others")
    shown.get_by_label("Threshold").fill("0.6")
    expect(shown.locator(".search-step").first).to_be_visible()
    expect(figure(page, "gates-exploding").locator(".chart-view svg")).to_be_visible()
    accessible(page)
