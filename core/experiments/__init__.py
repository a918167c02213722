"""Experiments that train many small networks: can a dependency across a gap be learned, by which cell, from where?

An `Experiment` says all that decides one training run; it can be compared, hashed and sent to another process. `run`
is a pure function of it, up to the time it took. `progress` gives the same result as it grows.

    plan = grid(Experiment(task="recall", H=24), cell=("rnn", "lstm"), gap=(10, 20, 50), seed=range(5))
    outcomes = [run(experiment) for experiment in plan]
    spreads(outcomes, by=("cell", "gap"))

`python -m core.experiments` is the same over pipes, see `core.experiments.worker`.
"""

from core.experiments.outcome import Outcome, Spread, spread, spreads
from core.experiments.running import progress, run
from core.experiments.settings import Experiment, grid

__all__ = ["Experiment", "Outcome", "Spread", "grid", "progress", "run", "spread", "spreads"]
