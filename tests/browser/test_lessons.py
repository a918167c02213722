"""Lessons 1 and 2 in a real browser: the stepper, an opened entry, the band, predictions, a number that ripples."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, expect

from core.decompose import truncation
from dashboard.figure import number
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL
from dashboard.lessons.bptt.compute import update

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


def guess(page: Page, name: str) -> Locator:
    """The block of one prediction."""
    return page.locator(f".st-key-guess-{name}")


def test_the_forward_pass_is_stepped_and_played(open_page: Open) -> None:
    """Each stage shows one state more, by button, key and play; the last one ends in the loss."""
    page = open_page("/forward")
    small = network.small(SMALL)
    assert states(page)[:3] == [*(number(v) for v in small.trace.cell.h[1, 0]), "?"]
    page.get_by_role("button", name="Next: t = 2").click()
    expect(stage(page)).to_have_attribute("aria-label", "State, t = 2")
    assert states(page)[2:4] == [number(v) for v in small.trace.cell.h[2, 0]]
    stage(page).press("End")
    expect(stage(page)).to_have_attribute("aria-label", "Loss, L")
    expect(page.locator(".unrolled .output").nth(1)).to_contain_text(number(small.trace.loss or 0))
    stage(page).press("Home")
    page.get_by_role("button", name="Play").click()
    expect(stage(page)).to_have_attribute("aria-label", "Loss, L")
    assert "?" not in states(page)


def test_a_changed_number_ripples_through_the_figure(open_page: Open) -> None:
    """Moving the slider of one weight changes the states that `core` computes, and the address brings it back."""
    page = open_page("/forward?t=4")
    page.get_by_role("slider", name="x_1[0]").press("ArrowRight")
    expected = network.small(network.with_value(SMALL, "x_1[0]", 1.05)).trace.cell.h
    expect(page.locator(".unrolled .state-values span").first).to_have_text(number(float(expected[1, 0, 0])))
    assert states(page) == [number(v) for row in expected[1:, 0] for v in row]
    page.wait_for_url(re.compile("numbers="))
    page.reload()
    expect(page.locator(".unrolled .state-values span").first).to_have_text(number(float(expected[1, 0, 0])))


def test_softmax_and_relu_redraw_output_and_states(open_page: Open) -> None:
    """The choices on the figure change function and output, with as many probabilities as classes."""
    page = open_page("/forward?t=6")
    page.locator(".st-key-network-loss").get_by_text("Softmax").click()
    expect(page.locator(".unrolled .output").first.locator("> span:not(.rich)")).to_have_count(3)
    page.locator(".st-key-network-activation").get_by_text("ReLU").click()
    expected = network.small(replace(SMALL, loss="softmax", activation="relu")).trace.cell.h
    expect(page.locator(".unrolled .state-values span").nth(1)).to_have_text(number(float(expected[1, 0, 1])))


def test_backpropagation_is_stepped_from_the_loss_to_the_update(open_page: Open) -> None:
    """No gradient before its stage; own loss and future at each; at the end all of them are `core`'s."""
    page = open_page("/bptt")
    small = network.small(SMALL)
    expect(stage(page)).to_have_attribute("aria-label", "2 Loss")
    expect(block_sums(page)).to_have_count(0)
    page.get_by_role("button", name="Next: output").click()
    expect(block_sums(page)).to_have_count(0)
    page.get_by_role("button", name="Next: t = 4").click()
    dh = small.backward.cell.dh[:, 0]
    expect(block_sums(page)).to_have_text([number(v) for v in dh[3]])
    expect(page.locator(".said.status .said-step.shown")).to_contain_text("its own loss alone")
    page.get_by_role("button", name="Next: t = 3").click()
    expect(page.locator(".said.status .said-step.shown")).to_contain_text("all future")
    stage(page).press("End")
    expect(block_sums(page)).to_have_text([number(v) for row in dh for v in row])
    expect(page.locator(".said.status .said-step.shown")).to_contain_text("The loss fell")
    assert "t=9" in page.url or page.wait_for_url(re.compile(r"t=9")) is None


