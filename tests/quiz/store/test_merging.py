"""A guest's work becomes a learner's, links bring learners back, and what is past its life goes; nothing else does."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from classroom import NOW, TEACHER, WORK, Room, people

from quiz.asides import Goal, Guess, Interviewed, Place
from quiz.attempt import Draft
from quiz.classes.people import Person
from quiz.classes.resume import digest, new_learner, new_secret
from quiz.practice import schedule
from quiz.store import Store, tables
from quiz.store.merging import DAYS_AHEAD, DRAFT_DAYS, VISIT_DAYS
from quiz.store.resumes import Resumes

DAY = timedelta(days=1)


@pytest.fixture
def room(store: Store) -> Room:
    """A class with an assignment, in a file and on a server."""
    return Room(store)


def draft(learner: str, response: str, day: int = 0) -> Draft:
    """A half-given answer."""
    return Draft(learner=learner, question="d", key=str(uuid.UUID(int=5)), asked_at=NOW + day * DAY, response=response)


def guess(learner: str, given: str, day: int = 0) -> Guess:
    """A prediction."""
    return Guess(learner=learner, question="g", variant=1, response={"given": given}, kept_at=NOW + day * DAY)


def place(learner: str, query: str, day: int = 0, beat: int = 0) -> Place:
    """A lesson that was opened."""
    return Place(learner=learner, lesson="bptt", query=query, opened_at=NOW + day * DAY, beat=beat)


def work(room: Room, store: Store, learner: str, day: int) -> None:
    """Do a bit of everything."""
    for question in ("q1", "q2"):
        assert store.add(room.attempt(learner, question, assignment=WORK.id))
    store.save_draft(draft(learner, f"draft {day}", day))
    store.save_guess(guess(learner, f"guess {day}", day))
    store.save_place(place(learner, f"t={day}", day, beat=6 - day))
    store.save_goal(Goal(learner=learner, answers=day))
    store.save_interview(learner, {"step": str(day)})
    over = Interviewed(learner=learner, key=str(uuid.UUID(int=day)), ended_at=NOW, state={"day": day})
    store.save_interviewed(over)


@pytest.mark.parametrize("here", [True, False])
def test_guest_keeps_what_they_did(room: Room, here: bool) -> None:
    """Attempts of both, each once; of drafts, guesses and places the later; the learner's own goal and interview."""
    store = room.store
    source = store if here else Store.in_memory()
    room.join("user-ada")
    work(room, store, "user-ada", 1)
    work(room, source, "visit-1", 3)
    store.merge("visit-1", "user-ada", None if here else source)
    after = list(store.export("user-ada"))
    assert len(store.attempts("user-ada")) == 4
    assert store.cards("user-ada") == schedule.fold(store.attempts("user-ada"))
    assert (store.draft("user-ada", "d") or draft("", "")).response == "draft 3"
    assert store.guesses("user-ada", ["g"]) == (guess("user-ada", "guess 3", 3),)
    assert store.places("user-ada") == (place("user-ada", "t=3", 3, beat=5),)
    assert (store.goal("user-ada"), store.interview("user-ada")) == (1, {"step": "1"})
    assert len(store.interviewed("user-ada")) == 2
    store.merge("visit-1", "user-ada", None if here else source)
    assert list(store.export("user-ada")) == after
    if here:
        assert list(store.export("visit-1")) == []
        store.merge("user-ada", "user-ada")
        assert list(store.export("user-ada")) == after
    source.close()


def test_older_work_of_a_guest_replaces_nothing(room: Room) -> None:
    """What the learner did later stays; what they did not do yet is taken over."""
    work(room, room.store, "user-ada", 3)
    work(room, room.store, "visit-1", 1)
    room.store.merge("visit-1", "user-ada")
    assert (room.store.draft("user-ada", "d") or draft("", "")).response == "draft 3"
    assert room.store.guesses("user-ada", ["g"]) == (guess("user-ada", "guess 3", 3),)
    assert room.store.places("user-ada") == (place("user-ada", "t=3", 3, beat=5),)
    work(room, room.store, "visit-2", 2)
    room.store.merge("visit-2", "user-new")
    assert (room.store.goal("user-new"), room.store.interview("user-new")) == (2, {"step": "2"})


def test_guest_of_a_visit_counts_in_the_class_they_join(room: Room) -> None:
    """What was answered before joining, in memory alone, stands in the class's figures, each answer once."""
    for name in people(6):
        with Store.in_memory() as visit:
            assert visit.add(room.attempt(f"visit-{name}", "q1", assignment=WORK.id))
            room.join(name)
            for _ in range(2):
                room.store.merge(f"visit-{name}", name, visit)
    assert room.figures().questions[0].answers == 6
    assert room.figures().answers == 6


