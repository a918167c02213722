"""Backpropagation through time, on the learner's own numbers."""

import streamlit as st

from dashboard.figure import figure
from dashboard.kit import lesson
from dashboard.kit.asking import guess
from dashboard.kit.boundary import part
from dashboard.kit.network import compute as network
from dashboard.kit.network import controls
from dashboard.kit.run.settings import Settings
from dashboard.lessons.bptt import compute, view
from dashboard.lessons.bptt import controls as own
from quiz.lessons.bptt import guesses
from quiz.schema import Exact


def bench() -> Settings | None:
    """The controls and the figure they move."""
    settings, _ = controls.start("bptt")
    with controls.reporting():
        small = network.small(settings)
        controls.row(settings, small, "activation", "readout")
        opened = own.opened()
        data = view.bptt(small, compute.update(small), t=settings.t, entry=opened["entry"], window=opened["window"])
        figure(data, key="bptt")
        controls.everything("bptt")
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
        questions = guesses.questions(small.model, small.trace, small.backward, small.each, lr=shown.lr)
        with first:
            guess.some("bptt", questions, "state")
        guess.some("bptt", questions, "weight", "step", "update", folded=True)
st.divider()
lesson.say("bptt", "chain")
lesson.say("bptt", "steps")
st.divider()
lesson.say("bptt", "update")
with part("The update", controls.NETWORK.back()):
    own.learning_rate(small.settings)
    updated = compute.update(small)
    with st.container(key="finding-update"):
        st.markdown(view.update_finding(small, updated))
    figure(view.descent(small, updated), key="descent")
st.divider()
with part("The prediction of a nudge"):
    guess.some("bptt", questions, "nudge", folded=True)
own.gradient_check(small)
st.divider()
lesson.say("bptt", "chapter")
lesson.foot("bptt")
