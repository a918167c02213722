"""What every question goes through: hints, certainty, handing in, and being kept meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NoReturn

import streamlit as st

from dashboard.asking.keep import Asking, hand_in, keep_draft
from dashboard.words import escaped, say
from quiz.answers import Unreadable
from quiz.attempt import ResponseTooLongError
from quiz.grading import HINT_COST, grade
from quiz.schema import Exact, Open
from quiz.store import StoreError

CERTAINTIES = {25: "Guessing", 50: "Unsure", 75: "Fairly sure", 95: "Certain"}


def hints(asking: Asking, question: Exact | Open, place: str) -> Asking:
    """Draw the hints opened so far and the button for the next."""
    for number, hint in enumerate(question.hints[: asking.hints], 1):
        st.markdown(f":gray[Hint {number}.] {hint}")
    if asking.hints < len(question.hints):
        label = f"Hint {asking.hints + 1} of {len(question.hints)}"
        if st.button(
            label, type="tertiary", key=f"{asking.key}.hint", help=say("quiz", "hints").format(cost=HINT_COST)
        ):
            asking = replace(asking, hints=asking.hints + 1)
            save(asking, place)
            again(place)
    return asking


def certainty_of(asking: Asking) -> int | None:
    """Ask how sure the learner is; leaving it out is an answer too."""
    return st.segmented_control(
        "How sure are you? (optional)", CERTAINTIES, format_func=CERTAINTIES.__getitem__, key=f"{asking.key}.certainty"
    )


def check(asking: Asking, question: Exact | Open, place: str, **more: Any) -> Asking:
    """Grade and keep the response; what can't be read is refused and not counted."""
    try:
        remember(hand_in(asking, grade(question, asking.response), **more), place)
    except (Unreadable, ResponseTooLongError, StoreError) as problem:
        st.warning(escaped(str(problem)))
    else:
        again(place)
    return asking


def again(place: str) -> NoReturn:
    """Draw the place again: inside another page only its own fragment, which a full run cannot do."""
    if place.startswith("lesson."):
        st.rerun(scope="fragment")
    st.rerun()


def remember(asking: Asking | None, place: str) -> None:
    """Keep the question that stands in one place of this session, or let the next one be chosen there."""
    st.session_state[f"quiz.asking.{place}"] = asking


def recalled(place: str) -> Asking | None:
    """The question that stands in one place of this session."""
    known = st.session_state.get(f"quiz.asking.{place}")
    return known if isinstance(known, Asking) else None


def save(asking: Asking, place: str) -> None:
    """Keep the response as it stands, in the session and as a draft that outlives it."""
    remember(asking, place)
    try:
        keep_draft(asking)
    except (ResponseTooLongError, StoreError) as problem:
        st.warning(escaped(str(problem)))
