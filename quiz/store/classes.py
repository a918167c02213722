"""Classes kept and guarded: each method takes who asks, and refuses what is not theirs.

A class is its teacher's, a membership its learner's. Whatever id is asked for, of a class that is another's or of none,
the answer is the same `NotYoursError`. What a teacher sees of learners is read in `quiz.store.class_reports`.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from quiz.attempt import check_key
from quiz.classes.assignments import Assignment, is_id
from quiz.classes.codes import Misses, new_code, read_code
from quiz.classes.people import Person
from quiz.classes.pseudonyms import new_pseudonym
from quiz.classes.records import LONGEST_NAME, LONGEST_TITLE, Class, Membership, check_line, line
from quiz.errors import ClassError, NotYoursError
from quiz.store import class_rows, rows, tables
from quiz.store.connected import Connected
from quiz.store.steady import steady

MOST_MEMBERS = 2_000
MOST_CLASSES = 200  # of one teacher
MOST_ASSIGNMENTS = 200
_NONE = "You have no such class."  # whoever's it is, and if there is none
c, m, g = tables.class_.c, tables.membership.c, tables.assignment.c


@dataclass(frozen=True)
class Notice:
    """What somebody with a code learns of a class before they join.

    Attributes:
        title: What it is called.
        opened_at: Since when it is there.
        members: How many are in it.
    """

    title: str
    opened_at: datetime
    members: int


class Guarded(Connected):
    """What the parts that keep classes share: who may read and change which class."""

    @contextmanager
    def _taught(self, asks: Person, class_id: str, *, write: bool = False) -> Iterator[tuple[sa.Connection, Class]]:
        """A connection and the class, if who asks teaches it."""
        with self._writing() if write else self._reading() as connection:
            yield connection, _taught(connection, asks, class_id)

    @contextmanager
    def _given(self, asks: Person, class_id: str, assignment: str) -> Iterator[tuple[sa.Connection, Assignment]]:
        """A connection and an assignment of a class that who asks teaches."""
        with self._taught(asks, class_id) as (connection, _):
            found = class_rows.assignments(connection, class_id).get(assignment) if is_id(assignment) else None
            if found is None:
                raise NotYoursError("This class has no such assignment.")
            yield connection, found

    @contextmanager
    def _joined(
        self, asks: Person, class_id: str, *, write: bool = False
    ) -> Iterator[tuple[sa.Connection, Class, Membership]]:
        """A connection, the class and the membership of who asks, if they are in it now."""
        with self._writing() if write else self._reading() as connection:
            _check(class_id)
            found = next(class_rows.classes(connection, c.id == class_id), None)
            mine = class_rows.membership(connection, class_id, asks.learner)
            if write and mine is not None:
                rows.lock(connection, asks.learner)
                mine = class_rows.membership(connection, class_id, asks.learner)
            if found is None or mine is None or mine.left_at is not None:
                raise NotYoursError(_NONE)
            yield connection, found, mine


class Classes(Guarded):
    """Opening and joining classes, assignments, and what learners agree to.

    Args:
        engine: Of the store, `quiz.store.Store.engine`.
        rng: Source of codes and pseudonyms; the system's own unless a test gives another.
    """

    def __init__(self, engine: sa.Engine, rng: random.Random | None = None) -> None:
        super().__init__(engine)
        self._rng = rng or random.SystemRandom()
        self._misses = Misses()

    # The teacher's

    def open(self, asks: Person, title: str, now: datetime) -> Class:
        """Make a class.

        Raises:
            ClassError: Who asks is no teacher, or has too many; the title is empty, too long or unreadable.
        """
        if not asks.teacher:
            raise NotYoursError("Only teachers open classes. Who runs this server says who is one.")
        made = Class(
            id=str(uuid.uuid4()), title=_title(title), teacher=asks.learner, code=self._new_code(), opened_at=now
        )
        return self._open(made)

    @steady
    def _open(self, made: Class) -> Class:
        with self._writing() as connection:
            rows.lock(connection, made.teacher)
            others = list(class_rows.classes(connection, c.teacher == made.teacher, c.id != made.id))
            if len(others) >= MOST_CLASSES:
                raise ClassError(f"You have {MOST_CLASSES} classes, which is as many as one can have. Remove one.")
            class_rows.put_class(connection, made)
            return made

    @steady
    def taught(self, asks: Person) -> tuple[Class, ...]:
        """The classes of a teacher, the oldest first."""
        with self._reading() as connection:
            return tuple(class_rows.classes(connection, c.teacher == asks.learner)) if asks.teacher else ()

    @steady
    def one(self, asks: Person, class_id: str) -> Class:
        """A class of the teacher who asks."""
        with self._taught(asks, class_id) as (_, found):
            return found

    @steady
    def rename(self, asks: Person, class_id: str, title: str) -> Class:
        """Give a class another title."""
        new = _title(title)
        with self._taught(asks, class_id, write=True) as (connection, found):
            class_rows.put_class(connection, changed := replace(found, title=new))
            return changed

    @steady
    def close(self, asks: Person, class_id: str, now: datetime | None) -> Class:
        """Let nobody join any more, from now; None lets everybody with the code join again."""
        with self._taught(asks, class_id, write=True) as (connection, found):
            class_rows.put_class(connection, changed := replace(found, closed_at=now))
            return changed

    def renew_code(self, asks: Person, class_id: str) -> Class:
        """Give a class another code; nobody can join by the one before."""
        return self._renew_code(asks, class_id, self._new_code())

    @steady
    def _renew_code(self, asks: Person, class_id: str, code: str) -> Class:
        with self._taught(asks, class_id, write=True) as (connection, found):
            class_rows.put_class(connection, changed := replace(found, code=code))
            return changed

    @steady
    def remove(self, asks: Person, class_id: str) -> None:
        """Delete a class with its memberships, assignments and counts; what its learners answered stays theirs."""
        with self._writing() as connection:
            _taught(connection, asks, class_id)
            connection.execute(sa.delete(tables.class_).where(c.id == class_id))

    @steady
    def assign(self, asks: Person, class_id: str, assignment: Assignment, now: datetime) -> None:
        """Give a class an assignment, or change one; what its members answered of it already is counted."""
        with self._taught(asks, class_id, write=True) as (connection, _):
            class_rows.lock(connection, class_id)
            given = class_rows.assignments(connection, class_id)
            if assignment.id not in given and len(given) >= MOST_ASSIGNMENTS:
                raise ClassError(f"A class has at most {MOST_ASSIGNMENTS} assignments. Take one back first.")
            class_rows.put_assignment(connection, class_id, assignment, now)
            class_rows.count(connection, class_id, only=[assignment.id])

    @steady
    def take_back(self, asks: Person, class_id: str, assignment: str) -> None:
        """Take an assignment back: its figures are no longer shown; links to it still open its questions."""
        with self._taught(asks, class_id, write=True) as (connection, _):
            if is_id(assignment):
                this = (g.class_id == class_id, g.id == assignment)
                connection.execute(sa.delete(tables.assignment).where(*this))

    @steady
    def assignments(self, asks: Person, class_id: str) -> tuple[Assignment, ...]:
        """What a class is assigned, the oldest first; for its teacher and its members."""
        with self._reading() as connection:
            _check(class_id)
            teaches = next(class_rows.classes(connection, c.id == class_id, c.teacher == asks.learner), None)
            mine = class_rows.membership(connection, class_id, asks.learner)
            if teaches is None and (mine is None or mine.left_at is not None):
                raise NotYoursError(_NONE)
            return tuple(class_rows.assignments(connection, class_id).values())

    # The learner's

    def find(self, code: str, place: str, now: datetime) -> Notice:
        """What there is under a code.

        Args:
            code: As it was typed.
            place: Where it was typed, such as the visitor's address: too many wrong codes from one place are refused.
            now: The time.

        Raises:
            ClassError: There is no such class, it takes nobody, or too many codes were tried.
        """
        return self._notice(self._at(code, place, now))

    @steady
    def _notice(self, found: Class) -> Notice:
        with self._reading() as connection:
            number = sa.select(sa.func.count()).where(m.class_id == found.id, m.left_at.is_(None))
            return Notice(found.title, found.opened_at, connection.scalar(number) or 0)

    def join(self, asks: Person, code: str, place: str, now: datetime, *, name: str = "") -> Membership:
        """Join the class under a code, once; who left it comes back as who they were.

        What they answered of its assignments before is counted. Nothing is agreed to by joining.

        Raises:
            ClassError: As `find`; or the class is full, or their own, or the name can't be read.
        """
        shown = _name("name", name)
        found = self._at(code, place, now)
        if found.teacher == asks.learner:
            raise ClassError("You teach this class, and cannot join it as well.")
        return self._join(asks, found, now, shown)

    @steady
    def _join(self, asks: Person, found: Class, now: datetime, name: str) -> Membership:
        with self._writing() as connection:
            rows.lock(connection, asks.learner)
            class_rows.lock(connection, found.id)
            before = class_rows.membership(connection, found.id, asks.learner)
            if before is None:
                taken = class_rows.pseudonyms(connection, found.id)
                if len(taken) >= MOST_MEMBERS:
                    raise ClassError("This class is full. Ask your teacher for another one.")
                drawn = new_pseudonym(taken, self._rng)
                before = Membership(
                    class_id=found.id, learner=asks.learner, pseudonym=drawn, name=name, joined_at=now, left_at=now
                )
            if before.left_at is not None:
                before = replace(before, left_at=None, name=name or before.name)
                class_rows.put_membership(connection, before)
                class_rows.count(connection, found.id, learner=asks.learner)
            return before

    @steady
    def memberships(self, asks: Person) -> tuple[tuple[Class, Membership], ...]:
        """The classes that a learner is in now, with their membership."""
        with self._reading() as connection:
            mine = {each.class_id: each for each in class_rows.memberships(connection, asks.learner)}
            now = {key: each for key, each in mine.items() if each.left_at is None}
            found = {each.id: each for each in class_rows.classes(connection, c.id.in_(now))}
            return tuple((found[key], each) for key, each in now.items() if key in found)

    @steady
    def agree(
        self,
        asks: Person,
        class_id: str,
        *,
        name: bool | None = None,
        examples: bool | None = None,
        grades: bool | None = None,
        called: str | None = None,
        gradebook: str | None = None,
    ) -> Membership:
        """Change what a learner lets the teacher see; None leaves a thing as it is.

        Args:
            asks: The learner.
            class_id: The class.
            name: Whether the teacher may read their name.
            examples: Whether the teacher may read single answers of theirs, without name or pseudonym.
            grades: Whether their scores go into the teacher's files.
            called: Their name.
            gradebook: The e-mail address or number by which the teacher's gradebook knows them.
        """
        words = {"name": called, "gradebook": gradebook}
        said = {"name_agreed": name, "examples_agreed": examples, "grades_agreed": grades}
        new = {field: _name(field, text) for field, text in words.items() if text is not None}
        agreed = {field: bool(value) for field, value in said.items() if value is not None}
        with self._joined(asks, class_id, write=True) as (connection, _, mine):
            changed = replace(mine, **new, **agreed)  # type: ignore[arg-type]
            class_rows.put_membership(connection, changed)
            return changed

    @steady
    def leave(self, asks: Person, class_id: str, now: datetime) -> None:
        """Leave a class: the teacher sees nothing of the learner any more but that their answers count in figures."""
        with self._writing() as connection:
            _check(class_id)
            if class_rows.membership(connection, class_id, asks.learner) is None:
                return
            rows.lock(connection, asks.learner)
            mine = class_rows.membership(connection, class_id, asks.learner)
            if mine is not None and mine.left_at is None:
                away = {"name_agreed": False, "examples_agreed": False, "grades_agreed": False}
                class_rows.put_membership(connection, replace(mine, left_at=now, name="", gradebook="", **away))  # type: ignore[arg-type]

    @steady
    def _under(self, code: str) -> Class | None:
        with self._reading() as connection:
            return next(class_rows.classes(connection, c.code == code), None)

    def _at(self, code: str, place: str, now: datetime) -> Class:
        if self._misses.too_many(place, now):
            raise ClassError(
                "Too many codes were tried from here. Wait ten minutes, and ask your teacher for the code."
            )
        read = read_code(code)
        found = self._under(read) if read else None
        if found is None:
            self._misses.add(place, now)
            raise ClassError("There is no class with this code. Compare it with what your teacher gave you.")
        if found.closed_at is not None:
            raise ClassError("This class takes nobody any more. Ask your teacher to open it again.")
        return found

    def _new_code(self) -> str:
        while self._under(code := new_code(self._rng)) is not None:
            pass
        return code


def _check(class_id: str) -> None:
    try:
        check_key(class_id)
    except ValueError:
        raise NotYoursError(_NONE) from None


def _taught(connection: sa.Connection, asks: Person, class_id: str) -> Class:
    _check(class_id)
    found = next(class_rows.classes(connection, c.id == class_id, c.teacher == asks.learner), None)
    if found is None or not asks.teacher:  # who is no teacher any more keeps the class, and can't look into it
        raise NotYoursError(_NONE)
    return found


def _title(typed: str) -> str:
    try:
        check_line("title", title := line(typed), LONGEST_TITLE)
    except (ValueError, AttributeError, TypeError):
        raise ClassError(f"A title has 1 to {LONGEST_TITLE} characters that can be read. Write another one.") from None
    return title


def _name(field: str, typed: str) -> str:
    """A name, or nothing."""
    try:
        if name := line(typed):
            check_line(field, name, LONGEST_NAME)
    except (ValueError, AttributeError, TypeError):
        what = "A name" if field == "name" else "An e-mail address or number"
        raise ClassError(
            f"{what} has at most {LONGEST_NAME} characters that can be read. Write it otherwise."
        ) from None
    return name
