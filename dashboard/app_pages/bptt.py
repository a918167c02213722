"""Lesson: backpropagation through time, on the learner's own numbers."""

import streamlit as st

from dashboard import lesson
from dashboard.asking import guess
from dashboard.boundary import part
from dashboard.compute import network
from dashboard.controls import network as controls
from dashboard.figure import figure
from dashboard.settings.inspector import Settings
from dashboard.views import bptt as view
from quiz import guesses
from quiz.schema import Exact


def bench() -> Settings | None:
    """The controls and the figure they move."""
    settings, _ = controls.start("bptt")
    with controls.reporting():
        small = network.small(settings)
        controls.row(settings, small, "activation", "readout")
        opened = controls.opened()
        data = view.bptt(small, network.update(small), t=settings.t, entry=opened["entry"], window=opened["window"])
        figure(data, key="bptt")
        controls.everything(settings, small, "bptt")
        return settings
    return None


settings, problems = controls.start("bptt")
lesson.head("bptt", settings, problems)
lesson.say("bptt", "idea")
st.divider()
first = st.container()
shown = lesson.at_once(bench, key="bptt", page=controls.NETWORK)
small = network.small(shown or network.SMALL)  # without a network the words below are about the lesson's own
questions: tuple[Exact, ...] = ()
if shown is not None:
    with part("The predictions"):
        questions = guesses.bptt.questions(small.model, small.trace, small.backward, small.each, lr=shown.lr)
        with first:
            guess.some("bptt", questions, "state")
        guess.some("bptt", questions, "weight", "step", "update", folded=True)
st.divider()
lesson.say("bptt", "chain")
lesson.say("bptt", "steps")
st.divider()
lesson.say("bptt", "update")
with part("The update", controls.NETWORK.back()):
    controls.learning_rate(small.settings)
    updated = network.update(small)
    with st.container(key="finding-update"):
        st.markdown(view.update_finding(small, updated))
    figure(view.descent(small, updated), key="descent")
st.divider()
with part("The prediction of a nudge"):
    guess.some("bptt", questions, "nudge", folded=True)
controls.gradient_check(small)
st.divider()
lesson.say("bptt", "chapter")
lesson.foot("bptt")
