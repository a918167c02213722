"""The Inspector's figure: what was computed, put into panels on one time axis."""

from __future__ import annotations

import math as arithmetic
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from core import decompose, flow
from core.lstm import LSTMTrace
from core.params import Array
from dashboard import export
from dashboard.compute import NAMES, Inspection, Run
from dashboard.figure import (
    Key,
    Panel,
    Rich,
    chart,
    column,
    heading,
    heatmap,
    keyed,
    math,
    numbers,
    payload,
    table,
    texts_at,
    token,
    values_at,
    vector,
    vectors,
)
from dashboard.figure import (
    Run as Words,
)
from dashboard.training import Training

SHAPES = {"h": "circle", "c": "diamond", "x": "square", "a": "triangle"}
GATES = {
    "i": "input gate",
    "f": "forget gate",
    "o": "output gate",
}
LOSS = {"bce": "binary cross-entropy", "softmax": "−log ŷ of the right class", "mse": "squared error"}


def inspector(inspection: Inspection, *, t: int = 0) -> dict[str, Any]:
    """The payload of the Inspector's figure, with the panels its settings name.

    Args:
        inspection: What was computed.
        t: First step chosen; 0 takes the middle one.
    """
    show = inspection.settings.show
    panels: list[Panel] = []
    if "norms" in show:
        panels.append(norms(inspection, ("h", "c"), "gradient that reaches each step"))
    if "inputs" in show:
        panels.append(norms(inspection, ("x", "a"), "gradient at input and pre-activation"))
    panels += [contributions(inspection, name) for name in ("W_h", "W_x", "b", "W_y") if name in show]
    if "states" in show:
        limit = signed_limit(inspection)
        for run in inspection.runs:
            panels += states(run, limit)
    if "jacobians" in show:
        panels += [singular_values(inspection), running_product(inspection)]
    if "unit" in show:
        panels.append(unit_table(inspection))
    return payload(
        tokens=inspection.sequence.labels,
        panels=panels,
        H=max(run.model.cell.H for run in inspection.runs),
        finding=finding(inspection),
        foot=foot(inspection),
        t=min(t, inspection.sequence.T) if t else (inspection.sequence.T + 1) // 2,
    )


def finding(inspection: Inspection) -> Rich:
    """The sentence above the figure: how much of the last step's gradient comes back to the first step."""
    T, first = inspection.sequence.T, token(inspection.sequence.labels[0])
    if T == 1:
        return ["One step only: the gradient has no way back to go. Add a step to see it travel."]
    words: Rich = ["Of the gradient that the loss sends into the last step (", math("t"), f" = {T}), "]
    for k, run in enumerate(inspection.runs):
        lead = f"the {run.name} brings " if k == 0 else f"; the {run.name} brings "
        words += [lead, *share(run.reach["h"])]
        if k == 0:
            words += [" back to ‘", first, "’"]
        if "c" in run.reach:
            words += [
                " through ",
                math("h", role="h"),
                " and ",
                *share(run.reach["c"]),
                " through ",
                math("c", role="c"),
            ]
    return [*words, "."]


def share(ratio: float) -> list[Words]:
    """A ratio in words: percent where that reads well, a power of ten where it doesn't."""
    if ratio == 0:
        return ["nothing"]
    if ratio >= 10:
        return [*quantity(ratio), " times as much"]
    if ratio >= 1e-4:
        return [f"{_two(100 * ratio)} %"]
    return [*quantity(ratio), " of it"]


def _two(value: float) -> str:
    """Two significant digits, or the whole number."""
    return f"{value:.0f}" if value >= 10 else f"{value:.2g}"


def quantity(value: float) -> list[Words]:
    """A number with two digits and, below 0.01 or above 9999, a power of ten."""
    if 0.01 <= abs(value) < 10_000:
        return [f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2g}"]
    mantissa, exponent = f"{value:.1e}".split("e")
    return [f"{mantissa} × ", math(f"10^{{{int(exponent)}}}")]