def test_losses_at_every_step_send_their_own_part(open_page: Open) -> None:
    """With a loss at every step the first of the two parts is not zero, and targets alternate."""
    page = open_page("/bptt?t=8")
    page.locator(".st-key-network-readout").get_by_text("Every step").click()
    expected = network.small(network.with_readout(replace(SMALL, readout="every")))
    first = page.locator(".unrolled .block").first.locator(".block-part.own").first
    expect(first).to_have_text(number(float(expected.backward.dh_out[0, 0, 0])))
    expect(block_sums(page)).to_have_text([number(v) for row in expected.backward.cell.dh[:, 0] for v in row])


def test_an_entry_opens_into_its_terms_and_a_term_into_its_factors(open_page: Open) -> None:
    """A press on an entry shows the sum it is, tied to the code's gradient; a use in the diagram opens its term."""
    page = open_page("/bptt?t=9")
    small = network.small(SMALL)
    grad = small.backward.grads["W_h"]
    panel = page.locator(".entry-panel")
    panel.get_by_role("button", name="∂L/∂Wh[1,0]").click()
    expect(panel.locator(".entry-sum")).to_contain_text(f"{grad[1, 0]:.4f}".replace("-", "−"))
    expect(panel.locator(".entry-sum")).to_contain_text("✓")
    page.wait_for_url(re.compile(r"entry=W_h\.1\.0"))
    page.locator(".unrolled").get_by_role("button", name="W_x at step 2").click()
    expect(panel.locator("h2").first).to_contain_text("Wx")
    expect(panel.locator(".entry-chain")).to_contain_text("t=2")
    panel.get_by_role("button", name="The chapter's example").click()
    expect(panel.locator(".entry-chain")).to_contain_text("between")


def test_the_truncation_band_is_dragged_and_typed(open_page: Open) -> None:
    """A smaller window loses part of the gradient, as `core` measures it; pointer and arrow keys move it."""
    page = open_page("/bptt?t=9")
    band = page.locator(".entry-panel").get_by_role("slider")
    expect(band).to_have_attribute("aria-valuenow", "4")
    lost = page.locator(".entry-panel").get_by_text("lost", exact=True).locator("xpath=..")
    expect(lost).to_contain_text("0 %")
    band.press("ArrowRight")
    band.press("ArrowRight")
    expect(band).to_have_attribute("aria-valuenow", "2")
    page.wait_for_url(re.compile(r"window=2"))
    full = network.small(SMALL)
    cut = truncation(full.model, full.trace, full.backward, full.each)
    assert f"{100 * cut.relative['W_h'][1]:.3g}" in (lost.text_content() or "").replace("\u2009", "")
    box, mouse = band.bounding_box(), page.mouse
    assert box
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    mouse.move(box["x"] + 300, box["y"])
    mouse.up()
    expect(band).to_have_attribute("aria-valuenow", "1")
    band.press("End")
    expect(band).to_have_attribute("aria-valuenow", "4")


def test_a_wrong_prediction_is_named_and_a_right_one_confirmed(open_page: Open) -> None:
    """A committed guess is judged on the network on the screen, and is still there after a reload."""
    page = open_page("/bptt")
    block = guess(page, "bptt-state")
    block.get_by_text("zero", exact=True).click()
    block.get_by_role("button", name="Commit").click()
    expect(block).to_contain_text("You dropped the future path")
    page.reload()
    expect(guess(page, "bptt-state")).to_contain_text("You dropped the future path")
    other = guess(page, "bptt-weight")
    other.get_by_role("button", name="Make a prediction").click()
    grad = network.small(SMALL).backward.grads["W_h"]
    other.get_by_label("Your number").fill(f"{grad[0, 0]:.4f}")
    other.get_by_role("button", name="Commit").click()
    expect(other).to_contain_text("Yes")


def test_nudge_and_learning_rate_show_their_numbers(open_page: Open) -> None:
    """A nudge too small fails by rounding; a larger learning rate moves the marked loss."""
    page = open_page("/bptt")
    page.get_by_role("slider", name="Nudge").press("Home")
    expect(page.locator(".st-key-finding-nudge")).to_contain_text("rounding")
    page.get_by_role("slider", name="Learning rate").press("ArrowRight")
    expected = update(network.small(replace(SMALL, lr=0.55)))
    expect(page.locator(".st-key-finding-update")).to_contain_text(number(expected.after))


