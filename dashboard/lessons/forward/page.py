"""The forward pass of a many-to-one RNN, on the learner's own numbers."""

import streamlit as st

from dashboard.figure import figure
from dashboard.kit import lesson
from dashboard.kit.asking import guess
from dashboard.kit.boundary import part
from dashboard.kit.network import compute as network
from dashboard.kit.network import controls
from dashboard.kit.run.settings import Settings
from dashboard.lessons.forward import view
from quiz.lessons.forward import guesses


def bench() -> Settings | None:
    """The controls and the figure they move."""
    settings, _ = controls.start("forward")
    with controls.reporting():
        small = network.small(settings)
        controls.row(settings, small, "activation", "loss")
        figure(view.forward(small, t=settings.t), key="forward")
        controls.everything(settings, small, "forward")
        return settings
    return None


settings, problems = controls.start("forward")
lesson.head("forward", settings, problems)
lesson.say("forward", "idea")
lesson.say("forward", "equations")
st.divider()
first = st.container()
shown = lesson.at_once(bench, key="forward", page=controls.NETWORK)
if shown is not None:
    with part("The predictions"):
        small = network.small(shown)
        questions = guesses.questions(small.model, small.trace)
        with first:
            guess.some("forward", questions, "state")
        guess.some("forward", questions, "number", "reach", "output", folded=True)
st.divider()
lesson.say("forward", "letters")
lesson.foot("forward")
