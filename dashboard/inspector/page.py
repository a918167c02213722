"""The Inspector: one sequence, one or two networks, every gate and every gradient."""

from contextlib import suppress

import streamlit as st

from core.errors import InputError
from dashboard.figure import figure
from dashboard.inspector import controls, equations, share, toolbar, train, view, weights
from dashboard.kit.asking.check import quiz_panel
from dashboard.kit.lesson import at_once
from dashboard.kit.run.settings import Settings
from dashboard.kit.words import escaped


def bench() -> Settings:
    """The line of settings and the figure."""
    train.settle()
    settings = controls.collect()
    line, below = st.container(key=controls.key("line")), st.container()
    with below, controls.reporting(settings):  # before the line of settings: the figure is what a change is waited for
        sequence, initial = controls.start(settings)
        models = train.weights(settings, sequence, initial)
        figure(view.inspector(controls.inspect(settings, sequence, models), t=settings.t), key="inspector")
    with line:
        toolbar.draw(settings)
    controls.publish(settings)
    return settings


problems = controls.restore()
head, actions = st.columns([3, 2], vertical_alignment="bottom")
head.title("Inspector")
for problem in problems:
    st.info(escaped(problem))
settings = at_once(bench, key="inspector")
sequence = models = inspection = None
with suppress(InputError):  # said in place of the figure
    sequence, initial = controls.start(settings)
    models = train.weights(settings, sequence, initial)
    inspection = controls.inspect(settings, sequence, models)
if sequence is None or models is None:
    st.stop()
trained = models is not initial
if inspection is not None:
    with actions:
        share.draw(inspection, in_link=controls.publish(settings), trained=trained)

st.divider()
st.header("Train", anchor=False)
train.panel(settings, sequence)
st.divider()
with st.expander("Weights", on_change="rerun", key=controls.key("weights-open"), type="compact") as opened:
    if opened.open:
        weights.panel(settings, sequence, models, trained=trained)
with st.expander("Equations", on_change="rerun", key=controls.key("equations-open"), type="compact") as opened:
    if opened.open:
        equations.panel(settings)
st.divider()
st.header("Check yourself", anchor=False)
quiz_panel("gradients" if settings.cell == "rnn" else "gates")
