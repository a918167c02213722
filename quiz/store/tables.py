"""The store's tables, as the newest migration leaves them (a test compares the two).

What a column holds may be spoilt, by another program or a failing disk. Reading one such value must not end the reading
of the rest, as the database's own types would: it comes as something that no record takes (`quiz.store.rows` says so
and goes on).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Time(sa.types.TypeDecorator[datetime]):
    """A time in UTC as whole microseconds since 1970: exact, ordered, and alike in every database."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002
        """Microseconds from an aware time."""
        return None if value is None else (value - EPOCH) // timedelta(microseconds=1)

    def process_result_value(self, value: int | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        """An aware time from microseconds, None where there is no such time."""
        try:
            return None if value is None else EPOCH + timedelta(microseconds=value)
        except (TypeError, OverflowError):
            return None


class Spoilt:
    """What stands for JSON that can't be read; no JSON value, so that no record takes it."""


class Values(sa.types.TypeDecorator[Any]):
    """JSON values; `Spoilt` where the text is not JSON."""

    impl = sa.JSON
    cache_ok = True

    def result_processor(self, dialect: sa.Dialect, coltype: object) -> Callable[[Any], Any] | None:
        """Read a value with the database's own type, and put up with what it can't read."""
        read = super().result_processor(dialect, coltype)

        def process(value: Any) -> Any:
            try:
                return read(value) if read else value
            except (ValueError, TypeError, RecursionError):
                return Spoilt()

        return process


metadata = sa.MetaData()


def _owner() -> sa.Column[str]:
    return sa.Column("learner", sa.String(200), sa.ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)


learner = sa.Table("learner", metadata, sa.Column("id", sa.String(200), primary_key=True))

attempt = sa.Table(
    "attempt",
    metadata,
    _owner(),
    sa.Column("key", sa.String(36), primary_key=True),
    sa.Column("question", sa.String(200), nullable=False),
    sa.Column("variant", sa.Integer, nullable=False),
    sa.Column("mode", sa.String(20), nullable=False),
    sa.Column("asked_at", Time, nullable=False),
    sa.Column("answered_at", Time, nullable=False),
    sa.Column("response", Values, nullable=False),
    sa.Column("verdict", sa.String(20), nullable=False),
    sa.Column("score", sa.Double, nullable=False),
    sa.Column("credit", sa.Double, nullable=False),
    sa.Column("hints", sa.Integer, nullable=False),
    sa.Column("certainty", sa.Integer),
    sa.Column("easy", sa.Boolean, nullable=False),
    sa.Column("suggested", Values, nullable=False),
    sa.Column("confirmed", Values, nullable=False),
    sa.Column("recorded_at", Time, nullable=False, server_default="0"),
    sa.Column("hard", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("first", Values, nullable=False, server_default="null"),
    sa.Column("text_verdict", sa.String(20)),
    sa.Column("assignment", sa.String(40)),
    sa.Column("slips", Values, nullable=False, server_default="[]"),
    sa.Index("attempt_log", "learner", "recorded_at", "key"),
    sa.Index("attempt_log_of_question", "learner", "question", "recorded_at", "key"),
    sa.Index("attempt_certainty", "learner", "certainty", "verdict"),
)
sa.Index(
    "attempt_assigned",
    attempt.c.assignment,
    attempt.c.learner,
    sqlite_where=attempt.c.assignment.is_not(None),
    postgresql_where=attempt.c.assignment.is_not(None),
)

card = sa.Table(
    "card",
    metadata,
    _owner(),
    sa.Column("question", sa.String(200), primary_key=True),
    sa.Column("stability", sa.Double, nullable=False),
    sa.Column("difficulty", sa.Double, nullable=False),
    sa.Column("due", Time, nullable=False),
    sa.Column("answered_at", Time, nullable=False),
    sa.Column("key", sa.String(36), nullable=False),
    sa.Column("variant", sa.Integer, nullable=False),
    sa.Column("verdict", sa.String(20), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("misses", sa.Integer, nullable=False),
    sa.Column("credit", sa.Double, nullable=False),
    sa.Column("weight", sa.Double, nullable=False),
)

disagreement = sa.Table(
    "disagreement",
    metadata,
    _owner(),
    sa.Column("key", sa.String(36), primary_key=True),
    sa.Column("question", sa.String(200), nullable=False),
    sa.Column("verdict", sa.String(20), nullable=False),
    sa.Column("disagreed_at", Time, nullable=False),
)

draft = sa.Table(
    "draft",
    metadata,
    _owner(),
    sa.Column("question", sa.String(200), primary_key=True),
    sa.Column("variant", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("key", sa.String(36), nullable=False),
    sa.Column("asked_at", Time, nullable=False),
    sa.Column("response", Values, nullable=False),
    sa.Column("hints", sa.Integer, nullable=False),
    sa.Column("first", Values, nullable=False, server_default="null"),
)

goal = sa.Table(
    "goal",
    metadata,
    _owner(),
    sa.Column("answers", sa.Integer, nullable=False),
)

interview = sa.Table(
    "interview",
    metadata,
    _owner(),
    sa.Column("state", Values, nullable=False),
)

interviewed = sa.Table(
    "interviewed",
    metadata,
    _owner(),
    sa.Column("key", sa.String(36), primary_key=True),
    sa.Column("ended_at", Time, nullable=False),
    sa.Column("state", Values, nullable=False),
)

place = sa.Table(
    "place",
    metadata,
    _owner(),
    sa.Column("lesson", sa.String(200), primary_key=True),
    sa.Column("query", sa.Text, nullable=False),
    sa.Column("opened_at", Time, nullable=False),
    sa.Column("beat", sa.Integer, nullable=False, server_default="0"),
)

guess = sa.Table(
    "guess",
    metadata,
    _owner(),
    sa.Column("question", sa.String(200), primary_key=True),
    sa.Column("variant", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("response", Values, nullable=False),
    sa.Column("kept_at", Time, nullable=False),
)

resume = sa.Table(
    "resume",
    metadata,
    _owner(),
    sa.Column("digest", sa.String(64), nullable=False, unique=True),
    sa.Column("made_at", Time, nullable=False),
    sa.Column("used_at", Time, nullable=False),
)

workbench = sa.Table(
    "workbench",
    metadata,
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("learner", sa.String(200), sa.ForeignKey("learner.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("made_at", Time, nullable=False),
    sa.Column("ends_at", Time, nullable=False, index=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)


def _of_class() -> sa.Column[str]:
    return sa.Column("class_id", sa.String(36), sa.ForeignKey("class.id", ondelete="CASCADE"), primary_key=True)


class_ = sa.Table(
    "class",
    metadata,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("teacher", sa.String(200), sa.ForeignKey("learner.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("code", sa.String(40), nullable=False, unique=True),
    sa.Column("opened_at", Time, nullable=False),
    sa.Column("closed_at", Time),
)

membership = sa.Table(
    "membership",
    metadata,
    _of_class(),
    _owner(),
    sa.Column("pseudonym", sa.String(80), nullable=False),
    sa.Column("name", sa.String(80), nullable=False),
    sa.Column("gradebook", sa.String(80), nullable=False),
    sa.Column("joined_at", Time, nullable=False),
    sa.Column("name_agreed", sa.Boolean, nullable=False),
    sa.Column("examples_agreed", sa.Boolean, nullable=False),
    sa.Column("grades_agreed", sa.Boolean, nullable=False),
    sa.Column("left_at", Time),
    sa.Index("membership_of_learner", "learner"),
    sa.UniqueConstraint("class_id", "pseudonym"),
)

assignment = sa.Table(
    "assignment",
    metadata,
    _of_class(),
    sa.Column("id", sa.String(40), primary_key=True),
    sa.Column("given_at", Time, nullable=False),
    sa.Column("content", Values, nullable=False),
)

# What a class counts. A learner who erases their data takes their name off these rows, and they count on.
class_answer = sa.Table(
    "class_answer",
    metadata,
    _of_class(),
    sa.Column("assignment", sa.String(40), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("question", sa.String(200), nullable=False),
    sa.Column("answered_by", sa.String(200), sa.ForeignKey("learner.id", ondelete="SET NULL"), index=True),
    sa.Column("right", sa.Boolean, nullable=False),
    sa.Column("credit", sa.Double, nullable=False),
    sa.Column("certainty", sa.Integer),
    sa.Column("slips", sa.Text, nullable=False),  # names, a line each: a page reads thousands of them
    # Whether the grade files told the learner's scores when it was counted; it stays, so that no figure moves by it.
    sa.Column("told", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("class_id", "assignment", "answered_by", "question"),
)
