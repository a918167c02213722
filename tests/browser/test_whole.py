"""The product as one: sessions keep apart, and the path leads through all lessons."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.figure import number
from dashboard.kit import words
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL
from quiz.lessons import LESSONS
from tests.browser.conftest import APP, pressed, unfolded

CONNECTED = '[data-testid="stApp"][data-test-connection-state="CONNECTED"]'
RUN_AGAIN = """new Promise(done => {
  const app = document.querySelector('[data-testid="stApp"]');
  let ran = false;
  new MutationObserver(() => {
    const state = app.dataset.testScriptState;
    if (ran && state === 'notRunning') done();
    ran ||= state === 'running';
  }).observe(app, { attributes: true });
})"""
NewContext = Callable[..., BrowserContext]
FIRST = ".net .state-values span"
NUMBERS = "forward-numbers"


def first_state(x: float) -> str:
    """The first number of the first state, with another first input."""
    return number(float(network.small(network.with_value(SMALL, "x_1[0]", x)).trace.cell.h[1, 0, 0]))


@pytest.mark.slow
def test_two_sessions_do_not_see_each_other(
    open_page: Callable[[str], Page], new_context: NewContext, server: Any
) -> None:
    """What one learner changes is not changed for another who has the same page open."""
    one = open_page("/forward?beat=6")
    other = new_context().new_page()
    other.goto(f"{server.url}/forward?beat=6")
    expect(other.locator(FIRST).first).to_have_text(first_state(1.0))
    unfolded(one, NUMBERS)
    one.get_by_role("slider", name="x_1[0]").press("ArrowRight")
    expect(one.locator(FIRST).first).to_have_text(first_state(1.05))
    other.get_by_role("button", name="Back", exact=True).click()
    expect(other.locator(FIRST).first).to_have_text(first_state(1.0))
    other.reload()
    expect(other.locator(FIRST).first).to_have_text(first_state(1.0))


@pytest.mark.slow
def test_an_open_page_goes_on_when_the_server_is_restarted(
    start_server: Callable[..., Any], new_context: NewContext
) -> None:
    """After SIGKILL and a restart, the same press moves the same figure, from where it stood."""
    server = start_server(APP)
    page = new_context().new_page()
    page.goto(f"{server.url}/forward?beat=6")
    unfolded(page, NUMBERS)
    slider, shown = page.get_by_role("slider", name="x_1[0]"), page.locator(FIRST).first
    slider.press("ArrowRight")
    expect(shown).to_have_text(first_state(1.05))
    server.process.kill()
    server.process.wait()
    expect(page.locator(CONNECTED)).to_have_count(0)
    page.evaluate(f"window.runAgain = {RUN_AGAIN}; null")
    start_server(APP, folder=server.data, port=urlsplit(server.url).port)
    page.evaluate("window.runAgain")
    slider.press("ArrowRight")
    expect(shown).to_have_text(first_state(1.1))
    assert "numbers=1.1" in page.url


def test_every_lesson_leads_on_to_the_next(open_page: Callable[[str], Page]) -> None:
    """The foot of each lesson has the way on, and it arrives."""
    page = open_page(f"/{LESSONS[0]}")
    for name in LESSONS[1:]:
        title = words.say(name, "title")
        pressed(page.get_by_role("link", name=f"Next: {title}"))
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
