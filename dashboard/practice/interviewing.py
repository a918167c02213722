"""The mock interview: twelve questions in one pass, timed, without feedback on the way, and a report at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from dashboard.kit.asking import elements, fields
from dashboard.kit.asking.draft import text_area, too_long
from dashboard.kit.asking.keep import Asking, ask_in, hand_in, keep_draft, learner, mine, now
from dashboard.kit.words import escaped, say
from dashboard.practice import report, start
from quiz.attempt import ResponseTooLongError
from quiz.errors import StoreError
from quiz.grading.grade import grade, suggest
from quiz.interview.interview import PACE, Interview
from quiz.load import load_bank
from quiz.schema import Open


def draw() -> None:
    """Draw the question the interview has reached, or its report."""
    bank, database = load_bank(), mine()
    kept = database.interview(learner())
    interview = None
    if kept is not None:
        try:
            interview = Interview.resumed(bank, kept)
        except ValueError as problem:
            st.info(escaped(str(problem)))
    if interview is None:
        interview = Interview.start(bank, np.random.default_rng(), now())
        database.save_interview(learner(), interview.to_json())
    if interview.done:
        report.draw(interview.report(bank), bank, interview.asked_at)
        return
    question = bank[interview.question]
    assert isinstance(question, Open), "an interview is taken up with open questions only"
    _head(interview)
    with st.container(key="question"):
        st.title(question.prompt, anchor=False)
    _answer(interview, question, ask_in(interview))


def _head(interview: Interview) -> None:
    """How far one is, the time on this question, and the way out."""
    done, of = len(interview.answers), len(interview.questions)
    elements.segments(done, of)
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(f"Mock interview · {done + 1} of {of}")
        with st.container(width=120):
            elements.clock(max((now() - interview.asked_at).total_seconds(), 0.0), PACE, key="quiz.clock")
        if st.button("Leave; the interview waits", type="tertiary", key="quiz.leave"):
            start.go()


def _answer(interview: Interview, question: Open, asking: Asking) -> None:
    """Own words and all checks on one page; nothing is told before the report."""
    response: dict[str, Any] = dict(asking.response or {})
    text = text_area("Your answer", key=f"{asking.key}.text", text=response.get("text", ""))
    before = response.get("probes", {})
    probes: dict[str, Any] = {}
    for number, probe in enumerate(question.probes, 1):
        st.divider()
        st.markdown(f"**{number}. {probe.prompt}**")
        given = fields.draw(probe, asking.key, before=before.get(probe.id))
        if given is not None:
            probes[probe.id] = given
    typed = {"text": text, "probes": probes}
    asking = replace(asking, response=typed)
    st.divider()
    pressed = st.button("Hand in and go on", type="primary", key=f"{asking.key}.hand-in", shortcut="Ctrl+Enter")
    problems = [
        f"Check {number}: {problem}"
        for number, probe in enumerate(question.probes, 1)
        if probe.id in probes and (problem := fields.refused(probe, probes[probe.id]))
    ]
    if too_long(text):
        problems.insert(0, say("asking", "too-long"))
    try:
        if pressed and problems:
            st.warning("  \n".join(problems))
        elif pressed:
            _hand_in(interview, question, asking)
        elif not too_long(text) and typed != {"text": response.get("text", ""), "probes": before}:
            keep_draft(asking)
    except (ResponseTooLongError, StoreError) as problem:
        st.warning(escaped(str(problem)))


def _hand_in(interview: Interview, question: Open, asking: Asking) -> None:
    suggested, _ = suggest(question, asking.response["text"])
    hand_in(asking, grade(question, asking.response), interview, suggested=suggested)
    st.rerun()
