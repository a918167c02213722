"""The link to what is on the screen, the workbench that keeps it whole, and the files that hold its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from urllib.parse import urlencode

import streamlit as st

from core.errors import InputError
from dashboard.inspector import export, kept, train
from dashboard.inspector.controls import INSPECTOR, collect, inspect, is_open, key, own_weights, publish, start
from dashboard.inspector.controls import uploaded as named
from dashboard.kit.boundary import notice, show_notice
from dashboard.kit.page_settings import by_figure
from dashboard.kit.parts import changed
from dashboard.kit.run import bring, learning, workbench
from dashboard.kit.run.compute import Inspection
from dashboard.kit.run.own import Uploaded
from dashboard.kit.run.settings import Settings
from dashboard.kit.words import say

ENTRIES = ("link", "workbench", "export")
FILE = "unrolled-workbench.zip"


def draw() -> None:
    """Draw the entries at the top right, where there is something to share."""
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
        return settings if any(map(is_open, ENTRIES)) else None
    return "nothing"


def _entries(inspection: Inspection, *, trained: bool) -> None:
    uploaded = bool(own_weights())
    with st.container(horizontal=True, horizontal_alignment="right", key=key("actions")):
        # Closed ones stay empty; opening one asks for the step that the figure has meanwhile put into the address.
        with st.popover("Link", type="tertiary", key=key("link"), on_change="rerun") as link:
            if link.open:
                _link(inspection.settings, in_link=publish(inspection.settings), uploaded=uploaded)
        with st.popover("Workbench", type="tertiary", key=key("workbench"), on_change="rerun") as whole:
            if whole.open:
                _workbench(inspection, trained=trained)
        with st.popover("Export", type="tertiary", key=key("export"), on_change="rerun") as files:
            if files.open:
                _export(
                    inspection,
                    fresh=not (trained or uploaded or inspection.settings.edits or inspection.settings.trained),
                )


def _link(settings: Settings, *, in_link: bool, uploaded: bool) -> None:
    carried = not uploaded or kept.in_address()
    if uploaded:
        st.info(say("inspector", "weights-link-kept" if carried else "weights-link"))
    if carried:
        st.caption(say("inspector", "link"))
    st.code((st.context.url or "").split("?")[0] + address(settings), language=None, wrap_lines=True)
    if not in_link:
        st.caption(say("inspector", "link-long"))


def _workbench(inspection: Inspection, *, trained: bool) -> None:
    st.caption(say("inspector", "workbench"))
    settings, own = whole(inspection, trained=trained)
    drawn = (run.model for run in inspection.runs if run.model.kind not in own)
    make = partial(workbench.written, settings, own, {shown.kind: learning.as_own(shown, None) for shown in drawn})
    st.download_button(
        "Save the workbench", make, FILE, "application/zip", on_click="ignore", key=key("save-workbench"),
        width="stretch",
    )  # fmt: skip
    st.file_uploader(
        "Open a workbench", type=["zip"], key=key("open-workbench"),
        max_upload_size=workbench.MAX_BYTES // 1_000_000,
        on_change=changed(_open_file, lambda: named("open-workbench"), notice(key("open-workbench"))),
    )  # fmt: skip
    show_notice(key("open-workbench"))
    kept.draw(make)


def whole(inspection: Inspection, *, trained: bool) -> tuple[Settings, Mapping[str, Uploaded]]:
    """The settings with the step that the figure shows, and the weights that they do not give."""
    settings = replace(inspection.settings, t=workbench.steps_of(st.query_params.get("t"), inspection.settings.t))
    own = own_weights()
    if not trained:
        return settings, {kind: each for kind, each in own.items() if kind in settings.kinds}
    taken = {run.model.kind: learning.as_own(run.model, own.get(run.model.kind)) for run in inspection.runs}
    return replace(settings, edits=(), steps=0), taken


def _open_file() -> None:
    upload = st.session_state[key("open-workbench")]
    if upload is not None:
        kept.take(workbench.read(upload.getvalue()))


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
    query = urlencode(short.to_query(INSPECTOR.base) | by_figure(st.query_params.to_dict()))
    return f"?{query}" if query else ""
