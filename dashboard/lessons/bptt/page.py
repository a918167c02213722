"""Backpropagation through time, on the learner's own numbers."""

from functools import partial

import streamlit as st

from dashboard.figure import figure
from dashboard.kit import beats, lesson
from dashboard.kit.asking import guess
from dashboard.kit.network import compute as network
from dashboard.kit.network import controls
from dashboard.kit.parts import part
from dashboard.kit.words import say
from dashboard.lessons.bptt import beats as own
from dashboard.lessons.bptt import compute, drawing, view
from dashboard.lessons.bptt import controls as bptt
from quiz.schema import Exact

LESSON = "bptt"


def unrolled() -> None:
    """The beats and the network they drive."""
    base, _ = controls.start(LESSON)
    settings = bptt.settings(base)
    with controls.reporting(settings):
        small = network.small(settings)
        steps = [f"t = {t}" for t in range(1, small.T + 1)]
        label = "The network, nudged and walked back"
        updates = beats.whole(LESSON, own.UPDATE, settings)
        made, drawn = own.beats(small, updates=updates), drawing.drawn(settings, updates=updates)
        beats.play(LESSON, made, drawn, steps=steps, label=label, inspector=settings)
        lesson.fold(LESSON, "own", partial(own_network, small))
        lesson.fold(LESSON, "numbers", partial(controls.one_number, small))


def predicted(*names: str) -> None:
    """Some predictions on the network that is on the screen, each a part of its own."""
    for name in names:
        guess.beside(LESSON, name, partial(prediction, name))


def prediction(name: str) -> Exact | None:
    """One of them; None where the network does not allow it."""
    return compute.prediction(name, bptt.settings())


def equations() -> None:
    """The equations, and the sign and the number of one gradient to be worked out."""
    lesson.say(LESSON, "idea")
    predicted("state", "weight")


def chain() -> None:
    """The chain rule, and each link of any entry with its numbers."""
    lesson.say(LESSON, "chain")
    figure(view.opened(bptt.shown(), bptt.opened(), shows="chain"), key="bptt-chain")


def steps() -> None:
    """The algorithm, and each of its stages with all numbers."""
    lesson.say(LESSON, "steps")
    small = bptt.shown(bptt.updating)
    figure(view.bptt(small, compute.update(small)), key="bptt-steps")


def step_map() -> None:
    """Which loss reaches an entry through which state, and what truncation cuts off."""
    lesson.say(LESSON, "map")
    predicted("step")
    figure(view.opened(bptt.shown(), bptt.opened(), shows="map"), key="bptt-map")


def check() -> None:
    """The gradient measured by nudging."""
    lesson.say(LESSON, "nudge")
    predicted("nudge")
    part("bptt.nudged", nudged, shows=bptt.settings, what="The check")


def nudged() -> None:
    """The chosen weight and nudge, and how the two gradients agree."""
    chosen = bptt.nudge()
    found = compute.nudge(bptt.shown(), *chosen)
    with st.container(key="finding-nudge"):
        st.markdown(view.nudge_finding(found, chosen.exponent))
    figure(view.nudge(found, chosen.exponent), key="nudge")


def far() -> None:
    """One update of all weights, and the loss along its line."""
    lesson.say(LESSON, "update")
    guess.beside(
        LESSON, "update", lambda: compute.prediction("update", bptt.updating()), folded=say(LESSON, "update-asked")
    )
    part("bptt.updated", updated, shows=bptt.updating, what="The update")


def updated() -> None:
    """The learning rate, and where the update with it leads."""
    bptt.learning_rate()
    small = bptt.shown(bptt.updating)
    found = compute.update(small)
    with st.container(key="finding-update"):
        st.markdown(view.update_finding(small, found))
    figure(view.descent(small, found), key="descent")


def lab() -> None:
    """The backward pass as code of one's own."""
    lesson.say(LESSON, "lab")
    st.page_link("check/page.py", label="Or line by line here, and check arrays of your own")


def own_network(small: network.Small) -> None:
    """Activation, and where a loss stands; it sets the figure, and is drawn in its part."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        controls.choices(small.settings, "activation")
        bptt.losses()


settings, problems = controls.start(LESSON)
lesson.head(LESSON, problems)
part("bptt.figure", unrolled, shows=bptt.settings, what="The figure", ways=controls.NETWORK.back(), tall=True)
controls.everything(LESSON)
lesson.deeper(LESSON, "equations", equations, bptt.settings)
lesson.deeper(LESSON, "chain", chain, bptt.settings)
lesson.deeper(LESSON, "steps", steps, bptt.updating)
lesson.deeper(LESSON, "map", step_map, bptt.settings)
lesson.deeper(LESSON, "nudge", check)
lesson.deeper(LESSON, "update", far)
lesson.deeper(LESSON, "lab", lab)
lesson.deeper(LESSON, "chapter", partial(lesson.say, LESSON, "chapter"))
lesson.deeper(LESSON, "claims", partial(lesson.say, LESSON, "claims"))
lesson.close(LESSON)
