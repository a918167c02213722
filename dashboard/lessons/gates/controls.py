"""The controls of the lesson on gates at work, all of which stand in its folds."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from dashboard.kit import lesson
from dashboard.kit.page_settings import PageSettings
from dashboard.lessons.gates.settings import BEFORE, GAINS, LINKED, MOST_GAP, NETWORKS, SECONDS, GatesSettings

PAGE = PageSettings("gates", GatesSettings())
ALIVE = "advanced"
FOLDS = {
    "deeper-gates-others": ("network", "second", "gap", "bias", "seed"),
    "deeper-gates-bias": ("held",),
    "deeper-gates-exploding": ("gain",),
}
"""By the key of a fold, the settings whose controls stand in it."""


def start() -> tuple[str, ...]:
    """Bring the settings of the folds in step with the link, and open the folds that it sets something of.

    Returns:
        What could not be read in the link.
    """
    if BEFORE in st.query_params:  # a link of the first edition
        st.query_params[LINKED] = st.query_params[BEFORE]
        del st.query_params[BEFORE]
    return lesson.start(PAGE, FOLDS, alive=ALIVE)[1]


def shown() -> GatesSettings:
    """The settings as they stand, less those of the other two folds: what the network and its text depend on."""
    return replace(PAGE.collect(), held=PAGE.base.held, gain=PAGE.base.gain)


def text() -> tuple[str, int]:
    """What the change of subject depends on: the second subject and the filler."""
    settings = PAGE.collect()
    return settings.second, settings.gap


def live(settings: GatesSettings) -> None:
    """Draw what stands on the figure: the network, the second subject, the filler, and a fresh network's bias."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key=PAGE.key("line")):
        PAGE.choice("Network", "network", NETWORKS)
        PAGE.choice("Second sentence about", "second", SECONDS)
        st.slider("Words of filler", 0, MOST_GAP, **PAGE.setting("gap"), width=170)
        if settings.network == "fresh":
            st.slider("Forget bias $b$", 0.0, 5.0, step=0.1, format="%g", **PAGE.setting("bias"), width=170)


def advanced() -> None:
    """Draw the folded settings; a label that changed would close the fold."""
    with st.expander(
        "Advanced: the seed of fresh networks", on_change="rerun", key=PAGE.key(ALIVE), type="compact"
    ) as section:
        if not section.open:
            return
        st.number_input("Seed", 0, 999_999, **PAGE.setting("seed"), width=160)
        st.caption("Seed 0 is the trained network as it was before its training.")


def held() -> None:
    """Draw the forget bias whose memory is measured."""
    st.slider(
        "Forget bias $b$ of the measured network", 0.0, 5.0, step=0.1, format="%g", **PAGE.setting("held"), width=420
    )


def gain() -> None:
    """Draw the factor on W_h where gradients explode."""
    PAGE.choice("$W_h$", "gain", GAINS)
