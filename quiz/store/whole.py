"""All of a learner's data at once: deleted, exported, imported, made one with another learner's, and past its life."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from itertools import chain
from typing import Any

import sqlalchemy as sa

from quiz.asides import Disagreement
from quiz.attempt import Attempt, check_name
from quiz.store import class_rows, disagreements, merging, rows, tables, workbenches
from quiz.store.connected import Connected
from quiz.store.portable import Aside, ImportReport, Record, read_line, write_line
from quiz.store.steady import steady


class Whole(Connected):
    """The part of the store that keeps and takes a learner as a whole."""

    @steady
    def knows(self, learner: str) -> bool:
        """Whether anything is kept of a learner."""
        with self._reading() as connection:
            return connection.scalar(sa.select(tables.learner.c.id).where(tables.learner.c.id == learner)) is not None

    @steady
    def delete(self, learner: str) -> None:
        """Delete all that is kept of a learner, with the classes that they teach.

        Answers that a class has counted count on, without whose they were.
        """
        with self._writing() as connection:
            connection.execute(sa.delete(tables.learner).where(tables.learner.c.id == learner))

    @steady
    def forget(self, beginning: str) -> None:
        """Delete all that is kept of the learners whose names begin so."""
        begins = tables.learner.c.id.startswith(beginning, autoescape=True)
        with self._reading() as connection:
            if connection.execute(sa.select(tables.learner.c.id).where(begins)).first() is None:
                return
        with self._writing() as connection:
            connection.execute(sa.delete(tables.learner).where(begins))

    @steady
    def export(self, learner: str) -> Iterator[str]:
        """All of a learner's data as JSON lines, oldest attempt first; `import_` reads them.

        The interview under way is left out; its answers are attempts. Those that are over come with their reports.
        """
        with self._reading() as connection:
            found: list[Record] = [*reversed(list(rows.attempts(connection, learner)))]
            found += rows.drafts(connection, learner)
            found += reversed(list(rows.places(connection, learner)))
            found += rows.guesses(connection, learner)
            found += [goal] if (goal := rows.goal(connection, learner)) else []
            found += reversed(list(rows.interviewed(connection, learner)))
            found += reversed(list(disagreements.disagreements(connection, learner)))
            joined = [*class_rows.memberships(connection, learner)]
            taught = [*class_rows.classes(connection, tables.class_.c.teacher == learner)]
            kept = [*workbenches.lines(connection, learner)]
        return chain(map(write_line, [*found, *joined, *taught]), kept)

    def import_(self, learner: str, lines: Iterable[str], *, ours: bool = False) -> ImportReport:
        """Add what `export` wrote to a learner's data.

        Of two drafts, places or guesses the later one stays.

        Args:
            learner: Who gets it; need not be who exported it.
            lines: JSON lines. A line that cannot be read is reported and left out; one that is known is counted.
            ours: Whether they come from a store of this server. Otherwise anybody may have written them, and no
                assignment takes an answer from them.

        Returns:
            What was added, what was known, and each line that could not be read.
        """
        check_name("learner", learner)
        attempts: dict[str, Attempt] = {}
        others: list[Aside] = []
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
                attempts.setdefault(record.key, record if ours else replace(record, assignment=None))
            elif record is not None:
                others.append(record)
        added = self._take(learner, attempts, others)
        return ImportReport(added=added, known=read - added, problems=tuple(problems))

    @steady
    def _take(self, learner: str, attempts: Mapping[str, Attempt], others: Iterable[Aside]) -> int:
        with self._writing() as connection:
            rows.lock(connection, learner)
            kept = set(connection.scalars(sa.select(tables.attempt.c.key).where(tables.attempt.c.learner == learner)))
            new = [asdict(attempt) for key, attempt in attempts.items() if key not in kept]
            if new:
                connection.execute(sa.insert(tables.attempt), new)
                rows.fold_all(connection, learner)
                class_rows.count_all(connection, learner)
            for other in others:
                if isinstance(other, Disagreement):
                    disagreements.put(connection, other)
                else:
                    rows.put(connection, other)
            return len(new)

    def merge(self, guest: str, learner: str, source: Whole | None = None) -> ImportReport:
        """Give a learner all that a guest did, and leave nothing of the guest here; a second time changes nothing.

        Attempts are put together, each once. Of two drafts, places or guesses the later one stays, of two goals or
        interviews under way the learner's own. Memberships go along.

        Args:
            guest: Who tried.
            learner: Who they are now.
            source: Where the guest's data are, such as `Store.in_memory`; None for this store.
        """
        if guest == learner and source is None:
            return ImportReport(0, 0, ())
        lines = list((source or self).export(guest))
        under_way, own, goal = (source or self)._under_way(guest), self._under_way(learner), self._goal(learner)
        if goal:
            lines = [line for line in lines if not line.startswith('{"goal": ')]
        report = self.import_(learner, lines, ours=True)
        if under_way is not None and own is None:
            self._keep_interview(learner, under_way)
        if source is None:
            self._take_over(guest, learner)
        return report

    @steady
    def _under_way(self, learner: str) -> dict[str, Any] | None:
        with self._reading() as connection:
            return rows.interview(connection, learner)

    @steady
    def _goal(self, learner: str) -> int:
        with self._reading() as connection:
            found = rows.goal(connection, learner)
            return found.answers if found else 0

    @steady
    def _keep_interview(self, learner: str, state: Mapping[str, Any]) -> None:
        with self._writing() as connection:
            rows.lock(connection, learner)
            rows.put_interview(connection, learner, state)

    @steady
    def _take_over(self, guest: str, learner: str) -> None:
        with self._writing() as connection:
            for name in sorted({guest, learner}):
                rows.lock(connection, name)
            merging.take_over(connection, guest, learner)

    @steady
    def clean(self, now: datetime) -> tuple[int, int]:
        """Remove what is past its life, as `quiz.store.merging` states it: how many drafts, and learners by code."""
        with self._writing() as connection:
            return merging.clean(connection, now)
