"""The Inspector: one sequence, one or two networks, every gate and every gradient."""

import streamlit as st

from core.errors import InputError
from dashboard import compute, controls, inspector_view
from dashboard.controls import share, toolbar, train, weights
from dashboard.figure import figure
from dashboard.words import say

problems = controls.restore()
head, actions = st.columns([3, 2], vertical_alignment="bottom")
head.title("Inspector")
settings = toolbar.draw()
for problem in problems:
    st.info(problem)
controls.show_notice()

try:
    sequence = compute.sequence(settings)
    initial = compute.start(settings, sequence, st.session_state.get(controls.key("uploaded")))
    train.replay(settings, sequence, initial)
    training = train.current(settings)
    trained = training is not None and training.done > 0 and not training.running
    models = training.models if training is not None and trained else initial
    inspection = compute.inspect(settings, sequence, models)
except InputError as problem:
    controls.publish(settings)
    st.warning(controls.plain(str(problem)))
    st.stop()

in_link = controls.publish(settings)
with actions:
    share.draw(inspection, in_link=in_link, trained=trained)
if training is not None and training.running:
    st.caption(say("inspector", "training-now"))
figure(inspector_view.inspector(inspection, t=settings.t), key="inspector")

st.divider()
st.subheader("Train")
train.panel(settings, sequence, initial)
st.divider()
with st.expander("Weights", on_change="rerun", key=controls.key("weights-open"), type="compact") as opened:
    if opened.open:
        weights.panel(settings, sequence, models, trained=trained)
