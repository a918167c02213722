"""The experiment of the lesson on long-term dependencies: recall across growing gaps, by cell and by where it starts.

Its results ship with the project in ``stored/gaps.json``; ``python -m core.zoo`` makes them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from core.experiments import results
from core.experiments.outcome import Outcome
from core.experiments.settings import Experiment, grid

__all__ = ["FAR", "GAPS", "LSTM_STARTS", "RNN_STARTS", "SEEDS", "STORED", "everything", "make", "plan", "stored"]

STORED = results.FOLDER / "gaps.json"
GAPS = (5, 10, 20, 35, 50)
FAR = 100
"""A further gap, in the stored results only: its runs take as long as all the others together."""
SEEDS = tuple(range(5))
RNN_STARTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {name: MappingProxyType({"scheme": name}) for name in ("uniform", "orthogonal", "identity")}
)
LSTM_STARTS: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {f"bias{bias}": MappingProxyType({"forget_bias": float(bias)}) for bias in (0, 1, 3, 5)}
    | {"chrono": MappingProxyType({"chrono": True})}
)


def plan(rnn: str, lstm: str, gaps: Iterable[int] = GAPS) -> tuple[Experiment, ...]:
    """Every run of the figure for one start of each cell: both cells, all gaps, five seeds.

    Args:
        rnn: One of `RNN_STARTS`.
        lstm: One of `LSTM_STARTS`.
        gaps: Distractors between key and question.
    """
    bases = (Experiment(cell="rnn", **RNN_STARTS[rnn]), Experiment(cell="lstm", **LSTM_STARTS[lstm]))
    gaps = tuple(gaps)
    found = [experiment for base in bases for experiment in grid(base, gap=gaps, seed=SEEDS)]
    return tuple(sorted(found, key=lambda e: (e.seed, e.gap)))


def everything() -> tuple[Experiment, ...]:
    """Every run of every start, once; the longest first, so that several processes end together."""
    gaps = (*GAPS, FAR)
    found = [e for name in RNN_STARTS for e in plan(name, "bias1", gaps) if e.cell == "rnn"]
    found += [e for name in LSTM_STARTS for e in plan("uniform", name, gaps) if e.cell == "lstm"]
    return tuple(sorted(found, key=lambda e: -e.gap))


def stored() -> Mapping[Experiment, Outcome]:
    """The results that ship with the project, by experiment."""
    return results.read(STORED)


def make() -> None:
    """Run everything and store it, see `core.experiments.results`; no page shows the losses."""
    results.make(STORED, everything(), order=lambda e: (e.cell, e.gap, e.seed), without=("loss",))
