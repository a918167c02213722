"""The weights: shown, set by hand while the table is small, or taken from the learner's own PyTorch model."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from core import model
from core.errors import InputError
from core.lstm import GATES
from core.model import Model
from core.params import Array
from dashboard import compute, torch_weights
from dashboard.compute import NAMES, Sequence
from dashboard.controls import key, write
from dashboard.settings import Edit, Settings
from dashboard.words import say

EDITABLE = 1_024
LARGEST_EDIT = 1e6


def panel(settings: Settings, sequence: Sequence, models: Mapping[str, Model], *, trained: bool) -> None:
    """Draw the weights of the models shown."""
    left, right = st.columns([1, 2])
    with left:
        kind = settings.kinds[0]
        if len(settings.kinds) > 1:
            kind = st.segmented_control(
                "Model",
                settings.kinds,
                format_func=NAMES.__getitem__,
                key=key("weights-of"),
                default=kind,
                required=True,
            )
        arrays = model.parameters(models[kind])
        name = st.segmented_control("Array", list(arrays), key=key("weights-array"), default="W_h", required=True)
    with right:
        st.file_uploader(
            "Weights of your own PyTorch RNN or LSTM (.npz)", type=["npz"], key=key("npz"), max_upload_size=5,
            help=say("inspector", "own-weights"), on_change=_take_npz, args=(settings, sequence),
        )  # fmt: skip
    _table(settings, kind, name, arrays[name], columns=sequence.columns, locked=trained)
    if trained:
        st.caption(say("inspector", "weights-trained"))
        st.button(
            "Start from these weights", on_click=write, kwargs={"uploaded": dict(models), "edits": (), "steps": 0}
        )
    elif settings.edits or key("uploaded") in st.session_state:
        st.button("Back to the seed's weights", on_click=_reset)


def _table(settings: Settings, kind: str, name: str, array: Array, *, columns: tuple[str, ...], locked: bool) -> None:
    frame = labelled(kind, name, array, columns)
    if locked or array.size > EDITABLE:
        st.dataframe(frame, height=300 if len(frame) > 8 else "auto")
        if not locked:
            st.caption(f"{array.size:,} entries; tables up to {EDITABLE:,} can be edited.")
        return
    mine = [edit for edit in settings.edits if (edit.kind, edit.array) == (kind, name)]
    editor = key(f"weights-{kind}-{name}-{hash((settings, tuple(mine)))}")

    def take() -> None:
        edits = {(e.kind, e.array, e.index): e for e in settings.edits}
        for row, changes in st.session_state[editor]["edited_rows"].items():
            for column, value in changes.items():
                index = (
                    (list(frame.columns).index(column),)
                    if array.ndim == 1
                    else (row, list(frame.columns).index(column))
                )
                if value is not None:
                    edits[kind, name, index] = Edit(
                        kind, name, index, float(np.clip(value, -LARGEST_EDIT, LARGEST_EDIT))
                    )
        write(edits=tuple(edits.values()))

    st.data_editor(frame, key=editor, on_change=take, height=300 if len(frame) > 8 else "auto")


def labelled(kind: str, name: str, array: Array, inputs: tuple[str, ...]) -> pd.DataFrame:
    """An array with its rows and columns named: inputs, units, and for the LSTM the gate of each column."""
    rows = np.atleast_2d(array)
    H = rows.shape[1] if kind == "rnn" else rows.shape[1] // 4
    units = [f"{k + 1}" for k in range(H)] if kind == "rnn" else [f"{gate}{k + 1}" for gate in GATES for k in range(H)]
    outputs = [f"ŷ{k + 1}" for k in range(rows.shape[1])]
    heads = {
        "W_x": list(inputs),
        "W_h": [f"h{k + 1}" for k in range(len(rows))],
        "W_y": [f"h{k + 1}" for k in range(len(rows))],
    }
    return pd.DataFrame(rows, index=heads.get(name, [name]), columns=outputs if name in ("W_y", "b_y") else units)


def _take_npz(settings: Settings, sequence: Sequence) -> None:
    upload = st.session_state[key("npz")]
    if upload is None:
        return
    try:
        uploaded = torch_weights.read(upload.getvalue())
        D = len(uploaded.cell.W_x)
        if settings.source == "text" and settings.encoding == "embedding":
            write(D=D)
            sequence = compute.sequence(dataclasses.replace(settings, D=D))
        adopted = compute.adopt(uploaded, settings, sequence)
    except InputError as problem:
        write(notice=str(problem))
        return
    known = st.session_state.get(key("uploaded"), {})
    kept = {kind: other for kind, other in known.items() if other.cell.H == uploaded.cell.H}
    write(uploaded=kept | {uploaded.kind: adopted}, H=uploaded.cell.H, edits=(), steps=0)
    if uploaded.kind not in settings.kinds:
        write(cell="both")


def _reset() -> None:
    st.session_state.pop(key("uploaded"), None)
    write(edits=())
