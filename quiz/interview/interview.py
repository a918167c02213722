"""The mock interview: some or all of the twelve questions once, each with a follow-up, and what came of it.

Its state is frozen, and JSON between reloads. It is drawn from a seed when it starts: the checks with their variants,
then each follow-up when the answer before it is known.
"""

from __future__ import annotations

import logging
import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Self

import numpy as np

from quiz.attempt import (
    MAX_INTEGER,
    Attempt,
    check_key,
    check_name,
    check_time,
    check_whole,
    read_time,
)
from quiz.interview.answered import Answered, Followed, bounded, read_answer, read_check, read_following
from quiz.interview.drawing import Check, asked, draw, taken
from quiz.interview.follow_ups import Numbered, choose, drawn, load_follow_ups, outcome
from quiz.interview.pace import pace
from quiz.load import GENERATED, Bank
from quiz.practice.progress import of_checks
from quiz.schema import Lesson, Open

LENGTHS = (5, 12)  # questions of an interview
SHOWN = 3  # strong concepts, and questions to study next
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Share:
    """Checks right of all, of a question or a concept, with the seconds, pace and lessons of a question."""

    id: str
    right: int
    checks: int
    seconds: float = 0.0
    pace: float = 0.0
    lessons: tuple[Lesson, ...] = ()

    @property
    def slow(self) -> bool:
        """Whether it took longer than its pace."""
        return self.seconds > self.pace


