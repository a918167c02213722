"""A hosted server that is full, and one that is stopped: what pages show, and that nobody who is in loses by it."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from people import BEHIND_A_PROXY, campus
from playwright.sync_api import BrowserContext, Page, Route, expect
from support import PATIENCE, until
from windows import violations

from dashboard.kit.words import say
from quiz.store import Store
from tests.browser.conftest import APP, opened

pytestmark = pytest.mark.deep

NewContext = Callable[..., BrowserContext]
QUESTION = "/quiz?mode=practice&q=interview-05"
FULL, RESTARTING = (say("serving", name).partition("\n")[0] for name in ("full", "restarting"))


def heading(page: Page, words: str) -> Any:
    """A page's title."""
    return page.get_by_role("heading", name=words, level=1)


def test_full_server_tells_whoever_has_no_place(start_server: Callable[..., Any], new_context: NewContext) -> None:
    """In words that everybody can read, also to a page that was sent and found no room; who is in may load again."""
    server = start_server(APP, hosted=True, variables={"UNROLLED_SESSIONS": "1"})
    inside = opened(new_context().new_page(), f"{server.url}/")
    status = inside.reload()
    assert status is not None
    assert status.status == 200
    expect(heading(inside, "Unrolled").first).to_be_visible()
    sent = status.text()
    outside = new_context().new_page()
    answer = outside.goto(f"{server.url}/bptt")
    assert answer is not None
    assert (answer.status, answer.headers["retry-after"]) == (503, "30")
    expect(heading(outside, FULL)).to_be_visible()
    for scheme in ("light", "dark"):
        outside.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert violations(outside) == {}
    late = new_context().new_page()

    def fulfil(route: Route) -> None:
        route.fulfill(body=sent, content_type="text/html", headers={"Content-Security-Policy": ""})

    late.route(f"{server.url}/gates", fulfil, times=1)  # a page for which there was room when it was sent
    late.goto(f"{server.url}/gates")
    expect(heading(late, FULL)).to_be_visible()
    inside.context.close()
    until(lambda: _came_in(outside))


def _came_in(page: Page) -> bool:
    """Whether trying again leads to the page that was asked for."""
    with page.expect_response(f"{urlsplit(page.url).scheme}://**/bptt") as answer:
        page.get_by_role("link", name=say("serving", "again")).click()
    return answer.value.status == 200


def test_stopped_server_keeps_what_is_typed(start_server: Callable[..., Any], new_context: NewContext) -> None:
    """The open page is told, what is typed until the end is kept, and the window comes back by itself."""
    server = start_server(APP, variables=BEHIND_A_PROXY | {"UNROLLED_DRAIN": "3600"})
    context = new_context(extra_http_headers={"X-Remote-User": "grace"})
    page = opened(context.new_page(), server.url + QUESTION)
    page.get_by_label("Your answer").fill("The gradient through many steps")
    until(lambda: "steps" in _kept(server))
    server.process.send_signal(signal.SIGTERM)
    expect(page.get_by_text(say("serving", "going"))).to_be_visible()
    page.get_by_label("Your answer").press_sequentially(" shrinks.")
    until(lambda: "shrinks." in _kept(server))
    other = context.new_page()
    other.goto(server.url)
    expect(heading(other, RESTARTING)).to_be_visible()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=PATIENCE) == 0
    start_server(APP, folder=server.data, port=urlsplit(server.url).port, variables=BEHIND_A_PROXY)
    until(lambda: _is_back(other))
    page.get_by_label("Your answer").press_sequentially(" So it forgets.")
    until(lambda: _kept(server) == "The gradient through many steps shrinks. So it forgets.")


def _is_back(page: Page) -> bool:
    """Whether trying again leads to the first page."""
    page.get_by_role("link", name=say("serving", "again")).click()
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    return heading(page, "Unrolled").count() == 1


def _kept(server: Any) -> str:
    """The half-given answer in the database."""
    with Store.open(server.data / "quiz.sqlite3") as store:
        found = store.draft(campus("grace"), "interview-05")
        return str(found.response.get("text", "")) if found else ""
