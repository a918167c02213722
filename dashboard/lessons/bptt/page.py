"""Backpropagation through time, on the learner's own numbers."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from core.errors import InputError
from dashboard.figure import figure
from dashboard.kit import lesson
from dashboard.kit.asking import guess
from dashboard.kit.network import compute as network
from dashboard.kit.network import controls
from dashboard.kit.parts import part
from dashboard.kit.words import say
from dashboard.lessons.bptt import compute, view
from dashboard.lessons.bptt import controls as own
from quiz.schema import Exact

LESSON = "bptt"


def unrolled() -> None:
    """The controls and the figure they move, and the way into the Inspector with the same network."""
    settings, _ = controls.start(LESSON)
    lesson.way_into_inspector(line, settings)
    with controls.reporting():
        small = network.small(settings)
        controls.row(settings, small, "activation", "readout")
        opened = own.opened()
        data = view.bptt(small, compute.update(small), t=settings.t, entry=opened["entry"], window=opened["window"])
        figure(data, key=LESSON)


def shown() -> network.Small:
    """The network on the screen; where it cannot be run, the words below are about the lesson's own."""
    try:
        return network.small(controls.NETWORK.collect())
    except InputError:  # said in place of the figure
        return network.small(network.SMALL)


def update() -> None:
    """One update of all weights, and the loss along its line."""
    small = shown()
    own.learning_rate(small.settings)
    updated = compute.update(small)
    with st.container(key="finding-update"):
        st.markdown(view.update_finding(small, updated))
    figure(view.descent(small, updated), key="descent")


def prediction(name: str) -> Callable[[], Exact | None]:
    """Finds a prediction on the network that is on the screen by then."""
    return lambda: compute.prediction(name, controls.NETWORK.collect())


BACK = controls.NETWORK.back()
settings, problems = controls.start(LESSON)
line = lesson.head(LESSON, problems=problems)
lesson.say(LESSON, "idea")
st.divider()
guess.beside(LESSON, "state", prediction("state"))
part("bptt.figure", unrolled, what="The figure", ways=BACK, tall=True)
numbers = partial(controls.everything, LESSON)
part("bptt.numbers", numbers, shows=partial(controls.shows, LESSON), what="All numbers", ways=BACK)
for name in ("weight", "step", "update"):
    guess.beside(LESSON, name, prediction(name), folded=say(LESSON, f"guess-{name}"))
st.divider()
lesson.say(LESSON, "chain")
lesson.say(LESSON, "steps")
st.divider()
lesson.say(LESSON, "update")
part("bptt.update", update, shows=controls.NETWORK.collect, what="The update", ways=BACK)
st.divider()
guess.beside(LESSON, "nudge", prediction("nudge"), folded=say(LESSON, "guess-nudge"))
check = partial(own.gradient_check, shown)
part("bptt.check", check, shows=controls.NETWORK.collect, what="The gradient check", ways=BACK)
st.divider()
lesson.say(LESSON, "chapter")
lesson.foot(LESSON)
