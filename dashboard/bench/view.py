"""The fair comparison as figures and sentences; nothing of Streamlit."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from core.experiments.bench import FRESH, PICKING, RATES, STARTS, Outcomes, best, pick
from dashboard import figure
from dashboard.bench.compute import CELLS, Rule, Side, settings, solving, starts
from dashboard.bench.settings import BenchSettings
from dashboard.figure import drawings, panels
from dashboard.figure.panels import Key
from dashboard.figure.rich import Rich

KEYS: dict[str, Key] = {name: {"model": name, "role": "ink"} for name in CELLS.values()}
BEST = "▸ "


def finding(shown: BenchSettings, rules: Sequence[Rule], of: Outcomes) -> str:
    """Best against best, and how many settings solve it, in one sentence."""
    rnn, lstm = (side.share for side in rules[0].sides)
    few = [solving(shown.shown, cell, shown.size, of) for cell in CELLS]
    return (
        f"{shown.told[0].upper()}{shown.told[1:]}: the best LSTM solves {lstm} fresh runs, the best RNN {rnn}; of the "
        f"settings tried, {few[1]} LSTMs and {few[0]} RNNs solve 8 runs or more."
    )


def separating(rules: Sequence[Rule]) -> str:
    """How many ways to be fair tell the cells apart."""
    tested = [rule for rule in rules if rule.tested]
    ahead = {cell: [rule for rule in tested if rule.ahead == cell] for cell in CELLS}
    if not any(ahead.values()):
        few = "ten runs are too few for what they differ by"
        return f"None of {len(tested)} ways to be fair tells the two cells apart: {few}."
    told = [f"the {CELLS[cell]} is ahead by {len(found)}" for cell, found in ahead.items() if found]
    rest = len(tested) - sum(map(len, ahead.values()))
    if rest:
        told.append(f"{rest} tell{'s' * (rest == 1)} no clear difference")
    return f"Of {len(tested)} ways to be fair: {', '.join(told)}."


def grid(shown: BenchSettings, of: Outcomes) -> dict[str, Any]:
    """The payload of the grid: a row a start, a column a learning rate."""
    heads = [panels.column("start", "left")]
    for lr in RATES:
        heads += [panels.column(f"{lr:g}"), panels.column("", "left", wide=True)]
    rows: list[list[Any]] = []
    for cell, name in CELLS.items():
        top = pick(settings(shown.shown, cell, shown.size), of)
        for start in starts(cell):
            row: list[Any] = [panels.keyed([f"{name}, {STARTS[start].title}"], KEYS[name])]
            for setting in settings(shown.shown, cell, shown.size):
                if setting.start == start:
                    share = setting.solved(of)
                    row += [[f"{BEST * (setting == top)}{share}"],
                            drawings.bar(share.value, hollow=cell == "rnn") | {"role": "ink"}]  # fmt: skip
            rows.append(row)
    units = {cell: settings(shown.shown, cell, shown.size)[0].units for cell in CELLS}
    caption: Rich = [f"Runs solved of ten, by learning rate. RNN {units['rnn']} units, LSTM {units['lstm']}."]
    table = panels.table(heads, rows, caption=caption, place="full")
    return figure.payload(tokens=[], panels=[table], H=0, label="Runs solved by start and learning rate")


def ways(rules: Sequence[Rule]) -> dict[str, Any]:
    """The payload of the ways to be fair, a row each."""
    heads = [panels.column("fair is", "left"), panels.column("RNN"), panels.column("95 %", wide=True)]
    heads += [panels.column("LSTM"), panels.column("95 %", wide=True), panels.column("verdict", "left")]
    rows: list[list[Any]] = []
    for rule in rules:
        row: list[Any] = [[f"{rule.name}; {rule.more}"]]
        for side in rule.sides:
            row += [[_told(side)], [_interval(side) if rule.tested else "–"]]
        rows.append([*row, [rule.verdict]])
    return figure.payload(
        tokens=[], panels=[panels.table(heads, rows, place="full")], H=0, label="Ways to be fair, and their verdicts"
    )


def _told(side: Side) -> str:
    name = f", {STARTS[side.setting.start].title}, {side.setting.lr:g}" if side.setting is not None else ""
    return f"{side.share}{name}"


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
            rows.append([label, [f"{setting.lr:g}"], *([str(share)] for share in shares)])
    return figure.payload(
        tokens=[], panels=[panels.table(heads, rows, place="full")], H=0, label="The best of each start, run again"
    )


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
