"""What teachers see of classes, and learners of that: the numbers as answered, and no more than may be seen."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from classroom import NOW, TEACHER, WORK, Room, people

from quiz.asides import Disagreement, Place
from quiz.classes.people import Person
from quiz.classes.privacy import NEARLY_NONE
from quiz.store import Store, tables
from quiz.store.resumes import Resumes


@pytest.fixture
def room(store: Store) -> Room:
    """A class with an assignment, in a file and on a server."""
    return Room(store)


def test_first_answers_count(room: Room) -> None:
    """The first answer of each learner to each question of the assignment, but undecided ones, and no other work."""
    for at, name in enumerate(people(8)):
        room.join(name)
        room.answer(name, "q1", right=at < 4, certainty=75, slips=() if at < 4 else ("took the mean",))
        room.answer(name, "q1", right=True)
        room.answer(name, "q2", verdict="undecided", score=0.0, credit=0.0)
        room.answer(name, "q9")
        assert room.store.add(room.attempt(name, "q3", assignment=None))
        assert room.store.add(room.attempt(name, "q3", assignment="00000000000000ff"))
    q1, q2, q3 = room.figures().questions
    assert (q1.answers, q2.answers, q3.answers) == (6, 0, 0)
    assert q1.right is not None
    assert q1.right.value == 4 / 6
    assert q1.slips == ()
    assert room.figures().answers == 6
    assert [(each.certainty, each.answers) for each in room.figures().sure] == [(25, 0), (50, 0), (75, 6), (95, 0)]
    room.join("user-8")
    room.answer("user-8", "q1", right=False, slips=("took the mean",))
    (slip,) = room.figures().questions[0].slips
    assert (room.figures().questions[0].answers, slip.name) == (9, "took the mean")


def test_grade_files_and_figures_tell_no_one_else_s_score(room: Room) -> None:
    """Nine answered; once seven agreed to the files, whose scores add up to the figures, the two others are in none."""
    for at, name in enumerate(people(9)):
        room.join(name)
        room.answer(name, "q1", right=at in (0, 2))
    assert room.figures().questions[0].answers == 9
    for name in people(9)[2:]:
        room.classes.agree(Person(name), room.id, grades=True)
    (found, *_) = room.figures().questions
    told = [each.credits[0]["q1"] == 1 for each in room.reports.gradebook(TEACHER, room.id).learners]
    assert (found.answers, len(told), sum(told)) == (6, 7, 1)
    assert found.right is not None
    assert found.right.value == 1 / 6
    for name in people(9)[2:]:
        room.classes.agree(Person(name), room.id, grades=False)
    assert room.figures().questions[0].answers == 9


def test_answers_before_joining_and_before_assigning_count(room: Room) -> None:
    """A guest who tried, and a class that takes up an older link, lose nothing, and nothing counts twice."""
    for name in people(6):
        room.answer(name, "q1", right=False)
        room.join(name)
    assert room.figures().questions[0].answers == 6
    later = replace(WORK, id="00000000000000bb", title="Later", items=("q1", "q5"))
    for name in people(6):
        room.answer(name, "q5", right=False, assignment=later.id)
    for _ in range(2):
        room.classes.assign(TEACHER, room.id, later, NOW)
    found = room.reports.figures(TEACHER, room.id, later.id, certainties=(), steps={})
    assert [(each.answers, each.right and each.right.word) for each in found.questions] == [(0, None), (6, NEARLY_NONE)]


def test_answers_after_the_end_do_not_count(room: Room) -> None:
    """What comes after the assignment closed is kept as the learner's, and moves no figure."""
    room.classes.assign(TEACHER, room.id, replace(WORK, closes_at=NOW + timedelta(days=1)), NOW)
    for at, name in enumerate(people(9)):
        room.join(name)
        room.answer(name, "q1", **({"answered_at": NOW + timedelta(days=2)} if at > 5 else {}))
    assert room.figures().questions[0].answers == 6
    assert len(room.store.attempts("user-08")) == 1


