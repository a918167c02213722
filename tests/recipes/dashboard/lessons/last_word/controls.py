"""The controls of the lesson on the last word."""

from __future__ import annotations

import streamlit as st
from dashboard.lessons.last_word.settings import LastWordSettings

from dashboard.kit.page_settings import PageSettings

PAGE = PageSettings("last-word", LastWordSettings())


def draw() -> None:
    """Draw the weight."""
    st.slider("Input weight", 0.0, 2.0, step=0.1, **PAGE.setting("weight"))
