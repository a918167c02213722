"""What the quiz keeps, in a real browser: drafts, what is due, a killed server, two windows, a damaged database."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from support import until

from quiz.attempt import Attempt
from quiz.grading.grade import right_response
from quiz.load import load_bank
from quiz.store import Store
from tests.browser.conftest import pressed

pytestmark = pytest.mark.slow

APP = (sys.executable, "-m", "dashboard.launch")
FILE = "quiz.sqlite3"
PHONE = {"width": 390, "height": 844}
OVERFLOW = "element => element.scrollWidth - element.clientWidth"


@pytest.fixture
def own_page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page of a browser that may lose its server: nothing it complains of fails the test."""
    return new_context().new_page()


def button(page: Page, name: str) -> Any:
    """A button by the beginning of its label; its shortcut may follow."""
    return page.get_by_test_id("stMain").get_by_role("button", name=re.compile(f"^{name}"))


def draft(server: Any, question: str) -> Any:
    """What is kept of a half-given answer."""
    with Store.open(server.data / FILE) as store:
        found = store.draft("local", question)
        return found.response if found else None


def verdicts(server: Any, question: str) -> list[str]:
    """The verdicts kept on a question, newest first."""
    with Store.open(server.data / FILE) as store:
        return [attempt.verdict for attempt in store.attempts("local", question)]


def a_question(kind: str, place: int = 0) -> Any:
    """A question of the bank of that kind."""
    return [question for question in load_bank().questions if question.kind == kind][place]


