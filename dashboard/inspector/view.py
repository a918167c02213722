"""The Inspector's figure: what was computed, put into panels on one time axis."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from core import flow
from core.course import Learned
from core.gru import GRUTrace
from core.lstm import LSTMBackward, LSTMTrace
from core.params import Array
from core.written import number, short, significant
from dashboard import figure
from dashboard.figure import Panel, Rich, Series, math, token
from dashboard.inspector import export, parts
from dashboard.inspector.figure import running_product, singular_values
from dashboard.inspector.figure import training as training_curves
from dashboard.kit.run.compute import NAMES, Inspection, Run
from dashboard.kit.run.settings import MAX_DRAWN

GATES = {"i": "input gate", "f": "forget gate", "o": "output gate"}
GRU_GATES = {"r": ("o", "reset gate"), "z": ("f", "update gate")}
"""Each with the LSTM's gate whose colour it has: as f, z is the share that stays; as o, r is what is looked at."""
PHI = {"tanh": "tanh(%s)", "sigmoid": "σ(%s)", "relu": "max(0, %s)", "identity": "%s"}
DRAWN = 400
FEWEST = 8  # units that are drawn at least
FAINT = 1e-280
"""Gradients up to here lie so near the end of the floats that what is left of them on the way back is no share."""
LOSS = {"bce": "binary cross-entropy", "softmax": "−log ŷ of the right class", "mse": "squared error"}


def inspector(
    inspection: Inspection,
    *,
    t: int = 0,
    doctor: Mapping[str, Any] | None = None,
    before: Inspection | None = None,
) -> dict[str, Any]:
    """The payload of the Inspector's figure, with the panels its settings name.

    Args:
        inspection: What was computed.
        t: First step chosen; 0 takes the middle one.
        doctor: What is wrong, see `dashboard.inspector.doctor.above`.
        before: What was shown before the last mend.
    """
    show = inspection.settings.show
    panels: list[Panel] = []
    units = units_drawn(inspection)
    if "norms" in show:
        panels.append(
            figure.norms(
                series(inspection, "h", "c", units=units), bracket=(1, 0) if len(inspection.runs) > 1 else None
            )
        )
    if "inputs" in show:
        panels.append(figure.norms(series(inspection, "x", "a", units=units)))
    panels += [
        figure.contributions({run.name: run.contributions[name] for run in inspection.runs}, weight=name)
        for name in ("W_h", "W_x", "b", "W_y")
        if name in show
    ]
    if "states" in show:
        limit = signed_limit(inspection)
        for run in inspection.runs:
            panels += states(run, limit, units)
    with_spectrum = [run for run in inspection.runs if run.has_spectrum]
    if "jacobians" in show and with_spectrum:
        panels.append(singular_values({run.name: run.spectrum.values for run in with_spectrum}))
        panels.append(
            running_product(
                {run.name: run.spectrum.product_log10 for run in with_spectrum},
                horizons={run.name: run.spectrum.horizon for run in with_spectrum},
            )
        )
    if "unit" in show:
        panels.append(unit_table(inspection, units))
    T, stack = len(inspection.steps), parts.shown(inspection)
    whole = stack.whole if stack is not None else None
    return figure.payload(
        tokens=inspection.labels,
        panels=panels,
        H=max(run.model.cell.H for run in inspection.runs) if units is None else len(units),
        units=units,
        finding=finding(inspection) if stack is None else parts.finding(inspection, stack),
        foot=foot(inspection),
        t=min(t, T) if t else (T + 1) // 2,
        address=True,
        backward=whole is not None and whole.turned,
        view=parts.title(whole) if whole is not None else "",
        doctor=doctor,
        before=None if before is None else inspector(before, t=t),
    )


