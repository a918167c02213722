"""A Streamlit script with one figure on the chapter's sentence, for the browser tests of the component.

Query parameters T, H, seed; the button changes the data.
"""

import numpy as np
import streamlit as st

from core import lstm, rnn
from dashboard import figure as fig
from dashboard.figure import math

SENTENCE = ["Krish", "likes", "to", "eat", "pizza", "and", "he", "also", "likes", "to", "go", "to", "movies"]
T = int(st.query_params.get("T", 13))
H = int(st.query_params.get("H", 8))
st.set_page_config(layout="wide")
st.html(
    "<style>[data-testid=stMainBlockContainer]{max-width:1040px;padding:2rem 48px}"
    "@media(max-width:640px){[data-testid=stMainBlockContainer]{padding:1rem 16px}}</style>"
)
seed = int(st.query_params.get("seed", 1)) + 10 * st.session_state.setdefault("more", 0)
if st.button("Other data"):
    st.session_state["more"] += 1
    seed += 10

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
SERIES = (
    ("RNN", "h", backward["RNN"].dh[:, 0]),
    ("LSTM", "h", backward["LSTM"].dh[:, 0]),
    ("LSTM", "c", backward["LSTM"].dc[:, 0]),
)


def norms() -> fig.Panel:
    """The norms chart, its vectors beside it."""
    rows = [(m, r, np.linalg.norm(v, axis=1)) for m, r, v in SERIES]
    points = [
        (t + 1, float(np.log10(n)) if n else None, role, model, f"{model} ∂L/∂{role}", f"{n:.3g}")
        for model, role, norm in rows
        for t, n in enumerate(norm)
    ]
    columns = dict(zip(("t", "log10", "role", "model", "series", "norm"), zip(*points, strict=True), strict=True))
    logs = [v for v in columns["log10"] if v is not None]
    lo, hi = int(np.floor(min(logs))), int(np.ceil(max(logs)))
    step = max(1, (hi - lo) // 6)
    first = [np.log10(norm[0]) for _, _, norm in rows]
    low, high = first[0], first[1]
    bracket = {
        "t": [1],
        "low": [low + 0.12],
        "high": [high - 0.12],
        "middle": [(low + high) / 2],
        "label": [f"{10 ** (high - low):.0f} times"],
    }
    shapes = {"h": "circle", "c": "diamond"}
    return fig.chart(
        "norms",
        {"series": columns, "bracket": bracket if high - low > 1 else {}},
        params={"lo": lo, "hi": hi, "ticks": list(range(hi, lo - 1, -step))},
        symbols=[[math("‖∂L/∂h_t‖", "h")], [math("‖∂L/∂c_t‖", "c")]],
        label="gradient that reaches each step",
        title=["Gradient that reaches each step"],
        keys=[({"model": m, "role": r, "shape": shapes[r]}, [f"{m} ", math(f"‖∂L/∂{r}_t‖", r)]) for m, r, _ in SERIES],
        profile=fig.vectors(
            *(
                fig.vector(
                    v,
                    norm,
                    label=[f"{m} ", math(f"∂L/∂{r}_t", r, live=True)],
                    key={"model": m, "role": r, "shape": shapes[r]},
                )
                for (m, r, norm), (_, _, v) in zip(rows, SERIES, strict=True)
            )
        ),
        table=fig.numbers("Gradient norms", {f"{m} ∂L/∂{r}": norm for m, r, norm in rows}),
    )


def contributions() -> fig.Panel:
    """The contributions to W_h, their sums beside them."""
    shares = {}
    for model in ("RNN", "LSTM"):
        h, da = traces[model].h[:-1, 0], backward[model].da[:, 0]
        G = h.T @ da
        shares[model] = np.einsum("th,hk,tk->t", h, G, da) / np.linalg.norm(G)
    top = max(1e-12, *(float(v.max()) for v in shares.values()))
    bottom = min(0.0, *(float(v.min()) for v in shares.values()))
    bars = {
        "t": [t + 1 for _ in shares for t in range(T)],
        "value": [float(v) for share in shares.values() for v in share],
        "model": [m for m in shares for _ in range(T)],
    }
    key = {m: {"model": m, "role": "grad", "shape": "bar"} for m in shares}
    return fig.chart(
        "contributions",
        {"bars": bars, "zero": {"value": [0]}},
        params={"lo": bottom, "hi": top * 1.05, "both": True},
        symbols=[[math("‖∂L/∂W_h‖", "grad")]],
        label="what each step adds",
        title=["What each step adds to ", math("‖∂L/∂W_h‖", "grad")],
        keys=[(key[m], [m]) for m in shares],
        profile=fig.table(
            [
                fig.column(align="left"),
                fig.column(["step ", math("t", live=True)]),
                fig.column("sum"),
                fig.column("half comes from"),
            ],
            [
                [fig.keyed([m], key[m]), fig.values_at(s, "fixed5"), [f"{s.sum():.3f}"], ["the last 3 steps"]]
                for m, s in shares.items()
            ],
        ),
        table=fig.numbers("Contributions", shares),
        height=124,
    )


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
            norms(),
            contributions(),
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