def test_killed_server_loses_nothing_that_was_given(start_server: Callable[..., Any], own_page: Page) -> None:
    """After SIGKILL and a restart the open page goes on by itself, with the answer handed in and the half-typed one."""
    server, page, done = start_server(APP), own_page, a_question("count", 2)
    page.goto(f"{server.url}/quiz?mode=practice&q={done.id}")
    page.get_by_role("textbox").fill(right_response(done))
    pressed(button(page, "Check"))
    expect(page.get_by_role("status").filter(has_text="✓ Right")).to_be_visible()
    page.goto(f"{server.url}/quiz?mode=practice&q=interview-05")
    page.get_by_label("Your answer").fill("The gradient through many steps")
    until(lambda: draft(server, "interview-05"))
    server.process.kill()
    server.process.wait()
    start_server(APP, folder=server.data, port=urlsplit(server.url).port)
    assert verdicts(server, done.id) == ["correct"]
    page.get_by_label("Your answer").press_sequentially(" shrinks.")
    until(lambda: "shrinks." in (draft(server, "interview-05") or {}).get("text", ""))
    pressed(button(page, "Go to the checks"))
    expect(page.get_by_text("The gradient through many steps shrinks.", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", name="Checks")).to_be_visible()


def test_due_question_is_reviewed(start_server: Callable[..., Any], own_page: Page) -> None:
    """What was answered a month ago is due; answered again it is due no more."""
    server, page, question = start_server(APP), own_page, a_question("count", 0)
    then = datetime.now(UTC) - timedelta(days=30)
    before = Attempt(
        key=str(UUID(int=1)), learner="local", question=question.id, mode="practice", asked_at=then, answered_at=then,
        response="7", verdict="correct", score=1.0, credit=1.0,
    )  # fmt: skip
    with Store.open(server.data / FILE) as store:
        store.add(before)
    page.goto(f"{server.url}/quiz")
    expect(page.get_by_text("1 due today")).to_be_visible()
    pressed(button(page, "Start the review"))
    page.get_by_role("textbox").fill(right_response(question))
    pressed(button(page, "Check"))
    expect(page.get_by_text(re.compile(r"^Next review .*, in \d+ days$"))).to_be_visible()
    pressed(button(page, "Next question"))
    expect(page.get_by_role("heading", name="Nothing is due")).to_be_visible()
    with Store.open(server.data / FILE) as store:
        assert [attempt.mode for attempt in store.attempts("local", question.id)] == ["review", "practice"]


def test_half_given_answers_come_back_after_a_reload(open_page: Callable[[str], Page], server: Any) -> None:
    """Typed, chosen and called answers stand where they stood, options in the order they had."""
    claims = a_question("claims", 3)
    page = open_page(f"/quiz?mode=practice&q={claims.id}")
    groups = page.get_by_role("radiogroup")
    groups.nth(1).get_by_text("False", exact=True).click()
    until(lambda: draft(server, claims.id))
    names = groups.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    page.reload()
    expect(groups.nth(1).get_by_role("radio", name="False")).to_be_checked()
    expect(groups).to_have_count(len(names))
    assert groups.evaluate_all("all => all.map(one => one.getAttribute('aria-label'))") == names
    page.goto(f"{server.url}/quiz?mode=practice&q=interview-07")
    page.get_by_label("Your answer").fill("The cell's memory, ")
    until(lambda: draft(server, "interview-07"))
    page.reload()
    expect(page.get_by_label("Your answer")).to_have_value("The cell's memory, ")


def test_too_long_answer_is_told_while_typing(open_page: Callable[[str], Page], server: Any) -> None:
    """Beyond what can be kept the field says so, nothing goes on, and the text stays."""
    page = open_page("/quiz?mode=practice&q=interview-04")
    page.get_by_label("Your answer").fill("é" * 1600)
    expect(page.get_by_role("status").filter(has_text="Too long by 200")).to_be_visible()
    pressed(button(page, "Go to the checks"))
    expect(page.get_by_role("alert")).to_contain_text("too long to be kept")
    expect(page.get_by_label("Your answer")).to_have_value("é" * 1600)
    assert draft(server, "interview-04") is None


def test_two_windows_count_an_answer_once(open_page: Callable[[str], Page], server: Any) -> None:
    """The same half-given question handed in from two windows is one attempt, and the second window says so."""
    question = a_question("numeric", 4)
    page = open_page(f"/quiz?mode=practice&q={question.id}")
    page.get_by_role("textbox").fill(right_response(question))
    until(lambda: draft(server, question.id))
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("textbox")).to_have_value(right_response(question))
    for window in (page, other):
        pressed(button(window, "Check"))
        expect(window.get_by_role("status").filter(has_text="✓ Right")).to_be_visible()
    expect(other.get_by_text("already answered in another window")).to_be_visible()
    assert verdicts(server, question.id) == ["correct"]


@pytest.mark.parametrize(
    "query", ["mode=zebra", "mode=practice&q=%3Cscript%3E&v=x", "mode=practice&topic=zebra&list=,,"]
)
def test_nonsense_in_the_address_does_no_harm(open_page: Callable[[str], Page], query: str) -> None:
    """A bad address leads to a question or the start, with a plain word at most."""
    page = open_page(f"/quiz?{query}")
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(button(page, "Check").or_(button(page, "Start practising")).or_(button(page, "Go to")).first).to_be_visible()


def test_damaged_database_is_told_on_every_page_of_the_quiz(start_server: Callable[..., Any], own_page: Page) -> None:
    """Each page says which file is damaged and leaves it as it was; the other pages work."""
    server, page = start_server(APP), own_page
    (server.data / FILE).write_bytes(b"SQLite format 3\0" + b"damaged" * 1000)
    for mode in ("", "practice", "review", "interview"):
        page.goto(f"{server.url}/quiz?mode={mode}")
        expect(page.get_by_role("alert")).to_contain_text(FILE)
        expect(page.get_by_test_id("stException")).to_have_count(0)
    page.goto(f"{server.url}/inspector")
    expect(page.get_by_role("heading", name="Inspector", level=1)).to_be_visible()
    pressed(button(page, "Ask me a question"))
    expect(page.get_by_role("alert")).to_contain_text(FILE)
    assert (server.data / FILE).read_bytes().count(b"damaged") == 1000


def test_check_on_the_inspector(open_page: Callable[[str], Page]) -> None:
    """The Inspector asks a question on demand, shows its answer and asks another."""
    page = open_page("/inspector")
    pressed(button(page, "Ask me a question"))
    pressed(button(page, "Show the answer"))
    expect(page.get_by_role("status").filter(has_text="Answer shown")).to_be_focused()
    pressed(button(page, "Another question"))
    expect(button(page, "Check")).to_be_visible()
    expect(page.get_by_role("heading", name="Inspector", level=1)).to_be_visible()


def test_fields_have_no_accessibility_violation(
    open_page: Callable[[str], Page], accessible: Callable[[Page], None]
) -> None:
    """Fields of several kinds pass every axe rule in both themes."""
    for kind in ("order", "cloze", "claims"):
        page = open_page(f"/quiz?mode=practice&q={a_question(kind).id}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        accessible(page)


@pytest.mark.parametrize("viewport", [PHONE])
def test_phone_needs_no_sideways_scrolling(open_page: Callable[[str], Page]) -> None:
    """A long question fits a phone."""
    for kind in ("cloze", "order"):
        page = open_page(f"/quiz?mode=practice&q={a_question(kind).id}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.get_by_test_id("stMain").evaluate(OVERFLOW) == 0
