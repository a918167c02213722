"""Signing in with an account of a provider that the server's configuration names."""

from __future__ import annotations

import streamlit as st

from dashboard.kit.asking import keep
from dashboard.kit.people import browser, carried, configured, who
from dashboard.kit.words import escaped, say

TO = "people.login"
"""In the session: the provider that is signed in with once the browser has what is to be taken along."""


def draw() -> None:
    """Draw a button for each provider, where there is one."""
    names = configured.providers()
    if not names:
        return
    st.divider()
    st.header("Or sign in", anchor=False)
    st.markdown(say("joining", "login"))
    with st.container(horizontal=True):
        for name in names:
            label = f"Sign in with {escaped(name)}" if name else "Sign in"
            if st.button(label, key=f"joining.login.{name}"):
                _begin(name)


def _begin(provider: str) -> None:
    """Leave for the provider; a visit that has something to keep is held meanwhile."""
    kept = st.session_state.get(keep.VISITED)
    if kept is None:
        st.login(provider or None)
        return
    browser.carry(carried.held().put(who.learner(), kept, who.now()))
    st.session_state[TO] = provider
    st.rerun()


def go_on(told: str) -> None:
    """Leave for the provider once the browser has answered, whatever it said."""
    if told and TO in st.session_state:
        st.login(st.session_state.pop(TO) or None)
