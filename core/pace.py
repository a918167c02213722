"""Time of one training step: forward pass, backward pass, clipping and update, of both cells in turns.

What is timed is `core.train` itself, on batches of the recall task. A step is a few hundred small array operations, so
the time is that of this code on one machine, not a property of the cells; their ratio depends on size and batch too.
The time is the processor's where its clock is fine enough: other work on the machine then hardly counts. With several
BLAS threads it would miss the work of the others, so limit them to one.
"""

from __future__ import annotations

import json
import os
import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from itertools import product
from pathlib import Path
from types import MappingProxyType

import numpy as np

from core import model
from core.optim import Adam
from core.tasks import Recall
from core.train import train

__all__ = [
    "BATCHES",
    "FINE",
    "MOST_SECONDS",
    "REFERENCES",
    "ROUNDS",
    "STORED",
    "WARM",
    "Pace",
    "Reference",
    "T",
    "here",
    "make",
    "measure",
    "stored",
]

STORED = Path(__file__).parent / "experiments" / "stored" / "pace.json"
ROUNDS = 60
WARM = 3  # steps before the first that counts
BATCHES = (1, 32)
REFERENCES = ((8, 8), (24, 24), (52, 24), (64, 64))
"""Units of the RNN and of the LSTM; 52 and 24 have as many parameters as each other."""
T = 20
MOST_SECONDS = 3.0
FINE = 1e-6  # seconds


@dataclass(frozen=True)
class Pace:
    """Seconds a training step takes.

    Attributes:
        units: By cell, its hidden size.
        B: Sequences in a batch.
        T: Steps of a sequence.
        rounds: Training steps timed of each cell.
        low: By cell, the lower quartile.
        middle: By cell, the median.
        high: By cell, the upper quartile.
    """

    units: Mapping[str, int]
    B: int
    T: int
    rounds: int
    low: Mapping[str, float]
    middle: Mapping[str, float]
    high: Mapping[str, float]

    @property
    def ratio(self) -> float:
        """How many times as long the LSTM's step takes, in the median."""
        return self.middle["lstm"] / self.middle["rnn"]


def measure(
    units: Mapping[str, int],
    B: int,
    *,
    T: int = T,
    rounds: int = ROUNDS,
    seconds: float = MOST_SECONDS,
    clock: Callable[[], float] | None = None,
) -> Pace:
    """Time training steps of both cells in turns, so that a busy machine slows both.

    Args:
        units: Hidden size of each cell.
        B: Sequences in a batch.
        T: Steps of a sequence, at least 2.
        rounds: Training steps of each cell.
        seconds: Time after which no further round begins; one round there is always.
        clock: Seconds since some moment; None for the processor's time of this thread where that is fine enough.

    Raises:
        ValueError: A size below 1.
    """
    clock = clock or (time.thread_time if time.get_clock_info("thread_time").resolution < FINE else time.perf_counter)
    task = Recall(gap=T - 1)
    runs = {}
    for kind in model.KINDS:
        start = model.init(kind, task.D, units[kind], task.O, rng=np.random.default_rng(0), loss=task.loss)
        rng = np.random.default_rng(1)
        runs[kind] = train(
            start, task, steps=WARM + rounds, batch_size=B, optimiser=Adam(0.01), clip=("norm", 1.0), rng=rng
        )
    taken: dict[str, list[float]] = {kind: [] for kind in runs}
    end = time.perf_counter() + seconds
    for k in range(-WARM, rounds):
        for kind, run in runs.items():
            began = clock()
            next(run)
            if k >= 0:
                taken[kind].append(clock() - began)
        if k >= 0 and time.perf_counter() > end:
            break
    low, middle, high = (
        {kind: float(np.quantile(times, q)) for kind, times in taken.items()} for q in (0.25, 0.5, 0.75)
    )
    return Pace(dict(units), B, T, len(taken["rnn"]), low, middle, high)


@dataclass(frozen=True)
class Reference:
    """Times that ship with the project.

    Attributes:
        machine: Where they were measured, in words.
        paces: By the RNN's units, the LSTM's units and the batch.
    """

    machine: str
    paces: Mapping[tuple[int, int, int], Pace]


def here() -> str:
    """This machine in words: processor family, number of cores, versions; nothing that names it."""
    cores = os.cpu_count() or 1
    return (
        f"{platform.machine()}, {cores} core{'s' * (cores != 1)}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, one thread"
    )


@cache
def stored() -> Reference:
    """The times that ship with the project."""
    found = json.loads(STORED.read_text(encoding="utf-8"))
    paces = (Pace(**row) for row in found["paces"])
    return Reference(
        found["machine"], MappingProxyType({(pace.units["rnn"], pace.units["lstm"], pace.B): pace for pace in paces})
    )


def make() -> None:
    """Measure on this machine, and store it."""
    rows = []
    for units, B in product(REFERENCES, BATCHES):
        row = asdict(measure(dict(zip(model.KINDS, units, strict=True)), B, rounds=5 * ROUNDS, seconds=20.0))
        for part in ("low", "middle", "high"):
            row[part] = {kind: float(f"{seconds:.4g}") for kind, seconds in row[part].items()}
        rows.append(row)
    lines = ",\n".join(json.dumps(row) for row in rows)
    STORED.write_text(f'{{"machine": {json.dumps(here())},\n"paces": [\n{lines}\n]}}\n', encoding="utf-8")
