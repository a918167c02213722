"""The controls of the lesson beside the small network's own: the learning rate, and a weight to nudge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from core import model
from dashboard.figure import figure, power
from dashboard.kit.network.compute import Small
from dashboard.kit.network.controls import NETWORK, key
from dashboard.kit.run.settings import Settings
from dashboard.kit.words import say
from dashboard.lessons.bptt import compute, view


def opened() -> dict[str, Any]:
    """What the figure keeps in the address besides its stage: the opened entry and the truncation window."""
    window = st.query_params.get("window", "")
    return {
        "entry": st.query_params.get("entry", "")[:20],
        "window": int(window) if window.isdecimal() and len(window) < 4 else 0,
    }


def learning_rate(settings: Settings) -> None:
    """Draw the learning rate of the update."""
    st.slider(
        "Learning rate $α$", 0.05, max(5.0, float(np.ceil(settings.lr))), step=0.05, **NETWORK.setting("lr"), width=420
    )


def gradient_check(network: Callable[[], Small]) -> None:
    """Draw the gradient check: one weight is nudged, its slope measured and compared.

    Args:
        network: Gives the network that is on the screen by then.
    """
    shown = network()
    st.markdown(say("bptt", "nudge"))
    arrays = model.parameters(shown.model)
    places = {
        f"{name}[{','.join(map(str, index))}]": (name, index)
        for name, array in arrays.items()
        for index in np.ndindex(array.shape)
    }
    chosen = key("nudged")
    if st.session_state.get(chosen) not in places:
        st.session_state[chosen] = "W_h[0,1]" if "W_h[0,1]" in places else "W_h[0,0]"
    st.session_state.setdefault(key("epsilon"), -5)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        place = st.selectbox(
            "Weight", list(places), key=chosen, persist_state="session", width=170, **NETWORK.help("nudged")
        )
        exponent = st.select_slider(
            "Nudge $ε$", compute.EXPONENTS, format_func=power, key=key("epsilon"), persist_state="session",
            width=420, **NETWORK.help("epsilon"),
        )  # fmt: skip
    nudged = compute.nudge(shown, *places[place], exponent)
    with st.container(key="finding-nudge"):
        st.markdown(view.nudge_finding(nudged, exponent))
    figure(view.nudge(nudged, exponent), key="nudge")
