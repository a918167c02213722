"""Lessons made of beats, in a real browser: where the figure stands, how one goes on, what is asked and kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL
from dashboard.kit.rooms import DASHBOARD
from quiz.lessons import LESSONS, folder

Open = Callable[[str], Page]
Wait = Callable[[Page], None]
OF_BEATS = [name for name in LESSONS if (DASHBOARD / "lessons" / folder(name) / "beats.py").is_file()]
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
MOST = {"laptop": (320, 360, 1700), "phone": (430, 430, 2600)}
"""Px from the top of the page to the figure's bar and to its drawing, and of the whole page with its folds closed."""
PLACES = """() => {
  const roots = [...document.querySelectorAll('*')].map(node => node.shadowRoot).filter(Boolean);
  const root = roots.find(each => each.querySelector('.beat-strip'));
  const main = document.querySelector('[data-testid=stMain]');
  const top = name => root.querySelector(name).getBoundingClientRect().top + main.scrollTop;
  return [top('.beat-bar'), top('.beat-drawing'), main.scrollHeight];
}"""

STILL = "node => node.getAnimations().every(each => each.effect.getKeyframes()[0].transform.includes('(0px, 0px)'))"
"""Whether a token stands where it goes to from the beginning."""


def own(value: float) -> str:
    """A query with a network of a test's own, about which nothing was answered before."""
    return urlencode(network.with_value(SMALL, "x_1[0]", value).to_query())


def beats(page: Page) -> Locator:
    """The strip of beats, a button each, once it is drawn."""
    found = page.locator(".beat-segment")
    found.first.wait_for()
    return found


def title(page: Page) -> Locator:
    """The title of the beat on the screen."""
    return page.locator(".beat-title")


# First: the next test has all answers shown, and not every lesson asks anew for another network.
@pytest.mark.few(2)
@pytest.mark.parametrize("name", OF_BEATS)
def test_a_wrong_answer_is_replied_to_and_kept(open_page: Open, settled: Wait, name: str) -> None:
    """One press commits; the reply names the right answer; a reload finds it answered."""
    page = open_page(f"/{name}?{own(1.1)}")
    for k in range(beats(page).count()):
        beats(page).nth(k).click()
        options = page.locator("button.beat-option")
        if options.count() > 1:
            break
    asked = page.locator(".beat-prompt").inner_text()
    answers = []
    for k in range(options.count()):
        answers.append(options.nth(k).inner_text())
    options.first.click()
    verdict = page.locator(".beat-kind")
    expect(verdict).to_contain_text(re.compile("Yes|You said"))
    said, reply = verdict.inner_text(), page.locator(".beat-reply").inner_text()
    assert any(answer in said for answer in answers)
    assert reply
    settled(page)  # the server has it
    page.reload()
    expect(page.locator(".beat-prompt")).to_have_text(asked)
    expect(verdict).to_have_text(said)
    expect(page.locator(".beat-reply")).to_have_text(reply)


@pytest.mark.few(2)
@pytest.mark.parametrize(
    ("viewport", "where"), [pytest.param(LAPTOP, "laptop", id="laptop"), pytest.param(PHONE, "phone", id="phone")]
)
@pytest.mark.parametrize("name", OF_BEATS)
def test_the_figure_comes_first_and_stays_where_it_is(open_page: Open, settled: Wait, name: str, where: str) -> None:
    """At every beat, asked and answered, bar and drawing stand high on the page and the page is short."""
    page = open_page(f"/{name}")
    bar, drawing, height = MOST[where]
    tops: list[Any] = []
    for k in range(beats(page).count()):
        beats(page).nth(k).click()
        settled(page)
        tops.append(page.evaluate(PLACES))
        if (show := page.get_by_role("button", name="Show me")).count():
            show.click()
            settled(page)
            tops.append(page.evaluate(PLACES))
    for found in tops:
        assert found[0] <= bar
        assert found[1] <= drawing
        assert found[2] <= height
    if where == "laptop":
        assert max(top for top, *_ in tops) - min(top for top, *_ in tops) < 1


