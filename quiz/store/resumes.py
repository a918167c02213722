"""Private links by which learners without an account come back: one for each, of which the hash alone is kept."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from quiz.classes.people import Person
from quiz.classes.resume import digest, new_secret
from quiz.store import rows, tables
from quiz.store.connected import Connected
from quiz.store.steady import steady

r = tables.resume.c


class Resumes(Connected):
    """Making, following and ending these links."""

    def renew(self, asks: Person, now: datetime) -> str:
        """The secret of a new link, to be shown once; the learner's link before it ends."""
        secret = new_secret()
        self._keep(asks.learner, str(digest(secret)), now)
        return secret

    @steady
    def _keep(self, learner: str, hashed: str, now: datetime) -> None:
        with self._writing() as connection:
            rows.lock(connection, learner)
            connection.execute(sa.delete(tables.resume).where(r.learner == learner))
            values = {"learner": learner, "digest": hashed, "made_at": now, "used_at": now}
            connection.execute(sa.insert(tables.resume), values)

    @steady
    def follow(self, secret: str, now: datetime) -> str | None:
        """The learner whose link has this secret; None for a link that was renewed, ended or never made."""
        hashed = digest(secret)
        if hashed is None:
            return None
        with self._writing() as connection:
            learner = connection.scalar(sa.select(r.learner).where(r.digest == hashed))
            if learner is not None:
                connection.execute(sa.update(tables.resume).where(r.digest == hashed).values(used_at=now))
            return learner

    @steady
    def end(self, asks: Person) -> None:
        """End the learner's link."""
        with self._writing() as connection:
            connection.execute(sa.delete(tables.resume).where(r.learner == asks.learner))

    @steady
    def made_at(self, asks: Person) -> datetime | None:
        """When the learner's link was made; None without one."""
        with self._reading() as connection:
            return connection.scalar(sa.select(r.made_at).where(r.learner == asks.learner))
