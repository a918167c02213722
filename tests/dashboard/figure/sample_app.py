"""A Streamlit script with one figure on the chapter's sentence, for the browser tests of the component.

Query parameters T, H, seed; the button changes the data.
"""

import numpy as np
import streamlit as st

from core import lstm, rnn
from dashboard import figure as fig
from dashboard.figure import math
from dashboard.inspector import figure as curves

SENTENCE = ["Krish", "likes", "to", "eat", "pizza", "and", "he", "also", "likes", "to", "go", "to", "movies"]
T = int(st.query_params.get("T", 13))
H = int(st.query_params.get("H", 8))
st.set_page_config(layout="wide")
st.html(
    "<style>[data-testid=stMainBlockContainer]{max-width:1040px;padding:64px 48px}"
    "@media(max-width:640px){[data-testid=stMainBlockContainer]{padding:64px 16px}}</style>"
)
seed = int(st.query_params.get("seed", 1)) + 10 * st.session_state.setdefault("more", 0)
if st.button("Other data"):
    st.session_state["more"] += 1
    seed += 10

if st.button("Shorter"):
    T = 5

rng = np.random.default_rng(seed)
tokens = [SENTENCE[k % 13] for k in range(T)]
if "token" in st.query_params:
    tokens[0] = st.query_params["token"]
x = rng.standard_normal((T, 1, 4))
cells = {"RNN": rnn.init(4, H, rng=rng), "LSTM": lstm.init(4, H, rng=rng)}
traces = {"RNN": rnn.forward(cells["RNN"], x), "LSTM": lstm.forward(cells["LSTM"], x)}
dh_out = np.zeros((T, 1, H))
dh_out[-1] = rng.standard_normal((1, H)) / 10
backward = {
    "RNN": rnn.backward(cells["RNN"], traces["RNN"], dh_out),
    "LSTM": lstm.backward(cells["LSTM"], traces["LSTM"], dh_out),
}
SERIES = [
    fig.Series(model, role, np.linalg.norm(v, axis=2)[:, 0], v[:, 0])
    for model, role, v in (
        ("RNN", "h", backward["RNN"].dh),
        ("LSTM", "h", backward["LSTM"].dh),
        ("LSTM", "c", backward["LSTM"].dc),
    )
]


def shares(model: str) -> np.ndarray:
    """What each step adds to the norm of the gradient of W_h."""
    h, da = traces[model].h[:-1, 0], backward[model].da[:, 0]
    G = h.T @ da
    return np.einsum("th,hk,tk->t", h, G, da) / np.linalg.norm(G)


def maps(model: str, names: dict[str, str]) -> list[fig.Panel]:
    """One map per quantity."""
    trace = traces[model]
    panels = []
    for role, label in names.items():
        values = getattr(trace, role)
        values = values[1:, 0] if len(values) == T + 1 else values[:, 0]
        domain = (0.0, 1.0) if role in "ifo" else (-0.8, 0.8)
        panels.append(
            fig.heatmap(values, role=role, symbol=[math(f"{role}_t")], label=label, model=model, domain=domain)
        )
    return panels


extra = []
if "all" in st.query_params:
    sigma = {m: np.abs(rng.standard_normal((T, H))) for m in cells}
    product = {m: np.cumsum(rng.standard_normal(T) - 1)[::-1] for m in cells}
    steps = np.arange(50.0)
    curve = {"step": steps, "loss": 1 / (1 + steps), "norm": 3 / (1 + steps), "clipped": np.minimum(1, 3 / (1 + steps))}
    extra = [
        curves.singular_values(sigma),
        curves.running_product(product, horizons=dict.fromkeys(product, 2.5)),
        curves.training({"LSTM": curve}),
    ]
gates = {
    "i": "input gate",
    "f": "forget gate",
    "o": "output gate",
    "g": "candidate",
    "c": "cell state",
    "h": "hidden state",
}
fig.figure(
    fig.payload(
        tokens=tokens,
        H=H,
        t=min(7, T),
        finding=[
            "Of the gradient at the last step (",
            math(f"t = {T}"),
            "), the RNN brings 0.02 % back to ‘",
            fig.token(tokens[0]),
            "’; the LSTM brings 2.6 % through ",
            math("h", "h"),
            " and 14 % through ",
            math("c", "c"),
            ".",
        ],
        panels=[
            fig.norms(SERIES, bracket=(1, 0)),
            fig.contributions({model: shares(model) for model in cells}),
            *extra,
            fig.heading("RNN", [math(r"h_t = tanh(x_t W_x + h_{t-1} W_h + b)")]),
            *maps("RNN", {"h": "hidden state"}),
            fig.heading("LSTM", [math("c_t = f_t ⊙ c_{t-1} + i_t ⊙ g_t")], [math("h_t = o_t ⊙ tanh(c_t)")]),
            *maps("LSTM", gates),
            fig.table(
                [fig.column("quantity", "left"), fig.column("value"), fig.column("meaning", "left")],
                [
                    [
                        [math("f_t", live=True)],
                        fig.values_at(traces["LSTM"].f[:, 0], "fixed3"),
                        ["share of the cell state kept"],
                    ]
                ],
                caption=["At the chosen step and unit"],
                place="full",
            ),
        ],
        foot=[["Loss −log ", math(r"\hat{y}"), ": RNN 0.713, LSTM 0.691"]],
    ),
    key="sample",
)
