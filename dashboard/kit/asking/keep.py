"""What the asking pages keep: the store of this server, the learner of this session, the question on the screen."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from dashboard.kit.people import VISIT
from dashboard.kit.people.stores import store
from dashboard.kit.people.who import ended, learner, now
from quiz.asides import Disagreement
from quiz.attempt import MOST_IDS, Attempt, Draft, Mode
from quiz.drafts import taken_up, tried
from quiz.grading.grade import Grade, credit, grade
from quiz.grading.text.grader import TextGrade
from quiz.load import load_bank
from quiz.practice.catalogue import catalogue, present
from quiz.practice.schedule import Card
from quiz.schema import Open, Question
from quiz.store import Store

VISITED = "quiz.visited"
KEYS = uuid.UUID("5b2d3a64-3f0e-4c55-9d0a-7c1f0d6e2b91")


def mine() -> Store:
    """The store of this session's learner: the server's, or a visitor's own, which lasts as long as the session.

    Where they have signed out in another tab the whole page is drawn instead, which says so.

    Raises:
        StoreError: The server's database can't be used.
    """
    if not learner().startswith(VISIT):
        return store()
    if ended():
        st.rerun()
    if VISITED not in st.session_state:
        st.session_state[VISITED] = Store.in_memory()
    kept: Store = st.session_state[VISITED]
    return kept


def cards() -> dict[str, Card]:
    """The learner's cards of all that can still be asked: what is counted and listed.

    Raises:
        StoreError: The database can't be used.
    """
    return present(mine().cards(learner()), catalogue(load_bank()))


def local(time: datetime) -> datetime:
    """The same time on the learner's own clock, so that their days end at their midnight."""
    try:
        return time.astimezone(ZoneInfo(st.context.timezone or "UTC"))
    except (ZoneInfoNotFoundError, ValueError):
        return time


@dataclass(frozen=True, kw_only=True)
class Asking:
    """A question on the screen, from the moment it is shown.

    Attributes:
        key: The attempt's key.
        question: Its id.
        variant: Seed of a generated question.
        mode: Where it is asked.
        asked_at: When it was shown.
        response: What stands in the fields.
        hints: Hints opened.
        first: The first try, once its slip was named and a second one is asked for.
        certainty: How sure the learner was of the first try, in per cent.
        grade: What came of it once it was handed in.
        shown: Whether the answer was asked for instead.
        elsewhere: Whether another window had handed it in before.
        assignment: Id of the assignment it is asked for; None for none.
    """

    key: str
    question: str
    variant: int = 0
    mode: Mode = "practice"
    asked_at: datetime
    response: Any = None
    hints: int = 0
    first: Any = None
    certainty: int | None = None
    grade: Grade | None = None
    shown: bool = False
    elsewhere: bool = False
    assignment: str | None = None

    @property
    def content(self) -> Question:
        """The question itself."""
        return load_bank().question(self.question, self.variant)


def ask(question: str, variant: int, mode: Mode, assignment: str | None = None) -> Asking:
    """Start a question, or take up the draft that is kept of it, for an assignment or none."""
    draft = mine().draft(learner(), question, variant)
    if draft is not None:
        content = load_bank().question(question, variant)
        return Asking(
            key=draft.key, question=question, variant=variant, mode=mode, asked_at=draft.asked_at,
            response=taken_up(content, draft.response), hints=draft.hints, first=tried(content, draft.first),
            assignment=assignment,
        )  # fmt: skip
    key = _key(question, variant)
    return Asking(key=key, question=question, variant=variant, mode=mode, asked_at=now(), assignment=assignment)


def _key(question: str, variant: int) -> str:
    """The key of the next attempt on a question: the same in every window until one of them has handed it in."""
    last = mine().attempts(learner(), question, newest=1)
    said = (learner(), question, variant, last[0].key if last else "", now().date())
    return str(uuid.uuid5(KEYS, " ".join(map(str, said))))


def keep_draft(asking: Asking) -> None:
    """Keep a half-given answer, so that a reload brings it back."""
    draft = Draft(
        learner=learner(), question=asking.question, variant=asking.variant, key=asking.key,
        asked_at=asking.asked_at, response=asking.response, hints=asking.hints, first=asking.first,
    )  # fmt: skip
    mine().save_draft(draft)


def attempt_of(asking: Asking, grade: Grade, **more: Any) -> Attempt:
    """The attempt that a question and its grade make, answered now.

    Args:
        asking: The question with its response.
        grade: What came of it.
        **more: Further fields of the attempt: certainty, suggested, confirmed, text_verdict.
    """
    return Attempt(
        key=asking.key, learner=learner(), question=asking.question, variant=asking.variant, mode=asking.mode,
        asked_at=asking.asked_at, answered_at=now(), response=asking.response, verdict=grade.counted,
        score=grade.score, credit=credit(grade.score, asking.hints), hints=asking.hints, first=asking.first,
        slips=_slips(asking, grade), assignment=asking.assignment, **more,
    )  # fmt: skip


def hand_in(asking: Asking, grade: Grade, attempt: Attempt) -> Asking:
    """Keep an attempt; the same attempt handed in twice is kept once.

    Raises:
        StoreError: It can't be kept now; it may be handed in again.
    """
    kept = mine()
    elsewhere = not kept.add(attempt) and attempt.answered_at not in _times(kept.attempts(learner(), attempt.question))
    return replace(asking, grade=grade, elsewhere=elsewhere)


def _times(attempts: Iterable[Attempt]) -> set[datetime]:
    """When they were answered: one handed in again has the time of the one that was kept."""
    return {each.answered_at for each in attempts}


def disagreed() -> frozenset[str]:
    """Keys of the attempts on whose text the learner does not accept the verdict.

    Raises:
        StoreError: The database can't be used.
    """
    return frozenset(mine().disagreements(learner()))


def disagree(key: str, question: str, said: TextGrade) -> None:
    """Keep that the learner does not accept a verdict on a text; where there was none there is nothing to keep.

    Raises:
        StoreError: The database can't be used.
    """
    if said.verdict != "undecided":
        mine().disagree(
            Disagreement(learner=learner(), key=key, question=question, verdict=said.verdict, disagreed_at=now())
        )


def agree(key: str) -> None:
    """Take that back.

    Raises:
        StoreError: The database can't be used.
    """
    mine().agree(learner(), key)


def _slips(asking: Asking, found: Grade) -> tuple[str, ...]:
    """The slips of the first try, each once: what a class counts."""
    content = asking.content
    again = asking.first is not None and not isinstance(content, Open)
    slips = grade(content, asking.first).slips if again else found.slips
    return tuple(dict.fromkeys(slips))[:MOST_IDS]
