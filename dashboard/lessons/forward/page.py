"""The forward pass of a many-to-one RNN, on the learner's own numbers."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard.figure import figure
from dashboard.kit import lesson
from dashboard.kit.asking import guess
from dashboard.kit.network import compute as network
from dashboard.kit.network import controls
from dashboard.kit.parts import part
from dashboard.kit.words import say
from dashboard.lessons.forward import compute, view
from quiz.schema import Exact

LESSON = "forward"


def unrolled() -> None:
    """The controls and the figure they move, and the way into the Inspector with the same network."""
    settings, _ = controls.start(LESSON)
    lesson.way_into_inspector(line, settings)
    with controls.reporting():
        small = network.small(settings)
        controls.row(settings, small, "activation", "loss")
        figure(view.forward(small, t=settings.t), key=LESSON)


def prediction(name: str) -> Callable[[], Exact | None]:
    """Finds a prediction on the network that is on the screen by then."""
    return lambda: compute.prediction(name, controls.NETWORK.collect())


settings, problems = controls.start(LESSON)
line = lesson.head(LESSON, problems=problems)
lesson.say(LESSON, "idea")
lesson.say(LESSON, "equations")
st.divider()
guess.beside(LESSON, "state", prediction("state"), folded=say(LESSON, "guess-state"))
part("forward.figure", unrolled, what="The figure", ways=controls.NETWORK.back(), tall=True)
numbers = partial(controls.everything, LESSON)
part(
    "forward.numbers", numbers, shows=partial(controls.shows, LESSON), what="All numbers", ways=controls.NETWORK.back()
)
for name in ("number", "reach", "output"):
    guess.beside(LESSON, name, prediction(name), folded=say(LESSON, f"guess-{name}"))
st.divider()
lesson.say(LESSON, "letters")
lesson.foot(LESSON)
