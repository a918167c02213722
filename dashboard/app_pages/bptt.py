"""Lesson: backpropagation through time, on the learner's own numbers."""

import streamlit as st

from dashboard import lesson, network
from dashboard.asking import guess
from dashboard.controls import network as controls
from dashboard.figure import figure
from dashboard.views import bptt as view
from quiz import guesses

settings, problems = controls.start("bptt")
lesson.head("bptt", settings, problems)
lesson.say("bptt", "idea")
st.divider()
small = None
with controls.reporting():
    small = network.small(settings)
if small is None:
    st.stop()
updated = network.update(small)
questions = guesses.bptt.questions(small.model, small.trace, small.backward, small.each, lr=settings.lr)
guess.some("bptt", questions, "state")
with st.container(horizontal=True, key="network-controls", vertical_alignment="bottom", gap="medium"):
    controls.choices(settings, "activation", "readout")
    controls.one_number(settings, small)
opened = controls.opened()
figure(view.bptt(small, updated, t=settings.t, entry=opened["entry"], window=opened["window"]), key="bptt")
guess.some("bptt", questions, "weight", "step", "update")
controls.everything(settings, small, "bptt")
st.divider()
lesson.say("bptt", "chain")
lesson.say("bptt", "steps")
st.divider()
lesson.say("bptt", "update")
controls.learning_rate(settings)
with st.container(key="finding-update"):
    st.markdown(view.update_finding(small, updated))
figure(view.descent(small, updated), key="descent")
st.divider()
guess.some("bptt", questions, "nudge")
controls.gradient_check(small)
st.divider()
lesson.say("bptt", "chapter")
lesson.foot("bptt")
