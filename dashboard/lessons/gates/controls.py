"""The controls of the lesson on gates at work."""

from __future__ import annotations

import streamlit as st

from dashboard.figure import figure
from dashboard.kit.boundary import part
from dashboard.kit.page_settings import PageSettings
from dashboard.lessons.gates import compute as gates_runs
from dashboard.lessons.gates import sentences as words
from dashboard.lessons.gates import view
from dashboard.lessons.gates.settings import GAINS, MOST_GAP, NETWORKS, SECONDS, GatesSettings

PAGE = PageSettings("gates", GatesSettings())
ALIVE = "advanced"


def step() -> int:
    """The step that the address asks for; 0 for none."""
    text = st.query_params.get("t", "")
    return int(text) if text.isdecimal() and len(text) < 4 else 0


def live(settings: GatesSettings) -> None:
    """Draw what stands on the figure: the network, the second subject, the filler, and a fresh network's bias."""
    with st.container(horizontal=True, gap="medium", vertical_alignment="bottom", key=PAGE.key("line")):
        PAGE.choice("Network", "network", NETWORKS)
        PAGE.choice("Second sentence about", "second", SECONDS)
        st.slider("Words of filler", 0, MOST_GAP, **PAGE.setting("gap"), width=170)
        if settings.network == "fresh":
            st.slider("Forget bias $b$", 0.0, 5.0, step=0.1, format="%g", **PAGE.setting("bias"), width=170)


def advanced(settings: GatesSettings) -> None:
    """Draw the folded settings."""
    label = f"Advanced: fresh networks from seed {settings.seed}"
    with st.expander(label, on_change="rerun", key=PAGE.key(ALIVE), type="compact"):
        st.number_input("Seed", 0, 999_999, **PAGE.setting("seed"), width=160)
        st.caption("Seed 0 is the trained network as it was before its training.")


@st.fragment
@part("The memory horizon", PAGE.back())
def horizon() -> None:
    """Draw memory against the forget bias; its slider runs nothing else of the page."""
    st.slider("Forget bias $b$ of the measured network", 0.0, 5.0, step=0.1, format="%g", **PAGE.setting("held"),
              width=420)  # fmt: skip
    settings = PAGE.collect()
    PAGE.publish(settings)
    found = gates_runs.measured(settings.held, settings.seed)
    figure(view.horizon(found, settings.seed), key="gates-horizon")
    st.markdown(words.horizon_note(found))


@st.fragment
@part("The exploding network", PAGE.back())
def explosion() -> None:
    """Draw the gradients of an LSTM with large recurrent weights."""
    PAGE.choice("$W_h$", "gain", GAINS)
    settings = PAGE.collect()
    PAGE.publish(settings)
    found = gates_runs.exploding(float(settings.gain), settings.seed)
    figure(view.explosion(found), key="gates-exploding")
