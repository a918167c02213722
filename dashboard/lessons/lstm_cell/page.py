"""Inside the LSTM cell, on the learner's own sentence."""

import streamlit as st

from dashboard.figure import figure
from dashboard.kit import lesson
from dashboard.kit.asking import guess
from dashboard.kit.boundary import part
from dashboard.lessons.lstm_cell import compute as cells
from dashboard.lessons.lstm_cell import controls, view
from dashboard.lessons.lstm_cell.settings import CELL, CellSettings
from quiz.lessons.lstm_cell import guesses


def bench() -> CellSettings | None:
    """The controls and the figure they move."""
    settings, _ = controls.start()
    controls.sentence(settings)
    with controls.reporting(settings):
        run = cells.cell(settings)
        controls.gates(settings, run)
        with st.container(key="finding-cell"):
            st.markdown(view.finding(run))
        figure(view.figure_of(run, t=settings.t, **controls.chosen()), key="lstm-cell")
        st.caption(controls.network(settings))
        return settings
    return None


settings, problems = controls.start()
lesson.head("lstm-cell", cells.in_inspector(settings), problems)
lesson.say("lstm-cell", "idea")
st.divider()
first = st.container()
shown = lesson.at_once(bench, key="lstm-cell", page=controls.KEEPER)
run = cells.cell(shown or CELL)  # without a sentence the words below are about the lesson's own
with part("The predictions"):
    questions = guesses.questions(run.params, run.computed)
    if shown is not None:
        with first:
            guess.some("lstm-cell", questions, "cell")
        guess.some("lstm-cell", questions, "forgotten", "hidden", folded=True)
st.divider()
lesson.say("lstm-cell", "parts")
lesson.say("lstm-cell", "conventions")
with part("The count"):
    st.markdown(view.counted(run))
st.divider()
lesson.say("lstm-cell", "forget")
with part("The two halves"), st.container(key="finding-halves"):
    st.markdown(view.halves(run))
st.divider()
lesson.say("lstm-cell", "squash")
with part("The squashing"):
    with st.container(key="finding-squash"):
        st.markdown(view.squashed(run))
    st.markdown(view.accumulating(run, cells.all_open(run.settings)))
st.divider()
lesson.say("lstm-cell", "operations")
controls.playground()
lesson.foot("lstm-cell")
