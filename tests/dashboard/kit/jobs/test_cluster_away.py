"""A Dask cluster that is away, comes back, or loses its server; and which engine a server has."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import util
from pathlib import Path
from typing import Any

import dask
import pytest
from distributed import Security
from machines import ROOT, Machines, asked, at_work, kill
from support import until
from threadpoolctl import threadpool_info

from core.experiments import Experiment, Outcome, run
from dashboard.kit import jobs
from dashboard.kit.jobs import cluster as cluster_module
from dashboard.kit.jobs.cluster import Cluster
from dashboard.kit.jobs.configured import DaskError, scheduler
from dashboard.kit.jobs.desk import Job
from dashboard.kit.jobs.engine import engine
from dashboard.kit.jobs.pool import Pool

pytestmark = pytest.mark.deep

TINY = Experiment(gap=1, H=4, steps=4, batch=4, every=2)
SOME = Experiment(gap=10, H=16, steps=500, batch=8, every=5, lr=1e-6)
LONG = Experiment(gap=100, H=64, steps=20_000, batch=64, every=1, lr=1e-6)
SERVER = """
import sys, threading
from core.experiments import Experiment
from dashboard.kit.jobs.cluster import Cluster
job = Cluster(sys.argv[1], patience=3600).submit("a", [Experiment(gap=100, H=64, steps=20_000, every=1, lr=1e-6)])
while not job.experiments[1]:
    threading.Event().wait(0.02)
print("at work", flush=True)
sys.stdin.read()
"""


def until_done(job: Job) -> None:
    """Wait for a job's end as an open page does."""
    until(lambda: job.watched() or not job.running)
    assert (job.problem, job.cancelled) == ("", False)


Start = Callable[..., Machines]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts clusters of the test's own, which end with it."""
    made: list[Machines] = []

    def begin(workers: int, **options: Any) -> Machines:
        made.append(Machines(workers, **options))
        return made[-1]

    yield begin
    for each in made:
        each.close()


@pytest.fixture
def machines(start: Start) -> Machines:
    """A scheduler and a worker, which the test may break."""
    return start(1)


def test_scheduler_that_restarts_loses_nothing(machines: Machines) -> None:
    """Runs wait while it is away, what was seen of them stays, and they end as they would have."""
    cluster = Cluster(machines.address)
    job = cluster.submit("a", [SOME])
    until(lambda: job.watched() or (job.experiments[1] and len(job.experiments[1][SOME].at) > 10))
    before = job.experiments[1][SOME].at
    assert not cluster.away
    kill(machines.scheduler)
    until(lambda: job.watched() or "does not answer" in cluster.ready())
    assert cluster.away
    assert job.running
    assert job.experiments[1][SOME].at[: len(before)] == before
    machines.start_scheduler()
    kill(machines.workers.pop())  # it ends with its scheduler; whoever keeps it running starts another
    machines.workers.append(machines.start_worker())
    until_done(job)
    assert cluster.ready() == ""
    expected = Outcome.from_dict(run(SOME).to_dict())
    assert replace(job.experiments[1][SOME], seconds=0.0) == replace(expected, seconds=0.0)
    cluster.close()


def test_nobody_at_the_address_is_said_and_waited_for(start: Start) -> None:
    """A server starts without its cluster; jobs can be asked for and stopped, and run once it is there."""
    machines = start(0)
    kill(machines.scheduler)  # before it listens
    cluster = Cluster(machines.address)
    assert "being connected" in cluster.ready()
    assert not cluster.away
    stopped, waiting = cluster.submit("a", [TINY]), cluster.submit("b", [replace(TINY, seed=1)])
    until(lambda: waiting.watched() or cluster.away)
    assert cluster.ready() == f"The Dask scheduler at {machines.address} does not answer."
    stopped.cancel()
    machines.start_scheduler()
    until(lambda: waiting.watched() or "no worker" in cluster.ready())
    assert cluster.away
    machines.workers.append(machines.start_worker())
    until_done(waiting)
    assert not stopped.outcomes
    cluster.close()


