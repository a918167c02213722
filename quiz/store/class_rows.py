"""Rows of classes, memberships and assignments, and the first answers that a class counts, on an open connection."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from quiz.attempt import Attempt
from quiz.classes.assignments import Assignment
from quiz.classes.records import Class, Membership
from quiz.classes.statistics import Answer
from quiz.store import rows, tables

c, m, g, n = tables.class_.c, tables.membership.c, tables.assignment.c, tables.class_answer.c


def lock(connection: sa.Connection, class_id: str) -> None:
    """Make the writers of one class wait for each other, always after the learner's own lock."""
    connection.execute(sa.select(c.id).where(c.id == class_id).with_for_update(key_share=True))


# Classes and memberships


def classes(connection: sa.Connection, *where: sa.ColumnElement[bool]) -> Iterator[Class]:
    """Classes, the oldest first."""
    for row in connection.execute(sa.select(tables.class_).where(*where).order_by(c.opened_at, c.id)).all():
        if found := rows.read(Class, row):
            yield found


def put_class(connection: sa.Connection, made: Class) -> None:
    """Keep a class, in place of how it was before; not if its teacher or time changed."""
    values = asdict(made)
    done = connection.execute(sa.update(tables.class_).where(c.id == made.id, c.teacher == made.teacher).values(values))
    if not done.rowcount:
        connection.execute(sa.insert(tables.class_), values)


def membership(connection: sa.Connection, class_id: str, learner: str) -> Membership | None:
    """A learner's membership, also one that they left."""
    row = connection.execute(
        sa.select(tables.membership).where(m.class_id == class_id, m.learner == learner)
    ).one_or_none()
    return rows.read(Membership, row) if row else None


def members(connection: sa.Connection, class_id: str) -> Iterator[Membership]:
    """Who is in a class now, by what the teacher reads of them."""
    query = sa.select(tables.membership).where(m.class_id == class_id, m.left_at.is_(None)).order_by(m.pseudonym)
    for row in connection.execute(query).all():
        if found := rows.read(Membership, row):
            yield found


def graded(connection: sa.Connection, class_id: str) -> frozenset[str]:
    """Who is in a class now and agreed that their scores stand in the grade files."""
    query = sa.select(m.learner).where(m.class_id == class_id, m.left_at.is_(None), m.grades_agreed)
    return frozenset(connection.scalars(query))


def memberships(connection: sa.Connection, learner: str) -> Iterator[Membership]:
    """All memberships of a learner, the oldest first, those that they left among them."""
    query = sa.select(tables.membership).where(m.learner == learner).order_by(m.joined_at, m.class_id)
    for row in connection.execute(query).all():
        if found := rows.read(Membership, row):
            yield found


def pseudonyms(connection: sa.Connection, class_id: str) -> set[str]:
    """The pseudonyms of a class that are taken, also by who left."""
    return set(connection.scalars(sa.select(m.pseudonym).where(m.class_id == class_id)))


def put_membership(connection: sa.Connection, kept: Membership) -> None:
    """Keep a membership in place of how it was before."""
    mine = (m.class_id == kept.class_id, m.learner == kept.learner)
    if not connection.execute(sa.update(tables.membership).where(*mine).values(asdict(kept))).rowcount:
        connection.execute(sa.insert(tables.membership), asdict(kept))


# Assignments


def assignments(connection: sa.Connection, class_id: str) -> dict[str, Assignment]:
    """A class's assignments by id, the oldest first."""
    found: dict[str, Assignment] = {}
    query = sa.select(g.id, g.content).where(g.class_id == class_id).order_by(g.given_at, g.id)
    for row in connection.execute(query).all():
        if made := rows.read(_assignment, row):
            found[row.id] = made
    return found


def _assignment(id: str, content: Any) -> Assignment:  # noqa: A002 - the column's own name
    if not isinstance(content, dict) or content.get("id") != id:
        raise ValueError("content: expected an assignment")
    return Assignment.from_json(content)


