"""What comes by link or form to the pages of a hosted server, of whatever kind: no page ends by it, nothing is made."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from uuid import UUID

import pytest
from people import HOSTED
from postgres import TEMPLATE, Cluster
from streamlit.testing.v1 import AppTest
from support import page_at

from dashboard.kit.asking import assigned
from dashboard.kit.people import addresses, stores, who
from quiz.classes import files
from quiz.classes.assignments import Assignment, new_id
from quiz.classes.codes import MOST
from quiz.classes.people import Person
from quiz.errors import ClassError
from tests.dashboard.test_hostile import NONSENSE

pytestmark = pytest.mark.deep

TEACHER, OTHER = Person("user-teacher", teacher=True), Person("user-other", teacher=True)
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
NAMES = {"join": ("code", "link"), "classes": ("c", "as"), "assignment": ("a",), "resume": ("x",), "data": ("x",),
         "accessibility": ("x",), "progress": ("said",)}  # fmt: skip


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.deep)])
def place(request: pytest.FixtureRequest, data_folder: Path) -> Iterator[str]:
    """Where the server keeps what it keeps: its folder, or a database on a server of the tests' own."""
    if request.param == "sqlite":
        yield str(data_folder)
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    url = cluster.create(template=TEMPLATE)
    yield url
    cluster.drop(url)


@pytest.fixture(autouse=True)
def hosted(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, place: str) -> Iterator[None]:
    """A hosted server with a teacher who is signed in; nothing failed that the boundary had to catch."""
    monkeypatch.setenv("UNROLLED_DATA", place)
    for name, value in HOSTED.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(who, "_signed_in", lambda: TEACHER.learner)
    monkeypatch.setattr(who, "teaches", lambda _: True)
    yield
    stores.store().close()
    stores.store.clear()
    failed = [record for record in caplog.get_records("call") if record.name == "dashboard.kit.boundary"]
    assert not failed, "\n".join(f"{record.getMessage()}: {record.exc_info}" for record in failed)


def sound(page: AppTest) -> AppTest:
    """A page that was drawn to its end."""
    assert not page.exception
    assert page.title
    return page


@pytest.mark.parametrize("nonsense", NONSENSE)
@pytest.mark.parametrize("path", NAMES)
def test_any_link_opens(path: str, nonsense: str) -> None:
    """With nonsense in every part of its query."""
    sound(page_at(path, **dict(zip(NAMES[path], cycle([NONSENSE[nonsense]]), strict=False))).run())


def test_another_teacher_s_class_is_none() -> None:
    """Nor is one that there never was; the list of one's own is shown in both cases, with the same words."""
    theirs = stores.classes().open(OTHER, "Not yours", NOW)
    said = set()
    for wanted in (theirs.id, str(UUID(int=3))):
        page = sound(page_at("classes", c=wanted).run())
        assert "Not yours" not in str([*page.markdown, *page.title, *page.button])
        said.add(tuple(each.value for each in page.info))
    assert said == {("There is no such class of yours.",)}


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_any_title_and_name_is_text_or_refused(nonsense: str) -> None:
    """A class opens under it as it was typed, or a sentence says what a title may be; likewise a name."""
    page = sound(page_at("classes").run())
    page.text_input(key="classes.title").set_value(NONSENSE[nonsense])
    next(each for each in page.button if each.label == "Open a class").click()
    sound(page.run())
    taught = stores.classes().taught(TEACHER)
    assert len(taught) + len(page.warning) == 1
    made = stores.classes().open(OTHER, "Theirs", NOW)
    joining = sound(page_at("join", code=made.code).run())
    joining.text_input(key="joining.name").set_value(NONSENSE[nonsense]).run()
    next(each for each in joining.button if each.label == "Join this class").click()
    sound(joining.run())
    joined = stores.classes().memberships(TEACHER)
    assert len(joined) + len(joining.warning) == 1


