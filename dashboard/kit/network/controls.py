"""The controls of the small network: its choices, any one number by slider, all numbers in tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from core import model
from core.errors import InputError
from dashboard.kit import boundary, lesson
from dashboard.kit.boundary import Ways
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL, Small
from dashboard.kit.page_settings import PageSettings, Problems, digest, next_seed
from dashboard.kit.parts import changed, part
from dashboard.kit.run.settings import Settings
from dashboard.kit.words import say

CONTROLLED = ("activation", "loss", "readout", "target", "lr")
NETWORK = PageSettings("network", SMALL, droppable=("numbers", "edits", "target"), controlled=CONTROLLED)
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
def reporting(settings: Settings) -> Iterator[None]:
    """Where the network cannot be run, say why in place of what would stand here, with ways back and to the Inspector.

    Args:
        settings: Of the network.
    """
    sound = st.session_state.get(key("sound"))
    undo: Ways = {"Take the last change back": lambda: NETWORK.take(sound)} if sound is not None else {}
    ways = {**undo, **NETWORK.back("Back to the lesson's numbers")}
    with boundary.part("The network", ways, tall=True, beside=partial(lesson.way_into_inspector, settings)):
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
        NETWORK.change(network.with_readout)


def one_number(small: Small) -> None:
    """Draw a slider for any one number of the network."""
    numbers = network.entries(small.settings, small.model)
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
        NETWORK.change(lambda settings: network.with_value(settings, name, st.session_state[slider]))

    st.slider(name, -reach, reach, step=0.05, key=slider, on_change=changed(take), width=260, label_visibility="hidden")


def everything(page: str) -> None:
    """Draw the fold with all numbers, closed at first: sizes, inputs, target and weights, as tables.

    Each table is a part of its own: a number that changes elsewhere draws the table it stands in, and no other.
    """
    opens = key(f"{page}-all")

    def shows() -> object:
        return _sizes_now() if st.session_state.get(opens) else None

    part(f"{page}.everything", partial(_everything, page, opens), shows=shows, what="All numbers")


def _everything(page: str, opens: str) -> None:
    title, looks = lesson.title_of(say("network", "deeper-all")), st.container(key=lesson.fold_key(page, "all"))
    with looks, st.expander(title, on_change="rerun", key=opens, type="compact") as section:
        if not section.open or (shown := _shown()) is None:  # what cannot be run is said in place of the figure
            return
        st.caption(say("network", "all-numbers"))
        part(f"{page}.sizes", _sizes, shows=_sizes_now, what="The sizes")
        left, right = st.columns([3, 4], gap="medium")
        with left:
            part(f"{page}.inputs", _inputs, shows=partial(_written, "x"), what="The inputs")
            part(f"{page}.target", _target, shows=lambda: NETWORK.collect().target, what="The target")
        with right:
            for name in model.parameters(shown.model):
                part(
                    f"{page}.{name}", partial(_array, name), shows=partial(_written, name), what=f"The table of {name}"
                )
        with st.container(horizontal=True):
            st.button("Draw other weights", on_click=changed(_redraw), key=key("draw"))
            st.button("Back to the lesson's numbers", on_click=changed(NETWORK.take), args=(SMALL,), key=key("reset"))


def _shown() -> Small | None:
    with suppress(InputError):
        return network.small(NETWORK.collect())
    return None


def _sizes_now() -> dict[str, int] | None:
    """Steps, inputs, units and outputs; None where the network cannot be run."""
    shown = _shown()
    return None if shown is None else dict(zip(("T", "D", "H", "O"), (shown.T, *shown.model.sizes), strict=True))


def _numbers(name: str) -> np.ndarray | None:
    """The inputs (T, D) under "x", or the array of that name."""
    shown = _shown()
    if shown is None:
        return None
    return shown.sequence.x[:, 0] if name == "x" else model.parameters(shown.model)[name]


def _written(name: str) -> object:
    numbers = _numbers(name)
    return None if numbers is None else numbers.tolist()


def _redraw() -> None:
    NETWORK.change(lambda settings: replace(settings, seed=next_seed(settings.seed), edits=()))


def _sizes() -> None:
    now = _sizes_now()
    if now is None:
        return
    most = {"T": network.MOST_STEPS, "D": network.MOST_INPUTS, "H": network.MOST_UNITS}
    labels = {"T": "Steps $T$", "D": "Inputs $D$", "H": "Units $H$"}
    helps = {"T": "steps", "D": "inputs", "H": "units"}
    fields_of: dict[str, str] = {name: key(f"size-{name}") for name in most}

    def take() -> None:
        T, D, H = (st.session_state[fields_of[name]] for name in most)
        NETWORK.change(lambda settings: network.resized(settings, T, D, H))

    for column, name in zip(st.columns(3), most, strict=True):
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


def _target() -> None:
    st.text_input("Target $y$", **NETWORK.setting("target"), max_chars=200, help=say("network", "target"))


def _inputs() -> None:
    x = _numbers("x")
    if x is None:
        return
    steps = pd.Index([f"t = {t}" for t in range(1, len(x) + 1)], name="step")
    frame = pd.DataFrame(x, columns=[f"x[{k}]" for k in range(x.shape[1])], index=steps)

    def take(edited: np.ndarray) -> None:
        NETWORK.change(lambda settings: network.with_inputs(settings, edited))

    _table(frame, digest("x", x.tolist()), take)


def _array(name: str) -> None:
    array = _numbers(name)
    if array is None:
        return
    values = np.atleast_2d(array)
    into = "ŷ" if name in ("W_y", "b_y") else "a"
    rows = [f"{HEADS[name]}[{k}]" for k in range(len(values))] if name in HEADS else [""]
    columns = [f"{into}[{k}]" for k in range(values.shape[1])]
    frame = pd.DataFrame(values, columns=columns, index=pd.Index(rows, name=name))

    def take(edited: np.ndarray) -> None:
        NETWORK.change(lambda settings: network.with_array(settings, name, edited.reshape(array.shape)))

    _table(frame, digest(name, array.tolist()), take)


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
