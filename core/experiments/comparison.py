"""How both cells learn a short and a long task, step by step: from several starts, of one size or one budget.

The results ship with the project in ``stored/comparison.json``; ``python -m core.zoo comparison`` makes them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from core import tasks
from core.experiments import results
from core.experiments.outcome import Outcome
from core.experiments.settings import Experiment
from core.sizes import matched

__all__ = [
    "LSTM_BIASES",
    "OFTEN",
    "RNN_STARTS",
    "SEEDS",
    "STORED",
    "TASKS",
    "H",
    "everything",
    "lstm",
    "make",
    "plan",
    "rnn",
    "stored",
    "task_of",
]

STORED = results.FOLDER / "comparison.json"
H = 24
SEEDS = tuple(range(5))
SHORT, LONG = ("recall", 5), ("recall", 50)
OFTEN = 2
"""Training steps between two evaluations of the short task, which is solved within a few dozen."""
TASKS: tuple[tuple[str, int], ...] = (SHORT, LONG)
"""Name and gap."""
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


def task_of(experiment: Experiment) -> tuple[str, int]:
    """The task of a run, as in `TASKS`."""
    return experiment.task, experiment.gap


def plan(*, start: str, same_size: bool, bias: float) -> tuple[Experiment, ...]:
    """Both cells on both tasks, the first seeds first."""
    found = [e for task in TASKS for e in rnn(*task, start=start, same_size=same_size)]
    found += [e for task in TASKS for e in lstm(*task, bias=bias)]
    return tuple(sorted(found, key=lambda e: (e.seed, e.gap)))


def everything() -> tuple[Experiment, ...]:
    """Every run that is stored, once; the longest first, so that several processes end together."""
    found = [
        e for task in TASKS for s in RNN_STARTS for same in (False, True) for e in rnn(*task, start=s, same_size=same)
    ]
    found += [e for task in TASKS for bias in LSTM_BIASES for e in lstm(*task, bias=bias)]
    return tuple(sorted(found, key=lambda e: (-e.gap, e.cell)))


def stored() -> Mapping[Experiment, Outcome]:
    """The results that ship with the project, by experiment."""
    return results.read(STORED)


def make() -> None:
    """Run everything and store it, see `core.experiments.results`."""
    results.make(STORED, everything(), order=lambda e: (e.gap, e.cell, e.seed))