def pressed(page: AppTest, label: str) -> AppTest:
    """A button of a page, pressed."""
    next(each for each in page.button if each.label == label).click()
    return sound(page.run())


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_any_assignment_is_set_or_refused(nonsense: str) -> None:
    """Under its title as typed, or a sentence says why not; a link that is none brings nothing."""
    made = stores.classes().open(TEACHER, "Mine", NOW)
    page = pressed(sound(page_at("classes", c=made.id).run()), "Set an assignment")
    page.text_input(key="classes.edit.link").set_value(NONSENSE[nonsense])
    pressed(page, "Bring it")
    assert stores.classes().assignments(TEACHER, made.id) == ()
    assert page.warning
    page.text_input(key="classes.edit.title").set_value(NONSENSE[nonsense])
    page.multiselect(key="classes.edit.lessons").set_value(["bptt"])
    pressed(page, "Set it")
    assert len(stores.classes().assignments(TEACHER, made.id)) + len(page.warning) == 1


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_any_name_in_one_s_class_is_kept_or_refused(nonsense: str) -> None:
    """What a learner is called, and stands as in the grade file; the teacher's page and files are made with it."""
    made = stores.classes().open(OTHER, "Theirs", NOW)
    stores.classes().join(TEACHER, made.code, "here", NOW)
    stores.classes().agree(TEACHER, made.id, name=True, grades=True)
    page = sound(page_at("progress").run())
    for name in ("called", "gradebook"):
        page.text_input(key=f"progress.{name}.{made.id}").set_value(NONSENSE[nonsense])
        sound(page.run())
    page.text_input(key="progress.confirm").set_value(NONSENSE[nonsense])
    sound(page.run())
    assert next(each for each in page.button if each.label == "Delete all my data").disabled
    ((_, mine),) = stores.classes().memberships(TEACHER)
    book = stores.reports().gradebook(OTHER, made.id)
    for write in (files.moodle_grades, files.canvas_grades):
        cells = [cell for row in csv.reader(io.StringIO(write(book))) for cell in row]
        assert not [cell for cell in cells if cell[:1] in files.FORMULA]
    assert "\n" not in mine.name + mine.gradebook


@pytest.mark.parametrize("path", ["classes", "assignment", "join", "progress"])
def test_two_tabs_and_a_clock_that_jumps(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page stands whose class was removed in another tab, and whose clock went a year back or ahead meanwhile."""
    owner = TEACHER if path == "classes" else OTHER
    made = stores.classes().open(owner, "Mine", NOW)
    work = Assignment(id=new_id(), title="First", lessons=("bptt",), due_at=NOW)
    stores.classes().assign(owner, made.id, work, NOW)
    if owner is OTHER:
        stores.classes().join(TEACHER, made.code, "here", NOW)
    query = {"classes": {"c": made.id}, "assignment": {"a": assigned.token_of(work)}, "join": {"code": made.code}}
    page = sound(page_at(path, **query.get(path, {})).run())
    for year in (1971, 2025, 2027, 9998):
        monkeypatch.setattr(who, "now", lambda year=year: NOW.replace(year=year))
        sound(page.run())
    stores.classes().remove(owner, made.id)
    sound(page.run())
    assert stores.classes().memberships(TEACHER) == ()


def test_codes_are_not_tried_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """After many wrong ones from one place even the right one is not taken for a while."""
    monkeypatch.setattr(addresses, "place", lambda: "203.0.113.7")
    made = stores.classes().open(OTHER, "Theirs", NOW)
    for number in range(MOST - 1):
        with pytest.raises(ClassError):
            stores.classes().find(f"TIDE-OTTER-{number:04}", "203.0.113.7", datetime.now(UTC))
    page = sound(page_at("join", code="TIDE-OTTER-9999").run())
    assert "no class with this code" in page.warning[0].value
    page = sound(page_at("join", code=made.code).run())
    assert "Too many codes" in page.warning[0].value