def units_drawn(inspection: Inspection) -> tuple[int, ...] | None:
    """The units that are drawn, from 0, where all would be too many: those that most of the gradient reaches."""
    T, H = len(inspection.steps), max(run.model.cell.H for run in inspection.runs)
    count = max(FEWEST, MAX_DRAWN // T)
    if count >= H:
        return None
    shares = np.zeros(H)
    for run in inspection.runs:
        arrives = flow.lengths(run.backward.cell.dh[:, 0], axis=0)
        shares[: len(arrives)] += arrives / (arrives.max() or 1.0)
    return tuple(sorted(np.argsort(-shares, kind="stable")[:count].tolist()))


def _drawn(values: Array, units: Sequence[int] | None) -> Array:
    """What is drawn of values by step and unit; where that is not all, in the precision that a drawing needs."""
    if units is None:
        return values
    with np.errstate(over="ignore"):
        return values[:, [unit for unit in units if unit < values.shape[1]]].astype(np.float32)


def series(inspection: Inspection, *quantities: str, units: Sequence[int] | None = None) -> list[Series]:
    """Gradients of some quantities in every model that has them, RNN first; the vectors of some units."""
    found = []
    for run in inspection.runs:
        cell = run.backward.cell
        vectors = {"h": cell.dh, "c": cell.dc} if isinstance(cell, LSTMBackward) else {"h": cell.dh}
        for name in quantities:
            if name in run.norms:
                values = _drawn(vectors[name][:, 0], units) if name in vectors else None
                found.append(Series(run.name, name, run.norms[name], values))  # type: ignore[arg-type]
    return found


def finding(inspection: Inspection) -> Rich:
    """The sentence above the figure: how much of the last step's gradient comes back to the first step."""
    T, first = inspection.sequence.T, token(inspection.sequence.labels[0])
    if T == 1:
        return ["One step only: the gradient has no way back to go. Add a step to see it travel."]
    last: Rich = [" (", math("t"), f" = {T})"]
    sent = {run.name: float(run.norms["h"][-1]) for run in inspection.runs}
    heard = [run for run in inspection.runs if sent[run.name] > FAINT]
    faint = [run.name for run in inspection.runs if run not in heard]
    if not heard:
        names = " and the ".join(faint)
        return [f"The loss sends {_faint(sent, faint)} into the last step", *last, f" of the {names}: there is "
                "nothing to bring back to ‘", first, "’."]  # fmt: skip
    words: Rich = ["Of the gradient that the loss sends into the last step", *last, ", "]
    for k, run in enumerate(heard):
        words += [f"{'; ' if k else ''}the {run.name} brings ", *share(run.reach["h"])]
        if k == 0:
            words += [" back to ‘", first, "’"]
        if "c" in run.reach:
            words += [" through ", math("h", role="h"), *_through_c(run)]
    if faint:
        words += [f"; into the {faint[0]} the loss sends {_faint(sent, faint)}"]
    return [*words, "."]


def _through_c(run: Run) -> Rich:
    """What comes back through the cell state; saturated, it may be given nothing to bring."""
    if run.norms["c"][-1] <= FAINT:
        return [", and into ", math("c", role="c"), " it hands on nothing"]
    return [" and ", *share(run.reach["c"]), " through ", math("c", role="c")]


def _faint(sent: Mapping[str, float], names: Sequence[str]) -> str:
    """A gradient that has no share to speak of, in words."""
    largest = max(sent[name] for name in names)
    return "no gradient" if largest == 0 else f"hardly a gradient ({significant(largest, 1)})"


def share(ratio: float) -> Rich:
    """A ratio in words: percent where that reads well, a power of ten where it doesn't."""
    if ratio == 0:
        return ["nothing"]
    if not np.isfinite(ratio):
        return ["more than 10³⁰⁸ times as much"]
    if ratio >= 1.05:
        return [*quantity(ratio), " times as much"]
    if ratio >= 1e-4:
        return [f"{_two(100 * ratio)}\N{NO-BREAK SPACE}%"]
    return [*quantity(ratio), " of it"]


def _two(value: float) -> str:
    """Two significant digits, or the whole number."""
    return f"{value:.0f}" if value >= 10 else short(value, 2)


def quantity(value: float) -> Rich:
    """A number with two digits."""
    return [significant(value, 2)]


def foot(inspection: Inspection) -> list[Rich]:
    """What stands below: output, loss, and the gradient check that every number above rests on."""
    loss = inspection.sequence.loss
    each = "; ".join(f"{run.name} {significant(run.loss, 4)}" for run in inspection.runs)
    outputs = "; ".join(f"{run.name} {_outputs(run.y_hat[-1, 0])}" for run in inspection.runs)
    check: Rich = []
    for run in inspection.runs:
        check += [", " if check else "", f"{run.name} ", *quantity(run.check)]
    left_out: list[Rich] = [
        [
            f"The Jacobians of the {run.name} are left out: {inspection.sequence.T} steps of {run.model.cell.H} units "
            "take too long. Shorten the sequence to see them."
        ]
        for run in inspection.runs
        if not run.has_spectrum and "jacobians" in inspection.settings.show
    ]
    return [
        ["Output ", math("\\hat{y}"), f" {_read_at(inspection)}: {outputs}"],
        [f"Loss ({LOSS[loss]}): {each}"],
        *[line for run in inspection.runs[:1] for line in parts.foot(inspection, run)],
        ["Gradient check in one random direction, relative error: ", *check],
        *_some(inspection),
        *left_out,
        *parts.names(inspection),
    ]


def _some(inspection: Inspection) -> list[Rich]:
    """Which units are drawn, where these are not all."""
    units = units_drawn(inspection)
    if units is None:
        return []
    H = max(run.model.cell.H for run in inspection.runs)
    return [
        [
            f"Of {H} units the {len(units)} that most of the gradient reaches are drawn, each under its own number. "
            "Norms, sums, the doctor and the exports take all."
        ]
    ]


def _read_at(inspection: Inspection) -> str:
    settings = inspection.settings
    if inspection.sequence.task is not None or settings.trained or settings.readout not in ("step", "final"):
        return "at the last step"
    return f"at step {settings.at}" if settings.readout == "step" else "from the last states"


def _outputs(values: Array) -> str:
    shown = ", ".join(number(float(v)) for v in values[:6])
    return shown + (" …" if len(values) > 6 else "")


def signed_limit(inspection: Inspection) -> float:
    """One domain for all signed maps: the largest |h|, |c| or |g|, rounded up to two digits."""
    largest = 0.0
    for run in inspection.runs:
        cell = run.trace.cell
        arrays = [cell.h]
        if isinstance(cell, LSTMTrace):
            arrays += [cell.c, cell.g]
        if isinstance(cell, GRUTrace):
            arrays += [cell.n]
        largest = max(largest, *(float(np.abs(array).max()) for array in arrays))
    unit = 10.0 ** np.floor(np.log10(max(largest, 0.1)) - 1)
    return float(max(np.ceil(largest / unit) * unit, 0.1))


def states(run: Run, limit: float, units: Sequence[int] | None = None) -> list[Panel]:
    """The maps of one model: gates, cell and hidden state, unit by step; of some units, or of all."""

    def heatmap(values: Array, **given: Any) -> Panel:
        return figure.heatmap(_drawn(values[:, 0], units), **given)

    cell = run.trace.cell
    signed: dict[str, Any] = {"domain": (-limit, limit), "model": run.name}
    hidden = heatmap(cell.h[1:], role="h", symbol=[math("h_t")], label="hidden state", **signed)
    if isinstance(cell, GRUTrace):
        return [*_of_gru(cell, signed, heatmap), hidden]
    if not isinstance(cell, LSTMTrace):
        formula = "h_t = " + PHI[run.model.activation] % "x_t W_x + h_{t-1} W_h + b"
        return [figure.heading("RNN", [math(formula)]), hidden]
    gates = [
        heatmap(getattr(cell, gate), role=gate, symbol=[math(f"{gate}_t")], label=label, model=run.name)
        for gate, label in GATES.items()
    ]
    candidate = heatmap(cell.g, role="g", symbol=[math("g_t")], label="candidate", **signed)
    memory = heatmap(cell.c[1:], role="c", symbol=[math("c_t")], label="cell state", **signed)
    formulas: list[Rich] = [[math("c_t = f_t ⊙ c_{t-1} + i_t ⊙ g_t")], [math("h_t = o_t ⊙ tanh(c_t)")]]
    return [figure.heading("LSTM", *formulas), *gates, candidate, memory, hidden]


def _of_gru(cell: GRUTrace, signed: dict[str, Any], heatmap: Callable[..., Panel]) -> list[Panel]:
    """The GRU's heading, gates and candidate."""
    formulas: list[Rich] = [
        [math("h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t-1}")],
        [
            math(
                "n_t = tanh(x_t W_{xn} + b_n + r_t ⊙ u_t)"
                if cell.reset_after
                else "n_t = tanh(… + (r_t ⊙ h_{t-1}) W_{hn})"
            )
        ],
    ]
    gates = [
        heatmap(getattr(cell, gate), role=role, symbol=[math(f"{gate}_t", role)], label=label, model="GRU")
        for gate, (role, label) in GRU_GATES.items()
    ]
    candidate = heatmap(cell.n, role="g", symbol=[math("n_t", "g")], label="candidate", **signed)
    return [figure.heading("GRU", *formulas), *gates, candidate]


UNIT_ROWS = (
    ("h_t", "h", "hidden state"),
    ("a_t", "a", "pre-activation"),
    ("i_t", "i", "input gate"),
    ("f_t", "f", "forget gate"),
    ("o_t", "o", "output gate"),
    ("g_t", "g", "candidate"),
    ("r_t", "r", "reset gate"),
    ("z_t", "z", "update gate: the share of the old state that stays"),
    ("n_t", "n", "candidate"),
    ("u_t", "u", "what the reset gate multiplies"),
    ("c_t", "c", "cell state"),
    ("tanh(c_t)", "tanh_c", "what the output gate lets through"),
    ("∂L/∂h_t", "dh", "gradient at the hidden state"),
    ("∂L/∂c_t", "dc", "gradient at the cell state"),
    ("∂L/∂a_t", "da", "gradient at the pre-activation"),
    ("∂L/∂a_i", "da_i", "gradient at the input gate's pre-activation"),
    ("∂L/∂a_f", "da_f", "gradient at the forget gate's pre-activation"),
    ("∂L/∂a_o", "da_o", "gradient at the output gate's pre-activation"),
    ("∂L/∂a_g", "da_g", "gradient at the candidate's pre-activation"),
    ("∂L/∂a_r", "da_r", "gradient at the reset gate's pre-activation"),
    ("∂L/∂a_z", "da_z", "gradient at the update gate's pre-activation"),
    ("∂L/∂a_n", "da_n", "gradient at the candidate's pre-activation"),
)


def unit_table(inspection: Inspection, units: Sequence[int] | None = None) -> Panel:
    """Every number of the chosen unit at the chosen step."""
    values = {
        run.name: {name: _drawn(array, units) for name, array in export.states(run).items()} for run in inspection.runs
    }
    rows = []
    for symbol, name, meaning in UNIT_ROWS:
        if not any(name in named for named in values.values()):
            continue
        cells: list[Any] = [
            figure.values_at(named[name], "scientific" if name.startswith("d") else "fixed5")
            if name in named
            else ["–"]
            for named in values.values()
        ]
        rows.append([[math(symbol, live=True)], *cells, [meaning]])
    columns = [
        figure.column(align="left"),
        *(figure.column(name) for name in values),
        figure.column("what it is", "left"),
    ]
    return figure.table(columns, rows, caption=["Numbers of the chosen unit at the chosen step"], place="full")


def training(learned: Learned) -> dict[str, Any]:
    """The payload of the training curves: loss and gradient norm over steps, on one log axis."""
    records = {}
    for kind, points in learned.points.items():
        drawn = points[:: max(1, len(points) // DRAWN)]
        records[NAMES[kind]] = {
            name: np.array([getattr(point, name) for point in drawn]) for name in ("step", "loss", "norm", "clipped")
        }
    held = {
        NAMES[kind]: {name: np.array([getattr(each, name) for each in looks]) for name in ("step", "loss")}
        for kind, looks in learned.held.items()
    }
    return figure.payload(
        tokens=[], panels=[training_curves(records, held)], H=0, label="Loss and gradient norm over training steps"
    )
