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

KEEPER = PageSettings("lstm-cell", CELL, droppable=("text",))
GATES = ("f", "i", "o")
VALUES = {value: "as computed" if value == COMPUTED else value for value in HELD_AT}
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


def network_and_sentence() -> CellSettings:
    """The same without what is held."""
    free = replace(told_in_numbers(), at=CELL.at, span=CELL.span, only=CELL.only)
    return replace(free, hold_f=COMPUTED, hold_i=COMPUTED, hold_o=COMPUTED)


def typed() -> CellSettings:
    """What the row with the sentence shows: which weights were drawn is not to be seen there."""
    return replace(network_and_sentence(), seed=CELL.seed)


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
    ways: Ways = {"Read it with a fresh network": lambda: KEEPER.write(network="fresh")}
    ways = ways if settings.network == "trained" and settings.text.strip() else {}
    return part("The cell", {**KEEPER.back("Back to the lesson's sentence"), **ways}, tall=True)


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
    """Draw the sentence and what the network is made from."""
    settings = KEEPER.collect()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="cell-sentence"):
        st.text_input("Sentence", **KEEPER.setting("text"), max_chars=LONGEST, width=520)
        KEEPER.choice("Network", "network", NETWORKS)
        if settings.network == "trained":
            return
        st.button("Other weights", on_click=changed(_redraw), key=key("draw"))
        with st.popover("Size and bias", width="content", key=key("size"), on_change="rerun") as size:
            if size.open:
                st.segmented_control("Units $H$", range(1, MOST_UNITS + 1), **KEEPER.setting("H"), required=True)
                st.slider("Bias of the forget gate $b_f$", -3.0, 5.0, step=0.5, **KEEPER.setting("forget_bias"))
                st.button("Back to the lesson's network", on_click=changed(_reset), key=key("reset"))


def network(settings: CellSettings) -> str:
    """Which network is on the screen, and how usual it is."""
    if settings.network == "fresh":
        return say("lstm-cell", "network")
    return f"{model_card.line(cells.trained())} {say('lstm-cell', 'network-trained')}"


def _reset() -> None:
    now = KEEPER.collect()
    KEEPER.take(replace(CELL, first=now.first, second=now.second, a=now.a, b=now.b))


def _redraw() -> None:
    settings = KEEPER.collect()
    KEEPER.take(replace(settings, seed=next_seed(settings.seed)))


def gates(settings: CellSettings, shown: cells.Cell) -> None:
    """Draw the gates' controls: as computed, or held by hand at a word."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium", key="cell-gates"):
        for gate in GATES:
            KEEPER.choice(
                say("lstm-cell", f"gate-{gate}"),
                f"hold_{gate}",
                VALUES,
                partial(_begin, cells.holds_any(settings)),
            )
        units = {-1: "all"} | {k: str(k) for k in range(shown.H)}
        st.session_state[key("at")] = min(settings.at, shown.T)
        if settings.only not in units:
            st.session_state[key("only")] = -1
        with st.popover("Held where", width="content", key=key("where"), on_change="rerun") as where:
            if where.open:
                _where(dict(enumerate(shown.labels, 1)), units)


def _where(labels: dict[int, str], units: dict[int, str]) -> None:
    """Draw at which word, how long and for which units gates are held."""
    st.selectbox("Word", list(labels), format_func=lambda t: f"{t}  {labels[t]}", **KEEPER.setting("at"), width=240)
    KEEPER.choice("How long", "span", SPANS)
    st.segmented_control("Units", list(units), format_func=units.__getitem__, **KEEPER.setting("only"), required=True)
    st.button("Let all gates go", on_click=changed(_let_go), key=key("let-go"))


def _begin(already: bool) -> None:
    """The first gate to be held is held at the word that is chosen in the figure."""
    if not already and (t := _word()):
        KEEPER.write(at=t)


def _let_go() -> None:
    KEEPER.write(**{f"hold_{gate}": COMPUTED for gate in GATES})


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
