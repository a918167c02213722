"""The quiz in a real browser: every kind of question, the interview, what survives a reload and a kill."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from support import until

from quiz.attempt import Attempt
from quiz.grading.grade import again, grade, judge_text, right_response
from quiz.grading.judges import predicted
from quiz.load import load_bank
from quiz.schema import Choice, Claims, Cloze, Multi, Open, Order, Predict
from quiz.store import Store
from tests.browser.conftest import pressed, rested

APP = (sys.executable, "-m", "dashboard.launch")
PHONE = {"width": 390, "height": 844}
TYPED = ("numeric", "count", "shape", "formula", "predict")
KINDS = ("choice", "multi", "claims", *TYPED, "order", "cloze")
HOSTILE = "A sigmoid <script>alert(1)</script> <b>x</b> **bold** $x^2$ :red[no] www.example.com is every dimension."
FINISHED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
OVERFLOW = "element => element.scrollWidth - element.clientWidth"


def kept(server: Any, question: str) -> list[Attempt]:
    """The attempts on a question in a server's store, newest first."""
    with Store.open(server.data / "quiz.sqlite3") as store:
        return list(store.attempts("local", question))


def draft(server: Any, question: str) -> Any:
    """What is kept of a half-given answer."""
    with Store.open(server.data / "quiz.sqlite3") as store:
        found = store.draft("local", question)
        return found.response if found else None


def forget(server: Any) -> None:
    """Put away what earlier tests answered: a question that was answered opens with its verdict."""
    with Store.open(server.data / "quiz.sqlite3") as store:
        store.delete("local")


def plain(kind: str) -> Any:
    """A question of the bank of that kind whose parts are words without formulas, which a test can look up."""
    for question in load_bank().questions:
        if question.kind == kind and not re.search(r"[$`*]", " ".join(parts(question))):
            return question
    raise AssertionError(kind)


def about(name: str) -> Open:
    """An open question."""
    question = load_bank()[name]
    assert isinstance(question, Open)
    return question


def parts(question: Any) -> list[str]:
    """What a learner chooses from."""
    match question:
        case Choice(options=options) | Multi(options=options):
            return [option.text for option in options]
        case Claims(claims=claims):
            return [claim.text for claim in claims]
    return []


def a_slip(question: Any) -> Any:
    """A response that is wrong, and known as a slip where the kind has slips."""
    right = right_response(question)
    match question:
        case Choice(options=options):
            return next(option.id for option in options if not option.right)
        case Multi(options=options):
            return [option.id for option in options if not option.right]
        case Claims():
            return {name: not called for name, called in right.items()}
        case Order():
            return right[::-1]
        case Cloze(blanks=blanks):
            return {
                str(number): next(filling for filling in blank.options if filling not in blank.accept)
                if blank.options
                else "zebra"
                for number, blank in enumerate(blanks, 1)
            }
        case Predict():
            return predicted(question).slips[0].answer
    return question.slips[0].answer


def give(page: Page, question: Any, response: Any) -> None:
    """Enter a response as a learner would."""
    rested(page)
    main = page.get_by_test_id("stMain")
    match question:
        case Choice(options=options):
            main.get_by_text(next(one.text for one in options if one.id == response), exact=True).click()
        case Multi(options=options):
            for option in options:
                if option.id in response:
                    main.get_by_text(option.text, exact=True).click()
        case Claims(claims=claims):
            for claim in claims:
                called = "True" if response[claim.id] else "False"
                main.get_by_role("radiogroup", name=claim.text).get_by_text(called, exact=True).click()
        case Order():
            for place, step in enumerate(response, 1):
                pressed = main.locator(f'[class*="{question.id}-{step}"] button')
                pressed.focus()
                page.keyboard.press("Enter")
                expect(pressed).to_contain_text(f"counter_{place}")
        case Cloze(blanks=blanks):
            for number, blank in enumerate(blanks, 1):
                field = main.get_by_label(f"Blank {number}")
                if blank.options:
                    field.click()
                    page.get_by_role("option", name=response[str(number)], exact=True).click()
                else:
                    field.fill(response[str(number)])
                    field.blur()
        case _:
            main.get_by_role("textbox").fill(response)
            expect(main.get_by_text(re.compile("^Read as"))).to_be_visible()


