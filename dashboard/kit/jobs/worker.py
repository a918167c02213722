"""A process for experiments and training, as its server holds it: told by lines, read by lines, gone with the server.

It is a fresh interpreter on `core` alone. `multiprocessing` would import the main module again in every child, and
that is the page a learner is looking at.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import core
from core.work import Result, Work, grown, nothing, sent

ROOT = Path(core.__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "core.experiments")
ENDED = "The process that did the work ended. Run it again."


class WorkerDied(RuntimeError):  # noqa: N818 - it reads as what happened
    """The process ended before its work did, or could not do it."""


class Worker:
    """A running process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT
        )

    @property
    def alive(self) -> bool:
        """Whether the process is still there."""
        return self._process.poll() is None

    def run(self, work: Work, stopped: Callable[[], bool]) -> Iterator[Result]:
        """Do some work; what it has come to, as it grows.

        Args:
            work: What to do.
            stopped: Asked after each message; once it says so, the rest is left.

        Raises:
            WorkerDied: The process ended, or reported a fault.
        """
        self._tell({"run": sent(work)})
        asked, found = False, nothing(work)
        for told in self._told():
            if told.get("ended"):
                if "error" in told:
                    raise WorkerDied(told["error"])
                return
            if not asked:
                found = grown(work, found, told)
                yield found
                if stopped():
                    asked = True
                    self._tell({"stop": True})
        raise WorkerDied(ENDED)

    def kill(self) -> None:
        """End the process, whatever it is doing, and wait until it is gone; may be called from any thread."""
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End the process and let go of its pipes; only for the thread that reads them."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    def _told(self) -> Iterator[dict[str, Any]]:
        """What the process says, line by line, until it ends; a line that its end cut off says nothing."""
        assert self._process.stdout is not None, "the process was started with pipes"
        for line in self._process.stdout:
            if line.endswith("\n"):
                yield json.loads(line)

    def _tell(self, what: object) -> None:
        assert self._process.stdin is not None, "the process was started with pipes"
        try:
            self._process.stdin.write(json.dumps(what) + "\n")
            self._process.stdin.flush()
        except (OSError, ValueError) as cause:
            raise WorkerDied(ENDED) from cause