def test_list_of_members(room: Room) -> None:
    """Who began and how far each is, under pseudonyms; no id, answer, score or time of anybody."""
    for name in ("user-ada", "user-bob", "user-eve"):
        room.join(name, name=f"{name} by name")
    room.answer("user-ada", "q1")
    room.answer("user-ada", "q2")
    room.store.save_place(Place(learner="user-bob", lesson="bptt", query="", opened_at=NOW, beat=4))
    room.store.save_place(Place(learner="user-bob", lesson="bptt", query="t=1", opened_at=NOW, beat=2))
    room.store.save_place(Place(learner="user-bob", lesson="gates", query="", opened_at=NOW, beat=2))
    room.classes.agree(Person("user-bob"), room.id, name=True)
    found = room.reports.members(TEACHER, room.id, WORK.id)
    assert sorted((each.answered, [*each.steps.items()], each.started, each.named) for each in found) == [
        (0, [], False, False), (0, [("bptt", 4)], True, True), (2, [], True, False),
    ]  # fmt: skip
    assert "user-bob by name" in {each.shown for each in found}
    assert "user-" not in str([each for each in found if not each.named])


def test_stops_of_the_assigned_lesson(room: Room) -> None:
    """How many came to each step; who opened the lesson and went no further is at the first."""
    for at, name in enumerate(people(12)):
        room.join(name)
        room.store.save_place(Place(learner=name, lesson="bptt", query="", opened_at=NOW, beat=at % 7))
    (found,) = room.figures().stops
    assert (found.lesson, found.began, found.reached) == ("bptt", 12, (12, 6, 6, 0, 0, 0))


def test_verdicts_that_are_not_accepted_are_counted(room: Room) -> None:
    """How many members disagree with a verdict on the assignment, by threes; nobody and nothing else counts."""
    for at, name in enumerate(people(9)):
        if at != 8:
            room.join(name)
        made = [room.answer(name, "q1", text_verdict="wrong"), room.answer(name, "q2", text_verdict="wrong")]
        if at > 4:
            made = made[:1]
        made.append(room.attempt(name, "q3", text_verdict="wrong", assignment=None))
        room.store.add(made[-1])
        for each in made:
            room.store.disagree(
                Disagreement(learner=name, key=each.key, question=each.question, verdict="wrong", disagreed_at=NOW)
            )
    assert room.figures().disagreed == {"q1": 6}


def test_examples_are_of_who_agreed(room: Room) -> None:
    """First tries that were not right, without a name, once the question has figures; a slip only if it is named."""
    for at, name in enumerate(people(9)):
        room.join(name)
        slip = ("took the mean",) if at % 3 else ("turned the sign",) if at == 0 else ()
        room.answer(
            name, "q1", right=at == 8, slips=() if at == 8 else slip, response=f"second {at}", first=f"try {at}"
        )
        if at in (0, 1, 2, 4, 8):
            room.classes.agree(Person(name), room.id, examples=True)
        if at == 4:
            assert room.reports.examples(TEACHER, room.id, WORK.id, "q1") == ()

    def tries(slip: str | None = None) -> set[str]:
        return {each.response for each in room.reports.examples(TEACHER, room.id, WORK.id, "q1", slip)}

    assert tries() == {"try 0", "try 1", "try 2", "try 4"}
    assert tries("took the mean") == {"try 1", "try 2", "try 4"}
    assert tries("turned the sign") == tries("no slip") == set()
    assert room.reports.examples(TEACHER, room.id, WORK.id, "q9") == ()
    room.classes.agree(Person("user-01"), room.id, examples=False)
    room.classes.leave(Person("user-02"), room.id, NOW)
    assert tries() == {"try 0", "try 4"}


