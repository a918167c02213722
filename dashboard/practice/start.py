"""The way into the quiz: what is due, what to practise, and the mock interview."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from dashboard.kit.asking import interviews
from dashboard.kit.asking.flow import percent
from dashboard.kit.asking.keep import LOCAL, VISIT, cards, learner, local, now
from dashboard.kit.boundary import part
from dashboard.kit.words import say
from dashboard.practice import interview_start
from quiz.load import load_bank
from quiz.practice.choosing import INTERVIEW
from quiz.practice.schedule import due


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
    st.divider()
    practise, review, interview = st.columns(3, gap="large")
    with practise:
        st.header("Practise", anchor=False)
        st.markdown(say("practice", "practise"))
        topics = {"": "Weakest first", INTERVIEW: "The twelve interview questions"}
        topics |= bank.topics()
        topic = st.selectbox("Topic", topics, format_func=topics.__getitem__, key="quiz.topic")
        if st.button("Start practising", type="primary", key="quiz.practise"):
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
    st.header("The twelve interview questions", anchor=False)
    with st.container(key="quiz-twelve", gap=None):
        for number, name in enumerate(bank.interview, 1):
            card = known.get(name)
            seen = f" :gray[· {percent(card.credit)}]" if card else ""
            if st.button(f"{number}. {bank[name].prompt}{seen}", type="tertiary", key=f"quiz.open.{name}"):
                go(mode="practice", q=name)
    with part("Your interviews"):
        interviews.draw()


def go(**query: str) -> NoReturn:
    """Move within the quiz; the address says where one is, so reload, back and links work."""
    st.query_params.from_dict({name: value for name, value in query.items() if value})
    st.rerun()
