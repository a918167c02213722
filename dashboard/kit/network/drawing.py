"""The small network as the lessons' drawing takes it, with all that its beats let one change in the browser."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from core import rnn
from core.activations import activation
from core.params import Array
from core.rnn import RNNParams, RNNTrace
from dashboard.figure import number, short
from dashboard.figure.panels import Panel
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import Small
from dashboard.kit.network.view import parts, scored_steps, targets, total

DIGITS = 8
TURN = 0.1
"""How far an entry of W_h is turned."""
NUDGE = 0.1
GRID = tuple(round(-2 + 0.1 * k, 1) for k in range(41))
"""Values that the first input can be dragged to."""
CURVE = np.linspace(-3.5, 3.5, 71)
CALLED = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "σ", "identity": ""}
TITLES = {"tanh": "tanh", "relu": "ReLU", "sigmoid": "sigmoid", "identity": "none"}
OFFERED = ("tanh", "relu", "sigmoid")
WORDS = {
    "bce": "ŷ: the chance of a 1. The loss: −ln of the chance that was given to the target (ln: natural logarithm).",
    "softmax": "ŷ: the chances of the classes. The loss: −ln of the target's (ln: natural logarithm).",
    "mse": "The loss is how far the answer is from its target, squared.",
}


def drawn(small: Small) -> Panel:
    """The panel."""
    params, trace = parts(small)
    from_x, from_state = (term[:, 0] for term in rnn.terms(params, trace))
    return {
        "kind": "network",
        "T": small.T,
        "activation": trace.activation,
        "readout": small.settings.readout,
        "x": trace.x[:, 0].tolist(),
        "W_x": params.W_x.tolist(),
        "W_h": params.W_h.tolist(),
        "W_y": small.model.W_y.tolist(),
        "b": params.b.tolist(),
        "b_y": small.model.b_y.tolist(),
        "run": _run(params, trace),
        "fromX": _sent(from_x),
        "fromInput": _sent(from_x + params.b),
        "limit": float(max(np.abs(part).max() for part in (from_x + params.b, from_state))) or 1.0,
        "outputs": _outputs(small),
        "turned": {f"{i},{j}": _turned(small, i, j) for i, j in np.ndindex(*params.W_h.shape)},
        "drag": _drag(small),
        "squashed": [_squashed(small, name) for name in dict.fromkeys((*OFFERED, trace.activation))],
    }


def answering(small: Small, readout: str) -> Small:
    """The same network with its answers at the last step or at every step."""
    if small.settings.readout == readout:
        return small
    return network.small(network.with_readout(replace(small.settings, readout=readout)))


def turned(params: RNNParams, i: int, j: int, by: float) -> RNNParams:
    """The weights with one entry of W_h larger by so much, at all its uses."""
    W_h = params.W_h.copy()
    W_h[i, j] += by
    return replace(params, W_h=W_h)


def _sent(values: Array) -> list[Any]:
    """Numbers with as many digits as can be seen, and some more."""
    flat = [float(f"{value:.{DIGITS}g}") for value in values.ravel().tolist()]
    found: list[Any] = np.reshape(flat, values.shape).tolist()
    return found


def _run(params: RNNParams, trace: RNNTrace) -> dict[str, Any]:
    """One run: its states, its sums, and what came into them from the state before."""
    _, from_state = rnn.terms(params, trace)
    parts_of_it = {"h": trace.h, "a": trace.a, "fromState": from_state}
    return {name: _sent(part[:, 0]) for name, part in parts_of_it.items()}


def _written(y_hat: Array) -> str:
    return " ".join(number(float(v)) if len(y_hat) == 1 else short(float(v), 2) for v in y_hat)


def _turned(small: Small, i: int, j: int) -> dict[str, Any]:
    params, trace = parts(small)
    down, up = (turned(params, i, j, by) for by in (-TURN, TURN))
    before, after = (rnn.forward(each, trace.x, activation=trace.activation) for each in (down, up))
    weights = [float(each.W_h[i, j]) for each in (down, params, up)]
    return {
        "weight": weights,
        "sent": [_sent(run.h[:-1, 0, i] * weight) for run, weight in zip((before, trace, after), weights, strict=True)],
        "runs": [_run(down, before), _run(up, after)],
    }


def _drag(small: Small) -> dict[str, Any]:
    params, trace = parts(small)
    own = float(trace.x[0, 0, 0])
    nudged = own + NUDGE
    values = sorted({*GRID, own, nudged})
    x = np.repeat(trace.x, len(values), axis=1)  # a sequence for each value
    x[0, :, 0] = values
    h = rnn.forward(params, x, activation=trace.activation).h
    return {
        "values": values,
        "start": values.index(own),
        "nudged": values.index(nudged),
        "h": _sent(h.transpose(1, 0, 2)),
    }


def _squashed(small: Small, name: str) -> dict[str, Any]:
    params, trace = parts(small)
    if name != trace.activation:
        trace = rnn.forward(params, trace.x, activation=name)
    phi = activation(name)
    curve = phi.apply(CURVE, np.empty_like(CURVE))
    return {
        "name": name,
        "title": TITLES[name],
        "called": CALLED[name],
        "run": _run(params, trace),
        "curve": _sent(np.stack((CURVE, curve), axis=1)),
        "points": _sent(np.stack((trace.a.ravel(), trace.h[1:].ravel()), axis=1)),
    }


def _outputs(small: Small) -> dict[str, Any]:
    """Outputs, targets and losses for one answer at the end and for one at every step."""
    both = {name: answering(small, name) for name in ("last", "every")}
    scored = {name: _scored(each) for name, each in both.items()}
    return {**scored, "total": total(both["every"]), "words": WORDS[small.model.loss]}


def _scored(small: Small) -> list[dict[str, Any]]:
    losses = small.trace.losses
    assert losses is not None
    found = []
    for (k, t), target in zip(scored_steps(small.trace), targets(small), strict=True):
        y_hat = small.trace.y_hat[k, 0]
        found.append({
            "t": t,
            "y": _written(y_hat),
            "from": _read(small, t, k),
            "target": target,
            "loss": number(float(losses[k, 0])),
            "working": _working(small.model.loss, y_hat, target),
        })  # fmt: skip
    return found


def _read(small: Small, t: int, k: int) -> str:
    """What the read-out makes of a state, with its numbers: of several classes the sums alone."""
    model, z = small.model, small.trace.logits[k, 0]
    if len(z) > 1:
        squeeze = {"softmax": "softmax", "bce": "σ"}.get(model.loss, "")
        return f"{squeeze}( {', '.join(number(float(v)) for v in z)} )"
    h = small.trace.cell.h[t, 0]
    products = " + ".join(
        f"{_bracketed(float(v), k > 0, 3)} · {_bracketed(float(w), True, 4)}"
        for k, (v, w) in enumerate(zip(h, model.W_y[:, 0], strict=True))
    )
    bias = float(model.b_y[0])
    whole = products + (f" + {_bracketed(bias, True, 4)}" if bias else "")
    return f"σ( {whole} )" if model.loss == "bce" else whole


def _bracketed(value: float, after: bool, digits: int) -> str:
    """A number, between brackets where its minus would follow another sign."""
    return f"({short(value, digits)})" if value < 0 and after else short(value, digits)


def _working(loss: str, y_hat: Array, target: str) -> str:
    """A loss with its numbers."""
    if loss == "mse":
        return f"({number(float(y_hat[0]))} − {target})²"
    if loss == "softmax":
        return f"−ln {number(float(y_hat[int(target)]))}"
    if target in ("0", "1"):
        return f"−ln {number(float(y_hat[0]))}" if target == "1" else f"−ln(1 − {number(float(y_hat[0]))})"
    return f"−( {target} · ln {number(float(y_hat[0]))} + (1 − {target}) · ln(1 − {number(float(y_hat[0]))}) )"
