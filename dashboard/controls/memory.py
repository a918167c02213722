"""The controls of the lesson on long-term dependencies, and its runs: begun, watched, stopped."""

from __future__ import annotations

import atexit
import os
import uuid
from dataclasses import dataclass

import streamlit as st

from core.errors import InputError
from core.experiments import gaps as experiment
from core.sentences import Language
from dashboard.controls.page import PageSettings
from dashboard.figure import figure
from dashboard.jobs import Job, Pool
from dashboard.memory_runs import OWN, Reading, reading
from dashboard.memory_settings import (
    FILL_STARTS,
    LSTM_NAMES,
    MOST_FILLER,
    MOST_TEXT,
    RNN_NAMES,
    SENTENCES,
    WEIGHTS,
    MemorySettings,
)
from dashboard.views import memory_gaps as view
from dashboard.words import escaped, say

PAGE = PageSettings("memory", MemorySettings(), droppable=("text",))
ALIVE = "about"
REFRESH = 0.5  # seconds
AT_ONCE = 0.2  # seconds; a job that took less had nothing to compute


@st.cache_resource
def pool() -> Pool:
    """The processes of this server."""
    made = Pool(max(1, os.cpu_count() or 1))
    atexit.register(made.close)
    return made


@dataclass(frozen=True)
class Asked:
    """A job of this session and what it was asked for."""

    rnn: str
    lstm: str
    job: Job


def fill() -> None:
    """Draw the controls of the fill-in."""
    first, second, third = st.columns([2, 4, 3], gap="medium", vertical_alignment="bottom")
    first.selectbox("Country", Language.countries, **PAGE.setting("country"))
    second.slider("Words in between", 0, MOST_FILLER, **PAGE.setting("gap"))
    with third:
        PAGE.choice("The RNN started from", "start", {name: RNN_NAMES[name] for name in FILL_STARTS})


def sentence(settings: MemorySettings) -> Reading | None:
    """Draw the controls of the shaded sentence; None, and why, where it cannot be read."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        PAGE.choice("Sentence", "sentence", SENTENCES)
        PAGE.choice("Networks", "weights", WEIGHTS)
        if settings.weights == "fresh":
            st.number_input("Seed", 0, 999_999, **PAGE.setting("seed"), width=120)
    if settings.sentence == "own":
        st.text_input(
            "Your sentence", max_chars=MOST_TEXT, placeholder=OWN, autocomplete="off", **PAGE.setting("text"),
            help=say("memory", "own"),
        )  # fmt: skip
    try:
        return reading(settings)
    except InputError as problem:
        st.info(escaped(str(problem)))
        return None


def way() -> None:
    """Draw whose states are followed."""
    PAGE.choice("States of networks that are", "way", {name: word.lower() for name, word in WEIGHTS.items()})


def starts() -> None:
    """Draw where the networks trained across gaps start."""
    with st.container(horizontal=True, gap="medium"):
        PAGE.choice("The RNN starts from", "rnn", RNN_NAMES)
        PAGE.choice("The LSTM’s forget bias", "lstm", LSTM_NAMES)


def success(settings: MemorySettings) -> None:
    """Draw success against the gap: results computed beforehand, or those of a run here as they come."""
    asked = _asked(settings)
    running = asked is not None and asked.job.running
    st.fragment(_success, run_every=REFRESH if running else None)(settings, watching=running)


def _asked(settings: MemorySettings) -> Asked | None:
    """This session's job, if it belongs to these settings; one that does not is no longer wanted."""
    asked: Asked | None = st.session_state.get(PAGE.key("asked"))
    if asked is None or (asked.rnn, asked.lstm) == (settings.rnn, settings.lstm):
        return asked
    asked.job.cancel()
    del st.session_state[PAGE.key("asked")]
    return None


def _success(settings: MemorySettings, *, watching: bool) -> None:
    """Figure, progress and buttons; run again and again while the runs go on."""
    asked = _asked(settings)
    job = None if asked is None else asked.job
    if job is not None:
        job.watched()
    running = job is not None and job.running
    if watching != running:
        st.rerun()  # the whole page: to be refreshed from now on, or no more
    if job is None:
        plan = experiment.plan(settings.rnn, settings.lstm, (*experiment.GAPS, experiment.FAR))
        outcomes = experiment.stored()
    else:
        plan, outcomes = job.plan, job.outcomes
    with st.container(key="finding-gaps"):
        st.markdown(view.finding(plan, outcomes, rnn=settings.rnn, lstm=settings.lstm))
    figure(view.gaps(plan, outcomes), key="memory-gaps")
    with st.container(horizontal=True, vertical_alignment="center", key=PAGE.key("runs")):
        if running:
            st.button("Stop", on_click=_stop, key=PAGE.key("stop"))
        else:
            st.button("Run it again here", on_click=_begin, args=(settings,), key=PAGE.key("run"))
            if job is not None:
                st.button("Back to the stored results", type="tertiary", on_click=_stop, kwargs={"forget": True},
                          key=PAGE.key("back"))  # fmt: skip
        if job is not None and running:
            st.progress(job.done / len(job.plan), width=180)  # in the row, so that what stands below stays where it is
        st.caption(_status(job))
    if job is not None and job.problem:
        st.warning(escaped(job.problem))
    if problem := st.session_state.get(PAGE.key("refused")):
        st.warning(escaped(problem))


def _begin(settings: MemorySettings) -> None:
    owner = st.session_state.setdefault(PAGE.key("owner"), uuid.uuid4().hex)
    st.session_state.pop(PAGE.key("refused"), None)
    try:
        job = pool().submit(owner, experiment.plan(settings.rnn, settings.lstm))
    except InputError as problem:
        PAGE.write(refused=str(problem))
        return
    PAGE.write(asked=Asked(settings.rnn, settings.lstm, job))


def _stop(*, forget: bool = False) -> None:
    asked: Asked | None = st.session_state.get(PAGE.key("asked"))
    if asked is not None:
        asked.job.cancel()
        if forget:
            del st.session_state[PAGE.key("asked")]


def _status(job: Job | None) -> str:
    if job is None:
        return say("memory", "stored")
    done = f"{job.done} of {len(job.plan)} runs done"
    if job.running:
        return f"{done}, {job.seconds:.0f} s." if job.outcomes else say("memory", "starting")
    if job.done < len(job.plan):
        return f"Stopped: {done}."
    return say("memory", "kept") if job.seconds < AT_ONCE else f"Run here in {job.seconds:.0f} s."
