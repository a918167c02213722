"""RNN or LSTM: the parameter counter, times, horizons, tasks and loss curves as figures and sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import numpy as np

from core import pace as known_paces
from core import tasks as known
from core.experiments import Experiment, Outcome, Spread, bench, comparison, spread
from core.pace import Pace
from core.params import Array
from core.sizes import BLOCKS
from core.written import significant
from dashboard import figure
from dashboard.figure import drawings, panels
from dashboard.figure.panels import Panel
from dashboard.figure.rich import math
from dashboard.figure.rows import percent
from dashboard.lessons.compare import figure as compare
from dashboard.lessons.compare.advice import Candidate
from dashboard.lessons.compare.compute import BACK, CELLS, GAPS, LABELS, Counted, Task, at_gap, reach
from dashboard.lessons.compare.figure import Curve, TaskRuns
from dashboard.lessons.compare.settings import CompareSettings
from dashboard.lessons.compare.table_view import listed, milliseconds
from quiz.lessons.compare.guesses import Side

ROUND = 20  # training steps; the time axis ends at a multiple
FLOORS = {comparison.SHORT: 0.1, comparison.LONG: 0.01}


def counter(found: Counted, settings: CompareSettings) -> dict[str, Any]:
    """The payload of the counter: every array as a product and its number, the sums, and the count of real arrays."""
    D, O = settings.D, settings.O  # noqa: E741 - field notation
    biases = int(settings.biases)
    rows: list[list[Any]] = []
    most = max(found.total.values())

    def across(name: list[Any], cells: Mapping[str, str]) -> None:
        rows.append([name, *([cells[cell]] for cell in CELLS)])

    def product(cell: str, *factors: int) -> str:
        written = " · ".join(map(str, [BLOCKS[cell]] * (BLOCKS[cell] > 1) + [f for f in factors if f]))
        product = f"{int(np.prod(factors)) * BLOCKS[cell]:,}"
        return f"{written} = {product}" if "·" in written else product

    n = found.units
    across([math("W_x")], {c: product(c, D, n[c]) for c in CELLS})
    across([math("W_h")], {c: product(c, n[c], n[c]) for c in CELLS})
    across([math("b"), " (two)" if biases > 1 else ""], {c: product(c, *[2] * (biases > 1), n[c]) for c in CELLS})
    if settings.readout:
        across([math("W_y")], {c: f"{n[c]} · {O} = {found.formula[c].W_y:,}" for c in CELLS})
        across([math("b_y")], dict.fromkeys(CELLS, f"{O}"))
    across(["by formula"], {c: f"{found.total[c]:,}" for c in CELLS})
    counts = {c: found.arrays[c].total(readout=settings.readout) for c in CELLS}
    across(["entries counted"], {c: f"{counts[c]:,} {'✓' if counts[c] == found.total[c] else '✕'}" for c in CELLS})
    rows.append(
        ["drawn", *(drawings.bar(found.total[c] / most, hollow=c == "rnn") | {"role": "ink"} for c in CELLS)]
    )  # fmt: skip
    heads = [panels.column("entries", "left")]
    heads += [panels.column(f"{CELLS[c]}, {n[c]} unit{'s' * (n[c] != 1)}", "left") for c in CELLS]
    return figure.payload(
        tokens=[],
        panels=[compare.one_line(panels.table(heads, rows, place="full"))],
        H=0,
        finding=[counter_finding(found)],
        label="Parameters counted",
    )


def counter_finding(found: Counted) -> str:
    """How many times as many, whole and layer alone."""
    rnn, lstm = found.total["rnn"], found.total["lstm"]
    layers = found.formula["lstm"].layer / found.formula["rnn"].layer
    if found.units["rnn"] != found.units["lstm"]:
        return (
            f"An RNN with {found.units['rnn']} units has {rnn:,} parameters, an LSTM with {found.units['lstm']} has "
            f"{lstm:,}: a difference of {percent(abs(lstm - rnn) / lstm)}."
        )
    times = f"{found.ratio:.2f}".removesuffix(".00")
    whole = f"The LSTM has {lstm:,} parameters, the RNN {rnn:,}: {times} times as many"
    return (
        f"{whole}." if found.ratio == layers else f"{whole}; the recurrent layer alone has {significant(layers)} times."
    )


def pace(found: Mapping[int, Pace]) -> dict[str, Any]:
    """The payload of the times: the median step of both cells by batch, with its middle half."""
    most = max(max(each.high.values()) for each in found.values())
    heads = [panels.column("batch", "left"), panels.column("cell, units", "left"), panels.column("", "left", wide=True)]
    heads += [panels.column("median, ms"), panels.column("middle half"), panels.column("times the RNN")]
    rows: list[list[Any]] = []
    for B, each in sorted(found.items()):
        for cell, name in CELLS.items():
            low, high = (milliseconds(part[cell]).removesuffix(" ms") for part in (each.low, each.high))
            rows.append(
                [
                    [str(B)],
                    [f"{name}, {each.units[cell]}"],
                    drawings.bar(each.middle[cell] / most, hollow=cell == "rnn") | {"role": "ink"},
                    [milliseconds(each.middle[cell]).removesuffix(" ms")],
                    [f"{low} – {high}"],
                    [f"{each.ratio:.2f}" if cell == "lstm" else "1"],
                ]
            )
    return figure.payload(
        tokens=[],
        panels=[drawings.large(panels.table(heads, rows, place="full")) | {"narrow": 82 + 38 * len(rows)}],
        H=0,
        finding=[pace_finding(found)],
        label="Time of a training step",
    )


def pace_finding(found: Mapping[int, Pace]) -> str:
    """The ratios in a sentence."""
    few, many = (found[B] for B in sorted(found))
    return (
        f"A training step of the LSTM takes {few.ratio:.1f} times as long as the RNN’s with {few.B} sequence in a "
        f"batch, {many.ratio:.1f} times with {many.B}."
    )


def pace_by_size() -> str:
    """How the stored ratio grows with the number of units, in a sentence."""
    equal = [pair for pair in known_paces.REFERENCES if pair[0] == pair[1]]
    few, many = sorted(known_paces.BATCHES)
    stored = known_paces.stored().paces
    told = [
        f"{units} units {stored[units, units, few].ratio:.1f} and {stored[units, units, many].ratio:.1f}"
        for units, _ in equal
    ]
    return f"The stored ratios by size, for batches of {few} and of {many}: {listed(told)}."


def horizons(found: Mapping[str, Array], settings: CompareSettings) -> dict[str, Any]:
    """The payload of the fresh networks' horizons."""
    heads = [panels.column("steps", "left"), panels.column("least"), panels.column("median"), panels.column("most")]
    rows = [
        [
            panels.keyed([CELLS[cell]], compare.INK[CELLS[cell]]),
            *([_steps(float(v))] for v in (values.min(), np.median(values), values.max())),
        ]
        for cell, values in found.items()
    ]
    named = {CELLS[cell]: np.asarray(values, np.float64) for cell, values in found.items()}
    chart = compare.horizons(named, first=settings.seed, back=BACK, beside=panels.table(heads, rows))
    return figure.payload(
        tokens=[],
        panels=[chart],
        H=0,
        finding=[horizon_finding(found, settings)],
        label="Horizons of fresh networks",
    )


