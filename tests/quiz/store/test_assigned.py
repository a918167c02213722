"""What pages read beside the figures: what a learner has answered of an assignment, and who is in a class."""

from __future__ import annotations

import pytest
from classroom import OTHER, TEACHER, WORK, Room

from quiz.classes.people import Person
from quiz.classes.reports import Member
from quiz.errors import NotYoursError
from quiz.store import Store


@pytest.fixture
def room(store: Store) -> Room:
    """A class with an assignment, in a file and on a server."""
    return Room(store)


def test_questions_answered_for_an_assignment(room: Room) -> None:
    """Of one learner and this assignment alone, undecided ones among them, each once."""
    room.answer("user-1", "q1")
    room.answer("user-1", "q1", right=False)
    room.answer("user-1", "q2", verdict="undecided", score=0.0, credit=0.0)
    room.answer("user-1", "q3", assignment=None)
    room.answer("user-2", "q3")
    assert room.store.assigned("user-1", WORK.id) == {"q1", "q2"}
    assert room.store.assigned("user-3", WORK.id) == frozenset()


def test_everybody_is_listed_before_anything_is_assigned(room: Room) -> None:
    """By what is shown of them, for the class's teacher alone; who left is not."""
    assert room.reports.everybody(TEACHER, room.id) == ()
    one, other = room.join("user-1", name="Zoë"), room.join("user-2")
    room.join("user-3")
    room.classes.agree(Person("user-1"), room.id, name=True)
    room.classes.leave(Person("user-3"), room.id, one.joined_at)
    shown = sorted([Member("Zoë", True, 0, {}), Member(other.pseudonym, False, 0, {})], key=lambda each: each.shown)
    assert sorted(room.reports.everybody(TEACHER, room.id), key=lambda each: each.shown) == shown
    with pytest.raises(NotYoursError):
        room.reports.everybody(OTHER, room.id)
