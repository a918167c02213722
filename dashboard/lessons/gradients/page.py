"""How a gradient vanishes or explodes on its way back, and what clipping does about it."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard.figure import figure
from dashboard.kit import beats, lesson, parts
from dashboard.kit.asking import guess
from dashboard.kit.words import say
from dashboard.lessons.gradients import beats as own
from dashboard.lessons.gradients import clipping as gradients_clipping
from dashboard.lessons.gradients import clipping_view as clipping
from dashboard.lessons.gradients import compute as gradients_runs
from dashboard.lessons.gradients import controls, drawing, grid, view
from dashboard.lessons.gradients import failing_view as breaking
from dashboard.lessons.gradients import sentences as words
from quiz.lessons.gradients import guesses

LESSON = "gradients"
STEPS = [f"step {t} to {t - 1}" for t in range(1, grid.T + 1)]


def built() -> None:
    """The beats and the networks they drive."""
    beats.play(LESSON, own.beats(), drawing.drawn(), steps=STEPS, label="The gradient, step by step")


def chain() -> None:
    """What stands in the product, and the most that can be left."""
    lesson.say(LESSON, "idea")
    lesson.say(LESSON, "terms")


def slopes() -> None:
    """The three curves, with the pre-activations of a network that is drawn below them."""
    settings = controls.PAGE.collect()
    st.caption(f"Not the figure above. {words.named(settings)}")
    lesson.say(LESSON, "slopes")
    figure(view.slope_curves(gradients_runs.flow_run(settings), settings.activation), key="gradients-slopes")
    lesson.take_away("slopes", say(LESSON, "slopes-take-away"))


def others() -> None:
    """Networks as they are usually drawn, of any length, seed and size, each piece for itself."""
    st.caption(say(LESSON, "choose"))
    piece("cards", controls.drawn, controls.network)
    controls.live()
    piece("advanced", controls.advanced, controls.folded)
    piece("measured", measured, controls.network)


def piece(name: str, draw: Callable[[], object], what: Callable[[], object]) -> None:
    """A piece of the fold on other networks, which runs where what it shows has changed."""
    shows = controls.while_open(lesson.fold_key(LESSON, "others"), what)
    parts.part(f"{LESSON}.{name}", draw, shows=shows, what="This part", ways=controls.PAGE.back())


def measured() -> None:
    """The figure of the chosen network, and the ways into the Inspector with it."""
    settings, _ = controls.PAGE.restored(alive=controls.ALIVE)
    run = gradients_runs.flow_run(settings)
    figure(view.main(run, settings), key="gradients-others")
    lesson.take_away("flow", words.take_away(run, settings))
    network = settings.network()
    st.page_link(lesson.INSPECTOR, label="Open this network in the Inspector", query_params=network.to_query())
    st.page_link(lesson.INSPECTOR, label=say(LESSON, "lstm"), query_params=controls.beside(network).to_query())


def predictions() -> None:
    """What becomes of a gradient in the network that is chosen, before one looks."""
    settings = controls.PAGE.collect()
    st.caption(words.named(settings))
    guess.some(LESSON, guesses.questions(gradients_runs.flow_run(settings).finished), "rank", "crossing")


def bars() -> None:
    """The chapter's bars beside what was measured, its two powers, and what early steps still bring."""
    settings = controls.PAGE.collect()
    run = gradients_runs.flow_run(settings)
    lesson.say(LESSON, "bars")
    st.caption(words.named(settings))
    figure(view.bars(run, settings), key="gradients-bars")
    lesson.take_away("powers", words.powers())
    lesson.say(LESSON, "updates")
    st.markdown(words.barely(run, settings))


def nan() -> None:
    """The run that breaks, as numbers."""
    lesson.say(LESSON, "exploding")
    lesson.say(LESSON, "failing")
    failing = gradients_runs.failing()
    figure(breaking.failing(failing), key="gradients-failing")
    st.markdown(breaking.failure(failing))
    lesson.take_away("failing", breaking.take_away(failing))


def lab() -> None:
    """Three gradients, three ways to clip, any learning rate."""
    settings, _ = controls.PAGE.restored(alive=controls.ALIVE)
    lesson.say(LESSON, "clipping")
    controls.lab()
    settings = controls.PAGE.collect()
    case = gradients_clipping.case(settings)
    st.markdown(clipping.introduction(case, settings))
    question = guesses.clipped(case.grads, settings.max_norm)
    if question is not None:
        guess.draw(LESSON, question, folded=True)
    table, plane = st.columns([7, 3], gap="small", vertical_alignment="center")
    with table:
        figure(clipping.table(case), key="gradients-clipping")
    with plane:
        figure(clipping.plane(case), key="gradients-plane")
    if case.name == "cliff":
        figure(clipping.landing(case), key="gradients-landing")
    lesson.take_away("clipping", clipping.take_away(case))
    if further := clipping.beyond(case):
        st.markdown(further)
    st.caption(say(LESSON, "reach"))
    st.markdown(clipping.reach_table())
    if case.name == "exploding":
        st.caption(say(LESSON, "clipped"))
        st.markdown(clipping.counts_table())


problems = controls.start()
lesson.head(LESSON, own.BUILD.network, problems)
parts.part("gradients.figure", built, shows=lambda: None, what="The figure", ways=controls.PAGE.back(), tall=True)
lesson.deeper(LESSON, "chain", chain)
lesson.deeper(LESSON, "slopes", slopes, shows=controls.network)
lesson.deeper(LESSON, "others", others)
lesson.deeper(LESSON, "predict", predictions, shows=controls.network)
lesson.deeper(LESSON, "bars", bars, shows=controls.network)
lesson.deeper(LESSON, "claims", partial(lesson.say, LESSON, "claims"))
lesson.deeper(LESSON, "nan", nan)
lesson.deeper(LESSON, "lab", lab, shows=controls.PAGE.collect)
lesson.close(LESSON)
