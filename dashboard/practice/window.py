"""What one window knows of the interview: the step it shows, so that it can't hand in for another window."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from dashboard.kit.asking.keep import mine
from dashboard.kit.people.who import learner
from dashboard.kit.words import say
from quiz.attempt import Draft
from quiz.errors import StoreError
from quiz.interview.interview import LENGTHS, Interview

STEP = "quiz.interview.step"  # what this window showed last
TYPED = "quiz.interview.typed"  # the words that stood in it
ELSEWHERE = "quiz.interview.elsewhere"  # the step that another window led to, and the words that stood here
SHOWN = "quiz.interview.shown"  # the interview as it was shown last: what there is while the database is away
DRAFT = "quiz.interview.draft"  # the draft that was read last, likewise
CHOSEN = "quiz.interview.chosen"  # length and clock, as the start page has them


def choose(length: int, *, clock: bool) -> None:
    """Keep what kind of interview is to begin."""
    st.session_state[CHOSEN] = (length, clock)


def chosen() -> tuple[int, bool]:
    """Length of the interview that is to begin, and whether it has a clock; all questions where nothing was chosen."""
    length, clock = st.session_state.get(CHOSEN, (LENGTHS[-1], True))
    return int(length), bool(clock)


def key(interview: Interview, name: str) -> str:
    """The key of a container at this step: one that stands elsewhere at the next would leave its old content there."""
    return f"{name}-{interview.step.replace(':', '-')}"


def forget() -> None:
    """Let this window show any step next: it is opened anew, or the interview is over."""
    for name in (STEP, TYPED, ELSEWHERE, SHOWN, DRAFT):
        st.session_state.pop(name, None)


def holds(text: str) -> None:
    """Keep the words that stand in this window."""
    st.session_state[TYPED] = text


def keeps(interview: Interview) -> None:
    """Keep the interview as this window shows it now."""
    st.session_state[SHOWN] = (learner(), interview)


def shown() -> Interview | None:
    """The interview as this window showed it last, if it did."""
    who, interview = st.session_state.get(SHOWN, ("", None))
    return interview if who == learner() else None


def draft(question: str, variant: int, key: str) -> Draft | None:
    """What is kept of the answer under a key; while the database is away, what was read last."""
    try:
        st.session_state[DRAFT] = mine().draft(learner(), question, variant)
    except StoreError:
        if shown() is None:
            raise
    kept: Draft | None = st.session_state.get(DRAFT)
    return kept if kept is not None and (kept.learner, kept.key) == (learner(), key) else None


def moved(after: Interview) -> NoReturn:
    """Go on to the step that this window has led to."""
    forget()
    st.session_state[STEP] = after.step
    st.rerun()


def noticed(interview: Interview) -> None:
    """Say that another window has gone on, for as long as what it led to is shown; nothing typed here is lost."""
    before = st.session_state.get(STEP)
    if before not in (None, interview.step):
        st.session_state[ELSEWHERE] = (interview.step, st.session_state.pop(TYPED, ""))
    st.session_state[STEP] = interview.step
    step, typed = st.session_state.get(ELSEWHERE, ("", ""))
    if step != interview.step:
        return
    st.info(say("practice", "elsewhere"))
    if typed:
        st.caption(say("practice", "elsewhere-typed"))
        st.code(typed, language=None, wrap_lines=True)
