"""The lesson on gradient flow in a real browser: beats, sliders, cursor, a link, the folds."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from core.written import power_of_ten, significant
from dashboard.lessons.gradients import clipping as gradients_clipping
from dashboard.lessons.gradients import compute as gradients_runs
from dashboard.lessons.gradients import grid
from dashboard.lessons.gradients.figure import number
from dashboard.lessons.gradients.grid import BOOKMARKS, Position
from dashboard.lessons.gradients.settings import FlowSettings

pytestmark = pytest.mark.slow

Open = Callable[[str], Page]
DRAWING = "What is left of the gradient"


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Any]) -> Any:
    """An app of its own, in which no question of the lesson has been answered."""
    return start_server((sys.executable, "-m", "dashboard.launch"))


def figure(page: Page, name: str) -> Locator:
    """One of the page's figures."""
    return page.locator(f".st-key-figure_{name} .figure")


def left(at: Position) -> re.Pattern[str]:
    """The name of the drawing of a network that is drawn whole."""
    return re.compile(rf"^{DRAWING}.*: {power_of_ten(float(grid.stored().at(at).line[0]), 2)} at h_0")


def drawing(page: Page) -> Locator:
    """The line."""
    return figure(page, "gradients").get_by_role("img", name=re.compile(f"^{DRAWING}"))


def test_sliders_move_the_line_in_the_browser(open_page: Open) -> None:
    """Arrows on a slider choose another network of core's; the verdict, the link and a reload follow."""
    page = open_page("/gradients?beat=3")
    shown = figure(page, "gradients")
    expect(shown.locator(".pr-verdict")).to_contain_text("Leaves the band at t = 10")
    radius = shown.get_by_role("slider", name="Spectral radius of W_h")
    radius.press("ArrowRight")
    expect(radius).to_have_attribute("aria-valuetext", "1.20")
    expect(shown.locator(".pr-verdict")).to_contain_text("Kept for all 50 steps")
    expect(drawing(page)).to_have_accessible_name(left(Position(1.2, 0.3)))
    page.wait_for_url(re.compile("network=1.2_0.3_tanh_orthogonal"))
    page.reload()
    expect(figure(page, "gradients").locator(".pr-verdict")).to_contain_text("Kept for all 50 steps")


def test_bookmarks_set_the_sliders(open_page: Open) -> None:
    """Each shows its own network, and the sliders stand where it is."""
    page = open_page("/gradients?beat=5")
    shown = figure(page, "gradients")
    for number_, (title, at) in enumerate(BOOKMARKS.items(), 1):
        button = shown.get_by_role("button", name=f"Bookmark {number_}: {title}")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        expect(drawing(page)).to_have_accessible_name(left(at))
        expect(shown.get_by_role("slider", name="Size of the inputs")).to_have_attribute(
            "aria-valuetext", f"{at.inputs:g}"
        )


def test_an_answer_walks_the_rest(open_page: Open) -> None:
    """Ten steps stand before it, fifty after it; the reply names the slip."""
    page = open_page("/gradients?beat=2")
    shown = figure(page, "gradients")
    expect(drawing(page)).to_have_accessible_name(re.compile("at h_40"))
    shown.get_by_role("button", name="10−2").click()
    expect(shown.locator(".beat-reply")).to_contain_text("You divided by 5")
    expect(drawing(page)).to_have_accessible_name(left(BOOKMARKS["Vanishing"]))


def test_keys_choose_the_step_and_the_beat(open_page: Open) -> None:
    """Arrows move the slot through both drawings; n and p turn the beats, and the keyboard is never lost."""
    page = open_page("/gradients?beat=3")
    shown = figure(page, "gradients")
    expect(shown.locator(".on-pill")).to_have_text("11 → 10")
    shown.get_by_role("button", name="tanh", exact=True).last.press("ArrowLeft")
    expect(shown.locator(".on-pill")).to_have_text("10 → 9")
    for title in (
        "Turn up the inputs: slopes die",
        "The radius is not everything",
        "Explode it",
        "Clip: what it mends",
    ):
        page.keyboard.press("n")
        expect(shown.locator(".beat-title")).to_have_text(title)
    page.keyboard.press("p")
    expect(shown.locator(".beat-title")).to_have_text("Explode it")


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, {"width": 760, "height": 900}])
def test_no_beat_moves_what_stands_below_its_drawing(open_page: Open) -> None:
    """The drawing takes the same height in every beat but the last two, which may be lower, never higher."""
    page = open_page("/gradients")
    shown = figure(page, "gradients")
    heights = []
    for beat in range(7):
        box = shown.locator(".pr").bounding_box()
        assert box is not None
        heights.append(box["height"])
        if beat < 6:
            shown.locator(".beat-ways .primary").click()
    assert max(heights[:5]) - min(heights[:5]) <= 40
    if page.viewport_size == {"width": 1280, "height": 900}:
        assert max(heights) - min(heights) <= 4


def test_clipping_follows_its_limits(open_page: Open) -> None:
    """Another limit and another case show that gradient's lengths, and where the steps land at the cliff."""
    page = open_page("/gradients?T=20&case=vanishing")
    rows = figure(page, "gradients-clipping").locator("tbody tr")
    limit = page.get_by_role("spinbutton", name="Clip the norm to")
    limit.fill("0.25")
    limit.press("Enter")
    page.wait_for_url(re.compile("norm=0.25"))
    page.locator(".st-key-gradients-case").get_by_text("At a cliff", exact=True).click()
    steps = gradients_clipping.case(FlowSettings(T=20, case="cliff", max_norm=0.25)).steps
    for row, step in zip((0, 1, 2), steps, strict=True):
        expect(rows.nth(row).locator("td").first).to_have_text(number(step.length))
    expect(figure(page, "gradients-clipping").locator(".chart-view svg")).to_be_visible()
    expect(figure(page, "gradients-clipping").get_by_role("img", name=re.compile("by norm 0.25"))).to_be_visible()


def test_other_networks_are_chosen_by_click_and_by_keyboard(open_page: Open) -> None:
    """In their fold, a card picked shows its network; arrows move choice and focus."""

    def kept(**changes: str) -> str:
        return power_of_ten(gradients_runs.flow_run(FlowSettings(T=20, **changes)).flows["tanh"].left)  # type: ignore[arg-type]

    page = open_page("/gradients?T=20")
    finding = figure(page, "gradients-others").locator(".finding")
    cards = page.get_by_role("radio", name=re.compile("spectral radius"))
    expect(cards).to_have_count(5)
    expect(finding).to_contain_text(kept())
    cards.nth(2).click()
    expect(finding).to_contain_text(kept(preset="exploding"))
    cards.nth(2).press("ArrowRight")
    expect(finding).to_contain_text(kept(preset="grows"))
    expect(cards.nth(3)).to_be_focused()
    page.wait_for_url(re.compile("preset=grows"))


def test_a_factor_is_told_where_the_pointer_is(open_page: Open) -> None:
    """By the bars of a step stands what the slope and the weights bring, and their product."""
    page = open_page("/gradients?T=10")
    shown = figure(page, "gradients-others")
    run = gradients_runs.flow_run(FlowSettings(T=10))
    found = run.flows["tanh"].factors
    assert found is not None
    slope, weight = float(found.activation[9]), float(found.weight[9])
    shown.locator("svg .mark-rect path").last.hover()
    told = page.locator(".st-key-figure_gradients-others .tooltip div")
    expect(told).to_have_text(["t 10", f"{significant(slope)} × {significant(weight)} = {significant(slope * weight)}"])