def horizon_finding(found: Mapping[str, Array], settings: CompareSettings) -> str:
    """Both medians and how many seeds agree."""
    rnn, lstm = found["rnn"], found["lstm"]
    further = int(np.sum(lstm > rnn))
    told = [
        f"within {np.median(v):.1f} steps" if np.isfinite(np.median(v)) else f"not within {BACK} steps"
        for v in (rnn, lstm)
    ]
    start = "an orthogonal" if settings.start == "orthogonal" else "a plain"
    return (
        f"In the RNN from {start} start the gradient falls by e {told[0]}, in the LSTM with forget bias "
        f"{settings.bias} {told[1]}; the LSTM’s reaches further with {further} of {len(rnn)} seeds."
    )


def _steps(value: float) -> str:
    return f"{value:.1f}" if np.isfinite(value) else f"> {BACK}"


def reaches() -> dict[str, Any]:
    """The payload of the gaps that each start bridges: runs solved of each, and the longest that most bridge."""
    heads = [panels.column("cell and start", "left"), panels.column("", "left", wide=True)]
    heads += [panels.column("longest"), *(panels.column(f"gap {gap}") for gap in GAPS)]
    heads += [panels.column("at rates", wide=True)]
    rows: list[list[Any]] = []
    for start, of in bench.STARTS.items():
        longest, found = reach(start), [at_gap(start, gap) for gap in GAPS]
        rows.append(
            [
                [f"{CELLS[of.cell]}, {of.title}"],
                drawings.bar((longest or 0) / max(GAPS), hollow=of.cell == "rnn") | {"role": "ink"},
                ["none" if longest is None else str(longest)],
                *([together(str(each.share))] for each in found),
                [", ".join(f"{each.rate:g}" for each in found)],
            ]
        )
    table = compare.one_line(panels.table(heads, rows, place="full"))
    return figure.payload(tokens=[], panels=[table], H=0, label="Longest gap bridged, by start")


