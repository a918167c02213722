"""A class in real browsers: joined by code, worked through, added up on the teacher's page; then left and erased."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
from people import AS_TEACHER, BEHIND_A_PROXY, campus
from playwright.sync_api import BrowserContext, Page, expect
from support import until
from windows import DESKTOP, violations, watch

from dashboard.kit.hosting import at_home
from quiz.attempt import Attempt
from quiz.classes.assignments import Assignment, new_id
from quiz.classes.people import Person
from quiz.classes.records import Class
from quiz.load import load_bank
from quiz.store import Store, tables
from quiz.store.classes import Classes
from tests.browser.conftest import APP, opened, pressed

pytestmark = pytest.mark.slow

HOSTILE = "<img src=x onerror=alert(1)> **B** =1+1"
QUESTION = "exploding-what-makes-it"
ITEMS = (QUESTION, "slopes-tanh-from-output")
TEACHER = Person(campus("ada"), teacher=True)
PHONE = {"width": 390, "height": 844}


@dataclass
class Room:
    """A class on a running server.

    Attributes:
        url: Of the server.
        store: Its database.
        classes: On it.
        made: The class.
        work: Its assignment.
    """

    url: str
    store: Store
    classes: Classes
    made: Class
    work: Assignment

    def answered(self, number: int, *, right: bool) -> None:
        """Have a learner join, and answer the first question, by the store's own interface."""
        me = Person(f"by-code-{number:036}")
        self.classes.join(me, self.made.code, f"place {number}", datetime.now(UTC))
        now, key = datetime.now(UTC), f"00000000-0000-4000-8000-{number:012}"
        verdict = "correct" if right else "wrong"
        self.store.add(
            Attempt(
                key=key, learner=me.learner, question=QUESTION, mode="practice", asked_at=now, answered_at=now,
                response="a", verdict=verdict, score=float(right), credit=float(right), assignment=self.work.id,
                slips=() if right else ("mixed up spectral radius and singular value",),
            )
        )  # fmt: skip


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Any]) -> Any:
    """A hosted server behind a campus proxy, for all tests of this file."""
    return start_server(APP, variables=BEHIND_A_PROXY)


@pytest.fixture
def room(server: Any) -> Iterator[Room]:
    """A new class with an assignment of two questions."""
    with Store.open(server.data / "quiz.sqlite3") as store:
        store.delete(TEACHER.learner)
        classes, now = Classes(store.engine), datetime.now(UTC)
        made = classes.open(TEACHER, f"Thursday {HOSTILE}", now)
        work = Assignment(id=new_id(), title=f"First sheet {HOSTILE}", items=ITEMS, lessons=("bptt",))
        classes.assign(TEACHER, made.id, work, now)
        yield Room(server.url, store, classes, made, work)


@pytest.fixture
def visitor(new_context: Callable[..., BrowserContext], server: Any) -> Iterator[Callable[..., Page]]:
    """A function that gives a new visitor's page; what their browsers complain of fails the test."""
    complaints: list[list[str]] = []

    def give(**options: Any) -> Page:
        context = new_context(**({"viewport": DESKTOP} | options))
        complaints.append(watch(context, {urlsplit(server.url).netloc}))
        return context.new_page()

    yield give
    found = [said for each in complaints for said in each]
    assert not found, "the browsers complained:\n" + "\n".join(found)


def joined(page: Page, room: Room, name: str = "") -> str:
    """Join the class by its code in a browser; the private link."""
    opened(page, f"{room.url}/join?code={room.made.code.lower().replace('-', '%20')}")
    expect(page.get_by_role("heading", name=room.made.title)).to_be_visible()
    if name:
        page.get_by_role("textbox", name="Your name").fill(name)
        page.keyboard.press("Enter")
        pressed(page.get_by_text("Show my name to the teacher"))
    pressed(page.get_by_role("button", name="Join this class"))
    link = page.locator(".st-key-link-resume code")
    expect(link).to_contain_text("/resume#")
    until(lambda: any(cookie["name"] == "unrolled_session" for cookie in page.context.cookies()))
    return str(link.inner_text())


def option(*, right: bool) -> str:
    """The first words of an option of the question."""
    found = next(each.text for each in load_bank()[QUESTION].options if each.right is right)  # type: ignore[union-attr]
    return re.split(r"[$*]", found)[0].strip()[:40]


