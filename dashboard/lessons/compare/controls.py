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
from dashboard.kit import lesson
from dashboard.kit.jobs.desk import Job
from dashboard.kit.jobs.runs import Runs
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
    SIZED,
    CompareSettings,
)

PAGE = PageSettings("compare", CompareSettings())
ALIVE = "start"
FOLDS = {
    "deeper-compare-cost": ("D", "H", "O", "counted", "biases", "same", "paced"),
    "deeper-compare-reach": ("seed", "fresh_start", "fresh_bias"),
    "deeper-compare-tasks": ("runs_start", "runs_bias"),
}
"""By the key of a fold, the settings whose controls stand in it."""


def start() -> tuple[str, ...]:
    """Bring the settings in step with the link, and open the folds that it sets something of.

    Returns:
        What could not be read in the link.
    """
    new = PAGE.key("settings") not in st.session_state
    _, problems = lesson.start(PAGE, FOLDS, alive=ALIVE, running="deeper-compare-tasks")
    if new:  # what a link has opened shows what the link says
        PAGE.write(begun={fold for fold in FOLDS if st.session_state.get(fold)})
    return problems


def begin(fold: str) -> None:
    """Begin a fold that is opened from the table's starts; from then on it has its own."""
    begun = st.session_state.setdefault(PAGE.key("begun"), set())
    if fold not in begun:
        begun.add(fold)
        table = PAGE.collect().of_table()
        PAGE.write(**{name: table[name] for name in FOLDS[fold] if name in table})


def _follow() -> None:
    """Let the folds that are closed begin anew from the table's starts when they are opened."""
    for fold, names in FOLDS.items():
        if not st.session_state.get(fold):
            st.session_state.setdefault(PAGE.key("begun"), set()).discard(fold)
            PAGE.write(**{name: getattr(PAGE.base, name) for name in names if name in PAGE.base.of_table()})


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


def run() -> object:
    """What shows the runs."""
    settings = PAGE.collect()
    return settings.runs_start, settings.runs_bias


def fresh() -> object:
    """The horizons."""
    settings = PAGE.collect()
    return settings.fresh_start, settings.fresh_bias, settings.seed


def counted() -> object:
    """The counter."""
    settings = PAGE.collect()
    return settings.D, settings.H, settings.O, settings.counted, settings.biases, settings.same


def pacing() -> object:
    """The times: how large the two are, and whether they were taken here."""
    settings = PAGE.collect().pacing()
    return compare_runs.paced(settings), timed(settings)


def starts() -> None:
    """Draw where both cells start, and what is equal between them."""
    with st.container(horizontal=True, key="compare-starts"):
        PAGE.choice("The RNN starts from", "start", RNN_STARTS, _follow)
        PAGE.choice("The LSTM’s forget bias", "bias", BIASES, _follow)
        PAGE.choice("Equal in both", "equal", EQUAL, _follow)


def sizes() -> None:
    """Draw the sizes of the counted networks."""
    with st.container(horizontal=True, gap="medium"):
        st.slider("Inputs $D$", 1, MOST_D, **PAGE.setting("D"), width=280)
        st.slider("Units $H$", 1, MOST_H, **PAGE.setting("H"), width=280)
        st.slider("Outputs $O$", 1, MOST_O, **PAGE.setting("O"), width=280)
        PAGE.choice("Equal in both", "same", EQUAL)
        PAGE.choice("Count", "counted", COUNTED)
        PAGE.choice("Biases in a block", "biases", PER_BLOCK)


def drawn() -> None:
    """Draw how the fresh networks are drawn, and from which seeds."""
    with st.container(horizontal=True, key="compare-fresh"):
        PAGE.choice("The RNN starts from", "fresh_start", RNN_STARTS)
        PAGE.choice("The LSTM’s forget bias", "fresh_bias", BIASES)
        st.number_input("First of ten seeds", 0, 999_999, **PAGE.setting("seed"), width=160)


def choosing() -> None:
    """Draw the questions of the choice."""
    with st.container(horizontal=True, key="compare-asked"):
        PAGE.choice("How many steps back is what the answer needs?", "far", FAR)
        PAGE.choice("What becomes of what is remembered", "kind", KINDS)
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


def times() -> None:
    """Draw the times of a training step, and the button that takes them here."""
    settings = restored()[0].pacing()
    PAGE.choice("Equal in both", "paced", EQUAL)
    found, here = timed(settings)
    figure(view.pace(found), key="compare-pace")
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


def runs() -> None:
    """Draw the runs of both cells: those made beforehand, and of the loss those of a run here as it comes."""
    with st.container(horizontal=True, key="compare-runs"):
        PAGE.choice("The RNN starts from", "runs_start", SIZED)
        PAGE.choice("The LSTM’s forget bias", "runs_bias", BIASES)
    settings = PAGE.collect().run()
    plan = compare_runs.curves(settings)

    def results(job: Job | None) -> None:
        shown = (plan, comparison.stored()) if job is None else job.experiments
        figure(view.whole(compare_runs.chosen_tasks(settings), *shown), key="compare-tasks")

    Runs(PAGE).draw((settings.start, settings.bias, settings.equal), plan, results)


def ways_on(lesson: str) -> None:
    """Draw where the last lesson leads."""
    with st.container(horizontal=True, vertical_alignment="center", key="compare-ways-on"):
        st.caption(say(lesson, "ways-on"))
        st.page_link("practice/page.py", label=say(lesson, "way-quiz"))
        st.page_link(CLAIMS, label=say(lesson, "way-claims"), query_params={"lesson": lesson})
        st.page_link(INSPECTOR, label=say(lesson, "way-inspector"))
