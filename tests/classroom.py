"""A class in a store, for tests: its teacher, its learners and what they answer."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from quiz.attempt import Attempt
from quiz.classes.assignments import Assignment
from quiz.classes.people import Person
from quiz.classes.records import Class, Membership
from quiz.store import Store
from quiz.store.class_reports import Reports
from quiz.store.classes import Classes

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
TEACHER, OTHER = Person("user-teacher", teacher=True), Person("user-other", teacher=True)
ITEMS = ("q1", "q2", "q3")
CERTAINTIES = (25, 50, 75, 95)
WORK = Assignment(id="00000000000000aa", title="First sheet", items=ITEMS, lessons=("bptt",))


@dataclass
class Room:
    """A class with an assignment, on a store."""

    store: Store
    work: Assignment = WORK
    classes: Classes = field(init=False)
    reports: Reports = field(init=False)
    made: Class = field(init=False)

    def __post_init__(self) -> None:
        self.classes = Classes(self.store.engine, random.Random(1))
        self.reports = Reports(self.store.engine)
        self.made = self.classes.open(TEACHER, "Thursday group", NOW)
        self.classes.assign(TEACHER, self.made.id, self.work, NOW)
        self._numbers = count(1)

    @property
    def id(self) -> str:
        """The class's id."""
        return self.made.id

    def join(self, learner: str, **more: Any) -> Membership:
        """Have a learner join."""
        return self.classes.join(Person(learner), self.made.code, "here", NOW, **more)

    def attempt(self, learner: str, question: str, *, right: bool = True, **more: Any) -> Attempt:
        """An answer of a learner's for the assignment, later than all before it."""
        number = next(self._numbers)
        values: dict[str, Any] = {
            "key": str(uuid.uuid5(uuid.UUID(int=0), f"{learner} {number}")), "learner": learner, "question": question,
            "mode": "practice", "asked_at": NOW, "answered_at": NOW + timedelta(seconds=number), "response": "b",
            "verdict": "correct" if right else "wrong", "score": float(right), "credit": float(right),
            "assignment": self.work.id,
        }  # fmt: skip
        return Attempt(**values | more)

    def answer(self, learner: str, question: str, *, right: bool = True, **more: Any) -> Attempt:
        """Keep an answer of a learner's for the assignment."""
        made = self.attempt(learner, question, right=right, **more)
        assert self.store.add(made)
        return made

    def figures(self) -> Any:
        """What the teacher sees of the assignment."""
        return self.reports.figures(
            TEACHER, self.id, self.work.id, certainties=CERTAINTIES, steps={"bptt": 6, "gates": 5}
        )


def people(number: int) -> list[str]:
    """Ids of that many learners."""
    return [f"user-{at:02}" for at in range(number)]
