"""The folds of backpropagation through time in a real browser: entries, truncation, stages, predictions, numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from core.decompose import truncation
from dashboard.figure import number
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL
from dashboard.lessons.bptt import compute
from tests.browser.conftest import unfolded

pytestmark = pytest.mark.slow

Open = Callable[[str], Page]
Wait = Callable[[Page], None]
EVERY = compute.with_losses(SMALL, "every")


def fold(page: Page, name: str) -> Locator:
    """A line of "Go deeper", opened."""
    return unfolded(page, f"bptt-{name}")


def test_an_entry_opens_into_its_terms_and_a_term_into_its_factors(open_page: Open, settled: Wait) -> None:
    """In the fold of the chain rule: the sum an entry is, tied to the code's gradient, and the chapter's example."""
    page = open_page("/bptt")
    panel = fold(page, "chain").locator(".entry-panel")
    panel.wait_for()
    settled(page)  # a run that ends may write the address as it was when it began
    grad = network.small(EVERY).backward.grads["W_h"]
    panel.get_by_role("button", name="∂L/∂Wh[1,0]").click()
    expect(panel.locator(".entry-sum")).to_contain_text(f"{grad[1, 0]:.4f}".replace("-", "−"))
    expect(panel.locator(".entry-sum")).to_contain_text("✓")
    expect(page).to_have_url(re.compile(r"entry=W_h\.1\.0"))
    panel.get_by_role("button", name="The chapter's example").click()
    expect(panel.locator(".entry-chain")).to_contain_text("between")
    panel.get_by_role("radio", name=re.compile("total")).click()
    expect(panel.locator(".remark-line")).to_contain_text("count again")
    expect(panel.locator(".entry-map")).to_be_hidden()


def test_the_truncation_band_is_dragged_and_typed(open_page: Open) -> None:
    """A smaller window loses part of the gradient, as `core` measures it; pointer and arrow keys move it."""
    page = open_page("/bptt")
    panel = fold(page, "map").locator(".entry-panel")
    band = panel.get_by_role("slider")
    expect(band).to_have_attribute("aria-valuenow", "4")
    lost = panel.get_by_text("lost", exact=True).locator("xpath=..")
    expect(lost).to_contain_text("0 %")
    band.press("ArrowRight")
    band.press("ArrowRight")
    expect(band).to_have_attribute("aria-valuenow", "2")
    expect(page).to_have_url(re.compile(r"window=2"))
    full = network.small(EVERY)
    cut = truncation(full.model, full.trace, full.backward, full.each)
    assert f"{100 * cut.relative['W_h'][1]:.3g}" in (lost.text_content() or "").replace("\u2009", "")
    band.press("End")
    expect(band).to_have_attribute("aria-valuenow", "4")


def test_the_algorithm_is_stepped_from_the_loss_to_the_update(open_page: Open) -> None:
    """In its fold: stage by stage with all numbers; the diagram opens a use of a weight under the same cursor."""
    page = open_page("/bptt")
    part = fold(page, "steps")
    stage = part.locator(".stepper .stage.now")
    sums = part.locator(".unrolled .block:not(.pending) .block-sum")
    expect(stage).to_have_attribute("aria-label", "2 Loss")
    expect(sums).to_have_count(0)
    part.get_by_role("button", name="Next: output").click()
    part.get_by_role("button", name="Next: t = 4").click()
    dh = network.small(EVERY).backward.cell.dh[:, 0]
    expect(sums).to_have_text([number(float(v)) for v in dh[3]])
    stage.press("End")
    expect(sums).to_have_text([number(float(v)) for row in dh for v in row])
    expect(part.locator(".said.status .said-step.shown")).to_contain_text("The loss fell")
    part.get_by_role("button", name="W_x at step 2").click()
    expect(part.locator(".entry-panel h2").first).to_contain_text("Wx")


def test_a_wrong_prediction_is_named_and_a_right_one_confirmed(open_page: Open, settled: Wait) -> None:
    """A committed guess of a fold is judged on the network on the screen, and is still there after a reload."""
    page = open_page("/bptt")
    part = fold(page, "equations")
    block = part.locator(".st-key-guess-bptt-weight")
    expect(block.get_by_label("Your number")).to_be_visible()
    settled(page)  # a press while the fold is still being drawn may be lost with that run
    block.get_by_label("Your number").fill("5")
    block.get_by_role("button", name="Commit").click()
    expect(block).to_contain_text("✕ No")
    page.reload()
    page.locator(".st-key-deeper-bptt-equations").wait_for()
    settled(page)
    expect(fold(page, "equations").locator(".st-key-guess-bptt-weight")).to_contain_text("✕ No")
    settled(page)
    grad = network.small(EVERY).backward.grads["W_h"]
    block.get_by_role("button", name="Ask again").click()
    block.get_by_label("Your number").fill(f"{grad[0, 0]:.4f}")
    block.get_by_role("button", name="Commit").click()
    expect(block).to_contain_text("Yes")


def test_nudge_and_learning_rate_show_their_numbers(open_page: Open) -> None:
    """A nudge too small fails by rounding; a larger learning rate moves the marked loss."""
    page = open_page("/bptt")
    fold(page, "nudge").get_by_role("slider", name="Nudge").press("Home")
    expect(page.locator(".st-key-finding-nudge")).to_contain_text("rounding")
    fold(page, "update").get_by_role("slider", name="Learning rate").press("ArrowRight")
    expected = compute.update(network.small(replace(EVERY, lr=0.55)))
    expect(page.locator(".st-key-finding-update")).to_contain_text(number(expected.after))


MOST_MESSAGES = 15


@pytest.mark.parametrize("change", ["ReLU", "Last step"])
def test_a_change_runs_what_shows_it_and_no_more(page: Page, open_page: Open, settled: Wait, change: str) -> None:
    """With the fold of the network open, a choice draws the figure and the way into the Inspector alone."""
    received: list[int] = []
    page.once("websocket", lambda socket: socket.on("framereceived", lambda data: received.append(len(data))))
    open_page("/bptt")
    part = fold(page, "own")
    part.get_by_text(change, exact=True).wait_for()
    settled(page)
    received.clear()
    part.get_by_text(change, exact=True).click()
    expect(page).to_have_url(re.compile(r"[?&](activation|loss|losses)="))
    settled(page)
    assert 0 < len(received) <= MOST_MESSAGES
