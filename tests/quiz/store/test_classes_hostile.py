"""Whatever is asked of classes, with any ids, texts and clocks: nothing of another's is read or changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from classroom import NOW, TEACHER, WORK, Room
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from postgres import TEMPLATE, Cluster

from quiz.classes.assignments import Assignment
from quiz.classes.people import Person
from quiz.classes.privacy import FEWEST
from quiz.errors import ClassError
from quiz.store import Store, tables
from quiz.store.resumes import Resumes

pytestmark = pytest.mark.deep

EVE = Person("user-eve", teacher=True)
AT_ONCE = 20
MEMBERS = ("user-ada", "user-bob")
MARK = "only-for-the-teacher"  # stands in every text that is not Eve's
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC))
ODD = (
    st.text(max_size=30)
    | st.text(st.characters(), max_size=30)
    | st.sampled_from(
        ["", "\0", "\ud800", "' OR 1=1 --", "../..", "=1+1", "x" * 10_000, "%", "_", "{}", "null", "\u202e"]
    )
    | st.none()
    | st.integers()
    | st.booleans()
)
Ids = st.SearchStrategy[Any]


def ids(room: Room) -> Ids:
    """Ids that are there but not Eve's, ids of nothing, and what is no id."""
    real = st.sampled_from([room.id, room.id, room.work.id, room.work.id, *MEMBERS, TEACHER.learner])
    return st.booleans().flatmap(lambda known: real if known else st.uuids().map(str) | ODD)


def works(title: st.SearchStrategy[str]) -> st.SearchStrategy[Assignment]:
    """Assignments with the id of the class's own or of none."""
    return st.builds(
        lambda name, key: replace(WORK, title=name, id=key), title, st.sampled_from([WORK.id, "00000000000000ee"])
    )


def filled(store: Store) -> tuple[Room, Resumes]:
    """A class whose texts all hold `MARK`, with members who agreed to everything."""
    room, resumes = Room(store, replace(WORK, title=f"{MARK} sheet")), Resumes(store.engine)
    room.classes.rename(TEACHER, room.id, f"{MARK} title")
    for name in (*MEMBERS, *(f"user-{MARK}-{number}" for number in range(FEWEST))):
        room.join(name, name=f"{MARK} name")
        mine = Person(name)
        room.classes.agree(mine, room.id, name=True, examples=True, grades=True, gradebook=f"{MARK} number")
        resumes.renew(mine, NOW)
        room.answer(name, "q1", right=False, response=f"{MARK} answer", slips=(f"{MARK} slip",))
    return room, resumes


def others(store: Store) -> list[str]:
    """Every row that is not Eve's own."""
    with store.engine.connect() as connection:
        rows = [row for table in tables.metadata.sorted_tables for row in connection.execute(table.select())]
        mine = set(connection.scalars(tables.class_.select().with_only_columns(tables.class_.c.id).where(
            tables.class_.c.teacher == EVE.learner)))  # fmt: skip
    return [str(row) for row in rows if EVE.learner not in row and row[0] not in mine]


def asked(room: Room, resumes: Resumes, draw: Callable[[Ids], Any]) -> Any:
    """Ask for one thing, any of all that can be asked, with any arguments."""
    classes, reports, any_id = room.classes, room.reports, ids(room)
    who = draw(st.sampled_from([EVE, replace(EVE, teacher=False)]))
    now, key, text = draw(TIMES), draw(any_id), draw(any_id)
    calls: list[Callable[[], Any]] = [
        lambda: classes.open(who, text, now),
        lambda: classes.taught(who),
        lambda: classes.one(who, key),
        lambda: classes.rename(who, key, text),
        lambda: classes.close(who, key, draw(st.none() | TIMES)),
        lambda: classes.renew_code(who, key),
        lambda: classes.remove(who, key),
        lambda: classes.assign(who, key, draw(works(st.just("Mine"))), now),
        lambda: classes.take_back(who, key, text),
        lambda: classes.assignments(who, key),
        lambda: classes.find(text, str(key), now),
        lambda: classes.join(who, text, str(key), now, name=draw(ODD)),
        lambda: classes.memberships(who),
        lambda: classes.agree(who, key, name=True, examples=True, grades=True, called=text, gradebook=text),
        lambda: classes.leave(who, key, now),
        lambda: reports.members(who, key, text),
        lambda: reports.figures(who, key, text, certainties=(50,), steps={"bptt": 3}),
        lambda: reports.examples(who, key, text, draw(st.just("q1") | ODD), draw(ODD)),
        lambda: reports.gradebook(who, key),
        lambda: reports.seen(who, key),
        lambda: resumes.follow(text, now),
        lambda: room.store.import_(who.learner, [json.dumps({kind: content}) for kind, content in [
            ("membership", {"class_id": key, "learner": MEMBERS[0], "name_agreed": True}),
            ("class", {"id": key, "teacher": who.learner, "title": text}),
            ("attempt", room.attempt(MEMBERS[0], "q1").to_json() | {"answered_at": now.isoformat()}),
        ]]).added,
    ]  # fmt: skip
    return draw(st.sampled_from(calls))()


def nothing_leaks(room: Room, resumes: Resumes, data: st.DataObject) -> None:
    """Ask for several things as Eve, and find all that is not hers as it was, and nothing of it in the answers."""
    before = others(room.store)
    for _ in range(AT_ONCE):
        try:
            found = asked(room, resumes, data.draw)
        except ClassError as refused:
            found = str(refused)
        assert MARK not in repr(found)
        assert not isinstance(found, str) or "\n" not in found
    assert others(room.store) == before
    for made in room.classes.taught(EVE):
        room.classes.remove(EVE, made.id)


@pytest.fixture(scope="module")
def in_file() -> Iterator[tuple[Room, Resumes]]:
    """A class in memory, kept for all that is asked."""
    with Store.in_memory() as store:
        yield filled(store)


@pytest.fixture(scope="module")
def on_server(cluster: Cluster) -> Iterator[tuple[Room, Resumes]]:
    """A class on a server."""
    url = cluster.create(template=TEMPLATE)
    with Store.open(url) as store:
        yield filled(store)
    cluster.drop(url)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_of_anothers_is_read_or_changed(in_file: tuple[Room, Resumes], data: st.DataObject) -> None:
    """Six thousand questions by somebody who is not in the class, on SQLite."""
    nothing_leaks(*in_file, data)


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_of_anothers_is_read_or_changed_on_a_server(
    on_server: tuple[Room, Resumes], data: st.DataObject
) -> None:
    """A thousand on PostgreSQL, which takes other texts amiss."""
    nothing_leaks(*on_server, data)


def test_the_mark_is_seen_by_the_teacher(in_file: tuple[Room, Resumes]) -> None:
    """What these tests look for is there: the teacher finds it everywhere."""
    room, _ = in_file
    assert MARK in room.classes.one(TEACHER, room.id).title
    for found in (
        room.reports.members(TEACHER, room.id, room.work.id),
        room.reports.examples(TEACHER, room.id, room.work.id, "q1"),
        room.reports.gradebook(TEACHER, room.id),
        room.figures(),
    ):
        assert MARK in repr(found)
