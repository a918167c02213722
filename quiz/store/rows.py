"""The store's rows: what is read from them on an open connection, and put there.

One row that can't be read, spoilt or of another edition, is passed over, told to the log and left where it is: neither
a page nor the other rows suffer from it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, fields, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar, get_args

import sqlalchemy as sa

from quiz.asides import MOST_BEATS, Goal, Guess, Interviewed, Place
from quiz.attempt import END, TUPLES, Attempt, Draft, Verdict, check_name
from quiz.practice import schedule
from quiz.practice.schedule import Card
from quiz.store import tables

log = logging.getLogger(__name__)
Made = TypeVar("Made")
_MOMENT = timedelta(microseconds=1)
JUDGED = tuple(verdict for verdict in get_args(Verdict) if verdict != "undecided")


def lock(connection: sa.Connection, learner: str) -> None:
    """Make one learner's writers wait for each other, and the learner exist; SQLite has one writer anyhow.

    Whoever only refers to the learner, as a class does that counts an answer, need not wait.
    """
    check_name("learner", learner)
    row = sa.select(tables.learner.c.id).where(tables.learner.c.id == learner).with_for_update(key_share=True)
    if connection.execute(row).first() is None:
        try:
            with connection.begin_nested():
                connection.execute(sa.insert(tables.learner), {"id": learner})
        except sa.exc.IntegrityError:  # made by another writer meanwhile
            connection.execute(row)


# Attempts and cards


def known(connection: sa.Connection, record: Attempt | Draft) -> bool:
    """Whether an attempt with this key was added."""
    a = tables.attempt.c
    query = sa.select(a.key).where(a.learner == record.learner, a.key == record.key)
    return connection.execute(query).first() is not None


def holds(connection: sa.Connection, attempt: Attempt) -> bool:
    """Whether this very attempt was added, not another one with its key."""
    a = tables.attempt.c
    query = sa.select(a.answered_at, a.verdict).where(a.learner == attempt.learner, a.key == attempt.key)
    return [tuple(row) for row in connection.execute(query)] == [(attempt.answered_at, attempt.verdict)]


def end_of_log(connection: sa.Connection, learner: str, answered_at: datetime) -> datetime:
    """The time a new attempt is recorded under: its own, or just after the newest if the clock was set back."""
    a = tables.attempt.c
    newest = connection.scalar(sa.select(sa.func.max(a.recorded_at)).where(a.learner == learner, a.recorded_at <= END))
    return answered_at if newest is None or newest <= answered_at else min(newest + _MOMENT, END)


def attempts(
    connection: sa.Connection, learner: str, question: str | None = None, newest: int | None = None
) -> Iterator[Attempt]:
    """Attempts in the order of the log, the last first; at most `newest`."""
    a = tables.attempt.c
    query = sa.select(tables.attempt).where(a.learner == learner).order_by(a.recorded_at.desc(), a.key.desc())
    if question is not None:
        query = query.where(a.question == question)
    left = newest
    for start in count(0, newest or 1):
        rows = connection.execute(query.limit(newest).offset(start)).all()
        for row in rows:
            if left != 0 and (attempt := read(_attempt, row)):
                left = None if left is None else left - 1
                yield attempt
        if newest is None or left == 0 or len(rows) < newest:
            return


def certainties(connection: sa.Connection, learner: str) -> tuple[tuple[int, int, int], ...]:
    """For each certainty the learner gave: (certainty in per cent, counted attempts, how many were correct)."""
    a = tables.attempt.c
    right = sa.func.sum(sa.case((a.verdict == "correct", 1), else_=0))
    query = (
        sa.select(a.certainty, sa.func.count(), right)
        .where(a.learner == learner, a.certainty.between(0, 100), a.verdict.in_(JUDGED))
        .group_by(a.certainty)
        .order_by(a.certainty)
    )
    return tuple((certainty, number, int(correct)) for certainty, number, correct in connection.execute(query))


def cards(connection: sa.Connection, learner: str) -> dict[str, Card]:
    """Question id to card; one that can't be read is folded again from its attempts."""
    found: dict[str, Card] = {}
    for row in connection.execute(sa.select(tables.card).where(tables.card.c.learner == learner)).all():
        card = read(_card, row) or schedule.fold(attempts(connection, learner, row.question)).get(row.question)
        if card is not None:
            found[row.question] = card
    return found


