"""What a teacher sees of a learner and what not, told to both in the same words."""

from __future__ import annotations

import streamlit as st

from dashboard.kit.words import say

SEES = ("sees-far", "sees-together", "sees-slips", "sees-threes")
NOT = ("not-name", "not-single", "not-score", "not-rest")


def draw(whose: str = "Your teacher") -> None:
    """Draw the two lists.

    Args:
        whose: Who sees it, as the lists' headings begin.
    """
    with st.container(key="notice", gap="small"):
        for heading, names, sign in ((f"{whose} sees", SEES, "✓"), (f"{whose} does not see", NOT, "–")):
            st.markdown(f"**{heading}**\n\n" + "\n".join(f"- {sign} {say('people', name)}" for name in names))
