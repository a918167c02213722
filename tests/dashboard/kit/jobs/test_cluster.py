"""Experiments on a Dask cluster: what the server's own processes do, and nothing lost when a part of it fails."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from machines import Machines, asked, at_work, pid_and_work
from support import until

from core.course import Course, Learned
from core.errors import InputError
from core.experiments import Experiment, Outcome, grid, run
from core.model import init
from core.tasks import make
from core.work import grown
from dashboard.kit.jobs import cluster as module
from dashboard.kit.jobs import desk
from dashboard.kit.jobs.cluster import Cluster
from dashboard.kit.jobs.desk import Job
from dashboard.kit.jobs.pool import Pool
from dashboard.kit.jobs.there import run_there

pytestmark = pytest.mark.slow

TINY = Experiment(gap=1, H=4, steps=4, batch=4, every=2)
SOME = Experiment(gap=10, H=16, steps=500, batch=8, every=5, lr=1e-6)  # about a second
LONG = Experiment(gap=100, H=64, steps=20_000, batch=64, every=1, lr=1e-6)


def watching(job: Job, true: Callable[[], object]) -> None:
    """Wait until something holds and look at the job meanwhile, as an open page does; nothing seen may go back."""
    seen: dict[Experiment, Outcome] = {}

    def look() -> object:
        job.watched()
        now = job.experiments[1]
        for experiment, before in seen.items():
            assert now[experiment].at[: len(before.at)] == before.at
            assert now[experiment].accuracy[: len(before.at)] == before.accuracy
        seen.update(now)
        return true()

    until(look)


def finished(job: Job) -> dict[Experiment, Outcome]:
    """A job's outcomes when it has run to its end, without the time they took."""
    watching(job, lambda: not job.running)
    assert (job.problem, job.cancelled) == ("", False)
    return {experiment: replace(outcome, seconds=0.0) for experiment, outcome in job.experiments[1].items()}


def here(*plan: Experiment) -> dict[Experiment, Outcome]:
    """What a plain call gives, as it is written."""
    return {each: replace(Outcome.from_dict(run(each).to_dict()), seconds=0.0) for each in plan}


def joined(machines: Machines, **options: Any) -> Cluster:
    """A server's connection to a cluster, once its workers are there."""
    made = Cluster(machines.address, **options)
    until(lambda: not made.ready())
    until(lambda: len(asked(machines, os.getpid)) == len(machines.workers))
    return made


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    """A scheduler and two workers, which every test leaves as they were."""
    made = Machines(2)
    yield made
    made.close()


@pytest.fixture
def cluster(machines: Machines) -> Iterator[Cluster]:
    """A server's connection to them."""
    made = joined(machines)
    yield made
    made.close()
    assert made._thread is not None
    assert not made._thread.is_alive()


def test_results_are_those_of_the_servers_own_processes(cluster: Cluster) -> None:
    """Bit for bit, a run that diverges included; only the time they take differs."""
    plan = (*grid(TINY, cell=("rnn", "lstm"), seed=range(3)), SOME, replace(TINY, lr=90.0, clip=0.0, gain=100.0))
    pool = Pool(2)
    assert finished(cluster.submit("a", plan)) == finished(pool.submit("a", plan)) == here(*plan)
    pool.close()


def test_a_course_of_training_runs_there_too(cluster: Cluster) -> None:
    """Its points come while it trains, and are those of the server's own processes."""
    task = make("recall", gap=3)
    drawn = init("gru", task.D, 4, task.O, rng=np.random.default_rng(0), loss=task.loss)
    course, pool = Course({"gru": drawn}, task, "adam", 0.01, 8, "norm", 1.0, 1, 1_000), Pool(1)
    found = []
    for engine in (cluster, pool):
        job = engine.submit("a", [course])
        watching_all(job)
        learned = job.outcomes[course]
        assert isinstance(learned, Learned)
        found.append(learned.points["gru"])
    assert found[0] == found[1]
    assert len(found[0]) == 1_000
    pool.close()


def watching_all(job: Job) -> None:
    """Look at a job until it has run to its end."""
    until(lambda: job.watched() or not job.running)
    assert (job.problem, job.cancelled) == ("", False)


def test_outcomes_grow_while_they_run(cluster: Cluster) -> None:
    """A page sees how far a run is before it has ended."""
    job = cluster.submit("a", [LONG])
    watching(job, lambda: any(len(outcome.at) > 20 for outcome in job.experiments[1].values()))
    (outcome,) = job.experiments[1].values()
    assert outcome.at == tuple(range(1, len(outcome.at) + 1))
    assert len(outcome.accuracy) == len(outcome.loss) == len(outcome.at)
    assert (job.running, job.done) == (True, 0)


def test_cancelled_experiments_stop_on_their_workers(cluster: Cluster, machines: Machines) -> None:
    """After a cancel no worker computes on, and work of somebody else runs there."""
    long = cluster.submit("a", [replace(LONG, seed=seed) for seed in range(3)])
    watching(long, lambda: len(long.experiments[1]) == 2)
    assert sum(asked(machines, at_work)) == 2
    long.cancel()
    until(lambda: not sum(asked(machines, at_work)))
    assert len(finished(cluster.submit("b", [TINY]))) == 1
    assert not long.running


