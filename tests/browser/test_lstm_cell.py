"""Inside the LSTM cell in a real browser: the beats and their holds; sub-steps, gates and vectors in the folds."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.figure import number
from dashboard.lessons.lstm_cell.compute import cell
from dashboard.lessons.lstm_cell.settings import CELL
from dashboard.lessons.lstm_cell.told import told

pytestmark = pytest.mark.slow

Open = Callable[[str], Page]
DESKTOP = {"width": 1280, "height": 900}
MIDDLE = {"width": 1000, "height": 900}
PHONE = {"width": 390, "height": 844}
PLAIN = cell(CELL)
RUN = told("Krish", "Yann")


def two(value: float) -> str:
    """A number as the cell of the beats writes it."""
    return f"{value:.2f}".replace("-", "−")


def expect_made(page: Page, values: Iterable[float]) -> None:
    """What the sub-step makes, the last vector of the formula, is these numbers."""
    expect(page.locator(".cell-formula > .cell-column").last.locator("span")).to_have_text(numbers(values))


def steps(page: Page) -> Locator:
    """The cell of the fold, in nine sub-steps."""
    return page.locator(".cell-panel")


def driven(page: Page) -> Locator:
    """The figure that the beats drive."""
    return page.locator(".st-key-figure_lstm-cell .figure")


def answer(page: Page, option: str) -> None:
    """Answer the open question of a beat."""
    driven(page).locator("button.beat-option", has_text=option).click()


def now(page: Page) -> Locator:
    """The sub-step in the list."""
    return page.locator(".cell-item.now")


def numbers(values: Iterable[float]) -> list[str]:
    """A vector as the figure writes it."""
    return [number(float(v)) for v in values]


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Any]) -> Any:
    """An app of its own, in which no question of the lesson has been answered."""
    return start_server((sys.executable, "-m", "dashboard.launch"))


def test_a_beat_hides_its_answer_and_leads_on(open_page: Open) -> None:
    """The answer and what the units hold are “?” until the learner commits; the words then step through the cell.

    What a later beat asks for, the followed unit's value after the second name, is not said yet.
    """
    page = open_page("/lstm-cell")
    shown = driven(page)
    expect(shown.locator(".gc-axis .gc-ask")).to_have_count(6)
    answer(page, "Krish")
    expect(shown.locator(".beat-kind")).to_contain_text("You said Krish. Right is Yann.")
    expect(shown.locator(".gc-axis .gc-ask")).to_have_count(1)
    shown.get_by_role("button", name="Next: the line").click()
    shown.get_by_role("button", name="Word 9: Yann").click()
    before, old, new = (two(RUN.computed.trace.c[t, 0, RUN.follow]) for t in (7, 8, 9))
    expect(shown.locator(".gc-sum")).to_contain_text(f"{old}→?")
    expect(shown.locator(".gc-cell")).not_to_contain_text(new)
    shown.get_by_role("button", name="Word 9: Yann").press("ArrowLeft")
    expect(shown.get_by_role("button", name="Word 8: warm")).to_have_attribute("aria-current", "step")
    expect(shown.locator(".gc-sum")).to_contain_text(f"{before}→{old}")
    page.wait_for_url(re.compile(r"beat=2.*t=8|t=8.*beat=2"))


def test_a_held_gate_changes_the_answer_without_the_server(open_page: Open) -> None:
    """Gates wait for the answer; then each hold shows the answer of `core`'s own run, and what it was."""
    page = open_page("/lstm-cell?beat=6")
    shown = driven(page)
    gate = shown.get_by_role("group", name="Forget gate at word 9")
    expect(gate.get_by_role("button", name="1")).to_have_attribute("aria-disabled", "true")
    answer(page, "Yann")
    page.wait_for_load_state("networkidle")
    for name, press in (("1--", None), ("10-", "Input gate"), ("-0-", "Forget gate")):
        if press:
            value = "0" if press == "Input gate" else "computed"
            shown.get_by_role("group", name=f"{press} at word 9").get_by_role("button", name=value).click()
        run = RUN.runs[name]
        expect(shown.locator(".gc-result")).to_contain_text(f"It names {run.named}, {two(run.sure)}")
        expect(shown.get_by_role("img", name=re.compile("^The LSTM cell"))).to_have_accessible_name(
            re.compile(f"cell state {two(run.trace.c[9, 0, RUN.follow])}, ")
        )


def test_the_cell_of_1997_is_said_to_be_held(open_page: Open) -> None:
    """Before the answer nothing is held, and that is said; after it each gate stands at 1, and not by training."""
    page = open_page("/lstm-cell?beat=7")
    shown = driven(page)
    expect(shown.locator(".gc-held")).to_have_count(0)
    expect(shown.locator(".beat-said")).to_contain_text("as computed, with its own forget gates")
    answer(page, "never")
    expect(shown.locator(".gc-result")).to_contain_text(f"It names {RUN.runs['all'].named}")
    expect(shown.locator(".gc-held")).to_have_count(len(RUN.words))
    expect(shown.locator(".beat-said")).to_contain_text("trained with forget gates")
    shown.get_by_role("button", name="computed", exact=True).click()
    expect(shown.locator(".gc-held")).to_have_count(0)


