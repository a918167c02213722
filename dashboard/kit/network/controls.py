"""The controls of the small network: its choices, any one number by slider, all numbers in tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import numpy as np
import pandas as pd
import streamlit as st

from core import model
from core.errors import InputError
from dashboard.kit.boundary import Ways, part
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL, Small
from dashboard.kit.page_settings import PageSettings, Problems, digest, next_seed
from dashboard.kit.parts import changed
from dashboard.kit.run.settings import Settings
from dashboard.kit.words import say

NETWORK = PageSettings("network", SMALL, droppable=("numbers", "edits", "target"))
ACTIVATIONS = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "Sigmoid", "identity": "None"}
OUTPUTS = {"bce": "Sigmoid", "softmax": "Softmax", "mse": "None"}
READOUTS = {"last": "Last step", "every": "Every step"}
HEADS = {"W_x": "x", "W_h": "h", "W_y": "h"}
REACH = 2.0  # of the slider to either side of zero
key = NETWORK.key


def start(page: str) -> tuple[Settings, Problems]:
    """The settings of the network as this page opens, and what is wrong with its link."""
    return NETWORK.restored(alive=f"{page}-all", admit=network.admitted)


@contextmanager
def reporting() -> Iterator[None]:
    """Where the network cannot be run, say why in place of what would stand here, with ways back."""
    sound = st.session_state.get(key("sound"))
    undo: Ways = {"Take the last change back": lambda: NETWORK.take(sound)} if sound is not None else {}
    with part("The network", {**undo, **NETWORK.back("Back to the lesson's numbers")}, tall=True):
        yield
        NETWORK.write(sound=st.session_state[key("settings")])  # not reached where something failed


def choices(settings: Settings, *names: str) -> None:
    """Draw some of the choices: "activation", "loss" (the output's function) or "readout"."""
    offered = {
        "activation": ("Activation $f$", ACTIVATIONS, ("identity",)),
        "loss": ("Output", OUTPUTS, ("mse",)),
        "readout": ("A loss stands at", READOUTS, ()),
    }
    for name in names:
        label, options, rare = offered[name]
        now = getattr(settings, name)
        shown = {k: v for k, v in options.items() if k not in rare or k == now}
        NETWORK.choice(label, name, shown, *([_retarget] if name == "readout" else []))


def _retarget() -> None:
    """A loss at every step wants a target for each; one at the last step wants one."""
    with suppress(InputError):
        NETWORK.take(network.with_readout(NETWORK.collect()))


def one_number(settings: Settings, shown: Small) -> None:
    """Draw a slider for any one number of the network."""
    numbers = network.entries(settings, shown.model)
    chosen = key("one")
    if st.session_state.get(chosen) not in numbers:
        st.session_state[chosen] = "x_1[0]"
    name = st.selectbox(
        "Change a number", list(numbers), key=chosen, persist_state="session", width=170, **NETWORK.help("one")
    )
    value = numbers[name]
    reach = max(REACH, np.ceil(abs(value)))
    slider = key(f"value-{name}-{reach:g}")
    st.session_state[slider] = round(float(value), 4)  # as Python rounds: of large numbers NumPy makes infinities

    def take() -> None:
        NETWORK.take(network.with_value(NETWORK.collect(), name, st.session_state[slider]))

    st.slider(name, -reach, reach, step=0.05, key=slider, on_change=changed(take), width=260, label_visibility="hidden")


def everything(page: str) -> None:
    """Draw the section with all numbers, closed at first: sizes, inputs, target and weights, as tables."""
    with st.expander("All numbers", on_change="rerun", key=key(f"{page}-all"), type="compact") as section:
        if not section.open:
            return
        settings = NETWORK.collect()
        try:
            shown = network.small(settings)
        except InputError:  # said in place of the figure
            return
        st.caption(say("network", "all-numbers"))
        _sizes(settings, shown)
        left, right = st.columns([3, 4], gap="medium")
        with left:
            _inputs(settings, shown)
            st.text_input("Target $y$", **NETWORK.setting("target"), max_chars=200, help=say("network", "target"))
        with right:
            for name, array in model.parameters(shown.model).items():
                _array(settings, name, array)
        with st.container(horizontal=True):
            st.button("Draw other weights", on_click=changed(_redraw), args=(settings,), key=key("draw"))
            st.button("Back to the lesson's numbers", on_click=changed(NETWORK.take), args=(SMALL,), key=key("reset"))


def shows(page: str) -> object:
    """What `everything` shows: the settings where it is open."""
    return NETWORK.collect() if st.session_state.get(key(f"{page}-all")) else None


def _redraw(settings: Settings) -> None:
    NETWORK.take(replace(settings, seed=next_seed(settings.seed), edits=()))


def _sizes(settings: Settings, shown: Small) -> None:
    now = {"T": shown.T, "D": shown.sequence.x.shape[2], "H": settings.H}
    most = {"T": network.MOST_STEPS, "D": network.MOST_INPUTS, "H": network.MOST_UNITS}
    labels = {"T": "Steps $T$", "D": "Inputs $D$", "H": "Units $H$"}
    helps = {"T": "steps", "D": "inputs", "H": "units"}
    fields_of: dict[str, str] = {name: key(f"size-{name}") for name in now}

    def take() -> None:
        T, D, H = (st.session_state[fields_of[name]] for name in now)
        NETWORK.take(network.resized(settings, T, D, H))

    for column, name in zip(st.columns(3), now, strict=True):
        st.session_state[fields_of[name]] = now[name]
        column.number_input(
            labels[name],
            1,
            most[name],
            step=1,
            key=fields_of[name],
            on_change=changed(take),
            **NETWORK.help(helps[name]),
        )


def _inputs(settings: Settings, shown: Small) -> None:
    x = shown.sequence.x[:, 0]
    steps = pd.Index([f"t = {t}" for t in range(1, len(x) + 1)], name="step")
    frame = pd.DataFrame(x, columns=[f"x[{k}]" for k in range(x.shape[1])], index=steps)
    _table(frame, digest("x", settings), lambda values: NETWORK.take(network.with_inputs(settings, values)))


def _array(settings: Settings, name: str, array: np.ndarray) -> None:
    values = np.atleast_2d(array)
    into = "ŷ" if name in ("W_y", "b_y") else "a"
    rows = [f"{HEADS[name]}[{k}]" for k in range(len(values))] if name in HEADS else [""]
    columns = [f"{into}[{k}]" for k in range(values.shape[1])]
    frame = pd.DataFrame(values, columns=columns, index=pd.Index(rows, name=name))
    _table(
        frame,
        digest(name, settings),
        lambda edited: NETWORK.take(network.with_array(settings, name, edited.reshape(array.shape))),
    )


def _table(frame: pd.DataFrame, version: str, take: Callable[[np.ndarray], None]) -> None:
    """A table of numbers that can be edited; an edit makes a new table, so that no old edit is laid over it."""
    editor = key(f"table-{version}")

    def edited() -> None:
        values = frame.to_numpy(copy=True)
        for row, cells in st.session_state[editor]["edited_rows"].items():
            for head, value in cells.items():
                if value is not None:
                    column = list(frame.columns).index(head)
                    values[row, column] = np.clip(value, -network.LARGEST, network.LARGEST)
        take(values)

    numbers = {name: st.column_config.NumberColumn(format="%.4g", width=72) for name in frame.columns}
    st.data_editor(frame, key=editor, on_change=changed(edited), column_config=numbers)
