"""What a network can still know of a word read long ago, and what decides whether it learns to keep it."""

from functools import partial

import streamlit as st

from core.experiments import gaps
from dashboard.figure import figure
from dashboard.kit import beats, lesson, model_card, parts
from dashboard.kit.asking import guess
from dashboard.kit.words import say
from dashboard.lessons.memory import beats as own
from dashboard.lessons.memory import compute as memory_runs
from dashboard.lessons.memory import controls, drawing, view
from quiz.lessons.memory import guesses
from quiz.schema import Exact

LESSON = "memory"
STEPS = [f"word {t}" for t in range(1, len(memory_runs.fill_words(drawing.COUNTRY, drawing.FILLERS[-1])) + 1)]


def carried() -> None:
    """The beats and the drawing they drive."""
    label, inspector = "What is left of a word, word by word", memory_runs.inspector(drawing.READ)
    beats.play(LESSON, own.beats(), own.panel(), steps=STEPS, label=label, inspector=inspector)


def prediction(name: str) -> Exact | None:
    """One of the predictions on fresh networks and stored runs."""
    fresh = memory_runs.fresh_example(controls.PAGE.collect())
    found = guesses.questions(fresh.words, fresh.sizes["RNN"], fresh.asked, gaps.stored())
    return next((question for question in found if question.id == f"guess-{LESSON}-{name}"), None)


def predicted(name: str) -> None:
    """Draw it beside what it is about."""
    guess.beside(LESSON, name, partial(prediction, name))


def fill() -> None:
    """The text with a blank, and the word that each network puts there."""
    lesson.say(LESSON, "fill")
    parts.part("memory.filled", filled, shows=controls.filled, what="The text with a blank", ways=controls.PAGE.back())
    lesson.take_away("fill", say(LESSON, "fill-take-away"))
    if words := view.forgetful(memory_runs.trained(memory_runs.FORGETFUL)):
        st.caption(words)
    lesson.say(LESSON, "about")


def filled() -> None:
    """Its controls, both answers, and what is known of the networks that give them."""
    settings, _ = controls.restored()
    controls.fill()
    figure(view.fill(memory_runs.fill_in(settings.country, settings.start), settings.gap), key="memory-fill")
    networks = memory_runs.language_models(settings.start).values()
    model_card.popover("Cards of these networks", *networks, key=controls.PAGE.key("fill-cards"))


def way() -> None:
    """The same way through other networks: trained ones, and fresh ones of any seed."""
    lesson.say(LESSON, "idea")
    lesson.say(LESSON, "way")
    parts.part("memory.walked", walked, shows=controls.walked, what="The states", ways=controls.PAGE.back())
    lesson.take_away("way", say(LESSON, "way-take-away"))
    lesson.say(LESSON, "measured")
    predicted("left")


def walked() -> None:
    """Whose states they are, and what is left in them."""
    settings, _ = controls.restored()
    controls.way(settings)
    figure(view.way(memory_runs.way(settings.way, settings.seed)), key="memory-way")
    words = say(LESSON, f"way-{settings.way}")
    if settings.way == "trained":
        st.caption(words)
        networks = [memory_runs.trained(f"pronoun-{name.lower()}") for name in memory_runs.MODELS]
        model_card.popover("Cards of these networks", *networks, key=controls.PAGE.key("way-cards"))
    else:
        st.caption(f"{words} {view.way_note(memory_runs.usual(), len(memory_runs.SEEDS))}")


def sentence() -> None:
    """A sentence, shaded by what its words do to the output."""
    lesson.say(LESSON, "reading")
    predicted("word")
    parts.part("memory.read", read, shows=controls.read, what="The sentence", ways=controls.PAGE.back())
    lesson.take_away("reading", say(LESSON, "reading-take-away"))


def read() -> None:
    """Which sentence, read by which networks."""
    settings, _ = controls.restored()
    found = controls.sentence(settings)
    if found is not None:
        figure(view.read(found, t=0, taken=controls.taken(settings)), key="memory-read")
        controls.take_over()
        query = memory_runs.inspector(settings).to_query()
        st.page_link(lesson.INSPECTOR, label=say(LESSON, "own-inspector"), query_params=query)
    if networks := memory_runs.readers(settings):
        model_card.popover("Cards of these networks", *networks, key=controls.PAGE.key("read-cards"))


def across() -> None:
    """Success against the gap, from the chosen starts, run by run."""
    lesson.say(LESSON, "gaps")
    predicted("gap")
    parts.part(
        "memory.success",
        success,
        shows=controls.begun,
        what="Success against the gap",
        ways=controls.PAGE.back(),
    )
    lesson.take_away("gaps", say(LESSON, "gaps-take-away"))
    lesson.say(LESSON, "starts")
    st.page_link("bench/page.py", label=say(LESSON, "bench"))


def success() -> None:
    """The starts, and their runs."""
    settings, _ = controls.restored()
    controls.starts()
    controls.success(settings)


_, problems = lesson.start(controls.PAGE, controls.FOLDS, alive=controls.ALIVE, running=controls.RUNS_IN)
lesson.head(LESSON, problems)
parts.part("memory.figure", carried, shows=lambda: None, what="The figure", ways=controls.PAGE.back(), tall=True)
lesson.deeper(LESSON, "fill", fill)
lesson.deeper(LESSON, "way", way)
lesson.deeper(LESSON, "sentence", sentence)
lesson.deeper(LESSON, "gaps", across)
lesson.deeper(LESSON, "claims", partial(lesson.say, LESSON, "claims"))
lesson.close(LESSON)
