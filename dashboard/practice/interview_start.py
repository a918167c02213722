"""The way into the mock interview: its length, with or without a clock, and the one that waits."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from statistics import mean
from typing import NoReturn

import streamlit as st

from dashboard.kit.asking.keep import mine
from dashboard.kit.people.who import learner
from dashboard.kit.words import say
from dashboard.practice import window
from quiz.interview.interview import LENGTHS, Interview
from quiz.interview.pace import SHORT_TEXT, pace
from quiz.load import load_bank
from quiz.schema import Open


def draw(go: Callable[..., NoReturn]) -> None:
    """Draw the choice and the button.

    Args:
        go: Moves within the quiz.
    """
    st.header("Mock interview", anchor=False)
    st.markdown(say("practice", "interview"))
    waiting, over = _kept()
    if waiting:
        if st.button("Go on with the interview", type="primary", key="quiz.interview"):
            window.forget()
            go(mode="interview")
        return
    length = st.segmented_control(
        "Length", LENGTHS, default=LENGTHS[0], required=True, format_func=lambda count: f"{count} questions",
        key="quiz.interview.choice",
    )  # fmt: skip
    clock = st.toggle("With a clock", value=True, key="quiz.interview.with-clock")
    length = length or LENGTHS[0]
    st.caption(say("practice", "interview-takes").format(minutes=minutes(length)))
    if st.button("Start the interview", key="quiz.interview"):
        mine().save_interview(learner(), None)
        window.choose(length, clock=clock)
        go(mode="interview")
    if over and st.button("See the last debrief", type="tertiary", key="quiz.debrief"):
        go(mode="debrief", k=over)
    st.caption(say("practice", "spoken"))


@lru_cache(maxsize=4)
def minutes(length: int) -> int:
    """About how long an interview takes at its pace, in whole fives."""
    bank = load_bank()
    each = mean(pace(question) for name in bank.interview if isinstance(question := bank[name], Open))
    return 5 * round(length * (each + SHORT_TEXT) / 60 / 5)


def _kept() -> tuple[bool, str]:
    """Whether an interview waits, and the key of the last that is over, "" for none."""
    kept = mine().interview(learner())
    interview = None
    with suppress(ValueError):
        interview = Interview.resumed(load_bank(), kept) if kept is not None else None
    done = mine().interviewed(learner())
    if interview is not None and interview.done:
        return False, interview.keys[0]
    return interview is not None, done[0].key if done else ""
