"""The controls of the lesson on vanishing and exploding gradients."""

from __future__ import annotations

import streamlit as st

from core.model import READOUTS
from dashboard.kit.page_settings import PageSettings
from dashboard.lessons.gradients import sentences as words
from dashboard.lessons.gradients import view
from dashboard.lessons.gradients.cards import cards
from dashboard.lessons.gradients.compute import cards as found_cards
from dashboard.lessons.gradients.settings import ACTIVATIONS, CASES, FlowSettings

PAGE = PageSettings("gradients", FlowSettings())
ALIVE = "advanced"
WHERE = {"last": "At the last step", "every": "At every step"}


def live(settings: FlowSettings) -> None:
    """Draw what stands above the figure: the presets, the length and the activation."""
    cards(
        view.cards(found_cards(settings), settings.preset),
        label="Network",
        key=PAGE.key("cards"),
        on_pick=lambda name: PAGE.write(preset=name),
    )
    steps, activation = st.columns(2, gap="large")
    with steps:
        st.slider("Steps $T$", 10, 100, **PAGE.setting("T"))
    with activation:
        PAGE.choice("Activation in detail", "activation", ACTIVATIONS)


def advanced(settings: FlowSettings) -> None:
    """Draw the folded settings."""
    with st.expander(words.summary(settings), on_change="rerun", key=PAGE.key(ALIVE), type="compact"):
        first, second, third = st.columns(3)
        first.number_input("Seed", 0, 999_999, **PAGE.setting("seed"))
        second.number_input("Units $H$", 2, 32, **PAGE.setting("H"))
        third.number_input("Inputs $x$, times", 0.0, 10.0, step=0.1, format="%g", **PAGE.setting("inputs"))
        PAGE.choice("Loss", "readout", {name: WHERE[name] for name in READOUTS})


def lab() -> None:
    """Draw the clipping lab's controls: the gradient, the learning rate and the two limits."""
    PAGE.choice("Gradient", "case", CASES, label_visibility="collapsed")
    first, second, third, _ = st.columns([2, 2, 2, 3])
    first.number_input("Learning rate", 1e-6, 10.0, step=0.01, format="%g", **PAGE.setting("lr"))
    second.number_input("Clip each value to ±", 1e-6, 1e6, step=0.5, format="%g", **PAGE.setting("limit"))
    third.number_input("Clip the norm to", 1e-6, 1e6, step=0.5, format="%g", **PAGE.setting("max_norm"))
