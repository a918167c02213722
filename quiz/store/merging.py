"""One learner made of two, and what is past its stated life removed, on an open connection."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from quiz.attempt import END
from quiz.classes.resume import BY_CODE
from quiz.store import class_rows, tables

DRAFT_DAYS = 90  # that a half-given answer is kept
VISIT_DAYS = 400  # that a learner without an account is kept after the last thing they did
DAYS_AHEAD = 31  # by which the clock may be ahead of the last answer: a clock set wrong removes nothing


def take_over(connection: sa.Connection, guest: str, learner: str) -> None:
    """Give a guest's memberships, counted answers and workbenches to a learner, and delete the guest.

    In a class in which both were, the learner's own membership stays; an answer that both gave was counted for both,
    and that of the guest counts on without a name.
    """
    m, n = tables.membership.c, tables.class_answer.c
    mine = {each.class_id: each for each in class_rows.memberships(connection, learner)}
    for theirs in class_rows.memberships(connection, guest):
        class_rows.lock(connection, theirs.class_id)
        own = mine.get(theirs.class_id)
        this = (m.class_id == theirs.class_id, m.learner == guest)
        if own is None or (own.left_at is not None and theirs.left_at is None):
            connection.execute(sa.delete(tables.membership).where(m.class_id == theirs.class_id, m.learner == learner))
            connection.execute(sa.update(tables.membership).where(*this).values(learner=learner))
        answered = sa.select(n.assignment, n.question).where(n.class_id == theirs.class_id, n.answered_by == learner)
        both = [tuple(row) for row in connection.execute(answered)]
        counted = sa.update(tables.class_answer).where(n.class_id == theirs.class_id, n.answered_by == guest)
        if both:
            counted = counted.where(sa.tuple_(n.assignment, n.question).not_in(both))
        connection.execute(counted.values(answered_by=learner))
    connection.execute(sa.update(tables.class_).where(tables.class_.c.teacher == guest).values(teacher=learner))
    w = tables.workbench.c
    connection.execute(sa.update(tables.workbench).where(w.learner == guest).values(learner=learner))
    connection.execute(sa.delete(tables.learner).where(tables.learner.c.id == guest))


def clean(connection: sa.Connection, now: datetime) -> tuple[int, int]:
    """Remove drafts older than `DRAFT_DAYS` days, learners without an account after `VISIT_DAYS`, links past their end.

    Returns:
        How many drafts and learners.
    """
    connection.execute(sa.delete(tables.workbench).where(tables.workbench.c.ends_at <= now))
    a, d = tables.attempt.c, tables.draft.c
    last = connection.scalar(sa.select(sa.func.max(a.recorded_at)).where(a.recorded_at <= END))
    if last is None:
        return 0, 0
    today = min(now, last + timedelta(days=DAYS_AHEAD))
    drafts = connection.execute(sa.delete(tables.draft).where(d.asked_at < today - timedelta(days=DRAFT_DAYS)))
    gone = sa.delete(tables.learner).where(*_unseen(today - timedelta(days=VISIT_DAYS)))
    return drafts.rowcount, connection.execute(gone).rowcount


def _unseen(since: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Learners who joined by a code, with a trace of when, and none since a time."""
    who = tables.learner.c.id
    traces = (
        (tables.attempt.c.learner, tables.attempt.c.recorded_at),
        (tables.place.c.learner, tables.place.c.opened_at),
        (tables.membership.c.learner, tables.membership.c.joined_at),
        (tables.resume.c.learner, tables.resume.c.used_at),
        (tables.workbench.c.learner, tables.workbench.c.made_at),
    )
    none_since = tuple(~sa.exists().where(learner == who, time >= since) for learner, time in traces)
    ever = sa.or_(*(sa.exists().where(learner == who) for learner, _ in traces))
    return (who.startswith(BY_CODE, autoescape=True), ever, *none_since)
