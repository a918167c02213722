"""Workbenches kept for a while, each opened by a short link: of its secret the hash alone is kept.

What a workbench holds is not read here; it is the learner's file, and goes with the learner.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa

from quiz.classes.people import Person
from quiz.errors import StoreError
from quiz.store import rows, tables
from quiz.store.connected import Connected
from quiz.store.steady import steady

BYTES = 16  # of a secret: 128 bits, which nobody guesses
LIFE_DAYS = 30
MOST = 10  # that a learner may have at a time
LARGEST = 1_000_000  # bytes of one
_FORM = re.compile(r"[A-Za-z0-9_-]{22}")

w = tables.workbench.c


class Workbenches(Connected):
    """Keeping, opening and ending these."""

    def keep(self, asks: Person, content: bytes, now: datetime) -> str:
        """Keep a workbench for `LIFE_DAYS` days.

        Returns:
            The secret of its link, to be shown once.

        Raises:
            StoreError: It is too large, or the learner has as many as one may; the message says what to do.
        """
        if len(content) > LARGEST:
            raise StoreError(
                f"This workbench has {len(content) / 1e6:.1f} MB; a link keeps at most {LARGEST / 1e6:.0f} MB. Save it "
                "as a file and send that."
            )
        secret = secrets.token_urlsafe(BYTES)
        self._keep(asks.learner, str(digest(secret)), content, now)
        return secret

    @steady
    def _keep(self, learner: str, hashed: str, content: bytes, now: datetime) -> None:
        with self._writing() as connection:
            rows.lock(connection, learner)
            connection.execute(sa.delete(tables.workbench).where(w.learner == learner, w.ends_at <= now))
            connection.execute(sa.delete(tables.workbench).where(w.digest == hashed))  # of a try that was kept
            count = connection.scalar(sa.select(sa.func.count()).where(w.learner == learner))
            if (count or 0) >= MOST:
                raise StoreError(f"You have {MOST} links, as many as there may be at a time. End them, or save a file.")
            ends = now + timedelta(days=LIFE_DAYS)
            values = {"digest": hashed, "learner": learner, "made_at": now, "ends_at": ends, "content": content}
            connection.execute(sa.insert(tables.workbench), values)

    @steady
    def open(self, secret: str, now: datetime) -> bytes | None:
        """The workbench of a link; None for one that is over, was ended or never made."""
        hashed = digest(secret)
        if hashed is None:
            return None
        with self._reading() as connection:
            found = connection.scalar(sa.select(w.content).where(w.digest == hashed, w.ends_at > now))
            return None if found is None else bytes(found)

    @steady
    def count(self, asks: Person, now: datetime) -> int:
        """How many links of the learner's hold."""
        with self._reading() as connection:
            query = sa.select(sa.func.count()).where(w.learner == asks.learner, w.ends_at > now)
            return int(connection.scalar(query) or 0)

    @steady
    def end(self, asks: Person) -> None:
        """End all links of the learner's, and delete what they opened."""
        with self._writing() as connection:
            connection.execute(sa.delete(tables.workbench).where(w.learner == asks.learner))


def digest(secret: str) -> str | None:
    """What is kept of a secret and looked up; None for what can be no secret."""
    if not isinstance(secret, str) or _FORM.fullmatch(secret) is None:
        return None
    return sha256(f"unrolled workbench\0{secret}".encode()).hexdigest()


def lines(connection: sa.Connection, learner: str) -> Iterator[str]:
    """A learner's workbenches as lines of their export: when each was made and ends, and the file in base64."""
    query = sa.select(w.made_at, w.ends_at, w.content).where(w.learner == learner).order_by(w.made_at, w.digest)
    for made_at, ends_at, content in connection.execute(query):
        times = {
            name: None if time is None else time.isoformat()
            for name, time in (("made_at", made_at), ("ends_at", ends_at))
        }
        yield json.dumps({"workbench": times | {"content": base64.b64encode(content).decode()}})
