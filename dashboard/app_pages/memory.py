"""Lesson 4: what a network can still know of a word read long ago, and what decides it."""

import streamlit as st

from core.experiments import gaps
from dashboard import lesson, memory_runs
from dashboard.asking import guess
from dashboard.controls import memory as controls
from dashboard.figure import figure
from dashboard.views import memory as view
from dashboard.words import say
from quiz import guesses

LESSON = "memory"


def take_away(name: str) -> None:
    """One sentence to keep, below a figure."""
    with st.container(key=f"take-{name}"):
        lesson.say(LESSON, f"{name}-take-away")


problems = controls.PAGE.restore(alive=controls.ALIVE)
settings = controls.PAGE.collect()
controls.PAGE.publish(settings)
lesson.head(LESSON, memory_runs.inspector(settings), problems)
lesson.say(LESSON, "idea")

st.divider()
st.header("Fill in the blank", anchor=False)
lesson.say(LESSON, "fill")
controls.fill()
fill = memory_runs.fill_in(settings.country, settings.start)
figure(view.fill(fill, settings.gap), key="memory-fill")
take_away("fill")
with st.expander("About these networks", on_change="rerun", key=controls.PAGE.key(controls.ALIVE), type="compact"):
    lesson.say(LESSON, "about")
    st.markdown(view.fill_note(fill))

st.divider()
st.header("Which word moves the output", anchor=False)
lesson.say(LESSON, "reading")
fresh = memory_runs.fresh_example(settings)
questions = guesses.memory.questions(fresh.words, fresh.sizes["RNN"], fresh.asked, gaps.stored())
guess.some(LESSON, questions, "word")
read = controls.sentence(settings)
if read is not None:
    figure(view.read(read, t=0), key="memory-read")
take_away("reading")

st.divider()
st.header("Why it happens", anchor=False)
lesson.say(LESSON, "way")
guess.some(LESSON, questions, "left")
controls.way()
figure(view.way(memory_runs.way(settings.way, settings.seed)), key="memory-way")
st.caption(say(LESSON, f"way-{settings.way}"))
take_away("way")

st.divider()
st.header("Success against the gap", anchor=False)
lesson.say(LESSON, "gaps")
guess.some(LESSON, questions, "gap")
controls.starts()
controls.success(settings)
take_away("gaps")
lesson.say(LESSON, "starts")

st.divider()
lesson.say(LESSON, "claims")
lesson.foot(LESSON)
