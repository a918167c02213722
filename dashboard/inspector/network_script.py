"""The script on `core.network` that prints the numbers of a stack, or of a run that is not the usual one."""

from __future__ import annotations

from typing import Any

import numpy as np

from core.network import Network
from dashboard.kit.run.compute import Inspection, Run
from dashboard.kit.run.running import Whole

CELLS = {"rnn": "RNNParams", "lstm": "LSTMParams", "gru": "GRUParams"}

HEAD = '''"""Prints the numbers that the Inspector showed. Run it where the package `core` is installed."""

import numpy as np

from core import decompose, flow, network, windows
from core.gru import GRUParams
from core.lstm import LSTMParams
from core.network import Network
from core.rnn import RNNParams
from core.stack import StackParams, States

tokens = {tokens!r}
x = np.array({x!r})
y = np.array({y!r})
lengths, b = {lengths!r}, {b!r}  # steps of each sequence (None: all), and which one is shown


def show(kind, net, states, layer, direction, window):
    trace = network.run(net, x, y, states, lengths)
    backward = network.backprop(net, trace)
    part = network.view(net, trace, backward, layer, direction, b)
    if window:  # the gradient cut every so many steps, the state carried on
        part = windows.view(net, part, windows.in_windows(net, x, y, window, states), layer)
    norms = flow.norms(part.backward)
    contributions = decompose.contributions(part.model, part.trace, part.backward)
    cell = part.trace.cell
    print(f"{{kind}}: loss {{trace.loss!r}}, layer {{layer - 1}}, {{direction}}")
    for k in np.argsort(part.steps):
        t = int(part.steps[k])
        values = {{f"|dL/d{{name}}|": norm[k] for name, norm in norms.items()}}
        values["adds to |dL/dW_h|"] = contributions["W_h"][k]
        print(t, tokens[t - 1], *(f"{{name}} {{float(value)!r}}" for name, value in values.items()))
        print("  h", cell.h[k + 1, 0].tolist())
        for gate in {{"rnn": "", "lstm": "ifog", "gru": "rzn"}}[kind]:
            print(f"  {{gate}}", getattr(cell, gate)[k, 0].tolist())
        if kind == "lstm":
            print("  c", cell.c[k + 1, 0].tolist())

'''

ONE = """
net = Network(
    StackParams({layers}),
    np.array({W_y!r}),
    np.array({b_y!r}),
    activation={activation!r}, readout={readout!r}, loss={loss!r}, over_steps={over_steps!r},
)
states = {states}
show({kind!r}, net, states, {layer}, {direction!r}, {window})
"""


def script(inspection: Inspection) -> bytes:
    """A Python script on `core` that computes the same numbers from scratch."""
    shown, batch = inspection.sequence, inspection.sequence.batch
    x, y, lengths, b = (shown.x, shown.y, None, 0) if batch is None else (batch.x, batch.y, batch.lengths, batch.b)
    given = {"x": x.tolist(), "y": y.tolist(), "lengths": None if lengths is None else lengths.tolist(), "b": b}
    head = HEAD.format(tokens=tuple(shown.labels), **given)
    return (head + "".join(_one(run, run.whole, inspection) for run in inspection.runs if run.whole)).encode()


def _one(run: Run, whole: Whole, inspection: Inspection) -> str:
    network = whole.network
    names = ("activation", "readout", "loss", "over_steps")
    return ONE.format(
        layers=_layers(network, CELLS[run.model.kind]), W_y=network.W_y.tolist(), b_y=network.b_y.tolist(),
        states=_states(whole, inspection), kind=run.model.kind, layer=whole.layer, direction=whole.direction,
        window=whole.window, **{name: getattr(network, name) for name in names},
    )  # fmt: skip


def _layers(network: Network, name: str) -> str:
    """The cells as source, a tuple for each layer."""
    layers = []
    for cells in network.stack.layers:
        made = [f"{name}({', '.join(_array(a) for a in (cell.W_x, cell.W_h, cell.b))})" for cell in cells]
        layers.append(f"({', '.join(made)},)")
    return f"({', '.join(layers)},)"


def _states(whole: Whole, inspection: Inspection) -> str:
    if whole.states is None:
        return "None"
    if inspection.settings.begin == "last":
        return "network.run(net, x, lengths=lengths).stack.last"
    h, c = (f"({''.join(f'{_array(a)}, ' for a in part)})" for part in (whole.states.h, whole.states.c))
    return f"States({h}, {c})"


def _array(values: np.ndarray[Any, Any]) -> str:
    return f"np.array({values.tolist()!r})"
