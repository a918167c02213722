"""What every question goes through: hints, certainty, handing in, and being kept meanwhile."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import streamlit as st
from streamlit.errors import StreamlitAPIException

from dashboard.kit.asking import fields
from dashboard.kit.asking.keep import Asking, attempt_of, hand_in, keep_draft, local, mine
from dashboard.kit.boundary import part
from dashboard.kit.people.who import learner, now
from dashboard.kit.words import escaped, say
from quiz.attempt import Attempt, ResponseTooLongError
from quiz.errors import StoreError
from quiz.grading.grade import HINT_COST, Grade, after_second, answer_text, credit, grade
from quiz.grading.grade import again as asked_again
from quiz.practice.schedule import day_due
from quiz.schema import Exact, Open

CERTAINTIES = {25: "Guessing", 50: "Unsure", 75: "Fairly sure", 95: "Certain"}
FOCUS = "quiz.focus"
HANDED = "quiz.handed"
"""In the session: that an answer was handed in."""
GO_ON = "Shift+Enter"  # another key than that which checks: pressing twice must not skip the feedback
LONGEST_TRAIL = 60  # questions of a sitting that can be gone back to
Seen = tuple[str, int]  # a question and its variant
EVERY = 5  # seconds after which an answer that waits is handed in again
WAITING = "quiz.waiting"
"""In the session: the answer that waits for the database."""


@dataclass(frozen=True)
class Waiting:
    """An answer that could not be kept yet.

    Attributes:
        asking: Its question.
        grade: What came of it; told once it is kept.
        attempt: What is handed in, with the time at which it was answered.
        place: Where it is asked.
    """

    asking: Asking
    grade: Grade
    attempt: Attempt
    place: str


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


def check(asking: Asking, question: Exact, place: str, certainty: int | None) -> None:
    """Grade the response: keep it, or name its slip and ask a second time; what can't be read is refused."""
    if problem := fields.refused(question, asking.response):
        st.warning(problem)
        return
    found = grade(question, asking.response)
    if asking.first is not None:
        if asking.response == asking.first:
            st.warning(say("asking", "same-again"))
        else:
            both = after_second(grade(question, asking.first), found)
            finish(asking, both, place, certainty=asking.certainty)
    elif not asked_again(question, found):
        finish(asking, found, place, certainty=certainty)
    elif save(replace(asking, first=asking.response, certainty=certainty), place):
        again(place)


def give_up(asking: Asking, question: Exact, place: str) -> None:
    """Show the answer before one was given, which is a miss, or after a first try, which then counts alone."""
    if asking.first is None:
        found = Grade(question.id, "wrong", 0.0, (), (), "", answer_text(question))
    else:
        found = grade(question, asking.first)
    finish(replace(asking, response=asking.first, first=None, shown=True), found, place, certainty=asking.certainty)


def finish(asking: Asking, found: Grade, place: str, **more: Any) -> None:
    """Keep an attempt with its grade and draw what came of it; while the database is away it waits on the page."""
    try:
        attempt = attempt_of(asking, found, **more)
        asking = hand_in(asking, found, attempt)
    except ResponseTooLongError as problem:
        st.warning(escaped(str(problem)))
        return
    except StoreError:
        remember(asking, place)
        st.session_state[WAITING] = Waiting(asking, found, attempt, place)
        again(place)
    _handed_in(asking, place)


def _handed_in(asking: Asking, place: str) -> NoReturn:
    remember(asking, place)
    st.session_state[HANDED] = True
    st.session_state[FOCUS] = asking.key
    again(place)


def waits(asking: Asking) -> bool:
    """Draw an answer that waits for the database, and try again every few seconds; False where none does."""
    waiting: Waiting | None = st.session_state.get(WAITING)
    if waiting is None or waiting.asking.key != asking.key:
        return False
    _waiting()
    return True


@st.fragment(run_every=EVERY)
@part("Your answer")
def _waiting() -> None:
    waiting: Waiting | None = st.session_state.get(WAITING)
    if waiting is None:
        return
    try:
        asking = hand_in(waiting.asking, waiting.grade, waiting.attempt)
    except StoreError as problem:
        st.warning(f"{escaped(str(problem))} {say('asking', 'waiting')}")
        st.button("Hand it in now", key=f"{waiting.asking.key}.now")
        return
    st.session_state[WAITING] = None
    _handed_in(asking, waiting.place)


def focused(name: str) -> bool:
    """Whether the feedback of that name is new and takes the focus; true once."""
    if st.session_state.get(FOCUS) != name:
        return False
    del st.session_state[FOCUS]
    return True


def counted(asking: Asking) -> str:
    """What the answer counts after hints or a first try; "" where there was neither."""
    if asking.grade is None or not (asking.hints or asking.first is not None):
        return ""
    parts = ["at the second try"] if asking.first is not None else []
    if asking.hints:
        parts.append("after 1 hint" if asking.hints == 1 else f"after {asking.hints} hints")
    return f"counts {percent(credit(asking.grade.score, asking.hints))} {', '.join(parts)}"


def percent(share: float) -> str:
    """A share of one, in whole per cent."""
    return f"{100 * share:.0f} %"


def next_review(asking: Asking) -> tuple[str, str] | None:
    """The day of the question's next review and how far off it is, from its card; None where there is none."""
    card, here = mine().cards(learner()).get(asking.question), local(now())
    if card is None:
        return None
    day, today = day_due(card, here), here.date()
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
    if asking is not None:
        gone = trail(place) | {(asking.question, asking.variant): asking}
        st.session_state[f"quiz.trail.{place}"] = dict(list(gone.items())[-LONGEST_TRAIL:])


def trail(place: str) -> dict[Seen, Asking]:
    """The questions that stood in one place since the sitting began, each as it was left, the first one first."""
    return dict(st.session_state.get(f"quiz.trail.{place}", {}))


def forget_one(place: str, seen: Seen) -> None:
    """Ask a question anew when it comes again."""
    st.session_state[f"quiz.trail.{place}"] = {key: asked for key, asked in trail(place).items() if key != seen}
    remember(None, place)


def forget(place: str) -> None:
    """End a sitting: what comes in a place now is asked anew."""
    st.session_state[f"quiz.trail.{place}"] = {}
    remember(None, place)


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
