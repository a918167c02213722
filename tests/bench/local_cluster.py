"""Whether a Dask cluster on the server's own machine could stand in for its own processes.

    uv run python tests/bench/local_cluster.py [repetitions]

A process that has loaded what a server loads runs the page's plan of memory versus gap, on two processes: by `Pool`; by
Dask's `LocalCluster`; and by its `SubprocessCluster`, whose scheduler and workers start as commands. Each starts with
the first job. Printed are medians of one run in turns, and their ratios to the first: the time to the first points,
from nothing and again while the processes wait; by how much the memory of all has grown (what several of them read from
one file counts once) and how much of it the server's own has; what is left 5 s after closing; and how long it takes
until all is gone when the server is killed, and when it ends, both with a job at work. Streamlit puts the page's script
in the place of the main module: how many processes ran it again is counted too. Nothing is asserted; the budget for
the first points is 3 s.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import psutil

from core.experiments import gaps
from dashboard.kit.jobs.desk import Desk

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
ENGINES = ("Pool", "LocalCluster", "SubprocessCluster")
PAGE = """
import os, runpy
from pathlib import Path

Path({ran!r} + str(os.getpid())).touch()
runpy.run_path({app!r})
"""
WAIT = 300.0  # seconds for what should take one or two
GONE = 20.0  # seconds after which what is still there counts as left for ever
MB = 2**20


def main(repetitions: str = "3") -> None:
    """Measure in turn, so that both meet the same machine, and print."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in ENGINES}
    for _ in range(int(repetitions)):
        for name in ENGINES:
            found[name].append(measured(name))
    print(f"Medians of {repetitions}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'':<38}{''.join(f'{name:>20}   ratio' for name in ENGINES)}")
    for line in found[ENGINES[0]][0]:
        own, *others = (statistics.median(run[line] for run in found[name]) for name in ENGINES)
        ratios = [f"{each:20.2f}{f'{each / own:.1f}' if own > 0 else '':>8}" for each in (own, *others)]
        print(f"{line:<38}{''.join(ratios)}")


def measured(name: str) -> dict[str, float]:
    """One server killed and another one ended, both with a job at work."""
    with TemporaryDirectory(prefix="bench-") as folder:
        killed, figures = started(name, folder, "stay")
        figures["killed: all is gone after, s"] = outlived(killed, killed.kill)
        ended, _ = started(name, folder, "exit")
        assert ended.stdin is not None
        figures["ended: all is gone after, s"] = outlived(ended, ended.stdin.close)
        return figures


def outlived(server: subprocess.Popen[str], end: Callable[[], None]) -> float:
    """Seconds until a server and all that it started are gone; infinite if some are there after `GONE`."""
    children = psutil.Process(server.pid).children(recursive=True)
    began = time.perf_counter()
    end()
    server.wait(WAIT)
    try:
        until(lambda: not any(map(alive, children)), GONE)
    except AssertionError:
        for child in filter(alive, children):
            child.kill()
        return float("inf")
    return time.perf_counter() - began


def started(name: str, folder: str, then: str) -> tuple[subprocess.Popen[str], dict[str, float]]:
    """A server with a job at work, and what it measured before."""
    command = (sys.executable, "-W", "ignore", __file__, "--server", name, folder, then)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "text": True,
        "stderr": subprocess.DEVNULL,
    }
    server = subprocess.Popen(command, env=environment, **pipes)
    assert server.stdout is not None
    return server, json.loads(server.stdout.readline())


def server(name: str, folder: str, then: str) -> None:
    """What the measured process does."""
    import pandas as pd  # noqa: F401 - as a server has it
    import streamlit as st  # noqa: F401 - likewise

    page = Path(folder) / "page.py"
    page.write_text(PAGE.format(ran=f"{folder}/ran-", app=str(ROOT / "dashboard" / "app.py")), encoding="utf-8")
    there = ModuleType("__main__")
    there.__file__ = str(page)
    sys.modules["__main__"] = there
    me, before = psutil.Process(), held()
    alone, figures = resident(), {}
    began = time.perf_counter()
    engine, close = begun(name, figures)
    figures |= timed(engine, 0, began, "from nothing")
    figures |= timed(engine, 100, time.perf_counter(), "again")
    children = me.children(recursive=True)
    figures["processes"] = len(children)
    figures["memory of all, grown by, MB"] = held() - before
    figures["of it in the server, MB"] = resident() - alone
    if then == "stay":
        began = time.perf_counter()
        close()
        figures["closing, s"] = time.perf_counter() - began
        time.sleep(5)
        figures["processes left 5 s after closing"] = sum(map(alive, children))
        figures["memory still grown by, MB"] = held() - before
        engine, close = begun(name, figures)
    job = engine.submit("last", plan(200))
    until(lambda: job.watched() or job.experiments[1])
    figures["times the page's script ran again"] = len(list(Path(folder).glob("ran-*")))
    print(json.dumps(figures), flush=True)
    sys.stdin.read()
    close()


def held() -> float:
    """Memory of this process and of those that it started, in MB."""
    me = psutil.Process()
    return float(sum(each.memory_full_info().pss for each in (me, *me.children(recursive=True)))) / MB


def resident() -> float:
    """Memory of this process, in MB."""
    return float(psutil.Process().memory_info().rss) / MB


def begun(name: str, figures: dict[str, float]) -> tuple[Desk, Callable[[], None]]:
    """An engine and what closes it; how long its package took to load goes into the figures, if it was not loaded."""
    if name == ENGINES[0]:
        from dashboard.kit.jobs.pool import Pool

        figures.setdefault("of it loading packages, s", 0.0)
        pool = Pool(WORKERS)
        return pool, pool.close
    began = time.perf_counter()
    from distributed import LocalCluster, SubprocessCluster

    from dashboard.kit.jobs.cluster import Cluster

    figures.setdefault("of it loading packages, s", time.perf_counter() - began)
    options: dict[str, Any] = {"n_workers": WORKERS, "threads_per_worker": 1}
    if name == "LocalCluster":
        local = LocalCluster(**options, dashboard_address=None)
    else:
        quiet = {"dashboard": False}
        local = SubprocessCluster(**options, scheduler_kwargs=quiet, worker_class="distributed.Worker")
    cluster = Cluster(local.scheduler_address)

    def close() -> None:
        cluster.close()
        local.close()

    return cluster, close


def plan(seed: int) -> list[Any]:
    """The page's plan with seeds that no run before had."""
    return [replace(experiment, seed=experiment.seed + seed) for experiment in gaps.plan("uniform", "bias1")]


def timed(engine: Desk, seed: int, began: float, when: str) -> dict[str, float]:
    """How soon the page has its first points."""
    job = engine.submit("bench", plan(seed))
    until(lambda: job.watched() or job.experiments[1])
    found = time.perf_counter() - began
    job.cancel()
    assert not job.problem, job.problem
    return {f"first points {when}, s": found}


def until(true: Callable[[], object], seconds: float = WAIT) -> None:
    """Wait until something holds, looking often."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def alive(process: psutil.Process) -> bool:
    """Whether a process is there and not only its entry."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


if __name__ == "__main__":
    if sys.argv[1:2] == ["--server"]:
        server(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
