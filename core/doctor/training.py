"""What steadies a training run that diverged: tried from the same start, on the same batches, before it is offered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from core.doctor.mends import Mend
from core.optim import OPTIMISERS
from core.task import Learnable
from core.train import Clip, Diverged, Trainable, clip, train

__all__ = [
    "BEYOND",
    "MOST",
    "ROSE",
    "WINDOW",
    "rose",
    "steadies",
]

BEYOND = 20
"""Steps that a mended run has to go on after the one at which it broke."""
MOST = 150
"""Most steps that a mend is tried for; learners wait for it."""
WINDOW = 5
ROSE = 2.0
"""Last losses against that before the first update from which a run that goes on diverges; batches differ by less."""


def rose(losses: list[float]) -> float:
    """How many times the loss before the first update the last ones are; 1 where there are too few to say."""
    if len(losses) < 4 * WINDOW or losses[0] <= 0:
        return 1.0
    return float(np.mean(losses[-WINDOW:])) / losses[0]


def steadies(model: Trainable, task: Learnable, at: int, now: Mapping[str, Any]) -> tuple[Mend, ...]:
    """The mends with which training goes on past where it diverged, and its loss does not rise.

    The cause is the size of the updates, so these are the learning rate and the clip; the weights' own start is not.

    Args:
        model: The model it started from.
        task: What it learns.
        at: Step at which it diverged.
        now: Its settings: optimiser, lr, batch, clip, clip_at, seed.
    """
    steps = min(at + BEYOND, MOST)
    found = []
    for mend in _candidates(now):
        if _goes_on(model, task, steps, {**now, **dict(mend)}):
            found.append(mend)
        if len(found) == 2:
            break
    return tuple(found)


def _candidates(now: Mapping[str, Any]) -> Iterator[Mend]:
    for by in (10, 100, 1000):
        yield (("lr", float(f"{now['lr'] / by:.3g}")),)
    if now["clip"] != "norm":
        yield (("clip", "norm"), ("clip_at", 1.0))


def _goes_on(model: Trainable, task: Learnable, steps: int, now: Mapping[str, Any]) -> bool:
    how: Clip | None = clip(now["clip"], now["clip_at"])
    run = train(
        model,
        task,
        steps=steps,
        batch_size=now["batch"],
        optimiser=OPTIMISERS[now["optimiser"]](lr=now["lr"]),
        clip=how,
        rng=np.random.default_rng([now["seed"], 7]),
    )
    losses = []
    try:
        losses += [step.loss for step in run]
    except Diverged:
        return False
    return float(np.mean(losses[-WINDOW:])) <= losses[0]
