"""Lesson: the forward pass of a many-to-one RNN, on the learner's own numbers."""

import streamlit as st

from dashboard import lesson, network
from dashboard.asking import guess
from dashboard.controls import network as controls
from dashboard.figure import figure
from dashboard.views import forward as view
from quiz import guesses

settings, problems = controls.start("forward")
lesson.head("forward", settings, problems)
lesson.say("forward", "idea")
lesson.say("forward", "equations")
st.divider()
small = None
with controls.reporting():
    small = network.small(settings)
if small is None:
    st.stop()
questions = guesses.forward.questions(small.model, small.trace)
guess.some("forward", questions, "state")
with st.container(horizontal=True, key="network-controls", vertical_alignment="bottom", gap="medium"):
    controls.choices(settings, "activation", "loss")
    controls.one_number(settings, small)
figure(view.forward(small, t=settings.t), key="forward")
guess.some("forward", questions, "number", "reach", "output")
controls.everything(settings, small, "forward")
st.divider()
lesson.say("forward", "letters")
lesson.foot("forward")
