"""The way into the quiz: what is due, what to practise, and the mock interview."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from dashboard.asking.flow import percent
from dashboard.asking.keep import learner, local, now, store
from dashboard.words import say
from quiz.interview import Interview
from quiz.load import load_bank
from quiz.practice import INTERVIEW
from quiz.schedule import due


def draw() -> None:
    """Draw the three ways in."""
    bank = load_bank()
    kept = store()
    cards = kept.cards(learner())
    waiting = due(cards, local(now()))
    st.title("Quiz", anchor=False)
    st.markdown(say("quiz", "intro"))
    if learner().startswith("visit-"):
        st.info(say("quiz", "visitor"))
    st.divider()
    practise, review, interview = st.columns(3, gap="large")
    with practise:
        st.header("Practise", anchor=False)
        st.markdown(say("quiz", "practise"))
        topics = {"": "Weakest first", INTERVIEW: "The twelve interview questions"}
        topics |= {name: concept.title for name, concept in bank.concepts.items()}
        topic = st.selectbox("Topic", topics, format_func=topics.__getitem__, key="quiz.topic")
        if st.button("Start practising", type="primary", key="quiz.practise"):
            go(mode="practice", topic=topic)
    with review:
        st.header("Review", anchor=False)
        st.markdown(say("quiz", "review"))
        st.markdown(f"**{len(waiting)}** due today")
        if st.button("Start the review", key="quiz.review", disabled=not waiting):
            go(mode="review")
    with interview:
        st.header("Mock interview", anchor=False)
        st.markdown(say("quiz", "interview"))
        label = _interview_label(kept.interview(learner()))
        if st.button(label, key="quiz.interview"):
            go(mode="interview")
    st.divider()
    st.header("The twelve interview questions", anchor=False)
    with st.container(key="quiz-twelve", gap=None):
        for number, name in enumerate(bank.interview, 1):
            card = cards.get(name)
            seen = f" :gray[· {percent(card.credit)}]" if card else ""
            if st.button(f"{number}. {bank[name].prompt}{seen}", type="tertiary", key=f"quiz.open.{name}"):
                go(mode="practice", q=name)


def _interview_label(kept: dict[str, object] | None) -> str:
    if kept is None:
        return "Start the interview"
    try:
        return "See the last report" if Interview.from_json(kept).done else "Go on with the interview"
    except ValueError:
        return "Start the interview"


def go(**query: str) -> NoReturn:
    """Move within the quiz; the address says where one is, so reload, back and links work."""
    st.query_params.from_dict({name: value for name, value in query.items() if value})
    st.rerun()
