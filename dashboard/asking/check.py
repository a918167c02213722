"""Check questions inside other pages: one small question on the page's topic, and the next when it is answered."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard.asking import flow, panel
from dashboard.asking.keep import Asking, ask, learner, now, opened
from dashboard.words import say
from quiz.load import load_bank
from quiz.practice import next_question


@st.fragment
def quiz_panel(topic: str) -> None:
    """Draw a check question; answering it reruns nothing else of the page.

    Args:
        topic: A concept or a lesson of the bank.
    """
    place = f"lesson.{topic}"
    asking = flow.recalled(place)
    if asking is None:
        asking = _next(topic)
        flow.remember(asking, place)
    if asking is None:
        st.markdown(say("quiz", "no-more"))
        return
    asking = panel.draw(asking, place=place, small=True)
    if asking.grade is not None and st.button("Another question", key=f"{asking.key}.next"):
        flow.remember(_next(topic), place)
        flow.again(place)


def _next(topic: str) -> Asking | None:
    store, who = opened(), learner()
    chosen = next_question(
        load_bank(),
        store.cards(who),
        store.attempts(who, newest=10),
        mode="practice",
        topic=topic,
        rng=np.random.default_rng(),
        now=now(),
    )
    return None if chosen is None else ask(chosen.question, chosen.variant, "lesson")
