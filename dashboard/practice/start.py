"""The way into the quiz: what is due, what to practise, and the mock interview."""

from __future__ import annotations

from typing import NoReturn

import numpy as np
import streamlit as st

from dashboard.kit.asking import flow, interviews
from dashboard.kit.asking.flow import percent
from dashboard.kit.asking.keep import cards, local, mine
from dashboard.kit.boundary import part
from dashboard.kit.people import LOCAL, VISIT
from dashboard.kit.people.who import learner, now
from dashboard.kit.words import say
from dashboard.practice import days, interview_start
from quiz.load import Bank, load_bank
from quiz.practice.choosing import INTERVIEW
from quiz.practice.schedule import due
from quiz.practice.sitting import sitting

MODES = ("practice", "review")


def draw() -> None:
    """Draw the three ways in."""
    bank = load_bank()
    known = cards()
    waiting = due(known, local(now()))
    st.title("Quiz", anchor=False)
    if learner().startswith(VISIT):
        st.markdown(say("practice", "intro"))
        st.info(say("asking", "visitor"))
    else:
        kept = "kept-here" if learner() == LOCAL else "kept-by-name"
        st.markdown(f"{say('practice', 'intro')} {say('practice', kept)}")
    _finished()
    for mode in MODES:
        flow.forget(mode)
    if st.button("Ten minutes", type="primary", key="quiz.sitting"):
        _sit(bank)
    st.caption(say("practice", "sitting"))
    st.divider()
    practise, review, interview = st.columns(3, gap="large")
    with practise:
        st.header("Practise", anchor=False)
        st.markdown(say("practice", "practise"))
        topics = {"": "Weakest first", INTERVIEW: "The twelve interview questions"}
        topics |= bank.topics()
        topic = st.selectbox("Topic", topics, format_func=topics.__getitem__, key="quiz.topic")
        if st.button("Start practising", key="quiz.practise"):
            go(mode="practice", topic=topic)
    with review:
        st.header("Review", anchor=False)
        st.markdown(say("practice", "review"))
        st.markdown(f"**{len(waiting)}** due today")
        if st.button("Start the review", key="quiz.review", disabled=not waiting):
            go(mode="review")
    with interview:
        interview_start.draw(go)
    st.divider()
    days.draw()
    st.divider()
    st.header("The twelve interview questions", anchor=False)
    with st.container(key="quiz-twelve", gap=None):
        for number, name in enumerate(bank.interview, 1):
            card = known.get(name)
            seen = f" :gray[· {percent(card.credit)}]" if card else ""
            if st.button(f"{number}. {bank[name].prompt}{seen}", type="tertiary", key=f"quiz.open.{name}"):
                go(mode="practice", q=name)
    with part("Your interviews"):
        interviews.draw()


def _finished() -> None:
    """Say what came of a small sitting that has just ended."""
    grades = [asked.grade for asked in flow.trail("practice").values() if asked.grade is not None]
    if st.query_params.pop("done", "") and grades:
        right = sum(found.verdict == "correct" for found in grades)
        st.markdown(f"**Done.** {len(grades)} answered, {right} right at the first try.")


def _sit(bank: Bank) -> None:
    """Begin a small sitting: its questions stand in the address."""
    picks = sitting(bank, mine().cards(learner()), rng=np.random.default_rng(), now=local(now()))
    first, *rest = (f"{pick.question}.{pick.variant}" if pick.variant else pick.question for pick in picks)
    name, _, variant = first.partition(".")
    go(mode="practice", sitting="1", q=name, v=variant, list=",".join(rest))


def go(**query: str) -> NoReturn:
    """Move within the quiz; the address says where one is, so reload, back and links work."""
    st.query_params.from_dict({name: value for name, value in query.items() if value})
    st.rerun()
