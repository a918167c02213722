"""Backpropagation through time in a real browser: a use nudged, the walk back, shares, entries, updates."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from core.nudges import nudge_use, nudge_weight
from dashboard.figure import number
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL
from dashboard.kit.run.settings import Settings
from dashboard.lessons.bptt import compute
from tests.browser.conftest import unfolded

pytestmark = pytest.mark.slow

Open = Callable[[str], Page]
Wait = Callable[[Page], None]
EVERY = compute.with_losses(SMALL, "every")
ENTRY = (1, 0)
PHONE: ViewportSize = {"width": 390, "height": 844}


def own(value: float) -> tuple[str, network.Small]:
    """A query with a network of a test's own, about which nothing was answered before, and that network."""
    settings = network.with_value(SMALL, "x_1[0]", value)
    return urlencode(settings.to_query(SMALL)), network.small(compute.with_losses(settings, "every"))


def states(page: Page) -> Locator:
    """The states as drawn."""
    return page.locator(".back .state-values span")


def gradients(page: Page) -> Locator:
    """The sums that are known, by step and unit."""
    return page.locator(".back .net-field:not([hidden]) .net-row strong")


def shares(page: Page) -> Locator:
    """What stands below the bars of the vessel."""
    return page.locator(".back-under:not(.step)")


def show_answer(page: Page) -> None:
    """Ask for the answer instead of giving one."""
    page.get_by_role("button", name="Show me").click()


def fold(page: Page, name: str) -> Locator:
    """A line of "Go deeper", opened."""
    return unfolded(page, f"bptt-{name}")


def test_a_nudged_use_moves_what_comes_after_it_and_nothing_before(open_page: Open) -> None:
    """States, losses and L are those that `core` gives for the nudge; the slider takes it back to nothing."""
    query, small = own(1.11)
    page = open_page(f"/bptt?beat=1&{query}")
    found = nudge_use(small.model, small.trace, small.sequence.y, ENTRY, 3, (0.1,))
    expect(states(page)).to_have_text([number(float(v)) for row in found.h[1:, 0] for v in row])
    expect(page.locator(".back .state.moved")).to_have_count(2)
    expect(page.locator(".back-total strong")).to_have_text(number(float(found.loss[0])))
    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".back .state.moved")).to_have_count(0)
    dot = page.get_by_role("slider", name="W_h[1,0] at step 3")
    dot.press("ArrowUp")
    expect(dot).to_have_attribute("aria-valuenow", "0.01")
    expect(page.locator(".back .state.moved")).to_have_count(2)
    expect(page.locator(".time-pill[aria-current]")).to_contain_text("3")


def test_a_dot_is_dragged_up_and_down(open_page: Open) -> None:
    """The dark dot follows the pointer along the grid of nudges, and stops at its ends."""
    page = open_page("/bptt?beat=1")
    dot = page.get_by_role("slider", name="W_h[1,0] at step 3")
    box = dot.bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 40)
    expect(dot).to_have_attribute("aria-valuenow", "0")
    page.mouse.move(x, y + 300)
    expect(dot).to_have_attribute("aria-valuenow", "-0.1")
    page.mouse.up()
    expect(page.locator(".back-tag:visible")).to_have_text("−0.10")


def test_the_first_use_waits_for_the_answer(open_page: Open) -> None:
    """Until then its effect is hidden; afterwards it is the one nudged, and moves nothing; a reply leads there."""
    query, _ = own(1.12)
    page = open_page(f"/bptt?beat=1&{query}")
    expect(page.get_by_role("slider", name="W_h[1,0] at step 1")).to_be_disabled()
    page.locator(".time-pill").first.click()
    expect(page.locator(".back-said")).to_contain_text("yours to say first")
    expect(page.locator(".back-total-by")).to_have_text("?")
    expect(page.locator(".back-still:visible")).to_have_count(0)
    page.locator(".time-pill").nth(2).click()
    expect(page.locator(".back-said")).to_contain_text("at t = 3 alone")
    page.get_by_role("button", name="up", exact=True).click()
    expect(page.locator(".back-said")).to_contain_text("Nothing moves")
    expect(page.locator(".beat-reply")).to_contain_text("You carried it over from")
    page.get_by_role("button", name="step to t = 1").click()
    expect(page.locator(".back-total-by")).to_have_text("no change")
    expect(shares(page).first).to_have_text("0")


