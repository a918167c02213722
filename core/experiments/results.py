"""Results that ship with the project: many runs made at once, and kept as a file with one line for each.

Making them may be interrupted at any time: what has been run waits in a file beside, and the next time goes on there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.experiments.outcome import Outcome
from core.experiments.running import run
from core.experiments.settings import Experiment

__all__ = ["FOLDER", "done", "made", "make", "read", "write"]

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
    path.parent.mkdir(exist_ok=True)
    write(path, made(path, experiments, processes=processes), order=order, without=without)
    done(path)


def made(path: Path, experiments: Iterable[Experiment], *, processes: int | None = None) -> list[Outcome]:
    """The outcomes of some experiments: those that wait beside a file from an interrupted time, the others run now.

    Args:
        path: The file that they will be kept in; what is run waits beside it, each outcome as soon as it is there.
        experiments: What to run, in this order.
        processes: How many at once; None for one a core.
    """
    begun = _begun(path)
    found = {outcome.experiment: outcome for outcome in _waiting(begun)}
    wanted = list(dict.fromkeys(experiments))
    missing = [experiment for experiment in wanted if experiment not in found]
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # small products; several threads in each process are slower
    with begun.open("a", encoding="utf-8") as out, ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        running = [pool.submit(run, experiment) for experiment in missing]
        try:
            for ended in as_completed(running):
                outcome = ended.result()
                found[outcome.experiment] = outcome
                out.write(json.dumps(outcome.to_dict()) + "\n")
                out.flush()
        except BaseException:  # Ctrl-C too: nothing more is begun, and what ran is kept
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [found[experiment] for experiment in wanted]


def write(
    path: Path, outcomes: Iterable[Outcome], *, order: Callable[[Experiment], Any], without: tuple[str, ...] = ()
) -> None:
    """Write outcomes as a file, one line each; see `make`."""
    ordered = sorted(outcomes, key=lambda outcome: order(outcome.experiment))
    rows = ({name: part for name, part in outcome.to_dict().items() if name not in without} for outcome in ordered)
    lines = ",\n".join(json.dumps(row) for row in rows)
    path.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    read.cache_clear()


def done(path: Path) -> None:
    """Forget what waits beside a file, once it is in it."""
    _begun(path).unlink(missing_ok=True)


def _begun(path: Path) -> Path:
    return path.with_suffix(".begun")


def _waiting(begun: Path) -> Iterator[Outcome]:
    """What an interrupted time has left; a line that was cut off in the middle is run again."""
    lines = begun.read_text(encoding="utf-8").splitlines() if begun.exists() else []
    for line in lines:
        try:
            values = json.loads(line)
        except json.JSONDecodeError:
            continue
        yield Outcome.from_dict(values)
