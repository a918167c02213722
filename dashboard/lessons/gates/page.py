"""What the gates of an LSTM do on a text, and what their product leaves of a gradient."""

from functools import partial
from urllib.parse import urlencode

import streamlit as st

from dashboard.figure import Rich, figure
from dashboard.figure.rich import link
from dashboard.kit import beats, lesson, model_card, parts
from dashboard.kit.asking import guess
from dashboard.kit.words import say
from dashboard.lessons.gates import beats as own
from dashboard.lessons.gates import checked, controls, drawing, view
from dashboard.lessons.gates import compute as gates_runs
from dashboard.lessons.gates import sentences as words
from quiz.lessons.gates import guesses
from quiz.schema import Exact

LESSON = "gates"


def drawn() -> None:
    """The beats and the drawing they drive."""
    label, inspector = "The gates over a text, word by word", drawing.in_the_inspector()
    beats.play(LESSON, own.beats(), own.panel(), steps=drawing.WORDS, label=label, inspector=inspector)


def equations() -> None:
    """The cell's equations, and the three parts of the derivative."""
    lesson.say(LESSON, "idea")
    lesson.say(LESSON, "paths")


def sums() -> None:
    """That the parts add up, checked in two other ways."""
    lesson.say(LESSON, "sum")
    st.markdown(checked.sentences())


def others() -> None:
    """Other networks on other texts: all six maps, the search, gradients, and the parts by unit."""
    lesson.say(LESSON, "reading")
    cards = map(gates_runs.trained, gates_runs.NAMES)
    model_card.popover("Cards of the trained networks", *cards, key=controls.PAGE.key("cards"))
    parts.part("gates.others", chosen, shows=controls.shown, what="This part", ways=controls.PAGE.back())


def chosen() -> None:
    """The controls, the figure of the chosen network on the chosen text, and what it says."""
    settings, _ = controls.PAGE.restored(alive=controls.ALIVE)
    controls.live(settings)
    controls.advanced()
    address = f"inspector?{urlencode(gates_runs.in_the_inspector(settings).to_query())}"
    way: Rich = [link(address, "Open this text in the Inspector")]
    way += [f" (fresh, from seed {settings.seed})"] if settings.network == "fresh" else []
    figure(view.main(gates_runs.run_of(settings), settings, [way]), key="gates-others")


def predictions() -> None:
    """What becomes of the subject and of the direct path, in the network and on the text that are chosen."""
    st.caption(say(LESSON, "predict"))
    for name in ("word", "left", "unit", "zeros"):
        guess.beside(LESSON, name, partial(predicted, name))


def predicted(name: str) -> Exact | None:
    """One of the predictions that the chosen network allows."""
    found = guesses.questions(*gates_runs.predicted(controls.shown()))
    return next((question for question in found if question.id == f"guess-{LESSON}-{name}"), None)


def switch() -> None:
    """The change of subject: with a new one, without, and before training."""
    settings = controls.PAGE.collect()
    found = gates_runs.switch(settings.second, settings.gap)
    lesson.say(LESSON, "switch")
    st.markdown(words.accuracies(gates_runs.trained(), gates_runs.trained_rnns()))
    figure(view.switch(found), key="gates-switch")
    st.markdown(words.answer_note(found))
    lesson.take_away("switch", words.switch_take_away(found))


def horizon() -> None:
    """How long a forget bias keeps a cell."""
    lesson.say(LESSON, "bias")
    parts.part("gates.held", measured, shows=controls.PAGE.collect, what="The horizon", ways=controls.PAGE.back())
    lesson.take_away("bias", say(LESSON, "bias-take-away"))


def measured() -> None:
    """The bias, and what was measured with it."""
    settings, _ = controls.PAGE.restored(alive=controls.ALIVE)
    controls.held()
    settings = controls.PAGE.collect()
    found = gates_runs.measured(settings.held, settings.seed)
    figure(view.horizon(found, settings.seed), key="gates-horizon")
    st.markdown(words.horizon_note(found))
    st.markdown(words.horizon_here(gates_runs.run_of(settings), settings))


def exploding() -> None:
    """The way through h and its weights."""
    lesson.say(LESSON, "exploding")
    parts.part("gates.gain", grown, shows=controls.PAGE.collect, what="This part", ways=controls.PAGE.back())


def grown() -> None:
    """The factor on the weights, and how far a gradient grows with it."""
    controls.PAGE.restored(alive=controls.ALIVE)
    controls.gain()
    settings = controls.PAGE.collect()
    figure(view.explosion(gates_runs.exploding(float(settings.gain), settings.seed)), key="gates-exploding")


def claims() -> None:
    """What the chapter says of gates, and of a change of context, beside what holds."""
    settings = controls.PAGE.collect()
    lesson.say(LESSON, "claims")
    st.markdown(words.claims(gates_runs.switch(settings.second, settings.gap)))
    lesson.say(LESSON, "spread")


problems = controls.start()
lesson.head(LESSON, problems)
parts.part("gates.figure", drawn, shows=lambda: None, what="The figure", ways=controls.PAGE.back(), tall=True)
lesson.deeper(LESSON, "equations", equations)
lesson.deeper(LESSON, "sum", sums)
lesson.deeper(LESSON, "others", others)
lesson.deeper(LESSON, "predict", predictions)
lesson.deeper(LESSON, "switch", switch, shows=controls.text)
lesson.deeper(LESSON, "bias", horizon)
lesson.deeper(LESSON, "exploding", exploding)
lesson.deeper(LESSON, "claims", claims, shows=controls.text)
lesson.close(LESSON)
