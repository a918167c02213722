"""The parts of a handout: head, beats and take-away, all plain text."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.components.v2.types import ComponentRenderer

from dashboard.handout.beats import printed
from dashboard.kit.rooms import page
from dashboard.kit.words import say
from quiz.lessons import LESSONS
from quiz.schema import Choice


@st.cache_resource
def _renderer() -> ComponentRenderer:
    """The button that prints, registered once."""
    js, css = ((Path(__file__).parent / f"print.{kind}").read_text(encoding="utf-8") for kind in ("js", "css"))
    return st.components.v2.component("unrolled_print", js=js, css=css)


def head(lesson: str) -> None:
    """Draw what it is a handout of, and on the screen the button that prints it and the way back."""
    with st.container(key="handout-ways", horizontal=True, vertical_alignment="center"):
        _renderer()(key="handout.print", data=say("handout", "print"))
        st.page_link(page(lesson), label=say("handout", "back"))
    st.caption(f"Unrolled · lesson {LESSONS.index(lesson) + 1} of {len(LESSONS)}")
    st.title(say(lesson, "title"), anchor=False)
    with st.container(key="lesson-promise"):
        st.markdown(say(lesson, "promise"))


def beats(lesson: str) -> None:
    """Draw the beats in two columns, or a text of the lesson's own in one."""
    found = printed(lesson)
    columns = any(beat.title for beat in found)
    with st.container(key="handout-beats" if columns else "handout-text", gap="small"):
        for number, beat in enumerate(found, 1):
            with st.container(key=f"handout-beat-{number}", gap="xxsmall"):
                st.markdown(f"**{number}. {beat.title}** {beat.words}" if beat.title else beat.words)
                if beat.shown:
                    st.markdown(f"In the figure: {beat.shown}")
                if beat.question is not None:
                    st.markdown(_asked(beat.question))


def _asked(question: Choice) -> str:
    options = "\N{EM SPACE}".join(f"☐\N{NO-BREAK SPACE}{option.text}" for option in question.options)
    return f"*{question.prompt}*  \n{options}"


def take_away(text: str) -> None:
    """Draw what is to be kept of the lesson."""
    with st.container(key="handout-take-away"):
        st.markdown(f"**Take away.** {text}")