def test_a_class_joins_works_and_adds_up(room: Room, visitor: Callable[..., Page]) -> None:
    """By code without an account, by the assignment's link to its questions, and on the teacher's page as they did."""
    for number in range(1, 5):
        room.answered(number, right=number == 1)
    learner, teacher = visitor(), visitor(extra_http_headers=AS_TEACHER)
    joined(learner, room, HOSTILE)
    opened(teacher, f"{room.url}/classes?c={room.made.id}")
    expect(teacher.get_by_text("fewer than 5 answers so far").first).to_be_visible()
    link = str(teacher.locator(".st-key-link-work code").inner_text())
    opened(learner, link)
    expect(learner.get_by_text("Your first answer to each question counts")).to_be_visible()
    learner.get_by_role("button", name="Start").click()
    learner.wait_for_url(re.compile(r"/quiz\?.*a=1\."))
    learner.get_by_role("radio").nth(0).wait_for()
    learner.locator("label").filter(has_text=option(right=True)).first.click()
    learner.get_by_role("button", name="Check").click()
    expect(learner.locator("b", has_text="✓ Right")).to_be_visible()
    room.answered(6, right=False)  # figures move by threes
    opened(teacher, f"{room.url}/classes?c={room.made.id}")
    row = teacher.locator(".st-key-class-row-1")
    expect(row).to_contain_text("33")
    expect(row).to_contain_text("67")
    expect(row).to_contain_text("mixed up spectral radius and singular value")
    expect(teacher.locator(".figures")).to_contain_text("of 6 have started6")
    expect(teacher.locator(".members .own")).to_have_text(HOSTILE)
    expect(teacher.locator(".members .own img")).to_have_count(0)
    row.get_by_role("button").click()
    expect(teacher.locator(".st-key-class-detail-1")).to_contain_text("Answer.")
    (kept,) = [a for a in room.store.attempts(_learner(room)) if a.question == QUESTION]
    assert (kept.assignment, kept.verdict) == (room.work.id, "correct")


@pytest.mark.deep
def test_a_class_of_28_adds_up(room: Room, visitor: Callable[..., Page]) -> None:
    """Four browsers at once and 24 by the store: each answer is counted once, and the page shows what they did."""
    teacher, pages = visitor(extra_http_headers=AS_TEACHER), [visitor() for _ in range(4)]
    for number in range(101, 125):
        room.answered(number, right=number % 3 == 0)
    opened(teacher, f"{room.url}/classes?c={room.made.id}")
    link = str(teacher.locator(".st-key-link-work code").inner_text())
    for page in pages:
        joined(page, room)
    for page in pages:
        opened(page, link)
        page.get_by_role("button", name="Start").click()
    answers = (True, False, True, True)
    for page, right in zip(pages, answers, strict=True):
        page.get_by_role("radio").nth(0).wait_for()
        page.locator("label").filter(has_text=option(right=right)).first.click()
    for page in pages:
        page.get_by_role("button", name="Check").click()
    slipped = pages[answers.index(False)]
    expect(slipped.get_by_text("a second try counts half")).to_be_visible()
    slipped.locator("label").filter(has_text=option(right=True)).first.click()
    slipped.get_by_role("button", name="Check").click()
    for page in pages:
        expect(page.locator("b", has_text="✓ Right")).to_be_visible()
    with room.store.engine.connect() as connection:
        n = tables.class_answer.c
        rows = connection.execute(
            sa.select(n.answered_by, n.right)
            .where(n.class_id == room.made.id, n.question == QUESTION)
            .order_by(n.number)
        ).all()
    assert len(rows) == len({row.answered_by for row in rows}) == 28
    assert sum(row.right for row in rows) == 8 + 3
    opened(teacher, f"{room.url}/classes?c={room.made.id}")
    expect(teacher.locator(".figures")).to_contain_text("of 28 have started28")
    row = teacher.locator(".st-key-class-row-1")
    expect(row).to_contain_text("27")  # figures move by threes
    expect(row).to_contain_text(f"{100 * sum(row.right for row in rows[:27]) / 27:.0f}\N{NARROW NO-BREAK SPACE}%")


