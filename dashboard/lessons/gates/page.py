"""What the gates of an LSTM do on a text, and what their product leaves of a gradient."""

import streamlit as st

from dashboard.figure import figure
from dashboard.kit import lesson, model_card
from dashboard.kit.asking import guess
from dashboard.kit.boundary import part
from dashboard.kit.words import say
from dashboard.lessons.gates import compute as gates_runs
from dashboard.lessons.gates import controls, view
from dashboard.lessons.gates import sentences as words
from dashboard.lessons.gates.settings import GatesSettings
from quiz.lessons.gates import guesses

LESSON = "gates"


def bench() -> GatesSettings:
    """The controls and the figure they move."""
    settings, _ = controls.PAGE.restored(alive=controls.ALIVE)
    controls.live(settings)
    figure(view.main(gates_runs.run_of(settings), settings, t=controls.step()), key=LESSON)
    return settings


problems = controls.PAGE.restore(alive=controls.ALIVE)
lesson.head(LESSON, controls.PAGE.collect().in_the_inspector(), problems)
lesson.say(LESSON, "idea")
first = st.container()
st.divider()
settings = lesson.at_once(bench, key=LESSON, page=controls.PAGE) or controls.PAGE.base
with part("The predictions"):
    run = gates_runs.run_of(settings)
    found = gates_runs.switch(settings.second, settings.gap)
    questions = guesses.questions(*gates_runs.predicted(settings))
    with first:
        guess.some(LESSON, questions, "word")
lesson.say(LESSON, "reading")
model_card.popover(
    "Cards of the trained networks", *map(gates_runs.trained, gates_runs.NAMES), key=controls.PAGE.key("cards")
)
controls.advanced(settings)

st.divider()
st.header("The direct path, and every path", anchor=False)
lesson.say(LESSON, "paths")
with part("The paths"):
    guess.some(LESSON, questions, "left", folded=True)
    st.markdown(words.parts_note(run, view.first_unit(run)))
    lesson.take_away("paths", words.direct_take_away(run, settings))

st.divider()
st.header("How long a forget bias lasts", anchor=False)
lesson.say(LESSON, "bias")
controls.horizon()
with part("The memory horizon here"):
    st.markdown(words.horizon_here(run, settings))
lesson.take_away("bias", say(LESSON, "bias-take-away"))

st.divider()
st.header("A change of subject", anchor=False)
lesson.say(LESSON, "switch")
with part("The change of subject"):
    st.markdown(words.accuracies(gates_runs.trained(), gates_runs.trained_rnns()))
    guess.some(LESSON, questions, "unit", "zeros", folded=True)
    figure(view.switch(found), key="gates-switch")
    st.markdown(words.answer_note(found))
lesson.say(LESSON, "claims-head")
with part("What holds"):
    st.markdown(words.claims(found))
    lesson.take_away("switch", words.switch_take_away(found))

st.divider()
st.header("What is left of exploding", anchor=False)
lesson.say(LESSON, "exploding")
controls.explosion()
lesson.say(LESSON, "claims")
lesson.foot(LESSON)
