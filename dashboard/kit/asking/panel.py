"""One question on a page, from the prompt to the feedback: the same for practice, review and the lessons' checks."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.kit.asking import elements, feedback, fields, flow, opens
from dashboard.kit.asking.keep import Asking
from dashboard.kit.words import say
from quiz.grading.grade import grade
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
        with st.container(key="question"):
            st.title(question.prompt, anchor=False)
    elements.code(question.code)
    if flow.waits(asking):
        return asking
    if isinstance(question, Open):
        return opens.draw(asking, question, place)
    return _exact(asking, question, place)


def _exact(asking: Asking, question: Exact, place: str) -> Asking:
    if asking.grade is not None:
        focus = flow.focused(asking.key)
        more = flow.counted(asking)
        last = asking.grade if asking.first is None else grade(question, asking.response)
        feedback.verdict(last, key=asking.key, focus=focus, shown=asking.shown, more=more)
        if asking.first is None:
            feedback.details(question, asking.response, asking.key)
        else:
            feedback.details(question, asking.first, asking.key, second=asking.response)
        return asking
    with st.container(key=f"{asking.key}.fields"):
        response = fields.draw(question, asking.key, before=asking.response)
    if response != asking.response:
        asking = replace(asking, response=response)
        flow.save(asking, place)
    if asking.first is not None:
        feedback.slip(question, asking.first, key=asking.key)
    flow.hints(asking, question, place)
    certainty = flow.certainty_of(asking) if asking.first is None else None
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button("Check", type="primary", key=f"{asking.key}.check", shortcut="Ctrl+Enter")
        flow.hint_button(asking, question, place)
        counts = "show" if asking.first is None else "show-after-try"
        shown = st.button(say("asking", counts), type="tertiary", key=f"{asking.key}.show")
        elements.enter(fields=f"{asking.key}.fields", button=f"{asking.key}.check")
    if shown:
        flow.give_up(asking, question, place)
    elif pressed:
        flow.check(asking, question, place, certainty=certainty)
    return asking


def outcome(asking: Asking, question: Exact | Open) -> None:
    """Draw the score of an open question, and the day of the next review."""
    if asking.elsewhere:
        st.info(say("asking", "elsewhere"))
    review = flow.next_review(asking)
    if not isinstance(question, Open):
        if review:
            st.caption(f"Next review {review[0]}, {review[1]}")
        return
    assert asking.grade is not None
    counts = opens.halves(asking.grade.score * len(question.probes))
    with st.container(horizontal=True, gap="large", key="outcome", width="content"):
        said = f"{counts} of {len(question.probes)} checks"
        hinted = flow.counted(asking)
        _figure("Score", flow.percent(asking.grade.score), f"{said}, {hinted}" if hinted else said)
        if review:
            _figure("Next review", review[0], review[1])


def _figure(label: str, value: str, below: str) -> None:
    with st.container(width="content", gap=None):
        st.caption(label)
        st.markdown(f"**{value}**")
        st.caption(below)
