"""Lessons 1 and 2 in a real browser: the stepper, an opened entry, the band, predictions, a number that ripples."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.figure import number
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL
from tests.browser.conftest import rested

Open = Callable[[str], Page]
Wait = Callable[[Page], None]
LESSONS = ["/forward", "/bptt"]


def stage(page: Page) -> Locator:
    """The stage the stepper stands at."""
    return page.locator(".stepper .stage.now")


def block_sums(page: Page) -> Locator:
    """The gradients that are known, by step and unit."""
    return page.locator(".unrolled .block:not(.pending) .block-sum")


def states(page: Page) -> list[str]:
    """The states as drawn."""
    return page.locator(".unrolled .state-values span").all_text_contents()


def unfold(page: Page, title: str) -> None:
    """Open one line of "Go deeper"."""
    rested(page)
    line = page.locator('[class*="st-key-deeper-"] summary').get_by_text(title, exact=True)
    line.click()
    content = line.locator("xpath=ancestor::details[1]").get_by_test_id("stExpanderDetails")
    content.get_by_test_id("stElementContainer").first.wait_for()
    rested(page)


def drawn(page: Page) -> list[str]:
    """The states in the drawing that beats drive."""
    return page.locator(".net .state-values span").all_text_contents()


def test_the_forward_pass_is_stepped_and_played(open_page: Open) -> None:
    """Each stage shows one state more, by button, key and play; the last one ends in the loss."""
    page = open_page("/forward")
    unfold(page, "Every step with its matrices")
    page.locator(".unrolled").wait_for()
    small = network.small(SMALL)
    assert states(page)[:3] == [*(number(v) for v in small.trace.cell.h[1, 0]), "?"]
    page.get_by_role("button", name="Next: t = 2").click()
    expect(stage(page)).to_have_attribute("aria-label", "State, t = 2")
    assert states(page)[2:4] == [number(v) for v in small.trace.cell.h[2, 0]]
    stage(page).press("End")
    expect(stage(page)).to_have_attribute("aria-label", "Loss, L")
    expect(page.locator(".unrolled .output").nth(1)).to_contain_text(number(small.trace.loss or 0))
    stage(page).press("Home")
    page.locator(".step-buttons").get_by_role("button", name="Play").click()
    expect(stage(page)).to_have_attribute("aria-label", "Loss, L")
    assert "?" not in states(page)


def test_a_changed_number_ripples_through_the_figure(open_page: Open) -> None:
    """Moving the slider of one weight changes the states that `core` computes, and the address brings it back."""
    page = open_page("/forward?beat=6")
    unfold(page, "Your own number")
    page.get_by_role("slider", name="x_1[0]").press("ArrowRight")
    expected = network.small(network.with_value(SMALL, "x_1[0]", 1.05)).trace.cell.h
    expect(page.locator(".net .state-values span").first).to_have_text(number(float(expected[1, 0, 0])))
    assert drawn(page) == [number(v) for row in expected[1:, 0] for v in row]
    page.wait_for_url(re.compile("numbers="))
    page.reload()
    expect(page.locator(".net .state-values span").first).to_have_text(number(float(expected[1, 0, 0])))


def test_softmax_and_relu_redraw_output_and_states(open_page: Open) -> None:
    """The choices on the figure change function and output, with as many probabilities as classes."""
    page = open_page("/forward?beat=5")
    unfold(page, "Your own network")
    page.locator(".st-key-network-loss").get_by_text("Softmax").click()
    expect(page.locator(".net-output:visible").first).to_have_text(re.compile(r"(0\.\d+\s*){3}"))
    rested(page)
    page.locator(".st-key-network-activation").get_by_text("ReLU").click()
    expected = network.small(replace(SMALL, loss="softmax", activation="relu")).trace.cell.h
    expect(page.locator(".net .state-values span").nth(1)).to_have_text(number(float(expected[1, 0, 1])))


@pytest.mark.parametrize("path", LESSONS)
def test_all_numbers_can_be_changed_and_taken_back(open_page: Open, path: str) -> None:
    """The section of all numbers resizes the network and brings the lesson's own back."""
    page = open_page(path if path == "/forward" else f"{path}?beat=4")
    unfold(page, "All numbers")
    steps = page.locator(".net-stop")
    page.locator(".st-key-network-size-T").get_by_test_id("stNumberInputStepUp").click()
    expect(steps).to_have_count(5)
    rested(page)
    page.get_by_role("button", name="Back to the lesson's numbers").click()
    expect(steps).to_have_count(4)


def test_lessons_can_be_walked_with_reduced_motion(open_page: Open) -> None:
    """The way on leads from lesson to lesson, and the Inspector opens with the lesson's network."""
    page = open_page("/forward")
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("link", name="Next: Backpropagation through time").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Backpropagation through time")
    page.get_by_role("link", name="Open in the Inspector").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inspector")
    expect(page.locator(".figure .foot")).to_contain_text("3.5")


