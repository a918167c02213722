"""The lesson on gradient flow in a real browser: cards, cursor, clipping lab, both themes, a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from core.written import power_of_ten
from dashboard.lessons.gradients import clipping as gradients_clipping
from dashboard.lessons.gradients import compute as gradients_runs
from dashboard.lessons.gradients.figure import number
from dashboard.lessons.gradients.settings import PRESETS, FlowSettings

Open = Callable[[str], Page]


def figure(page: Page, name: str) -> Locator:
    """One of the page's figures."""
    return page.locator(f".st-key-figure_{name} .figure")


def card(page: Page, name: str) -> Locator:
    """One of the preset cards."""
    return page.get_by_role("radio", name=re.compile(f"^{re.escape(PRESETS[name].title)} ?spectral radius"))


def left(**changes: Any) -> str:
    """What tanh leaves at step 1, as the page writes it."""
    return power_of_ten(gradients_runs.flow_run(FlowSettings(**changes)).flows["tanh"].left)


def test_cards_choose_by_click_and_by_keyboard(open_page: Open) -> None:
    """A card picked shows its network; arrows move choice and focus, and the link follows."""
    page = open_page("/gradients?T=20")
    finding = figure(page, "gradients").locator(".finding")
    expect(card(page, "vanishing")).to_be_checked()
    expect(finding).to_contain_text(left(T=20))
    card(page, "exploding").click()
    expect(finding).to_contain_text(left(T=20, preset="exploding"))
    expect(card(page, "exploding")).to_be_checked()
    page.wait_for_url(re.compile("preset=exploding"))
    card(page, "exploding").press("ArrowRight")
    expect(finding).to_contain_text(left(T=20, preset="grows"))
    expect(card(page, "grows")).to_be_checked()
    expect(card(page, "grows")).to_be_focused()
    expect(page.get_by_role("radio", name=re.compile("spectral radius"))).to_have_count(len(PRESETS))


def test_cursor_moves_every_value(open_page: Open) -> None:
    """Keys choose the step in the browser; the values beside the panels are those of the run at that step."""
    page = open_page("/gradients?T=20&t=8")
    run = gradients_runs.flow_run(FlowSettings(T=20))
    shown = figure(page, "gradients")
    values = shown.locator(".row.titled").first.locator("tbody tr").first.locator("td")
    expect(shown.locator(".step-name")).to_have_text("Step 8, 12 steps back")
    expect(values.last).to_have_text(power_of_ten(float(run.flows["tanh"].product[0])))
    slider = shown.get_by_role("slider", name="Step")
    slider.press("Home")
    expect(shown.locator(".step-name")).to_have_text("Step 1, 19 steps back")
    expect(values.first).to_have_text(re.compile(power_of_ten(float(run.flows["tanh"].product[0]))[:3]))
    slider.press("End")
    expect(shown.locator(".step-name")).to_have_text("Step 20, the last one")
    expect(values.first).to_have_text("1.00")
    shown.get_by_role("button", name="Play backward").click()
    expect(shown.locator(".step-name")).not_to_have_text("Step 20, the last one")


def test_clipping_follows_its_limits(open_page: Open) -> None:
    """Another limit and another case show that gradient's lengths, and where the steps land at the cliff."""
    page = open_page("/gradients?T=20&case=vanishing")
    rows = figure(page, "gradients-clipping").locator("tbody tr")
    limit = page.get_by_role("spinbutton", name="Clip the norm to")
    limit.fill("0.25")
    limit.press("Enter")
    page.locator(".st-key-gradients-case").get_by_text("At a cliff", exact=True).click()
    steps = gradients_clipping.case(FlowSettings(T=20, case="cliff", max_norm=0.25)).steps
    for row, step in zip((0, 1, 2), steps, strict=True):
        expect(rows.nth(row).locator("td").first).to_have_text(number(step.length))
    expect(figure(page, "gradients-landing").locator(".chart-view svg")).to_be_visible()
    expect(figure(page, "gradients-plane").get_by_role("img")).to_have_accessible_name(re.compile("by norm 0.25"))