@pytest.mark.few(1)
@pytest.mark.parametrize("viewport", [DESKTOP, MIDDLE, PHONE], ids=["desktop", "middle", "phone"])
@pytest.mark.parametrize("beat", [2, 6])
def test_the_beats_pass_every_axe_rule_at_every_width(
    open_page: Open, accessible: Callable[[Page], None], beat: int
) -> None:
    """Nothing scrolls sideways, and the height kept for the figure holds it."""
    page = open_page(f"/lstm-cell?beat={beat}")
    expect(driven(page).locator(".gc-cell")).to_be_visible()
    kept = page.locator(".st-key-figure_lstm-cell").evaluate("e => parseFloat(getComputedStyle(e).minHeight)")
    assert driven(page).evaluate("e => e.getBoundingClientRect().height") <= kept
    accessible(page)


def test_the_cell_is_stepped_by_keyboard_and_drawn_no_further(open_page: Open) -> None:
    """Down and up go through the sub-steps and on into the next word; what is not reached is “?”, the rest `core`'s."""
    page = open_page("/lstm-cell?t=5")
    expect(now(page)).to_contain_text("Forget")
    expect_made(page, PLAIN.parts.kept[4, 0])
    assert page.locator(".cell-drawing .cell-value", has_text="?").count() == 5 * PLAIN.H
    now(page).press("ArrowDown")
    expect(now(page)).to_contain_text("Write")
    expect_made(page, PLAIN.parts.written[4, 0])
    now(page).press("ArrowDown")
    expect(now(page)).to_be_focused()
    expect_made(page, PLAIN.trace.c[5, 0])
    now(page).press("ArrowDown")
    now(page).press("ArrowDown")
    expect_made(page, PLAIN.trace.h[5, 0])
    expect(page.locator(".cell-drawing .cell-value", has_text="?")).to_have_count(0)
    now(page).press("ArrowDown")
    expect(now(page)).to_contain_text("Join")
    expect(page.get_by_role("slider", name="Word")).to_have_attribute("aria-valuetext", "Word 6 of 12, likes")
    expect(page.locator(".cell-joined .cell-part span")).to_have_text(numbers(PLAIN.parts.joined[5, 0]))
    page.wait_for_url(re.compile(r"substep=1"))
    page.wait_for_url(re.compile(r"\bword=6"))
    page.reload()
    expect(now(page)).to_contain_text("Join")
    expect(page.get_by_role("slider", name="Word")).to_have_attribute("aria-valuenow", "6")


def test_the_sentence_is_the_time_cursor(open_page: Open) -> None:
    """Arrow keys and a press on a word move the LSTM and the vanilla RNN together, without the server."""
    page = open_page("/lstm-cell?t=5&substep=7")
    slider = page.get_by_role("slider", name="Word")
    slider.press("ArrowLeft")
    slider.press("ArrowLeft")
    expect(slider).to_have_attribute("aria-valuetext", "Word 3 of 12, pizza")
    expect_made(page, PLAIN.trace.c[3, 0])
    after = [f"{v:.2f}".replace("-", "−") for v in PLAIN.rnn_trace.h[3, 0]]
    expect(page.locator(".rnn-after .cell-value")).to_have_text(after)
    page.locator(".cell-token", has_text="CNN").click()
    expect(slider).to_have_attribute("aria-valuenow", "7")
    slider.press("End")
    expect_made(page, PLAIN.trace.c[12, 0])


def test_buttons_go_on_and_play_runs_through(open_page: Open) -> None:
    """Next says what comes, Back undoes it, and Play goes on by itself until it is stopped."""
    page = open_page("/lstm-cell?t=5")
    page.get_by_role("button", name="Next: Write").click()
    expect(now(page)).to_contain_text("Write")
    steps(page).get_by_role("button", name="Back").click()
    expect(now(page)).to_contain_text("Forget")
    page.get_by_role("button", name="Play the sub-steps").click()
    expect(now(page)).not_to_contain_text("Forget")
    steps(page).get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Play the sub-steps").wait_for()


def test_a_gate_opens_into_its_weights(open_page: Open) -> None:
    """A press on a gate shows its equation, the chosen unit's weights and products, and every unit; Escape shuts it."""
    page = open_page("/lstm-cell?t=5")
    gate = page.get_by_role("button", name="Forget gate: equation, weights and values")
    gate.click()
    opened = page.get_by_role("region", name="Forget gate")
    expect(gate).to_have_attribute("aria-expanded", "true")
    opened.get_by_role("button", name="unit 2").click()
    column = PLAIN.H + 2  # blocks i, f, o, g
    rows = opened.locator("tbody tr")
    expect(rows.nth(0).locator("td").nth(1)).to_have_text(number(float(PLAIN.params.W_h[0, column])))
    expect(rows.nth(PLAIN.H).locator("td").nth(2)).to_have_text(number(float(PLAIN.parts.terms[4, 0, PLAIN.H, column])))
    expect(rows.last.locator("td").last).to_have_text(number(float(PLAIN.parts.a[4, 0, column])))
    assert opened.locator(".cell-unit strong").all_text_contents() == numbers(PLAIN.trace.f[4, 0])
    page.wait_for_url(re.compile(r"gate=f&unit=2"))
    opened.get_by_role("button", name="unit 2").press("Escape")
    expect(opened).to_have_count(0)
    expect(gate).to_be_focused()


