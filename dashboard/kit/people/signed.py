"""What a browser holds of a learner without an account: short texts that only this server can make.

A cookie says for long who comes back. A ticket says it for two minutes, from a page to the route that sets the cookie,
since a page cannot set one itself. Each names the time at which the learner's private link was made: a new link, or
none, ends what was signed before it, on every device.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta

from quiz.attempt import check_name
from quiz.classes.keys import Keys
from quiz.store.merging import VISIT_DAYS
from quiz.store.tables import EPOCH

LONGEST = 1_000  # characters
LIVES = {"session": timedelta(days=VISIT_DAYS), "ticket": timedelta(minutes=2)}
AHEAD = timedelta(minutes=1)  # by which the clock of the server that signed may be ahead
_FORM = re.compile(r"1\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})")


@dataclass(frozen=True)
class Session:
    """Who comes back.

    Attributes:
        learner: Their id in the store.
        link: When their private link was made, in microseconds since 1970.
    """

    learner: str
    link: int


def moment(time: datetime) -> int:
    """A time in microseconds since 1970."""
    return (time - EPOCH) // timedelta(microseconds=1)


def write(purpose: str, session: Session, keys: Keys, now: datetime) -> str:
    """A cookie's value (purpose "session") or a ticket (purpose "ticket")."""
    held = _text(json.dumps([session.learner, session.link, moment(now)]).encode())
    return f"1.{held}.{_text(keys.sign(purpose, held))}"


def read(purpose: str, value: object, keys: Keys, now: datetime) -> Session | None:
    """Who it says comes back; None where it was not made here for this purpose, or is too old."""
    found = _FORM.fullmatch(value) if isinstance(value, str) and len(value) <= LONGEST else None
    if found is None:
        return None
    held, signature = found.groups()
    given = _bytes(signature)
    if given is None or _text(given) != signature or not keys.signed(purpose, held, given):
        return None
    try:
        learner, link, made = json.loads(_bytes(held) or b"")
        check_name("learner", learner)
        age = now - (EPOCH + timedelta(microseconds=made))
    except (ValueError, TypeError, OverflowError):  # signed by another edition
        return None
    return Session(learner, link) if isinstance(link, int) and -AHEAD <= age <= LIVES[purpose] else None


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes | None:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
