"""Practice and review: one question after another, each with its feedback."""

from __future__ import annotations

from typing import Literal

import numpy as np
import streamlit as st

from dashboard.asking import flow, panel, start
from dashboard.asking.keep import Asking, ask, learner, now, opened
from dashboard.words import escaped, say
from quiz.load import load_bank
from quiz.practice import next_question
from quiz.schedule import due

RECENT = 10


def draw(mode: Literal["practice", "review"]) -> None:
    """Draw the question the address names, or choose the next."""
    bank = load_bank()
    asking = _current(mode)
    if asking is None:
        st.title("Nothing is due", anchor=False)
        st.markdown(say("quiz", "nothing-due"))
        if st.button("Practise instead", type="primary"):
            start.go(mode="practice")
        return
    question = asking.content
    concept = bank.concepts[question.concepts[0]]
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        left = f" · {len(due(opened().cards(learner()), now()))} due" if mode == "review" else ""
        st.caption(f"{'Review' if mode == 'review' else 'Practice'} · {concept.title} · {question.level}{left}")
        if st.button("All ways to practise", type="tertiary", key="quiz.back"):
            start.go()
    asking = panel.draw(asking, place=mode)
    if asking.grade is None:
        return
    with st.container(horizontal=True):
        if st.button("Next question", type="primary", key=f"{asking.key}.next", shortcut="Ctrl+Enter"):
            flow.remember(None, mode)
            start.go(mode=mode, topic=st.query_params.get("topic", ""))
        again = "A new variant" if asking.question.startswith("gen-") else "Try it again"
        if st.button(again, key=f"{asking.key}.again"):
            flow.remember(None, mode)
            variant = asking.variant + 1 if asking.question.startswith("gen-") else 0
            start.go(mode=mode, topic=st.query_params.get("topic", ""), q=asking.question, v=str(variant or ""))


def _current(mode: Literal["practice", "review"]) -> Asking | None:
    """The question on the screen: the session's, the address's, or a newly chosen one."""
    query = st.query_params
    asking = flow.recalled(mode)
    named = query.get("q", "")
    variant = int(query["v"]) if query.get("v", "").isdecimal() and len(query["v"]) < 10 else 0
    if asking is not None and named in ("", asking.question) and (not named or variant == asking.variant):
        if named:
            return asking
    elif named:
        try:
            load_bank().question(named, variant)
        except KeyError:
            st.info(say("quiz", "unknown-question"))
        else:
            asking = ask(named, variant, mode)
            flow.remember(asking, mode)
            return asking
    store, who = opened(), learner()
    try:
        chosen = next_question(
            load_bank(),
            store.cards(who),
            store.attempts(who, newest=RECENT),
            mode=mode,
            topic=query.get("topic") or None,
            rng=np.random.default_rng(),
            now=now(),
        )
    except ValueError as problem:
        st.info(escaped(str(problem)))
        return None
    if chosen is None:
        return None
    asking = ask(chosen.question, chosen.variant, mode)
    flow.remember(asking, mode)
    query["q"] = asking.question
    if asking.variant:
        query["v"] = str(asking.variant)
    return asking
