"""How much the last word moves the state."""

import streamlit as st
from dashboard.lessons.last_word import controls, view
from quiz.lessons.last_word import guesses

from dashboard.figure import figure
from dashboard.kit import lesson
from dashboard.kit.asking import guess
from dashboard.kit.boundary import part

settings, problems = controls.PAGE.restored(alive="weight")
lesson.head("last-word", None, problems)
lesson.say("last-word", "idea")
controls.draw()
with part("The figure", controls.PAGE.back()):
    guess.some("last-word", guesses.questions(settings.weight), "state")
    figure(view.states(settings.weight), key="last-word")
st.divider()
lesson.foot("last-word")
