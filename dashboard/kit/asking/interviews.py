"""Interviews gone by, for every page that shows them: a bar for each, how the last compares, and the way to each."""

from __future__ import annotations

from html import escape

import streamlit as st

from dashboard.kit.asking.keep import local, mine
from dashboard.kit.navigation import PLACES
from dashboard.kit.people.who import learner
from dashboard.kit.words import escaped
from quiz.interview.past import Past, past, trend

SHOWN = 6  # interviews, the last ones
HEIGHT = 64  # pixels of a bar of 100 %


def draw(*, present: str = "", level: int = 2) -> None:
    """Draw the interviews that are over; nothing where there is none.

    Args:
        present: The key of the one whose debrief is open, which needs no way to it.
        level: 2 for a heading of a page's part, 3 for a smaller one.
    """
    found = past(mine().interviewed(learner()))
    if not found:
        return
    (st.header if level == 2 else st.subheader)("Your interviews", anchor=False)
    st.html(bars(found[:SHOWN], [_day(each) for each in found[:SHOWN]], present))
    if words := trend(found):
        st.caption(words)
    with st.container(key="interviews-gone-by", gap=None):
        for each in found[:SHOWN]:
            label = f"{_day(each)} · {len(each.interview.questions)} questions · {each.percent} %"
            if each.key == present:
                st.caption(f"{label} · this one")
            else:
                st.page_link(PLACES["quiz"].file, label=escaped(label), query_params={"mode": "debrief", "k": each.key})


def bars(found: tuple[Past, ...], days: list[str], present: str) -> str:
    """A bar for each interview as HTML, the oldest at the left."""
    items = [
        f'<li><b>{each.percent}<span class="unseen"> per cent,</span></b>'
        f'<i{" class=present" * (each.key == present)} style="height: {round(HEIGHT * each.percent / 100)}px"></i>'
        f"<span>{escape(day)}</span></li>"
        for each, day in reversed(list(zip(found, days, strict=True)))
    ]
    return f'<ol class="interviews" aria-label="Checks right, per cent">{"".join(items)}</ol>'


def _day(each: Past) -> str:
    day = local(each.ended_at)
    return f"{day.day} {day:%b}"
