"""A Dask cluster for tests: a scheduler and workers, each a process of its own on this machine's loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from distributed import Client
from support import free_port

ROOT = Path(__file__).resolve().parents[1]
QUIET = ("--host", "127.0.0.1", "--no-dashboard")
BRISK = {"DASK_LOGGING__DISTRIBUTED": "error"}


class Machines:
    """A scheduler and its workers, as `dask scheduler` and `dask worker` start them.

    Args:
        workers: How many, of one thread each.
        options: Further ones of `dask worker`.
        variables: Further ones of the environment of all.
        protocol: "tcp" or "tls".
    """

    def __init__(
        self,
        workers: int,
        *,
        options: Sequence[str] = (),
        variables: dict[str, str] | None = None,
        protocol: str = "tcp",
    ) -> None:
        self._port = free_port()
        self.address = f"{protocol}://127.0.0.1:{self._port}"
        self._options, self._variables = options, variables or {}
        self.scheduler = self.start_scheduler()
        self.workers = [self.start_worker() for _ in range(workers)]

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        """Start one at the address that this cluster has."""
        self.scheduler = self._start(
            "scheduler", "--port", str(self._port), "--protocol", self.address.partition(":")[0]
        )
        return self.scheduler

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start one more worker, with the nanny that starts its process again; what is returned is the nanny's."""
        return self._start("worker", self.address, "--nthreads", "1", *self._options)

    def client(self) -> Client:
        """A connection of the test's own."""
        return Client(self.address, set_as_default=False)

    def close(self) -> None:
        """End all, and whatever they started."""
        for process in (*self.workers, self.scheduler):
            kill(process)

    def _start(self, what: str, *options: str) -> subprocess.Popen[bytes]:
        command = (sys.executable, "-W", "ignore", "-m", "dask", what, *options, *QUIET)
        there = {**os.environ, **BRISK, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", **self._variables}
        return subprocess.Popen(command, env=there, cwd=ROOT, start_new_session=True)


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and its children at once, as a machine that fails does."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def asked(machines: Machines, what: Callable[..., Any]) -> list[Any]:
    """What a function gives on each worker that there is; one that ends meanwhile gives nothing."""
    with machines.client() as client:
        return list(client.run(what, on_error="ignore").values())


def at_work(dask_worker: Any) -> int:
    """Threads of a worker that compute."""
    return len(dask_worker.active_threads)


def pid_and_work(dask_worker: Any) -> tuple[int, int]:
    """A worker's process, and its threads that compute."""
    return os.getpid(), at_work(dask_worker)
