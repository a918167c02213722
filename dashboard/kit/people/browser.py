"""Having the browser keep who somebody is, or forget it, by the route of `dashboard.kit.people.route`."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboard.kit.boundary import caught
from dashboard.kit.people import signed, stores
from dashboard.kit.people.who import now

ASKED = "people.asked"
"""In the session: what the browser is to send, and what came of it."""


def keep(session: signed.Session) -> None:
    """Have the browser come back as a learner."""
    _send({"ticket": signed.write("ticket", session, stores.keys(), now())})


def forget(to: str = "") -> None:
    """Have the browser forget who came back, and begin anew on a page, by default the first."""
    _send({"out": True}, to=to)


def reload() -> None:
    """Have the browser load the page anew, as who it is by now."""
    _send({})


def carry(name: str) -> None:
    """Have the browser bring the name of a visit that is held back after a sign-in."""
    _send({"visit": name})


def _send(what: dict[str, Any], *, to: str | None = None) -> None:
    st.session_state[ASKED] = {"name": secrets.token_hex(8), "send": what, "to": to}


@st.cache_resource
def _renderer() -> ComponentRenderer:
    script = Path(__file__).with_name("browser.js").read_text(encoding="utf-8")
    return st.components.v2.component("unrolled_people", js=script)


def answered() -> str:
    """Draw the part that sends; "done" or "failed" in the run in which the browser tells what came of it."""
    asked = st.session_state.get(ASKED)
    if asked is None:
        return ""
    told = _renderer()(key="people.browser", data=asked, on_told_change=caught(lambda: None)).get("told")
    if told:
        st.session_state[ASKED] = None
    return str(told or "")
