"""One question on a page, from the prompt to the feedback: the same for practice, review and the lessons' checks."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.asking import feedback, fields, flow, opens
from dashboard.asking.keep import Asking
from quiz.schema import Exact, Open


def draw(asking: Asking, *, place: str, small: bool = False) -> Asking:
    """Draw one question with its hints, fields and feedback.

    Args:
        asking: The question as it stands.
        place: Where it stands: a mode of the quiz, or "lesson." and the topic inside another page.
        small: Inside another page: the prompt as text, not as a heading.

    Returns:
        The question as it stands now.
    """
    question = asking.content
    if small:
        st.markdown(f"**{question.prompt}**")
    else:
        with st.container(key="finding-prompt"):
            st.markdown(question.prompt)
    if isinstance(question, Open):
        return opens.draw(asking, question, place)
    return _exact(asking, question, place)


def _exact(asking: Asking, question: Exact, place: str) -> Asking:
    done = asking.grade is not None
    response = fields.draw(question, asking.key, before=asking.response, locked=done)
    if asking.grade is not None:
        feedback.draw(question, asking.grade)
        return asking
    if response != asking.response:
        asking = replace(asking, response=response)
        flow.save(asking, place)
    asking = flow.hints(asking, question, place)
    certainty = flow.certainty_of(asking)
    if st.button("Check", type="primary", key=f"{asking.key}.check", shortcut="Ctrl+Enter"):
        return flow.check(asking, question, place, certainty=certainty)
    return asking
