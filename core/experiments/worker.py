"""Work over pipes: one process that does what it is told, for whoever started it.

Each line in is a JSON object: ``{"run": …}``, as `core.work.sent` writes an experiment or a course of training, does
it, ``{"stop": true}`` ends what is at work. Each line out is what it has come to (`core.work.written`);
``{"ended": true}`` follows the last, or ``{"ended": true, "error": "…"}``. When nobody is left at the other end the
process ends, in the middle of a run too, so none outlives its server however that came to its end.
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

from core.work import progress, understood, written

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


def serve(told: Mapping[str, Any], stop: threading.Event, out: TextIO) -> None:
    """Do one piece of work and write what it comes to; a fault in it is an answer too."""
    error = ""
    try:
        for result in progress(understood(told)):
            _write(out, written(result))
            if stop.is_set():
                break
    except (ValueError, TypeError, ArithmeticError, MemoryError) as problem:
        error = f"{type(problem).__name__}: {problem}"
    _write(out, {"ended": True, **({"error": error} if error else {})})


def _write(out: TextIO, values: Mapping[str, Any]) -> None:
    out.write(json.dumps(values) + "\n")
    out.flush()
