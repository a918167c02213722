"""Signing in with an account, end to end: a provider on this machine, our server, and a real browser."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from people import HOSTED
from playwright.sync_api import BrowserContext, Page, expect
from support import PATIENCE, free_port, until
from windows import watch

from quiz.store import Store
from tests.browser.conftest import APP, opened, pressed, rested

pytestmark = pytest.mark.slow

QUESTION = "exploding-what-makes-it"
STYLES = "https://cdn.jsdelivr.net"  # of the provider's own pages; the test answers
SECRETS = """[auth]
redirect_uri = "{ours}/oauth2callback"
cookie_secret = "only-for-tests-0123456789abcdefghijklmnopqrstuvwxyz"
client_id = "unrolled"
client_secret = "also-only-for-tests"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The address of a provider of accounts; whoever names himself there is signed in."""
    port = free_port()
    command = (sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port))
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://localhost:{port}"

    def there() -> bool:
        assert process.poll() is None, "the provider did not start"
        try:
            return bool(urlopen(f"{url}/.well-known/openid-configuration").status == 200)
        except URLError:
            return False

    until(there)
    teacher = b'{"email": "ada@example.edu", "email_verified": true}'
    with urlopen(Request(f"{url}/users/teacher", teacher, {"Content-Type": "application/json"}, method="PUT")):
        pass
    yield url
    process.terminate()
    process.wait(timeout=PATIENCE)


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Any], provider: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A hosted server that offers to sign in there."""
    folder, port = tmp_path_factory.mktemp("signed"), free_port()
    (folder / ".streamlit").mkdir()
    secrets = SECRETS.format(ours=f"http://localhost:{port}", provider=provider)
    (folder / ".streamlit" / "secrets.toml").write_text(secrets, encoding="utf-8")
    return start_server(APP, folder=folder, port=port, variables=HOSTED)


@pytest.fixture
def page(new_context: Callable[..., BrowserContext], server: Any, provider: str) -> Iterator[Page]:
    """A visitor's page; it asks our server and, to sign in, the provider, and nobody else."""
    context = new_context()
    context.route(f"{STYLES}/**", lambda route: route.fulfill(body="", content_type="text/css"))
    complaints = watch(context, {urlsplit(url).netloc for url in (ours(server), provider, STYLES)})
    yield context.new_page()
    assert not complaints, "\n".join(complaints)


def ours(server: Any) -> str:
    """The server's address by the name that the provider sends back to."""
    return str(server.url).replace("127.0.0.1", "localhost")


def sign_in(page: Page, server: Any, name: str) -> None:
    """Sign in as somebody."""
    pressed(page.get_by_role("button", name="Sign in"))
    page.locator("input[name=sub][type=text]").fill(name)
    page.get_by_role("button", name="Authorize").click()
    page.wait_for_url(f"{ours(server)}/**")
    rested(page)  # a page that is left while it loads complains of what it did not get


def test_visitor_signs_in_and_keeps_what_he_did(page: Page, server: Any) -> None:
    """What was answered before comes along, under an id without name or address; signing out ends it."""
    opened(page, f"{ours(server)}/quiz?mode=practice&q={QUESTION}")
    page.get_by_role("button", name="Show the answer").click()
    expect(page.get_by_text("– Answer shown")).to_be_visible()
    page.get_by_role("link", name="Join a class").click()
    sign_in(page, server, "grace")
    opened(page, f"{ours(server)}/progress")
    expect(page.get_by_text("You are signed in.")).to_be_visible()
    expect(page.get_by_role("link", name="Classes")).to_have_count(0)
    (learner,) = learners(server.data)
    assert learner.startswith("user-")
    assert "grace" not in learner
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()  # the provider's own
    page.wait_for_url(f"{ours(server)}/**")
    rested(page)
    opened(page, f"{ours(server)}/progress")
    expect(page.get_by_text("You are not signed in here")).to_be_visible()


def test_an_open_tab_gives_nothing_more_to_who_signed_out(page: Page, server: Any) -> None:
    """An answer given there is kept for nobody; the tab says so, and goes on as a visitor's once it is loaded anew."""
    opened(page, f"{ours(server)}/join")
    sign_in(page, server, "hedy")
    other = opened(page.context.new_page(), f"{ours(server)}/quiz?mode=practice&q={QUESTION}")
    opened(page, f"{ours(server)}/progress")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="End session").click()
    page.wait_for_url(f"{ours(server)}/**")
    before = learners(server.data)
    other.get_by_role("button", name="Show the answer").click()
    expect(other.get_by_role("heading", level=1, name="Signed out")).to_be_visible()
    assert learners(server.data) == before
    other.get_by_role("button", name="Reload the page").click()
    expect(other.get_by_role("heading", level=1, name="Signed out")).to_have_count(0)
    other.get_by_role("button", name="Show the answer").click()
    expect(other.get_by_text("– Answer shown")).to_be_visible()
    assert learners(server.data) == before


def learners(data: Path) -> list[str]:
    """Who has answered the question."""
    with Store.open(data / "quiz.sqlite3") as store, store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT learner FROM attempt WHERE question = ?", (QUESTION,))
        return [str(name) for name in rows.scalars()]


def test_configured_address_makes_a_teacher(page: Page, server: Any) -> None:
    """Whoever signs in with it finds the classes in the sidebar."""
    opened(page, f"{ours(server)}/join")
    sign_in(page, server, "teacher")
    page.get_by_role("link", name="Classes").click()
    expect(page.get_by_text("You have no class yet.")).to_be_visible()