def put_assignment(connection: sa.Connection, class_id: str, made: Assignment, now: datetime) -> None:
    """Keep an assignment, in place of how it was before."""
    mine = (g.class_id == class_id, g.id == made.id)
    if not connection.execute(sa.update(tables.assignment).where(*mine).values(content=made.to_json())).rowcount:
        values = {"class_id": class_id, "id": made.id, "given_at": now, "content": made.to_json()}
        connection.execute(sa.insert(tables.assignment), values)


# First answers


def count_answer(connection: sa.Connection, attempt: Attempt) -> None:
    """Have the classes count a new attempt that was given for an assignment of theirs."""
    joined = sa.select(m.class_id).join(tables.assignment, g.class_id == m.class_id)
    mine = (m.learner == attempt.learner, m.left_at.is_(None), g.id == attempt.assignment)
    for class_id in connection.scalars(joined.where(*mine).order_by(m.class_id)).all():
        count(connection, class_id, learner=attempt.learner, only=[str(attempt.assignment)])


def count_all(connection: sa.Connection, learner: str) -> None:
    """Have each class of a learner count what it does not yet."""
    query = sa.select(m.class_id).where(m.learner == learner, m.left_at.is_(None)).order_by(m.class_id)
    for class_id in connection.scalars(query).all():
        count(connection, class_id, learner=learner)


def count(
    connection: sa.Connection, class_id: str, *, learner: str | None = None, only: Collection[str] | None = None
) -> None:
    """Have a class count the first answers of its members to its assignments that it does not yet; each counts once.

    Args:
        connection: That writes.
        class_id: The class.
        learner: One member; None for all.
        only: Ids of assignments; None for all.
    """
    lock(connection, class_id)
    given = {key: made for key, made in assignments(connection, class_id).items() if only is None or key in only}
    if not given:
        return
    a = tables.attempt.c
    query = (
        sa.select(
            a.learner,
            a.assignment,
            a.question,
            a.answered_at,
            a.verdict,
            a.credit,
            a.certainty,
            a.slips,
            m.grades_agreed.label("told"),
        )
        .join(tables.membership, sa.and_(m.learner == a.learner, m.class_id == class_id, m.left_at.is_(None)))
        .where(a.assignment.in_(given), a.verdict.in_(rows.JUDGED))
        .order_by(a.recorded_at, a.key)
    )
    known = sa.select(n.answered_by, n.assignment, n.question)
    known = known.where(n.class_id == class_id, n.assignment.in_(given), n.answered_by.is_not(None))
    if learner is not None:
        query, known = query.where(a.learner == learner), known.where(n.answered_by == learner)
    seen = {tuple(row) for row in connection.execute(known)}
    new: dict[str, list[dict[str, Any]]] = {key: [] for key in given}
    for row in connection.execute(query).all():
        made, this = given[row.assignment], (row.learner, row.assignment, row.question)
        if this in seen or row.question not in made.items or row.answered_at is None or made.over(row.answered_at):
            continue
        seen.add(this)
        new[row.assignment].append(_counted(row))
    for key, values in new.items():
        if values:
            last = connection.scalar(
                sa.select(sa.func.max(n.number)).where(n.class_id == class_id, n.assignment == key)
            )
            numbered = [
                value | {"class_id": class_id, "assignment": key, "number": number}
                for number, value in enumerate(values, (last or 0) + 1)
            ]
            connection.execute(sa.insert(tables.class_answer), numbered)


def _counted(row: sa.Row[*tuple[Any, ...]]) -> dict[str, Any]:
    sure = row.certainty if isinstance(row.certainty, int) and 0 <= row.certainty <= 100 else None
    slips = "\n".join(str(name) for name in row.slips) if isinstance(row.slips, list) else ""
    credit = row.credit if isinstance(row.credit, float) and 0 <= row.credit <= 1 else 0.0
    return {
        "question": row.question, "answered_by": row.learner, "right": row.verdict == "correct", "credit": credit,
        "certainty": sure, "slips": slips, "told": bool(row.told),
    }  # fmt: skip


