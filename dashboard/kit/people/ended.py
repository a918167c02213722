"""What a tab shows in which somebody was signed in who has signed out in another one."""

from __future__ import annotations

import streamlit as st

from dashboard.kit.boundary import caught
from dashboard.kit.people import browser
from dashboard.kit.words import say


def draw() -> None:
    """Say so, and offer to load the page anew."""
    st.title("Signed out", anchor=False)
    st.markdown(say("people", "signed-out"))
    st.button("Reload the page", type="primary", key="people.reload", on_click=caught(browser.reload))
    browser.answered()
