"""What came of a mock interview: the score, each question with its checks and time, and what to study next."""

from __future__ import annotations

import streamlit as st

from dashboard.asking import start
from dashboard.asking.keep import learner, opened
from dashboard.words import say
from quiz.interview import PACE, Report, Share
from quiz.load import Bank

LESSON_PAGES = {"inspector": "app_pages/inspector.py"}
"""Lessons that have a page; the rest are named until theirs is built."""


def draw(report: Report, bank: Bank) -> None:
    """Draw the report and the ways on."""
    st.title("Your mock interview", anchor=False)
    score, flawless, time = st.columns(3)
    score.metric("Score", f"{report.score:.0%}")
    score.caption(f"{report.right} of {report.checks} checks right")
    flawless.metric("Without a miss", f"{report.flawless} of {len(report.questions)}")
    time.metric("Time", clock(report.seconds))
    time.caption(f"{report.slow} questions over {clock(PACE)}")
    st.divider()
    questions, advice = st.columns([5, 3], gap="large")
    with questions:
        for number, share in enumerate(report.questions, 1):
            _row(number, share, bank)
    with advice:
        st.subheader("Strong", anchor=False)
        for share in report.strong:
            st.markdown(f"{bank.concepts[share.id].title} · {share.right} of {share.checks}")
        if not report.strong:
            st.markdown(say("quiz", "none-strong"))
        st.subheader("Study next", anchor=False)
        for share in report.study:
            lessons = ", ".join(dict.fromkeys(bank.concepts[name].title for name in bank[share.id].concepts))
            st.markdown(f"{bank[share.id].prompt} · {share.right} of {share.checks}  \n:gray[{lessons}]")
            if st.button("Practise it", type="tertiary", key=f"quiz.study.{share.id}"):
                start.go(mode="practice", q=share.id)
        if not report.study:
            st.markdown(say("quiz", "nothing-to-study"))
    st.divider()
    with st.container(horizontal=True):
        if st.button("Another interview", type="primary", key="quiz.again"):
            opened().save_interview(learner(), None)
            start.go(mode="interview")
        if st.button("All ways to practise", key="quiz.back"):
            opened().save_interview(learner(), None)
            start.go()


def _row(number: int, share: Share, bank: Bank) -> None:
    """One question: filled squares right, hollow ones missed, and its time against the pace."""
    boxes = ":green[■]" * share.right + ":red[□]" * (share.checks - share.right)
    words = f"{share.right} of {share.checks} right"
    over = " · over" if share.seconds > PACE else ""
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.markdown(f"{number}. {bank[share.id].prompt}")
        st.markdown(f"{boxes} {words} · {clock(share.seconds)}{over}", width="content")


def clock(seconds: float) -> str:
    """Seconds as minutes:seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
