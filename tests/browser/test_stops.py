"""Where people stop in a lesson: a beat that is stayed on is told once, in one small message, on a hosted server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocket, expect
from support import until

from tests.browser import test_classes
from tests.browser.conftest import SETTLED, opened
from tests.browser.test_beats import beats
from tests.browser.test_classes import Room, joined

pytestmark = pytest.mark.deep

server, room, visitor = test_classes.server, test_classes.room, test_classes.visitor
BUDGET = 15  # messages that a change may cost
# Presses on beats one after the other, with no time between them.
HURRIED = """(beat, numbers) => {
  for (const number of numbers) beat.getRootNode().querySelectorAll(".beat-segment")[number - 1].click();
}"""


def test_a_beat_without_a_question_counts_when_it_is_reached(room: Room, visitor: Callable[..., Page]) -> None:
    """Hurried past, several cost one message; what is known already costs none; the class's figures have the last."""
    page = visitor()
    sent: list[str | bytes] = []
    got: list[str | bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(frame))
        socket.on("framereceived", lambda frame: got.append(frame))

    page.on("websocket", listen)
    joined(page, room)
    opened(page, f"{room.url}/bptt")
    beats(page)
    learner = next(name for name in reached(room) if name.startswith("by-code-"))
    assert reached(room)[learner] == 1
    sent.clear()
    got.clear()
    for last in (3, 4):
        beats(page).first.evaluate(HURRIED, [2, 1, 2, last])
        until(lambda last=last: reached(room)[learner] == last)
        page.evaluate(SETTLED)
    expect(page.locator(".beat-segment[aria-current=step]")).to_have_count(1)
    assert len(sent) == 2
    assert 0 < len(got) <= 2 * BUDGET


def reached(room: Room) -> dict[str, Any]:
    """The furthest beat of each learner who opened the assigned lesson."""
    with room.store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT learner, max(beat, 1) FROM place WHERE lesson = 'bptt'")
        return {str(learner): beat for learner, beat in rows}
