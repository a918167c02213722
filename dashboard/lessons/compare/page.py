"""The two cells compared, each claim of the chapter's table against its measurement."""

import streamlit as st

from dashboard.figure import figure
from dashboard.kit import lesson
from dashboard.kit.asking import guess
from dashboard.kit.boundary import part
from dashboard.kit.rooms import page
from dashboard.kit.words import say
from dashboard.lessons.compare import compute as compare_runs
from dashboard.lessons.compare import controls, view
from dashboard.lessons.compare import table_view as compare_table
from dashboard.lessons.compare.advice import advise
from dashboard.lessons.compare.settings import CompareSettings
from quiz.lessons.compare import guesses

LESSON = "compare"


def bench() -> CompareSettings:
    """The starts and the table that they move."""
    settings, _ = controls.restored()
    controls.starts()
    figure(compare_table.table(compare_table.measured(settings, *controls.timed(settings))), key="compare")
    return settings


def counter() -> CompareSettings:
    """The sizes and the parameters that they move."""
    settings, _ = controls.restored()
    controls.sizes()
    figure(view.counter(compare_runs.counted(settings), settings), key="compare-counter")
    return settings


def choice() -> CompareSettings:
    """The questions and the advice that they lead to."""
    settings, _ = controls.restored()
    controls.choosing()
    advice = advise(settings.far, settings.kind, settings.scarce, compare_runs.evidence(settings.far))
    with st.container(key="finding-advice"):
        st.markdown(advice.sentences[0])
    st.markdown(advice.sentences[1])
    st.caption(view.rests_on(advice))
    return settings


problems = controls.restored()[1]
lesson.head(LESSON, None, problems)
lesson.say(LESSON, "idea")
st.divider()
lesson.say(LESSON, "choose-starts")
first = st.container()
settings = lesson.at_once(bench, key=LESSON, page=controls.PAGE, what="The table") or controls.PAGE.base
with part("The predictions"):
    fresh = (compare_runs.fresh("rnn", "orthogonal", settings.seed), compare_runs.fresh("lstm", "1", settings.seed))
    questions = guesses.questions(settings.D, settings.H, settings.O, *fresh, seed=settings.seed)
    with first:
        guess.some(LESSON, questions, "horizon")
lesson.take_away("table", say(LESSON, "table-take-away"))

st.divider()
st.header("Parameters, counted", anchor="parameters")
lesson.say(LESSON, "counting")
with part("The predictions of sizes"):
    guess.some(LESSON, questions, "layer", "ratio", folded=True)
settings = lesson.at_once(counter, key="compare-counter", page=controls.PAGE, what="The count") or controls.PAGE.base
lesson.take_away("counting", say(LESSON, "counting-take-away"))
lesson.say(LESSON, "matrices")

st.divider()
st.header("Time of a training step", anchor="time")
lesson.say(LESSON, "time")
with part("The times"):
    controls.times(settings)
lesson.take_away("time", say(LESSON, "time-take-away"))

st.divider()
st.header("How far back the gradient reaches in a fresh network", anchor="horizon")
lesson.say(LESSON, "horizon")
with part("The horizons"):
    controls.seeds()
    figure(view.horizons(compare_runs.fresh_both(settings), settings), key="compare-horizons")
lesson.take_away("horizon", say(LESSON, "horizon-take-away"))
st.subheader("And how far a trained one gets", anchor="reach")
lesson.say(LESSON, "reach")
with part("The reach"):
    figure(view.reaches(), key="compare-reach")
st.page_link(page("memory"), label=say(LESSON, "reach-link"))

st.divider()
st.header("Accuracy on tasks", anchor="tasks")
lesson.say(LESSON, "tasks")
with part("The tasks"):
    figure(view.tasks(compare_runs.chosen_tasks(settings)), key="compare-tasks")
st.subheader("On the chapter’s sentences", anchor="sentences")
lesson.say(LESSON, "sentences")
with part("The sentences"):
    figure(view.sentences(compare_runs.sentences()), key="compare-sentences")
lesson.take_away("tasks", say(LESSON, "tasks-take-away"))
st.page_link("bench/page.py", label="RNN or LSTM: a fair comparison")

st.divider()
st.header("Loss, side by side", anchor="curves")
lesson.say(LESSON, "curves")
with part("The loss curves"):
    controls.curves(settings)
lesson.take_away("curves", say(LESSON, "curves-take-away"))

st.divider()
st.header("When to use which", anchor="choose")
lesson.say(LESSON, "choose")
lesson.at_once(choice, key="compare-choice", page=controls.PAGE, what="The choice")
lesson.take_away("choose", say(LESSON, "choose-take-away"))

st.divider()
lesson.say(LESSON, "claims")
lesson.foot(LESSON)
