"""How a gradient vanishes or explodes on its way back, and what clipping does about it."""

from functools import partial
from urllib.parse import urlencode

import streamlit as st

from dashboard.figure import Rich, figure
from dashboard.figure.rich import link
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
from quiz.schema import Exact

LESSON = "gradients"
STEPS = [f"step {t} to {t - 1}" for t in range(1, grid.T + 1)]


def built() -> None:
    """The beats and the networks they drive."""
    label, inspector = "The gradient, step by step", own.BUILD.network
    beats.play(LESSON, own.beats(), drawing.drawn(), steps=STEPS, label=label, inspector=inspector)


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
    """Networks as they are usually drawn, of any length, seed and size."""
    st.caption(say(LESSON, "choose"))
    ways = controls.PAGE.back()
    parts.part("gradients.cards", controls.drawn, shows=controls.on_cards, what="The choice", ways=ways)
    parts.part("gradients.networks", networks, shows=controls.network, what="This part", ways=ways)


def networks() -> None:
    """Their controls, the figure of the chosen one, and the ways into the Inspector with it."""
    settings, _ = controls.PAGE.restored(alive=controls.ALIVE)
    controls.live()
    controls.advanced()
    network = settings.network()
    ways = {"Open this network in the Inspector": network, say(LESSON, "lstm"): controls.beside(network)}
    links: list[Rich] = [[link(f"inspector?{urlencode(way.to_query())}", label)] for label, way in ways.items()]
    figure(view.main(gradients_runs.flow_run(settings), settings, links), key="gradients-others")


def predictions() -> None:
    """What becomes of a gradient in the network that is chosen, before one looks."""
    st.caption(words.named(controls.network()))
    for name in ("rank", "crossing"):
        guess.beside(LESSON, name, partial(predicted, name))


def predicted(name: str) -> Exact | None:
    """One of the predictions that the chosen network allows."""
    found = guesses.questions(gradients_runs.flow_run(controls.network()).finished)
    return next((question for question in found if question.id == f"guess-{LESSON}-{name}"), None)


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
    lesson.say(LESSON, "clipping")
    guess.beside(LESSON, "clipping", shortened, folded=say(LESSON, "clipping-asked"))
    parts.part("gradients.lab", clipped, shows=controls.PAGE.collect, what="The lab", ways=controls.PAGE.back())
    st.markdown(f"{say(LESSON, 'reach')}\n\n{clipping.reach_table()}")


def shortened() -> Exact | None:
    """The prediction whether clipping changes the gradient that is chosen."""
    settings = controls.PAGE.collect()
    return guesses.clipped(gradients_clipping.case(settings).grads, settings.max_norm)


def clipped() -> None:
    """The lab's controls, and what each way to clip leaves of the gradient."""
    settings, _ = controls.PAGE.restored(alive=controls.ALIVE)
    controls.lab()
    settings = controls.PAGE.collect()
    case = gradients_clipping.case(settings)
    st.markdown(clipping.introduction(case, settings))
    figure(clipping.whole(case), key="gradients-clipping")
    counts = [say(LESSON, "clipped"), clipping.counts_table()] if case.name == "exploding" else []
    st.markdown("\n\n".join(filter(None, [clipping.take_away(case), clipping.beyond(case), *counts])))


_, problems = lesson.start(controls.PAGE, controls.FOLDS, alive=controls.ALIVE)
lesson.head(LESSON, problems)
parts.part("gradients.figure", built, shows=lambda: None, what="The figure", ways=controls.PAGE.back(), tall=True)
lesson.deeper(LESSON, "chain", chain)
lesson.deeper(LESSON, "slopes", slopes, shows=controls.network)
lesson.deeper(LESSON, "others", others)
lesson.deeper(LESSON, "predict", predictions, shows=controls.network)
lesson.deeper(LESSON, "bars", bars, shows=controls.network)
lesson.deeper(LESSON, "claims", partial(lesson.say, LESSON, "claims"))
lesson.deeper(LESSON, "nan", nan)
lesson.deeper(LESSON, "lab", lab)
lesson.close(LESSON)
