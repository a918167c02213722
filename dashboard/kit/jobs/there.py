"""What a Dask worker runs: one experiment, told as it grows, left when nobody waits for it any more.

A worker needs the same `core` as its server, and nothing of Streamlit. What it is sent are an experiment's settings.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import core
from core.experiments import Experiment, Outcome, progress

if TYPE_CHECKING:
    from distributed import Worker

BETWEEN = 0.1
"""Seconds between two messages about one experiment; each has all evaluations since the one before."""
LISTS = ("at", "accuracy", "loss")
_LOCK = threading.Lock()


def run_there(settings: Mapping[str, Any], key: str, topic: str, version: str) -> dict[str, Any]:
    """Run an experiment on the worker that calls this.

    While it runs, events of ``topic`` say how far it is: ``key``, ``since`` (evaluations told before) and ``outcome``
    (as `Outcome.to_dict` has it, its lists from there on).

    Args:
        settings: Those of the `Experiment`.
        key: The task's name in Dask. Once the scheduler wants it no more, because its job was cancelled or its server
            is gone, the experiment is left at its next evaluation.
        topic: Dask's name for the events.
        version: The `fingerprint` of who asks.

    Returns:
        The last outcome as `Outcome.to_dict` has it; ``{"error": …}`` if it cannot be run; ``{}`` if it was left.
    """
    from distributed import get_worker  # where this runs it is loaded, and a server can do without

    worker = get_worker()
    if version != fingerprint():
        return {
            "error": "The workers have another version of Unrolled or NumPy than this server. "
            "Whoever keeps it must start them anew from the same version."
        }
    with _LOCK:
        keep_to_one_thread()
    told, last = 0, -BETWEEN
    try:
        for outcome in progress(Experiment(**settings)):
            values = outcome.to_dict()
            if outcome.done:
                return values
            if not wanted(worker, key):
                break
            if (now := time.monotonic()) - last >= BETWEEN:
                new = values | {name: values[name][told:] for name in LISTS}
                worker.log_event(topic, {"key": key, "since": told, "outcome": new})
                told, last = len(outcome.at), now
    except (ValueError, TypeError, ArithmeticError, MemoryError) as problem:
        return {"error": f"{type(problem).__name__}: {problem}"}
    return {}


def grown(had: Outcome, since: int, told: Mapping[str, Any]) -> Outcome:
    """What is known of an experiment after one message about it: never less than before.

    A worker that begins it anew tells the same evaluations again. The message adds those not known yet; one that would
    leave some out adds none, and they come with the last outcome.

    Args:
        had: What was known.
        since: How many evaluations come before those of the message.
        told: The message's ``outcome``, see `run_there`.
    """
    new = Outcome.from_dict(told)
    if not since <= len(had.at) < since + len(new.at):
        return had
    lists: dict[str, Any] = {name: (*getattr(had, name)[:since], *getattr(new, name)) for name in LISTS}
    return replace(new, **lists)


def wanted(worker: Worker, key: str) -> bool:
    """Whether the scheduler still waits for a task that this worker runs.

    Dask lets a task that runs go on when its future is cancelled, and marks it in the worker's state.
    """
    task = worker.state.tasks.get(key)
    serves = worker.status.name in ("running", "paused", "closing_gracefully")
    return serves and task is not None and task.state in ("executing", "long-running")


@cache
def fingerprint() -> str:
    """What decides an experiment's numbers beside its settings: the sources of `core`, and NumPy."""
    found = sha256(np.__version__.encode())
    folder = Path(core.__file__).parent
    for path in sorted(folder.rglob("*.py")):
        found.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


@cache
def keep_to_one_thread() -> None:
    """Keep the linear algebra of this process to one thread, as it is in a server's own processes.

    Dask starts a worker's process with ``OMP_NUM_THREADS=1``, except without its nanny. Then NumPy has been loaded, and
    the loaded libraries have to be walked, which can lock up with another thread that loads one at that moment.
    """
    began_with = Path("/proc/self/environ")
    if began_with.exists() and b"OMP_NUM_THREADS=1" in began_with.read_bytes().split(b"\0"):
        return
    from threadpoolctl import threadpool_limits  # likewise

    threadpool_limits(1)