def test_all_uses_turn_together(open_page: Open) -> None:
    """One at a time their changes add up to what they make together, nearly; down waits for the answer."""
    query, small = own(1.13)
    page = open_page(f"/bptt?beat=2&{query}")
    where = (small.model, small.trace, small.sequence.y, ENTRY)
    each = [float(nudge_use(*where, t, (0.1,)).loss[0] - small.trace.loss) for t in range(1, 5)]
    together = float(nudge_weight(*where, (0.1,)).loss[0] - small.trace.loss)
    expect(page.locator(".back-sums strong")).to_have_text([f"+{number(sum(each), 4)}", f"+{number(together, 4)}"])
    slider = page.get_by_role("slider", name="Nudge")
    slider.press("Home")
    expect(slider).to_have_attribute("aria-valuetext", "0")
    show_answer(page)
    expect(slider).to_have_attribute("aria-valuetext", "−0.10")  # turned down, as was asked
    down = float(nudge_weight(*where, (-0.1,)).loss[0] - small.trace.loss)
    expect(page.locator(".back-said")).to_contain_text(f"together {number(down, 4)}")
    page.get_by_role("button", name=re.compile("row 0, column 1")).click()
    expect(page.locator(".back-said")).to_contain_text("Wh[0,1]")


def test_the_walk_back_is_stepped_by_button_and_key(open_page: Open) -> None:
    """No gradient before its step; at the end all of them are `core`'s, and the sentence has their working."""
    query, small = own(1.14)
    page = open_page(f"/bptt?beat=3&{query}")
    dh = small.backward.cell.dh[:, 0]
    expect(gradients(page)).to_have_count(0)
    page.get_by_role("button", name="Step 4").click()
    expect(gradients(page)).to_have_text([number(float(v)) for v in dh[3]])
    expect(page.locator(".back-said")).to_contain_text("No step comes after")
    page.keyboard.press("ArrowLeft")
    expect(gradients(page)).to_have_text([number(float(v)) for row in dh[2:] for v in row])
    page.keyboard.press("Home")
    expect(gradients(page)).to_have_text([number(float(v)) for row in dh for v in row])
    page.get_by_role("button", name="The losses").click()
    expect(gradients(page)).to_have_count(0)


def test_the_walk_back_is_played_in_steps_with_reduced_motion(open_page: Open) -> None:
    """The same states come one after the other, and the last one stays."""
    query, _ = own(1.15)
    page = open_page(f"/bptt?beat=3&{query}")
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="Play", exact=True).click()
    page.locator(".net-token").first.wait_for()
    expect(gradients(page)).to_have_count(8)
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(page.locator(".net-token")).to_have_count(0)


def test_a_slope_that_is_asked_about_is_hidden(open_page: Open) -> None:
    """Its δ and what it sends have a "?" until the answer; another step is opened with all its numbers."""
    query, small = own(1.16)
    page = open_page(f"/bptt?beat=4&{query}")
    expect(page.locator(".back-sends")).to_contain_text(
        number(float(small.backward.cell.dh[1, 0, 0] - small.backward.dh_out[1, 0, 0]), 4)
    )
    page.get_by_role("button", name="Step 4").click()
    expect(page.locator(".back-slopes strong")).to_have_text(["?", "?"])
    show_answer(page)
    expect(page.locator(".back-slopes strong")).to_have_text([number(float(v)) for v in small.backward.cell.da[3, 0]])
    expect(page.locator(".back-said")).to_contain_text("At step 4 unit")


