"""An assignment: which questions and lessons, by when, and which variant each learner is asked."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from quiz.attempt import MAX_INTEGER, check_name, check_time, check_whole, read_time
from quiz.classes.records import LONGEST_TITLE, check_line
from quiz.load import GENERATED

MOST_ITEMS = 60
MOST_LESSONS = 20
_ID = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """What a teacher gives a class to do. It is whole in itself, so that a link can carry it.

    Attributes:
        id: Sixteen hexadecimal figures.
        title: What it is called.
        items: Ids of questions, generated ones among them, in their order.
        lessons: Names of lessons.
        seed: What the variants are drawn from.
        each: Whether each learner gets variants of their own; otherwise all get the same.
        due_at: By when it should be done, aware, UTC; None for no time.
        closes_at: After which answers no longer count; None for never.

    Raises:
        ValueError: A field is out of its range; the message names it.
    """

    id: str
    title: str
    items: tuple[str, ...] = ()
    lessons: tuple[str, ...] = ()
    seed: int = 0
    each: bool = False
    due_at: datetime | None = None
    closes_at: datetime | None = None

    def __post_init__(self) -> None:
        if not is_id(self.id):
            raise ValueError(f"id: {str(self.id)[:60]!r}; expected sixteen hexadecimal figures")
        check_line("title", self.title, LONGEST_TITLE)
        for field, most in (("items", MOST_ITEMS), ("lessons", MOST_LESSONS)):
            names = getattr(self, field)
            if not isinstance(names, tuple) or len(names) > most or len(set(names)) < len(names):
                raise ValueError(f"{field}: expected at most {most} different ids")
            for name in names:
                check_name(field, name)
        if not self.items and not self.lessons:
            raise ValueError("items: none, and no lessons; expected at least one of either")
        check_whole("seed", self.seed, MAX_INTEGER)
        if not isinstance(self.each, bool):
            raise ValueError(f"each: {self.each!r}; expected true or false")
        for field in ("due_at", "closes_at"):
            if getattr(self, field) is not None:
                check_time(field, getattr(self, field))
        if self.due_at and self.closes_at and self.closes_at < self.due_at:
            raise ValueError("closes_at: before due_at; expected the same time or a later one")

    def variant(self, question: str, learner: str) -> int:
        """The variant that a learner is asked of a question: always the same one; 0 where there is only one."""
        if not question.startswith(GENERATED):
            return 0
        said = f"{self.id} {self.seed} {question}" + (f" {learner}" if self.each else "")
        return 1 + int.from_bytes(sha256(said.encode()).digest()[:8]) % (MAX_INTEGER - 1)

    def over(self, now: datetime) -> bool:
        """Whether answers no longer count."""
        return self.closes_at is not None and now > self.closes_at

    def known(self, questions: Collection[str], lessons: Collection[str]) -> Assignment | None:
        """The assignment without what this server does not have; None if nothing is left."""
        items = tuple(name for name in self.items if name in questions)
        names = tuple(name for name in self.lessons if name in lessons)
        return replace(self, items=items, lessons=names) if items or names else None

    def to_json(self) -> dict[str, Any]:
        """The assignment as JSON values."""
        values = asdict(self) | {"items": list(self.items), "lessons": list(self.lessons)}
        return values | {name: time.isoformat() for name in _TIMES if (time := values[name]) is not None}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Assignment:
        """The assignment that `to_json` wrote.

        Raises:
            ValueError: A field is missing or out of its range.
        """
        held = {field.name: values[field.name] for field in fields(cls) if field.name in values}
        held |= {name: read_time(name, held[name]) for name in _TIMES if held.get(name) is not None}
        held |= {name: tuple(held[name]) for name in ("items", "lessons") if isinstance(held.get(name), list)}
        try:
            return cls(**held)
        except TypeError as error:
            raise ValueError(f"assignment: {error}") from None


_TIMES = ("due_at", "closes_at")


def is_id(value: object) -> bool:
    """Whether something is an assignment's id."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def new_id() -> str:
    """The id of a new assignment."""
    return secrets.token_hex(8)


def at(time: datetime) -> datetime:
    """A time in UTC, whole minutes, as assignments have them."""
    return time.astimezone(UTC).replace(second=0, microsecond=0)
