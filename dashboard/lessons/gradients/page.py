"""How a gradient vanishes or explodes on its way back, and what clipping does about it."""

from dataclasses import replace

import streamlit as st

from dashboard.figure import figure
from dashboard.kit import lesson
from dashboard.kit.asking import guess
from dashboard.kit.boundary import part
from dashboard.kit.words import say
from dashboard.lessons.gradients import clipping as gradients_clipping
from dashboard.lessons.gradients import clipping_view as clipping
from dashboard.lessons.gradients import compute as gradients_runs
from dashboard.lessons.gradients import controls, view
from dashboard.lessons.gradients import failing_view as breaking
from dashboard.lessons.gradients import sentences as words
from dashboard.lessons.gradients.settings import FlowSettings
from quiz.lessons.gradients import guesses

LESSON = "gradients"


def bench() -> FlowSettings:
    """The controls and the figure they move."""
    settings, _ = controls.PAGE.restored(alive=controls.ALIVE)
    st.caption(say(LESSON, "choose"))
    controls.live(settings)
    figure(view.main(gradients_runs.flow_run(settings), settings), key="gradients")
    return settings


problems = controls.PAGE.restore(alive=controls.ALIVE)
lesson.head(LESSON, controls.PAGE.collect().network(), problems)
lesson.say(LESSON, "idea")
first = st.container()
settings = lesson.at_once(bench, key=LESSON, page=controls.PAGE) or controls.PAGE.base
with part("The words on the figure"):
    run = gradients_runs.flow_run(settings)
    questions = guesses.questions(run.finished)
    with first:
        guess.some(LESSON, questions, "rank")
    lesson.say(LESSON, "terms")
    lesson.take_away("flow", words.take_away(run, settings))
    st.markdown(words.barely(run, settings))
    controls.advanced(settings)
with part("The prediction of a crossing"):
    guess.some(LESSON, questions, "crossing", folded=True)

st.divider()
st.header("Slopes of the activations", anchor=False)
lesson.say(LESSON, "slopes")
with part("The slopes"):
    figure(view.slope_curves(run, settings.activation), key="gradients-slopes")
lesson.take_away("slopes", say(LESSON, "slopes-take-away"))

st.divider()
st.header("The chapter’s picture, measured", anchor=False)
lesson.say(LESSON, "bars")
with part("The picture measured"):
    figure(view.bars(run, settings), key="gradients-bars")
    lesson.take_away("powers", words.powers())
st.subheader("What the chapter says, and what holds", anchor=False)
lesson.say(LESSON, "claims")

st.divider()
st.header("When it explodes", anchor=False)
lesson.say(LESSON, "exploding")
lesson.say(LESSON, "failing")
with part("The explosion"):
    failing = gradients_runs.failing()
    figure(breaking.failing(failing), key="gradients-failing")
    st.markdown(breaking.failure(failing))
    lesson.take_away("failing", breaking.take_away(failing))

st.divider()
st.header("Clipping lab", anchor=False)
lesson.say(LESSON, "clipping")
with part("The clipping lab", controls.PAGE.back()):
    guess.some(LESSON, questions, "clipping", folded=True)
    controls.lab()
    case = gradients_clipping.case(settings)
    st.markdown(clipping.introduction(case, settings))
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
    if case.name == "exploding":
        with st.expander(say(LESSON, "clipped"), type="compact"):
            st.markdown(clipping.counts_table())
st.page_link(
    lesson.INSPECTOR, label=say(LESSON, "lstm"), query_params=replace(settings.network(), cell="both").to_query()
)
lesson.foot(LESSON)
