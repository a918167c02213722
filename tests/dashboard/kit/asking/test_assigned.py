"""Assignments by their links: as the class has them now, in the learner's variant, counted where they belong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from people import HOSTED
from streamlit.testing.v1 import AppTest
from support import page_at

from dashboard.assignment.view import query
from dashboard.kit.asking import assigned
from dashboard.kit.people import stores, who
from dashboard.kit.words import say
from quiz.classes.assignments import Assignment
from quiz.classes.links import LinkError
from quiz.classes.people import Person

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
ME, TEACHER = Person("user-me"), Person("user-teacher", teacher=True)
CHOICE, DRAWN = "exploding-what-makes-it", "gen-read-out-delta"
WORK = Assignment(id="00000000000000aa", title="Sheet *1*", items=(CHOICE, DRAWN), lessons=("bptt",), each=True)


@pytest.fixture(autouse=True)
def hosted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A hosted server with a learner who has an account."""
    for name, value in HOSTED.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(who, "_signed_in", lambda: ME.learner)
    monkeypatch.setattr(who, "now", lambda: NOW)
    yield
    stores.store.clear()


def class_with(work: Assignment) -> str:
    """A class that has an assignment, joined by the learner; its id."""
    made = stores.classes().open(TEACHER, "Thursday", NOW)
    stores.classes().assign(TEACHER, made.id, work, NOW)
    stores.classes().join(ME, made.code, "here", NOW)
    return made.id


def pages(name: str, **more: str) -> AppTest:
    """A page of the assignment by its link."""
    return page_at(name, a=assigned.token_of(WORK), **more).run()


def test_the_class_s_present_version_is_given() -> None:
    """A link that is out goes on when its assignment is changed; nobody else's version is taken."""
    token = assigned.token_of(WORK)
    assert assigned.read(token) == assigned.Given(WORK, token)
    class_id = class_with(WORK)
    assert assigned.read(token).class_id == class_id
    later = replace(WORK, items=(CHOICE,), due_at=NOW + timedelta(days=1))
    stores.classes().assign(TEACHER, class_id, later, NOW)
    assert assigned.read(token).assignment == later
    stores.classes().leave(ME, class_id, NOW)
    assert assigned.read(token).assignment == WORK


def test_a_link_that_is_over_is_read_and_says_so() -> None:
    """And once the class has put its end off, it is open again."""
    closed = replace(WORK, due_at=NOW - timedelta(days=1), closes_at=NOW - timedelta(days=1))
    page = page_at("assignment", a=assigned.token_of(closed)).run()
    assert ["is over" in each.value for each in page.warning] == [True]
    class_with(WORK)
    page = page_at("assignment", a=assigned.token_of(closed)).run()
    assert not page.warning


@pytest.mark.parametrize("token", ["x", "1.a.b", "9.eJx.AAAA", "1." + "A" * 9_000, "<b>"])
def test_a_link_that_is_none_is_refused_in_a_sentence(token: str) -> None:
    """On its own page and in the quiz alike, and nothing is asked."""
    with pytest.raises(LinkError):
        assigned.read(token)
    for name in ("assignment", "quiz"):
        page = page_at(name, a=token, mode="practice").run()
        assert not page.exception
        assert len(page.warning) == 1
        assert not page.radio


def test_one_changed_character_spoils_a_link() -> None:
    """Nobody makes an assignment but the server."""
    token = assigned.token_of(WORK)
    for at in range(2, len(token), 7):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        with pytest.raises(LinkError):
            assigned.read(changed)


def test_answer_counts_for_it_in_the_learner_s_own_variant() -> None:
    """Whatever variant or question the address asks for."""
    class_id = class_with(WORK)
    page = pages("quiz", mode="practice", q=CHOICE, v="77", list="x")
    page.radio[0].set_value(page.radio[0].options[0]).run()
    next(each for each in page.button if each.label == "Check").click().run()
    next(each for each in page.button if "how the answer" in each.label).click().run()
    (kept,) = stores.store().attempts(ME.learner)
    assert (kept.question, kept.assignment, kept.variant) == (CHOICE, WORK.id, 0)
    next(each for each in page.button if each.label == "Next question").click().run()
    assert stores.reports().members(TEACHER, class_id, WORK.id)[0].answered == 1
    page = pages("quiz", mode="practice", q="interview-01", v="3")
    asking = page.session_state["quiz.asking.practice"]
    assert (asking.question, asking.variant) == (DRAWN, WORK.variant(DRAWN, ME.learner))
    assert WORK.variant(DRAWN, "another") != asking.variant


def test_page_says_whether_it_counts() -> None:
    """For a class by its title; for no class; not at all for a visitor."""
    said = [each.value for each in pages("assignment").info]
    assert said == [say("assignment", "no-class")]
    class_with(WORK)
    page = pages("assignment")
    assert say("assignment", "counts").format(title="Thursday") in [each.value for each in page.markdown]
    assert [each.value for each in page.title] == ["Sheet \\*1\\*"]


def test_visitor_may_try_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """And is told to join first."""
    monkeypatch.setattr(who, "_signed_in", lambda: None)
    assert [each.value for each in pages("assignment").info] == [say("assignment", "visitor")]


def test_server_that_has_none_of_it_says_so() -> None:
    """Questions go, and so do lessons; what is left is given."""
    gone = replace(WORK, items=("no-such", CHOICE), lessons=("no-such",))
    assert assigned.read(assigned.token_of(gone)).assignment.items == (CHOICE,)
    with pytest.raises(LinkError, match="none of the questions"):
        assigned.read(assigned.token_of(replace(gone, items=("no-such",))))


def test_lessons_open_with_the_network_of_the_seed() -> None:
    """The same for all or each their own; without a seed as they usually are, as do those that draw none."""
    plain = replace(WORK, each=False)
    assert query(plain, "bptt", "ada") == {}
    seeded = replace(plain, seed=7)
    assert query(seeded, "bptt", "ada") == query(seeded, "bptt", "bob") != {}
    assert query(WORK, "bptt", "ada") != query(WORK, "bptt", "bob")
    assert query(WORK, "compare", "ada") == {}
    assert 1 <= int(query(seeded, "bptt", "ada")["seed"]) <= 999_999


def test_due_is_said_on_the_learner_s_clock() -> None:
    """As a day and an hour; past ones as past; the year only where it is another."""
    assert assigned.due(WORK, NOW) == ""
    assert assigned.due(replace(WORK, due_at=NOW + timedelta(days=1)), NOW) == "due Thu 5 Mar, 12:00"
    assert assigned.due(replace(WORK, due_at=NOW - timedelta(days=1)), NOW) == "was due Tue 3 Mar, 12:00"
    assert assigned.due(replace(WORK, due_at=NOW + timedelta(days=400)), NOW).endswith(" 2027, 12:00")


def test_without_a_secret_no_link_is_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page says whom to tell."""
    token = assigned.token_of(WORK)
    monkeypatch.delenv("UNROLLED_SECRET")
    page = page_at("assignment", a=token).run()
    assert [each.value for each in page.warning] == [say("asking", "no-links").replace(".", "\\.").replace(":", "\\:")]
