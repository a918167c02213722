"""The controls of the lesson on long-term dependencies, and its runs."""

from __future__ import annotations

import streamlit as st

from core.experiments import gaps as experiment
from core.sentences import Language
from dashboard.figure import figure
from dashboard.kit.boundary import part
from dashboard.kit.jobs.pool import Job
from dashboard.kit.jobs.runs import Runs
from dashboard.kit.page_settings import PageSettings
from dashboard.kit.words import say
from dashboard.lessons.memory import gaps_view as view
from dashboard.lessons.memory.compute import OWN, Reading, reading
from dashboard.lessons.memory.settings import (
    FILL_STARTS,
    LSTM_NAMES,
    MOST_FILLER,
    MOST_TEXT,
    RNN_NAMES,
    SENTENCES,
    WEIGHTS,
    MemorySettings,
)

PAGE = PageSettings("memory", MemorySettings(), droppable=("text",))
ALIVE = "about"


def restored() -> tuple[MemorySettings, tuple[str, ...]]:
    """The settings as the widgets stand, published, and what could not be read in the link."""
    return PAGE.restored(alive=ALIVE)


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
    with part("What is read"):
        return reading(settings)
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
    rnn, lstm = settings.rnn, settings.lstm

    def results(job: Job | None) -> None:
        if job is None:
            plan = experiment.plan(rnn, lstm, (*experiment.GAPS, experiment.FAR))
            outcomes = experiment.stored()
        else:
            plan, outcomes = job.plan, job.outcomes
        with st.container(key="finding-gaps"):
            st.markdown(view.finding(plan, outcomes, rnn=rnn, lstm=lstm))
        figure(view.gaps(plan, outcomes), key="memory-gaps")

    Runs(PAGE).draw((rnn, lstm), experiment.plan(rnn, lstm), results)
