"""Check questions inside other pages: one small question on the page's topic, and the next when it is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.kit.boundary import caught, part
from dashboard.kit.words import say

if TYPE_CHECKING:
    from dashboard.kit.asking.keep import Asking


@st.fragment
def quiz_panel(topic: str) -> None:
    """Draw a check question once it is asked for; answering it reruns nothing else of the page.

    The bank, the store and what they import are loaded on that click: the page above pays nothing for them.

    Args:
        topic: A concept or a lesson of the bank.
    """
    kept = f"quiz.asking.lesson.{topic}"
    with part("The check question", {"Ask me another question": lambda: st.session_state.pop(kept, None)}):
        _panel(topic)


def _panel(topic: str) -> None:
    wanted = f"quiz.panel.{topic}"
    if not st.session_state.get(wanted):
        st.caption(say("asking", "check-yourself"))
        st.button(
            "Ask me a question",
            key=f"{wanted}.open",
            on_click=caught(st.session_state.__setitem__),
            args=(wanted, True),
        )
        return
    _draw(topic)


def _draw(topic: str) -> None:
    from dashboard.kit.asking import flow, panel

    place = f"lesson.{topic}"
    asking = flow.recalled(place)
    if asking is None:
        asking = _next(topic)
        flow.remember(asking, place)
    if asking is None:
        st.markdown(say("asking", "no-more"))
        return
    asking = panel.draw(asking, place=place, small=True)
    if asking.grade is None:
        return
    panel.outcome(asking, asking.content)
    if st.button("Another question", key=f"{asking.key}.next", shortcut=flow.GO_ON):
        flow.remember(None, place)
        flow.again(place)


def _next(topic: str) -> Asking | None:
    import numpy as np

    from dashboard.kit.asking.keep import ask, local, mine
    from dashboard.kit.people.who import learner, now
    from quiz.load import load_bank
    from quiz.practice.choosing import next_question

    kept, who, rng = mine(), learner(), np.random.default_rng()
    cards, recent = kept.cards(who), kept.attempts(who, newest=10)
    at = local(now())
    chosen = next_question(
        load_bank(), cards, recent, mode="practice", topic=topic, short=True, rng=rng, now=at,
    )  # fmt: skip
    return None if chosen is None else ask(chosen.question, chosen.variant, "lesson")
