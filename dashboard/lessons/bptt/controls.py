"""The controls beside the small network's own: where a loss stands, the learning rate, a weight to nudge."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from core import model
from core.errors import InputError
from dashboard.figure import figure, power
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import Small
from dashboard.kit.network.controls import NETWORK, READOUTS, key
from dashboard.kit.parts import changed
from dashboard.kit.run.settings import Settings
from dashboard.kit.words import say
from dashboard.lessons.bptt import compute, view

LOSSES = "bptt.losses"
"""In the session, and without its prefix in the link: whether a loss stands at "every" step, or at the "last" one."""


def settings() -> Settings:
    """What the network is set to here: a loss at every step, unless the learner wants the last one alone."""
    if LOSSES not in st.session_state:
        st.session_state[LOSSES] = "last" if st.query_params.get("losses") == "last" else "every"
    return compute.with_losses(NETWORK.collect(), st.session_state[LOSSES])


def shown() -> Small:
    """The network on the screen; where it cannot be run, the words below are about the lesson's own."""
    try:
        return network.small(settings())
    except InputError:  # said in place of the figure
        return network.small(compute.with_losses(network.SMALL, "every"))


def losses() -> None:
    """Draw the choice of where a loss stands."""

    def linked() -> None:
        if st.session_state[LOSSES] == "last":
            st.query_params["losses"] = "last"
        else:
            st.query_params.pop("losses", None)

    st.segmented_control(
        "A loss stands at",
        list(READOUTS)[::-1],
        format_func=READOUTS.__getitem__,
        key=LOSSES,
        persist_state="session",
        on_change=changed(linked),
        required=True,
    )


def opened() -> dict[str, Any]:
    """What the figure keeps in the address besides its stage: the opened entry and the truncation window."""
    window = st.query_params.get("window", "")
    return {
        "entry": st.query_params.get("entry", "")[:20],
        "window": int(window) if window.isdecimal() and len(window) < 4 else 0,
    }


def learning_rate() -> None:
    """Draw the learning rate of the update."""
    rate = NETWORK.collect().lr
    st.slider("Learning rate $α$", 0.05, max(5.0, float(np.ceil(rate))), step=0.05, **NETWORK.setting("lr"), width=420)


def gradient_check() -> None:
    """Draw the gradient check: one weight is nudged, its slope measured and compared."""
    small = shown()
    st.markdown(say("bptt", "nudge"))
    arrays = model.parameters(small.model)
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
    nudged = compute.nudge(small, *places[place], exponent)
    with st.container(key="finding-nudge"):
        st.markdown(view.nudge_finding(nudged, exponent))
    figure(view.nudge(nudged, exponent), key="nudge")