def answers(connection: sa.Connection, class_id: str, assignment: str, question: str | None = None) -> list[Answer]:
    """The first answers that a class counts for an assignment, or for one of its questions, in their order."""
    query = (
        sa.select(n.number, n.question, n.answered_by, n.right, n.certainty, n.slips, n.told)
        .where(n.class_id == class_id, n.assignment == assignment)
        .order_by(n.number)
    )
    if question is not None:
        query = query.where(n.question == question)
    return [
        Answer(number, question, learner, right, certainty, tuple(slips.split("\n")) if slips else (), told)
        for number, question, learner, right, certainty, slips, told in connection.execute(query).all()
    ]


def answered(connection: sa.Connection, class_id: str, assignment: str) -> dict[str, int]:
    """How many of an assignment's questions each learner has answered."""
    query = (
        sa.select(n.answered_by, sa.func.count())
        .where(n.class_id == class_id, n.assignment == assignment, n.answered_by.is_not(None))
        .group_by(n.answered_by)
    )
    return {str(learner): number for learner, number in connection.execute(query)}


def credit_of(
    connection: sa.Connection, class_id: str, learner: str | None = None
) -> dict[tuple[str, str], dict[str, float]]:
    """For each learner and assignment, or those of one learner, what each first answer was worth."""
    query = sa.select(n.answered_by, n.assignment, n.question, n.credit)
    query = query.where(n.class_id == class_id, n.answered_by.is_not(None)).order_by(n.assignment, n.number)
    if learner is not None:
        query = query.where(n.answered_by == learner)
    found: dict[tuple[str, str], dict[str, float]] = {}
    for learner, assignment, question, credit in connection.execute(query):
        found.setdefault((learner, assignment), {})[question] = credit
    return found


def reached(connection: sa.Connection, class_id: str, lessons: Collection[str]) -> dict[str, dict[str, int]]:
    """For each lesson, how far each member who opened it came; from 1."""
    p = tables.place.c
    query = (
        sa.select(p.lesson, p.learner, p.beat)
        .join(tables.membership, sa.and_(m.learner == p.learner, m.class_id == class_id, m.left_at.is_(None)))
        .where(p.lesson.in_(lessons))
    )
    found: dict[str, dict[str, int]] = {lesson: {} for lesson in lessons}
    for lesson, learner, beat in connection.execute(query):
        found[lesson][learner] = max(beat, 1) if isinstance(beat, int) else 1
    return found


def disagreed(connection: sa.Connection, class_id: str, assignment: str) -> dict[str, list[str]]:
    """For each question of an assignment the members who do not accept a verdict on their words, in their order."""
    a, d = tables.attempt.c, tables.disagreement.c
    query = (
        sa.select(a.question, a.learner)
        .join(tables.disagreement, sa.and_(d.learner == a.learner, d.key == a.key))
        .join(tables.membership, sa.and_(m.learner == a.learner, m.class_id == class_id, m.left_at.is_(None)))
        .where(a.assignment == assignment)
        .order_by(d.disagreed_at, a.key)
    )
    found: dict[str, list[str]] = {}
    for question, learner in connection.execute(query):
        found.setdefault(question, []).append(learner)
    return found


def examples(
    connection: sa.Connection, class_id: str, assignment: str, question: str
) -> list[tuple[Any, Any, str, list[str]]]:
    """First answers of members who agreed to that: first try, response, verdict and slips; in no order of time."""
    a = tables.attempt.c
    query = (
        sa.select(a.learner, a.first, a.response, a.verdict, a.slips)
        .join(
            tables.membership,
            sa.and_(m.learner == a.learner, m.class_id == class_id, m.left_at.is_(None), m.examples_agreed),
        )
        .where(a.assignment == assignment, a.question == question, a.verdict.in_(rows.JUDGED))
        .order_by(a.recorded_at, a.key)
    )
    found: dict[str, tuple[Any, Any, str, list[str]]] = {}
    for row in connection.execute(query).all():
        if not any(isinstance(value, tables.Spoilt) for value in (row.first, row.response, row.slips)):
            found.setdefault(row.learner, (row.first, row.response, row.verdict, row.slips))
    return [found[learner] for learner in sorted(found)]
