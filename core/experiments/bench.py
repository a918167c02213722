"""The fair bench: both cells from every start, at several learning rates, on several tasks, with ten seeds each.

A comparison is fair when each side had its best chance and was then tried again. So every start runs at every learning
rate; the rate of most solved runs is picked; and the picked settings run once more on seeds that had no part in it.

A run is **solved** when 99 % of 256 fresh sequences are answered right, within 1,200 training steps of 32 sequences
each, looked at every 20 steps. Adam; gradients clipped at norm 1; 24 units, or for the RNN as many as give it the
parameters of an LSTM of 24.

The results ship with the project in ``stored/bench.json``; ``python -m core.zoo bench`` makes them again, on all cores,
and goes on where it was interrupted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from types import MappingProxyType
from typing import Any, Literal

from core import tasks
from core.experiments import results
from core.experiments.interval import Share
from core.experiments.outcome import Outcome
from core.experiments.settings import Experiment
from core.sizes import matched

__all__ = [
    "CLIPPED",
    "FRESH",
    "PICKING",
    "PROBLEMS",
    "RATES",
    "SIZES",
    "STARTS",
    "STORED",
    "Cell",
    "H",
    "Outcomes",
    "Problem",
    "Setting",
    "Size",
    "Start",
    "best",
    "first_runs",
    "make",
    "pick",
    "second_runs",
    "stored",
]

STORED = results.FOLDER / "bench.json"
H = 24
RATES = (0.001, 0.003, 0.01, 0.03)
"""Learning rates of Adam, in half decades."""
PICKING = tuple(range(10))
"""Seeds on which a setting is picked."""
FRESH = tuple(range(10, 20))
"""Seeds on which the picked ones are tried again."""

Cell = Literal["rnn", "lstm"]
Size = Literal["units", "parameters"]
SIZES: tuple[Size, ...] = ("units", "parameters")
"""What both cells have the same number of."""
Outcomes = Mapping[Experiment, Outcome]


@dataclass(frozen=True)
class Problem:
    """A task at a distance.

    Attributes:
        task: Name of a task in `core.tasks.TASKS`.
        gap: Its gap or length.
    """

    task: str
    gap: int


@dataclass(frozen=True)
class Start:
    """A cell and where its weights begin.

    Attributes:
        cell: "rnn" or "lstm".
        title: What it is called in tables, without the cell.
        settings: Of the experiment.
    """

    cell: Cell
    title: str
    settings: Mapping[str, Any]


STARTS: Mapping[str, Start] = MappingProxyType(
    {
        "plain": Start("rnn", "plain", {}),
        "orthogonal": Start("rnn", "orthogonal", {"scheme": "orthogonal"}),
        "identity-relu": Start("rnn", "identity, ReLU", {"scheme": "identity", "activation": "relu"}),
        "identity-tanh": Start("rnn", "identity, tanh", {"scheme": "identity"}),
    }
    | {f"bias{bias}": Start("lstm", f"forget bias {bias}", {"forget_bias": float(bias)}) for bias in (0, 1, 3, 5)}
    | {"chrono": Start("lstm", "chrono", {"chrono": True})}
)
"""Plain is ±1/√H, as PyTorch draws. Identity with ReLU is that of Le, Jaitly & Hinton (2015), but for W_x: orthogonal
and identity starts draw it by Xavier's rule and begin with b = 0, plain ones and the LSTMs draw both from ±1/√H. Chrono
is that of Tallec & Ollivier (2018)."""

PROBLEMS = (
    Problem("recall", 20),
    Problem("recall", 50),
    Problem("recall", 100),
    Problem("adding", 20),
    Problem("context-switch", 20),
    Problem("language", 35),
    Problem("delayed-xor", 2),
    Problem("parity", 8),
)
CLIPPED = Problem("recall", 50)
"""Where every start's best is also run without clipping."""