@pytest.mark.few(2)
@pytest.mark.parametrize("name", OF_BEATS)
def test_beats_are_reached_by_button_key_and_link(open_page: Open, name: str) -> None:
    """Next and n go on, Back and p go back, a link opens its beat, and the address names the one on the screen."""
    page = open_page(f"/{name}?beat=2")
    second = title(page).inner_text()
    page.get_by_role("button", name=re.compile("^Next")).first.click()
    expect(title(page)).not_to_have_text(second)
    page.wait_for_url(re.compile("beat=3"))
    page.keyboard.press("p")
    expect(title(page)).to_have_text(second)
    page.keyboard.press("n")
    page.keyboard.press("n")
    expect(page.locator(".beat-count").first).to_have_text(re.compile("^4 of"))
    page.reload()
    expect(page.locator(".beat-count").first).to_have_text(re.compile("^4 of"))
    page.get_by_role("button", name="Back", exact=True).click()
    expect(page.locator(".beat-segment[aria-current]")).to_have_attribute("aria-label", re.compile("^Beat 3"))


def test_the_answer_is_not_on_the_screen_before_it_is_given(open_page: Open) -> None:
    """The forward pass hides the state asked for, and all that follows, until one commits or asks for it."""
    page = open_page(f"/forward?beat=1&{own(1.2)}")
    asked = page.locator(".net .state.now .state-values span")
    expect(asked.first).to_have_text("?")
    expect(page.locator(".net-sums .net-unknown")).to_have_count(4)
    page.get_by_role("button", name="Show me").click()
    expect(asked.first).not_to_have_text("?")
    expect(page.locator(".net-unknown")).to_have_count(0)


def test_one_step_is_played_and_stopped(open_page: Open) -> None:
    """Tokens travel while it plays; a press on pause leaves a whole step and no token behind."""
    page = open_page(f"/forward?beat=1&{own(1.3)}")
    page.get_by_role("button", name="Show me").click()
    page.get_by_role("button", name="½×").click()
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.locator(".net-token").first).to_be_visible()
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(page.locator(".net-token")).to_have_count(0)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()


def test_with_reduced_motion_the_same_states_come_in_steps(open_page: Open) -> None:
    """Nothing slides: tokens stand where they go to, and the run ends at the last state."""
    page = open_page(f"/forward?beat=1&{own(1.4)}")
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="Show me").click()
    page.get_by_role("button", name="Play", exact=True).click()
    token = page.locator(".net-token").first
    token.wait_for()
    assert token.evaluate(STILL)
    expect(page.locator(".net .state").last.locator(".state-values span").first).not_to_have_text("?")
    expect(page.locator(".time-pill.now")).to_contain_text("4")


def test_a_pressed_weight_lights_its_uses(open_page: Open) -> None:
    """Of W_h an entry, of W_x and W_y the knob: one number, all its uses."""
    page = open_page("/forward?beat=2&t=4")
    net = page.locator(".net")
    expect(net).to_have_class(re.compile("lit-W_h"))
    page.get_by_role("button", name=re.compile("^W_x, 4 uses")).click()
    expect(net).to_have_class(re.compile("lit-W_x"))
    page.get_by_role("button", name=re.compile("^W_h, row 0, column 1")).click()
    expect(net).to_have_class(re.compile("lit-W_h"))
    expect(page.locator(".net-vessel-name")).to_contain_text("−0.5")


def test_a_dragged_input_moves_the_states_after_it(open_page: Open) -> None:
    """The first input is dragged; each state's move is that which `core` computed, and there was no server run."""
    page = open_page(f"/forward?beat=3&{own(1.5)}")
    page.get_by_role("button", name="Show me").click()
    moved = page.locator(".net .state.moved")
    expect(moved).to_have_count(4)  # nudged, as the reply has it
    slider = page.get_by_role("slider", name=re.compile("first number of"))
    slider.press("ArrowLeft")
    expect(moved).to_have_count(0)
    slider.press("ArrowLeft")
    expect(moved).to_have_count(4)


def test_the_last_beat_leads_to_the_next_lesson(open_page: Open) -> None:
    """Next goes on where the beats end, and Back comes back to the beat that was left."""
    page = open_page("/forward?beat=6")
    page.get_by_role("button", name="Next lesson: Backpropagation through time").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Backpropagation through time")
    page.go_back()
    expect(page.locator(".beat-count").first).to_have_text("6 of 6")


def test_a_closed_answer_is_not_told_by_another_step(open_page: Open) -> None:
    """Going on to a later step, or opening a weight, gives away no state that is asked for."""
    page = open_page(f"/forward?beat=1&{own(1.7)}")
    page.get_by_role("button", name="Step 4", exact=True).click()
    expect(page.locator(".net-vessel")).to_contain_text("h4")
    assert "?" in page.locator(".net-sums .net-part.role-h").first.inner_text()
    page.get_by_role("button", name=re.compile("^W_h, row 0, column 0")).click()
    expect(page.locator(".net-under").last.locator("strong")).to_have_text("?")
