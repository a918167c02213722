"""The link to what is on the screen, and the files that hold its numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from dashboard.inspector import export
from dashboard.inspector.controls import key, own_weights
from dashboard.kit.page_settings import by_figure
from dashboard.kit.run.compute import Inspection
from dashboard.kit.run.settings import Settings
from dashboard.kit.words import say


def draw(inspection: Inspection, *, in_link: bool, trained: bool) -> None:
    """Draw the two entries at the top right."""
    uploaded = bool(own_weights())
    with st.container(horizontal=True, horizontal_alignment="right", key=key("actions")):
        # Opening it asks for the step that the figure has meanwhile put into the address.
        # Closed ones stay empty; opening one asks for the step that the figure has meanwhile put into the address.
        with st.popover("Link", type="tertiary", key=key("link"), on_change="rerun") as link:
            if link.open:
                _link(inspection.settings, in_link=in_link, uploaded=uploaded)
        with st.popover("Export", type="tertiary", key=key("export"), on_change="rerun") as files:
            if files.open:
                _export(inspection, fresh=not (trained or uploaded or inspection.settings.edits))


def _link(settings: Settings, *, in_link: bool, uploaded: bool) -> None:
    st.caption(say("inspector", "link"))
    st.code((st.context.url or "").split("?")[0] + address(settings), language=None, wrap_lines=True)
    if uploaded:
        st.caption(say("inspector", "weights-link"))
    if not in_link:
        st.caption(say("inspector", "link-long"))


def _export(inspection: Inspection, *, fresh: bool) -> None:
    st.caption(say("inspector", "export"))
    files: tuple[tuple[str, str, Callable[[], bytes]], ...] = (
        ("CSV, one row a value", "unrolled.csv", partial(export.csv, inspection)),
        ("NPZ for NumPy", "unrolled.npz", partial(export.npz, inspection)),
        ("JSON", "unrolled.json", partial(export.as_json, inspection)),
        ("Python script", "unrolled.py", partial(export.script, inspection, fresh=fresh)),
    )
    for label, name, make in files:
        st.download_button(label, make, name, on_click="ignore", key=key(f"export-{name}"), width="stretch")


def address(settings: Settings) -> str:
    """The query part of the link, empty at the defaults."""
    query = urlencode(settings.to_query() | by_figure())
    return f"?{query}" if query else ""
