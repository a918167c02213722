"""What a learner did, kept: attempts and their cards, drafts, interviews, places, guesses, a goal, disagreements.

Attempts are only ever added; what may still be said of one is how hard it was (`Store.rate`). A learner's cards change
in the transaction that adds an attempt, so that the two never disagree. One `Store` serves all threads of a process.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

from quiz.asides import Disagreement, Goal, Guess, Interviewed, Place
from quiz.attempt import Attempt, Draft
from quiz.practice.schedule import Card
from quiz.store import class_rows, database, disagreements, rows, tables
from quiz.store.disagreements import Verdicts
from quiz.store.steady import steady, steady_if
from quiz.store.whole import Whole


class Store(Whole):
    """The database of all learners; made by `Store.open`. Every method may raise `StoreError`."""

    @classmethod
    def open(cls, path_or_url: str | Path | None = None, *, discreet: bool = False) -> Self:
        """Open the database, made or brought to the newest schema if need be.

        Args:
            path_or_url: A file, or a URL such as ``postgresql+psycopg://…``. None: the folder or URL in the environment
                variable UNROLLED_DATA, otherwise the user's data folder.
            discreet: Whether others than who runs it read its messages: the log names the file, they do not.

        Raises:
            StoreError: It is damaged, not ours, of a newer schema, or cannot be written; it is left as it was.
        """
        return cls(database.open_engine(path_or_url, discreet=discreet))

    @classmethod
    def in_memory(cls) -> Self:
        """A store of its own that lasts as long as this object, and holds at most `database.MEMORY` bytes."""
        return cls(database.memory_engine())

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Attempts and cards

    def _added(self, attempt: Attempt, **_: Any) -> bool:
        with self._reading() as connection:
            return rows.holds(connection, attempt)

    @steady_if(_added)
    def add(self, attempt: Attempt, *, interview: Mapping[str, Any] | None = None, step: str = "") -> bool:
        """Keep an attempt at the end of the log, bring its card up to date and drop its draft, all or nothing.

        Args:
            attempt: The attempt; its `recorded_at` is set here.
            interview: The state of the interview it belongs to, after it, to be kept with it.
            step: The step of that interview at which it was given.

        Returns:
            False if the learner has an attempt with this key already, or their interview stands at another step; then
            nothing changes.
        """
        with self._writing() as connection:
            rows.lock(connection, attempt.learner)
            if rows.known(connection, attempt):
                return False
            if step and not rows.at_step(connection, attempt.learner, step):
                return False
            recorded_at = rows.end_of_log(connection, attempt.learner, attempt.answered_at)
            attempt = replace(attempt, recorded_at=recorded_at)
            connection.execute(sa.insert(tables.attempt), asdict(attempt))
            rows.bring_up_to_date(connection, attempt)
            if attempt.assignment is not None:
                class_rows.count_answer(connection, attempt)
            rows.drop_draft(connection, attempt)
            if interview is not None:
                rows.put_interview(connection, attempt.learner, interview)
            return True

    @steady
    def attempts(self, learner: str, question: str | None = None, newest: int | None = None) -> tuple[Attempt, ...]:
        """Attempts in the order of the log, the last one first.

        Args:
            learner: Whose.
            question: Only those on this question.
            newest: At most so many.
        """
        with self._reading() as connection:
            return tuple(rows.attempts(connection, learner, question, newest))

    @steady
    def assigned(self, learner: str, assignment: str) -> frozenset[str]:
        """The questions that a learner has answered for an assignment."""
        a = tables.attempt.c
        query = sa.select(a.question).where(a.learner == learner, a.assignment == assignment)
        with self._reading() as connection:
            return frozenset(connection.scalars(query))

    @steady
    def cards(self, learner: str) -> dict[str, Card]:
        """Question id to card; equal to `quiz.practice.schedule.fold` over the learner's attempts.

        Cards of questions that are no longer asked are among them: `quiz.practice.catalogue.present` leaves them out.
        """
        with self._reading() as connection:
            return rows.cards(connection, learner)

    @steady
    def certainties(self, learner: str) -> tuple[tuple[int, int, int], ...]:
        """For each certainty the learner gave: (certainty in per cent, counted attempts, how many were correct)."""
        with self._reading() as connection:
            return rows.certainties(connection, learner)

    @steady
    def rate(self, learner: str, key: str, *, easy: bool = False, hard: bool = False) -> None:
        """Keep that a right answer was called easy or hard, or neither, and bring its card up to date."""
        with self._writing() as connection:
            rows.lock(connection, learner)
            rows.rate(connection, learner, key, easy=easy, hard=hard)

    @steady
    def answer_times(self, learner: str, since: datetime) -> tuple[datetime, ...]:
        """When the learner answered since a time, the last first."""
        with self._reading() as connection:
            return rows.answer_times(connection, learner, since)

    # Drafts and the interview under way

    @steady
    def draft(self, learner: str, question: str, variant: int = 0) -> Draft | None:
        """The half-typed answer, if there is one."""
        with self._reading() as connection:
            return rows.draft(connection, learner, question, variant)

    @steady
    def save_draft(self, draft: Draft) -> None:
        """Keep a half-typed answer in place of the one before; not one whose attempt was added already."""
        with self._writing() as connection:
            rows.lock(connection, draft.learner)
            rows.put_draft(connection, draft)

    @steady
    def interview(self, learner: str) -> dict[str, Any] | None:
        """The state of the learner's interview, as `quiz.interview.interview.Interview.to_json` gave it."""
        with self._reading() as connection:
            return rows.interview(connection, learner)

    @steady
    def save_interview(self, learner: str, state: Mapping[str, Any] | None) -> None:
        """Keep the state of the learner's interview in place of the one before; None drops it."""
        with self._writing() as connection:
            rows.lock(connection, learner)
            rows.put_interview(connection, learner, state)

    def _moved(self, learner: str, state: Mapping[str, Any], step: str, **_: Any) -> bool:
        del step
        with self._reading() as connection:
            kept = rows.interview(connection, learner)
            return kept is not None and kept == json.loads(json.dumps(dict(state)))

    @steady_if(_moved)
    def move_interview(
        self, learner: str, state: Mapping[str, Any], step: str, *, answers: Draft | None = None
    ) -> bool:
        """Keep the state of the learner's interview if what is kept stands at a step, and drop the draft it answers.

        Args:
            learner: Whose.
            state: The new state.
            step: Where the interview must stand: another window may have gone on meanwhile.
            answers: The draft of what was handed in.

        Returns:
            False if it stands elsewhere; then nothing changes.
        """
        with self._writing() as connection:
            rows.lock(connection, learner)
            if not rows.at_step(connection, learner, step):
                return False
            rows.put_interview(connection, learner, state)
            if answers is not None:
                rows.drop_draft(connection, answers)
            return True

    @steady
    def interviewed(self, learner: str) -> tuple[Interviewed, ...]:
        """The interviews that are over, the last one first."""
        with self._reading() as connection:
            return tuple(rows.interviewed(connection, learner))

    @steady
    def save_interviewed(self, over: Interviewed) -> None:
        """Keep an interview that is over; once kept it stays as it is."""
        with self._writing() as connection:
            rows.lock(connection, over.learner)
            rows.put_interviewed(connection, over)

    # Lesson places and guesses

    @steady
    def places(self, learner: str) -> tuple[Place, ...]:
        """The lessons that were opened, the last one first."""
        with self._reading() as connection:
            return tuple(rows.places(connection, learner))

    @steady
    def save_place(self, place: Place) -> None:
        """Keep where a learner is in a lesson: it is the one opened last, even if the clock was set back since."""
        with self._writing() as connection:
            rows.lock(connection, place.learner)
            opened_at = rows.last_opened(connection, place.learner, place.opened_at)
            rows.put_place(connection, replace(place, opened_at=opened_at))

    @steady
    def guesses(self, learner: str, questions: Collection[str]) -> tuple[Guess, ...]:
        """The guesses that there are on some questions, on every variant of them."""
        with self._reading() as connection:
            return tuple(rows.guesses(connection, learner, questions))

    @steady
    def save_guess(self, guess: Guess) -> None:
        """Keep a guess in place of the one before."""
        with self._writing() as connection:
            rows.lock(connection, guess.learner)
            rows.put_guess(connection, guess)

    @steady
    def goal(self, learner: str) -> int:
        """How many answers a day the learner set out to give; 0 for no goal."""
        with self._reading() as connection:
            found = rows.goal(connection, learner)
            return found.answers if found else 0

    @steady
    def save_goal(self, goal: Goal) -> None:
        """Keep a learner's goal in place of the one before."""
        with self._writing() as connection:
            rows.lock(connection, goal.learner)
            rows.put_goal(connection, goal)

    # Verdicts on texts

    @steady
    def disagreements(self, learner: str) -> dict[str, Disagreement]:
        """The verdicts on texts that the learner does not accept, by the attempt's key; the last one first."""
        with self._reading() as connection:
            return {each.key: each for each in disagreements.disagreements(connection, learner)}

    @steady
    def disagree(self, disagreement: Disagreement) -> None:
        """Keep that a verdict on a text is not accepted; said twice it is kept once."""
        with self._writing() as connection:
            rows.lock(connection, disagreement.learner)
            disagreements.put(connection, disagreement)

    @steady
    def agree(self, learner: str, key: str) -> None:
        """Take a disagreement back, if there is one."""
        with self._writing() as connection:
            disagreements.drop(connection, learner, key)

    @steady
    def text_verdicts(self, learners: Collection[str] | None = None) -> dict[str, Verdicts]:
        """How many verdicts on texts were given and how many are not accepted, by question.

        Args:
            learners: Whose; None for everybody's.
        """
        with self._reading() as connection:
            return disagreements.counted(connection, learners)
