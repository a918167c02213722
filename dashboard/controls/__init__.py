"""The Inspector's controls: widgets in, one frozen `Settings` out, kept in step with the link.

The settings of a session live under one key of its state. Widgets are seeded from it, so a page change loses nothing;
the link is read when it differs from what this page wrote last (a new window, a pasted link, the back button).
"""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import streamlit as st

from dashboard.settings import MAX_LINK, PANELS, Settings

PAGE = "inspector"
MARKDOWN = frozenset("\\`*_{}[]()<>#+-.!|~$:=^&\"'")


def key(name: str) -> str:
    """The session-state key of one control."""
    return f"{PAGE}.{name}"


def restore() -> tuple[str, ...]:
    """Bring the widgets' state in step with the link or with the last settings of this session.

    Returns:
        A sentence for each part of the link that could not be used.
    """
    query = st.query_params.to_dict()
    problems: tuple[str, ...] = ()
    settings = st.session_state.get(key("settings"))
    if settings is None or (query and query != st.session_state.get(key("query"))):
        settings, problems = Settings.from_query(query)
        write(**{f.name: _widget(settings, f.name) for f in fields(Settings)}, replay=settings.steps > 0)
    for f in fields(Settings):
        st.session_state.setdefault(key(f.name), _widget(settings, f.name))
    return problems


def _widget(settings: Settings, name: str) -> Any:
    """A setting in the form its widget keeps it: several chosen panels are a list."""
    value = getattr(settings, name)
    return list(value) if name == "show" else value


def write(**values: Any) -> None:
    """Set controls from code, before they are drawn or in a callback."""
    for name, value in values.items():
        st.session_state[key(name)] = value


def collect() -> Settings:
    """The settings as the widgets stand, remembered for the session."""
    values = {f.name: st.session_state[key(f.name)] for f in fields(Settings)}
    values["show"] = tuple(name for name in PANELS if name in values["show"])
    settings = Settings(**values)
    st.session_state[key("settings")] = settings
    return settings


def publish(settings: Settings) -> bool:
    """Put the settings into the address of the page.

    Returns:
        False if they are too long for a link; the address then leaves out the typed sequence and hand-set weights.
    """
    query = settings.to_query()
    fits = sum(len(name) + len(value) for name, value in query.items()) <= MAX_LINK
    if not fits:
        query = {name: value for name, value in query.items() if name not in ("text", "numbers", "w", "y")}
    if query != st.query_params.to_dict():
        st.query_params.from_dict(query)
    st.session_state[key("query")] = query
    return fits


def show_notice() -> None:
    """Say once what a callback found wrong with a file; it stays until the next change."""
    notice = st.session_state.pop(key("notice"), None)
    if notice:
        st.warning(plain(notice))


def plain(text: str) -> str:
    """Text that may quote a learner's input, for a place that reads Markdown: nothing in it is markup."""
    escaped = "".join(f"\\{c}" if c in MARKDOWN else c for c in text)
    return escaped.replace("\n", "  \n")
