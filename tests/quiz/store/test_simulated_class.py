"""A class of 28 joins by code and works through an assignment; what the teacher sees adds up to what they did."""

from __future__ import annotations

import csv
import io
import json
import random
import uuid
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from classroom import CERTAINTIES, NOW, TEACHER, Room

from quiz.asides import Place
from quiz.attempt import Attempt
from quiz.classes.assignments import Assignment
from quiz.classes.files import TOO_FEW, canvas_grades, item_statistics, moodle_grades
from quiz.classes.keys import Keys
from quiz.classes.links import read_link, write_link
from quiz.classes.people import Person
from quiz.classes.privacy import NEARLY_ALL, NEARLY_NONE, QuestionShown
from quiz.classes.resume import new_learner
from quiz.classes.statistics import wilson
from quiz.classes.xapi import statements
from quiz.grading.grade import grade, right_response
from quiz.load import load_bank
from quiz.schema import Choice, Numeric
from quiz.store import Store, tables
from quiz.store.resumes import Resumes

pytestmark = pytest.mark.slow

ITEMS = (
    "bptt-delta-one-back", "accumulation-by-hand", "gen-step-delta", "update-one-weight", "chain-one-jacobian",
    "truncation-what-is-cut", "clipping-by-norm", "gen-clip-norm", "gru-two-biases",
)  # fmt: skip
BONUS = ITEMS[-1]  # that few come to
KEYS = Keys("0123456789abcdefghijklmnopqrstuvwxyz")
STEPS = 6


@dataclass
class Learner:
    """One simulated learner: how able, how far they go, and what they did."""

    number: int
    able: float
    person: Person
    answers: dict[str, Attempt] = field(default_factory=dict)
    beat: int = 0


def response(question: Any, able: float, rng: random.Random) -> Any:
    """A right answer by chance and ability, otherwise one that a slip leads to."""
    if rng.random() < able:
        return right_response(question)
    if isinstance(question, Choice):
        return rng.choice([option.id for option in question.options if not option.right])
    assert isinstance(question, Numeric)
    return rng.choice([slip.answer for slip in question.slips] + ["123456"])


def attend(room: Room, work: Assignment, learner: Learner, at: int) -> None:
    """Join, read a lesson some way, answer some questions, the first of them in a visit before joining."""
    rng = random.Random(learner.number)
    store, clock = room.store, NOW + timedelta(hours=at)
    learner.beat = rng.choice([0, 2, 4, 4, 6, 6, 6])
    done = ITEMS[: 0 if learner.number % 14 == 0 else rng.choice([5, 8, 8, 8, 9])]
    with Store.in_memory() as visit:
        for number, name in enumerate(done):
            if number == 2:
                room.classes.join(learner.person, room.made.code.lower(), f"address {learner.number}", clock)
                visiting = f"visit-{learner.number}"
                store.merge(visiting, learner.person.learner, visit)
            variant = work.variant(name, learner.person.learner)
            given = response(load_bank().question(name, variant), learner.able, rng)
            found = grade(load_bank().question(name, variant), given)
            made = Attempt(
                key=str(uuid.uuid5(uuid.UUID(int=learner.number), name)),
                learner=f"visit-{learner.number}" if number < 2 else learner.person.learner,
                question=name, variant=variant, mode="practice", asked_at=clock,
                answered_at=clock + number * timedelta(seconds=40),
                response=given, verdict=found.verdict, score=found.score, credit=found.score, slips=found.slips,
                certainty=rng.choice([None, *CERTAINTIES]), assignment=work.id,
            )  # fmt: skip
            assert (visit if number < 2 else store).add(made)
            learner.answers[name] = made
    room.classes.join(learner.person, room.made.code, f"address {learner.number}", clock, name=f"Name {learner.number}")
    if learner.beat:
        where = Place(learner=learner.person.learner, lesson="bptt", query="", opened_at=clock, beat=learner.beat)
        store.save_place(where)


@pytest.fixture
def taught(store: Store) -> tuple[Room, Assignment, list[Learner]]:
    """The class after all have worked, four at a time, with the assignment from its link."""
    given = Assignment(
        id="00000000000000cc", title="Backprop through time", items=ITEMS, lessons=("bptt",), seed=30,
        due_at=NOW + timedelta(days=7),
    )  # fmt: skip
    room = Room(store, read_link(write_link(given, KEYS), KEYS, NOW))
    rng = random.Random(30)
    learners = [Learner(number, rng.uniform(0.25, 0.85), Person(new_learner())) for number in range(28)]
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(attend, room, given, learner, at) for at, learner in enumerate(learners)]:
            done.result()
    return room, given, learners


