"""The Inspector: one sequence, one or two networks, every gate and every gradient."""

from contextlib import suppress

import streamlit as st

from dashboard.figure import figure
from dashboard.inspector import controls, equations, share, toolbar, train, view, weights
from dashboard.kit.asking.check import quiz_panel
from dashboard.kit.boundary import part
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
settings = at_once(bench, key="inspector", page=controls.INSPECTOR, what="The Inspector") or Settings()
sequence = models = inspection = None
with suppress(Exception):  # said in place of the figure
    sequence, initial = controls.start(settings)
    models = train.weights(settings, sequence, initial)
    inspection = controls.inspect(settings, sequence, models)
if inspection is not None:
    with actions, part("Link and export"):
        share.draw(inspection, in_link=controls.publish(settings), trained=models is not initial)

if sequence is not None and models is not None:
    st.divider()
    st.header("Train", anchor=False)
    with part("The training controls", controls.INSPECTOR.back()):
        train.panel(settings, sequence)
    st.divider()
    with st.expander("Weights", on_change="rerun", key=controls.key("weights-open"), type="compact") as opened:
        if opened.open:
            with part("The weights", controls.INSPECTOR.back()):
                weights.panel(settings, sequence, models, trained=models is not initial)
with st.expander("Equations", on_change="rerun", key=controls.key("equations-open"), type="compact") as opened:
    if opened.open:
        with part("The equations"):
            equations.panel(settings)
st.divider()
st.header("Check yourself", anchor=False)
quiz_panel("gradients" if settings.cell == "rnn" else "gates")
