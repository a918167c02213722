"""The forward pass of a many-to-one RNN, on the learner's own numbers."""

from functools import partial

import streamlit as st

from dashboard.figure import figure
from dashboard.kit import beats, lesson
from dashboard.kit.asking import guess
from dashboard.kit.network import compute as network
from dashboard.kit.network import controls, drawing
from dashboard.kit.parts import part
from dashboard.kit.run.settings import Settings
from dashboard.lessons.forward import beats as own
from dashboard.lessons.forward import compute, view

LESSON = "forward"


def drawn() -> None:
    """The beats and the network they drive."""
    settings, _ = controls.start(LESSON)
    with controls.reporting(settings):
        small = network.small(settings)
        steps = [f"t = {t}" for t in range(1, small.T + 1)]
        label = "The network, step by step"
        beats.play(LESSON, own.beats(small), drawing.drawn(small), steps=steps, label=label, inspector=settings)
        lesson.fold(LESSON, "own", partial(own_network, settings))
        lesson.fold(LESSON, "numbers", partial(controls.one_number, small))


def equations() -> None:
    """What unrolling is, and all of it in formulas."""
    lesson.say(LESSON, "idea")
    lesson.say(LESSON, "equations")


def by_hand() -> None:
    """A state and other numbers worked out by the learner."""
    for name in ("number", "reach", "output"):
        question = compute.prediction(name, controls.NETWORK.collect())
        if question is not None:
            guess.draw(LESSON, question)


def matrices() -> None:
    """The chosen step as products of rows and matrices."""
    settings = controls.NETWORK.collect()
    with controls.reporting(settings):
        figure(view.forward(network.small(settings)), key="forward-matrices")


def own_network(settings: Settings) -> None:
    """Activation and output."""
    with st.container(horizontal=True, key="network-controls", vertical_alignment="bottom", gap="medium"):
        controls.choices(settings, "activation", "loss")


settings, problems = controls.start(LESSON)
lesson.head(LESSON, problems)
part("forward.figure", drawn, what="The figure", ways=controls.NETWORK.back(), tall=True)
controls.everything(LESSON)
lesson.deeper(LESSON, "equations", equations)
lesson.deeper(LESSON, "matrices", matrices, controls.NETWORK.collect)
lesson.deeper(LESSON, "hand", by_hand, controls.NETWORK.collect)
lesson.deeper(LESSON, "letters", partial(lesson.say, LESSON, "letters"))
lesson.deeper(LESSON, "claims", partial(lesson.say, LESSON, "claims"))
lesson.close(LESSON)