def test_shares_fall_and_add_up_to_the_gradient(open_page: Open) -> None:
    """One after the other; the one that is asked about is the last; together they are the entry of the matrix."""
    query, small = own(1.17)
    page = open_page(f"/bptt?beat=5&{query}")
    expect(shares(page)).to_have_text(["?"] * 4)
    page.get_by_role("button", name="Step 2").click()
    expect(page.locator(".back-thread.known")).to_have_count(3)
    page.get_by_role("button", name=re.compile("row 0, column 1")).click()
    expect(page.locator(".back-thread.known")).to_have_count(3)
    page.get_by_role("button", name=re.compile("row 1, column 0")).click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_disabled()
    expect(page.locator(".back-said")).to_contain_text("Three of four are in")
    page.get_by_role("button", name="Step 1").click()
    expect(shares(page).first).to_have_text("?")
    show_answer(page)
    expect(shares(page).first).to_have_text("0")
    gradient = float(small.backward.grads["W_h"][ENTRY])
    expect(page.locator(".back-sums strong").first).to_have_text(number(gradient, 4))
    expect(page.locator(".back-said")).to_contain_text(number(gradient, 4))
    expect(page.get_by_role("button", name=re.compile("row 1, column 0"))).to_have_text(number(gradient))


def test_an_entry_opens_into_factors(open_page: Open) -> None:
    """A press opens its shares; before the answer their results are hidden; the address keeps the entry."""
    query, small = own(1.18)
    page = open_page(f"/bptt?beat=6&{query}")
    page.get_by_role("button", name=re.compile("row 0, column 1")).click()
    results = page.locator(".back-factors > :last-child strong")
    expect(results).to_have_text(["?"] * 4)
    show_answer(page)
    terms = small.trace.cell.h[:-1, 0, 0] * small.backward.cell.da[:, 0, 1]
    expect(results).to_have_text([number(float(v), 4) for v in terms])
    expect(page).to_have_url(re.compile(r"entry=W_h\.0\.1"))
    page.reload()
    expect(results).to_have_text([number(float(v), 4) for v in terms])


def test_updates_are_taken_again_and_again(open_page: Open) -> None:
    """Each is `core`'s; after six it is asked what comes next, then they go on; both sequences can be seen."""
    query, small = own(1.19)
    page = open_page(f"/bptt?beat=7&{query}")
    found = compute.presses(small.settings)
    update = page.get_by_role("button", name="Take the update", exact=True)
    total = page.locator(".net-vessel-name strong")
    expect(total).to_have_text(number(found.loss[0]))
    update.click()
    expect(total).to_have_text(number(found.loss[1]))
    page.get_by_role("button", name="Take 5 updates").click()
    expect(total).to_have_text(number(found.loss[6]))
    expect(update).to_be_disabled()
    show_answer(page)  # which takes those that the reply is about
    expect(total).to_have_text(number(found.loss[14]))
    page.get_by_role("button", name="Take 5 updates").click()
    expect(total).to_have_text(number(found.loss[19]))
    page.get_by_role("button", name="[−1.19, −0.5]").click()
    expect(page.locator(".back .state-values span").first).to_have_text(number(float(found.h[19, 1, 1, 0])))
    page.get_by_role("button", name="Start again").click()
    expect(total).to_have_text(number(found.loss[0]))


def test_beats_need_no_server(page: Page, open_page: Open, settled: Wait) -> None:
    """Going through beats, steps, nudges and updates sends nothing."""
    sent: list[int] = []
    page.once("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(len(data))))
    open_page("/bptt?beat=1")
    settled(page)
    sent.clear()
    page.get_by_role("slider", name="Nudge").press("ArrowLeft")
    for _ in range(6):
        page.get_by_role("button", name=re.compile("^Next")).first.click()
        page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="Take the update", exact=True).click()
    settled(page)
    assert sent == []


