"""Chart panels about the gradients of one sequence, from arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.written import power_of_ten, significant
from dashboard.figure import panels
from dashboard.figure.panels import Key, Panel, Role
from dashboard.figure.rich import Rich, math
from dashboard.figure.rows import Columns, Floats, joined, log10_or_none, log_axis, points, texts

SHAPES: Mapping[str, str] = {"h": "circle", "c": "diamond", "x": "square", "a": "triangle"}


@dataclass(frozen=True, eq=False)
class Series:
    """Gradients of one quantity over the sequence.

    Attributes:
        model: "RNN" (dashed, hollow) or "LSTM" (solid, filled).
        role: the quantity: h, c, x or a.
        norms: (T,), 0 or larger.
        values: (T, H) for the rows beside the chart, or None where the entries are not per unit.
    """

    model: str
    role: Role
    norms: Floats
    values: Floats | None = None

    @property
    def name(self) -> str:
        """Such as "LSTM ∂L/∂c"."""
        return f"{self.model} ∂L/∂{self.role}"

    @property
    def key(self) -> Key:
        """How it is drawn."""
        return {"model": self.model, "role": self.role, "shape": SHAPES[self.role]}  # type: ignore[typeddict-item]


def norms(series: Sequence[Series], *, bracket: tuple[int, int] | None = None) -> Panel:
    """Gradient norms per step on an absolute log axis, their vectors beside it.

    Args:
        series: what to draw.
        bracket: positions in `series` of a larger and a smaller one: how many times they differ at step 1 is marked,
            when it is at least twofold.
    """
    rows = [points(s.norms, model=s.model, role=s.role, series=s.name, norm=texts(s.norms)) for s in series]
    zeros = [(t, s.role, s.model) for s in series for t in (np.flatnonzero(s.norms == 0) + 1).tolist()]
    axis = log_axis(*(s.norms for s in series))
    keys: list[tuple[Key, Rich]] = [(s.key, [f"{s.model} ", math(f"‖∂L/∂{s.role}_t‖", s.role)]) for s in series]
    beside = [_vector(s) for s in series if s.values is not None]
    return panels.chart(
        "norms",
        {
            "series": joined(rows),
            "zeros": {"t": [z[0] for z in zeros], "role": [z[1] for z in zeros], "model": [z[2] for z in zeros]},
            "bracket": _bracket(series, bracket, axis),
        },
        params=axis,
        symbols=[[math(f"‖∂L/∂{role}_t‖", role)] for role in dict.fromkeys(s.role for s in series)],
        label="gradient that reaches each step",
        title=["Gradient that reaches each step"],
        keys=keys,
        profile=panels.vectors(*beside) if beside else _at_step(series),
        table=panels.numbers("Gradient norms", {s.name: s.norms for s in series}),
    )


def _at_step(series: Sequence[Series]) -> Panel:
    """The norms at the chosen step, where the entries are too many or too unlike to stand beside each other."""
    rows = [
        [panels.keyed([f"{s.model} ", math(f"‖∂L/∂{s.role}_t‖", s.role, live=True)], s.key), panels.values_at(s.norms)]
        for s in series
    ]
    return panels.table([panels.column(align="left"), panels.column(["step ", math("t", live=True)])], rows)


def contributions(shares: Mapping[str, Floats], *, weight: str = "W_h") -> Panel:
    """What each step adds to the norm of a weight's gradient: signed bars, their sum beside them.

    Args:
        shares: (T,) by model; each sums to the norm of that model's gradient.
        weight: the weight, in the figure's notation.
    """
    T = len(next(iter(shares.values())))
    every = np.concatenate(list(shares.values()))
    drawn = every[np.isfinite(every)]
    top, bottom = float(drawn.max(initial=0.0)), float(drawn.min(initial=0.0))
    margin = 0.05 * (top - bottom) or 1.0
    norm = math(f"‖∂L/∂{weight}‖", "grad")
    keys: dict[str, Key] = {model: {"model": model, "role": "grad", "shape": "bar"} for model in shares}
    heads = [panels.column(align="left"), panels.column(["step ", math("t", live=True)]), panels.column("sum")]
    return panels.chart(
        "contributions",
        {
            "bars": {
                "t": list(range(1, T + 1)) * len(shares),
                "value": [v if np.isfinite(v) else None for v in every.tolist()],
                "model": [model for model in shares for _ in range(T)],
            },
            "zero": {"value": [0]},
        },
        params={"lo": bottom - margin * (bottom < 0), "hi": top + margin, "both": len(shares) > 1},
        symbols=[[norm]],
        label="what each step adds",
        title=["What each step adds to ", norm],
        keys=[(keys[model], [model]) for model in shares],
        profile=panels.table(
            [*heads, panels.column("half comes from")],
            [
                [
                    panels.keyed([model], keys[model]),
                    panels.values_at(share, "significant"),
                    [significant(float(share.sum()))],
                    [half_from(share)],
                ]
                for model, share in shares.items()
            ],
        ),
        table=panels.numbers(f"Contributions to {weight}", shares),
        height=124,
    )


def half_from(share: Floats) -> str:
    """The fewest last steps that bring at least half of the sum, in words."""
    total = float(share.sum())
    if not total > 0:
        return "no step"
    count = int(np.argmax(np.cumsum(share[::-1]) >= total / 2)) + 1
    return "the last step" if count == 1 else f"the last {count} steps"


def _vector(series: Series) -> Panel:
    if series.values is None:
        raise ValueError(f"{series.name} has no values to show per unit; pass values of shape (T, H)")
    label: Rich = [f"{series.model} ", math(f"∂L/∂{series.role}_t", series.role, live=True)]
    return panels.vector(series.values, series.norms, label=label, key=series.key)


def _bracket(series: Sequence[Series], pair: tuple[int, int] | None, axis: Mapping[str, Any]) -> Columns:
    """How many times the larger norm exceeds the smaller at step 1, where both can be drawn."""
    if pair is None:
        return {}
    high, low = log10_or_none(np.array([series[k].norms[0] for k in pair]))
    if high is None or low is None or high - low < np.log10(2):
        return {}
    margin = min(0.025 * (axis["hi"] - axis["lo"]), (high - low) / 4)
    return {
        "t": [1],
        "low": [low + margin],
        "high": [high - margin],
        "middle": [(low + high) / 2],
        "label": [f"{power_of_ten(high - low, 2)} times"],
    }