def bring_up_to_date(connection: sa.Connection, attempt: Attempt) -> None:
    """Fold one new attempt into its card; all of the question's attempts where time or log say it is not the newest."""
    a, c = tables.attempt.c, tables.card.c
    mine = (c.learner == attempt.learner, c.question == attempt.question)
    row = connection.execute(sa.select(tables.card).where(*mine)).one_or_none()
    before = read(_card, row) if row else None
    newest = min(before.answered_at, attempt.answered_at) if before else attempt.answered_at
    later = sa.or_(
        a.answered_at > newest,
        a.recorded_at > attempt.recorded_at,
        sa.and_(a.recorded_at == attempt.recorded_at, a.key > attempt.key),
    )
    others = (a.learner == attempt.learner, a.question == attempt.question, a.key != attempt.key)
    if (row and not before) or connection.execute(sa.select(a.key).where(*others, later).limit(1)).first():
        after = schedule.fold(attempts(connection, attempt.learner, attempt.question)).get(attempt.question)
    else:
        after = schedule.step(before, attempt)
    if after is None or after == before:
        return
    if row is not None:
        connection.execute(sa.delete(tables.card).where(*mine))
    connection.execute(sa.insert(tables.card), asdict(after) | {"learner": attempt.learner})


def rate(connection: sa.Connection, learner: str, key: str, *, easy: bool, hard: bool) -> None:
    """Keep how a right answer was called, and fold its question's card again."""
    a, c = tables.attempt.c, tables.card.c
    this = (a.learner == learner, a.key == key, a.verdict == "correct")
    question = connection.scalar(sa.select(a.question).where(*this))
    if question is None:
        return
    connection.execute(sa.update(tables.attempt).where(*this).values(easy=easy, hard=hard))
    card = schedule.fold(attempts(connection, learner, question)).get(question)
    if card is not None:
        connection.execute(sa.delete(tables.card).where(c.learner == learner, c.question == question))
        connection.execute(sa.insert(tables.card), asdict(card) | {"learner": learner})


def answer_times(connection: sa.Connection, learner: str, since: datetime) -> tuple[datetime, ...]:
    """When the learner answered since a time, the last first; what can't be read is left out."""
    a = tables.attempt.c
    query = sa.select(a.answered_at).where(a.learner == learner, a.answered_at >= since).order_by(a.answered_at.desc())
    return tuple(time for time in connection.scalars(query) if time is not None)


def fold_all(connection: sa.Connection, learner: str) -> None:
    """Make the learner's cards again from the attempts."""
    connection.execute(sa.delete(tables.card).where(tables.card.c.learner == learner))
    folded = schedule.fold(attempts(connection, learner))
    if folded:
        connection.execute(sa.insert(tables.card), [asdict(card) | {"learner": learner} for card in folded.values()])


# Drafts, the interview under way, places, guesses and goals


def draft(connection: sa.Connection, learner: str, question: str, variant: int) -> Draft | None:
    """The half-typed answer, if there is one."""
    d = tables.draft.c
    query = sa.select(tables.draft).where(d.learner == learner, d.question == question, d.variant == variant)
    row = connection.execute(query).one_or_none()
    return read(Draft, row) if row else None


def drafts(connection: sa.Connection, learner: str) -> Iterator[Draft]:
    """All half-typed answers of a learner."""
    d = tables.draft.c
    query = sa.select(tables.draft).where(d.learner == learner).order_by(d.question, d.variant)
    for row in connection.execute(query).all():
        if found := read(Draft, row):
            yield found


def drop_draft(connection: sa.Connection, draft: Attempt | Draft) -> None:
    """Drop the draft of a question."""
    d = tables.draft.c
    this = (d.learner == draft.learner, d.question == draft.question, d.variant == draft.variant)
    connection.execute(sa.delete(tables.draft).where(*this))


def put_draft(connection: sa.Connection, draft: Draft) -> None:
    """Keep a draft in place of the one before; not one whose attempt was added already."""
    drop_draft(connection, draft)
    if not known(connection, draft):
        connection.execute(sa.insert(tables.draft), asdict(draft))


def put_interview(connection: sa.Connection, learner: str, state: Mapping[str, Any] | None) -> None:
    """Keep the state of an interview in place of the one before; None drops it."""
    connection.execute(sa.delete(tables.interview).where(tables.interview.c.learner == learner))
    if state is not None:
        connection.execute(sa.insert(tables.interview), {"learner": learner, "state": dict(state)})


def interview(connection: sa.Connection, learner: str) -> dict[str, Any] | None:
    """The state of the learner's interview, if there is one."""
    state = connection.scalar(sa.select(tables.interview.c.state).where(tables.interview.c.learner == learner))
    if state is not None and not isinstance(state, dict):
        log.warning("A kept interview of %s can't be read and is passed over", learner)
        return None
    return state


def at_step(connection: sa.Connection, learner: str, step: str) -> bool:
    """Whether the learner's interview stands at a step; that of an edition without steps stands at any."""
    state = interview(connection, learner)
    return state is not None and state.get("step", step) == step


def interviewed(connection: sa.Connection, learner: str) -> Iterator[Interviewed]:
    """The interviews that are over, the last one first."""
    i = tables.interviewed.c
    query = sa.select(tables.interviewed).where(i.learner == learner).order_by(i.ended_at.desc(), i.key)
    for row in connection.execute(query).all():
        if found := read(Interviewed, row):
            yield found


