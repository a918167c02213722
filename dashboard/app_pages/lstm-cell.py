"""Lesson: inside the LSTM cell, on the learner's own sentence."""

import streamlit as st

from dashboard import cell as cells
from dashboard import lesson
from dashboard.asking import guess
from dashboard.controls import cell as controls
from dashboard.figure import figure
from dashboard.views import lstm_cell as view
from quiz.guesses import lstm_cell as guesses

settings, problems = controls.start()
lesson.head("lstm-cell", cells.in_inspector(settings), problems)
lesson.say("lstm-cell", "idea")
st.divider()
controls.sentence(settings)
shown = None
with controls.reporting():
    shown = cells.cell(settings)
if shown is None:
    st.stop()
questions = guesses.questions(shown.params, shown.computed)
guess.some("lstm-cell", questions, "cell")
controls.gates(settings, shown)
with st.container(key="finding-cell"):
    st.markdown(view.finding(shown))
figure(view.figure_of(shown, t=settings.t, **controls.chosen()), key="lstm-cell")
guess.some("lstm-cell", questions, "forgotten", "hidden")
st.divider()
lesson.say("lstm-cell", "parts")
lesson.say("lstm-cell", "conventions")
st.markdown(view.counted(shown))
st.divider()
lesson.say("lstm-cell", "forget")
with st.container(key="finding-halves"):
    st.markdown(view.halves(shown))
st.divider()
lesson.say("lstm-cell", "squash")
with st.container(key="finding-squash"):
    st.markdown(view.squashed(shown))
st.markdown(view.accumulating(shown, cells.all_open(settings)))
st.divider()
lesson.say("lstm-cell", "operations")
controls.playground()
lesson.foot("lstm-cell")
