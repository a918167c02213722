"""Who signed out, erased everything or ended their link in one tab is nobody any more in the others, which say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from people import HOSTED
from streamlit.testing.v1 import AppTest
from support import page_at

from dashboard.kit.asking import flow, keep
from dashboard.kit.people import endings, signed, stores, who
from dashboard.kit.people.endings import MOST, Endings
from dashboard.kit.words import say
from quiz.classes.people import Person

QUESTION = "exploding-what-makes-it"
OTHER = "exploding-how-it-shows"
ADA = {"is_logged_in": True, "iss": "https://x.org", "sub": "ada"}
SAID = say("people", "signed-out")


@pytest.fixture(autouse=True)
def hosted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hosted server in which nobody has signed out yet."""
    for name, value in HOSTED.items():
        monkeypatch.setenv(name, value)
    fresh = Endings()
    for module in (endings, who):
        monkeypatch.setattr(module, "endings", lambda: fresh)


def tab(path: str = "quiz", user: dict[str, Any] | None = None, **query: str) -> AppTest:
    """An open tab of somebody."""
    page = page_at(path, **query)
    page.user = dict(user or ADA)
    page.run()
    assert not page.exception
    return page


def pressed(page: AppTest, label: str) -> AppTest:
    """A button of a tab, pressed."""
    next(button for button in page.button if button.label.startswith(label)).click().run()
    assert not page.exception
    return page


def shown(page: AppTest) -> str:
    """What a tab says."""
    return "\n".join(each.value for part in (page.title, page.markdown, page.info, page.warning) for each in part)


def answers() -> int:
    """How many answers the server keeps, whoever's they are."""
    with stores.store().engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM attempt").scalar_one())


def test_an_answer_in_another_tab_is_nobody_s() -> None:
    """It is not kept, the tab says why and offers to load the page anew; a new tab is not concerned."""
    first, second = tab("progress"), tab(mode="practice", q=QUESTION)
    pressed(tab(mode="practice", q=OTHER), "Show the answer")
    assert answers() == 1
    pressed(first, "Sign out")
    pressed(second, "Show the answer")
    assert SAID in shown(second)
    assert [button.label for button in second.button] == ["Reload the page"]
    assert answers() == 1
    pressed(tab(mode="practice", q=QUESTION), "Show the answer")
    assert answers() == 2


def test_others_stay_who_they_are() -> None:
    """Only the tabs of who signed out are concerned."""
    other = tab(user=ADA | {"sub": "grace"}, mode="practice", q=QUESTION)
    pressed(tab("progress"), "Sign out")
    pressed(other, "Show the answer")
    assert SAID not in shown(other)
    assert answers() == 1


def test_erasing_ends_the_other_tabs_and_not_its_own() -> None:
    """Who is signed in goes on where they erased; another tab brings nothing back by an answer."""
    first, second = tab("progress"), tab(mode="practice", q=QUESTION)
    pressed(tab(mode="practice", q=QUESTION), "Show the answer")
    first.run()
    first.text_input(key="progress.confirm").set_value("delete").run()
    pressed(first, "Delete all my data")
    assert answers() == 0
    assert SAID not in shown(first.run())
    pressed(second, "Show the answer")
    assert SAID in shown(second)
    assert answers() == 0


@pytest.mark.parametrize("here", [True, False], ids=["in a tab of this browser", "on another device"])
def test_a_private_link_that_ended(monkeypatch: pytest.MonkeyPatch, here: bool) -> None:
    """The other tabs say so: at once where one process has both, otherwise when the link is asked about again."""
    made, me = who.now(), Person("by-code-1")
    stores.resumes().renew(me, made)
    session = signed.Session(me.learner, signed.moment(made))
    monkeypatch.setattr(who, "_cookie", lambda: session)
    first, second = tab("progress", {"x": 1}), tab("quiz", {"x": 1}, mode="practice", q=QUESTION)
    if here:
        pressed(first, "End the private link")
        assert SAID not in shown(first)
    else:
        stores.resumes().renew(me, made + timedelta(seconds=1))
        monkeypatch.setattr(who, "now", lambda: made + timedelta(minutes=2))
    pressed(second, "Show the answer")
    assert SAID in shown(second)
    assert answers() == 0


def test_what_waits_for_the_database_is_not_handed_in() -> None:
    """An answer that was given before, too: the learner it names is gone from this tab."""
    page = tab(mode="practice", q=QUESTION)
    asking = page.session_state["quiz.asking.practice"]
    who_was = next(iter(page.session_state["people.began"]))
    graded = flow.Grade(QUESTION, "wrong", 0.0, (), (), "", "")
    given: Callable[[], Any] = lambda: keep.Attempt(  # noqa: E731
        key=asking.key, learner=who_was, question=QUESTION, variant=0, mode="practice", asked_at=asking.asked_at,
        answered_at=asking.asked_at, response=None, verdict="wrong", score=0.0, credit=0.0,
    )  # fmt: skip
    page.session_state[flow.WAITING] = flow.Waiting(asking, graded, given(), "practice")
    endings.endings().end(who_was)
    page.run()
    assert SAID in shown(page)
    assert answers() == 0


def test_only_the_last_endings_are_held() -> None:
    """However many sign out."""
    held = Endings()
    held.end("first")
    since = held.count
    for number in range(MOST):
        held.end(f"user-{number}")
    assert not held.ended("first", 0)
    assert held.ended("user-0", since)
    assert not held.ended(f"user-{MOST - 1}", held.count)
    assert not held.ended("never", 0)
