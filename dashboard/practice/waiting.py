"""An answer of the interview that waits while the database is away: it stands on the page and hands itself in.

Time that counts ends when it was given, and that of what is asked next begins when it is kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from dashboard.kit.asking.flow import EVERY
from dashboard.kit.asking.keep import mine
from dashboard.kit.boundary import part
from dashboard.kit.people.who import learner
from dashboard.kit.words import escaped, say
from dashboard.practice import window
from quiz.errors import StoreError
from quiz.interview.interview import Interview

WAITING = "quiz.interview.waiting"
"""In the session: the answer that waits for the database."""


@dataclass(frozen=True)
class Waiting:
    """An answer that was handed in.

    Attributes:
        learner: Whose.
        interview: As it stood, with the time that counts until the answer.
        prompt: What was asked.
        text: The words that were given, "" for none.
        keep: Keeps it, and gives the interview after it and whether it was new; may raise `StoreError`.
    """

    learner: str
    interview: Interview
    prompt: str
    text: str
    keep: Callable[[], tuple[Interview, bool]]


def hand_in(given: Waiting) -> None:
    """Keep an answer and go on; while the database is away it waits on the page."""
    try:
        after = _kept(given)
    except StoreError:
        st.session_state[WAITING] = given
        st.rerun()
    _go_on(given, after)


def found() -> Waiting | None:
    """The answer that waits, if there is one and it is this learner's."""
    given: Waiting | None = st.session_state.get(WAITING)
    return given if given is not None and given.learner == learner() else None


def draw(given: Waiting) -> None:
    """Draw what waits, and try again every few seconds."""
    with st.container(key=window.key(given.interview, "waiting")):
        st.title(given.prompt, anchor=False)
        if given.text:
            st.code(given.text, language=None, wrap_lines=True)
    _again()


@st.fragment(run_every=EVERY)
@part("Your answer")
def _again() -> None:
    given = found()
    if given is None:
        return
    try:
        after = _kept(given)
    except StoreError as problem:
        st.warning(f"{escaped(str(problem))} {say('practice', 'waiting')}")
        st.button("Hand it in now", key=f"{window.key(given.interview, 'waiting')}.now")
        return
    _go_on(given, after)


def _kept(given: Waiting) -> Interview | None:
    """The interview that the answer led to; None where another window was first."""
    after, new = given.keep()
    # The answer to an earlier try may have been lost when all was kept: then it stands there as this one left it.
    return after if new or _answers(mine().interview(given.learner)) == _answers(after.to_json()) else None


def _answers(state: Any) -> object:
    return json.loads(json.dumps(state["answers"])) if isinstance(state, dict) and "answers" in state else None


def _go_on(given: Waiting, after: Interview | None) -> None:
    st.session_state.pop(WAITING, None)
    if after is not None:
        window.moved(after)
    st.session_state[window.STEP] = given.interview.step
    window.holds(given.text)
    st.rerun()  # what another window led to is drawn, with a word on it
