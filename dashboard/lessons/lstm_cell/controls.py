"""The controls of the lesson's folds: two names, a sentence, gates held by hand, and two vectors to type."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from core.errors import InputError
from core.pointwise import pointwise, vector
from core.sentences import ContextSwitch
from dashboard.kit import lesson, model_card
from dashboard.kit.boundary import Ways, part
from dashboard.kit.page_settings import PageSettings, Problems, next_seed
from dashboard.kit.parts import changed
from dashboard.kit.words import say
from dashboard.lessons.lstm_cell import compute as cells
from dashboard.lessons.lstm_cell import view
from dashboard.lessons.lstm_cell.settings import CELL, COMPUTED, HELD_AT, MOST_STEPS, MOST_UNITS, CellSettings

PAGE = "lstm-cell"
KEEPER = PageSettings(PAGE, CELL, droppable=("text",))
GATES = ("f", "i", "o")
HOLDS = {f"{gate} = {value}": (gate, value) for gate in GATES for value in HELD_AT if value != COMPUTED}
"""By what it says, each way to hold a gate."""
NETWORKS = {"trained": "Trained", "fresh": "Fresh"}
SPANS = {"there": "at this word only", "onwards": "from this word on"}
LONGEST = 200  # characters of the sentence
key = KEEPER.key


FOLDS = {
    "deeper-lstm-cell-steps": (
        *("text", "network", "D", "H", "scheme", "gain", "forget_bias", "seed"),
        *("hold_f", "hold_i", "hold_o", "at", "span", "only"),
    ),
    "deeper-lstm-cell-operations": ("a", "b"),
}
"""By the key of a fold, the settings whose controls stand in it."""


def start() -> tuple[CellSettings, Problems]:
    """The settings as the page opens, and what is wrong with its link.

    A step in the link is that of the beats where it names a beat; links from before them mean the nine steps' own.
    """
    steps = "deeper-lstm-cell-steps"
    folds = FOLDS if "beat" in st.query_params else {**FOLDS, steps: (*FOLDS[steps], "t")}
    return lesson.start(KEEPER, folds, alive="text", admit=cells.admitted)


def pair() -> tuple[str, str]:
    """The two names of the text that the beats are about."""
    settings = KEEPER.collect()
    return settings.first, settings.second


def names() -> None:
    """Draw the choice of the two names; who was the other one makes room."""
    with st.container(horizontal=True, gap="large"):
        for name, label in (("first", "About whom first"), ("second", "About whom then")):
            KEEPER.choice(label, name, {each: each for each in ContextSwitch.classes}, partial(_apart, name))


def _apart(name: str) -> None:
    """Two names are never the same: the one that was not touched takes what the other had."""
    before: CellSettings = st.session_state[key("settings")]
    if st.session_state[key("first")] == st.session_state[key("second")]:
        KEEPER.write(**{"first" if name == "second" else "second": getattr(before, name)})


def told_in_numbers() -> CellSettings:
    """What the words about the sentence of one's own depend on."""
    return replace(KEEPER.collect(), a=CELL.a, b=CELL.b, t=0, first=CELL.first, second=CELL.second)


def typed() -> tuple[str, str]:
    """The sentence, and which network reads it."""
    settings = KEEPER.collect()
    return settings.text, settings.network


def vectors() -> tuple[str, str]:
    """The two vectors as typed."""
    settings = KEEPER.collect()
    return settings.a, settings.b


def shown() -> cells.Cell:
    """The cell on that sentence; where it cannot be run, the words are about the lesson's own."""
    try:
        return cells.cell(told_in_numbers())
    except InputError:  # said in place of the figure
        return cells.cell(CELL)


def reporting(settings: CellSettings) -> AbstractContextManager[None]:
    """Where the sentence cannot be read, say why in place of what would stand here, with ways out."""
    fresh: Ways = {"Read it with a fresh network": lambda: KEEPER.write(network="fresh")}
    fits = settings.network == "trained" and settings.text.strip()
    ways = {**KEEPER.back("Back to the lesson's sentence"), **(fresh if fits else {})}
    return part("The cell", {label: changed(way) for label, way in ways.items()}, tall=True)


def chosen(settings: CellSettings) -> dict[str, Any]:
    """What the figure keeps in the address: the word, the sub-step, the open gate and its unit."""
    numbers = {name: st.query_params.get(name, "") for name in ("substep", "unit")}
    read = {name: int(text) for name, text in numbers.items() if text.isdecimal() and len(text) < 3}
    return read | {"gate": st.query_params.get("gate", "")[:1], "t": _word() or settings.t}