def test_teachers_page_adds_up(taught: tuple[Room, Assignment, list[Learner]]) -> None:
    """Every figure is that of the answers given, counted anew from the learners' own log."""
    room, work, learners = taught
    figures = room.reports.figures(TEACHER, room.id, work.id, certainties=CERTAINTIES, steps={"bptt": STEPS})
    with room.store.engine.connect() as connection:
        n = tables.class_answer.c
        rows = connection.execute(tables.class_answer.select().order_by(n.number)).all()
    ids = {learner.person.learner: learner for learner in learners}
    assert len(rows) == sum(len(learner.answers) for learner in learners)
    order: dict[str, list[Attempt]] = defaultdict(list)
    for row in rows:
        order[row.question].append(ids[row.answered_by].answers.pop(row.question))
    assert not any(learner.answers for learner in learners)  # each is counted, and once

    for shown in figures.questions:
        held = order[shown.question]
        whole = len(held) // 3 * 3
        if shown.question == BONUS:
            assert whole < 6
            assert shown == QuestionShown(BONUS)
            continue
        assert shown.answers == whole
        right = sum(each.verdict == "correct" for each in held[:whole])
        assert shown.right is not None
        if right in (0, whole):
            assert shown.right.word == (NEARLY_ALL if right else NEARLY_NONE)
        else:
            assert (shown.right.value, shown.right.low, shown.right.high) == (right / whole, *wilson(right, whole))
        made = Counter(name for each in held[:whole] for name in set(each.slips))
        assert {slip.name for slip in shown.slips} == {name for name, number in made.items() if number >= 3}
        for slip in shown.slips:
            assert slip.share is not None
            assert slip.share.value == made[slip.name] / whole
    assert any(shown.slips for shown in figures.questions)
    assert figures.answers == sum(shown.answers for shown in figures.questions)
    for sure in figures.sure:
        said = [row for row in rows if row.certainty == sure.certainty]
        assert sure.answers == len(said) // 3 * 3
        assert sure.right is not None
        assert sure.right.value == sum(row.right for row in said[: sure.answers]) / sure.answers
    (stops,) = figures.stops
    beats = [learner.beat for learner in learners if learner.beat]
    assert stops.began == len(beats) // 3 * 3
    assert stops.reached == tuple(
        number // 3 * 3 if number >= 6 else 0
        for number in (sum(beat >= step for beat in beats) for step in range(1, STEPS + 1))
    )


def test_list_and_files_add_up(taught: tuple[Room, Assignment, list[Learner]]) -> None:
    """Who began and how far each came; the files have the same learners, points and figures."""
    room, work, learners = taught
    members = room.reports.members(TEACHER, room.id, work.id)
    assert len(members) == 28
    assert Counter((each.answered, each.steps.get("bptt", 0)) for each in members) == Counter(
        (len(learner.answers), learner.beat) for learner in learners
    )
    agreed = [learner for learner in learners if learner.number % 3 == 0]
    for learner in agreed:
        room.classes.agree(learner.person, room.id, grades=True, gradebook=f"s{learner.number}@example.edu")
    book = room.reports.gradebook(TEACHER, room.id)
    points = {
        f"s{learner.number}@example.edu": round(sum(each.credit for each in learner.answers.values()), 2)
        for learner in agreed
        if learner.answers
    }
    moodle = list(csv.DictReader(io.StringIO(moodle_grades(book))))
    assert {row["Email address"]: float(row[work.title]) for row in moodle if row[work.title]} == points
    canvas = list(csv.DictReader(io.StringIO(canvas_grades(book))))
    assert canvas[0][work.title] == str(len(ITEMS))
    assert {row["SIS Login ID"]: float(row[work.title]) for row in canvas[1:] if row[work.title]} == points
    said = Counter(json.loads(line)["verb"]["display"]["en"] for line in statements(book, "https://study.example.org"))
    assert said["answered"] == sum(len(learner.answers) for learner in agreed)
    assert said["attempted"] == len(points)
    assert said["completed"] == sum(len(learner.answers) == len(ITEMS) for learner in agreed)
    figures = room.reports.figures(TEACHER, room.id, work.id, certainties=CERTAINTIES, steps={})
    items = list(csv.DictReader(io.StringIO(item_statistics(figures, {}))))
    assert [row["First answers"] for row in items] == [str(each.answers or TOO_FEW) for each in figures.questions]
    resumes, first = Resumes(room.store.engine), learners[1].person
    assert resumes.follow(resumes.renew(first, NOW), NOW) == first.learner


def test_erasing_most_of_the_class_moves_no_figure(taught: tuple[Room, Assignment, list[Learner]]) -> None:
    """After twenty have erased their data all figures still stand, and eight are in the list."""
    room, work, learners = taught
    before = [apart_from_discrimination(each) for each in room.figures().questions]
    for learner in learners[:20]:
        room.store.delete(learner.person.learner)
    assert [apart_from_discrimination(each) for each in room.figures().questions] == before
    assert len(room.reports.members(TEACHER, room.id, work.id)) == 8


def apart_from_discrimination(shown: Any) -> Any:
    """A question's figures without the discrimination, which needs to know whose answers belong together."""
    return (shown.question, shown.answers, shown.right, shown.slips, shown.other)
