"""How the pages are sent: nothing is asked for in vain, wherever the server is, and nothing comes from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from windows import watch

from tests.browser.conftest import APP, FINISHED, SETTLED

pytestmark = pytest.mark.deep

NewContext = Callable[..., BrowserContext]
TRY = """address => new Promise(done => {
  document.addEventListener('securitypolicyviolation', event => done(event.effectiveDirective), { once: true });
  const socket = new WebSocket(address);
  socket.onopen = () => { socket.close(); done('opened'); };
  socket.onclose = () => setTimeout(() => done('closed'));
})"""


def test_pages_below_a_path(start_server: Callable[..., Any], new_context: NewContext) -> None:
    """Below a path the pages open, lead to each other and come back, with nothing asked for in vain."""
    server = start_server(APP, below="/courses/rnn")
    context = new_context()
    complaints = watch(context, [server.url.split("/")[2]])
    page = context.new_page()
    page.goto(f"{server.url}/gates?t=3")
    page.locator(FINISHED).wait_for()
    page.evaluate(SETTLED)
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Inspector").click()
    page.wait_for_url(f"{server.url}/inspector**")
    expect(page.get_by_role("heading", name="Inspector", level=1)).to_be_visible()
    page.go_back()
    page.wait_for_url(f"{server.url}/gates**")
    page.goto(f"{server.url}/")
    page.locator(FINISHED).wait_for()
    page.evaluate(SETTLED)
    context.close()
    assert not complaints


def test_server_is_reached_by_every_name_of_the_machine(
    start_server: Callable[..., Any], new_context: NewContext
) -> None:
    """By name, IPv4 and IPv6, an answer's keeping is promised, and the policy fits the address."""
    server = start_server(APP, address="::")
    port = server.url.rpartition(":")[2]
    for host in ("localhost", "127.0.0.1", "[::1]"):
        context = new_context()
        complaints = watch(context, [f"{host}:{port}"])
        page = context.new_page()
        page.goto(f"http://{host}:{port}/quiz")
        expect(page.get_by_text("It is kept on this machine.")).to_be_visible()
        page.evaluate(SETTLED)  # a page that is closed while it loads complains of what it did not get
        context.close()
        assert not complaints


def test_page_speaks_to_its_own_server_alone(server: Any, new_context: NewContext) -> None:
    """A websocket to it opens; one to another address of the same machine, another port or the net is not tried."""
    page = new_context().new_page()
    page.goto(server.url)
    own = server.url.replace("http", "ws")
    assert page.evaluate(TRY, f"{own}/_stcore/stream") == "opened"
    for other in (own.replace("127.0.0.1", "127.0.0.2"), "ws://127.0.0.1:9", "wss://example.org"):
        assert page.evaluate(TRY, f"{other}/_stcore/stream") == "connect-src"
