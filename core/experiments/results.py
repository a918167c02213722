"""Results that ship with the project: many runs made at once, and kept as a file with one line for each."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.experiments.outcome import Outcome
from core.experiments.running import run
from core.experiments.settings import Experiment

__all__ = ["FOLDER", "make", "read"]

FOLDER = Path(__file__).parent / "stored"


@cache
def read(path: Path) -> Mapping[Experiment, Outcome]:
    """The results in a file, by experiment."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    outcomes = (Outcome.from_dict(row) for row in rows)
    return MappingProxyType({outcome.experiment: outcome for outcome in outcomes})


def make(
    path: Path,
    experiments: Iterable[Experiment],
    *,
    order: Callable[[Experiment], Any],
    without: tuple[str, ...] = (),
    processes: int | None = None,
) -> None:
    """Run experiments and write their outcomes.

    The times are those of this machine. All else repeats on the same kind of processor; another one rounds in another
    order, which training amplifies.

    Args:
        path: Where they are kept.
        experiments: What to run, in this order.
        order: Sorts the lines of the file.
        without: Parts of an outcome that are not kept.
        processes: How many at once; None for one a core.
    """
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        outcomes = sorted(pool.map(run, experiments), key=lambda outcome: order(outcome.experiment))
    rows = ({name: part for name, part in outcome.to_dict().items() if name not in without} for outcome in outcomes)
    lines = ",\n".join(json.dumps(row) for row in rows)
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    read.cache_clear()