def _word() -> int:
    """The word that is chosen in the figure, which writes it into the address; 0 if none is."""
    text = st.query_params.get("word", "")
    return int(text) if text.isdecimal() and 1 <= int(text[:3]) <= MOST_STEPS else 0


def sentence() -> None:
    """Draw the sentence and which network reads it."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="cell-sentence"):
        st.text_input("Sentence", **KEEPER.setting("text"), max_chars=LONGEST, width=520)
        KEEPER.choice("Network", "network", NETWORKS)


def network(settings: CellSettings) -> str:
    """Which network is on the screen, and how usual it is."""
    if settings.network == "fresh":
        return say(PAGE, "network")
    return f"{model_card.line(cells.trained())} {say(PAGE, 'network-trained')}"


def _reset() -> None:
    now = KEEPER.collect()
    KEEPER.take(replace(CELL, first=now.first, second=now.second, a=now.a, b=now.b))


def _redraw() -> None:
    settings = KEEPER.collect()
    KEEPER.take(replace(settings, seed=next_seed(settings.seed)))


def bench(settings: CellSettings, shown: cells.Cell) -> None:
    """Draw what is set on the cell: gates held by hand, where, and what a fresh network is made from."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="cell-gates"):
        st.session_state[key("held")] = [name for name, held in HOLDS.items() if held in _held(settings)]
        st.pills(
            say(PAGE, "gates"),
            list(HOLDS),
            selection_mode="multi",
            wrap=True,
            key=key("held"),
            on_change=changed(partial(_hold, settings)),
            help="\n\n".join(f"{say(PAGE, f'gate-{g}')}: {KEEPER.help(f'hold_{g}')['help']}" for g in GATES),
        )
        units = {-1: "all"} | {k: str(k) for k in range(shown.H)}
        st.session_state[key("at")] = min(settings.at, shown.T)
        if settings.only not in units:
            st.session_state[key("only")] = -1
        with st.popover("Held where", width="content", key=key("where"), on_change="rerun") as where:
            if where.open:
                _where(dict(enumerate(shown.labels, 1)), units)
        if settings.network == "fresh":
            _fresh()


def _fresh() -> None:
    """Draw what a fresh network is made from."""
    st.button("Other weights", on_click=changed(_redraw), key=key("draw"))
    with st.popover("Size and bias", width="content", key=key("size"), on_change="rerun") as size:
        if size.open:
            st.segmented_control("Units $H$", range(1, MOST_UNITS + 1), **KEEPER.setting("H"), required=True)
            st.slider("Bias of the forget gate $b_f$", -3.0, 5.0, step=0.5, **KEEPER.setting("forget_bias"))
            st.button("Back to the lesson's network", on_click=changed(_reset), key=key("reset"))


def _where(labels: dict[int, str], units: dict[int, str]) -> None:
    """Draw at which word, how long and for which units gates are held."""
    st.selectbox("Word", list(labels), format_func=lambda t: f"{t}  {labels[t]}", **KEEPER.setting("at"), width=240)
    KEEPER.choice("How long", "span", SPANS)
    st.segmented_control("Units", list(units), format_func=units.__getitem__, **KEEPER.setting("only"), required=True)


def _held(settings: CellSettings) -> list[tuple[str, str]]:
    """The gates that are held, each with its value."""
    found = ((gate, str(getattr(settings, f"hold_{gate}"))) for gate in GATES)
    return [(gate, value) for gate, value in found if value != COMPUTED]


def _hold(before: CellSettings) -> None:
    """Hold what was chosen: of two values for one gate the new one; the first gate at the figure's word."""
    was = _held(before)
    chosen = [HOLDS[name] for name in st.session_state[key("held")]]
    now = dict(sorted(chosen, key=lambda held: held not in was))  # what is new comes last, and stays
    KEEPER.write(**{f"hold_{gate}": now.get(gate, COMPUTED) for gate in GATES})
    if not was and (t := _word()):
        KEEPER.write(at=t)


def playground() -> None:
    """Draw the three operations on two vectors that can be typed."""
    with st.container(horizontal=True, gap="small", key="cell-vectors"):
        st.text_input("First vector", **KEEPER.setting("a"), max_chars=LONGEST)
        st.text_input("Second vector", **KEEPER.setting("b"), max_chars=LONGEST)
    settings = KEEPER.collect()
    KEEPER.publish(settings)
    with st.container(key="cell-operations"), part("The three operations"):
        found = pointwise(vector("first", settings.a), vector("second", settings.b))
        if unequal := view.unequal(found):
            st.info(unequal)
        st.markdown(view.operations(found))
