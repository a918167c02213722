"""The mock interview in a real browser: blanks, follow-ups, the clock, two windows, a reload, and the debrief."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support import until

from quiz.grading.grade import right_response
from quiz.interview.interview import Interview
from quiz.load import load_bank
from quiz.store import Store
from tests.browser.conftest import pressed

pytestmark = pytest.mark.slow

PHONE = {"width": 390, "height": 844}
OVERFLOW = "element => element.scrollWidth - element.clientWidth"
HIDE = """hidden => {
  Object.defineProperty(document, "visibilityState", { configurable: true, get: () => hidden ? "hidden" : "visible" });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
TYPED = ("numeric", "count", "shape", "formula", "predict")
HOSTILE = "A sum over <b>all</b> steps, **bold** $x$: the chain rule, then the average."


def button(page: Page, name: str) -> Any:
    """A button by the beginning of its label; its shortcut may follow."""
    return page.get_by_test_id("stMain").get_by_role("button", name=re.compile(f"^{name}"))


def opened(server: Any) -> Store:
    """The server's store."""
    return Store.open(server.data / "quiz.sqlite3")


def state(server: Any) -> Interview:
    """What is kept of the interview."""
    with opened(server) as store:
        return Interview.from_json(store.interview("local") or {})


def begin(page: Page, server: Any) -> None:
    """A short interview, begun from the start page with nothing kept before."""
    with opened(server) as store:
        store.delete("local")
    page.goto(f"{server.url}/quiz")
    pressed(button(page, "Start the interview"))
    expect(button(page, "Hand in and go on")).to_be_visible()


def hand_in_nothing(page: Page) -> None:
    """Hand in what is blank, after it was named."""
    pressed(button(page, "Hand in and go on"))
    expect(page.get_by_role("alert")).to_contain_text("Hand in all the same?")
    pressed(button(page, "Hand in all the same"))


def field(page: Page, interview: Interview, check: str) -> Any:
    """The field of one check; a cloze beside it has fields too."""
    return page.locator(f".st-key-{interview.key}-{check}").get_by_role("textbox")


def go_through(page: Page, server: Any, settled: Callable[[Page], None]) -> None:
    """Go on to the debrief without a word."""
    while not (now := state(server)).done:
        expect(page.locator(f".st-key-question-{now.step.replace(':', '-')} h1")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        if now.following:
            expect(button(page, "Pass on this one")).to_have_count(1)  # that of the step before may still stand there
            settled(page)
            pressed(button(page, "Pass on this one"))
        else:
            settled(page)
            hand_in_nothing(page)
        until(lambda before=now.step: state(server).step != before)
    expect(page.get_by_role("heading", name="Your mock interview")).to_be_visible()


def test_interview_from_the_start_to_the_debrief(
    open_page: Callable[[str], Page], server: Any, accessible: Callable[[Page], None], settled: Callable[[Page], None]
) -> None:
    """A right first question, blanks named, follow-ups; the debrief says what the store holds, and axe agrees."""
    page = open_page("/quiz")
    begin(page, server)
    first = state(server)
    question = first.asked(load_bank())
    page.get_by_label("Your answer").fill(HOSTILE)
    places = [probe for probe in question.probes if probe.kind in TYPED]
    for probe in places:
        field(page, first, probe.id).fill(str(right_response(probe)))
        field(page, first, probe.id).blur()
    expect(page.get_by_text("✓")).to_have_count(0)
    accessible(page)
    pressed(button(page, "Hand in and go on"))
    if len(places) < len(question.probes):
        expect(page.get_by_role("alert")).to_contain_text("empty")
        pressed(button(page, "Hand in all the same"))
    until(lambda: state(server).answers)
    assert [met for met, probe in zip(state(server).answers[0].met, question.probes, strict=True)
            if probe.kind in TYPED] == [True] * len(places)  # fmt: skip
    expect(page.get_by_text("The interviewer asks back", exact=True)).to_be_visible()
    accessible(page)
    go_through(page, server, settled)
    expect(page.get_by_text(re.compile(rf"^{len(places)} of \d+ checks right: "))).to_be_visible()
    rows = page.get_by_test_id("stMain").locator('[class*="st-key-debrief-row-"] summary:has(strong)')
    expect(rows).to_have_count(5)
    rows.first.click()
    expect(page.locator("p", has_text="<b>all</b> steps").first).to_be_visible()
    settled(page)
    accessible(page)
    earlier = page.url
    page.reload()
    expect(page.get_by_role("heading", name="Your mock interview")).to_be_visible()
    assert page.url == earlier
    pressed(button(page, "Another interview"))
    expect(button(page, "Hand in and go on")).to_be_visible()
    assert set(state(server).keys).isdisjoint(first.keys)
    page.goto(f"{server.url}/progress")
    page.get_by_role("link", name=re.compile(r"5 questions")).click()
    expect(page.get_by_role("heading", name="Your mock interview")).to_be_visible()


def test_second_window_can_not_hand_in_for_the_first(open_page: Callable[[str], Page], server: Any) -> None:
    """The question that one window has handed in is not handed in by another, which says so and shows its words."""
    page = open_page("/quiz")
    begin(page, server)
    other = page.context.new_page()
    other.goto(f"{server.url}/quiz?mode=interview")
    other.get_by_label("Your answer").fill("Words of the second window.")
    until(lambda: "second" in _draft(server))
    hand_in_nothing(page)
    until(lambda: len(state(server).answers) == 1)
    pressed(button(other, "Hand in and go on"))
    expect(other.get_by_text("went on in another window")).to_be_visible()
    expect(other.get_by_text("Words of the second window.")).to_be_visible()
    assert len(state(server).answers) == 1


def _draft(server: Any) -> str:
    now = state(server)
    with opened(server) as store:
        found = store.draft("local", now.question, now.seed)
    return str(found.response) if found else ""


def test_time_out_of_sight_does_not_count(
    open_page: Callable[[str], Page], server: Any, settled: Callable[[Page], None]
) -> None:
    """The clock stands still while the page is hidden, and a half-typed answer comes back after a reload."""
    page = open_page("/quiz")
    begin(page, server)
    clock = page.get_by_role("timer")
    expect(clock).to_have_text(re.compile(r"^\d:(?!00)\d\d of \d:\d\d$"))
    page.get_by_label("Your answer").fill("half an answer")
    until(lambda: "half" in _draft(server))
    page.evaluate(HIDE, True)
    until(lambda: state(server).spent > 0)
    settled(page)
    stood = clock.inner_text()
    page.wait_for_timeout(2_500)
    assert clock.inner_text() == stood
    page.evaluate(HIDE, False)
    expect(clock).not_to_have_text(stood)
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("half an answer")


TOGETHER = """(element, done) => {
  document.dispatchEvent(new Event("visibilitychange"));
  element[done]();
}"""


def test_a_change_that_comes_with_the_clock_is_not_lost(open_page: Callable[[str], Page], server: Any) -> None:
    """A field left, and a button pressed, at the very moment when the clock says something: the page runs."""
    page = open_page("/quiz")
    begin(page, server)
    first = state(server)
    probe = next(each for each in first.asked(load_bank()).probes if each.kind in TYPED)
    given, right = field(page, first, probe.id), str(right_response(probe))
    given.fill(right)
    given.evaluate(TOGETHER, "blur")
    until(lambda: repr(right) in _draft(server))
    button(page, "Hand in and go on").evaluate(TOGETHER, "click")
    expect(page.get_by_role("alert")).to_contain_text("Hand in all the same?")
    button(page, "Hand in all the same").evaluate(TOGETHER, "click")
    until(lambda: len(state(server).answers) == 1)


@pytest.mark.deep
@pytest.mark.parametrize("viewport", [PHONE])
def test_phone_shows_all_of_a_debrief(
    open_page: Callable[[str], Page], server: Any, settled: Callable[[Page], None]
) -> None:
    """At 390 px nothing of a question, a follow-up or the debrief is wider than the window."""
    page = open_page("/quiz")
    begin(page, server)
    main = page.get_by_test_id("stMain")
    assert main.evaluate(OVERFLOW) == 0
    hand_in_nothing(page)
    expect(button(page, "Pass on this one")).to_be_visible()
    assert main.evaluate(OVERFLOW) == 0
    go_through(page, server, settled)
    expect(page.get_by_text("Your words", exact=True).first).to_be_visible()
    assert main.evaluate(OVERFLOW) == 0
