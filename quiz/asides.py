"""What is kept of a learner beside the answers: where they stopped, guesses, a goal, interviews gone by, objections."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, get_args

from quiz.attempt import (
    MAX_INTEGER,
    Draft,
    check_key,
    check_name,
    check_one_of,
    check_response,
    check_time,
    check_whole,
    written,
)

Withdrawn = Literal["correct", "partial", "wrong"]  # what a text can have been judged as

MOST_BEATS = 99
LONGEST_QUERY = 4096  # characters
MOST_A_DAY = 200  # answers that a goal may ask for
LONGEST_STATE = 131_072  # bytes
# The first edition kept both as drafts of questions that don't exist, and told them by their keys.
FIRST_PLACES = uuid.UUID("d0f5c1f6-5f3b-5b0e-8a43-6f0a4f7c9b11")
FIRST_GUESSES = uuid.UUID("0b9c4f0e-6f0a-5d43-9a53-0f3c1f6f2a10")


@dataclass(frozen=True, kw_only=True)
class Place:
    """A lesson that was opened.

    Attributes:
        learner: Who opened it.
        lesson: Its name.
        query: What its address asked for when it was left, as ``activation=relu&t=3``.
        opened_at: When it was open last, aware, UTC.
        beat: The furthest beat that was reached, from 1; 0 where that was not kept.

    Raises:
        ValueError: A field is out of its range; the message names it.
    """

    learner: str
    lesson: str
    query: str
    opened_at: datetime
    beat: int = 0

    def __post_init__(self) -> None:
        check_name("learner", self.learner)
        check_name("lesson", self.lesson)
        if not isinstance(self.query, str) or len(self.query) > LONGEST_QUERY or "\0" in self.query:
            raise ValueError(f"query: {str(self.query)[:60]!r}; expected text of at most {LONGEST_QUERY:,} characters")
        check_time("opened_at", self.opened_at)
        check_whole("beat", self.beat, MOST_BEATS)


@dataclass(frozen=True, kw_only=True)
class Guess:
    """A prediction on a page, typed or committed; no attempt.

    Attributes:
        learner: Whose it is.
        question: Id of the question.
        variant: A number made from all the question says (`quiz.computed.guess.variant`).
        response: The state of the guess as JSON values, at most `quiz.attempt.MAX_RESPONSE` bytes.
        kept_at: When it was kept, aware, UTC.

    Raises:
        ValueError: A field is out of its range; the message names it.
    """

    learner: str
    question: str
    variant: int
    response: Any
    kept_at: datetime

    def __post_init__(self) -> None:
        check_name("learner", self.learner)
        check_name("question", self.question)
        check_whole("variant", self.variant, MAX_INTEGER)
        check_response(self.response)
        check_time("kept_at", self.kept_at)


@dataclass(frozen=True, kw_only=True)
class Goal:
    """How many answers a day a learner set out to give.

    Attributes:
        learner: Whose it is.
        answers: How many; 0 for no goal.

    Raises:
        ValueError: A field is out of its range; the message names it.
    """

    learner: str
    answers: int

    def __post_init__(self) -> None:
        check_name("learner", self.learner)
        check_whole("answers", self.answers, MOST_A_DAY)


@dataclass(frozen=True, kw_only=True)
class Interviewed:
    """An interview that is over. Its answers are attempts, whose keys its state names.

    Attributes:
        learner: Whose it was.
        key: The key of its first question's attempt.
        ended_at: When the last answer was given, aware, UTC.
        state: What `quiz.interview.interview.Interview.to_json` gave, at most `LONGEST_STATE` bytes.

    Raises:
        ValueError: A field is out of its range; the message names it.
    """

    learner: str
    key: str
    ended_at: datetime
    state: dict[str, Any]

    def __post_init__(self) -> None:
        check_name("learner", self.learner)
        check_key(self.key)
        check_time("ended_at", self.ended_at)
        if not isinstance(self.state, dict) or len(written(self.state)) > LONGEST_STATE:
            raise ValueError(f"state: expected an object of at most {LONGEST_STATE:,} bytes of JSON")


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """A verdict on one's own words that the learner does not accept; it is withdrawn, and counted.

    Attributes:
        learner: Who disagrees.
        key: The attempt's key.
        question: Id of the question.
        verdict: The verdict that is withdrawn.
        disagreed_at: When, aware, UTC.

    Raises:
        ValueError: A field is out of its range; the message names it.
    """

    learner: str
    key: str
    question: str
    verdict: Withdrawn
    disagreed_at: datetime

    def __post_init__(self) -> None:
        check_name("learner", self.learner)
        check_key(self.key)
        check_name("question", self.question)
        check_one_of("verdict", self.verdict, get_args(Withdrawn))
        check_time("disagreed_at", self.disagreed_at)


def from_first_edition(draft: Draft) -> Draft | Place | Guess:
    """A draft as the first edition exported it: the place or guess that it stands for, or the draft itself."""
    lesson = draft.question.removeprefix("path-")
    if draft.key == str(uuid.uuid5(FIRST_PLACES, lesson)):
        query = draft.response.get("query") if isinstance(draft.response, dict) else None
        text = query if isinstance(query, str) else ""
        return Place(learner=draft.learner, lesson=lesson, query=text, opened_at=draft.asked_at)
    if draft.key == str(uuid.uuid5(FIRST_GUESSES, f"{draft.question} {draft.variant}")):
        return Guess(
            learner=draft.learner, question=draft.question, variant=draft.variant, response=draft.response,
            kept_at=draft.asked_at,
        )  # fmt: skip
    return draft