def test_job_nobody_looks_at_is_cancelled(machines: Machines) -> None:
    """Closing the page is enough: the job ends by itself, on its worker too."""
    impatient = joined(machines, patience=2.0)
    job = impatient.submit("a", [LONG])
    watching(job, lambda: job.experiments[1])
    until(lambda: job.cancelled)
    until(lambda: not sum(asked(machines, at_work)))
    impatient.close()


def test_an_owner_has_one_job_and_finds_it_again(cluster: Cluster) -> None:
    """A page that was reloaded asks by its owner's name, for a while after the end too; a new job replaces the last."""
    first = cluster.submit("a", [LONG])
    assert cluster.find("a") is first
    second = cluster.submit("a", [TINY])
    assert first.cancelled
    finished(second)
    assert cluster.find("a") is second
    assert not cluster.submit("b", [TINY]).running  # it is kept


def test_limits_are_those_of_the_own_processes(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """One learner cannot queue without end, and neither can many; both are told in the same words."""
    many, pool = grid(TINY, seed=range(desk.MOST_RUNS + 1)), Pool(1)
    monkeypatch.setattr(desk, "MOST_JOBS", 1)
    told = []
    for engine in (cluster, pool):
        with pytest.raises(InputError, match="Ask for fewer") as long:
            engine.submit("a", many)
        engine.submit("a", [LONG])
        with pytest.raises(InputError, match="busy") as crowd:
            engine.submit("b", [TINY])
        told.append((str(long.value), str(crowd.value)))
    pool.close()
    assert told[0] == told[1]


def test_jobs_take_turns(cluster: Cluster) -> None:
    """A short job is not kept waiting by a long list before it."""
    many = cluster.submit("a", grid(replace(SOME, steps=300), seed=range(60)))
    watching(many, lambda: many.outcomes)
    few = cluster.submit("b", [TINY])
    watching(few, lambda: not few.running)
    assert few.done == 1
    assert many.done < 30


def test_killed_worker_loses_nothing(machines: Machines, cluster: Cluster) -> None:
    """Its experiments run again elsewhere; what was seen of them stays, and the end is the same."""
    plan = tuple(replace(SOME, seed=seed) for seed in range(3))
    job = cluster.submit("a", plan)
    watching(job, lambda: len([o for o in job.experiments[1].values() if len(o.at) > 10]) >= 2)
    victim = asked(machines, os.getpid)[0]
    os.kill(victim, signal.SIGKILL)
    assert finished(job) == here(*plan)
    until(lambda: victim not in (there := asked(machines, os.getpid)) and len(there) == 2)  # its nanny's affair


def test_an_experiment_that_ends_every_worker_is_given_up(machines: Machines, cluster: Cluster) -> None:
    """Its job ends with a sentence, and the next one runs."""
    job, killed = cluster.submit("a", [LONG]), set[int]()

    def killing() -> bool:
        for pid, busy in asked(machines, pid_and_work):
            if busy and pid not in killed:
                os.kill(pid, signal.SIGKILL)
                killed.add(pid)
        return not job.running

    watching(job, killing)
    assert "Run fewer or smaller" in job.problem
    assert len(killed) > 1
    assert len(finished(cluster.submit("a", [TINY]))) == 1
    until(lambda: len(asked(machines, os.getpid)) == 2)


def test_another_version_is_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers of other sources would give other numbers; the message says what to do."""
    monkeypatch.setattr(module, "fingerprint", lambda: "another")
    job = cluster.submit("a", [TINY])
    watching(job, lambda: not job.running)
    assert "start them anew from the same version" in job.problem


def test_a_fault_of_an_experiment_is_an_answer(machines: Machines) -> None:
    """Settings that cannot be run are told as the own processes tell them."""
    with machines.client() as client:
        told = client.submit(
            run_there, {"experiment": {"gap": -3}}, "key", "topic", module.fingerprint(), pure=False
        ).result()
    assert told["error"].startswith("InputError: gap")


def test_what_is_told_again_adds_nothing() -> None:
    """After a worker's death the same evaluations come anew, cut elsewhere; none doubles and none is left out."""
    whole = run(replace(TINY, steps=10, every=1, solved_at=1.0))
    assert len(whole.at) == 10
    values = whole.to_dict()

    def told(had: Outcome, first: int, last: int) -> Outcome:
        lists = {name: values[name][first:last] for name in ("at", "accuracy", "loss")}
        found = grown(whole.experiment, had, values | lists, first)
        assert isinstance(found, Outcome)
        return found

    had = Outcome(whole.experiment)
    for (first, last), seen in {(0, 1): 1, (1, 4): 4, (0, 2): 4, (2, 4): 4, (6, 8): 4, (2, 7): 7, (7, 10): 10}.items():
        had = told(had, first, last)
        assert had.at == whole.at[:seen]
        assert len(had.accuracy) == len(had.loss) == seen
    assert had == Outcome.from_dict(values)
