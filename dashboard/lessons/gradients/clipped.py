"""One step in many networks drawn like the lab's: how often it lowers the loss, by its length and direction.

The lab shows one network and one limit. What holds beyond them is counted here: the "Exploding" preset from many seeds,
one step of each of several lengths, along the gradient (as without clipping and by norm) and along the gradient
clipped by value. Clipped by norm a step is as long as learning rate times limit, so lengths stand for both.

``python -m dashboard.lessons.gradients.clipped`` counts again and stores the result; a test counts as well.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from core import clipping, model
from dashboard.lessons.gradients.compute import flow_run
from dashboard.lessons.gradients.settings import FlowSettings

STORED = Path(__file__).parent / "clipped.json"
SEEDS = range(1, 21)
LENGTHS = (1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
START = FlowSettings(preset="exploding")


@dataclass(frozen=True)
class Counts:
    """In how many networks one step lowered the loss.

    Attributes:
        networks: Networks in all, one a seed.
        T: Steps of their sequences.
        H: Their units.
        limit: Size to which entries are clipped by value.
        lengths: Lengths of a step.
        norm: For each length, networks whose loss fell along the gradient.
        value: Likewise along the gradient clipped by value.
    """

    networks: int
    T: int
    H: int
    limit: float
    lengths: tuple[float, ...]
    norm: tuple[int, ...]
    value: tuple[int, ...]


def count(seeds: Sequence[int] = SEEDS, lengths: Sequence[float] = LENGTHS) -> Counts:
    """Take the steps."""
    lower = {"none": np.zeros(len(lengths), int), "value": np.zeros(len(lengths), int)}
    for seed in seeds:
        run = flow_run(FlowSettings(preset=START.preset, seed=seed))
        network, x, y = run.flows["tanh"].model, run.sequence.x, run.sequence.y
        trace = model.run(network, x, y)
        grads = model.backprop(network, trace).grads
        none, value, _ = clipping.steps(network, x, y, grads, lr=1.0, limit=START.limit, max_norm=START.max_norm)
        for step in (none, value):
            direction = {name: g / step.length for name, g in step.grads.items()}
            losses = clipping.losses_along(network, x, y, direction, lengths)
            lower[step.way] += np.asarray(losses) < float(trace.loss or 0.0)
    return Counts(
        len(seeds), START.T, START.H, START.limit, tuple(lengths), tuple(lower["none"].tolist()),
        tuple(lower["value"].tolist()),
    )  # fmt: skip


@lru_cache(maxsize=1)
def stored() -> Counts:
    """What was counted beforehand."""
    found = json.loads(STORED.read_text(encoding="utf-8"))
    lists: dict[str, Any] = {name: tuple(found.pop(name)) for name in ("lengths", "norm", "value")}
    return Counts(**found, **lists)


if __name__ == "__main__":
    STORED.write_text(json.dumps(asdict(count()), indent=1) + "\n", encoding="utf-8")
