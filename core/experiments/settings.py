"""What decides one training run, checked at once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from core import tasks
from core.activations import ACTIVATIONS
from core.errors import InputError
from core.model import KINDS
from core.optim import OPTIMISERS, Optimiser
from core.params import SCHEMES
from core.task import Task
from core.train import Clip, clip

__all__ = ["DTYPES", "MOST", "Experiment", "grid"]

DTYPES = ("float32", "float64")
MOST = {"H": 256, "steps": 20_000, "batch": 1_024, "every": 1_000, "seed": 2**31}


@dataclass(frozen=True)
class Experiment:
    """One training run: a task across a gap, a cell, where it starts and how it is trained.

    Attributes:
        task: Name of a task in `core.tasks.TASKS`.
        gap: Its gap or length, in steps; without meaning for a task without settings.
        cell: "rnn" or "lstm".
        H: Hidden size.
        scheme: How W_h is drawn, see `core.params.recurrent_weights`.
        gain: Factor on W_h.
        activation: φ of the RNN, "tanh" or "relu"; the LSTM has its own.
        forget_bias: Bias of the LSTM's forget gates; without meaning for the RNN.
        chrono: Chrono initialisation over the task's T steps in place of ``forget_bias``, see `core.chrono`.
        seed: Decides weights, batches and nothing else. Runs that differ in the cell alone see the same batches.
        steps: Most training steps.
        batch: Sequences in each.
        optimiser: "adam", "sgd" or "momentum".
        lr: Learning rate.
        clip: Longest gradient; 0 for no clipping.
        every: Training steps between two evaluations on fresh sequences.
        solved_at: Accuracy that counts as solved (`core.task.Task.score`); the run ends there.
        dtype: Float type of weights and training.
    """

    task: str = "recall"
    gap: int = 20
    cell: str = "rnn"
    H: int = 24
    scheme: str = "uniform"
    gain: float = 1.0
    activation: str = "tanh"
    forget_bias: float = 1.0
    chrono: bool = False
    seed: int = 0
    steps: int = 1200
    batch: int = 32
    optimiser: str = "adam"
    lr: float = 0.01
    clip: float = 1.0
    every: int = 20
    solved_at: float = 0.99
    dtype: str = "float32"

    def __post_init__(self) -> None:
        problems = []
        choices = {"task": tuple(tasks.TASKS), "cell": KINDS, "scheme": SCHEMES, "activation": tuple(ACTIVATIONS)}
        for name, known in (choices | {"optimiser": tuple(OPTIMISERS), "dtype": DTYPES}).items():
            if (value := getattr(self, name)) not in known:
                problems.append(f"{name}: {value!r} is not known. Choose one of {', '.join(known)}.")
        for name, most in MOST.items():
            value, least = getattr(self, name), 0 if name == "seed" else 1
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
                problems.append(f"{name}: expected a whole number from {least} to {most:,}, got {value!r}.")
        for name, low, high in (("lr", 0, 100), ("clip", 0, 1e9), ("gain", -100, 100), ("forget_bias", -100, 100)):
            if not (math.isfinite(value := getattr(self, name)) and low <= value <= high):
                problems.append(f"{name}: expected a number from {low:g} to {high:g}, got {value!r}.")
        if not 0 < self.solved_at <= 1:
            problems.append(f"solved_at: expected a share above 0 and at most 1, got {self.solved_at!r}.")
        if problems:
            raise InputError(problems)
        made = self.make_task()  # a gap out of the task's bounds shows here rather than in another process
        if self.chrono and made.T < 3:
            raise InputError(f"chrono: needs a sequence of at least 3 steps, got {made.T}. Choose a larger gap.")

    def make_task(self) -> Task:
        """The task at its gap.

        Raises:
            InputError: A gap out of the task's bounds.
        """
        return tasks.at(self.task, self.gap)

    def make_optimiser(self) -> Optimiser:
        """The optimiser with its learning rate."""
        return OPTIMISERS[self.optimiser](lr=self.lr)

    def make_clip(self) -> Clip | None:
        """The bound on the gradient's norm, or None."""
        return clip("norm" if self.clip else "none", self.clip)


def grid(base: Experiment, **axes: Iterable[Any]) -> tuple[Experiment, ...]:
    """Every combination of some settings, the rest as in ``base``.

    The runs with the shortest sequences come first, and among them one of each kind before the second seed of any: who
    watches the results come in sees the whole figure early.

    Args:
        base: The settings that stay.
        axes: Values of each setting that changes, such as ``gap=(10, 20)``.

    Raises:
        InputError: A combination that cannot be run.
    """
    names = list(axes)
    values: Sequence[Sequence[Any]] = [tuple(axis) for axis in axes.values()]
    found = [replace(base, **dict(zip(names, combination, strict=True))) for combination in product(*values)]
    return tuple(sorted(found, key=lambda e: (e.seed, e.gap)))
