"""The Inspector: one sequence, one or two networks, every gate and every gradient."""

import streamlit as st

from dashboard import controls, inspector_view
from dashboard.controls import share, toolbar, train, weights
from dashboard.figure import figure

problems = controls.restore()
train.settle()
head, actions = st.columns([3, 2], vertical_alignment="bottom")
head.title("Inspector")
settings = toolbar.draw()
for problem in problems:
    st.info(controls.plain(problem))

with controls.reporting(settings):
    sequence, initial = controls.start(settings)
    models = train.weights(settings, sequence, initial)

in_link = controls.publish(settings)
inspection = controls.inspect(settings, sequence, models)
if inspection is not None:
    with actions:
        share.draw(inspection, in_link=in_link, trained=models is not initial)
    figure(inspector_view.inspector(inspection, t=settings.t), key="inspector")

st.divider()
st.subheader("Train")
train.panel(settings, sequence)
st.divider()
with st.expander("Weights", on_change="rerun", key=controls.key("weights-open"), type="compact") as opened:
    if opened.open:
        weights.panel(settings, sequence, models, trained=models is not initial)
