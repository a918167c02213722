"""What a learner did, kept: attempts, the cards folded from them, drafts, the interview under way.

Attempts are only ever added. A learner's cards change in the transaction that adds an attempt, so that the two never
disagree, and can be made again from the attempts (`Store.rebuild`). One `Store` serves all threads of a process.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

from quiz import database, schedule, tables
from quiz.attempt import Attempt, Draft, check_name
from quiz.errors import StoreError as StoreError
from quiz.portable import ImportReport, read_line, write_line
from quiz.schedule import Card

LOG = logging.getLogger(__name__)


class Store:
    """The database of all learners; made by `Store.open`. Every method may raise `StoreError`."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, path_or_url: str | Path | None = None) -> Self:
        """Open the database, made or brought to the newest schema if need be.

        Args:
            path_or_url: A file, or a URL such as ``postgresql+psycopg://…``. None: the folder or URL in the environment
                variable UNROLLED_DATA, otherwise the user's data folder.

        Raises:
            StoreError: It is damaged, not ours, of a newer schema, or cannot be written; it is left as it was.
        """
        return cls(database.open_engine(path_or_url))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def name(self) -> str:
        """The file, or the URL without its password."""
        return database.where(self._engine)

    # Attempts and cards

    def add(self, attempt: Attempt, *, interview: Mapping[str, Any] | None = None) -> bool:
        """Keep an attempt, bring its card up to date and drop its draft, all or nothing.

        Args:
            attempt: The attempt.
            interview: The state of the interview it belongs to, after it, to be kept with it.

        Returns:
            False if the learner has an attempt with this key already; then nothing changes.
        """
        with self._writing() as connection:
            _lock(connection, attempt.learner)
            if _known(connection, attempt):
                return False
            connection.execute(sa.insert(tables.attempt), asdict(attempt))
            _bring_up_to_date(connection, attempt)
            connection.execute(_drafts(attempt.learner, attempt.question, attempt.variant))
            if interview is not None:
                _save_interview(connection, attempt.learner, interview)
            return True

    def attempts(
        self, learner: str, question: str | None = None, since: datetime | None = None, newest: int | None = None
    ) -> tuple[Attempt, ...]:
        """Attempts, newest first.

        Args:
            learner: Whose.
            question: Only those on this question.
            since: Only those answered then or later, aware.
            newest: At most so many.
        """
        with self._reading() as connection:
            return tuple(_attempts(connection, learner, question, since, newest))

    def cards(self, learner: str) -> dict[str, Card]:
        """Question id to card; equal to `quiz.schedule.fold` over the learner's attempts."""
        with self._reading() as connection:
            rows = connection.execute(sa.select(tables.card).where(tables.card.c.learner == learner))
            return {row.question: _card(row) for row in rows}

    def certainties(self, learner: str) -> tuple[tuple[int, int, int], ...]:
        """For each certainty the learner gave: (certainty in per cent, counted attempts, how many were correct)."""
        a = tables.attempt.c
        right = sa.func.sum(sa.case((a.verdict == "correct", 1), else_=0))
        query = (
            sa.select(a.certainty, sa.func.count(), right)
            .where(a.learner == learner, a.certainty.is_not(None), a.verdict != "undecided")
            .group_by(a.certainty)
            .order_by(a.certainty)
        )
        with self._reading() as connection:
            return tuple((certainty, count, int(correct)) for certainty, count, correct in connection.execute(query))

    def rebuild(self, learner: str) -> None:
        """Make the learner's cards again from the attempts."""
        with self._writing() as connection:
            _lock(connection, learner)
            _rebuild(connection, learner)

    # Drafts and the interview under way

    def draft(self, learner: str, question: str, variant: int = 0) -> Draft | None:
        """The half-typed answer, if there is one."""
        d = tables.draft.c
        query = sa.select(tables.draft).where(d.learner == learner, d.question == question, d.variant == variant)
        with self._reading() as connection:
            row = connection.execute(query).one_or_none()
        try:
            return Draft(**row._mapping) if row else None
        except ValueError as error:
            LOG.warning("a draft of %r is left out: %s", question, error)
            return None

    def save_draft(self, draft: Draft) -> None:
        """Keep a half-typed answer in place of the one before; not one whose attempt was added already."""
        with self._writing() as connection:
            _lock(connection, draft.learner)
            connection.execute(_drafts(draft.learner, draft.question, draft.variant))
            if not _known(connection, draft):
                connection.execute(sa.insert(tables.draft), asdict(draft))

    def interview(self, learner: str) -> dict[str, Any] | None:
        """The state of the learner's interview, as `quiz.interview.Interview.to_json` gave it."""
        query = sa.select(tables.interview.c.state).where(tables.interview.c.learner == learner)
        with self._reading() as connection:
            state: dict[str, Any] | None = connection.scalar(query)
            return state

    def save_interview(self, learner: str, state: Mapping[str, Any] | None) -> None:
        """Keep the state of the learner's interview in place of the one before; None drops it."""
        with self._writing() as connection:
            _lock(connection, learner)
            _save_interview(connection, learner, state)

    # All of a learner's data

    def delete(self, learner: str) -> None:
        """Delete all that is kept of a learner."""
        with self._writing() as connection:
            connection.execute(sa.delete(tables.learner).where(tables.learner.c.id == learner))

    def export(self, learner: str) -> Iterator[str]:
        """All of a learner's data as JSON lines, oldest attempt first; `import_` reads them."""
        with self._reading() as connection:
            found = [*reversed(list(_attempts(connection, learner)))]
            rows = connection.execute(sa.select(tables.draft).where(tables.draft.c.learner == learner)).all()
        for attempt in found:
            yield write_line(attempt)
        for row in rows:
            yield write_line(Draft(**row._mapping))

    def import_(self, learner: str, lines: Iterable[str]) -> ImportReport:
        """Add what `export` wrote to a learner's data.

        Args:
            learner: Who gets it; need not be who exported it.
            lines: JSON lines. A line that cannot be read is reported and left out; one that is known is counted.

        Returns:
            What was added, what was known, and each line that could not be read.
        """
        check_name("learner", learner)
        attempts: dict[str, Attempt] = {}
        drafts: list[Draft] = []
        problems: list[str] = []
        read = 0
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                record = read_line(learner, line)
            except ValueError as error:
                problems.append(f"line {number}: {error}")
                continue
            if isinstance(record, Attempt):
                read += 1
                attempts.setdefault(record.key, record)
            else:
                drafts.append(record)
        with self._writing() as connection:
            _lock(connection, learner)
            kept = set(connection.scalars(sa.select(tables.attempt.c.key).where(tables.attempt.c.learner == learner)))
            new = [asdict(attempt) for key, attempt in attempts.items() if key not in kept]
            if new:
                connection.execute(sa.insert(tables.attempt), new)
                _rebuild(connection, learner)
            for draft in drafts:
                connection.execute(_drafts(learner, draft.question, draft.variant))
                if not _known(connection, draft):
                    connection.execute(sa.insert(tables.draft), asdict(draft))
        return ImportReport(added=len(new), known=read - len(new), problems=tuple(problems))

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with self._explained(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with self._explained(), database.writing(self._engine) as connection:
            yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sa.exc.SQLAlchemyError as error:
            raise database.explain(error, self.name) from error
        except (json.JSONDecodeError, OverflowError) as error:  # of a row, when it was read
            mend = "Put a copy of the file back, or delete your data on the page Progress."
            raise StoreError(f"{self.name} holds a record that cannot be read ({error}). {mend}") from error


def _lock(connection: sa.Connection, learner: str) -> None:
    """Make one learner's writers wait for each other, and the learner exist; SQLite has one writer anyhow."""
    check_name("learner", learner)
    row = sa.select(tables.learner.c.id).where(tables.learner.c.id == learner).with_for_update()
    if connection.execute(row).first() is None:
        try:
            with connection.begin_nested():
                connection.execute(sa.insert(tables.learner), {"id": learner})
        except sa.exc.IntegrityError:  # made by another writer meanwhile
            connection.execute(row)


def _known(connection: sa.Connection, record: Attempt | Draft) -> bool:
    """Whether an attempt with this key was added."""
    a = tables.attempt.c
    query = sa.select(a.key).where(a.learner == record.learner, a.key == record.key)
    return connection.execute(query).first() is not None


def _drafts(learner: str, question: str, variant: int) -> sa.Delete:
    """The statement that drops one draft."""
    d = tables.draft.c
    return sa.delete(tables.draft).where(d.learner == learner, d.question == question, d.variant == variant)


def _save_interview(connection: sa.Connection, learner: str, state: Mapping[str, Any] | None) -> None:
    connection.execute(sa.delete(tables.interview).where(tables.interview.c.learner == learner))
    if state is not None:
        connection.execute(sa.insert(tables.interview), {"learner": learner, "state": dict(state)})


def _attempts(
    connection: sa.Connection,
    learner: str,
    question: str | None = None,
    since: datetime | None = None,
    newest: int | None = None,
) -> Iterator[Attempt]:
    a = tables.attempt.c
    query = sa.select(tables.attempt).where(a.learner == learner).order_by(a.answered_at.desc(), a.key.desc())
    if question is not None:
        query = query.where(a.question == question)
    if since is not None:
        query = query.where(a.answered_at >= since)
    for row in connection.execute(query.limit(newest)):
        values = dict(row._mapping)
        try:
            lists = {name: tuple(values[name]) for name in ("suggested", "confirmed")}
            yield Attempt(**values | lists)
        except (TypeError, ValueError) as error:
            LOG.warning("attempt %s is left out: %s", values["key"], error)


def _card(row: sa.Row[Any]) -> Card:
    return Card(**{field.name: getattr(row, field.name) for field in fields(Card)})


def _bring_up_to_date(connection: sa.Connection, attempt: Attempt) -> None:
    """Fold one new attempt into its card; all of the question's attempts if it is not the newest."""
    c = tables.card.c
    mine = (c.learner == attempt.learner, c.question == attempt.question)
    row = connection.execute(sa.select(tables.card).where(*mine)).one_or_none()
    before = _card(row) if row else None
    if before is None or schedule.order(before) < schedule.order(attempt):
        after = schedule.step(before, attempt)
    else:
        after = schedule.fold(_attempts(connection, attempt.learner, attempt.question)).get(attempt.question)
    if after is None or after == before:
        return
    if before is not None:
        connection.execute(sa.delete(tables.card).where(*mine))
    connection.execute(sa.insert(tables.card), asdict(after) | {"learner": attempt.learner})


def _rebuild(connection: sa.Connection, learner: str) -> None:
    connection.execute(sa.delete(tables.card).where(tables.card.c.learner == learner))
    cards = schedule.fold(_attempts(connection, learner))
    if cards:
        connection.execute(sa.insert(tables.card), [asdict(card) | {"learner": learner} for card in cards.values()])
