"""The controls of the lesson on vanishing and exploding gradients."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from core.model import READOUTS
from core.written import short
from dashboard.kit.page_settings import PageSettings
from dashboard.kit.parts import changed
from dashboard.kit.run.settings import Settings
from dashboard.lessons.gradients import view
from dashboard.lessons.gradients.cards import cards
from dashboard.lessons.gradients.compute import cards as found_cards
from dashboard.lessons.gradients.settings import ACTIVATIONS, CASES, RATES, FlowSettings

PAGE = PageSettings("gradients", FlowSettings())
ALIVE = "advanced"
TOLD = "gradients.rate-told"
"""In the session: what was said of the last learning rate."""
FOLDS = {
    "deeper-gradients-others": ("preset", "T", "activation", "seed", "H", "inputs", "readout"),
    "deeper-gradients-lab": ("case", "lr", "limit", "max_norm"),
}
"""By the key of a fold, the settings whose controls stand in it."""
WHERE = {"last": "At the last step", "every": "At every step"}


def network() -> FlowSettings:
    """The settings as they stand, less those of the clipping lab: what the folds about networks depend on."""
    base = PAGE.base
    return replace(PAGE.collect(), case=base.case, lr=base.lr, limit=base.limit, max_norm=base.max_norm)


def beside(network: Settings) -> Settings:
    """The same network with an LSTM beside it."""
    return replace(network, cell="both")


def live() -> None:
    """Draw the length and the activation of other networks."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="large"):
        st.slider("Steps $T$", 10, 100, **PAGE.setting("T"), width=420)
        PAGE.choice("Activation in detail", "activation", ACTIVATIONS)


def on_cards() -> FlowSettings:
    """What the cards show of the chosen network: neither its length nor its activation."""
    return replace(network(), T=PAGE.base.T, activation=PAGE.base.activation)


def drawn() -> None:
    """Draw the cards: how W_h is drawn."""
    settings = on_cards()
    cards(
        view.cards(found_cards(settings), settings.preset),
        label="Network",
        key=PAGE.key("cards"),
        on_pick=changed(lambda name: PAGE.write(preset=name)),
    )


def advanced() -> None:
    """Draw the folded settings; a label that changed would close the fold."""
    with st.expander("Seed, sizes and loss", on_change="rerun", key=PAGE.key(ALIVE), type="compact") as section:
        if not section.open:
            return
        with st.container(horizontal=True):
            st.number_input("Seed", 0, 999_999, **PAGE.setting("seed"))
            st.number_input("Units $H$", 2, 32, **PAGE.setting("H"))
            st.number_input("Inputs $x$, times", 0.0, 10.0, step=0.1, format="%g", **PAGE.setting("inputs"))
        PAGE.choice("Loss", "readout", {name: WHERE[name] for name in READOUTS})


def lab() -> None:
    """Draw the clipping lab's controls: the gradient, the learning rate and the two limits."""
    PAGE.choice("Gradient", "case", CASES, label_visibility="collapsed")
    with st.container(horizontal=True, gap="medium", key="lab-numbers"):
        st.number_input("Learning rate", step=0.01, format="%g", **PAGE.setting("lr", _within))
        st.number_input("Clip each value to ±", 1e-6, 1e6, step=0.5, format="%g", **PAGE.setting("limit"))
        st.number_input("Clip the norm to", 1e-6, 1e6, step=0.5, format="%g", **PAGE.setting("max_norm"))
    if told := st.session_state.get(TOLD):
        st.caption(told)


def _within() -> None:
    """Bring a learning rate that the lab cannot take to the nearest that it can, and say so."""
    asked, (least, most) = st.session_state[PAGE.key("lr")], RATES
    taken = min(max(asked, least), most)
    side = f"above {short(most)}, the most" if asked > most else f"below {short(least)}, the least"
    st.session_state[TOLD] = (
        f"{short(asked)} is {side} that the lab takes: it uses {short(taken)}." if taken != asked else ""
    )
    PAGE.write(lr=taken)
