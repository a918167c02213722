"""Practice in a real browser: second tries, the way back, two windows, ten minutes, days and goal, code."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from support import until

from quiz.attempt import Attempt
from quiz.grading.grade import right_response
from quiz.load import load_bank
from quiz.store import Store
from tests.browser.conftest import opened, pressed

pytestmark = pytest.mark.slow

FINISHED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
PHONE = {"width": 390, "height": 844}
SLIP = load_bank()["forward-first-step"]  # 0.5 is a slip of it, whose reply closes with the key
KEY = "0.4621"


@pytest.fixture
def fresh(server: Any) -> Any:
    """The server with nothing kept of its learner."""
    with Store.open(server.data / "quiz.sqlite3") as store:
        store.delete("local")
    return server


def attempts(server: Any, question: str | None = None) -> list[Attempt]:
    """What is kept, newest first."""
    with Store.open(server.data / "quiz.sqlite3") as store:
        return list(store.attempts("local", question))


def button(page: Page, name: str) -> Any:
    """A button by the beginning of its label, once the run is done."""
    page.locator(FINISHED).wait_for()
    return page.get_by_test_id("stMain").get_by_role("button", name=re.compile(f"^{name}"))


def status(page: Page, words: str) -> Any:
    """The line that says how an answer went."""
    return page.get_by_role("status").filter(has_text=words)


def asked(page: Page) -> tuple[str, str]:
    """The question and variant that the address names."""
    query = parse_qs(urlsplit(page.url).query)
    return query.get("q", [""])[0], query.get("v", [""])[0]


def test_slip_is_named_before_the_key_is_shown(open_page: Callable[[str], Page], fresh: Any) -> None:
    """The fields stay, the key is not on the page, a reload changes nothing, and right then counts half."""
    page = open_page(f"/quiz?mode=practice&q={SLIP.id}")
    field = page.get_by_role("textbox")
    field.fill("0.5")
    field.press("Enter")
    expect(status(page, "a second try counts half")).to_be_visible()
    for _ in range(2):
        expect(page.get_by_text("is the pre-activation")).to_be_visible()
        expect(field).to_have_value("0.5")
        expect(page.get_by_test_id("stMain")).not_to_contain_text(KEY)
        assert attempts(fresh) == []
        opened(page, page.url)
    until(
        lambda: (field.press("Enter"), page.get_by_role("alert").count())[1]
    )  # the key is listened for after a moment
    expect(page.get_by_role("alert")).to_contain_text("the answer you gave before")
    field.fill(KEY)
    field.press("Enter")
    expect(status(page, "✓ Right · counts 50 % at the second try")).to_be_focused()
    (kept,) = attempts(fresh)
    assert (kept.first, kept.response, kept.score, kept.credit) == ("0.5", KEY, 0.5, 0.5)


def test_back_returns_to_the_very_variant(open_page: Callable[[str], Page], fresh: Any) -> None:
    """The browser's Back and “Previous question” show a generated question with its numbers and its feedback."""
    page, first = open_page("/quiz?mode=practice&q=gen-step-delta&v=7"), ("gen-step-delta", "7")
    prompt = page.get_by_role("heading", level=1).inner_text()
    pressed(button(page, "Show the answer"))
    pressed(button(page, "Next question"))
    page.wait_for_url(lambda _: asked(page) != first)
    second = asked(page)
    for back, on in ((page.go_back, page.go_forward), (button(page, "Previous question").click, None)):
        expect(button(page, "Check").or_(button(page, "Go to the checks"))).to_be_visible()
        back()
        expect(status(page, "Answer shown")).to_be_visible()
        assert asked(page) == first
        assert page.get_by_role("heading", level=1).inner_text() == prompt
        on() if on else button(page, "Next question").click()
        page.wait_for_url(lambda _: asked(page) != first)
        assert asked(page) == second
    assert len(attempts(fresh)) == 1


def test_two_tabs_on_one_fresh_question_count_once(open_page: Callable[[str], Page], fresh: Any) -> None:
    """Opened in both before anything was typed, answered in both: one attempt, and the second says so."""
    question = next(q for q in load_bank().questions if q.kind == "count")
    page = open_page(f"/quiz?mode=practice&q={question.id}")
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.get_by_role("textbox")).to_be_visible()
    for window in (page, other):
        window.get_by_role("textbox").fill(right_response(question))
        pressed(button(window, "Check"))
        expect(status(window, "✓ Right")).to_be_visible()
    expect(other.get_by_text("already answered in another window")).to_be_visible()
    assert len(attempts(fresh, question.id)) == 1


