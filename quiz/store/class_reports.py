"""What a teacher sees of a class, read in a query or two each, and what a learner sees of that."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from quiz.classes import privacy
from quiz.classes.assignments import Assignment
from quiz.classes.people import Person
from quiz.classes.records import Membership
from quiz.classes.reports import Example, Figures, Gradebook, Graded, Member, Seen, Work
from quiz.classes.statistics import Answer
from quiz.store import class_rows
from quiz.store.classes import Guarded
from quiz.store.steady import steady

MOST_EXAMPLES = 5


class Reports(Guarded):
    """A teacher's view of their classes, and a learner's view of it."""

    @steady
    def members(self, asks: Person, class_id: str, assignment: str) -> tuple[Member, ...]:
        """Who is in the class, and how far each is with an assignment; by what is shown of them."""
        with self._given(asks, class_id, assignment) as (connection, made):
            found = _lines(connection, class_id, made, class_rows.members(connection, class_id))
        return tuple(sorted(found, key=lambda each: (each.shown.casefold(), each.answered)))

    @steady
    def everybody(self, asks: Person, class_id: str) -> tuple[Member, ...]:
        """Who is in the class, before anything is assigned; by what is shown of them."""
        with self._taught(asks, class_id) as (connection, _):
            members = [*class_rows.members(connection, class_id)]
        found = (Member(each.shown, each.shown != each.pseudonym, 0, {}) for each in members)
        return tuple(sorted(found, key=lambda each: each.shown.casefold()))

    @steady
    def figures(
        self, asks: Person, class_id: str, assignment: str, *, certainties: Iterable[int], steps: Mapping[str, int]
    ) -> Figures:
        """The class's figures for an assignment.

        Args:
            asks: Its teacher.
            class_id: The class.
            assignment: Its id.
            certainties: That can be said, in per cent.
            steps: How many steps each lesson has; those of the assigned ones are read.
        """
        with self._given(asks, class_id, assignment) as (connection, made):
            answers = _visible(connection, class_id, assignment)
            reached = class_rows.reached(connection, class_id, made.lessons) if made.lessons else {}
            disagreed = class_rows.disagreed(connection, class_id, assignment)
        questions = privacy.questions(answers, made.items)
        assigned = {lesson: steps[lesson] for lesson in made.lessons if lesson in steps}
        return Figures(
            sum(each.answers for each in questions),
            questions,
            privacy.calibration(answers, certainties),
            privacy.stops({lesson: list(of.values()) for lesson, of in reached.items()}, assigned),
            privacy.counts({name: disagreed[name] for name in made.items if name in disagreed}),
        )

    @steady
    def examples(
        self, asks: Person, class_id: str, assignment: str, question: str, slip: str | None = None
    ) -> tuple[Example, ...]:
        """A few answers that were not right, of learners who agreed to that; none before the question has figures.

        Args:
            asks: The class's teacher.
            class_id: The class.
            assignment: Its id.
            question: One of its questions.
            slip: Only those with this slip, which must be one that the figures name.
        """
        with self._given(asks, class_id, assignment) as (connection, made):
            if question not in made.items:
                return ()
            answers = _visible(connection, class_id, assignment, question)
            (shown,) = privacy.questions(answers, [question])
            if not privacy.may_show_examples(shown):
                return ()
            if slip is not None and slip not in {named.name for named in shown.slips}:
                return ()
            held = class_rows.examples(connection, class_id, assignment, question)
        found = [
            Example(first if first is not None else response, verdict == "correct", tuple(slips))
            for first, response, verdict, slips in held
            if verdict != "correct" and (slip is None or slip in slips)
        ]
        # An order of their own, always the same: by no learner's name, and by no time.
        random.Random(f"{assignment} {question}").shuffle(found)
        return tuple(found[:MOST_EXAMPLES])

    @steady
    def gradebook(self, asks: Person, class_id: str) -> Gradebook:
        """The scores of the learners who agreed to that, for all assignments with questions."""
        with self._taught(asks, class_id) as (connection, _):
            made = {key: each for key, each in class_rows.assignments(connection, class_id).items() if each.items}
            credit = class_rows.credit_of(connection, class_id)
            members = [each for each in class_rows.members(connection, class_id) if each.grades_agreed]
        learners = (_graded(each, made, credit) for each in members)
        return Gradebook(
            class_id,
            tuple(made),
            tuple(Work(each.title, len(each.items)) for each in made.values()),
            tuple(sorted(learners, key=lambda each: (each.shown.casefold(), each.gradebook))),
        )

    @steady
    def seen(self, asks: Person, class_id: str) -> Seen:
        """What the teacher sees of the learner who asks: all of it."""
        with self._joined(asks, class_id) as (connection, found, mine):
            made = class_rows.assignments(connection, class_id)
            work = [(each.title, _lines(connection, class_id, each, [mine])[0]) for each in made.values()]
            credit = class_rows.credit_of(connection, class_id, asks.learner)
        graded = _graded(mine, {key: each for key, each in made.items() if each.items}, credit)
        titles = [each.title for each in made.values() if each.items]
        return Seen(
            found.title,
            mine.shown,
            mine.shown != mine.pseudonym,
            tuple(work),
            tuple(zip(titles, graded.points, strict=True)) if mine.grades_agreed else (),
            mine.gradebook if mine.grades_agreed else "",
            mine.examples_agreed,
            sum(len(of) for of in credit.values()),
        )


def _visible(
    connection: sa.Connection, class_id: str, assignment: str, question: str | None = None
) -> Sequence[Answer]:
    """The first answers to an assignment, or to one of its questions, that figures may be of."""
    answers = class_rows.answers(connection, class_id, assignment, question)
    return privacy.apart(answers, class_rows.graded(connection, class_id))


def _lines(
    connection: sa.Connection, class_id: str, made: Assignment, members: Iterable[Membership]
) -> tuple[Member, ...]:
    answered = class_rows.answered(connection, class_id, made.id)
    reached = class_rows.reached(connection, class_id, made.lessons) if made.lessons else {}
    return tuple(
        Member(
            each.shown,
            each.shown != each.pseudonym,
            answered.get(each.learner, 0),
            {lesson: of[each.learner] for lesson, of in reached.items() if each.learner in of},
        )
        for each in members
    )


def _graded(
    each: Membership, made: Mapping[str, Assignment], credit: Mapping[tuple[str, str], Mapping[str, float]]
) -> Graded:
    of = tuple(credit.get((each.learner, key), {}) for key in made)
    points = tuple(round(sum(worth.values()), 2) if worth else None for worth in of)
    return Graded(each.pseudonym, each.shown, each.shown != each.pseudonym, each.gradebook, points, of)