def test_membership_goes_along_with_its_counts(room: Room) -> None:
    """Who joined by code and signs in later is the same member; figures stay as they are."""
    for name in people(5):
        room.join(name)
        room.answer(name, "q1", right=False)
    joined = room.join("by-code-1", name="Ada")
    room.answer("by-code-1", "q1")
    before = room.figures()
    room.store.merge("by-code-1", "user-ada")
    ((_, mine),) = room.classes.memberships(Person("user-ada"))
    assert (mine.pseudonym, mine.name) == (joined.pseudonym, "Ada")
    assert room.classes.memberships(Person("by-code-1")) == ()
    assert room.figures() == before
    assert room.reports.seen(Person("user-ada"), room.id).counted == 1
    room.answer("user-ada", "q1")
    assert room.figures() == before


def test_two_memberships_become_one(room: Room) -> None:
    """Who was in a class twice is in it once, under their own name, and no figure moves."""
    mine = room.join("user-ada")
    for name in [*people(4), "by-code-1", "user-ada"]:
        room.join(name)
        room.answer(name, "q1", right=False)
    room.answer("by-code-1", "q2")
    before = room.figures()
    room.store.merge("by-code-1", "user-ada")
    assert [each.pseudonym for _, each in room.classes.memberships(Person("user-ada"))] == [mine.pseudonym]
    assert len(room.reports.members(TEACHER, room.id, WORK.id)) == 5
    assert room.figures() == before
    assert room.reports.seen(Person("user-ada"), room.id).counted == 2


def test_imported_answers_count_in_no_class(room: Room) -> None:
    """A file that a learner brings may say anything: neither its answers nor its memberships reach a class."""
    for name in people(8):
        room.answer(name, "q1")
    room.join("user-00")
    lines = list(room.store.export("user-00"))
    assert any('"membership"' in line for line in lines)
    for name in people(8):
        room.store.delete(name)
        report = room.store.import_(name, lines)
        assert (report.added, report.problems) == (1, ())
        assert room.classes.memberships(Person(name)) == ()
        room.join(name)
        assert room.store.attempts(name)[0].assignment is None
    assert room.figures().answers == 0


def test_private_link_brings_a_learner_back(store: Store) -> None:
    """One link for each learner: renewed or ended it leads nowhere, and the database does not hold it."""
    resumes, ada, bob = Resumes(store.engine), Person(new_learner()), Person(new_learner())
    first, other = resumes.renew(ada, NOW), resumes.renew(bob, NOW)
    assert (resumes.follow(first, NOW), resumes.follow(other, NOW)) == (ada.learner, bob.learner)
    second = resumes.renew(ada, NOW + DAY)
    assert (resumes.follow(first, NOW), resumes.follow(second, NOW)) == (None, ada.learner)
    assert resumes.made_at(ada) == NOW + DAY
    with store.engine.connect() as connection:
        kept = str(connection.execute(tables.resume.select()).all())
    assert not [secret for secret in (first, second, other) if secret in kept]
    for wrong in (str(digest(second)), second[:-1], second.swapcase(), new_secret(), "", None, "\0" * 43):
        assert resumes.follow(wrong, NOW) is None  # type: ignore[arg-type]
    resumes.end(ada)
    assert (resumes.follow(second, NOW), resumes.made_at(ada)) == (None, None)
    store.delete(bob.learner)
    assert resumes.follow(other, NOW) is None


def test_what_is_past_its_life_is_removed(room: Room) -> None:
    """Old drafts, and learners without an account who were not seen; class figures stay, and so does everybody else."""
    store, resumes = room.store, Resumes(room.store.engine)
    old, seen, linked, fresh = (f"by-code-{name}" for name in ("old", "seen", "linked", "fresh"))
    for name in (old, seen, linked, "user-ada", "user-bob", "user-eve"):
        room.join(name)
        room.answer(name, "q1")
        store.save_draft(draft(name, "half"))
    store.save_goal(Goal(learner=fresh, answers=1))
    before, later = room.figures(), NOW + (VISIT_DAYS + 1) * DAY
    secret = resumes.renew(Person(linked), NOW)
    for days in (DRAFT_DAYS - 1, 5_000):
        assert store.clean(NOW + days * DAY) == (0, 0)  # the clock is far ahead of all that was answered
    store.add(room.attempt(seen, "q2", answered_at=later))
    assert resumes.follow(secret, later) == linked
    assert store.clean(later + 50_000 * DAY - DAYS_AHEAD * DAY)[0] == 6
    assert [bool(store.attempts(name)) for name in (old, seen, linked, "user-ada")] == [False, True, True, True]
    assert store.goal(fresh) == 1
    assert room.figures() == before
    assert store.clean(later) == (0, 0)


def test_cleaning_an_empty_store(tmp_path: Path) -> None:
    """There is nothing to remove, and nothing fails."""
    with Store.open(tmp_path / "quiz.sqlite3") as store:
        assert store.clean(NOW) == (0, 0)
