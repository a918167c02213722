"""What a Dask worker runs: one piece of work, told as it grows, left when nobody waits for it any more.

A worker needs the same `core` as its server, and nothing of Streamlit. It is sent what `core.work.sent` writes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import core
from core.course import Learned
from core.work import LISTS, Work, grown, nothing, progress, understood, written

if TYPE_CHECKING:
    from distributed import Worker

BETWEEN = 0.1
"""Seconds between two messages about one experiment; each has all evaluations since the one before."""
_LOCK = threading.Lock()


def run_there(asked: Mapping[str, Any], key: str, topic: str, version: str) -> dict[str, Any]:
    """Do some work on the worker that calls this.

    While it goes on, events of ``topic`` say how far it is: ``key``, ``since`` (evaluations told before) and
    ``outcome`` (as `core.work.written` has it, the lists of an experiment's from there on).

    Args:
        asked: The work as `core.work.sent` writes it.
        key: The task's name in Dask. Once the scheduler wants it no more, because its job was cancelled or its server
            is gone, the work is left at its next message.
        topic: Dask's name for the events.
        version: The `fingerprint` of who asks.

    Returns:
        All that it came to, as `core.work.written` has it; ``{"error": …}`` if it cannot be done; ``{}`` if it was
        left.
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
    try:
        return _told(understood(asked), worker, key, topic)
    except (ValueError, TypeError, ArithmeticError, MemoryError) as problem:
        return {"error": f"{type(problem).__name__}: {problem}"}


def _told(work: Work, worker: Worker, key: str, topic: str) -> dict[str, Any]:
    """Do it, and tell how far it is; all that it came to, or ``{}``."""
    told, last, whole = 0, -BETWEEN, nothing(work)
    for result in progress(work):
        values = written(result)
        whole = grown(work, whole, values)
        if result.done:
            return written(whole)
        if not wanted(worker, key):
            break
        if isinstance(result, Learned):
            worker.log_event(topic, {"key": key, "since": 0, "outcome": values})
        elif (now := time.monotonic()) - last >= BETWEEN:
            new = values | {name: values[name][told:] for name in LISTS}
            worker.log_event(topic, {"key": key, "since": told, "outcome": new})
            told, last = len(result.at), now
    return {}


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
