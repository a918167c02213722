"""Chart panels about the Jacobians and about training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import numpy as np

from core.written import power_of_ten, significant
from dashboard.figure import panels
from dashboard.figure.panels import Key, Panel
from dashboard.figure.rich import Rich, math
from dashboard.figure.rows import Columns, Floats, decades, joined, log10_or_none, log_axis

CUT = 1e-8
"""Singular values this much below the largest do not widen the axis; they end at its lower edge."""


def singular_values(values: Mapping[str, Floats]) -> Panel:
    """Largest, median and smallest singular value of the Jacobian of each step.

    Args:
        values: by model, (T, k) singular values per step, in any order.
    """
    rows: list[Columns] = []
    columns: dict[str, Floats] = {}
    for model, sigma in values.items():
        parts = {"largest": sigma.max(axis=1), "median": np.median(sigma, axis=1), "smallest": sigma.min(axis=1)}
        columns |= {f"{model} {name}": part for name, part in parts.items()}
        shown = [" / ".join(significant(float(v)) for v in step) for step in zip(*parts.values(), strict=True)]
        rows.append(_steps(len(sigma), model=model, role="grad", values=shown) | _logs(parts))
    return panels.chart(
        "inspector_singular_values",
        {"series": joined(rows), "unity": {"one": [1]}},
        params=log_axis(*(v[v > v.max() * CUT] for v in values.values()), include=1.0),
        symbols=[[math("σ", "grad"), " of ", math("J_t", "grad")]],
        label="Jacobian of each step: largest, median, range",
        title=["Singular values of each step’s Jacobian"],
        keys=[(_key(model), [model]) for model in values],
        profile=_at_step(
            ["largest", "median", "smallest"],
            {
                m: [panels.values_at(columns[f"{m} {part}"]) for part in ("largest", "median", "smallest")]
                for m in values
            },
        ),
        table=panels.numbers("Singular values", columns),
        height=148,
    )


def running_product(norms: Mapping[str, Floats], *, horizons: Mapping[str, float]) -> Panel:
    """What is left at each step of a gradient of length 1 at the last step, at most.

    The state s is what a step hands to the next: h in the RNN, h and c together in the LSTM.

    Args:
        norms: log10 of the norm of the product of Jacobians from step t to T, by model, (T,); -inf where it is 0.
        horizons: by model, the steps back in which that norm falls by e; infinite where it never does.
    """
    rows = [
        _steps(len(log10), role="grad", model=model, series=model, norm=[power_of_ten(v) for v in log10])
        | {"log10": [float(v) if np.isfinite(v) else None for v in log10]}
        for model, log10 in norms.items()
    ]
    finite = np.concatenate([v[np.isfinite(v)] for v in norms.values()] + [np.zeros(1)])
    return panels.chart(
        "inspector_running_product",
        {"series": joined(rows), "unity": {"one": [1]}},
        params=decades(finite),
        symbols=[[math("‖∂s_T/∂s_t‖", "grad")]],
        label="what is left; s is h, in the LSTM (h, c)",
        title=["What is left of a gradient at the last step"],
        keys=[(_key(model), [model]) for model in norms],
        profile=_at_step(
            ["left of 1, at most", "falls by e in"],
            {m: [panels.values_at(log10, "power"), [_steps_in_words(horizons[m])]] for m, log10 in norms.items()},
        ),
        table=panels.numbers("log10 of the running product", norms),
        height=148,
    )


def training(
    records: Mapping[str, Mapping[str, Floats]], held: Mapping[str, Mapping[str, Floats]] = MappingProxyType({})
) -> Panel:
    """Loss and gradient norm over training steps; it follows no cursor.

    Args:
        records: by model, the columns step, loss, norm (before clipping) and clipped (after), each (n,).
        held: by model, step and the loss of what is held out; empty where nothing is.
    """
    rows: list[Columns] = []
    for model, record in records.items():
        steps = [int(step) for step in record["step"]]
        for column, role in (("loss", "own"), ("norm", "grad"), ("clipped", "grad")):
            n = len(steps)
            rows.append(
                _steps(n, role=role, model=model, series=f"{model} {column}", thin=column == "norm")
                | {"t": steps, "log10": log10_or_none(record[column])}
            )
    for model, record in held.items():
        steps = [int(step) for step in record["step"]]
        rows.append(
            _steps(len(steps), role="own", model=model, series=f"{model} held out", thin=True)
            | {"t": steps, "log10": log10_or_none(record["loss"])}
        )
    every = np.concatenate([record["step"] for record in records.values()])
    first, last = (int(every.min()), int(every.max())) if len(every) else (0, 1)
    drawn = [record[name] for record in records.values() for name in ("loss", "norm", "clipped")]
    drawn += [record["loss"] for record in held.values()]
    loss = "loss (thin: held out)" if held else "loss"
    return panels.chart(
        "inspector_training",
        {"series": joined(rows)},
        params={**log_axis(*drawn), "first": first, "last": max(last, first + 1)},
        symbols=[],
        label="loss, gradient norm",
        title=["Loss and gradient norm"],
        keys=[
            ({"model": model, "role": role}, [f"{model} {words}"])
            for model in records
            for role, words in (("own", loss), ("grad", "gradient norm"))
        ],
        height=190,
        cursor=False,
        axis=22,
    )


def _steps_in_words(horizon: float) -> str:
    if np.isnan(horizon):
        return "–"
    return f"{significant(horizon)} steps" if np.isfinite(horizon) else "more than all steps"


def _key(model: str) -> Key:
    return {"model": model, "role": "grad"}


def _at_step(heads: Sequence[str], rows: Mapping[str, Sequence[Panel | Rich]]) -> Panel:
    """A table beside the chart: a row a model, its values at the chosen step."""
    first = panels.column(["step ", math("t", live=True)], "left")
    return panels.table(
        [first, *(panels.column(head) for head in heads)],
        [[panels.keyed([model], _key(model)), *cells] for model, cells in rows.items()],
    )


def _steps(T: int, **columns: Any) -> Columns:
    """Steps 1 to T, with columns that are lists or the same for every step."""
    spread = {name: value if isinstance(value, list) else [value] * T for name, value in columns.items()}
    return {"t": list(range(1, T + 1)), **spread}


def _logs(parts: Mapping[str, Floats]) -> Columns:
    return {name: log10_or_none(part) for name, part in parts.items()}
