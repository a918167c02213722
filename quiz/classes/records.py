"""A class and a learner's membership in it: plain frozen data, checked once."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from quiz.attempt import check_key, check_name, check_time

LONGEST_TITLE = 120
LONGEST_NAME = 80
JOINERS = frozenset("\u200c\u200d")  # unseen signs within words of several scripts


@dataclass(frozen=True, kw_only=True)
class Class:
    """A class.

    Attributes:
        id: A UUID.
        title: What it is called, at most `LONGEST_TITLE` characters.
        teacher: The learner's id of who teaches it.
        code: What learners join with, see `quiz.classes.codes`.
        opened_at: When it was made, aware, UTC.
        closed_at: Since when nobody can join; None while anybody with the code can.

    Raises:
        ValueError: A field is out of its range; the message names it.
    """

    id: str
    title: str
    teacher: str
    code: str
    opened_at: datetime
    closed_at: datetime | None = None

    def __post_init__(self) -> None:
        check_key(self.id)
        check_line("title", self.title, LONGEST_TITLE)
        check_name("teacher", self.teacher)
        check_name("code", self.code)
        check_time("opened_at", self.opened_at)
        if self.closed_at is not None:
            check_time("closed_at", self.closed_at)


@dataclass(frozen=True, kw_only=True)
class Membership:
    """A learner in a class.

    Attributes:
        class_id: Which class.
        learner: Who.
        pseudonym: What the teacher calls them; no two in a class have the same.
        name: Their name; shown only if `name_agreed`. May be empty.
        gradebook: The e-mail address or number that the teacher's gradebook knows them by; written only if
            `grades_agreed`. May be empty.
        joined_at: When they joined, aware, UTC.
        name_agreed: Whether the teacher may see the name.
        examples_agreed: Whether the teacher may see single answers of theirs, without name or pseudonym.
        grades_agreed: Whether their score goes into the teacher's grade files.
        left_at: When they left; None while they are in the class.

    Raises:
        ValueError: A field is out of its range; the message names it.
    """

    class_id: str
    learner: str
    pseudonym: str
    name: str = ""
    gradebook: str = ""
    joined_at: datetime
    name_agreed: bool = False
    examples_agreed: bool = False
    grades_agreed: bool = False
    left_at: datetime | None = None

    def __post_init__(self) -> None:
        check_key(self.class_id)
        check_name("learner", self.learner)
        check_line("pseudonym", self.pseudonym, LONGEST_NAME)
        for field in ("name", "gradebook"):
            if getattr(self, field) != "":
                check_line(field, getattr(self, field), LONGEST_NAME)
        check_time("joined_at", self.joined_at)
        for field in ("name_agreed", "examples_agreed", "grades_agreed"):
            if not isinstance(getattr(self, field), bool):
                raise ValueError(f"{field}: {getattr(self, field)!r}; expected true or false")
        if self.left_at is not None:
            check_time("left_at", self.left_at)

    @property
    def shown(self) -> str:
        """What the teacher reads: the name where the learner agreed to that, otherwise the pseudonym."""
        return self.name if self.name_agreed and self.name else self.pseudonym


def line(typed: str) -> str:
    """What was typed into one line, as it is kept: composed letters, single spaces, nothing at its ends."""
    return " ".join(unicodedata.normalize("NFC", typed).split())


def check_line(field: str, text: str, most: int) -> None:
    """Refuse what is no line to be read: empty, too long, or with signs that nobody sees or that turn the line."""
    readable = isinstance(text, str) and all(sign.isprintable() or sign in JOINERS for sign in text)
    if not readable or not 0 < len(text) <= most or text.isspace() or set(text) <= JOINERS:
        raise ValueError(f"{field}: {str(text)[:60]!r}; expected 1 to {most} printable characters")
