"""Opening, joining, agreeing and leaving; and nobody reads or changes what is not theirs."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from classroom import CERTAINTIES, NOW, OTHER, TEACHER, WORK, Room, people

from quiz.classes.codes import MOST
from quiz.classes.people import Person
from quiz.errors import ClassError, NotYoursError
from quiz.store import Store, classes, tables

ADA, BOB = Person("user-ada"), Person("user-bob")


@pytest.fixture
def room(store: Store) -> Room:
    """A class with an assignment, in a file and on a server."""
    return Room(store)


def test_learner_joins_by_code(room: Room) -> None:
    """The code tells what class it is; joining twice is joining once, and agrees to nothing."""
    room.join("user-bob")
    notice = room.classes.find(room.made.code.lower().replace("-", " "), "here", NOW)
    assert (notice.title, notice.members) == ("Thursday group", 1)
    first = room.join("user-ada", name="  Ada   Lovelace ")
    assert room.join("user-ada") == first
    assert (first.name, first.shown) == ("Ada Lovelace", first.pseudonym)
    assert not any((first.name_agreed, first.examples_agreed, first.grades_agreed))
    assert room.classes.memberships(ADA) == ((room.made, first),)
    assert room.classes.find(room.made.code, "here", NOW).members == 2


def test_learners_join_at_once(room: Room) -> None:
    """Thirty at once all get in, each once, each under a pseudonym of their own."""
    with ThreadPoolExecutor(8) as pool:
        joined = list(pool.map(room.join, people(30) * 2))
    assert len({each.pseudonym for each in joined}) == 30
    assert len(room.reports.members(TEACHER, room.id, WORK.id)) == 30


def test_wrong_and_closed_codes(room: Room) -> None:
    """A wrong code, a code that was renewed and a closed class are refused in words; too many tries, too."""
    old = room.made.code
    new = room.classes.renew_code(TEACHER, room.id).code
    for wrong in (old, "", "TIDE", "x" * 5_000, "'; DROP TABLE class; --"):
        with pytest.raises(ClassError, match="no class with this code"):
            room.classes.join(ADA, wrong, "here", NOW)
    room.classes.close(TEACHER, room.id, NOW)
    with pytest.raises(ClassError, match="takes nobody any more"):
        room.classes.find(new, "here", NOW)
    room.classes.close(TEACHER, room.id, None)
    for _ in range(MOST - 5):
        with pytest.raises(ClassError, match="no class with this code"):
            room.classes.find("otter", "here", NOW)
    with pytest.raises(ClassError, match="Too many codes"):
        room.classes.join(ADA, new, "here", NOW)
    assert room.classes.join(ADA, new, "elsewhere", NOW).learner == "user-ada"


def test_full_class_and_own_class(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A teacher is not in their own class, and a class has a size."""
    with pytest.raises(ClassError, match="You teach this class"):
        room.join(TEACHER.learner)
    monkeypatch.setattr(classes, "MOST_MEMBERS", 1)
    room.join("user-ada")
    with pytest.raises(ClassError, match="This class is full"):
        room.join("user-bob")
    room.join("user-ada")