def test_a_gate_held_by_hand_changes_what_follows(open_page: Open) -> None:
    """Set to 1 at the chosen word, f loses its inputs and c_t shows what it was; let go, all is as before."""
    page = open_page("/lstm-cell?t=5&substep=7")
    expect_made(page, PLAIN.trace.c[5, 0])
    page.locator(".st-key-lstm-cell-held").get_by_role("button", name="f = 1", exact=True).click()
    held = cell(replace(CELL, hold_f="1"))
    expect(page.locator(".cell-was-note")).to_be_visible()
    expect_made(page, held.trace.c[5, 0])
    assert page.locator(".cell-was-note .cell-column span").all_text_contents() == numbers(PLAIN.trace.c[5, 0])
    expect(page.locator(".cell-gate[data-gate=f]")).to_have_text("1")
    expect(page.locator(".cell-wire.cut")).to_have_count(2)
    expect(page.locator(".cell-of.held")).to_have_count(PLAIN.H)
    page.wait_for_url(re.compile(r"f=1"))
    page.get_by_role("slider", name="Word").press("ArrowRight")
    expect(page.locator(".cell-wire.cut")).to_have_count(0)
    page.locator(".st-key-lstm-cell-held").get_by_role("button", name="f = 1", exact=True).click()
    expect(page.locator(".cell-of.held")).to_have_count(0)


def test_nonsense_in_a_vector_is_answered(open_page: Open) -> None:
    """The operations are computed as typed, and a word among the numbers gets a plain sentence."""
    page = open_page("/lstm-cell?va=1,2,3,4")
    page.get_by_role("textbox", name="First vector").fill("1, 2, 3")
    second = page.get_by_role("textbox", name="Second vector")
    second.fill("1, two")
    second.press("Enter")
    block = page.locator(".st-key-cell-operations")
    expect(block).to_contain_text("The second vector holds “two”, which is no number.")
    second.fill("4, 5, 6")
    second.press("Enter")
    expect(block).to_contain_text("[5")
    expect(block).not_to_contain_text("no number")


@pytest.mark.few(1)
@pytest.mark.parametrize("viewport", [DESKTOP, MIDDLE, PHONE], ids=["desktop", "middle", "phone"])
def test_no_axe_violations_and_nothing_wider_than_the_window(
    open_page: Open, accessible: Callable[[Page], None]
) -> None:
    """With gates held every axe rule passes in both themes and at every width, and nothing scrolls sideways."""
    page = open_page("/lstm-cell?f=0.5&i=0&span=onwards&substep=9&gate=f&unit=1")
    expect(page.locator(".cell-diagram")).to_be_visible()
    accessible(page)


@pytest.mark.few(1)
@pytest.mark.parametrize("viewport", [DESKTOP, MIDDLE, PHONE], ids=["desktop", "middle", "phone"])
def test_the_room_kept_is_the_room_taken(open_page: Open) -> None:
    """The height reserved for the figure holds it, so nothing below jumps when it arrives."""
    page = open_page("/lstm-cell?t=5")
    kept = page.locator(".st-key-figure_lstm-cell-steps").evaluate("e => parseFloat(getComputedStyle(e).minHeight)")
    taken = page.locator(".figure:has(.cell-panel)").evaluate("e => e.getBoundingClientRect().height")
    assert kept - 60 < taken <= kept


@pytest.mark.parametrize("viewport", [PHONE])
def test_a_phone_steps_with_its_own_drawing(open_page: Open) -> None:
    """On a phone the drawing fits, and the sub-steps are tapped and stepped."""
    page = open_page("/lstm-cell?t=5")
    box = page.locator(".cell-drawing").bounding_box()
    assert box
    assert box["width"] <= 350
    page.get_by_role("button", name=re.compile("^6 ?Write")).click()
    expect(page.locator(".cell-step-name")).to_contain_text("Step 6 of 9 · Write")
    steps(page).get_by_role("button", name="Next").click()
    expect_made(page, PLAIN.trace.c[5, 0])


def test_a_link_brings_back_what_is_held(open_page: Open) -> None:
    """What is held beside the cell stands in the link, and a reload shows it again."""
    page = open_page("/lstm-cell?beat=6")
    shown = driven(page)
    expect(shown.locator(".beat-kind")).to_be_visible()  # asked or answered, by then it is drawn
    if shown.locator("button.beat-option").count():
        answer(page, "Yann")
    shown.get_by_role("group", name="Input gate at word 9").get_by_role("button", name="0").click()
    page.wait_for_url(re.compile("gates=10-"))
    page.reload()
    run = RUN.runs["10-"]
    expect(driven(page).locator(".gc-result")).to_contain_text(f"It names {run.named}, {two(run.sure)}")