@pytest.mark.parametrize("path", LESSONS)
def test_all_numbers_can_be_changed_and_taken_back(open_page: Open, path: str) -> None:
    """The section of all numbers resizes the network and brings the lesson's own back."""
    page = open_page(path)
    page.get_by_text("All numbers").click()
    page.locator(".st-key-network-size-T").get_by_test_id("stNumberInputStepUp").click()
    expect(page.locator(".unrolled :is(.state, .more)")).to_have_count(5)
    page.get_by_role("button", name="Back to the lesson's numbers").click()
    expect(page.locator(".unrolled .state")).to_have_count(4)


def test_lessons_can_be_walked_with_reduced_motion(open_page: Open) -> None:
    """The way on leads from lesson to lesson, and the Inspector opens with the lesson's network."""
    page = open_page("/forward")
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("link", name="Next: Backpropagation through time").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Backpropagation through time")
    page.get_by_role("link", name="Open in the Inspector").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inspector")
    expect(page.locator(".figure .foot")).to_contain_text("0.221")


MOST_MESSAGES = 15


@pytest.mark.parametrize("change", ["ReLU", "Softmax"])
def test_a_change_runs_one_part_and_no_more(page: Page, open_page: Open, settled: Wait, change: str) -> None:
    """The figure and its controls come in one run of at most 15 messages; no whole page follows."""
    received: list[int] = []
    page.once("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    open_page("/forward")
    expect(page.locator(".st-key-lesson-way")).to_be_visible()  # the end of the page: nothing more of it comes
    settled(page)
    received.clear()
    page.get_by_test_id("stButtonGroup").get_by_text(change, exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&](activation|loss)="))
    settled(page)
    assert 0 < len(received) <= MOST_MESSAGES


@pytest.mark.parametrize("path", LESSONS)
def test_the_first_change_leaves_the_page_where_it_was_scrolled_to(open_page: Open, settled: Wait, path: str) -> None:
    """Neither a choice on the figure, which asks an answered prediction anew, nor a number far below throws it up."""
    own = (
        f"{path}?{urlencode(network.with_value(SMALL, 'x_1[0]', -0.9).to_query(SMALL))}"  # no other test asks about it
    )
    page = open_page(own)
    block = guess(page, f"{path[1:]}-state")
    if path == "/forward":
        block.get_by_role("button", name="Make a prediction").click()
    block.get_by_text("negative" if path == "/forward" else "zero", exact=True).click()
    block.get_by_role("button", name="Commit").click()
    expect(block.get_by_text(re.compile("^(✓ Yes|✕ No)"))).to_be_visible()
    page = open_page(own)
    expect(page.locator(".st-key-lesson-way")).to_be_visible()  # the page is as high as it gets
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
    page.get_by_text("All numbers").click()
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
    page.get_by_role("button", name="Next: t = 2").click()
    page.get_by_role("button", name="Next: t = 3").click()
    expect(page).to_have_url(re.compile(r"[?&]t=3"))
    page.get_by_test_id("stSidebarNav").get_by_text("Backprop through time").click()
    expect(page.locator(".unrolled")).to_be_visible()
    expect(page).to_have_url(re.compile("/bptt"))
    page.go_back()
    expect(page).to_have_url(re.compile(r"/forward\?t=3"))
    expect(stage(page)).to_have_attribute("aria-label", "State, t = 3")


def test_a_prediction_beside_the_figure_is_about_what_is_on_the_screen(open_page: Open, settled: Wait) -> None:
    """It waits until it is asked for, is judged on the network shown by then, follows it, and outlives a reload."""
    page = open_page("/forward")
    block = guess(page, "forward-state")
    expect(block).not_to_contain_text("What is the sign of")
    block.get_by_role("button", name="Make a prediction").click()
    expect(block).to_contain_text("What is the sign of")
    block.get_by_text("negative", exact=True).click()
    block.get_by_role("button", name="Commit").click()
    expect(block.get_by_text(re.compile("^(✓ Yes|✕ No)"))).to_be_visible()
    settled(page)
    open_page("/forward")
    expect(block.get_by_text(re.compile("^(✓ Yes|✕ No)"))).to_be_visible()
    page.get_by_test_id("stButtonGroup").get_by_text("ReLU", exact=True).click()
    expect(block.get_by_role("button", name="Commit")).to_be_visible()  # another network, another question
