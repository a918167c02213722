"""Practice and review: one question after another, each with its feedback."""

from __future__ import annotations

from typing import Literal

import numpy as np
import streamlit as st

from dashboard.kit.asking import elements, flow, panel
from dashboard.kit.asking.keep import Asking, ask, cards, learner, local, mine, now
from dashboard.kit.words import escaped, say
from dashboard.practice import start
from quiz.attempt import MAX_INTEGER
from quiz.load import load_bank
from quiz.practice.choosing import next_question
from quiz.practice.schedule import due

RECENT = 10


def draw(mode: Literal["practice", "review"]) -> None:
    """Draw the question the address names, or choose the next."""
    bank = load_bank()
    asking = _current(mode)
    if asking is None:
        st.title("Nothing is due" if mode == "review" else "Nothing left here", anchor=False)
        st.markdown(say("practice", "nothing-due" if mode == "review" else "no-more"))
        if st.button("Practise instead" if mode == "review" else "All ways to practise", type="primary"):
            start.go(**({"mode": "practice"} if mode == "review" else {}))
        return
    question = asking.content
    _head(mode, asking)
    asking = panel.draw(asking, place=mode)
    if asking.grade is None:
        return
    st.divider()
    kept = {"mode": mode, "topic": st.query_params.get("topic", "")}
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        panel.outcome(asking, question)
        with st.container(horizontal=True, width="content"):
            generated = asking.question.startswith("gen-")
            if st.button("Try a variant" if generated else "Try it again", key=f"{asking.key}.again"):
                flow.remember(None, mode)
                variant = asking.variant % (MAX_INTEGER - 1) + 1 if generated else 0
                start.go(**kept, list=_rest(), q=asking.question, v=str(variant or ""))
            if st.button("Next question", type="primary", key=f"{asking.key}.next", shortcut="Ctrl+Enter"):
                flow.remember(None, mode)
                first, _, rest = _rest().partition(",")
                start.go(**kept, list=rest, q=first if first in bank else "")


def _rest() -> str:
    """Questions that were asked for by name and are still to come, ids parted by commas."""
    return st.query_params.get("list", "")[:500]


def _head(mode: str, asking: Asking) -> None:
    """Where one is, and the way out."""
    bank, question = load_bank(), asking.content
    name = "Review" if mode == "review" else "Practise"
    if asking.question in bank.interview:
        number = bank.interview.index(asking.question)
        elements.segments(number, len(bank.interview))
        where = f"{name} · interview questions · {number + 1} of {len(bank.interview)}"
    else:
        where = f"{name} · {bank.title(question.concepts[0])} · {question.level}"
    if mode == "review":
        where += f" · {len(due(cards(), local(now())))} due"
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.caption(where)
        if st.button("All ways to practise", type="tertiary", key="quiz.back"):
            start.go()


def _current(mode: Literal["practice", "review"]) -> Asking | None:
    """The question on the screen: the session's, the address's, or a newly chosen one."""
    named, variant = st.query_params.get("q", ""), _variant()
    asking = flow.recalled(mode)
    if asking is not None and (named, variant) == (asking.question, asking.variant):
        return asking
    if named:
        try:
            load_bank().question(named, variant)
        except KeyError:
            st.info(say("practice", "unknown-question"))
        else:
            asking = ask(named, variant, mode)
            flow.remember(asking, mode)
            return asking
    return _chosen(mode)


def _variant() -> int:
    typed = st.query_params.get("v", "")
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 10):
        return 0
    return min(int(typed), MAX_INTEGER)


def _chosen(mode: Literal["practice", "review"]) -> Asking | None:
    """The next question, now in the address: a reload, a link and the back button find it there."""
    query, store, who = st.query_params, mine(), learner()
    known, recent, rng = store.cards(who), store.attempts(who, newest=RECENT), np.random.default_rng()
    topic = query.get("topic") or None
    try:
        chosen = next_question(load_bank(), known, recent, mode=mode, topic=topic, rng=rng, now=local(now()))
    except ValueError as problem:
        st.info(escaped(str(problem)))
        chosen = next_question(load_bank(), known, recent, mode=mode, rng=rng, now=local(now()))
        query.pop("topic", None)
    if chosen is None:
        return None
    asking = ask(chosen.question, chosen.variant, mode)
    flow.remember(asking, mode)
    query["q"] = asking.question
    if asking.variant:
        query["v"] = str(asking.variant)
    else:
        query.pop("v", None)
    return asking
