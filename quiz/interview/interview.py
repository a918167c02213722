"""The mock interview: the twelve questions once, timed, and what to study after it."""

from __future__ import annotations

import logging
import math
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

import numpy as np

from quiz.attempt import Attempt, check_key, check_name, check_time, read_time
from quiz.load import Bank
from quiz.practice.progress import of_checks
from quiz.schema import Lesson, Open, Question

PACE = 120.0  # seconds a question should take at most
LONGEST = 3600.0  # seconds a question can have taken; beyond it the interview waited, or the clock was set
SHOWN = 3  # strong concepts, and questions to study next
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answered:
    """One answered question: its score, which checks were met (in the order of its probes), seconds it took.

    Seconds run from 0 to `LONGEST`, whatever the clock did meanwhile.
    """

    question: str
    score: float
    met: tuple[bool, ...]
    seconds: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.seconds) or not 0 <= self.score <= 1:
            raise ValueError(f"score {self.score} or seconds {self.seconds} can't be")
        object.__setattr__(self, "seconds", min(max(self.seconds, 0.0), LONGEST))


@dataclass(frozen=True)
class Share:
    """Checks right of all, of a question or a concept, with the seconds and lessons of a question."""

    id: str
    right: int
    checks: int
    seconds: float = 0.0
    lessons: tuple[Lesson, ...] = ()


@dataclass(frozen=True)
class Report:
    """What came of an interview.

    Attributes:
        score: Mean score of all questions, 0 … 1; one that was not answered scores 0.
        right: Checks right.
        checks: Checks asked.
        flawless: Questions without a miss.
        seconds: Time in all.
        slow: Questions that took longer than `PACE`.
        questions: Each question in the order asked.
        strong: Up to three concepts with most checks right.
        study: Up to three questions with fewest, with their lessons.
    """

    score: float
    right: int
    checks: int
    flawless: int
    seconds: float
    slow: int
    questions: tuple[Share, ...]
    strong: tuple[Share, ...]
    study: tuple[Share, ...]


