"""The mock interview: twelve questions in one pass, timed, without feedback on the way, and a report at the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import streamlit as st

from dashboard.asking import fields, report
from dashboard.asking.draft import text_area
from dashboard.asking.keep import Asking, ask_in, hand_in, keep_draft, learner, now, opened
from dashboard.words import escaped
from quiz.answers import Unreadable
from quiz.attempt import ResponseTooLongError
from quiz.grading import grade, suggest
from quiz.interview import PACE, Interview
from quiz.load import load_bank
from quiz.schema import Open
from quiz.store import StoreError


def draw() -> None:
    """Draw the question the interview has reached, or its report."""
    bank, store = load_bank(), opened()
    kept = store.interview(learner())
    interview = None
    if kept is not None:
        try:
            interview = Interview.from_json(kept)
        except ValueError as problem:
            st.info(escaped(str(problem)))
    if interview is None:
        interview = Interview.start(bank, np.random.default_rng(), now())
        store.save_interview(learner(), interview.to_json())
    if interview.done:
        report.draw(interview.report(bank), bank)
        return
    question = bank[interview.question]
    assert isinstance(question, Open)
    _progress(interview)
    _head(interview)
    with st.container(key="finding-prompt"):
        st.markdown(question.prompt)
    _answer(interview, question, ask_in(interview))


def _progress(interview: Interview) -> None:
    done, of = len(interview.answers), len(interview.questions)
    st.progress(done / of, text=f"Mock interview · question {done + 1} of {of}")


@st.fragment(run_every=timedelta(seconds=1))
def _head(interview: Interview) -> None:
    """The time on this question; the only thing on the page that moves."""
    seconds = int((now() - interview.asked_at).total_seconds())
    over = " · over two minutes" if seconds > PACE else ""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.caption(f"{seconds // 60}:{seconds % 60:02} of {int(PACE) // 60}:00{over}")
        if st.button("Leave; the interview waits", type="tertiary", key="quiz.leave"):
            st.query_params.clear()
            st.rerun(scope="app")


def _answer(interview: Interview, question: Open, asking: Asking) -> None:
    """Own words and all checks on one page; nothing is told before the report."""
    response: dict[str, Any] = dict(asking.response or {})
    text = text_area("Your answer", key=f"{asking.key}.text", text=response.get("text", ""))
    probes: dict[str, Any] = {}
    for number, probe in enumerate(question.probes, 1):
        st.divider()
        st.markdown(f"**{number}. {probe.prompt}**")
        given = fields.draw(probe, asking.key, before=response.get("probes", {}).get(probe.id))
        if given is not None:
            probes[probe.id] = given
    typed = {"text": text, "probes": probes}
    asking = replace(asking, response=typed)
    try:
        if typed != {"text": response.get("text", ""), "probes": response.get("probes", {})}:
            keep_draft(asking)
        st.divider()
        if st.button("Hand in and go on", type="primary", key=f"{asking.key}.hand-in", shortcut="Ctrl+Enter"):
            _hand_in(interview, question, asking)
    except (Unreadable, ResponseTooLongError, StoreError) as problem:
        st.warning(escaped(str(problem)))


def _hand_in(interview: Interview, question: Open, asking: Asking) -> None:
    result = grade(question, asking.response)
    suggested, _ = suggest(question, asking.response["text"])
    hand_in(asking, result, interview, suggested=suggested)
    st.rerun()
