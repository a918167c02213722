"""What the asking pages keep: the store of this server, the learner of this session, the question on the screen."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from dashboard.asking.fitting import fitting
from quiz.attempt import Attempt, Draft, Mode
from quiz.grading import Grade, credit
from quiz.interview import Interview
from quiz.load import load_bank
from quiz.schema import Question
from quiz.store import Store

LOCAL = ("127.0.0.1", "::1", None)
VISIT = "visit-"  # begins the name of a learner who is known for this visit only
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")  # set by a proxy: then the address is the proxy's own


@st.cache_resource
def store() -> Store:
    """The database of this server, opened once.

    Raises:
        StoreError: It can't be used.
    """
    return Store.open()


def learner() -> str:
    """Who is learning: the signed-in name, "local" on one's own machine, and otherwise this visit alone."""
    if st.user.get("is_logged_in"):
        return f"user-{st.user.get('sub') or st.user.get('email')}"
    if st.context.ip_address in LOCAL and not any(name in st.context.headers for name in FORWARDED):
        return "local"
    return str(st.session_state.setdefault("quiz.visitor", f"{VISIT}{uuid.uuid4()}"))


def now() -> datetime:
    """The time, UTC."""
    return datetime.now(UTC)


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
        grade: What came of it once it was handed in.
        shown: Whether the answer was asked for instead.
        elsewhere: Whether another window had handed it in before.
    """

    key: str
    question: str
    variant: int = 0
    mode: Mode = "practice"
    asked_at: datetime
    response: Any = None
    hints: int = 0
    grade: Grade | None = None
    shown: bool = False
    elsewhere: bool = False

    @property
    def content(self) -> Question:
        """The question itself."""
        return load_bank().question(self.question, self.variant)


def ask(question: str, variant: int, mode: Mode) -> Asking:
    """Start a question, or take up the draft that is kept of it."""
    draft = store().draft(learner(), question, variant)
    if draft is not None:
        return Asking(
            key=draft.key, question=question, variant=variant, mode=mode, asked_at=draft.asked_at,
            response=fitting(load_bank().question(question, variant), draft.response), hints=draft.hints,
        )  # fmt: skip
    return Asking(key=str(uuid.uuid4()), question=question, variant=variant, mode=mode, asked_at=now())


def ask_in(interview: Interview) -> Asking:
    """The question an interview has reached, with the draft that is kept of it."""
    draft = store().draft(learner(), interview.question)
    kept = draft.response if draft is not None and draft.key == interview.key else None
    return Asking(
        key=interview.key, question=interview.question, mode="interview", asked_at=interview.asked_at,
        response=fitting(load_bank()[interview.question], kept),
    )  # fmt: skip


def keep_draft(asking: Asking) -> None:
    """Keep a half-given answer, so that a reload brings it back."""
    draft = Draft(
        learner=learner(), question=asking.question, variant=asking.variant, key=asking.key,
        asked_at=asking.asked_at, response=asking.response, hints=asking.hints,
    )  # fmt: skip
    store().save_draft(draft)


def hand_in(asking: Asking, grade: Grade, interview: Interview | None = None, **more: Any) -> Asking:
    """Keep the attempt; the same attempt handed in twice is kept once.

    Args:
        asking: The question with its response.
        grade: What came of it.
        interview: The interview it belongs to, moved on together with it.
        **more: Further fields of the attempt: certainty, easy, suggested, confirmed.
    """
    attempt = Attempt(
        key=asking.key, learner=learner(), question=asking.question, variant=asking.variant, mode=asking.mode,
        asked_at=asking.asked_at, answered_at=now(), response=asking.response, verdict=grade.verdict,
        score=grade.score, credit=credit(grade.score, asking.hints), hints=asking.hints, **more,
    )  # fmt: skip
    if interview is None:
        new = store().add(attempt)
    else:
        met = [point.met for point in grade.points]
        new = store().add(attempt, interview=interview.answer(attempt.answered_at, attempt, met).to_json())
    return replace(asking, grade=grade, elsewhere=not new)