def test_ten_minutes_begin_and_end(
    new_context: Callable[..., BrowserContext], fresh: Any, accessible: Callable[[Page], None]
) -> None:
    """Some questions one after another, then the way in again with what was done, the day counted, the goal reached."""
    noon = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"  # where no day ends meanwhile
    page = opened(new_context(timezone_id=noon).new_page(), f"{fresh.url}/quiz")
    page.get_by_role("button", name=re.compile("goal")).click()
    goal = page.get_by_label("Answers a day")
    goal.fill("2")
    goal.press("Enter")
    page.keyboard.press("Escape")
    expect(page.get_by_text("0 of 2 answers today")).to_be_visible()
    pressed(button(page, "Ten minutes"))
    expect(page.get_by_text(re.compile(r"\d+ more, about \d+ min"))).to_be_visible()
    count = 0
    while True:
        here = asked(page)
        pressed(page.get_by_test_id("stMain").get_by_role("button", name="Show the answer"))
        expect(status(page, "Answer shown")).to_be_visible()
        count += 1
        if (onward := button(page, "Next question")).count() == 0:
            break
        pressed(onward)
        page.wait_for_url(lambda _, left=here: asked(page) != left)
        expect(status(page, "Answer shown")).to_have_count(0)
    pressed(button(page, "Finish"))
    expect(page.get_by_text(f"{count} answered, 0 right")).to_be_visible()
    expect(page.get_by_text(f"{count} of 2 answers today: your goal is reached")).to_be_visible()
    assert 5 <= count <= 16
    assert len({(kept.question, kept.variant) for kept in attempts(fresh)}) == count
    today = page.locator(".days li").last
    expect(today).to_contain_text(f"{count} answers, goal reached")
    accessible(page)


@pytest.mark.parametrize("viewport", [PHONE])
def test_phone_fits_the_start_and_code(open_page: Callable[[str], Page], accessible: Callable[[Page], None]) -> None:
    """At 390 px neither the record of days nor lines of code push anything out of the window; axe agrees."""
    for path in ("/quiz", "/quiz?mode=practice&q=code-lstm-bug-output", "/quiz?mode=practice&q=code-rnn-delta"):
        page = open_page(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        accessible(page)


def test_right_answer_in_a_review_is_called_hard_or_easy(page: Page, fresh: Any) -> None:
    """Easy puts the next review further off than good, hard nearer; what is kept says which."""
    question = next(q for q in load_bank().questions if q.kind == "count")
    then = datetime.now(UTC) - timedelta(days=30)
    with Store.open(fresh.data / "quiz.sqlite3") as store:
        store.add(Attempt(
            key=str(UUID(int=1)), learner="local", question=question.id, mode="practice", asked_at=then,
            answered_at=then, response="7", verdict="correct", score=1.0, credit=1.0,
        ))  # fmt: skip
    page.goto(f"{fresh.url}/quiz?mode=review")
    page.get_by_role("textbox").fill(right_response(question))
    pressed(button(page, "Check"))
    expect(status(page, "✓ Right")).to_be_visible()
    days = {}
    for called in ("Good", "Easy", "Hard"):
        if called != "Good":
            before = page.get_by_text(re.compile("^Next review")).inner_text()
            page.get_by_role("radio", name=called).click()
            expect(page.get_by_text(re.compile("^Next review"))).not_to_have_text(before)
        days[called] = int(re.search(r"in (\d+) days", page.get_by_text(re.compile("^Next review")).inner_text())[1])  # type: ignore[index]
    assert days["Hard"] < days["Good"] < days["Easy"]
    kept = attempts(fresh, question.id)[0]
    assert (kept.hard, kept.easy) == (True, False)


def test_missed_blank_is_struck_with_the_right_word_beside_it(open_page: Callable[[str], Page], fresh: Any) -> None:
    """One's own word is crossed out in the text, the right one stands after it and is not red."""
    question = load_bank()["readout-which-function"]
    page = open_page(f"/quiz?mode=practice&q={question.id}")
    for number, filling in enumerate(("tanh", "tanh"), 1):
        page.get_by_label(f"Blank {number}").click()
        page.get_by_role("option", name=filling, exact=True).click()
    pressed(button(page, "Check"))
    expect(status(page, "0 of 2")).to_be_visible()
    pressed(button(page, "Show the answer"))
    text = page.locator('[class*="st-key-filled-"] p').first
    expect(text).to_contain_text("✕ tanh sigmoid")
    expect(text.locator("del").first).to_have_text("tanh")
    expect(text.locator("strong").first).to_have_text("sigmoid")
    assert fresh
