"""The two cells compared: the chapter's table against measurements, which to take, and best against best."""

from functools import partial

import streamlit as st

from dashboard.figure import figure
from dashboard.kit import lesson, parts
from dashboard.kit.asking import guess
from dashboard.kit.rooms import page
from dashboard.kit.words import say
from dashboard.lessons.compare import compute as compare_runs
from dashboard.lessons.compare import controls, view
from dashboard.lessons.compare import table_view as compare_table
from dashboard.lessons.compare.advice import advise
from quiz.lessons.compare import guesses
from quiz.schema import Exact

LESSON = "compare"


def table() -> None:
    """The starts and the table that they move."""
    controls.restored()
    controls.starts()
    settings = controls.tabled()[0]
    figure(compare_table.table(compare_table.measured(settings, *controls.timed(settings))), key="compare")


def choice() -> None:
    """The questions and the advice that they lead to."""
    settings, _ = controls.restored()
    controls.choosing()
    advice = advise(settings.far, settings.kind, settings.scarce, compare_runs.evidence(settings.far))
    with st.container(key="compare-advice", gap="xsmall"):
        st.markdown(f"**{advice.sentences[0]}**")
        st.markdown(advice.sentences[1])


def fair() -> None:
    """The one question, and what each cell's best came to."""
    found = compare_runs.best_against_best()
    words, question = st.columns([2, 3], gap="medium")
    with words:
        st.header("Best against best", anchor=False)
        with st.container(key="compare-fair-words"):
            lesson.say(LESSON, "fair")
    with question:
        over = guess.inside(LESSON, guesses.ahead(view.sides(found)))
    if over:
        with st.container(key="compare-fair-finding", gap="xxsmall"):
            st.markdown(view.best_finding(found))
            st.page_link("bench/page.py", label=say(LESSON, "fair-link"))


def cost() -> None:
    """The parameters, by formula and counted, with two predictions; and how long a training step takes."""
    controls.begin("deeper-compare-cost")
    lesson.say(LESSON, "counting")
    for name in ("layer", "ratio"):
        guess.beside(LESSON, name, partial(predicted, name), folded=say(LESSON, f"{name}-asked"))
    parts.part("compare.counter", counter, shows=controls.counted, what="The count", ways=controls.PAGE.back())
    lesson.take_away("counting", say(LESSON, "counting-take-away"))
    lesson.say(LESSON, "matrices")
    st.subheader("Time of a training step", anchor=False)
    lesson.say(LESSON, "time")
    parts.part("compare.times", controls.times, shows=controls.pacing, what="The times", ways=controls.PAGE.back())
    st.caption(view.pace_by_size())
    lesson.take_away("time", say(LESSON, "time-take-away"))


def counter() -> None:
    """The sizes and the parameters that they move."""
    settings, _ = controls.restored()
    controls.sizes()
    figure(view.counter(compare_runs.counted(settings.counting()), settings), key="compare-counter")


def predicted(name: str) -> Exact | None:
    """One of the predictions that the chosen sizes and seed allow."""
    settings = controls.PAGE.collect()
    fresh = (compare_runs.fresh("rnn", "orthogonal", settings.seed), compare_runs.fresh("lstm", "1", settings.seed))
    made = guesses.questions(settings.D, settings.H, settings.O, *fresh, seed=settings.seed)
    return next((question for question in made if question.id == f"guess-{LESSON}-{name}"), None)


def reach() -> None:
    """How far back the gradient of fresh networks reaches, and what trained ones bridge."""
    controls.begin("deeper-compare-reach")
    lesson.say(LESSON, "horizon")
    guess.beside(LESSON, "horizon", partial(predicted, "horizon"), folded=say(LESSON, "horizon-asked"))
    parts.part("compare.horizons", horizons, shows=controls.fresh, what="The horizons", ways=controls.PAGE.back())
    lesson.take_away("horizon", say(LESSON, "horizon-take-away"))
    st.subheader("And how far a trained one gets", anchor=False)
    lesson.say(LESSON, "reach")
    figure(view.reaches(), key="compare-reach")
    st.page_link(page("memory"), label=say(LESSON, "reach-link"))


def horizons() -> None:
    """The starts and seeds, and the horizons of their networks."""
    settings = controls.restored()[0].fresh()
    controls.drawn()
    figure(view.horizons(compare_runs.fresh_both(settings), settings), key="compare-horizons")


def tasks() -> None:
    """Every task from the chosen starts and how the loss falls, stored or run here; and the chapter's sentences."""
    controls.begin("deeper-compare-tasks")
    lesson.say(LESSON, "tasks")
    lesson.say(LESSON, "curves")
    parts.part("compare.runs", runs, shows=controls.run, what="The runs", ways=controls.PAGE.back())
    lesson.take_away("tasks", say(LESSON, "tasks-take-away"))
    lesson.take_away("curves", say(LESSON, "curves-take-away"))
    st.page_link("bench/page.py", label=say(LESSON, "fair-link"))
    st.subheader("On the chapter’s sentences", anchor=False)
    lesson.say(LESSON, "sentences")
    figure(view.sentences(compare_runs.sentences()), key="compare-sentences")


def runs() -> None:
    """The starts, the runs made from them, and the buttons that make them here."""
    controls.restored()
    controls.runs()


def starts() -> None:
    """What the two cells are, and what the starts change."""
    lesson.say(LESSON, "idea")
    lesson.say(LESSON, "choose-starts")
    lesson.take_away("table", say(LESSON, "table-take-away"))
    lesson.take_away("choose", say(LESSON, "choose-take-away"))


problems = controls.start()
lesson.head(LESSON, problems)
with st.container(key="compare-intro"):
    lesson.say(LESSON, "intro")
parts.part("compare.table", table, shows=controls.tabled, what="The table", ways=controls.PAGE.back(), tall=True)
st.header("Which to take", anchor="choose")
with st.container(key="compare-choose"):
    lesson.say(LESSON, "choose")
parts.part("compare.choice", choice, shows=controls.chosen, what="The choice", ways=controls.PAGE.back())
parts.part("compare.fair", fair, shows=lambda: None, what="The question")
lesson.deeper(LESSON, "starts", starts)
lesson.deeper(LESSON, "cost", cost)
lesson.deeper(LESSON, "reach", reach)
lesson.deeper(LESSON, "tasks", tasks)
lesson.deeper(LESSON, "claims", partial(lesson.say, LESSON, "claims"))
lesson.close(LESSON)
controls.ways_on(LESSON)
