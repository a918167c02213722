"""The LSTM cell as a panel: its nine sub-steps at every step of a sequence, with every vector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.inside import Inside, joined_weights
from core.lstm import GATES, LSTMParams, LSTMTrace
from core.params import Array
from core.rnn import RNNTrace
from dashboard.figure.pack import pack
from dashboard.figure.panels import Panel
from dashboard.figure.rich import Rich, Run

CHARACTER = 7.0  # px, of a sentence beside the formula


@dataclass(frozen=True)
class Entry:
    """A vector of the chosen step in a formula.

    Attributes:
        of: Its name: x, h, c, i, f, o, g, a_i … a_g, kept, written, tanh, joined.
        role: Its colour.
        lag: 1 for the vector of the step before.
    """

    of: str
    role: str
    lag: int = 0


@dataclass(frozen=True)
class Substep:
    """One of the sub-steps, in the order in which the diagram is drawn.

    Attributes:
        id: Its name in the diagram: join, f, i, g, kept, written, c, o, h.
        name: What it does, in a word or two.
        symbol: What it makes.
        role: Colour of what it makes.
        formula: Its formula, in symbols, then with vectors.
        by_hand: The formula where its gate is held; None for what is no gate.
    """

    id: str
    name: str
    symbol: Rich
    role: str
    formula: Sequence[Run | Entry]
    by_hand: Sequence[Run | Entry] | None = None


@dataclass(frozen=True)
class Gate:
    """What opens when a gate is pressed.

    Attributes:
        gate: i, f, o or g.
        name: Its name.
        formulas: Its equation, in the conventions to show.
        matrix: Symbol of its weights.
        squash: Name of what its sum goes through.
    """

    gate: str
    name: str
    formulas: Sequence[Rich]
    matrix: Rich
    squash: str


@dataclass(frozen=True, eq=False)
class Numbers:
    """What `core` computed for one run of an LSTM on one sequence."""

    trace: LSTMTrace
    parts: Inside


def cell(
    params: LSTMParams,
    shown: Numbers,
    before: Numbers | None,
    held: Array,
    rnn: RNNTrace,
    substeps: Sequence[Substep],
    gates: Sequence[Gate],
    said: Sequence[Sequence[Sequence[Rich]]],
    *,
    substep: int = 5,
    gate: str = "",
    unit: int = 0,
) -> Panel:
    """The cell at the chosen step, drawn up to the chosen sub-step.

    Args:
        params: The LSTM's weights.
        shown: The run that is shown, a batch of one.
        before: The run with every gate as computed, if any gate is held; what differs shows what it was.
        held: Values of held gates (T, 4H), NaN where computed.
        rnn: A vanilla RNN's run of the same sequence.
        substeps: The nine sub-steps.
        gates: What is told about each gate once it is pressed.
        said: Lines about each sub-step at each step: [t-1][sub-step] -> lines.
        substep: First sub-step chosen, from 1.
        gate: The gate that is open at first; "" for none.
        unit: The unit chosen at first, from 0.
    """
    cells = [abs(part) for run in (shown, before) if run is not None for part in (run.trace.c, run.parts.written)]
    return {
        "kind": "cell",
        "H": params.H,
        "D": len(params.W_x),
        "numbers": _packed(shown),
        "was": None if before is None else _packed(before),
        "held": {name: pack(held[:, k * params.H : (k + 1) * params.H]) for k, name in enumerate(GATES)},
        "rnn": pack(rnn.h[:, 0]),
        "weights": pack(joined_weights(params)),
        "bias": pack(params.b[None]),
        "terms": pack(shown.parts.terms[:, 0].reshape(len(rnn.x), -1)),
        "limit": float(max(part.max() for part in cells)) or 1.0,
        "substeps": [_substep(step) for step in substeps],
        "gates": {gate.gate: _gate(gate) for gate in gates},
        "said": [[list(lines) for lines in step] for step in said],
        "substep": substep,
        "gate": gate,
        "unit": unit,
    }


def _packed(run: Numbers) -> dict[str, Any]:
    """Every vector by name; of h and c row 0 is the initial state."""
    trace, parts = run.trace, run.parts
    H = trace.h.shape[2]
    vectors: Mapping[str, Array] = {
        "x": trace.x,
        "h": trace.h,
        "c": trace.c,
        "joined": parts.joined,
        "kept": parts.kept,
        "written": parts.written,
        "tanh": trace.tanh_c,
        **{name: getattr(trace, name) for name in GATES},
        **{f"a_{name}": parts.a[..., k * H : (k + 1) * H] for k, name in enumerate(GATES)},
    }
    return {name: pack(np.ascontiguousarray(array[:, 0])) for name, array in vectors.items()}


def _runs(formula: Sequence[Run | Entry]) -> list[Any]:
    return [
        {"vector": part.of, "role": part.role, "lag": part.lag} if isinstance(part, Entry) else part for part in formula
    ]


def _substep(step: Substep) -> dict[str, Any]:
    by_hand = None if step.by_hand is None else _runs(step.by_hand)
    return {
        "id": step.id,
        "name": step.name,
        "symbol": step.symbol,
        "role": step.role,
        "formula": _runs(step.formula),
        "byHand": by_hand,
    }


def _gate(gate: Gate) -> dict[str, Any]:
    return {"name": gate.name, "formulas": list(gate.formulas), "matrix": gate.matrix, "squash": gate.squash}