def foot(inspection: Inspection) -> list[Rich]:
    """What stands below: output, loss, and the gradient check that every number above rests on."""
    loss = inspection.sequence.loss
    each = "; ".join(f"{run.name} {run.trace.loss:.4g}" for run in inspection.runs)
    outputs = "; ".join(f"{run.name} {_outputs(run.trace.y_hat[-1, 0])}" for run in inspection.runs)
    check: list[Words] = []
    for run in inspection.runs:
        check += [", " if check else "", f"{run.name} ", *quantity(run.check)]
    return [
        ["Output ", math("\\hat{y}"), f" at the last step: {outputs}"],
        [f"Loss ({LOSS[loss]}): {each}"],
        ["Gradient check in one random direction, relative error: ", *check],
    ]


def _outputs(values: Array) -> str:
    shown = ", ".join(f"{v:.3f}".replace("-", "−") for v in values[:6])
    return shown + (" …" if len(values) > 6 else "")


def key(run: Run, role: str, shape: str | None = None) -> Key:
    """How a series of this run is drawn."""
    return {"model": run.name, "role": role, "shape": shape or SHAPES[role]}  # type: ignore[typeddict-item]


def log_axis(columns: Iterable[Array]) -> dict[str, Any]:
    """Domain and ticks of a log axis that holds all columns (log10, -inf for an exact zero)."""
    values = np.concatenate([np.ravel(each) for each in columns])
    finite = values[np.isfinite(values)]
    low, high = (int(np.floor(finite.min())), int(np.ceil(finite.max()))) if len(finite) else (-1, 0)
    high = max(high, low + 1)
    every = -(-(high - low) // 6)
    ticks = list(range(high, low - 1, -every))
    if len(finite) == len(values):
        return {"lo": min(low, ticks[-1]), "hi": high, "floor": 1000, "ticks": ticks}
    floor = ticks[-1] - every  # exact zeros stand on a row of their own, below the smallest decade
    return {"lo": floor, "hi": high, "floor": floor, "ticks": [*ticks, floor]}


def _finite(values: Array) -> list[float | None]:
    return [float(v) if np.isfinite(v) else None for v in values]


def _steps(count: int) -> list[int]:
    return list(range(1, count + 1))


def norms(inspection: Inspection, which: Sequence[str], label: str) -> Panel:
    """Gradient norms of some quantities per step, on a log axis."""
    shown = [(run, name, run.norms[name]) for run in inspection.runs for name in which if name in run.norms]
    logs = {(run.name, name): flow.log10(run.norms[name]) for run, name, _ in shown}
    data: dict[str, dict[str, list[Any]]] = {
        "series": {"t": [], "log10": [], "norm": [], "role": [], "model": [], "series": []},
        "zeros": {"t": [], "role": [], "model": []},
    }
    for run, name, values in shown:
        log = logs[run.name, name]
        rows = data["series"]
        rows["t"] += _steps(len(values))
        rows["log10"] += _finite(log)
        rows["norm"] += [f"{v:.3g}" for v in values]
        rows["role"] += [name] * len(values)
        rows["model"] += [run.name] * len(values)
        rows["series"] += [f"{run.name} ‖∂L/∂{name}‖"] * len(values)
        zero = (np.flatnonzero(np.isneginf(log)) + 1).tolist()
        data["zeros"]["t"] += zero
        data["zeros"]["role"] += [name] * len(zero)
        data["zeros"]["model"] += [run.name] * len(zero)
    data["bracket"] = _bracket(inspection, which[0])
    names = [name for name in which if any(name == each for _, each, _ in shown)]
    return chart(
        "norms",
        data,
        params=log_axis(logs.values()),
        symbols=[[math(f"‖∂L/∂{name}_t‖", role=name if name in "hc" else "grad")] for name in names],
        label=label,
        title=[label.capitalize()],
        keys=[(key(run, name), [f"{run.name} ", math(f"‖∂L/∂{name}_t‖")]) for run, name, _ in shown],
        profile=vectors(*(_vector(run, name, values) for run, name, values in shown))
        if which[0] == "h"
        else _norm_table(shown),
        table=numbers(label.capitalize(), {f"{run.name} ‖∂L/∂{name}‖": values for run, name, values in shown}),
    )


def _bracket(inspection: Inspection, name: str) -> dict[str, list[Any]]:
    """At the first step: how many times the LSTM's norm is the RNN's, if both are drawn and clearly apart."""
    empty: dict[str, list[Any]] = {"t": [], "low": [], "high": [], "middle": [], "label": []}
    if len(inspection.runs) < 2 or inspection.sequence.T < 2:
        return empty
    low, high = sorted(float(flow.log10(run.norms[name])[0]) for run in inspection.runs)
    if not np.isfinite(low) or high - low < arithmetic.log10(2):
        return empty
    times = 10 ** (high - low)
    label = f"{times:.0f} times" if high - low < 4 else f"10{_raised(round(high - low))} times"
    return {"t": [1], "low": [low], "high": [high], "middle": [(low + high) / 2], "label": [label]}


def _raised(number: int) -> str:
    return str(number).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _vector(run: Run, name: str, values: Array) -> Panel:
    gradient = run.backward.cell.dh if name == "h" else run.backward.cell.dc  # type: ignore[union-attr]
    return vector(
        gradient[:, 0], values, label=[f"{run.name} ", math(f"∂L/∂{name}_t", role=name, live=True)], key=key(run, name)
    )


def _norm_table(shown: Sequence[tuple[Run, str, Array]]) -> Panel:
    rows = [
        [keyed([f"{run.name} ", math(f"‖∂L/∂{name}_t‖", live=True)], key(run, name)), values_at(values, "scientific")]
        for run, name, values in shown
    ]
    return table([column(align="left"), column("norm")], rows)


def contributions(inspection: Inspection, name: str) -> Panel:
    """What each step adds to the norm of one weight's gradient."""
    T = inspection.sequence.T
    bars: dict[str, list[Any]] = {"t": [], "value": [], "model": []}
    rows = []
    for run in inspection.runs:
        values = run.contributions[name]
        bars["t"] += _steps(T)
        bars["value"] += values.tolist()
        bars["model"] += [run.name] * T
        count = decompose.half_life(values)
        half = "the last step" if count == 1 else f"the last {count} steps" if count < T else "all steps"
        rows.append(
            [
                keyed([run.name], key(run, "grad", "bar")),
                values_at(values, "fixed5"),
                texts_at([f"{values.sum():.3g}"] * T),
                texts_at([half] * T),
            ]
        )
    low, high = min(0.0, *bars["value"]), max(0.0, *bars["value"])
    symbol = math(f"‖∂L/∂{name}‖", role="grad")
    return chart(
        "contributions",
        {"bars": bars, "zero": {"y": [0]}},
        params={"lo": low * 1.05, "hi": high * 1.05 or 1.0, "both": len(inspection.runs) > 1},
        symbols=[[symbol]],
        label="what each step adds",
        title=["What each step adds to ", symbol],
        keys=[(key(run, "grad", "bar"), [run.name]) for run in inspection.runs],
        profile=table([column(align="left"), column("step"), column("sum"), column("half comes from")], rows),
        table=numbers(f"Contribution to ∂L/∂{name}", {run.name: run.contributions[name] for run in inspection.runs}),
        height=112,
        cursor=False,
    )


def signed_limit(inspection: Inspection) -> float:
    """One domain for all signed maps: the largest |h|, |c| or |g|, rounded up to two digits."""
    largest = 0.0
    for run in inspection.runs:
        cell = run.trace.cell
        arrays = [cell.h, cell.c, cell.g] if isinstance(cell, LSTMTrace) else [cell.h]
        largest = max(largest, *(float(np.abs(array).max()) for array in arrays))
    unit = 10.0 ** np.floor(np.log10(max(largest, 0.1)) - 1)
    return float(max(np.ceil(largest / unit) * unit, 0.1))


def states(run: Run, limit: float) -> list[Panel]:
    """The maps of one model: gates, cell and hidden state, unit by step."""
    cell = run.trace.cell
    signed: dict[str, Any] = {"domain": (-limit, limit), "model": run.name}
    hidden = heatmap(cell.h[1:, 0], role="h", symbol=[math("h_t")], label="hidden state", **signed)
    if not isinstance(cell, LSTMTrace):
        phi = {"tanh": "tanh", "sigmoid": "σ", "relu": "max", "identity": ""}[run.model.activation]
        inside = "(0, x_t W_x + h_{t-1} W_h + b)" if phi == "max" else "(x_t W_x + h_{t-1} W_h + b)"
        return [heading("RNN", [math(f"h_t = {phi}{inside}")]), hidden]
    gates = [
        heatmap(getattr(cell, gate)[:, 0], role=gate, symbol=[math(f"{gate}_t")], label=label, model=run.name)  # type: ignore[arg-type]
        for gate, label in GATES.items()
    ]
    candidate = heatmap(cell.g[:, 0], role="g", symbol=[math("g_t")], label="candidate", **signed)
    memory = heatmap(cell.c[1:, 0], role="c", symbol=[math("c_t")], label="cell state", **signed)
    formulas: list[Rich] = [[math("c_t = f_t ⊙ c_{t-1} + i_t ⊙ g_t")], [math("h_t = o_t ⊙ tanh(c_t)")]]
    return [heading("LSTM", *formulas), *gates, candidate, memory, hidden]


def _state_role(run: Run) -> str:
    """The LSTM's Jacobian is that of (h, c), drawn in the cell's colour; the RNN's is that of h."""
    return "c" if run.model.kind == "lstm" else "h"


def singular_values(inspection: Inspection) -> Panel:
    """Singular values of each step's Jacobian: the most, the middle and the least it stretches a change."""
    rows: dict[str, list[Any]] = {
        name: [] for name in ("t", "largest", "median", "smallest", "model", "role", "values")
    }
    logs, table_rows, columns = [], [], {}
    T = inspection.sequence.T
    for run in inspection.runs:
        values = run.spectrum.values
        picked = {"largest": values[:, 0], "median": np.median(values, axis=1), "smallest": values[:, -1]}
        cells: list[Any] = [keyed([run.name], key(run, _state_role(run)))]
        for name, column_values in picked.items():
            rows[name] += _finite(flow.log10(column_values))
            cells.append(values_at(column_values, "general"))
            columns[f"{run.name} {name}"] = column_values
            logs.append(flow.log10(column_values))
        rows["t"] += _steps(T)
        rows["model"] += [run.name] * T
        rows["role"] += [_state_role(run)] * T
        rows["values"] += [f"{value:.3g}" for value in picked["largest"]]
        table_rows.append(cells)
    return chart(
        "singular_values",
        {"series": rows, "unity": {"y": [0]}},
        params=log_axis(logs),
        symbols=[[math("σ(J_t)")]],
        label="stretch of one step, largest to smallest",
        title=["How much one step stretches a change: singular values of ", math("J_t")],
        keys=[(key(run, _state_role(run)), [run.name]) for run in inspection.runs],
        profile=table(
            [column(align="left"), column("largest"), column("median"), column("smallest")],
            table_rows,
            caption=["Singular values of ", math("J_t", live=True)],
        ),
        table=numbers("Singular values of the Jacobian", columns),
    )


def running_product(inspection: Inspection) -> Panel:
    """The most that can be left at a step of a gradient of length 1 at the last step."""
    rows: dict[str, list[Any]] = {name: [] for name in ("t", "log10", "role", "model", "series", "norm")}
    table_rows, columns = [], {}
    T = inspection.sequence.T
    for run in inspection.runs:
        log = run.spectrum.product_log10
        rows["t"] += _steps(T)
        rows["log10"] += _finite(log)
        rows["role"] += [_state_role(run)] * T
        rows["model"] += [run.name] * T
        rows["series"] += [run.name] * T
        rows["norm"] += [_power(v) for v in log]
        columns[f"{run.name} log10"] = np.where(np.isfinite(log), log, np.nan)
        horizon = f"{run.spectrum.horizon:.3g} steps" if np.isfinite(run.spectrum.horizon) else "not here"
        table_rows.append(
            [keyed([run.name], key(run, _state_role(run))), texts_at([_power(v) for v in log]), texts_at([horizon] * T)]
        )
    return chart(
        "running_product",
        {"series": rows, "unity": {"y": [0]}},
        params=log_axis([run.spectrum.product_log10 for run in inspection.runs]),
        symbols=[[math("‖J_T ⋯ J_{t+1}‖")]],
        label="most that is left at step t of a gradient of length 1 at step T",
        title=["The most that is left at step ", math("t"), " of a gradient of length 1 at the last step"],
        keys=[(key(run, _state_role(run)), [run.name]) for run in inspection.runs],
        profile=table([column(align="left"), column("left at the step"), column("falls by e in")], table_rows),
        table=numbers("Running product of the Jacobians", columns),
    )


def _power(log10: float) -> str:
    if not np.isfinite(log10):
        return "0"
    if -2 <= log10 < 4:
        return f"{10**log10:.3g}"
    exponent = int(np.floor(log10))
    return f"{10 ** (log10 - exponent):.2f} × 10{_raised(exponent)}"


UNIT_ROWS = (
    ("h_t", "h", "hidden state"),
    ("a_t", "a", "pre-activation"),
    ("i_t", "i", "input gate"),
    ("f_t", "f", "forget gate"),
    ("o_t", "o", "output gate"),
    ("g_t", "g", "candidate"),
    ("c_t", "c", "cell state"),
    ("tanh(c_t)", "tanh_c", "what the output gate lets through"),
    ("∂L/∂h_t", "dh", "gradient at the hidden state"),
    ("∂L/∂c_t", "dc", "gradient at the cell state"),
    ("∂L/∂a_t", "da", "gradient at the pre-activation"),
    ("∂L/∂a_i", "da_i", "gradient at the input gate's pre-activation"),
    ("∂L/∂a_f", "da_f", "gradient at the forget gate's pre-activation"),
    ("∂L/∂a_o", "da_o", "gradient at the output gate's pre-activation"),
    ("∂L/∂a_g", "da_g", "gradient at the candidate's pre-activation"),
)


def unit_table(inspection: Inspection) -> Panel:
    """Every number of the chosen unit at the chosen step."""
    values = {run.name: export.states(run) for run in inspection.runs}
    rows = []
    for symbol, name, meaning in UNIT_ROWS:
        if not any(name in named for named in values.values()):
            continue
        cells: list[Any] = [
            values_at(named[name], "scientific" if name.startswith("d") else "fixed5") if name in named else ["–"]
            for named in values.values()
        ]
        rows.append([[math(symbol, live=True)], *cells, [meaning]])
    columns = [column(align="left"), *(column(name) for name in values), column("what it is", "left")]
    return table(columns, rows, caption=["Numbers of the chosen unit at the chosen step"], place="full")


def training(run: Training) -> dict[str, Any]:
    """The payload of the training curves: loss and gradient norm over steps, on one log axis."""
    rows: dict[str, list[Any]] = {name: [] for name in ("t", "log10", "role", "model", "series", "thin")}
    logs = []
    for kind, points in run.points.items():
        drawn = points[:: max(1, len(points) // 400)]
        name = NAMES[kind]
        for role, what, values, thin in (
            ("own", "loss", [p.loss for p in drawn], False),
            ("grad", "gradient norm", [p.norm for p in drawn], True),
            ("grad", "clipped norm", [p.clipped for p in drawn], False),
        ):
            log = flow.log10(values)
            logs.append(log)
            rows["t"] += [p.step for p in drawn]
            rows["log10"] += _finite(log)
            rows["role"] += [role] * len(drawn)
            rows["model"] += [name] * len(drawn)
            rows["series"] += [f"{name} {what}"] * len(drawn)
            rows["thin"] += [thin] * len(drawn)
    last = max(run.goal, 2)
    keys: list[tuple[Key, Rich]] = []
    for kind in run.points:
        keys += [({"model": NAMES[kind], "role": "own"}, [f"{NAMES[kind]} loss"])]
        keys += [({"model": NAMES[kind], "role": "grad"}, [f"{NAMES[kind]} ", math("‖∂L/∂W‖", role="grad")])]
    panel = chart(
        "training",
        {"series": rows},
        params={**log_axis(logs), "first": 1, "last": last},
        symbols=[],
        label="loss and gradient norm, step by step",
        title=["Loss and gradient norm, step by step"],
        keys=keys,
        height=220,
        cursor=False,
        axis=20,
    )
    return payload(tokens=["1"], panels=[panel], H=0)
