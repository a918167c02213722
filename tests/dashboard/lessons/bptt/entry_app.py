"""A Streamlit script with the opened entry alone, for its browser tests.

Query parameters T, H, D, O, readout, stage, entry, window, and stages for a stepper with its diagram; the button
changes the data.
"""

import numpy as np
import streamlit as st

from core import decompose, model, rnn
from dashboard import figure as fig
from dashboard.lessons.bptt.figure import entry

query = st.query_params
T, D, H, O = (int(query.get(name, size)) for name, size in (("T", 4), ("D", 2), ("H", 2), ("O", 1)))  # noqa: E741
readout = query.get("readout", "last")
st.set_page_config(layout="wide")
st.html(
    "<style>[data-testid=stMainBlockContainer]{max-width:1040px;padding:64px 48px}"
    "@media(max-width:640px){[data-testid=stMainBlockContainer]{padding:64px 16px}}</style>"
)
scale = 1.0 + st.session_state.setdefault("more", 0)
if st.button("Other data"):
    st.session_state["more"] += 1
    scale += 1
x = np.array([[1, 0.5], [-0.5, 1], [0.5, -1], [1, 0]])
cell = rnn.RNNParams(np.array([[0.6, -0.4], [0.5, 0.8]]), np.array([[0.7, -0.5], [0.4, 0.6]]), np.array([0, 0.1]))
W_y, b_y = np.array([[0.9], [-1.2]]), np.zeros(1)
rng = np.random.default_rng(3)
if (T, D, H, O) != (4, 2, 2, 1):
    x = rng.normal(size=(T, D))
    cell = rnn.init(D, H, rng=rng)
    W_y, b_y = rng.normal(size=(H, O)), np.zeros(O)
net = model.Model(cell, W_y * scale, b_y, readout=readout, loss="softmax" if O > 1 else "bce")
shape = (T, 1) if readout == "every" else (1,)
y = np.zeros(shape, int) if O > 1 else np.ones((*shape, O))
trace = model.run(net, x[:, None], y)
backward = model.backprop(net, trace)
each = decompose.backprop_each(net, trace, backward)
known = {"states": T, "outputs": True, "losses": True, "own": True}
stages = [fig.Stage(name, [name], **known) for name in ("Forward", "Loss", "Output")]
stages += [fig.Stage(f"t = {t}", [f"t = {t}"], t=t, reached=t, **known) for t in range(T, 0, -1)]
stages += [fig.Stage(name, [name], reached=1, **known) for name in ("Accumulate", "Update")]
panels = [
    entry(
        net,
        trace,
        backward,
        each,
        reached=[stage.reached for stage in stages],
        chosen=[stage.t for stage in stages],
        reached_output=3,
        first=query.get("entry", "W_h.0.1"),
        window=int(query.get("window", 0)),
    )
]
stepper = stages if "stages" in query else []
if stepper:
    panels.insert(0, fig.unrolled(net, trace, stages, ["1"] * len(trace.logits), backward))
first = int(query.get("stage", len(stages) - 1))
names = [stage.name for stage in stages]
fig.figure(fig.payload(tokens=names, H=0, t=first, panels=panels, address=True, stages=stepper), key="opened")
st.write("What follows the figure.")
