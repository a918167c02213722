"""What one change sends is drawn at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import opened, unfolded

# The first and the last to hear of a message note it: what arrived, and what was handed over. The only timer of 40 ms
# is that of a run which takes long; here none does.
NOTED = """
window.noted = [];
const later = window.setTimeout;
window.setTimeout = (work, ms, ...rest) => later(work, ms === 40 ? 1e8 : ms, ...rest);
window.WebSocket = class extends window.WebSocket {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ isTrusted }) => isTrusted && noted.push("arrived"));
    later(() => this.addEventListener("message", () => noted.push("given")));
  }
};
"""
GIVEN = """() => new Promise((done) => {
  const look = () => (noted.includes("given") ? done(noted) : requestAnimationFrame(look));
  look();
})"""


def test_all_that_a_change_sends_is_handed_to_the_page_at_its_end(
    server: Any, new_context: Callable[..., BrowserContext], settled: Callable[[Page], None]
) -> None:
    """Nothing is before the last message has arrived, and nothing is kept back then."""
    page = new_context().new_page()
    page.add_init_script(NOTED)
    opened(page, f"{server.url}/forward")
    unfolded(page, "forward-numbers")
    knob = page.get_by_role("slider", name="x_1[0]")
    expect(knob).to_be_visible()
    settled(page)
    page.evaluate("noted.length = 0")
    knob.press("ArrowRight")
    noted: list[str] = page.evaluate(GIVEN)
    arrived = noted.index("given")
    assert arrived > 5
    assert noted == ["arrived"] * arrived + ["given"] * arrived
