"""The page: its line of controls, and the part that is chosen."""

from __future__ import annotations

import streamlit as st

from dashboard.kit.boundary import part
from dashboard.kit.words import escaped, say
from dashboard.revision import cards, elements, sheet, take
from dashboard.revision.settings import MODES, REVISION
from quiz.revision.terms import load_terms


def draw() -> None:
    """Draw the page."""
    problems = REVISION.restore(alive="anki")
    elements.styles()
    st.title("Revision sheet", anchor=False)
    for problem in problems:
        st.info(escaped(problem))
    promise = st.container(key="revision-promise")
    _line()
    settings = REVISION.collect()
    if settings.term:
        sheet.term(load_terms()[settings.term])
    if settings.mode == "cards":
        cards.draw()
        return
    with part("The sheet"):
        promise.markdown(say("revision", "promise"))
        REVISION.publish(settings)
        sheet.draw()


def _line() -> None:
    """What is shown, a term to look up, files to take along."""
    names = {term.id: term.name for term in sorted(load_terms().terms, key=lambda term: term.name.casefold())}
    with st.container(horizontal=True, vertical_alignment="center", key="revision-line"):
        REVISION.choice("Show", "mode", MODES, label_visibility="collapsed")
        st.selectbox(
            "Look up a term", ["", *names], format_func=lambda name: names.get(name, "Look up a term"), width=200,
            label_visibility="collapsed", **REVISION.setting("term"),
        )  # fmt: skip
        with st.popover("Take along", width="content"), st.container(width=360):
            take.draw()
