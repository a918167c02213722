"""The rows of verdicts on texts that learners do not accept, and how often that happens, on an open connection."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from typing import get_args

import sqlalchemy as sa

from quiz.asides import Disagreement, Withdrawn
from quiz.store import rows, tables


@dataclass(frozen=True)
class Verdicts:
    """The verdicts on texts that one question got.

    Attributes:
        given: How many.
        disagreed: How many of them a learner does not accept.
    """

    given: int
    disagreed: int


def disagreements(connection: sa.Connection, learner: str) -> Iterator[Disagreement]:
    """All of a learner's, the last one first."""
    d = tables.disagreement.c
    query = sa.select(tables.disagreement).where(d.learner == learner).order_by(d.disagreed_at.desc(), d.key)
    for row in connection.execute(query).all():
        if found := rows.read(Disagreement, row):
            yield found


def put(connection: sa.Connection, disagreement: Disagreement) -> None:
    """Keep one; the first to be kept of an attempt stays."""
    d = tables.disagreement.c
    query = sa.select(d.key).where(d.learner == disagreement.learner, d.key == disagreement.key)
    if connection.execute(query).first() is None:
        connection.execute(sa.insert(tables.disagreement), asdict(disagreement))


def drop(connection: sa.Connection, learner: str, key: str) -> None:
    """Take one back."""
    d = tables.disagreement.c
    connection.execute(sa.delete(tables.disagreement).where(d.learner == learner, d.key == key))


def counted(connection: sa.Connection, learners: Collection[str] | None) -> dict[str, Verdicts]:
    """Verdicts by question; a disagreement whose attempt is not kept does not count."""
    a, d = tables.attempt.c, tables.disagreement.c
    both = tables.attempt.outerjoin(tables.disagreement, sa.and_(a.learner == d.learner, a.key == d.key))
    # A verdict of another edition may have been read and rejected where none had been given at first.
    given = sa.or_(a.text_verdict.in_(get_args(Withdrawn)), d.key.is_not(None))
    query = sa.select(a.question, sa.func.count(), sa.func.count(d.key)).select_from(both).where(given)
    if learners is not None:
        query = query.where(a.learner.in_(learners))
    found = connection.execute(query.group_by(a.question).order_by(a.question))
    return {question: Verdicts(count, disagreed) for question, count, disagreed in found}