def test_only_teachers_open_classes(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A learner opens none; a teacher some, with titles that can be read."""
    with pytest.raises(NotYoursError, match="Only teachers open classes"):
        room.classes.open(ADA, "Mine", NOW)
    for title in ("", "  ", "x" * 121, "a\u202eb", None, 7):
        with pytest.raises(ClassError, match="A title has 1 to 120"):
            room.classes.open(TEACHER, title, NOW)  # type: ignore[arg-type]
        with pytest.raises(ClassError, match="A title has 1 to 120"):
            room.classes.rename(TEACHER, room.id, title)  # type: ignore[arg-type]
    monkeypatch.setattr(classes, "MOST_CLASSES", 2)
    second = room.classes.open(TEACHER, "Friday group", NOW + timedelta(days=1))
    with pytest.raises(ClassError, match="as many as one can have"):
        room.classes.open(TEACHER, "Third", NOW)
    assert room.classes.taught(TEACHER) == (room.made, second)
    assert room.classes.taught(OTHER) == ()
    assert room.classes.rename(TEACHER, second.id, "Monday group").title == "Monday group"
    room.classes.remove(TEACHER, second.id)
    assert room.classes.taught(TEACHER) == (room.made,)


def test_who_teaches_no_more_sees_nothing(room: Room) -> None:
    """A teacher whom the configuration no longer names keeps the class, and can't look into it."""
    former = replace(TEACHER, teacher=False)
    assert room.classes.taught(former) == ()
    with pytest.raises(NotYoursError):
        room.reports.members(former, room.id, WORK.id)


TEACHERS: dict[str, Callable[[Room, Person, str], Any]] = {
    "one": lambda room, who, key: room.classes.one(who, key),
    "rename": lambda room, who, key: room.classes.rename(who, key, "Mine now"),
    "close": lambda room, who, key: room.classes.close(who, key, NOW),
    "renew code": lambda room, who, key: room.classes.renew_code(who, key),
    "remove": lambda room, who, key: room.classes.remove(who, key),
    "assign": lambda room, who, key: room.classes.assign(who, key, WORK, NOW),
    "take back": lambda room, who, key: room.classes.take_back(who, key, WORK.id),
    "members": lambda room, who, key: room.reports.members(who, key, WORK.id),
    "figures": lambda room, who, key: room.reports.figures(who, key, WORK.id, certainties=CERTAINTIES, steps={}),
    "examples": lambda room, who, key: room.reports.examples(who, key, WORK.id, "q1"),
    "gradebook": lambda room, who, key: room.reports.gradebook(who, key),
}
LEARNERS: dict[str, Callable[[Room, Person, str], Any]] = {
    "agree": lambda room, who, key: room.classes.agree(who, key, name=True, called="Eve"),
    "seen": lambda room, who, key: room.reports.seen(who, key),
}


def everything(room: Room) -> list[list[Any]]:
    """All rows of all tables."""
    with room.store.engine.connect() as connection:
        return [[tuple(row) for row in connection.execute(table.select())] for table in tables.metadata.sorted_tables]


@pytest.mark.few(10)
@pytest.mark.parametrize("what", [*TEACHERS, *LEARNERS])
def test_what_is_anothers_is_refused(room: Room, what: str) -> None:
    """A class that is another's, one that is not there, an id that is none: the same answer, and nothing changes."""
    room.join("user-ada")
    room.answer("user-ada", "q1")
    do = (TEACHERS | LEARNERS)[what]
    said = set()
    before = everything(room)
    for who in (OTHER, Person("user-eve")) if what in TEACHERS else (TEACHER, OTHER, BOB):
        for key in (room.id, "00000000-0000-0000-0000-000000000001", "", "x' OR '1'='1", "a\0b", "\ud800", None, 7):
            with pytest.raises(NotYoursError) as error:
                do(room, who, key)  # type: ignore[arg-type]
            said.add(str(error.value))
    assert len(said) == 1
    if what in TEACHERS:
        with pytest.raises(NotYoursError):
            do(room, ADA, room.id)
    assert everything(room) == before


def test_assignments_are_for_the_class(room: Room) -> None:
    """Its teacher and its members read them, nobody else; taken back they are gone."""
    room.join("user-ada")
    assert room.classes.assignments(TEACHER, room.id) == room.classes.assignments(ADA, room.id) == (WORK,)
    for who in (OTHER, BOB):
        with pytest.raises(NotYoursError):
            room.classes.assignments(who, room.id)
    changed = replace(WORK, title="Second sheet")
    room.classes.assign(TEACHER, room.id, changed, NOW)
    assert room.classes.assignments(ADA, room.id) == (changed,)
    for odd in ("x", "\0", None):
        room.classes.take_back(TEACHER, room.id, odd)  # type: ignore[arg-type]
    room.classes.take_back(TEACHER, room.id, WORK.id)
    assert room.classes.assignments(ADA, room.id) == ()
    with pytest.raises(NotYoursError, match="no such assignment"):
        room.reports.members(TEACHER, room.id, WORK.id)


def test_assignments_have_a_number(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """A class takes only so many; one that is there can still be changed."""
    monkeypatch.setattr(classes, "MOST_ASSIGNMENTS", 1)
    with pytest.raises(ClassError, match="at most 1 assignments"):
        room.classes.assign(TEACHER, room.id, replace(WORK, id="00000000000000bb"), NOW)
    room.classes.assign(TEACHER, room.id, replace(WORK, title="Other"), NOW)


def test_learner_says_what_the_teacher_sees(room: Room) -> None:
    """Name, examples and grades are agreed to one by one, and taken back the same way."""
    joined = room.join("user-ada")
    agreed = room.classes.agree(ADA, room.id, name=True, called="Ada L.")
    assert (agreed.shown, agreed.examples_agreed, agreed.grades_agreed) == ("Ada L.", False, False)
    assert [each.shown for each in room.reports.members(TEACHER, room.id, WORK.id)] == ["Ada L."]
    agreed = room.classes.agree(ADA, room.id, examples=True, grades=True, gradebook=" 4711 ")
    assert (agreed.name_agreed, agreed.examples_agreed, agreed.grades_agreed, agreed.gradebook) == (
        True,
        True,
        True,
        "4711",
    )
    assert room.classes.agree(ADA, room.id, name=False).shown == joined.pseudonym
    with pytest.raises(ClassError, match="A name has at most 80"):
        room.classes.agree(ADA, room.id, called="x" * 81)
    with pytest.raises(ClassError, match="e-mail address or number has at most"):
        room.classes.agree(ADA, room.id, gradebook="a\u202eb")


def test_learner_leaves_and_comes_back(room: Room) -> None:
    """Who left is in no list and agrees to nothing; coming back they are who they were, and nothing counts twice."""
    for name in people(6):
        room.join(name)
        room.answer(name, "q1")
    first = room.join("user-00", name="Zero")
    room.classes.agree(Person("user-00"), room.id, name=True, grades=True, gradebook="1")
    room.classes.leave(Person("user-00"), room.id, NOW)
    room.classes.leave(Person("user-00"), room.id, NOW)
    assert room.classes.memberships(Person("user-00")) == ()
    assert len(room.reports.members(TEACHER, room.id, WORK.id)) == 5
    assert room.reports.gradebook(TEACHER, room.id).learners == ()
    assert room.figures().questions[0].answers == 6
    room.answer("user-00", "q2")
    with pytest.raises(NotYoursError):
        room.reports.seen(Person("user-00"), room.id)
    back = room.join("user-00")
    assert (back.pseudonym, back.shown, back.grades_agreed, back.name) == (first.pseudonym, first.pseudonym, False, "")
    room.answer("user-00", "q1", right=False)
    seen = room.reports.seen(Person("user-00"), room.id)
    assert seen.counted == 2
    assert room.figures().questions[0].answers == 6


def test_leaving_a_class_one_is_not_in(room: Room) -> None:
    """Nothing happens, whoever's the class is."""
    before = everything(room)
    room.classes.leave(BOB, room.id, NOW)
    with pytest.raises(NotYoursError):
        room.classes.leave(BOB, "x", NOW)
    assert everything(room) == before