def _learner(room: Room) -> str:
    """The one who joined in a browser."""
    with room.store.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT learner FROM membership WHERE class_id = ? AND name <> ''", (room.made.id,)
        )
        return str(rows.scalar_one())


@pytest.mark.deep
def test_private_link_brings_the_same_learner_back(room: Room, visitor: Callable[..., Page]) -> None:
    """On another device, with the secret in no address, request or log; renewing it ends it and the other sessions."""
    first = visitor()
    link = joined(first, room, "Grace")
    secret = link.partition("#")[2]
    other = visitor()
    asked: list[str] = []
    other.on("request", lambda request: asked.append(request.url))
    other.goto(link)
    other.wait_for_url("**/progress")
    expect(other.get_by_text("You are Grace.")).to_be_visible()
    (cookie,) = [each for each in other.context.cookies() if each["name"] == "unrolled_session"]
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    other.go_back()
    assert secret not in other.url
    assert not [url for url in asked if secret in url]
    opened(other, f"{room.url}/progress")
    other.get_by_role("button", name="Make a new private link").click()
    renewed = other.locator(".st-key-link-new code")
    expect(renewed).to_contain_text("/resume#")
    expect(renewed).not_to_contain_text(secret)
    late = visitor()
    late.goto(link)
    late.wait_for_url("**/join?link=unknown")
    expect(late.get_by_text("This link leads nowhere")).to_be_visible()
    opened(first, f"{room.url}/progress")
    expect(first.get_by_text("You are not signed in here")).to_be_visible()
    log = (room.store.engine.url.database or "").replace("quiz.sqlite3", "server.log")
    with open(log, encoding="utf-8") as file:  # noqa: PTH123 - a path of the store's
        said = file.read()
    assert secret not in said
    assert "Grace" not in said


@pytest.mark.deep
def test_guest_keeps_what_he_did(room: Room, visitor: Callable[..., Page]) -> None:
    """What was answered before joining is there afterwards, and in the database only then."""
    page = visitor()
    opened(page, f"{room.url}/quiz?mode=practice&q={QUESTION}")
    page.locator("label").filter(has_text=option(right=True)).first.click()
    page.get_by_role("button", name="Check").click()
    expect(page.locator("b", has_text="✓ Right")).to_be_visible()
    assert not _everybody(room, QUESTION)
    page.get_by_role("link", name="Join a class").click()
    page.get_by_role("textbox", name="Class code").fill(room.made.code)
    page.get_by_role("button", name="Look it up").click()
    expect(page.get_by_text("What you answered as a visitor comes along.")).to_be_visible()
    pressed(page.get_by_role("button", name="Join this class"))
    expect(page.locator(".st-key-link-resume code")).to_be_visible()
    assert len(_everybody(room, QUESTION)) == 1


def _everybody(room: Room, question: str) -> list[str]:
    """Who answered a question outside the assignment."""
    with room.store.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT learner FROM attempt WHERE question = ? AND assignment IS NULL AND learner IN "
            "(SELECT learner FROM membership WHERE class_id = ?)", (question, room.made.id),
        )  # fmt: skip
        return [str(name) for name in found.scalars()]


def test_learner_sees_what_is_seen_and_leaves_it(room: Room, visitor: Callable[..., Page]) -> None:
    """The switches hold, what the teacher sees is told, leaving and erasing are at once; nothing of it is undone."""
    page = visitor()
    joined(page, room, HOSTILE)
    opened(page, f"{room.url}/progress")
    card = page.locator("[class*=st-key-class-card]")
    expect(card.get_by_role("heading")).to_have_text(f"Your class: {room.made.title}")
    card.get_by_text("Let answers of mine be shown").click()
    card.get_by_role("button", name="See what the teacher sees").click()
    expect(card.locator(".seen-table")).to_contain_text(HOSTILE)
    expect(card.locator(".seen-table")).to_contain_text("may be shown without your name")
    card.get_by_role("button", name="Leave the class").click()
    page.get_by_role("dialog").get_by_role("button", name="Leave", exact=True).click()
    expect(page.get_by_text("You have left the class.")).to_be_visible()
    assert not room.classes.memberships(Person(_left(room)))
    opened(page, f"{room.url}/progress")
    learner = _left(room)
    page.get_by_role("textbox", name="Type delete to confirm").fill("delete")
    page.get_by_role("button", name="Delete all my data").click()
    page.wait_for_url("**/progress?said=deleted")
    expect(page.get_by_text("All your data were deleted.")).to_be_visible()
    assert not [each for each in page.context.cookies() if each["name"] == "unrolled_session"]
    assert not list(room.store.export(learner))