@dataclass(frozen=True)
class Interview:
    """An interview under way: frozen, and JSON between reloads.

    Attributes:
        questions: Ids in the order asked.
        keys: The key each question's attempt will have, so that a resent answer counts once.
        asked_at: When the current question was shown, UTC.
        answers: What was answered so far.
    """

    questions: tuple[str, ...]
    keys: tuple[str, ...]
    asked_at: datetime
    answers: tuple[Answered, ...] = ()

    @classmethod
    def start(cls, bank: Bank, rng: np.random.Generator, now: datetime) -> Self:
        """Begin with the first question.

        Args:
            bank: Its interview questions are asked in their order.
            rng: Draws the attempts' keys.
            now: Aware, UTC.
        """
        keys = tuple(str(uuid.UUID(bytes=rng.bytes(16), version=4)) for _ in bank.interview)
        return cls(bank.interview, keys, now)

    @property
    def done(self) -> bool:
        """Whether all questions were answered."""
        return len(self.answers) == len(self.questions)

    @property
    def question(self) -> str:
        """Id of the current question; an `IndexError` when done."""
        return self.questions[len(self.answers)]

    @property
    def key(self) -> str:
        """Key of the current question's attempt; an `IndexError` when done."""
        return self.keys[len(self.answers)]

    def answer(self, now: datetime, attempt: Attempt, met: Sequence[bool]) -> Self:
        """The interview after the current question was answered; there is no way back.

        Keep it together with the attempt: ``store.add(attempt, interview=state.to_json())``.

        Args:
            now: When, aware, UTC; the next question's time begins.
            attempt: The answer, graded, with the current question's key.
            met: For each point of its grade whether it was met.

        Raises:
            ValueError: It is not an answer to the current question.
        """
        if self.done:
            raise ValueError("attempt: all questions of this interview are answered; start another one")
        if (attempt.question, attempt.key) != (self.question, self.key):
            raise ValueError(f"attempt: answers {attempt.question}, key {attempt.key}; {self.question} is being asked")
        answered = Answered(attempt.question, attempt.score, tuple(met), (now - self.asked_at).total_seconds())
        return replace(self, asked_at=now, answers=(*self.answers, answered))

    def report(self, bank: Bank) -> Report:
        """What came of it; questions not answered count as missed."""
        given = {answered.question: answered for answered in self.answers}
        missing = Answered("", 0.0, (), 0.0)
        shares = []
        concepts: dict[str, list[bool]] = {}
        for name in self.questions:
            question, answered = bank[name], given.get(name, missing)
            checks = _checks(question)
            met = (*answered.met, *[False] * len(checks))[: len(checks)]
            shares.append(Share(name, sum(met), len(checks), answered.seconds, bank.lessons(question)))
            for concept, right in zip(checks, met, strict=True):
                concepts.setdefault(concept, []).append(right)
        by_concept = [Share(concept, sum(met), len(met)) for concept, met in concepts.items()]
        strong = [share for share in by_concept if of_checks(share.right, share.checks).level == "known"]
        study = [share for share in shares if share.right < share.checks]
        return Report(
            score=sum(answered.score for answered in self.answers) / len(self.questions),
            right=sum(share.right for share in shares),
            checks=sum(share.checks for share in shares),
            flawless=sum(share.right == share.checks for share in shares),
            seconds=sum(share.seconds for share in shares),
            slow=sum(share.seconds > PACE for share in shares),
            questions=tuple(shares),
            strong=tuple(sorted(strong, key=lambda share: (-share.right / share.checks, -share.checks))[:SHOWN]),
            study=tuple(sorted(study, key=lambda share: share.right / share.checks)[:SHOWN]),
        )

    def to_json(self) -> dict[str, Any]:
        """The state as JSON values."""
        return asdict(self) | {"asked_at": self.asked_at.isoformat()}

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> Self:
        """The interview that `to_json` wrote.

        Raises:
            ValueError: It is not such a state.
        """
        try:
            answers = tuple(
                Answered(
                    str(each["question"]), float(each["score"]), tuple(map(bool, each["met"])), float(each["seconds"])
                )
                for each in state["answers"]
            )
            kept = cls(
                tuple(state["questions"]), tuple(state["keys"]), read_time("asked_at", state["asked_at"]), answers
            )
        except (KeyError, TypeError, OverflowError) as error:
            raise ValueError(f"state: not that of an interview ({error!r}); start another one") from None
        check_time("asked_at", kept.asked_at)
        if not kept.questions:
            raise ValueError("state: it has no questions; start another interview")
        for name, key in zip(kept.questions, kept.keys, strict=True):
            check_name("questions", name)
            check_key(key)
        if not all(0 <= each.score <= 1 and 0 <= each.seconds < math.inf for each in answers):
            raise ValueError("state: a score or a time is out of its range; start another interview")
        if [each.question for each in answers] != list(kept.questions[: len(answers)]):
            raise ValueError("state: the answers don't belong to the questions; start another interview")
        return kept

    @classmethod
    def resumed(cls, bank: Bank, state: Mapping[str, Any]) -> Self:
        """The interview that `to_json` wrote, without the questions that are no longer asked in the bank.

        Raises:
            ValueError: It is not such a state, or nothing of it is left.
        """
        try:
            kept = cls.from_json(state)
        except ValueError as error:
            log.warning("A kept interview can't be read and is given up: %s", error)
            raise
        places = [place for place, name in enumerate(kept.questions) if name in bank and isinstance(bank[name], Open)]
        if not places:
            raise ValueError("state: none of its questions is asked any more; start another interview")
        return replace(
            kept,
            questions=tuple(kept.questions[place] for place in places),
            keys=tuple(kept.keys[place] for place in places),
            answers=tuple(kept.answers[place] for place in places if place < len(kept.answers)),
        )


def _checks(question: Question) -> tuple[str, ...]:
    """The main concept of each check of a question."""
    parts = question.probes if isinstance(question, Open) else (question,)
    return tuple(part.concepts[0] for part in parts)
