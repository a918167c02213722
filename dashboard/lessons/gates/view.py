"""What the lesson on gates at work shows, put into figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.params import Array
from core.sentences import ContextSwitch
from core.written import number, short
from dashboard import figure
from dashboard.figure import Series, drawings, math, panels
from dashboard.figure.panels import Panel
from dashboard.figure.rich import Rich
from dashboard.figure.rows import Floats
from dashboard.lessons.gates import figure as gates
from dashboard.lessons.gates import sentences as words
from dashboard.lessons.gates.compute import (
    BIASES,
    FIRST,
    Exploding,
    GatesRun,
    Measured,
    Switch,
    formula_curve,
    measured,
)
from dashboard.lessons.gates.figure import Line, Quantity
from dashboard.lessons.gates.settings import GatesSettings

GATES = {"f": "forget gate", "i": "input gate", "o": "output gate"}
LABELS = GATES | {"g": "candidate", "c": "cell state", "h": "hidden state"}
THRESHOLD = 0.3


def main(run: GatesRun, settings: GatesSettings, ways: Sequence[Rich] = ()) -> dict[str, Any]:
    """The payload of the main figure.

    Args:
        run: The network on its text.
        settings: What it was asked for.
        ways: What leads on from below it.
    """
    values = _values(run)
    every = [Quantity(name, LABELS[name], values[name]) for name in LABELS]  # type: ignore[arg-type]
    equations: tuple[Rich, Rich] = ([math("c_t = f_t ⊙ c_{t-1} + i_t ⊙ g_t")], [math("h_t = o_t ⊙ tanh(c_t)")])
    back = run.backward
    norms = [
        Series("LSTM", "h", _floats(run.norms["h"]), _floats(back.dh[:, 0])),
        Series("LSTM", "c", _floats(run.norms["c"]), _floats(back.dc[:, 0])),
    ]
    rows = [
        gates.search(every, name="f", below=True, threshold=THRESHOLD),
        figure.heading("LSTM", *equations),
        *_maps(values),
        figure.norms(norms),
        gates.cell_paths(*(_floats(part[1:]) for part in (run.paths.direct, run.paths.own, run.paths.all))),
        gates.anatomy(_floats(run.same), _floats(run.across)),
    ]
    return figure.payload(
        tokens=run.words,
        panels=rows,
        H=run.model.cell.H,
        finding=words.finding(run, settings),
        paragraphs=[words.parts_note(run, first_unit(run)), words.direct_take_away(run, settings), *ways],
        t=run.at,
        unit=first_unit(run) + 1,
        label="Gates, states and gradients at each word",
    )


def first_unit(run: GatesRun) -> int:
    """The unit chosen first, from 0: the one that forgets most where the second sentence begins."""
    return int(np.argmin(run.cell.f[run.at - 1, 0]))


def _floats(array: Array) -> Floats:
    return np.asarray(array, np.float64)


def _values(run: GatesRun) -> dict[str, Floats]:
    """Gates and states by letter, each (T, H)."""
    cell = run.cell
    found = {gate: getattr(cell, gate)[:, 0] for gate in ("f", "i", "o", "g")}
    return found | {"c": cell.c[1:, 0], "h": cell.h[1:, 0]}


def _maps(values: dict[str, Floats]) -> list[Panel]:
    """Maps in the order of the equations; the cell state may leave −1 … 1, which g and h never do."""
    limits = {"g": 1.0, "h": 1.0, "c": _rounded(float(np.abs(values["c"]).max()))}
    return [
        figure.heatmap(
            values[name],
            role=name,
            symbol=[math(f"{name}_t")],
            label=LABELS[name],
            model="LSTM",
            domain=(-limits[name], limits[name]) if name in limits else (0.0, 1.0),
        )
        for name in ("f", "i", "g", "c", "o", "h")
    ]


def _rounded(largest: float) -> float:
    """Up to one decimal, 1 at least."""
    return max(1.0, float(np.ceil(10 * largest) / 10))


def switch(found: Switch) -> dict[str, Any]:
    """The payload of the change of subject: gates, what is left of the first subject, the answer after each word."""
    at = found.at

    def compared(part: str, role: Any) -> list[Line]:
        return [
            Line(f"trained, then {found.second}", getattr(found.new, part), role),
            Line(f"trained, still {FIRST}", getattr(found.same, part), role, "chained"),
            Line("before training", getattr(found.before, part), "second", "dotted"),
        ]

    rows = [
        gates.lines(
            compared("f", "f"), symbol=[math("f_t")], title=["Mean forget gate"], label="forget gate, mean", start=at,
            most=1.0,
        ),
        gates.lines(
            compared("i", "i"), symbol=[math("i_t")], title=["Mean input gate"], label="input gate, mean", start=at,
            most=1.0,
        ),
        gates.log_lines(
            compared("apart", "c"), symbol=[math("c_t")], start=at,
            title=[f"What is left of {FIRST} in the cell: its distance from texts that begin with others"],
            label=f"{FIRST} against others",
        ),
        gates.lines(
            _answers(found), symbol=[math("\\hat{y}_t")], title=["What the trained read-out says"],
            label="who it is about", start=at, percent=True, most=1.0,
        ),
        _holders(found),
    ]  # fmt: skip
    return figure.payload(
        tokens=found.words, panels=rows, H=0, finding=words.switch_finding(found), note="", t=at,
        label="A change of subject",
    )  # fmt: skip


def _answers(found: Switch) -> list[Line]:
    """Probability of each subject after each word of the text with the new subject."""
    others = [name for name in ContextSwitch.classes if name not in (FIRST, found.second)]
    dashes = {found.second: "", FIRST: "chained"} | dict(zip(others, ("dotted", "dashed"), strict=True))
    return [
        Line(name, _floats(found.new.answers[:, k]), "second" if name in others else "ink", dashes[name])
        for k, name in enumerate(ContextSwitch.classes)
    ]


def _holders(found: Switch) -> Panel:
    """The units that hold the first subject, and what their gates do at the second."""
    heads = [
        panels.column("unit", "left"), panels.column(f"holds of {FIRST}"), panels.column(),
        panels.column([math("f_t"), f" at {found.second}"]), panels.column([math("f_t"), " at also"]),
        panels.column([math("f_t"), " before training"]), panels.column([math("i_t"), f" at {found.second}"]),
    ]  # fmt: skip
    rows: list[list[Any]] = [
        [
            [str(unit)],
            [words.percent(float(found.new.share[unit]))],
            drawings.bar(float(found.new.share[unit])) | {"role": "c"},
            *([number(float(part[unit]), 2)] for part in (found.new.f_at, found.same.f_at, found.before.f_at)),
            [number(float(found.new.i_at[unit]), 2)],
        ]
        for unit in found.holders
    ]
    caption = f"The units that together hold 80 % of {FIRST} at the word before the second sentence"
    return panels.table(heads, rows, caption=[caption], place="full")


def horizon(found: Measured, seed: int) -> dict[str, Any]:
    """The payload of memory against forget bias."""
    others = {bias: measured(bias, seed) for bias in BIASES} | {found.bias: found}
    heads = [panels.column("forget bias", "left"), panels.column("σ(b)"), panels.column("formula"),
             panels.column("direct"), panels.column("every path")]  # fmt: skip
    rows = [
        [
            [{"strong": short(bias)} if bias == found.bias else short(bias)],
            [number(each.gate)],
            [words.steps(each.formula)],
            [words.steps(each.horizons.direct)],
            [words.steps(each.horizons.total)],
        ]
        for bias, each in sorted(others.items())
    ]
    biases, formula = formula_curve()
    chart = gates.horizon(
        (_floats(biases), _floats(formula)),
        {
            "f": [(bias, each.horizons.direct) for bias, each in others.items()],
            "grad": [(bias, each.horizons.total) for bias, each in others.items()],
        },
        found.bias,
        panels.table(heads, rows),
    )
    return figure.payload(
        tokens=[], panels=[chart], H=0, finding=words.horizon_finding(found), label="Memory against forget bias"
    )


def explosion(found: Exploding) -> dict[str, Any]:
    """The payload of the LSTM whose gradients explode through h."""
    return figure.payload(
        tokens=found.words,
        panels=[gates.explosion(_floats(found.direct), _floats(found.largest))],
        H=0,
        finding=words.exploding_finding(found),
        note="",
        t=1,
        backward=True,
        label="Gradients that explode in an LSTM",
    )
