"""The equations of the networks shown, each beside the line of `core` that computes it."""

from __future__ import annotations

import streamlit as st

from core.equations import LATEX, source_line
from dashboard.inspector.controls import collect, is_open, key, which
from dashboard.kit.run.settings import Settings
from dashboard.kit.words import say

OPEN = "equations-open"
DIRECTIONS = {"F": "Forward", "B": "Backward"}


def draw() -> None:
    """Draw the section, closed at first."""
    with st.expander("Equations", on_change="rerun", key=key(OPEN), type="compact") as opened:
        if opened.open:
            _panel(collect())


def shows() -> object:
    """Which network's equations there are to choose from, where the section is open."""
    return collect().kinds if is_open(OPEN) else None


def _panel(settings: Settings) -> None:
    """Draw the equations of one network: forward, then backward, with its read-out and loss."""
    kind = which(settings, "equations-of")
    st.caption(say("inspector", "equations"))
    for letter, direction in DIRECTIONS.items():
        st.subheader(direction, anchor=False)
        for module in (kind, "model") if letter == "F" else ("model", kind):
            for tag in LATEX:
                if tag.startswith(f"{module}.{letter}"):
                    _equation(tag)


def _equation(tag: str) -> None:
    number, formula, line = st.columns([1, 5, 7], vertical_alignment="center")
    number.caption(tag.partition(".")[2])
    formula.latex(LATEX[tag])
    line.code(source_line(tag), language="python", wrap_lines=True)