def test_the_inspector_opens_in_the_same_visit_with_what_is_shown(open_page: Open) -> None:
    """The figure's link follows a change; it leads there without loading the page anew, and the browser leads back."""
    page = open_page("/forward")
    unfold(page, "Your own network")
    page.locator(".st-key-network-activation").get_by_text("ReLU").click()
    link = page.get_by_role("link", name="Open in the Inspector")
    expect(link).to_have_attribute("href", re.compile(r"^inspector\?.*activation=relu"))
    page.evaluate("globalThis.same = true")
    link.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inspector")
    expect(page).to_have_url(re.compile(r"/inspector\?.*activation=relu"))
    assert page.evaluate("globalThis.same")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Forward pass")
    expect(link).to_be_visible()


MOST_MESSAGES = 15


@pytest.mark.parametrize("change", ["ReLU", "Softmax"])
def test_a_change_runs_one_part_and_no_more(page: Page, open_page: Open, settled: Wait, change: str) -> None:
    """The figure and its controls come in one run of at most 15 messages; no whole page follows."""
    received: list[int] = []
    page.once("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    open_page("/forward")
    expect(page.locator(".st-key-lesson-way")).to_be_visible()  # the end of the page: nothing more of it comes
    unfold(page, "Your own network")
    settled(page)
    received.clear()
    page.get_by_test_id("stButtonGroup").get_by_text(change, exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&](activation|loss)="))
    settled(page)
    assert 0 < len(received) <= MOST_MESSAGES


@pytest.mark.slow
@pytest.mark.few(1)
@pytest.mark.parametrize("path", LESSONS)
def test_the_first_change_leaves_the_page_where_it_was_scrolled_to(open_page: Open, settled: Wait, path: str) -> None:
    """Neither a choice on the figure, which asks an answered prediction anew, nor a number far below throws it up."""
    own = (
        f"{path}?{urlencode(network.with_value(SMALL, 'x_1[0]', -0.9).to_query(SMALL))}"  # no other test asks about it
    )
    page = open_page(own)
    page.locator("button.beat-option").first.click()
    expect(page.locator(".beat-reply")).to_be_visible()
    page = open_page(own)
    expect(page.locator(".st-key-lesson-way")).to_be_visible()  # the page is as high as it gets
    unfold(page, "Your own network")
    settled(page)
    main = page.get_by_test_id("stMain")
    watch = """(main, to) => {
      main.scrollTop = main.lowest = to;
      main.onscroll = () => { main.lowest = Math.min(main.lowest, main.scrollTop) };
    }"""
    main.evaluate(watch, 400)
    page.get_by_test_id("stButtonGroup").get_by_text("ReLU", exact=True).click()
    expect(page).to_have_url(re.compile("activation=relu"))
    settled(page)
    assert main.evaluate("main => main.lowest") == 400
    unfold(page, "All numbers")
    target = page.get_by_role("textbox", name="Target")
    expect(target).to_be_visible()
    settled(page)
    target.fill("0")
    main.evaluate(watch, main.evaluate("main => main.scrollTop"))
    before = main.evaluate("main => main.lowest")
    target.press("Enter")
    expect(page).to_have_url(re.compile("y=0"))
    settled(page)
    assert main.evaluate("main => main.lowest") >= before - 1


def test_going_back_shows_the_step_that_the_address_names(open_page: Open) -> None:
    """The figure of a page that history brings back stands where its address says."""
    page = open_page("/forward")
    page.get_by_role("button", name="Step 2", exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&]t=2"))
    page.get_by_test_id("stSidebarNav").get_by_text("Backprop through time").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Backpropagation through time")
    expect(page).to_have_url(re.compile("/bptt"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"/forward\?t=2"))
    expect(page.locator(".net-stop[aria-current]")).to_have_text("2")


@pytest.mark.slow
def test_a_question_is_about_the_network_on_the_screen(open_page: Open) -> None:
    """It is judged on the network shown, and asked anew once that is another one."""
    page = open_page(f"/forward?{urlencode(network.with_value(SMALL, 'x_1[0]', -0.8).to_query(SMALL))}")
    page.locator("button.beat-option").first.click()
    expect(page.locator(".beat-reply")).to_be_visible()
    unfold(page, "Your own network")
    page.locator(".st-key-network-activation").get_by_text("ReLU", exact=True).click()
    expect(page.locator("button.beat-option").first).to_be_visible()  # another network, another question
    rested(page)
    page.locator(".st-key-network-activation").get_by_text("tanh", exact=True).click()
    expect(page.locator(".beat-reply")).to_be_visible()  # the one before, and its answer is kept