def test_gradebook_is_of_who_agreed(room: Room) -> None:
    """Points of the first answers, after hints; a name only where that was agreed to, too."""
    for name in ("user-ada", "user-bob", "user-eve"):
        room.join(name, name="By Name")
        room.answer(name, "q1", credit=0.75, hints=1)
        room.answer(name, "q2", right=False)
        room.answer(name, "q2")
    assert room.reports.gradebook(TEACHER, room.id).learners == ()
    room.classes.agree(Person("user-ada"), room.id, grades=True, gradebook="4711", name=True)
    bob = room.classes.agree(Person("user-bob"), room.id, grades=True)
    book = room.reports.gradebook(TEACHER, room.id)
    assert (book.works[0].title, book.works[0].points) == ("First sheet", 3)
    found = {each.shown: (each.gradebook, each.points, dict(each.credits[0])) for each in book.learners}
    assert found == {
        "By Name": ("4711", (0.75,), {"q1": 0.75, "q2": 0.0}), bob.pseudonym: ("", (0.75,), {"q1": 0.75, "q2": 0.0}),
    }  # fmt: skip


def test_learner_sees_what_the_teacher_sees(room: Room) -> None:
    """Their line in the list, their grades if they agreed, and nothing of anybody else's."""
    for name in people(6):
        room.join(name)
        room.answer(name, "q1")
    ada = room.join("user-ada", name="Ada")
    room.answer("user-ada", "q1", credit=0.5)
    who = Person("user-ada")
    seen = room.reports.seen(who, room.id)
    assert (seen.title, seen.shown, seen.named) == ("Thursday group", ada.pseudonym, False)
    assert (seen.grades, seen.gradebook, seen.examples, seen.counted) == ((), "", False, 1)
    line = next(each for each in room.reports.members(TEACHER, room.id, WORK.id) if each.shown == ada.pseudonym)
    assert seen.work == (("First sheet", line),)
    room.classes.agree(who, room.id, name=True, grades=True, examples=True, gradebook="ada@example.edu")
    seen = room.reports.seen(who, room.id)
    assert (seen.shown, seen.named, seen.grades) == ("Ada", True, (("First sheet", 0.5),))
    assert (seen.gradebook, seen.examples) == ("ada@example.edu", True)
    assert room.reports.gradebook(TEACHER, room.id).learners[0].points == (0.5,)


def test_export_and_erasure_leave_counts_alone(room: Room) -> None:
    """An export has the membership; after erasing nothing of the learner is in any table, and no figure has moved."""
    resumes = Resumes(room.store.engine)
    for at, name in enumerate(people(7)):
        room.join(name, name="Some Name")
        room.classes.agree(Person(name), room.id, grades=True, examples=True, gradebook="4711")
        resumes.renew(Person(name), NOW)
        room.answer(name, "q1", right=at % 2 == 0, certainty=75)
    lines = [json.loads(line) for line in room.store.export("user-03")]
    (kept,) = [line["membership"] for line in lines if "membership" in line]
    assert (kept["name"], kept["gradebook"], kept["class_id"]) == ("Some Name", "4711", room.id)
    assert [line["attempt"]["assignment"] for line in lines if "attempt" in line] == [WORK.id]
    before = room.figures()
    room.store.delete("user-03")
    assert room.figures() == before
    assert list(room.store.export("user-03")) == []
    assert len(room.reports.members(TEACHER, room.id, WORK.id)) == 6
    with room.store.engine.connect() as connection:
        rows = [str(row) for table in tables.metadata.sorted_tables for row in connection.execute(table.select())]
    assert rows
    assert not [row for row in rows if "user-03" in row]
    assert [json.loads(line)["class"]["title"] for line in room.store.export(TEACHER.learner)] == ["Thursday group"]
    room.store.delete(TEACHER.learner)
    assert room.classes.taught(TEACHER) == ()
    assert room.classes.memberships(Person("user-01")) == ()
    assert len(room.store.attempts("user-01")) == 1