def sides(found: Mapping[str, Mapping[str, Candidate]]) -> list[Side]:
    """What the question about the best of both cells is made from."""
    return [Side(name, best["rnn"].share, best["lstm"].share) for name, best in found.items()]


def best_finding(found: Mapping[str, Mapping[str, Candidate]]) -> str:
    """Which start and rate each cell's best had, problem by problem where they differ most."""
    furthest = max(found, key=lambda name: abs(found[name]["lstm"].solved - found[name]["rnn"].solved))
    told = [f"the {best.named()} at a rate of {best.rate:g}" for best in found[furthest].values()]
    task, steps = furthest.split()
    meant = f" (two marked numbers of a sequence of {steps} steps are added)" if task == "adding" else ""
    return f"Furthest apart are the two on {furthest}{meant}: {listed(told)}."


def tasks(found: Sequence[Task]) -> dict[str, Any]:
    """The payload of the accuracy by task."""
    shown = [
        TaskRuns(
            LABELS.get(task.name, task.name),
            f"{known.TASKS[task.name].distance()} {task.gap}",
            task.chance,
            {CELLS[c]: [(o.last, _told(o)) for o in runs] for c, runs in task.outcomes.items()},
            {CELLS[c]: s.middle for c, s in task.spreads.items()},
        )
        for task in found
    ]
    heads = [panels.column("task", "left")]
    for name in CELLS.values():
        heads += [panels.column(f"{name} solved"), panels.column("at rate"), panels.column("right, range", wide=True)]
    rows = [[[_named(task)], *_task_cells(task)] for task in found]
    return figure.payload(
        tokens=[],
        panels=[compare.tasks(shown), compare.one_line(panels.table(heads, rows, place="full"))],
        H=0,
        finding=[tasks_finding(found)],
        label="Accuracy by task",
    )


def _named(task: Task) -> str:
    return f"{LABELS.get(task.name, task.name)} {task.gap}"


def _task_cells(task: Task) -> list[list[str]]:
    cells = []
    for cell, each in task.spreads.items():
        range_ = f"{percent(each.low)} – {percent(each.high)}"
        cells += [[together(str(task.shares[cell]))], [f"{task.rates[cell]:g}"], [together(range_)]]
    return cells


def together(text: str) -> str:
    """A cell's text that stays on one line."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def tasks_finding(found: Sequence[Task]) -> str:
    """Who is ahead where, beyond doubt."""
    ahead = {cell: [_named(task) for task in found if task.better == cell] for cell in (*CELLS, "")}
    parts = [f"the {CELLS[cell]} is ahead on {listed(ahead[cell])}" for cell in CELLS if ahead[cell]]
    if ahead[""]:
        parts.append("no clear difference elsewhere" if parts else "no clear difference on any task")
    return f"Each at its best rate, on ten fresh seeds: {'; '.join(parts)}."


def sentences(found: Mapping[str, Mapping[str, float]]) -> dict[str, Any]:
    """The payload of the trained models' stated accuracy."""
    heads = [panels.column("task", "left"), panels.column("RNN"), panels.column("LSTM"), panels.column("guessing")]
    rows = [
        [
            [known.TASKS[task].title],
            *([percent(shares[cell])] for cell in CELLS),
            [percent(known.TASKS[task].chance)],
        ]
        for task, shares in found.items()
    ]
    table = compare.one_line(panels.table(heads, rows, place="full"))
    return figure.payload(tokens=[], panels=[table], H=0, label="Accuracy of the trained models")