def _left(room: Room) -> str:
    """The only learner of the class, who may have left it."""
    with room.store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT learner FROM membership WHERE class_id = ?", (room.made.id,))
        return str(rows.scalar_one())


def test_teacher_opens_a_class_and_sets_work(visitor: Callable[..., Page], server: Any) -> None:
    """From nothing to a code and a link, by the page alone; and who is no teacher gets none of it."""
    page = visitor(extra_http_headers=AS_TEACHER | {"X-Remote-User": "bob"})
    opened(page, f"{server.url}/classes")
    page.get_by_role("textbox", name="Title of a new class").fill("Monday")
    page.get_by_role("button", name="Open a class").click()
    pressed(page.get_by_role("button", name="Set an assignment"))
    page.get_by_role("textbox", name="Title").fill("Sheet 1")
    page.get_by_role("combobox", name="Lessons").click()
    page.get_by_role("option", name="Backprop through time").click()
    page.keyboard.press("Escape")
    pressed(page.get_by_role("button", name="Add drawn questions of these lessons"))
    pressed(page.get_by_role("button", name="Set it"))
    expect(page.locator(".st-key-link-work code")).to_contain_text("/assignment?a=1.")
    expect(page.locator(".class-code")).to_have_text(re.compile(r"[A-Z]+-[A-Z]+-\d{4}"))
    link = page.locator(".st-key-link-work code").inner_text()
    learner = visitor()
    opened(learner, str(link))
    expect(learner.get_by_role("heading", name="Sheet 1")).to_be_visible()
    opened(learner, f"{link[:-9]}AAAAAAAAA")
    expect(learner.get_by_text("was changed. Ask your teacher for a new one.")).to_be_visible()
    opened(learner, page.url)
    expect(learner.get_by_text("This page is for teachers.")).to_be_visible()


def test_only_the_configured_header_names_anybody(visitor: Callable[..., Page], server: Any) -> None:
    """Other headers that a client sends, such as those of other proxies, make nobody of him."""
    forged = {"X-Forwarded-User": "ada", "Remote-User": "ada", "X-Remote-Email": "ada@example.edu"}
    page = visitor(extra_http_headers=forged)
    opened(page, f"{server.url}/classes")
    expect(page.get_by_text("This page is for teachers.")).to_be_visible()
    assert not at_home("10.0.0.9", list(forged.items()))


@pytest.mark.parametrize("width", ["desktop", "phone"])
@pytest.mark.deep
def test_the_new_pages_can_be_used_by_all(room: Room, visitor: Callable[..., Page], width: str) -> None:
    """Every axe rule, in both themes, and no sideways scrolling: join, class, progress, assignment and statements."""
    viewport = PHONE if width == "phone" else DESKTOP
    for number in range(1, 8):
        room.answered(number, right=number < 4)
    learner = visitor(viewport=viewport)
    teacher = visitor(viewport=viewport, extra_http_headers=AS_TEACHER)
    opened(teacher, f"{room.url}/classes?c={room.made.id}")
    link = str(teacher.locator(".st-key-link-work code").inner_text())
    teacher.locator(".st-key-class-row-1").get_by_role("button").click()
    expect(teacher.locator(".st-key-class-detail-1")).to_be_visible()
    _usable(teacher)
    opened(teacher, f"{room.url}/classes")
    _usable(teacher)
    opened(learner, f"{room.url}/join?code={room.made.code}")
    _usable(learner)
    joined(learner, room)
    _usable(learner)
    for address in (f"{room.url}/progress", link, f"{room.url}/data", f"{room.url}/accessibility"):
        opened(learner, address)
        _usable(learner)


def _usable(page: Page) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        expect(page.get_by_test_id("stApp")).to_have_css("color-scheme", scheme)
        assert violations(page, colours=scheme == "dark") == {}, (page.url, scheme)
        assert page.get_by_test_id("stMain").evaluate("page => page.scrollWidth - page.clientWidth") == 0, page.url
