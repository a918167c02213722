"""The experiments of the comparison of the two cells: several tasks, both cells, their starts, one size or one budget.

The results ship with the project in ``stored/comparison.json``; ``python -m core.zoo comparison`` makes them again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from types import MappingProxyType

from core import tasks
from core.experiments.outcome import Outcome
from core.experiments.running import run
from core.experiments.settings import Experiment
from core.sizes import matched

STORED = Path(__file__).parent / "stored" / "comparison.json"
H = 24
SEEDS = tuple(range(5))
SHORT, LONG = ("recall", 5), ("recall", 50)
OFTEN = 2
"""Training steps between two evaluations of the short task, which is solved within a few dozen."""
TASKS: tuple[tuple[str, int], ...] = (SHORT, LONG, ("delayed-xor", 2), ("parity", 8), ("adding", 12))
"""Name and gap or length."""
RNN_STARTS = ("uniform", "orthogonal")
LSTM_BIASES = (1.0, 3.0, 5.0)


def rnn(task: str, gap: int, *, start: str, same_size: bool) -> tuple[Experiment, ...]:
    """The runs of an RNN on one task, one a seed.

    Args:
        task: Name of the task.
        gap: Its gap or length.
        start: One of `RNN_STARTS`.
        same_size: Whether it has as many parameters as the LSTM, read-out included, instead of as many units.
    """
    of = tasks.TASKS[task]
    units = matched(of.D, H, of.O) if same_size else H
    return _seeds(Experiment(task=task, gap=gap, cell="rnn", H=units, scheme=start))


def lstm(task: str, gap: int, *, bias: float) -> tuple[Experiment, ...]:
    """The runs of an LSTM on one task, one a seed.

    Args:
        task: Name of the task.
        gap: Its gap or length.
        bias: Of the forget gates, one of `LSTM_BIASES`.
    """
    return _seeds(Experiment(task=task, gap=gap, cell="lstm", H=H, forget_bias=bias))


def _seeds(base: Experiment) -> tuple[Experiment, ...]:
    every = OFTEN if (base.task, base.gap) == SHORT else base.every
    return tuple(replace(base, seed=seed, every=every) for seed in SEEDS)


def plan(
    *, start: str, same_size: bool, bias: float, of: Iterable[tuple[str, int]] = (SHORT, LONG)
) -> tuple[Experiment, ...]:
    """Both cells on some tasks, the first seeds first."""
    found = [e for task, gap in of for e in rnn(task, gap, start=start, same_size=same_size)]
    found += [e for task, gap in of for e in lstm(task, gap, bias=bias)]
    return tuple(sorted(found, key=lambda e: (e.seed, e.gap)))


def everything() -> tuple[Experiment, ...]:
    """Every run that is stored, once; the longest first, so that several processes end together."""
    found = [
        e for task in TASKS for s in RNN_STARTS for same in (False, True) for e in rnn(*task, start=s, same_size=same)
    ]
    found += [e for task in TASKS for bias in LSTM_BIASES for e in lstm(*task, bias=bias)]
    return tuple(sorted(found, key=lambda e: (-e.gap, e.cell)))


@cache
def stored() -> Mapping[Experiment, Outcome]:
    """The results that ship with the project, by experiment."""
    rows = json.loads(STORED.read_text(encoding="utf-8"))
    outcomes = (Outcome.from_dict(row) for row in rows)
    return MappingProxyType({outcome.experiment: outcome for outcome in outcomes})


def make(processes: int | None = None) -> None:
    """Run everything and store it, one line a run. The times are those of this machine, all else is the same on any.

    Args:
        processes: How many at once; None for one a core.
    """
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        outcomes = list(pool.map(run, everything()))
    order = {task: k for k, (task, _) in enumerate(TASKS)}
    outcomes.sort(key=lambda o: (order[o.experiment.task], o.experiment.gap, o.experiment.cell, o.experiment.seed))
    lines = ",\n".join(json.dumps(outcome.to_dict()) for outcome in outcomes)
    STORED.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
