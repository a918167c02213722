"""The fair comparison as figures and sentences; nothing of Streamlit."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from core.experiments.bench import FRESH, PICKING, RATES, STARTS, Outcomes, best, pick
from dashboard import figure
from dashboard.bench.compute import CELLS, Rule, Side, settings, solving, starts
from dashboard.bench.settings import BenchSettings
from dashboard.figure import panels
from dashboard.figure.panels import Key

KEYS: dict[str, Key] = {name: {"model": name, "role": "ink"} for name in CELLS.values()}
ROW = 62  # px
PAD, WIDE = 0.06, 0.8  # of a column: before a bar, and the longest bar


def finding(shown: BenchSettings, rules: Sequence[Rule], of: Outcomes) -> str:
    """Best against best, and how many settings solve it, in one sentence."""
    rnn, lstm = (side.share for side in rules[0].sides)
    few = [solving(shown.shown, cell, shown.size, of) for cell in CELLS]
    return (
        f"{shown.told[0].upper()}{shown.told[1:]}: the best LSTM solves {lstm} fresh runs, the best RNN {rnn}; of the "
        f"settings tried, {few[1]} LSTMs and {few[0]} RNNs solve 8 runs or more."
    )


def separating(rules: Sequence[Rule]) -> str:
    """How many ways to be fair tell the cells apart, and how many single rates."""
    fair, single = ([rule for rule in rules if rule.tested and rule.fair is is_fair] for is_fair in (True, False))
    return (
        f"Of {len(fair)} ways to be fair: {_leads(fair)}. At one rate for both, which may suit one cell better: "
        f"{_leads(single)}."
    )


def _leads(rules: Sequence[Rule]) -> str:
    ahead = {cell: sum(rule.ahead == cell for rule in rules) for cell in CELLS}
    told = [f"the {CELLS[cell]} is ahead by {count}" for cell, count in ahead.items() if count]
    rest = len(rules) - sum(ahead.values())
    if rest:
        told.append(f"{rest} tell{'s' * (rest == 1)} no clear difference" if told else "no clear difference")
    return ", ".join(told)


def grid(shown: BenchSettings, of: Outcomes) -> dict[str, Any]:
    """The payload of the grid: a row a start under its name, a column a learning rate."""
    cells: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    row = 0.0
    for cell, name in CELLS.items():
        top = pick(settings(shown.shown, cell, shown.size), of)
        for start in starts(cell):
            row += 1
            names.append({"y": row - 0.64, "label": f"{name}, {STARTS[start].title}"})
            of_start = [s for s in settings(shown.shown, cell, shown.size) if s.start == start]
            for column, setting in enumerate(of_start):
                share = setting.solved(of)
                low, high = share.interval
                cells.append(
                    {
                        "y": row,
                        "begin": column + 0.01,
                        "from": column + PAD,
                        "to": column + PAD + WIDE * share.value,
                        "low": column + PAD + WIDE * low,
                        "high": column + PAD + WIDE * high,
                        "full": column + PAD + WIDE,
                        "end": column + 2 * PAD + WIDE,
                        "text": str(share),
                        "model": name,
                        "best": setting == top,
                    }
                )
    plot = panels.chart(
        "bench_grid",
        {
            "cells": {name: [each[name] for each in cells] for name in cells[0]},
            "names": {name: [each[name] for each in names] for name in names[0]},
            "heads": {"x": [k + PAD for k in range(len(RATES))], "label": [f"{lr:g}" for lr in RATES]},
        },
        params={"n": int(row), "m": len(RATES)},
        symbols=[],
        label="runs solved of ten",
        title=["Runs solved of ten"],
        profile=_best(shown, of),
        table=_table(shown, of),
        height=ROW * int(row),
        cursor=False,
    )
    return figure.payload(tokens=[], panels=[plot], H=0, label="Runs solved by start and learning rate")


def _best(shown: BenchSettings, of: Outcomes) -> panels.Panel:
    """The framed settings, by name."""
    rows: list[list[Any]] = []
    for cell, name in CELLS.items():
        top = pick(settings(shown.shown, cell, shown.size), of)
        rows.append([panels.keyed([f"{name}, {STARTS[top.start].title}"], KEYS[name]), [f"{top.lr:g}"]])
    return panels.table([panels.column(), panels.column()], rows)


def units(shown: BenchSettings) -> str:
    """How large the two cells are, in a sentence."""
    found = {cell: settings(shown.shown, cell, shown.size)[0].units for cell in CELLS}
    return f"Columns are learning rates. RNN {found['rnn']} units, LSTM {found['lstm']}."


def _table(shown: BenchSettings, of: Outcomes) -> panels.Panel:
    every = [s for cell in CELLS for s in settings(shown.shown, cell, shown.size)]
    columns = {f"{lr:g}": np.array([float(s.solved(of).hits) for s in every if s.lr == lr]) for lr in RATES}
    names = ", ".join(f"{CELLS[start.cell]} {start.title}" for start in STARTS.values())
    return panels.numbers(f"Runs solved of ten by learning rate; rows: {names}", columns)


def ways(rules: Sequence[Rule]) -> dict[str, Any]:
    """The payload of the ways to be fair, a row each."""
    heads = [panels.column("fair is", "left"), panels.column("RNN"), panels.column("95 %", wide=True)]
    heads += [panels.column("LSTM"), panels.column("95 %", wide=True), panels.column("verdict", "left")]
    rows: list[list[Any]] = []
    for rule in rules:
        row: list[Any] = [[rule.name]]
        for side in rule.sides:
            row += [[_told(side)], [_interval(side) if rule.tested else "–"]]
        rows.append([*row, [rule.verdict]])
    table = panels.table(heads, rows, place="full") | {"narrow": 76 + 40 * len(rows)}  # some of two lines
    return figure.payload(tokens=[], panels=[table], H=0, label="Ways to be fair, and their verdicts")


def _told(side: Side) -> str:
    name = f", {STARTS[side.setting.start].title}" if side.setting is not None else ""
    return f"{side.share}{name}".replace(" of ", "\N{NO-BREAK SPACE}of\N{NO-BREAK SPACE}")


def _interval(side: Side) -> str:
    low, high = side.share.interval
    return f"{100 * low:.0f}–{100 * high:.0f}"


def again(shown: BenchSettings, of: Outcomes) -> dict[str, Any]:
    """The payload of every start's best, on the seeds it was picked on and on fresh ones."""
    heads = [panels.column("start", "left"), panels.column("rate"), panels.column("picked on"), panels.column("fresh")]
    rows: list[list[Any]] = []
    for cell, name in CELLS.items():
        for start in starts(cell):
            setting = best(shown.shown, start, of, size=shown.size if cell == "rnn" else "units")
            shares = (setting.solved(of, PICKING), setting.solved(of, FRESH))
            label = panels.keyed([f"{name}, {STARTS[start].title}"], KEYS[name])
            rows.append(
                [label, [f"{setting.lr:g}"], *([str(share).replace(" ", "\N{NO-BREAK SPACE}")] for share in shares)]
            )
    table = panels.table(heads, rows, place="full") | {"narrow": 76 + 26 * len(rows)}
    return figure.payload(tokens=[], panels=[table], H=0, label="The best of each start, run again")


COLUMNS = ("task", "gap", "cell", "H", "scheme", "activation", "forget_bias", "chrono", "lr", "clip", "seed")


def download(of: Outcomes) -> str:
    """All runs as CSV: what was run, and what it came to."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow([*COLUMNS, "solved_after", "accuracy_at_end", "seconds"])
    for run, outcome in of.items():
        own = [getattr(run, name) for name in COLUMNS]
        table.writerow([*own, outcome.solved or "", f"{outcome.last:.4f}", f"{outcome.seconds:.2f}"])
    return out.getvalue()
