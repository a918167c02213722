"""The controls of the lesson on long-term dependencies, and its runs."""

from __future__ import annotations

import streamlit as st

from core.experiments import gaps as experiment
from core.sentences import Language
from dashboard.figure import figure
from dashboard.kit.boundary import part
from dashboard.kit.jobs.desk import Job
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

RUNS_IN = "deeper-memory-gaps"
"""Key of the fold in which a run here stands."""
PAGE = PageSettings("memory", MemorySettings(), droppable=("text",))
ALIVE = "alive"
"""No control stands outside of the folds; what the session knows under this name says that the page is there."""
FOLDS = {
    "deeper-memory-fill": ("country", "gap", "start"),
    "deeper-memory-way": ("way", "seed"),
    "deeper-memory-sentence": ("sentence", "weights", "text"),
    RUNS_IN: ("rnn", "lstm"),
}
"""By the key of a fold, the settings whose controls stand in it."""


def restored() -> tuple[MemorySettings, tuple[str, ...]]:
    """The settings as the widgets stand, published, and what could not be read in the link."""
    return PAGE.restored(alive=ALIVE)


def filled() -> tuple[object, ...]:
    """What the fill-in depends on."""
    now = PAGE.collect()
    return now.country, now.gap, now.start


def walked() -> tuple[object, ...]:
    """What the first word's way depends on."""
    now = PAGE.collect()
    return now.way, now.seed


def read() -> tuple[object, ...]:
    """What the shaded sentence follows at once; what other folds set of it is taken over when it is drawn anew."""
    now = PAGE.collect()
    return now.sentence, now.weights, now.text


def begun() -> tuple[object, ...]:
    """What the runs depend on."""
    now = PAGE.collect()
    return now.rnn, now.lstm


def fill() -> None:
    """Draw the controls of the fill-in."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key=PAGE.key("filling")):
        st.selectbox("Country", Language.countries, **PAGE.setting("country"), width=160)
        st.slider("Words in between", 0, MOST_FILLER, **PAGE.setting("gap"), width=300)
        PAGE.choice("The RNN started from", "start", {name: RNN_NAMES[name] for name in FILL_STARTS}, width="content")


def sentence(settings: MemorySettings) -> Reading | None:
    """Draw the controls of the shaded sentence; None, and why, where it cannot be read."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        PAGE.choice("Sentence", "sentence", SENTENCES)
        PAGE.choice("Networks", "weights", WEIGHTS)
    if settings.sentence == "own":
        st.text_input(
            "Your sentence", max_chars=MOST_TEXT, placeholder=OWN[settings.weights], autocomplete="off",
            **PAGE.setting("text"), help=say("memory", "own"),
        )  # fmt: skip
        if not settings.text.strip():
            st.caption(say("memory", "own-example"))
    with part("What is read"):
        return reading(settings)
    return None


def take_over() -> None:
    """Draw what reads the sentence anew, as the other folds stand by now."""
    st.button(say("memory", "take-over"), type="tertiary", key=PAGE.key("take-over"))


def taken(settings: MemorySettings) -> str:
    """What the shaded sentence took over from other folds: its text, its networks."""
    fresh, filler = settings.weights == "fresh", f"{settings.gap} words in between"
    told = {"france": [settings.country, filler], "krish": [] if fresh else [filler], "own": []}[settings.sentence]
    if fresh:
        told.append(f"networks of seed {settings.seed}")
    elif settings.sentence != "krish":
        told.append(f"an RNN that started {RNN_NAMES[settings.start].lower()}")
    return f"Read here: {', '.join(told)}. {say('memory', 'taken')}"


def way(settings: MemorySettings) -> None:
    """Draw whose states are followed."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom"):
        PAGE.choice("States of networks that are", "way", {name: word.lower() for name, word in WEIGHTS.items()})
        if settings.way == "fresh":
            st.number_input("Seed", 0, 999_999, **PAGE.setting("seed"), width=120)


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
            plan, outcomes = job.experiments
        figure(view.gaps(plan, outcomes, rnn=rnn, lstm=lstm), key="memory-gaps")

    Runs(PAGE).draw((rnn, lstm), experiment.plan(rnn, lstm), results)
