"""Experiments over pipes: one process that runs what it is told, for whoever started it.

Each line in is a JSON object: ``{"run": {settings}}`` runs an experiment, ``{"stop": true}`` ends the one at work. Each
line out is an outcome as it grows; ``{"ended": true}`` follows the last of an experiment, or
``{"ended": true, "error": "…"}``. When nobody is left at the other end the process ends, in the middle of a run too, so
none outlives its server however that came to its end.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, TextIO

from core.experiments.running import progress
from core.experiments.settings import Experiment

__all__ = ["NICE", "main", "serve"]

NICE = 5


def main() -> None:
    """Serve standard input and output until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends Ctrl-C to all; the end of the input is what counts
    with suppress(AttributeError, OSError):
        os.nice(NICE)  # pages go first
    asked: queue.SimpleQueue[Mapping[str, Any]] = queue.SimpleQueue()
    stop = threading.Event()
    threading.Thread(target=_listen, args=(sys.stdin, asked, stop), daemon=True).start()
    while True:
        serve(asked.get(), stop, sys.stdout)


def _listen(lines: TextIO, asked: queue.SimpleQueue[Mapping[str, Any]], stop: threading.Event) -> None:
    for line in lines:
        told = json.loads(line)
        if "run" in told:
            stop.clear()
            asked.put(told["run"])
        else:
            stop.set()
    os._exit(0)  # the main thread may be deep in a product; nothing here needs closing


def serve(settings: Mapping[str, Any], stop: threading.Event, out: TextIO) -> None:
    """Run one experiment and write its outcomes; a fault in it is an answer too."""
    error = ""
    try:
        for outcome in progress(Experiment(**settings)):
            _write(out, outcome.to_dict())
            if stop.is_set():
                break
    except (ValueError, TypeError, ArithmeticError, MemoryError) as problem:
        error = f"{type(problem).__name__}: {problem}"
    _write(out, {"ended": True, **({"error": error} if error else {})})


def _write(out: TextIO, values: Mapping[str, Any]) -> None:
    out.write(json.dumps(values) + "\n")
    out.flush()