@dataclass(frozen=True)
class Setting:
    """All of a run but its seed.

    Attributes:
        problem: What is learned.
        start: A name in `STARTS`.
        lr: Learning rate.
        size: Whether an RNN has as many units or as many parameters as the LSTM.
        clip: Longest gradient; 0 for no clipping.
    """

    problem: Problem
    start: str
    lr: float
    size: Size = "units"
    clip: float = 1.0

    @property
    def cell(self) -> Cell:
        """Its cell."""
        return STARTS[self.start].cell

    @property
    def units(self) -> int:
        """Hidden size H."""
        if self.size == "units" or self.cell == "lstm":
            return H
        task = tasks.TASKS[self.problem.task]
        return matched(task.D, H, task.O)

    def run(self, seed: int) -> Experiment:
        """The run with one seed."""
        return Experiment(
            task=self.problem.task,
            gap=self.problem.gap,
            cell=self.cell,
            H=self.units,
            seed=seed,
            lr=self.lr,
            clip=self.clip,
            **STARTS[self.start].settings,
        )

    def outcomes(self, of: Outcomes, seeds: Iterable[int] = PICKING) -> tuple[Outcome, ...]:
        """What its runs came to, as far as they are among some outcomes."""
        runs = map(self.run, seeds)
        return tuple(of[run] for run in runs if run in of)

    def solved(self, of: Outcomes, seeds: Iterable[int] = PICKING) -> Share:
        """How many of its runs were solved."""
        found = self.outcomes(of, seeds)
        return Share(sum(outcome.solved is not None for outcome in found), len(found))


def pick(settings: Iterable[Setting], of: Outcomes, seeds: Sequence[int] = PICKING) -> Setting:
    """The best of some settings: most runs solved, then fewest steps to solve, then nearest to it at the end.

    The step numbers are medians over the solved runs, the last measure the mean accuracy at the end. What is still
    equal goes to the one that stands first.

    Raises:
        ValueError: No settings.
    """
    return max(settings, key=lambda setting: _merit(setting, of, seeds))


def _merit(setting: Setting, of: Outcomes, seeds: Sequence[int]) -> tuple[float, float, float]:
    found = setting.outcomes(of, seeds)
    solved = [outcome.solved for outcome in found if outcome.solved is not None]
    ends = sum(outcome.last for outcome in found) / len(found) if found else 0.0
    return len(solved), -median(solved) if solved else 0.0, ends


def best(
    problem: Problem, start: str, of: Outcomes, *, size: Size = "units", rates: Sequence[float] = RATES
) -> Setting:
    """A start at the learning rate that was best for it on the picking seeds."""
    return pick([Setting(problem, start, lr, size) for lr in rates], of)


def first_runs() -> tuple[Experiment, ...]:
    """Every start at every learning rate, on the seeds to pick from; the shortest sequences first."""
    settings = [
        Setting(problem, start, lr, size)
        for problem in PROBLEMS
        for size in SIZES
        for start, of in STARTS.items()
        if size == "units" or of.cell == "rnn"
        for lr in RATES
    ]
    runs = [setting.run(seed) for setting in settings for seed in PICKING]
    return tuple(sorted(runs, key=lambda run: run.make_task().T))


def second_runs(of: Outcomes) -> tuple[Experiment, ...]:
    """Every start at its best learning rate, on fresh seeds; on one problem without clipping too."""
    picked = [
        best(problem, start, of, size=size)
        for problem in PROBLEMS
        for size in SIZES
        for start, known in STARTS.items()
        if size == "units" or known.cell == "rnn"
    ]
    picked += [replace(best(CLIPPED, start, of), clip=0.0) for start in STARTS]
    return tuple(setting.run(seed) for setting in picked for seed in FRESH)


def stored() -> Outcomes:
    """The results that ship with the project, by experiment; of each run the last evaluation alone."""
    return results.read(STORED)


def make(processes: int | None = None) -> None:
    """Run everything and store it, see `core.experiments.results`."""
    first = {outcome.experiment: outcome for outcome in results.made(STORED, first_runs(), processes=processes)}
    second = results.made(STORED, second_runs(first), processes=processes)
    outcomes = [_end(outcome) for outcome in (*first.values(), *second)]
    results.write(STORED, outcomes, order=_order, without=("loss",))
    results.done(STORED)


def _end(outcome: Outcome) -> Outcome:
    return replace(outcome, at=outcome.at[-1:], accuracy=outcome.accuracy[-1:], loss=())


_order: Callable[[Experiment], Any] = lambda e: (e.task, e.gap, e.cell, e.H, e.clip, e.lr, e.seed)  # noqa: E731
