"""A visitor's answers on a hosted server: kept for the visit, through a lost connection, and no longer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from dashboard.kit.words import say
from quiz.grading.grade import right_response
from quiz.load import load_bank
from tests.browser.conftest import APP

pytestmark = pytest.mark.slow

QUESTION = next(question for question in load_bank().questions if question.kind == "count")
RIGHT = "✓ Right"


@pytest.fixture(scope="module")
def hosted(start_server: Callable[..., Any]) -> Any:
    """A hosted server."""
    return start_server(APP, hosted=True)


@pytest.fixture
def visitor(new_context: Callable[..., BrowserContext]) -> Page:
    """A visitor's page; a connection that is cut may be complained of."""
    return new_context().new_page()


def answer(page: Page, url: str) -> None:
    """Answer a question rightly."""
    page.goto(f"{url}/quiz?mode=practice&q={QUESTION.id}")
    page.get_by_role("textbox").fill(right_response(QUESTION))
    page.get_by_role("button", name=re.compile("^Check")).click()
    expect(page.get_by_role("status").filter(has_text=RIGHT)).to_be_visible()


def open_progress(page: Page) -> None:
    """Go to the page of progress, within the visit."""
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Progress").click()
    expect(page.get_by_role("heading", name="Progress", level=1)).to_be_visible()
    expect(page.get_by_text(say("asking", "visitor"))).to_be_visible()


def test_answer_is_kept_for_the_visit_and_nowhere_else(hosted: Any, visitor: Page) -> None:
    """It counts on the other pages, is in no file of the server, and is gone after a reload, as the page says."""
    answer(visitor, hosted.url)
    open_progress(visitor)
    expect(visitor.get_by_role("heading", name="Your data")).to_be_visible()
    expect(visitor.get_by_text(say("progress", "empty"))).to_have_count(0)
    kept = [path for path in hosted.data.rglob("*") if path.is_file() and b"visit-" in path.read_bytes()]
    assert kept == []
    visitor.reload()
    expect(visitor.get_by_text(say("progress", "empty"))).to_be_visible()


def test_two_visitors_keep_apart(hosted: Any, visitor: Page, new_context: Callable[..., BrowserContext]) -> None:
    """What one answers another does not see, nor can delete."""
    answer(visitor, hosted.url)
    other = new_context().new_page()
    other.goto(f"{hosted.url}/progress")
    expect(other.get_by_text(say("progress", "empty"))).to_be_visible()
    open_progress(visitor)
    expect(visitor.get_by_text(say("progress", "empty"))).to_have_count(0)


def test_lost_connection_does_not_end_the_visit(hosted: Any, visitor: Page) -> None:
    """The page connects again by itself and finds its answers."""
    connections: list[WebSocketRoute] = []

    def pass_on(page_side: WebSocketRoute) -> None:
        page_side.connect_to_server()
        connections.append(page_side)

    visitor.route_web_socket(re.compile("/_stcore/stream$"), pass_on)
    answer(visitor, hosted.url)
    connections[0].close(code=1011)
    open_progress(visitor)
    assert len(connections) == 2
    expect(visitor.get_by_text(say("progress", "empty"))).to_have_count(0)