def put_interviewed(connection: sa.Connection, over: Interviewed) -> None:
    """Keep an interview that is over; the first to be kept under its key stays."""
    i = tables.interviewed.c
    query = sa.select(i.key).where(i.learner == over.learner, i.key == over.key)
    if connection.execute(query).first() is None:
        connection.execute(sa.insert(tables.interviewed), asdict(over))


def places(connection: sa.Connection, learner: str) -> Iterator[Place]:
    """The lessons that were opened, the last one first."""
    p = tables.place.c
    query = sa.select(tables.place).where(p.learner == learner).order_by(p.opened_at.desc(), p.lesson)
    for row in connection.execute(query).all():
        if place := read(Place, row):
            yield place


def last_opened(connection: sa.Connection, learner: str, opened_at: datetime) -> datetime:
    """The time a lesson is opened under: its own, or just after the last one if the clock was set back."""
    p = tables.place.c
    newest = connection.scalar(sa.select(sa.func.max(p.opened_at)).where(p.learner == learner, p.opened_at <= END))
    return opened_at if newest is None or newest <= opened_at else min(newest + _MOMENT, END)


def put_place(connection: sa.Connection, place: Place) -> None:
    """Keep where a learner is in a lesson, in place of what was kept before; of two beats the further one."""
    p = tables.place.c
    mine = (p.learner == place.learner, p.lesson == place.lesson)
    furthest = connection.scalar(sa.select(p.beat).where(*mine, p.beat.between(0, MOST_BEATS))) or 0
    connection.execute(sa.delete(tables.place).where(*mine))
    connection.execute(sa.insert(tables.place), asdict(place) | {"beat": max(place.beat, furthest)})


def guesses(connection: sa.Connection, learner: str, questions: Collection[str] | None = None) -> Iterator[Guess]:
    """The learner's guesses, or those on some questions."""
    g = tables.guess.c
    query = sa.select(tables.guess).where(g.learner == learner).order_by(g.question, g.variant)
    if questions is not None:
        query = query.where(g.question.in_(questions))
    for row in connection.execute(query).all():
        if guess := read(Guess, row):
            yield guess


def put_guess(connection: sa.Connection, guess: Guess) -> None:
    """Keep a guess in place of the one before."""
    g = tables.guess.c
    this = (g.learner == guess.learner, g.question == guess.question, g.variant == guess.variant)
    connection.execute(sa.delete(tables.guess).where(*this))
    connection.execute(sa.insert(tables.guess), asdict(guess))


def goal(connection: sa.Connection, learner: str) -> Goal | None:
    """The learner's daily goal, if they have set one."""
    row = connection.execute(sa.select(tables.goal).where(tables.goal.c.learner == learner)).one_or_none()
    return read(Goal, row) if row else None


def put_goal(connection: sa.Connection, goal: Goal) -> None:
    """Keep a goal in place of the one before."""
    connection.execute(sa.delete(tables.goal).where(tables.goal.c.learner == goal.learner))
    if goal.answers:
        connection.execute(sa.insert(tables.goal), asdict(goal))


def put(connection: sa.Connection, record: Draft | Place | Guess | Goal | Interviewed) -> None:
    """Keep what is no attempt in place of what was kept before; of two drafts, places or guesses the later one."""
    if isinstance(record, Draft):
        before = draft(connection, record.learner, record.question, record.variant)
        if before is None or before.asked_at <= record.asked_at:
            put_draft(connection, record)
    elif isinstance(record, Guess):
        kept = guesses(connection, record.learner, [record.question])
        if all(guess.kept_at <= record.kept_at for guess in kept if guess.variant == record.variant):
            put_guess(connection, record)
    elif isinstance(record, Goal):
        put_goal(connection, record)
    elif isinstance(record, Interviewed):
        put_interviewed(connection, record)
    else:
        known = [place for place in places(connection, record.learner) if place.lesson == record.lesson]
        later = max([record, *known], key=lambda place: place.opened_at)
        put_place(connection, replace(later, beat=max(place.beat for place in [*known, record])))


def read(make: Callable[..., Made], row: sa.Row[*tuple[Any, ...]]) -> Made | None:
    """What a row holds; None, with a line in the log, if it can't be read."""
    try:
        return make(**row._mapping)
    except (ValueError, TypeError, OverflowError) as error:
        name = {_attempt: "attempt", _card: "card"}.get(make, getattr(make, "__name__", "row").lower())
        log.warning("A kept %s (key %s) can't be read and is passed over: %s", name, row._mapping.get("key"), error)
        return None


def _attempt(**values: Any) -> Attempt:
    points = {name: values[name] for name in TUPLES}
    return Attempt(**values | {name: tuple(ids) if isinstance(ids, list) else ids for name, ids in points.items()})


def _card(**values: Any) -> Card:
    return Card(**{field.name: values[field.name] for field in fields(Card)})
