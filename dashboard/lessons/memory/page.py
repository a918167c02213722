"""What a network can still know of a word read long ago, and what decides it."""

import streamlit as st

from core.experiments import gaps
from dashboard.figure import figure
from dashboard.kit import lesson, model_card
from dashboard.kit.asking import guess
from dashboard.kit.boundary import part
from dashboard.kit.words import say
from dashboard.lessons.memory import compute as memory_runs
from dashboard.lessons.memory import controls, view
from dashboard.lessons.memory.settings import MemorySettings
from quiz.lessons.memory import guesses

LESSON = "memory"


def filling() -> MemorySettings:
    """The text with a blank, and the word that each network puts there."""
    settings, _ = controls.restored()
    controls.fill()
    figure(view.fill(memory_runs.fill_in(settings.country, settings.start), settings.gap), key="memory-fill")
    if words := view.forgetful(memory_runs.trained(memory_runs.FORGETFUL)):
        st.caption(words)
    return settings


def reading() -> MemorySettings:
    """The sentence, shaded by what its words do to the output."""
    settings, _ = controls.restored()
    read = controls.sentence(settings)
    if read is not None:
        figure(view.read(read, t=0), key="memory-read")
    if networks := memory_runs.readers(settings):
        model_card.popover("Cards of these networks", *networks, key=controls.PAGE.key("read-cards"))
    return settings


def way() -> MemorySettings:
    """The states that the first word leaves behind."""
    settings, _ = controls.restored()
    controls.way()
    figure(view.way(memory_runs.way(settings.way, settings.seed)), key="memory-way")
    words = say(LESSON, f"way-{settings.way}")
    if settings.way == "trained":
        st.caption(words)
        networks = [memory_runs.trained(f"pronoun-{name.lower()}") for name in memory_runs.MODELS]
        model_card.popover("Cards of these networks", *networks, key=controls.PAGE.key("way-cards"))
    else:
        st.caption(f"{words} {view.way_note(memory_runs.usual(), len(memory_runs.SEEDS))}")
    return settings


def success() -> MemorySettings:
    """Success against the gap, from the chosen starts."""
    settings, _ = controls.restored()
    controls.starts()
    controls.success(settings)
    return settings


settings, problems = controls.restored()
lesson.head(LESSON, memory_runs.inspector(settings), problems)
lesson.say(LESSON, "idea")

st.divider()
st.header("What is left of a word", anchor=False)
lesson.say(LESSON, "way")
with part("The predictions"):
    fresh = memory_runs.fresh_example(settings)
    questions = guesses.questions(fresh.words, fresh.sizes["RNN"], fresh.asked, gaps.stored())
lesson.at_once(way, key="memory-ways", page=controls.PAGE, what="The states")
with part("The prediction of what is left"):
    guess.some(LESSON, questions, "left", folded=True)
lesson.take_away("way", say(LESSON, "way-take-away"))

st.divider()
st.header("Fill in the blank", anchor=False)
lesson.say(LESSON, "fill")
settings = (
    lesson.at_once(filling, key="memory-filling", page=controls.PAGE, what="The text with a blank")
    or controls.PAGE.base
)
lesson.take_away("fill", say(LESSON, "fill-take-away"))
with st.expander("About these networks", on_change="rerun", key=controls.PAGE.key(controls.ALIVE), type="compact"):
    lesson.say(LESSON, "about")
    with part("What is said of the networks"):
        for each in memory_runs.language_models(settings.start).values():
            st.markdown(model_card.whole(each))

st.divider()
st.header("Which word moves the output", anchor=False)
lesson.say(LESSON, "reading")
with part("The prediction of the word"):
    guess.some(LESSON, questions, "word")
lesson.at_once(reading, key="memory-reading", page=controls.PAGE, what="The sentence")
lesson.take_away("reading", say(LESSON, "reading-take-away"))

st.divider()
st.header("Success against the gap", anchor=False)
lesson.say(LESSON, "gaps")
with part("The prediction of success"):
    guess.some(LESSON, questions, "gap")
lesson.at_once(success, key="memory-success", page=controls.PAGE, what="Success against the gap")
lesson.take_away("gaps", say(LESSON, "gaps-take-away"))
lesson.say(LESSON, "starts")

st.divider()
lesson.say(LESSON, "claims")
lesson.foot(LESSON)
