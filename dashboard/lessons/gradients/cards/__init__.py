"""Cards to choose from that are control and result at once: a name, a sparkline, and two numbers each.

They are a group of radio buttons for keyboard and screen reader; a narrow page lists them.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboard.kit.boundary import caught

HERE = Path(__file__).parent


@st.cache_resource
def _renderer() -> ComponentRenderer:
    """The component, registered once: its script is a few lines and travels with the page."""
    return st.components.v2.component(
        "unrolled_cards",
        js=(HERE / "cards.js").read_text(encoding="utf-8"),
        css=(HERE / "cards.css").read_text(encoding="utf-8"),
    )


def cards(data: dict[str, Any], *, label: str, key: str, on_pick: Callable[[str], None]) -> None:
    """Draw the cards.

    Args:
        data: ``chosen``, a name; ``unity``, where 1 lies, in percent of a sparkline's height from above; ``cards``,
            each with name, title, radius, product, made (what else makes it) and points (x, y in percent).
        label: what is chosen, for screen readers.
        key: identity of the group in the session's state.
        on_pick: called with the name of the card picked, before the page runs again.
    """

    def picked() -> None:
        name = st.session_state[key].picked
        if name in {card["name"] for card in data["cards"]}:
            on_pick(name)

    with st.container(key=f"cards-{key}"):
        _renderer()(key=key, data={**data, "label": label}, on_picked_change=caught(picked))
