"""What a teacher sees of a learner and what not, told to both in the same words."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.kit.words import say

SEES = ("sees-far", "sees-together", "sees-slips", "sees-threes")
NOT = ("not-name", "not-single", "not-score", "not-rest")


def draw() -> None:
    """Draw the two lists for a learner."""
    st.html(lists("Your teacher sees", "Your teacher does not see", "people"))


def lists(seen: str, unseen: str, room: str) -> str:
    """The two lists as HTML.

    Args:
        seen: Heading of the first.
        unseen: Heading of the second.
        room: Whose words they are, as addressed to a learner or to a teacher.
    """
    found = (_list(seen, "seen", SEES, room), _list(unseen, "not", NOT, room))
    return f'<div class="notice">{"".join(found)}</div>'


def _list(heading: str, kind: str, names: tuple[str, ...], room: str) -> str:
    items = "".join(f"<li>{escape(say(room, name))}</li>" for name in names)
    return f'<div><p class="head">{escape(heading)}</p><ul class="{kind}">{items}</ul></div>'
