"""The link to what is on the screen, and the files that hold its numbers."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from core.errors import InputError
from dashboard.inspector import export, train
from dashboard.inspector.controls import collect, inspect, is_open, key, own_weights, publish, start
from dashboard.kit.page_settings import by_figure
from dashboard.kit.run import bring
from dashboard.kit.run.compute import Inspection
from dashboard.kit.run.settings import Settings
from dashboard.kit.words import say


def draw() -> None:
    """Draw the two entries at the top right, where there is something to share."""
    settings = collect()
    with suppress(InputError):  # said in place of the figure
        sequence, initial = start(settings)
        models = train.weights(settings, sequence, initial)
        _entries(inspect(settings, sequence, models), trained=models is not initial)


def shows() -> object:
    """Whether there is something to share, and the settings where one of the entries is open."""
    settings = collect()
    with suppress(InputError):
        start(settings)
        return settings if is_open("link") or is_open("export") else None
    return "nothing"


def _entries(inspection: Inspection, *, trained: bool) -> None:
    uploaded = bool(own_weights())
    with st.container(horizontal=True, horizontal_alignment="right", key=key("actions")):
        # Closed ones stay empty; opening one asks for the step that the figure has meanwhile put into the address.
        with st.popover("Link", type="tertiary", key=key("link"), on_change="rerun") as link:
            if link.open:
                _link(inspection.settings, in_link=publish(inspection.settings), uploaded=uploaded)
        with st.popover("Export", type="tertiary", key=key("export"), on_change="rerun") as files:
            if files.open:
                _export(
                    inspection,
                    fresh=not (trained or uploaded or inspection.settings.edits or inspection.settings.trained),
                )


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
    short, _ = bring.sendable(settings)
    query = urlencode(short.to_query() | by_figure())
    return f"?{query}" if query else ""