def test_a_scheduler_that_hangs_counts_as_away(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that takes connections and says nothing is noticed, and so is that it goes on."""
    monkeypatch.setattr(cluster_module, "ANSWER", 2.0)
    cluster = Cluster(machines.address)
    until_done(cluster.submit("a", [TINY]))
    os.killpg(machines.scheduler.pid, signal.SIGSTOP)
    until(lambda: cluster.away)
    os.killpg(machines.scheduler.pid, signal.SIGCONT)
    until(lambda: not cluster.ready())
    until_done(cluster.submit("a", [replace(TINY, seed=1)]))
    cluster.close()


def test_a_killed_server_leaves_nothing_at_work(machines: Machines) -> None:
    """The scheduler lets go of what it asked for, and the worker stops in mid-run."""
    command = (sys.executable, "-W", "ignore", "-c", SERVER, machines.address)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    server = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, **pipes)
    with server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"at work\n"
        assert sum(asked(machines, at_work)) == 1
        server.kill()
    until(lambda: asked(machines, at_work) == [0])


def test_one_thread_for_each_experiment_without_a_nanny(start: Start) -> None:
    """A worker that began with more threads for its linear algebra has one of them once it ran something of ours."""
    several = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "2")
    machines = start(1, options=["--no-nanny"], variables=several)
    until(lambda: asked(machines, os.getpid))
    (before,) = asked(machines, threadpool_info)
    assert {library["num_threads"] for library in before} == {2}
    cluster = Cluster(machines.address)
    until_done(cluster.submit("a", [TINY]))
    (after,) = asked(machines, threadpool_info)
    assert {library["num_threads"] for library in after} == {1}
    cluster.close()


def test_an_encrypted_cluster_by_dasks_own_configuration(start: Start, tmp_path: Path) -> None:
    """With its certificate a server runs experiments there; without, it is not let in."""
    drawn, names = Security.temporary(), {}
    for name, text in (("CA_FILE", drawn.tls_ca_file), ("CERT", drawn.tls_client_cert), ("KEY", drawn.tls_client_key)):
        names[name] = tmp_path / f"{name}.pem"
        names[name].write_text(text, encoding="utf-8")
    of_all = {f"{kind}__{name}": str(names[name]) for kind in ("SCHEDULER", "WORKER") for name in ("CERT", "KEY")}
    variables = {"CA_FILE": str(names["CA_FILE"]), **of_all}
    variables = {f"DASK_DISTRIBUTED__COMM__TLS__{name}": value for name, value in variables.items()}
    machines = start(1, variables=variables, protocol="tls")
    own = {"ca-file": names["CA_FILE"], "client.cert": names["CERT"], "client.key": names["KEY"]}
    with dask.config.set({f"distributed.comm.tls.{name}": str(path) for name, path in own.items()}):
        cluster = Cluster(machines.address)
        until_done(cluster.submit("a", [TINY]))
        cluster.close()
    stranger = Cluster(machines.address)
    stranger.ready()
    until(lambda: stranger.away)
    assert "does not answer" in stranger.ready()
    stranger.close()


@pytest.mark.parametrize("given", ["scheduler:8786", "http://scheduler:8786", "tcp://scheduler", "tcp://a b:1", "8786"])
def test_what_is_no_address_stops_the_start(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message quotes it and shows one that is."""
    monkeypatch.setenv("UNROLLED_DASK", given)
    with pytest.raises(DaskError, match="tcp://scheduler:8786") as refused:
        scheduler()
    assert repr(given) in str(refused.value)


def test_a_missing_package_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the extra that brings it."""
    monkeypatch.setenv("UNROLLED_DASK", "tls://[::1]:8786")
    assert scheduler() == "tls://[::1]:8786"
    monkeypatch.setattr("dashboard.kit.jobs.configured.find_spec", lambda _: None)
    with pytest.raises(DaskError, match="--extra cluster"):
        scheduler()
    assert util.find_spec("distributed") is not None


def test_the_variable_chooses_the_engine(machines: Machines, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without it the server's own processes are always ready; with it readiness is the cluster's."""
    monkeypatch.delenv("UNROLLED_DASK", raising=False)
    engine.clear()
    assert isinstance(engine(), Pool)
    assert jobs.ready() == ""
    engine.clear()
    monkeypatch.setenv("UNROLLED_DASK", machines.address)
    assert isinstance(engine(), Cluster)
    until(lambda: jobs.ready() == "")
    engine().close()
    engine.clear()
