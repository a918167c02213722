"""The controls beside the small network's own: where a loss stands, the learning rate, a weight to nudge."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import streamlit as st

from core import model
from core.errors import InputError
from dashboard.figure import power
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import Small
from dashboard.kit.network.controls import NETWORK, READOUTS, key
from dashboard.kit.parts import changed
from dashboard.kit.run.settings import Settings
from dashboard.lessons.bptt import compute

LOSSES = "bptt.losses"
"""In the session, and without its prefix in the link: whether a loss stands at "every" step, or at the "last" one."""


class Nudge(NamedTuple):
    """A weight by its array's name and its place in it, and the size of its nudge, a power of ten."""

    name: str
    at: tuple[int, ...]
    exponent: int


def settings(base: Settings | None = None) -> Settings:
    """What the network is set to here: a loss at every step, unless the learner wants the last one alone.

    Its learning rate is the lesson's own; the learner's is for one update, see `updating`.

    Args:
        base: The controls as they stand, where they have been read already.
    """
    if LOSSES not in st.session_state:
        st.session_state[LOSSES] = "last" if st.query_params.get("losses") == "last" else "every"
    return replace(compute.with_losses(base or NETWORK.collect(), st.session_state[LOSSES]), lr=network.SMALL.lr)


def updating() -> Settings:
    """The same with the learning rate of the fold on the update."""
    return replace(settings(), lr=NETWORK.collect().lr)


def shown(of: Callable[[], Settings] = settings) -> Small:
    """The network on the screen; where it cannot be run, the words below are about the lesson's own."""
    try:
        return network.small(of())
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


def nudge() -> Nudge:
    """Draw the choice of a weight and of the size of its nudge."""
    arrays = model.parameters(shown().model)
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
    return Nudge(*places[place], exponent)