@dataclass(frozen=True)
class Report:
    """What came of an interview.

    Attributes:
        score: Mean score of all questions, 0 … 1; one that was not answered scores 0.
        right: Checks right.
        checks: Checks asked.
        flawless: Questions without a miss.
        seconds: Time in all, follow-ups included.
        slow: Questions that took longer than their pace; 0 in an interview without a clock.
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
    """An interview under way, or one that is over.

    Attributes:
        questions: Ids in the order asked.
        keys: The key each question's attempt will have, so that a resent answer counts once.
        asked_at: When what is being asked was shown, UTC.
        answers: What was answered so far.
        checks: The checks drawn for each question; empty in one of the first edition, which asked each its own probes.
        seed: Of the draws; 0 in one of the first edition.
        clock: Whether time is shown and told.
        following: Id and variant of the follow-up that is being asked.
        spent: Seconds on what is being asked, until `seen_at`.
        seen_at: When the learner was last seen at it.
    """

    questions: tuple[str, ...]
    keys: tuple[str, ...]
    asked_at: datetime
    answers: tuple[Answered, ...] = ()
    checks: tuple[tuple[Check, ...], ...] = ()
    seed: int = 0
    clock: bool = True
    following: tuple[str, int] | None = None
    spent: float = 0.0
    seen_at: datetime | None = None

    @classmethod
    def start(
        cls,
        bank: Bank,
        rng: np.random.Generator,
        now: datetime,
        *,
        length: int = LENGTHS[-1],
        clock: bool = True,
        before: Sequence[Interview] = (),
    ) -> Self:
        """Begin with the first question.

        Args:
            bank: Its interview questions are asked in their order.
            rng: Draws the attempts' keys and the seed.
            now: Aware, UTC.
            length: How many questions; those that earlier interviews asked least come first.
            clock: Whether time is shown and told.
            before: Earlier interviews, the last one first; their numbers are not asked again.
        """
        seed = int(rng.integers(1, MAX_INTEGER))
        lots = np.random.default_rng(seed)
        times = Counter(name for each in before for name in each.questions)
        cast = dict(zip(bank.interview, lots.random(len(bank.interview)), strict=True))
        chosen = set(sorted(bank.interview, key=lambda name: (times[name], cast[name]))[:length])
        questions = tuple(name for name in bank.interview if name in chosen)
        keys = tuple(str(uuid.UUID(bytes=rng.bytes(16), version=4)) for _ in questions)
        checks = draw(bank, questions, lots, [each.asked_checks for each in before])
        return cls(questions, keys, now, checks=checks, seed=seed, clock=clock, seen_at=now)

    @property
    def done(self) -> bool:
        """Whether all questions were answered, and the last follow-up."""
        return len(self.answers) == len(self.questions) and self.following is None

    @property
    def question(self) -> str:
        """Id of the current question; an `IndexError` when all are answered."""
        return self.questions[len(self.answers)]

    @property
    def key(self) -> str:
        """Key of the current question's attempt; an `IndexError` when all are answered."""
        return self.keys[len(self.answers)]

    @property
    def step(self) -> str:
        """What is being asked, by a name that no other step of any interview has."""
        return f"{self.keys[0]}:{len(self.answers) + sum(len(each.followed) for each in self.answers)}"

    @property
    def asked_checks(self) -> tuple[Check, ...]:
        """All checks drawn, and those that were asked as follow-ups with numbers."""
        drawn = tuple(check for checks in self.checks for check in checks)
        more = (load_follow_ups().follow_ups.get(each.id) for one in self.answers for each in one.followed)
        variants = (each.variant for one in self.answers for each in one.followed)
        return drawn + tuple(
            Check(f"{GENERATED}{found.ask.generator}", variant)
            for found, variant in zip(more, variants, strict=True)
            if found and isinstance(found.ask, Numbered)
        )

    def asked(self, bank: Bank, place: int | None = None) -> Open:
        """A question with the checks that were drawn for it: the current one, or that at a place."""
        place = len(self.answers) if place is None else place
        return asked(bank, self.questions[place], self.checks[place] if place < len(self.checks) else ())

    def sighted(self, now: datetime, *, away: bool = False) -> Self:
        """The interview after the learner was seen at it: the time since then counts, unless they were away."""
        gap = (now - (self.seen_at or self.asked_at)).total_seconds()
        return replace(self, seen_at=now, spent=self.spent + (0.0 if away else bounded(gap)))

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
        if len(self.answers) == len(self.questions):
            raise ValueError("attempt: all questions of this interview are answered; start another one")
        if (attempt.question, attempt.key) != (self.question, self.key):
            raise ValueError(f"attempt: answers {attempt.question}, key {attempt.key}; {self.question} is being asked")
        seconds = self.sighted(now).spent
        answered = Answered(attempt.question, attempt.score, tuple(met), seconds)
        return replace(self._anew(now), answers=(*self.answers, answered))

    def followed(self, now: datetime, response: Any, met: bool | None) -> Self:
        """The interview after the follow-up was answered, or passed over with None.

        Raises:
            ValueError: None is being asked, or the response is too long.
        """
        if self.following is None:
            raise ValueError("follow-up: none is being asked")
        name, variant = self.following
        last = self.answers[-1]
        given = Followed(name, variant, response, met, self.sighted(now).spent)
        last = replace(last, followed=(*last.followed, given))
        return replace(self._anew(now), answers=(*self.answers[:-1], last), following=None)

    def text_of(self, attempts: Iterable[Attempt]) -> str:
        """What was said in one's own words to the question that was answered last, if its attempt is among those."""
        key = self.keys[len(self.answers) - 1]
        given = next((each.response for each in attempts if each.key == key), None)
        text = given.get("text") if isinstance(given, dict) else None
        return text if isinstance(text, str) else ""

    def asks_back(self, bank: Bank, text: str, before: Sequence[Interview] = ()) -> Self:
        """The interview with the follow-up to what was answered last, if there is one to ask.

        Args:
            bank: The bank.
            text: What was said to the question in one's own words.
            before: Earlier interviews, the last one first.
        """
        last, graph = self.answers[-1], load_follow_ups()
        if last.followed and last.followed[-1].met:
            return self  # who was right is asked no second
        question = self.asked(bank, len(self.answers) - 1)
        missed = [probe for probe, met in zip(question.probes, last.met, strict=False) if not met]
        lots = np.random.default_rng([self.seed, len(self.answers), len(last.followed)])
        lately = [each.id for one in before for answer in one.answers for each in answer.followed]
        found = choose(
            graph, last.question, outcome(bank, last.question, missed, text), lots,
            after=[each.id for each in last.followed], lately=lately,
        )  # fmt: skip
        if found is None:
            return self
        interviews: tuple[Interview, ...] = (self, *before)
        numbers = taken(bank, [check for each in interviews for check in each.asked_checks])
        return replace(self, following=(found.id, drawn(found, lots, numbers)))

    def _anew(self, now: datetime) -> Self:
        """Whatever is asked next, shown now."""
        return replace(self, asked_at=now, seen_at=now, spent=0.0)

    def report(self, bank: Bank) -> Report:
        """What came of it; questions not answered count as missed."""
        given = {answered.question: answered for answered in self.answers}
        missing = Answered("", 0.0, (), 0.0)
        shares = []
        concepts: dict[str, list[bool]] = {}
        for place, name in enumerate(self.questions):
            question, answered = self.asked(bank, place), given.get(name, missing)
            checks = tuple(probe.concepts[0] for probe in question.probes)
            met = (*answered.met, *[False] * len(checks))[: len(checks)]
            lessons = bank.lessons(bank[name])
            shares.append(Share(name, sum(met), len(checks), answered.seconds, pace(question), lessons))
            for concept, right in zip(checks, met, strict=True):
                concepts.setdefault(concept, []).append(right)
        by_concept = [Share(concept, sum(met), len(met)) for concept, met in concepts.items()]
        strong = [share for share in by_concept if of_checks(share.right, share.checks).level == "known"]
        study = [share for share in shares if share.right < share.checks]
        follow_ups = sum(each.seconds for answered in self.answers for each in answered.followed)
        return Report(
            score=self.score,
            right=sum(share.right for share in shares),
            checks=sum(share.checks for share in shares),
            flawless=sum(share.right == share.checks for share in shares),
            seconds=sum(share.seconds for share in shares) + follow_ups,
            slow=sum(share.slow for share in shares) if self.clock else 0,
            questions=tuple(shares),
            strong=tuple(sorted(strong, key=lambda share: (-share.right / share.checks, -share.checks))[:SHOWN]),
            study=tuple(sorted(study, key=lambda share: share.right / share.checks)[:SHOWN]),
        )

    @property
    def score(self) -> float:
        """Mean score of all questions, 0 … 1; one that was not answered scores 0."""
        return sum(answered.score for answered in self.answers) / len(self.questions)

    def to_json(self) -> dict[str, Any]:
        """The state as JSON values."""
        seen_at = (self.seen_at or self.asked_at).isoformat()
        return asdict(self) | {"asked_at": self.asked_at.isoformat(), "seen_at": seen_at, "step": self.step}

    @classmethod
    def from_json(cls, state: Mapping[str, Any]) -> Self:
        """The interview that `to_json` wrote, in this edition or the first.

        Raises:
            ValueError: It is not such a state.
        """
        try:
            kept = cls(
                tuple(state["questions"]),
                tuple(state["keys"]),
                read_time("asked_at", state["asked_at"]),
                tuple(map(read_answer, state["answers"])),
                tuple(tuple(map(read_check, checks)) for checks in state.get("checks", ())),
                int(state.get("seed", 0)),
                bool(state.get("clock", True)),
                read_following(state.get("following")),
                bounded(float(state.get("spent", 0.0))),
                read_time("seen_at", state.get("seen_at", state["asked_at"])),
            )
        except (KeyError, TypeError, OverflowError, AttributeError) as error:
            raise ValueError(f"state: not that of an interview ({error!r}); start another one") from None
        kept._check()
        return kept

    def _check(self) -> None:
        check_time("asked_at", self.asked_at)
        check_whole("seed", self.seed, MAX_INTEGER)
        if not self.questions:
            raise ValueError("state: it has no questions; start another interview")
        for name, key in zip(self.questions, self.keys, strict=True):
            check_name("questions", name)
            check_key(key)
        if self.checks and len(self.checks) != len(self.questions):
            raise ValueError("state: the checks don't belong to the questions; start another interview")
        if [each.question for each in self.answers] != list(self.questions[: len(self.answers)]):
            raise ValueError("state: the answers don't belong to the questions; start another interview")
        if self.following and not self.answers:
            raise ValueError("state: a follow-up to no answer; start another interview")

    @classmethod
    def resumed(cls, bank: Bank, state: Mapping[str, Any]) -> Self:
        """The interview that `to_json` wrote, without the questions and follow-ups that are no longer asked.

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
        asked_last = len(kept.answers) - 1 in places
        known = kept.following is not None and kept.following[0] in load_follow_ups().follow_ups
        return replace(
            kept,
            questions=tuple(kept.questions[place] for place in places),
            keys=tuple(kept.keys[place] for place in places),
            answers=tuple(kept.answers[place] for place in places if place < len(kept.answers)),
            checks=tuple(kept.checks[place] for place in places) if kept.checks else (),
            following=kept.following if known and asked_last else None,
        )
