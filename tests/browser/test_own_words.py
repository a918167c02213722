"""One's own words in a real browser: the verdict after the checks, its evidence, "I disagree", words of any kind."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from support import until, written

from quiz.attempt import Attempt, Draft
from quiz.grading.grade import judge_text, right_response, text_fields
from quiz.interview.interview import Interview
from quiz.interview.past import over
from quiz.load import load_bank
from quiz.schema import Open
from quiz.store import Store
from tests.browser.conftest import pressed

pytestmark = pytest.mark.slow

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PHONE = {"width": 390, "height": 844}
OVERFLOW = "element => element.scrollWidth - element.clientWidth"
PLAIN = """line => {
  const copy = line.cloneNode(true);
  copy.querySelectorAll("sup, .unseen").forEach(mark => mark.remove());
  return copy.textContent;
}"""
WORDS = {
    "hostile": "<script>alert(1)</script><img src=x onerror=alert(2)> **bold** $x^2$ :red[no] [a](javascript:alert(3))",
    "longest": "the gradient of a step is added; " * 90,
    "one-word": "a" * 2_900,
    "other-scripts": "забывание 梯度消失 نسيان \u202eback\u202c",
}


def button(page: Page, name: str) -> Any:
    """A button by the beginning of its label; its shortcut may follow."""
    return page.get_by_test_id("stMain").get_by_role("button", name=re.compile(f"^{name}"))


def opened(server: Any) -> Store:
    """The server's store."""
    return Store.open(server.data / "quiz.sqlite3")


def checked(page: Page, server: Any, about: Open, text: str) -> None:
    """Open a question whose text is written and whose checks are right, and ask for the verdict."""
    key = "00000000-0000-0000-0000-000000000005"
    response = {"text": text, "written": True, "probes": {probe.id: right_response(probe) for probe in about.probes}}
    with opened(server) as store:
        store.delete("local")
        store.save_draft(Draft(learner="local", question=about.id, key=key, asked_at=NOW, response=response))
    page.goto(f"{server.url}/quiz?mode=practice&q={about.id}")
    pressed(button(page, "See the verdict"))
    expect(page.get_by_role("heading", name="Your words")).to_be_visible()


@pytest.mark.deep
def test_verdict_takes_the_focus_and_shows_its_words(
    page: Page, server: Any, accessible: Callable[[Page], None]
) -> None:
    """Spoken and seen: the verdict, marked words, replies; "I disagree" turns it and it turns back; axe agrees."""
    about, text, found = written("wrong", slip=True)
    checked(page, server, about, text)
    verdict = page.get_by_role("status").filter(has_text="Not convincing")
    expect(verdict).to_be_focused()
    expect(verdict).to_be_in_viewport()
    expect(verdict.locator("i.empty")).to_be_visible()
    against = page.locator(".against").filter(has_text=found.misconceptions[0].words[:20])
    expect(against).to_have_css("border-bottom-style", "dashed")
    expect(page.locator(".unseen", has_text="misconception")).to_have_count(1)
    expect(page.get_by_text("Misconception: ")).to_have_count(len(found.misconceptions))
    accessible(page)
    pressed(button(page, "I disagree"))
    turned = page.get_by_role("status").filter(has_text="You disagree")
    expect(turned).to_be_focused()
    expect(page.locator(".against")).to_have_count(0)
    accessible(page)
    with opened(server) as store:
        assert [each.question for each in store.disagreements("local").values()] == [about.id]
    pressed(button(page, "Take it back"))
    expect(verdict).to_be_focused()


def test_undecided_words_are_compared(page: Page, server: Any, accessible: Callable[[Page], None]) -> None:
    """Said plainly, nothing ticked; saved, the score is there and the focus at the words."""
    about, text, _ = written("undecided")
    checked(page, server, about, text)
    verdict = page.get_by_role("status").filter(has_text="Not judged")
    expect(verdict).to_be_focused()
    expect(page.get_by_role("checkbox")).to_have_count(len(about.points))
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(0)
    accessible(page)
    pressed(button(page, "Save and see the score"))
    expect(page.get_by_text("Next review", exact=True)).to_be_visible()
    expect(verdict).to_be_focused()


@pytest.mark.few(1)
@pytest.mark.parametrize("viewport", [PHONE])
@pytest.mark.parametrize("kind", WORDS)
def test_words_of_any_kind_are_shown_as_typed(page: Page, server: Any, kind: str) -> None:
    """On a phone too: markup is text, nothing runs, nothing is wider than the window."""
    about, _, _ = written("correct")
    checked(page, server, about, WORDS[kind])
    shown = page.locator("p", has_text=WORDS[kind][:25].strip())
    expect(shown.first).to_be_visible()
    without = shown.first.evaluate(PLAIN)
    assert without == WORDS[kind]
    assert page.locator("img[src=x]").count() == 0
    assert page.get_by_test_id("stMain").evaluate(OVERFLOW) == 0


def debrief(server: Any) -> tuple[str, Open]:
    """The key of a debrief one of whose texts states a misconception, and that question."""
    about, text, _ = written("wrong", slip=True, question="interview-02")
    state = Interview.start(load_bank(), np.random.default_rng(2), NOW)
    with opened(server) as store:
        store.delete("local")
        while not state.done:
            asked = state.asked(load_bank())
            own = text if asked.id == about.id else ""
            now = state.asked_at + timedelta(seconds=60)
            attempt = Attempt(
                key=state.key, learner="local", question=asked.id, mode="interview", asked_at=state.asked_at,
                answered_at=now, response={"text": own, "probes": {}}, verdict="undecided", score=0.0, credit=0.0,
                **text_fields(judge_text(asked, own) if own else None),
            )  # fmt: skip
            store.add(attempt)
            state = state.answer(now, attempt, [False] * len(asked.probes))
        store.save_interviewed(over("local", state))
    return state.keys[0], about


def test_disagreement_in_the_debrief_survives_a_reload(
    page: Page, server: Any, accessible: Callable[[Page], None]
) -> None:
    """One press: the row says so and stays open, the focus is at what it became; a reload finds it; axe agrees."""
    key, about = debrief(server)
    page.goto(f"{server.url}/quiz?mode=debrief&k={key}")
    row = page.locator('[class*="st-key-debrief-row-"]', has=page.locator("summary", has_text=about.prompt))
    line = row.locator("summary").first
    expect(line).to_contain_text("not convincing")
    line.click()
    expect(row.get_by_role("button", name="I disagree")).to_be_visible()
    accessible(page)
    row.get_by_role("button", name="I disagree").click()
    expect(line).to_contain_text("you disagree")
    expect(row.get_by_role("status").filter(has_text="You disagree")).to_be_focused()
    until(lambda: _kept(server))
    page.reload()
    expect(line).to_contain_text("you disagree")
    assert page.get_by_test_id("stMain").evaluate(OVERFLOW) == 0


def _kept(server: Any) -> int:
    with opened(server) as store:
        return len(store.disagreements("local"))