def test_updates_of_other_numbers_come_when_their_beat_is_gone_to(page: Page, open_page: Open, settled: Wait) -> None:
    """A change at another beat leaves them out until they are asked for; from then on they come with each change."""
    sent: list[object] = []
    page.once("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(data)))
    open_page("/bptt?beat=6")
    slider = fold(page, "numbers").get_by_role("slider")
    total = page.locator(".net-vessel-name strong")
    slider.press("ArrowRight")
    settled(page)
    sent.clear()
    page.get_by_role("button", name="Next: update").click()
    found = compute.presses(moved(1.05))
    expect(total).to_have_text(number(found.loss[0]))
    expect(page.locator(".beat-question")).to_contain_text("Before you go on")
    page.get_by_role("button", name="Take the update", exact=True).click()
    expect(total).to_have_text(number(found.loss[1]))
    page.get_by_role("button", name="Back").first.click()
    page.get_by_role("button", name="Next: update").click()
    settled(page)
    assert len(sent) == 1
    slider.press("ArrowRight")
    expect(total).to_have_text(number(compute.presses(moved(1.1)).loss[0]))
    expect(page.get_by_role("group", name="First input").locator("button").first).to_have_text("[1.1, 0.5]")
    page.locator(".beat-segment").first.click()
    slider.press("ArrowRight")
    expect(page).to_have_url(re.compile("numbers=1.15"))
    page.locator(".beat-segment").last.click()
    expect(total).to_have_text(number(compute.presses(moved(1.15)).loss[0]))
    settled(page)
    assert len(sent) == 3


def test_a_change_leaves_the_beat_in_the_address(open_page: Open, settled: Wait) -> None:
    """The server writes the address as it knew it; what was chosen in the figure since then stays there."""
    page = open_page("/bptt?beat=2")
    slider = fold(page, "numbers").get_by_role("slider")
    for beat, value in ((4, "1.05"), (5, "1.1")):
        page.locator(".beat-segment").nth(beat - 1).click()
        slider.press("ArrowRight")
        expect(page).to_have_url(re.compile(rf"numbers={re.escape(value)}.*&beat={beat}"))
        settled(page)
        expect(page).to_have_url(re.compile(rf"&beat={beat}"))
    page.reload()
    expect(page.locator(".beat-count").first).to_have_text("5 of 7")
    h = network.small(moved(1.1)).trace.cell.h[1:, 0]
    expect(states(page)).to_have_text([number(float(v)) for v in h.ravel()])


def moved(value: float) -> Settings:
    """The lesson's network with another first input."""
    return compute.with_losses(network.with_value(SMALL, "x_1[0]", value), "every")


def test_where_a_loss_stands_is_chosen_and_linked(open_page: Open, settled: Wait) -> None:
    """Every step is the default; the last step alone is a choice in a fold, and a link brings it back."""
    page = open_page("/bptt?beat=3&t=1")
    outputs = page.locator(".back-output:visible")
    expect(outputs).to_have_count(4)
    own_network = fold(page, "own")
    settled(page)  # a slow browser loses a press on what it is still moving into its place
    own_network.get_by_text("Last step", exact=True).click()
    expect(outputs).to_have_count(1)
    expect(page).to_have_url(re.compile("losses=last"))
    settled(page)
    page.reload()
    expect(outputs).to_have_count(1)
    expect(page.locator(".back-said")).to_contain_text("all future")


@pytest.mark.parametrize("viewport", [PHONE])
def test_a_phone_shows_a_step_and_the_next(open_page: Open, viewport: ViewportSize) -> None:
    """Two steps stand in sight, all shares in the vessel; the knob opens the matrix, whose entry is named there."""
    page = open_page("/bptt?beat=3&t=3")
    expect(page.locator(".time-pill")).to_have_count(2)
    expect(page.locator(".time-pill").first).to_contain_text("3")
    expect(page.locator(".back-under.step")).to_have_count(4)
    page.get_by_role("button", name="Step 1").click()
    expect(page.locator(".time-pill").first).to_contain_text("1")
    page.get_by_role("button", name=re.compile("^W_h")).first.click()
    page.get_by_role("button", name=re.compile("row 0, column 1")).click()
    expect(page.locator(".net-vessel-name")).to_contain_text("[0,1]")
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]


@pytest.mark.deep
@pytest.mark.few(1)
@pytest.mark.parametrize("beat", [1, 3, 5, 6, 7])
def test_beats_are_accessible(open_page: Open, accessible: Callable[..., None], beat: int) -> None:
    """Axe finds nothing, in both themes."""
    page = open_page(f"/bptt?beat={beat}&t=2")
    accessible(page)
