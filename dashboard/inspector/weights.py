"""The weights: shown, set by hand while the table is small, or taken from the learner's own PyTorch model."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Literal

import numpy as np
import pandas as pd
import streamlit as st

from core import gru, model
from core.errors import InputError
from core.lstm import GATES
from core.model import Model
from core.params import Array
from dashboard.inspector import brought, train
from dashboard.inspector.controls import (
    INSPECTOR,
    collect,
    forget_weights,
    is_open,
    key,
    own_weights,
    start,
    which,
    write,
)
from dashboard.kit.page_settings import digest
from dashboard.kit.parts import changed
from dashboard.kit.run import learning
from dashboard.kit.run.compute import Sequence
from dashboard.kit.run.own import columns
from dashboard.kit.run.running import Part
from dashboard.kit.run.settings import MAX_WEIGHT, Edit, Settings
from dashboard.kit.words import say

OPEN = "weights-open"
EDITABLE = 1_024
TALL = 300


def draw() -> None:
    """Draw the section, closed at first, where there are networks."""
    settings = collect()
    with suppress(InputError):  # said in place of the figure
        sequence, initial = start(settings)
        with st.expander("Weights", on_change="rerun", key=key(OPEN), type="compact") as opened:
            if opened.open:
                models = train.weights(settings, sequence, initial)
                _panel(settings, sequence, models, trained=models is not initial)


def shows() -> object:
    """Whether there are networks, and which where the section is open."""
    settings = collect()
    with suppress(InputError):
        start(settings)
        return (settings, tuple(own_weights().items())) if is_open(OPEN) else None
    return "nothing"


def _panel(settings: Settings, sequence: Sequence, models: Mapping[str, Model], *, trained: bool) -> None:
    left, right = st.columns([1, 2])
    with left:
        kind = which(settings, "weights-of")
        arrays = model.parameters(models[kind])
        shown = models[kind]
        if isinstance(shown, Part) and not shown.is_read:
            arrays = {name: arrays[name] for name in ("W_x", "W_h", "b")}
        name = st.segmented_control(
            "Array", list(arrays), key=key("weights-array"), default="W_h", required=True,
            **INSPECTOR.help("weights-array"),
        )  # fmt: skip
    with right:
        brought.uploader("npz")
    _table(settings, shown, name, arrays[name], columns=_inputs(kind, sequence), locked=trained)
    if trained:
        st.caption(say("inspector", "weights-trained"))
        st.button("Start from these weights", on_click=changed(_take_models), args=(models,), key=key("take-weights"))
    elif settings.edits or own_weights():
        st.button("Back to the seed's weights", on_click=changed(forget_weights), key=key("forget-below"))


def _inputs(kind: str, sequence: Sequence) -> tuple[str, ...]:
    """What to call the numbers that the layer shown reads."""
    own = own_weights().get(kind)
    return (columns(own) if own is not None else ()) or sequence.columns


def _table(
    settings: Settings, shown: Model, name: str, array: Array, *, columns: tuple[str, ...], locked: bool
) -> None:
    kind = shown.kind
    frame = labelled(kind, name, array, columns, biases=len(shown.cell.b) // shown.cell.H)
    height: Literal["auto"] | int = TALL if len(frame) > 8 else "auto"
    numbers = {column: st.column_config.NumberColumn(format="%.4f", width=76) for column in frame.columns}
    if locked or array.size > EDITABLE:
        st.dataframe(frame, height=height, column_config=numbers, key=key("weights-shown"))
        if not locked:
            st.caption(f"{array.size:,} entries; tables up to {EDITABLE:,} can be edited.")
        return
    # An edit makes a new table: the editor would otherwise lay its old edits over newer ones.
    editor = key(f"weights-{digest(kind, name, settings)}")

    def take() -> None:
        edits = {(e.kind, e.array, e.index): e for e in settings.edits}
        for row, changes in st.session_state[editor]["edited_rows"].items():
            for head, value in changes.items():
                column = list(frame.columns).index(head)
                index = (column,) if array.ndim == 1 else (row, column)
                if value is not None:
                    kept = float(np.clip(value, -MAX_WEIGHT, MAX_WEIGHT))
                    edits[kind, name, index] = Edit(kind, name, index, kept)
        write(edits=tuple(edits.values()))

    st.data_editor(frame, key=editor, on_change=changed(take), height=height, column_config=numbers)


def labelled(kind: str, name: str, array: Array, inputs: tuple[str, ...], *, biases: int = 4) -> pd.DataFrame:
    """An array with its rows and columns named: inputs, units, and for LSTM and GRU the gate of each column.

    ``biases`` is how many blocks a GRU's b has: 4, or 3 where the reset comes before the product.
    """
    rows = np.atleast_2d(array)
    gates = {"rnn": ("",), "lstm": GATES, "gru": gru.GATES}[kind]
    if kind == "gru" and name == "b" and biases == 4:
        gates = (*gru.GATES, "u")
    H = rows.shape[1] // len(gates)
    units = [f"{gate}{k}" for gate in gates for k in range(H)]
    outputs = [f"ŷ{k}" for k in range(rows.shape[1])]
    heads = {
        "W_x": list(inputs),
        "W_h": [f"h{k}" for k in range(len(rows))],
        "W_y": [f"h{k}" for k in range(len(rows))],
    }
    index = pd.Index(heads.get(name, [""]), name=name)
    return pd.DataFrame(rows, index=index, columns=outputs if name in ("W_y", "b_y") else units)


def _take_models(models: Mapping[str, Model]) -> None:
    """Make trained weights the ones the network starts from, to change them by hand."""
    own = own_weights()
    write(own={kind: learning.as_own(shown, own.get(kind)) for kind, shown in models.items()}, edits=())
