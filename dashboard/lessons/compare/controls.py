"""The controls of the comparison of the two cells: starts, sizes, times and runs made here, and the choice."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from core import pace
from core.experiments import comparison
from core.pace import Pace
from dashboard.figure import figure
from dashboard.kit.jobs.pool import Job
from dashboard.kit.jobs.runs import RUN, Runs
from dashboard.kit.lesson import CLAIMS, INSPECTOR
from dashboard.kit.page_settings import PageSettings
from dashboard.kit.parts import changed
from dashboard.kit.words import escaped, say
from dashboard.lessons.compare import compute as compare_runs
from dashboard.lessons.compare import view
from dashboard.lessons.compare.settings import (
    BIASES,
    COUNTED,
    EQUAL,
    FAR,
    KINDS,
    MOST_D,
    MOST_H,
    MOST_O,
    PER_BLOCK,
    RNN_STARTS,
    SCARCE,
    CompareSettings,
)

PAGE = PageSettings("compare", CompareSettings())
ALIVE = "start"
FOLDS = {"deeper-compare-cost": ("D", "H", "O", "counted", "biases"), "deeper-compare-reach": ("seed",)}
"""By the key of a fold, the settings whose controls stand in it."""


def start() -> tuple[str, ...]:
    """Bring the settings in step with the link, and open the folds that it sets something of.

    Returns:
        What could not be read in the link.
    """
    new = PAGE.key("settings") not in st.session_state
    settings, problems = restored()
    if new:
        for fold, names in FOLDS.items():
            if any(getattr(settings, name) != getattr(PAGE.base, name) for name in names):
                st.session_state[fold] = True
        if RUN in st.query_params:
            st.session_state["deeper-compare-tasks"] = True
    return problems


def restored() -> tuple[CompareSettings, tuple[str, ...]]:
    """The settings as the widgets stand, published, and what could not be read in the link."""
    return PAGE.restored(alive=ALIVE)


# What the parts of the page depend on.


def tabled() -> tuple[CompareSettings, bool]:
    """The table: the starts and what is equal, and whether times were taken here. Its sizes are those of the runs."""
    settings = PAGE.collect()
    return replace(PAGE.base, start=settings.start, bias=settings.bias, equal=settings.equal), timed(settings)[1]


def chosen() -> object:
    """The choice."""
    settings = PAGE.collect()
    return settings.far, settings.kind, settings.scarce


def started() -> object:
    """What compares the two starts."""
    settings = PAGE.collect()
    return settings.start, settings.bias, settings.equal


def fresh() -> object:
    """The horizons."""
    settings = PAGE.collect()
    return settings.start, settings.bias, settings.seed


def counted() -> object:
    """The counter."""
    settings = PAGE.collect()
    return settings.D, settings.H, settings.O, settings.counted, settings.biases, settings.equal


def pacing() -> object:
    """The times: how large the two are, and whether they were taken here."""
    settings = PAGE.collect()
    return compare_runs.paced(settings), timed(settings)


def starts() -> None:
    """Draw where both cells start, and what is equal between them."""
    with st.container(horizontal=True, key="compare-starts"):
        PAGE.choice("The RNN starts from", "start", RNN_STARTS)
        PAGE.choice("The LSTM’s forget bias", "bias", BIASES)
        PAGE.choice("Equal in both", "equal", EQUAL)


def sizes() -> None:
    """Draw the sizes of the counted networks."""
    with st.container(horizontal=True, gap="medium"):
        st.slider("Inputs $D$", 1, MOST_D, **PAGE.setting("D"), width=280)
        st.slider("Units $H$", 1, MOST_H, **PAGE.setting("H"), width=280)
        st.slider("Outputs $O$", 1, MOST_O, **PAGE.setting("O"), width=280)
        PAGE.choice("Count", "counted", COUNTED)
        PAGE.choice("Biases in a block", "biases", PER_BLOCK)


def seeds() -> None:
    """Draw which seeds the fresh networks have."""
    st.number_input("First of ten seeds", 0, 999_999, **PAGE.setting("seed"), width=160)


def choosing() -> None:
    """Draw the questions of the choice."""
    with st.container(horizontal=True, key="compare-asked"):
        PAGE.choice("The answer lies back, in steps", "far", FAR)
        PAGE.choice("What to do with it", "kind", KINDS)
        PAGE.choice("What is scarce", "scarce", SCARCE)


@st.cache_resource
def _one_at_a_time() -> threading.Lock:
    """Two measurements at once would time each other."""
    return threading.Lock()


@dataclass(frozen=True)
class Timed:
    """Times taken in this session.

    Attributes:
        units: By cell, the units they were taken with.
        paces: By batch.
    """

    units: Mapping[str, int]
    paces: Mapping[int, Pace]


def timed(settings: CompareSettings) -> tuple[Mapping[int, Pace], bool]:
    """The times to show: those taken here with these units, or else the shipped ones; and whether they were taken."""
    here: Timed | None = st.session_state.get(PAGE.key("timed"))
    if here is not None and here.units == compare_runs.paced(settings):
        return here.paces, True
    return compare_runs.reference(settings), False


def times(settings: CompareSettings) -> None:
    """Draw the times of a training step, and the button that takes them here."""
    found, here = timed(settings)
    figure(view.pace(found), key="compare-pace")
    st.caption(view.pace_by_size())
    with st.container(horizontal=True, vertical_alignment="center", key=PAGE.key("timing")):
        again = "Measure again" if here else "Measure it here, now"
        st.button(again, on_click=changed(_measure), args=(settings,), key=PAGE.key("measure"))
        if here:
            st.button(
                "Back to the stored times",
                type="tertiary",
                on_click=changed(_forget_times),
                key=PAGE.key("stored-times"),
            )
        machine, rounds = (pace.here() if here else pace.stored().machine), min(p.rounds for p in found.values())
        words = say("compare", "time-here" if here else "time-stored")
        st.caption(f"{words} {escaped(machine)}; {rounds} training steps or more.")


def _measure(settings: CompareSettings) -> None:
    units = compare_runs.paced(settings)
    with _one_at_a_time():
        PAGE.write(timed=Timed(units, compare_runs.measured(units)))


def _forget_times() -> None:
    st.session_state.pop(PAGE.key("timed"), None)


def curves(settings: CompareSettings) -> None:
    """Draw the loss curves: of runs made beforehand, or of a run here as it comes."""
    plan = compare_runs.curves(settings)

    def results(job: Job | None) -> None:
        shown = (plan, comparison.stored()) if job is None else (job.plan, job.outcomes)
        with st.container(key="finding-losses"):
            st.markdown(view.losses_finding(*shown))
        figure(view.losses(*shown), key="compare-losses")

    Runs(PAGE).draw((settings.start, settings.bias, settings.equal), plan, results)


def ways_on(lesson: str) -> None:
    """Draw where the last lesson leads."""
    with st.container(horizontal=True, vertical_alignment="center", key="compare-ways-on"):
        st.caption(say(lesson, "ways-on"))
        st.page_link("practice/page.py", label=say(lesson, "way-quiz"))
        st.page_link(CLAIMS, label=say(lesson, "way-claims"), query_params={"lesson": lesson})
        st.page_link(INSPECTOR, label=say(lesson, "way-inspector"))
