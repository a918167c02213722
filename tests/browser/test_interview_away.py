"""The mock interview while its database server is away, in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from postgres import TEMPLATE, Cluster
from support import until

from quiz.store import Store
from tests.browser.conftest import APP, opened, pressed
from tests.browser.test_interview import button

pytestmark = pytest.mark.slow

WORDS = "The gradient is a product of many factors, one for each step."


@pytest.fixture
def place(cluster: Cluster) -> Iterator[str]:
    """The URL of an empty database."""
    made = cluster.create(template=TEMPLATE)
    yield made
    cluster.drop(made)


def test_an_answer_waits_and_hands_itself_in(
    new_context: Callable[..., BrowserContext], start_server: Callable[..., Any], cluster: Cluster, place: str
) -> None:
    """Words typed when the server is gone stand on the page, and are kept once when it is back, without a press."""
    server = start_server(APP, variables={"UNROLLED_DATA": place})
    page = opened(new_context().new_page(), f"{server.url}/quiz")
    pressed(button(page, "Start the interview"))
    field = page.get_by_role("textbox", name="Your answer")
    field.wait_for()
    cluster.kill()
    try:
        field.fill(WORDS)
        pressed(button(page, "Hand in and go on"))
        pressed(button(page, "Hand in all the same"))
        waits = page.get_by_role("alert").filter(has_text="Your answer is kept on this page")
        expect(waits).to_be_visible()
        expect(page.get_by_text(WORDS)).to_be_visible()
    finally:
        cluster.start()
    expect(waits).to_have_count(0)
    expect(page.get_by_text("The interviewer asks back").or_(button(page, "Hand in and go on"))).to_be_visible()
    with Store.open(place) as store:
        until(lambda: store.attempts("local"))
        (kept,) = store.attempts("local")
    assert kept.response["text"] == WORDS
