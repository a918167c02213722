"""How far back a network can learn from before it has learned anything: the horizons of fresh networks, over seeds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from core import model
from core.experiments.running import start
from core.experiments.settings import Experiment
from core.flow import horizon, norms
from core.params import Array

__all__ = ["CARRIER", "SEQUENCES", "horizons"]

SEQUENCES = 8
CARRIER = {"rnn": "h", "lstm": "c"}
"""What hands a memory on from step to step."""


def horizons(experiment: Experiment, seeds: Iterable[int]) -> Array:
    """The horizon of the networks that an experiment would start from.

    The gradient of the first batch's loss goes back from the last step to the state that carries the memory, h in the
    RNN and c in the LSTM; the horizon is the number of steps in which its norm falls by e, see `core.flow.horizon`.

    Args:
        experiment: Task, cell and start; its own seed is not used.
        seeds: One network for each; the same seed gives both cells the same sequences.

    Returns:
        Steps (n,); infinite where the norm never falls that far.
    """
    found = []
    for seed in seeds:
        one = replace(experiment, seed=seed)
        fresh, task = start(one), one.make_task()
        batch = task.sample(np.random.default_rng([seed, 3]), SEQUENCES)
        trace = model.run(fresh, batch.x.astype(one.dtype), batch.y)
        back = model.backprop(fresh, trace)
        found.append(horizon(norms(back)[CARRIER[one.cell]]))
    return np.array(found)