def button(page: Page, name: str) -> Any:
    """A button by the beginning of its label, once the run is done: until then the last one's may still be there."""
    page.locator(FINISHED).wait_for()
    return page.get_by_test_id("stMain").get_by_role("button", name=re.compile(f"^{name}"))


def status(page: Page, words: str) -> Any:
    """The line that says how an answer went."""
    return page.get_by_role("status").filter(has_text=words)


@pytest.mark.few(4)
@pytest.mark.parametrize("kind", KINDS)
def test_kind_is_asked_and_checked(open_page: Callable[[str], Page], server: Any, kind: str) -> None:
    """A wrong answer is told why, takes the focus to its verdict and is kept; asked anew, the right one is right."""
    question = plain(kind)
    forget(server)
    page = open_page(f"/quiz?mode=practice&q={question.id}")
    wrong = a_slip(question)
    give(page, question, wrong)
    pressed(button(page, "Check"))
    verdict = grade(question, wrong).verdict
    expect(status(page, {"wrong": "Not right", "partial": "Partly right"}[verdict])).to_be_visible()
    if again(question, grade(question, wrong)):  # its slip is named, and a second try would follow
        expect(status(page, "a second try counts half")).to_be_visible()
        assert not kept(server, question.id)
        pressed(button(page, "Show the answer"))
    expect(status(page, "Right").or_(status(page, "right")).or_(status(page, "Answer shown")).first).to_be_focused()
    pressed(button(page, "Try it again"))
    expect(button(page, "Check")).to_be_visible()
    give(page, question, right_response(question))
    button(page, "Check").dblclick()
    until(lambda: len(kept(server, question.id)) == 2)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert [attempt.verdict for attempt in kept(server, question.id)] == ["correct", verdict]


def test_malformed_answer_is_refused_and_not_counted(open_page: Callable[[str], Page], server: Any) -> None:
    """What can't be read is told so while typing and on Check, and is no attempt."""
    question = [q for q in load_bank().questions if q.kind == "numeric"][1]
    forget(server)
    page = open_page(f"/quiz?mode=practice&q={question.id}")
    pressed(button(page, "Check"))
    expect(page.get_by_role("alert")).to_contain_text("Type an answer")
    page.get_by_role("textbox").fill("<b>about half</b>")
    pressed(button(page, "Check"))
    expect(page.get_by_role("alert")).to_contain_text("<b>about half</b>")
    assert not kept(server, question.id)


def test_keyboard_answers_and_goes_on(open_page: Callable[[str], Page], server: Any) -> None:
    """Enter or Ctrl+Enter checks what is typed; pressed again they skip nothing, and Shift+Enter goes on."""
    forget(server)
    for place, press in ((1, "Enter"), (2, "Control+Enter")):
        question = [q for q in load_bank().questions if q.kind == "count"][place]
        page = open_page(f"/quiz?mode=practice&q={question.id}")
        page.get_by_role("textbox").fill(right_response(question))
        page.keyboard.press(press)
        expect(status(page, "✓ Right")).to_be_focused()
        for skipping in ("Enter", "Control+Enter"):
            page.keyboard.press(skipping)
        button(page, "Next question").wait_for()
        expect(status(page, "✓ Right")).to_be_focused()
        page.keyboard.press("Shift+Enter")
        page.wait_for_url(lambda url, left=question.id: f"q={left}" not in url)
        assert [attempt.verdict for attempt in kept(server, question.id)] == ["correct"]


