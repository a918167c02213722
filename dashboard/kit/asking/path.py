"""Where a learner is on the path through the lessons: what was opened, with which settings, and what was answered.

Places are kept in the quiz's store, one for each lesson, so that they outlive a reload and a restart; a visitor, who is
neither local nor signed in, keeps them for the visit.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

import streamlit as st

from dashboard.kit.asking.keep import cards
from dashboard.kit.people import VISIT
from dashboard.kit.people.stores import store
from dashboard.kit.people.who import learner, now
from quiz.asides import Place
from quiz.load import load_bank
from quiz.store import StoreError

LONGEST = 3_000  # characters of a query that is kept; longer ones are left out, and the lesson opens as it is
KEPT = "path.kept"
REACHED = "path.reached"


@dataclass(frozen=True)
class Stop:
    """A lesson that was opened.

    Attributes:
        lesson: Its name.
        query: What its address asked for when it was left.
        beat: The furthest beat that is known to be reached, from 1; 0 for none.
    """

    lesson: str
    query: dict[str, str]
    beat: int = 0


def remember(lesson: str) -> None:
    """Keep that a lesson is open, with the address it has now; a store that can't be used is no reason to fail."""
    query = urlencode(st.query_params.to_dict())
    text = query if len(query) <= LONGEST else ""
    kept: dict[str, str] = st.session_state.setdefault(KEPT, {})  # the one opened last stands last
    if kept.get(lesson) == text and next(reversed(kept)) == lesson:
        return
    kept.pop(lesson, None)
    kept[lesson] = text
    _save(lesson, text, _beat_in_address())


def reached(lesson: str, beat: int) -> None:
    """Keep that the learner came as far as a beat; once for each, and a nearer one is none."""
    furthest: dict[str, int] = st.session_state.setdefault(REACHED, {})
    if beat > furthest.get(lesson, 0):
        furthest[lesson] = beat
        _save(lesson, st.session_state.get(KEPT, {}).get(lesson, ""), beat)


def _save(lesson: str, query: str, beat: int) -> None:
    """Keep a place of who is no visitor; a store that can't be used is no reason to fail."""
    if (who := learner()).startswith(VISIT):
        return
    with suppress(StoreError):
        store().save_place(Place(learner=who, lesson=lesson, query=query, opened_at=now(), beat=beat))


def _beat_in_address() -> int:
    """The beat that the address names; 0 where it names none."""
    text = str(st.query_params.get("beat", ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 3 else 0


def take_along() -> None:
    """Keep the lessons that a visitor opened, once they are known."""
    for lesson, query in st.session_state.get(KEPT, {}).items():
        _save(lesson, query, st.session_state.get(REACHED, {}).get(lesson, 0))


def stops(lessons: Iterable[str]) -> tuple[Stop, ...]:
    """The lessons that were opened, the last one first."""
    who, names = learner(), set(lessons)
    session: dict[str, str] = st.session_state.get(KEPT, {})
    beats: dict[str, int] = st.session_state.get(REACHED, {})
    found = dict(reversed(session.items()))
    if not who.startswith(VISIT):
        # The store knows the order over all windows; what is in the session alone could not be kept.
        places = {place.lesson: place for place in store().places(who)}
        kept = {name: place.query for name, place in places.items()}
        found = {name: text for name, text in found.items() if name not in kept} | kept
        beats = beats | {name: max(place.beat, beats.get(name, 0)) for name, place in places.items()}
    return tuple(Stop(name, dict(parse_qsl(text)), beats.get(name, 0)) for name, text in found.items() if name in names)


def answered(lesson: str) -> tuple[int, int]:
    """How many questions of a lesson were answered, and how many there are."""
    bank = load_bank()
    questions = {name for name in bank if lesson in bank.lessons(bank[name])}
    return len(questions & cards().keys()), len(questions)
