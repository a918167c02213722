"""Where a learner is on the path through the lessons: what was opened, with which settings, and what was answered.

Places are kept as drafts of the quiz's store, one for each lesson, so that they outlive a reload and a restart; a
visitor, who is neither local nor signed in, keeps them for the visit.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from dashboard.asking.keep import VISIT, learner, now, store
from quiz.attempt import Draft
from quiz.errors import StoreError
from quiz.load import load_bank

LONGEST = 3_000  # characters of a query that is kept; longer ones are left out, and the lesson opens as it is
KEPT = "path.kept"
NAMESPACE = uuid.UUID("d0f5c1f6-5f3b-5b0e-8a43-6f0a4f7c9b11")


@dataclass(frozen=True)
class Stop:
    """A lesson that was opened.

    Attributes:
        lesson: Its name.
        query: What its address asked for when it was left.
        at: When.
    """

    lesson: str
    query: dict[str, str]
    at: datetime


def remember(lesson: str) -> None:
    """Keep that a lesson is open, with the address it has now; a store that can't be used is no reason to fail."""
    query = urlencode(st.query_params.to_dict())
    text = query if len(query) <= LONGEST else ""
    kept: dict[str, tuple[str, datetime]] = st.session_state.setdefault(KEPT, {})
    newest = max(kept, key=lambda name: kept[name][1], default=None)
    if newest == lesson and kept[lesson][0] == text:
        return
    kept[lesson] = text, now()
    if (who := learner()).startswith(VISIT):
        return
    key, at = str(uuid.uuid5(NAMESPACE, lesson)), kept[lesson][1]
    draft = Draft(learner=who, question=_question(lesson), key=key, asked_at=at, response={"query": text})
    try:
        store().save_draft(draft)
    except StoreError:
        return


def stops(lessons: Iterable[str]) -> tuple[Stop, ...]:
    """The lessons that were opened, the last one first."""
    kept: dict[str, tuple[str, datetime]] = st.session_state.get(KEPT, {})
    who = learner()
    found = {name: Stop(name, dict(parse_qsl(text)), at) for name, (text, at) in kept.items()}
    if not who.startswith(VISIT):
        for name in lessons:
            draft = store().draft(who, _question(name))
            if draft is not None and name not in found:
                found[name] = Stop(name, _query(draft.response), draft.asked_at)
    return tuple(sorted(found.values(), key=lambda stop: stop.at, reverse=True))


def answered(lesson: str) -> tuple[int, int]:
    """How many questions of a lesson were answered, and how many there are."""
    bank = load_bank()
    questions = {name for name in bank if lesson in bank.lessons(bank[name])}
    return len(questions & store().cards(learner()).keys()), len(questions)


def _question(lesson: str) -> str:
    return f"path-{lesson}"


def _query(response: Any) -> dict[str, str]:
    """A draft's response read with care: an imported file may hold anything."""
    text = response.get("query") if isinstance(response, dict) else None
    return dict(parse_qsl(text)) if isinstance(text, str) else {}
