"""How each model of the zoo is trained, and the training itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from core import model, tasks
from core.model import Model
from core.optim import Adam
from core.train import train

__all__ = ["GRID", "RECIPES", "TESTED", "Recipe", "accuracy", "fresh", "on_grid", "trained"]

TESTED = 2_000  # sequences for each stated accuracy
GRID = 2.0**-20
"""Weights are multiples of this after every step.

Two processors add up a product in different orders and differ in the last digit; training amplifies such a difference
until the two networks have nothing in common. On the grid it is gone before the next step. Float32 holds such weights
exactly, up to 16.
"""


@dataclass(frozen=True)
class Recipe:
    """All that decides a trained model.

    Attributes:
        task: Name of a task in `core.tasks.TASKS`.
        cell: "rnn" or "lstm".
        H: Hidden size.
        scheme: How the recurrent layer is drawn.
        forget_bias: Bias of the LSTM's forget gates at the start.
        most_gap: Each batch has a gap drawn evenly from the task's smallest, mostly 0, to this.
        steps: Training steps.
        batch: Sequences in each.
        lr: Learning rate of Adam.
        clip: Longest gradient.
        seed: Of the weights, and of the gaps and batches.
        gaps: Where the accuracy is stated; those above ``most_gap`` were never trained.
    """

    task: str
    cell: str
    H: int = 16
    scheme: str = "uniform"
    forget_bias: float = 1.0
    most_gap: int = 20
    steps: int = 4000
    batch: int = 32
    lr: float = 0.003
    clip: float = 1.0
    seed: int = 0
    gaps: tuple[int, ...] = (0, 5, 10, 20, 40)


def _both(task: str, **settings: float | str) -> dict[str, Recipe]:
    return {f"{task}-{cell}": Recipe(task, cell, **settings) for cell in model.KINDS}  # type: ignore[arg-type]


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    _both("language")
    # Shows that it is the start, not the cell alone, that decides what the RNN learns of the same task.
    | {"language-rnn-orthogonal": Recipe("language", "rnn", scheme="orthogonal")}
    | _both("pronoun")
    # At this rate the forget gates act more sharply than at the others'; the RNN solves it at neither.
    | _both("context-switch", lr=0.005)
)


def fresh(recipe: Recipe) -> Model:
    """The model before training."""
    task = tasks.TASKS[recipe.task]
    return model.init(
        recipe.cell,
        task.D,
        recipe.H,
        task.O,
        rng=np.random.default_rng([recipe.seed, model.KINDS.index(recipe.cell)]),
        readout=task.readout,
        loss=task.loss,
        scheme=recipe.scheme,
        forget_bias=recipe.forget_bias,
    )


def trained(recipe: Recipe) -> Model:
    """The model after training. The same recipe gives the same model, on any processor."""
    rng = np.random.default_rng([recipe.seed, 7])
    least, _ = tasks.TASKS[recipe.task].bounds.get(tasks.TASKS[recipe.task].distance() or "", (0, 0))
    learner, last = fresh(recipe), None
    for _ in range(recipe.steps):
        task = tasks.at(recipe.task, int(rng.integers(least, recipe.most_gap + 1)))
        (last,) = train(
            learner,
            task,
            steps=1,
            batch_size=recipe.batch,
            optimiser=Adam(recipe.lr),
            clip=("norm", recipe.clip),
            rng=rng,
            start=last,
        )
        learner = on_grid(last.model)
    return learner


def on_grid(shown: Model) -> Model:
    """The model with every weight at the nearest multiple of `GRID`."""
    return model.with_parameters(
        shown, {name: np.round(array / GRID) * GRID + 0.0 for name, array in model.parameters(shown).items()}
    )


def accuracy(shown: Model, recipe: Recipe, *, seed: int = 1, B: int = TESTED) -> dict[int, float]:
    """How well fresh sequences are answered, by gap, 0 to 1 (`core.task.Task.score`)."""
    found = {}
    for gap in recipe.gaps:
        task = tasks.at(recipe.task, gap)
        batch = task.sample(np.random.default_rng([recipe.seed, 8, seed, gap]), B)
        found[gap] = task.accuracy(model.run(shown, batch.x), batch.y)
    return found
