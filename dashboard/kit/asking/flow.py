"""What every question goes through: hints, certainty, handing in, and being kept meanwhile."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any, NoReturn

import streamlit as st
from streamlit.errors import StreamlitAPIException

from dashboard.kit.asking import fields
from dashboard.kit.asking.keep import Asking, hand_in, keep_draft, learner, local, mine, now
from dashboard.kit.words import escaped
from quiz.attempt import ResponseTooLongError
from quiz.errors import StoreError
from quiz.grading.grade import HINT_COST, Grade, answer_text, credit, grade
from quiz.practice.schedule import due_at
from quiz.schema import Exact, Open

CERTAINTIES = {25: "Guessing", 50: "Unsure", 75: "Fairly sure", 95: "Certain"}
FOCUS = "quiz.focus"


def hints(asking: Asking, question: Exact | Open, place: str) -> Asking:
    """Draw the hints opened so far."""
    del place
    for number, hint in enumerate(question.hints[: asking.hints], 1):
        st.markdown(f":gray[Hint {number}] · {hint}")
    return asking


def hint_button(asking: Asking, question: Exact | Open, place: str) -> None:
    """Draw the button for the next hint, with what it costs."""
    if asking.hints < len(question.hints):
        label = f"Hint {asking.hints + 1} of {len(question.hints)} · costs {percent(HINT_COST)}"
        if st.button(label, type="tertiary", key=f"{asking.key}.hint"):
            save(replace(asking, hints=asking.hints + 1), place)
            again(place)


def certainty_of(asking: Asking) -> int | None:
    """Ask how sure the learner is; leaving it out is an answer too."""
    return st.segmented_control(
        "How sure are you? (optional)", CERTAINTIES, format_func=CERTAINTIES.__getitem__, key=f"{asking.key}.certainty"
    )


def check(asking: Asking, question: Exact, place: str, **more: Any) -> None:
    """Grade and keep the response; what can't be read is refused and not counted."""
    if problem := fields.refused(question, asking.response):
        st.warning(problem)
    else:
        finish(asking, grade(question, asking.response), place, **more)


def give_up(asking: Asking, question: Exact, place: str) -> None:
    """Show the answer before one was given: a miss."""
    missed = Grade(question.id, "wrong", 0.0, (), (), "", answer_text(question))
    finish(replace(asking, response=None, shown=True), missed, place)


def finish(asking: Asking, found: Grade, place: str, **more: Any) -> None:
    """Keep an attempt with its grade and draw what came of it."""
    try:
        asking = hand_in(asking, found, **more)
    except (ResponseTooLongError, StoreError) as problem:
        st.warning(escaped(str(problem)))
        return
    remember(asking, place)
    st.session_state[FOCUS] = asking.key
    again(place)


def focused(name: str) -> bool:
    """Whether the feedback of that name is new and takes the focus; true once."""
    if st.session_state.get(FOCUS) != name:
        return False
    del st.session_state[FOCUS]
    return True


def counted(asking: Asking) -> str:
    """What the answer counts after its hints; "" without hints."""
    if not asking.hints or asking.grade is None:
        return ""
    hinted = "1 hint" if asking.hints == 1 else f"{asking.hints} hints"
    return f"counts {percent(credit(asking.grade.score, asking.hints))} after {hinted}"


def percent(share: float) -> str:
    """A share of one, in whole per cent."""
    return f"{100 * share:.0f} %"


def next_review(asking: Asking) -> tuple[str, str] | None:
    """The day of the question's next review and how far off it is, from its card; None where there is none."""
    card, here = mine().cards(learner()).get(asking.question), local(now())
    if card is None:
        return None
    day, today = local(due_at(card, here)).date(), here.date()
    days = (day - today).days
    far = "today" if days <= 0 else "tomorrow" if days == 1 else f"in {days} days"
    return f"{day.day} {day:%b}" + (f" {day.year}" if day.year != today.year else ""), far


def again(place: str) -> NoReturn:
    """Draw the place again: inside another page only its own fragment."""
    if place.startswith("lesson."):
        with suppress(StreamlitAPIException):  # a press that a full run handles: then the whole page runs again
            st.rerun(scope="fragment")
    st.rerun()


def remember(asking: Asking | None, place: str) -> None:
    """Keep the question that stands in one place of this session, or let the next one be chosen there."""
    st.session_state[f"quiz.asking.{place}"] = asking


def recalled(place: str) -> Asking | None:
    """The question that stands in one place of this session."""
    known = st.session_state.get(f"quiz.asking.{place}")
    return known if isinstance(known, Asking) else None


def save(asking: Asking, place: str) -> bool:
    """Keep the response as it stands, in the session and as a draft that outlives it; False when it can't be kept."""
    remember(asking, place)
    try:
        keep_draft(asking)
    except (ResponseTooLongError, StoreError) as problem:
        st.warning(escaped(str(problem)))
        return False
    return True
