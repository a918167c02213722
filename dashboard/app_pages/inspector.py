"""The Inspector: one sequence, one or two networks, every gate and every gradient."""

import streamlit as st

from dashboard import controls
from dashboard.asking.check import quiz_panel
from dashboard.controls import equations, share, toolbar, train, weights
from dashboard.figure import figure
from dashboard.views import inspector as view
from dashboard.words import escaped

problems = controls.restore()
train.settle()
settings = controls.collect()
head, actions = st.columns([3, 2], vertical_alignment="bottom")
head.title("Inspector")
line, below = st.container(key=controls.key("line")), st.container()

sequence = models = inspection = None
with below, controls.reporting(settings):  # before the line of settings: the figure is what a change is waited for
    sequence, initial = controls.start(settings)
    models = train.weights(settings, sequence, initial)
    inspection = controls.inspect(settings, sequence, models)
    figure(view.inspector(inspection, t=settings.t), key="inspector")
with line:
    toolbar.draw(settings)
    for problem in problems:
        st.info(escaped(problem))
in_link = controls.publish(settings)
if sequence is None or models is None:
    st.stop()
trained = models is not initial
if inspection is not None:
    with actions:
        share.draw(inspection, in_link=in_link, trained=trained)

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
