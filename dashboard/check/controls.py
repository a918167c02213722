"""What the learner brings, and what is said of it: in the session, never in the address or the store."""

from __future__ import annotations

import hashlib
from typing import Any

import streamlit as st

from core.check import Case, Report, Said
from core.check.losses import LOSSES
from dashboard.check import compute
from dashboard.kit.parts import changed
from dashboard.kit.run import by_name
from dashboard.kit.run.compute import NAMES
from dashboard.kit.run.handed import Handed, taken
from dashboard.kit.run.settings import Settings
from dashboard.kit.words import say

PAGE = "check"
LONGEST = 400_000
_LOSS = {"": "Find it", "half": "½ Σ (h − target)²", "squared": "Σ (h − target)²", "mean": "mean (h − target)²",
         "sum": "Σ h, all steps", "last": "Σ h, last step"}  # fmt: skip
_TIME = {None: "Find it", False: "Time first", True: "Batch first"}


def key(name: str) -> str:
    """The key of one control; `check-` is the frame's name for what begins a check question."""
    return f"mine.{name}"


def field(name: str) -> str:
    """The key of the text or the file: another one after each clearing, since a browser keeps what it shows."""
    return key(f"{name}-{st.session_state.get(key('round'), 0)}")


def given() -> Handed | None:
    """The networks that the Inspector handed on with this page's link."""
    return taken(st.query_params.to_dict())


def opened() -> tuple[Settings, tuple[str, ...]]:
    """The network that the link names, the Inspector's default without one; and what of the link can't be used."""
    if (known := given()) is not None:
        return known.settings, ()
    settings, problems = Settings().updated(st.query_params.to_dict())
    settings, more = by_name.admitted(settings)
    if settings.steps:
        problems = (*problems, say(PAGE, "untrained"))
    return settings, (*problems, *more)


def bring(settings: Settings) -> None:
    """Draw where arrays are pasted or uploaded."""
    empty = brought() is None
    if empty:
        st.markdown(say(PAGE, "bring"))
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.text_area(
            "Your arrays, pasted", key=field("text"), height=148 if empty else 90, max_chars=LONGEST,
            persist_state="session", placeholder="dW_h = array([[ 0.0986, -0.0412], …", on_change=changed(),
        )  # fmt: skip
    with right:
        st.file_uploader(
            "Or a file", type=["npz", "npy", "json", "txt"], key=field("file"), max_upload_size=10, on_change=changed()
        )
        with st.container(horizontal=True):
            st.button("Show an example", key=key("example"), on_click=changed(_example), type="tertiary")
            if not empty:
                st.button("Clear", key=key("clear"), on_click=changed(_clear), type="tertiary")
    with st.expander("What a file can’t say", key=key("more"), type="compact"):
        _said(settings)
        st.caption(say(PAGE, "names"))


def _said(settings: Settings) -> None:
    first, second, third = st.columns(3)
    with first:
        st.selectbox(
            "Cell", ("", "rnn", "lstm", "gru"), format_func=lambda k: NAMES.get(k, "Find it"), **_setting("cell")
        )
        st.text_input("Order of the gate blocks", max_chars=12, placeholder="found by h, or such as ifgo, zrn",
                      **_setting("gates"))  # fmt: skip
    with second:
        st.selectbox("Loss", ("", *LOSSES), format_func=_LOSS.__getitem__, **_setting("loss"))
        st.selectbox("Axes", tuple(_TIME), format_func=_TIME.__getitem__, **_setting("time"))
    with third:
        activations = ("", "tanh", "sigmoid", "relu", "identity")
        st.selectbox("Activation of the RNN", activations, format_func=lambda phi: phi or "Find it",
                     **_setting("activation"))  # fmt: skip
        if len(kinds := _kinds(settings)) > 1:
            st.selectbox("Without weights, against the", kinds, format_func=NAMES.__getitem__,
                         index=kinds.index(settings.kinds[-1]), **_setting("kind"))  # fmt: skip


def _kinds(settings: Settings) -> tuple[str, ...]:
    """The cells that can be the network on the screen: of one handed on its own, else all."""
    return settings.kinds if given() is not None else ("rnn", "lstm", "gru")


def _setting(name: str) -> dict[str, Any]:
    return {"key": key(name), "persist_state": "session", "on_change": changed()}


def said() -> Said:
    """What the learner says of the file."""
    state = st.session_state
    return Said(
        state.get(key("cell")) or "", state.get(key("gates")) or "", state.get(key("loss")) or "",
        state.get(key("activation")) or "", state.get(key("time")),
    )  # fmt: skip


def base(settings: Settings) -> Case:
    """The network on the screen, for who brings no weights.

    Raises:
        InputError: The settings can't be shown.
    """
    kind = st.session_state.get(key("kind"))
    return compute.network(settings, kind if kind in _kinds(settings) else settings.kinds[-1], given())


def brought() -> tuple[bytes | str, str] | None:
    """What was brought and its file's name: the file before the text, both before the example."""
    state = st.session_state
    if (file := state.get(field("file"))) is not None:
        return file.getvalue(), file.name
    text = state.get(field("text")) or ""
    if text.strip():
        return text, ""
    return (compute.example(), "example.npz") if state.get(key("shows-example")) else None


def report(settings: Settings) -> Report | None:
    """The report on what was brought, computed once; None where nothing was.

    Raises:
        InputError: It can't be used.
    """
    found = brought()
    if found is None:
        return None
    content, name = found
    data = content.encode() if isinstance(content, str) else content
    digest = hashlib.blake2b(data, digest_size=16).hexdigest()
    made_from = digest, settings, said(), st.session_state.get(key("kind")), given()
    known: tuple[object, Report] | None = st.session_state.get(key("report"))
    if known is None or known[0] != made_from:
        known = made_from, compute.report(content, name, base(settings), said())
        st.session_state[key("report")] = known
    return known[1]


def shows() -> object:
    """What the report depends on."""
    found = brought()
    return found and hash(found[0]), said(), st.session_state.get(key("kind"))


def _example() -> None:
    _clear()
    st.session_state[key("shows-example")] = True


def _clear() -> None:
    for name in ("shows-example", "report"):
        st.session_state.pop(key(name), None)
    st.session_state[key("round")] = st.session_state.get(key("round"), 0) + 1