def whole(found: Sequence[Task], plan: Sequence[Experiment], outcomes: Mapping[Experiment, Outcome]) -> dict[str, Any]:
    """The payload of all runs: accuracy by task, and the loss of a short and a long one."""
    parts = [tasks(found), losses(plan, outcomes)]
    return figure.payload(
        tokens=[],
        panels=[panel for part in parts for panel in part["panels"]],
        H=0,
        finding=[f"{tasks_finding(found)} {losses_finding(plan, outcomes)}"],
        label="Runs of both cells",
    )


def losses(plan: Sequence[Experiment], outcomes: Mapping[Experiment, Outcome]) -> dict[str, Any]:
    """The payload of the loss curves, a panel for the short task and one for the long.

    Args:
        plan: All runs asked for.
        outcomes: Those there are, finished or growing.
    """
    parts = []
    for task, gap in (comparison.SHORT, comparison.LONG):
        runs = [e for e in plan if (e.task, e.gap) == (task, gap)]
        there = [outcomes[e] for e in runs if e in outcomes]
        curves = [
            Curve(CELLS[o.experiment.cell], o.experiment.seed, o.at, o.loss, o.done, _told(o)) for o in there if o.loss
        ]
        longest = max((o.at[-1] for o in there if o.at), default=0)
        last = min(runs[0].steps, ROUND * max(2, -(-longest // ROUND)))
        parts.append(
            compare.losses(
                f"Gap {gap}", curves, last=last, floor=FLOORS[task, gap], beside=_loss_table(gap, runs, outcomes)
            )
        )  # fmt: skip
    return figure.payload(tokens=[], panels=parts, H=0, label="Loss curves of a short and a long task")


def _loss_table(gap: int, runs: Sequence[Experiment], outcomes: Mapping[Experiment, Outcome]) -> Panel:
    heads = [
        panels.column(f"gap {gap}", "left"),
        *(panels.column(head) for head in ("solved", "in steps", "last loss")),
    ]
    rows: list[list[Any]] = []
    for cell, name in CELLS.items():
        of = [e for e in runs if e.cell == cell]
        ended = [outcomes[e] for e in of if e in outcomes and outcomes[e].done]
        told = ["?", "?", "?"]
        if ended:
            found = spread(ended)
            steps = "–" if found.steps is None else f"{found.steps:.0f}"
            told = [_solved(found, of), steps, significant(median(o.loss[-1] for o in ended if o.loss), 2)]
        rows.append([panels.keyed([name], compare.LINE[name]), *([text] for text in told)])
    return panels.table(heads, rows)


def losses_finding(plan: Sequence[Experiment], outcomes: Mapping[Experiment, Outcome]) -> str:
    """How many runs of each cell solve each task; of what was not run a "?"."""
    told, whole = [], True
    for task, gap in (comparison.SHORT, comparison.LONG):
        solved = {}
        for cell in CELLS:
            of = [e for e in plan if (e.task, e.gap, e.cell) == (task, gap, cell)]
            ended = [outcomes[e] for e in of if e in outcomes and outcomes[e].done]
            solved[cell] = _solved(spread(ended), of) if ended else "?"
            whole = whole and len(ended) == len(of)
        told.append(f"at a gap of {gap} the RNN {solved['rnn']} and the LSTM {solved['lstm']}")
    return f"Runs solved{'' if whole else ' so far'}: {told[0]}, {told[1]}."


def _solved(found: Spread, of: Sequence[Experiment]) -> str:
    """Runs solved of those that have ended, and how many have not."""
    told, missing = f"{found.solved} of {found.runs}", len(of) - found.runs
    return f"{told}, {missing} not run" if missing else told


def _told(outcome: Outcome) -> str:
    name = f"{CELLS[outcome.experiment.cell]}, seed {outcome.experiment.seed}"
    if not outcome.at:
        return f"{name}: {outcome.problem or 'not begun'}"
    solved = f"solved after {outcome.solved} steps" if outcome.solved else f"{percent(outcome.last)} right"
    return f"{name}: {solved}" if outcome.solved else f"{name}: {solved} after {outcome.at[-1]} steps"
