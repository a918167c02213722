"""An answer that was kept while its page lost the server: shown as handed in, so that nobody gives it again.

The press arrives, the answer is kept, and the server or the line goes before the page hears of it. The page comes back
to a new session, maybe of another server. Asking anew there would have the learner answer a second time what counts
already.
"""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from dashboard.kit.asking import flow, opens
from dashboard.kit.asking.keep import Asking, mine
from dashboard.kit.people.who import learner, now
from quiz.attempt import Attempt, Mode
from quiz.grading.answers import Unreadable
from quiz.grading.grade import Grade, after_second, answer_text, grade
from quiz.load import load_bank
from quiz.schema import Open

RECENT = timedelta(minutes=2)  # a page that finds its way back does so within seconds; who comes later asks anew


def found(question: str, variant: int, mode: Mode, assignment: str | None) -> Asking | None:
    """The question as it stands after an answer that this learner has just handed in elsewhere; None for none.

    Only a session in which nothing was handed in yet looks for one: in any other the learner has seen what came of it.

    Raises:
        StoreError: The database can't be used.
    """
    if flow.HANDED in st.session_state:
        return None
    last = next(iter(mine().attempts(learner(), question, newest=1)), None)
    if last is None or abs(now() - last.answered_at) > RECENT:
        return None
    if (last.variant, last.mode, last.assignment) != (variant, mode, assignment):
        return None
    asking = _as_it_stood(last)
    if asking is not None:
        st.session_state[flow.HANDED] = True
    return asking


def _as_it_stood(last: Attempt) -> Asking | None:
    """The question with its answer and the grade of it; None if today's question can't read that answer."""
    try:
        given = _graded(last)
    except (KeyError, Unreadable):
        return None
    return Asking(
        key=last.key, question=last.question, variant=last.variant, mode=last.mode, asked_at=last.asked_at,
        response=last.response, hints=last.hints, first=last.first, certainty=last.certainty, grade=given,
        shown=last.response is None, assignment=last.assignment,
    )  # fmt: skip


def _graded(last: Attempt) -> Grade:
    question = load_bank().question(last.question, last.variant)
    if isinstance(question, Open):
        return opens.score(question, last.response)
    if last.response is None:
        return Grade(question.id, "wrong", 0.0, (), (), "", answer_text(question))
    given = grade(question, last.response)
    return given if last.first is None else after_second(grade(question, last.first), given)