def test_answer_can_be_seen_and_counts_as_a_miss(open_page: Callable[[str], Page], server: Any) -> None:
    """Asking for the answer shows it, says that it is a miss, and keeps it as one."""
    question = [q for q in load_bank().questions if q.kind == "formula"][1]
    forget(server)
    page = open_page(f"/quiz?mode=practice&q={question.id}")
    pressed(button(page, "Show the answer"))
    expect(status(page, "Answer shown")).to_contain_text("counts as a miss")
    assert [(a.verdict, a.score) for a in kept(server, question.id)] == [("wrong", 0.0)]


@pytest.mark.slow
def test_hint_costs_credit_and_survives_a_reload(open_page: Callable[[str], Page], server: Any) -> None:
    """A hint says its price, stays open after a reload with what was typed, and lowers the credit."""
    question = next(q for q in load_bank().questions if q.kind == "numeric" and q.hints)
    forget(server)
    page = open_page(f"/quiz?mode=practice&q={question.id}")
    give(page, question, right_response(question))
    pressed(button(page, "Hint 1"))
    expect(page.get_by_text(re.compile("^Hint 1 ·"))).to_be_visible()
    page.reload()
    expect(page.get_by_text(re.compile("^Hint 1 ·"))).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_value(right_response(question))
    pressed(button(page, "Check"))
    expect(status(page, "✓ Right")).to_contain_text("counts 75 % after 1 hint")
    assert kept(server, question.id)[0].credit == 0.75


def open_question(page: Page, server: Any) -> None:
    """Go through an open question: words, a second try, claims, an answer shown."""
    forget(server)
    page.goto(f"{server.url}/quiz?mode=practice&q=interview-08")
    page.get_by_label("Your answer").fill(HOSTILE)
    pressed(button(page, "Go to the checks"))
    expect(page.get_by_role("heading", name="Checks")).to_be_visible()
    for typed, told in (("f*c_prev", "a second try counts half"), ("f*c_prev + i*g", "at the second try")):
        page.get_by_role("textbox").fill(typed)
        expect(page.get_by_text(re.compile("^Read as"))).to_be_visible()
        pressed(button(page, "Check"))
        expect(status(page, told)).to_be_focused()
    groups = page.get_by_role("radiogroup")
    expect(groups).to_have_count(5)
    rested(page)
    for number in range(groups.count()):
        groups.nth(number).get_by_text("True", exact=True).click()
    pressed(button(page, "Check"))
    expect(status(page, "of 5")).to_be_focused()
    pressed(button(page, "Show the answer"))
    pressed(button(page, "See the verdict"))


@pytest.mark.slow
def test_open_question_end_to_end(page: Page, server: Any, accessible: Callable[[Page], None]) -> None:
    """Own words stand literally; second tries count half; score and review follow, whatever the words; axe agrees."""
    open_question(page, server)
    expect(page.get_by_role("heading", name="Your words")).to_be_visible()
    if not judge_text(about("interview-08"), HOSTILE).decided:
        pressed(button(page, "Save and see the score"))
    expect(page.get_by_text("Next review", exact=True)).to_be_visible()
    plain_words = page.locator("p", has_text="<script>alert(1)</script> <b>x</b> **bold** $x^2$")
    expect(plain_words.first).to_be_visible()
    attempt = kept(server, "interview-08")[0]
    response = attempt.response
    assert response["text"] == HOSTILE
    assert response["probes"]["interview-08-p1"] == "f*c_prev"
    called = load_bank().probes["interview-08-p2"].claims  # type: ignore[union-attr]
    assert attempt.score == pytest.approx((0.5 + sum(claim.true for claim in called) / len(called)) / 3)
    expect(page.get_by_text(f"{100 * attempt.score:.0f} %", exact=True)).to_be_visible()
    accessible(page)


@pytest.mark.slow
@pytest.mark.parametrize("viewport", [PHONE])
def test_phone_shows_all_of_an_open_question(page: Page, server: Any) -> None:
    """At 390 px nothing is wider than the window, and the tables of answers are lists."""
    open_question(page, server)
    main = page.get_by_test_id("stMain")
    expect(main.locator('[class*="st-key-answers-"] td').first).to_have_css("display", "block")
    assert main.evaluate(OVERFLOW) == 0
