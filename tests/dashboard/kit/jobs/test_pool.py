"""Experiments in processes of their own: results as they come, cancelled, abandoned, bounded, and nothing left over."""

from __future__ import annotations

import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from support import PATIENCE, until

from core.course import Course, Learned, progress
from core.errors import InputError
from core.experiments import Experiment, grid, run
from core.model import init
from core.tasks import make
from core.work import Result, Work
from dashboard.kit.jobs import desk, worker
from dashboard.kit.jobs.desk import Job
from dashboard.kit.jobs.pool import Pool
from dashboard.kit.jobs.worker import Worker

TINY = Experiment(gap=1, H=4, steps=4, batch=4, every=2)
LONG = Experiment(gap=100, H=64, steps=20_000, batch=64, every=1, lr=1e-6)


def watching(job: Job, true: Callable[[], object]) -> None:
    """Wait until something holds and look at the job meanwhile, as an open page does."""

    def look() -> object:
        job.watched()
        return true()

    until(look)


@pytest.fixture
def pool() -> Iterator[Pool]:
    """A pool of two processes."""
    made = Pool(2)
    yield made
    made.close()
    assert made.processes == 0


def test_results_are_those_of_a_run_here(pool: Pool) -> None:
    """Another process computes the same curve as a plain call."""
    plan = grid(TINY, cell=("rnn", "lstm"), seed=range(2))
    job = pool.submit("a", plan)
    watching(job, lambda: not job.running)
    assert job.problem == ""
    assert job.done == len(plan)
    for experiment in plan:
        here = run(experiment)
        there = job.experiments[1][experiment]
        assert (there.at, there.solved, there.done) == (here.at, here.solved, True)
        assert there.accuracy == pytest.approx(here.accuracy, abs=1e-4)


def test_nothing_starts_before_there_is_work_and_nothing_stays_after(pool: Pool) -> None:
    """Processes come with the first job and go when there has been nothing to do for a while."""
    assert pool.processes == 0
    brief = Pool(2, idle=0.05)
    job = brief.submit("a", [TINY])
    watching(job, lambda: not job.running)
    until(lambda: brief.processes == 0)
    again = brief.submit("a", [replace(TINY, seed=5)])
    watching(again, lambda: not again.running)
    assert again.done == 1
    brief.close()


def test_a_course_of_training_is_that_of_a_run_here(pool: Pool) -> None:
    """A process of its own trains as a plain call does; what it came to is its owner's, and is not kept for others."""
    course = training(steps=30)
    job = pool.submit("a", [course])
    watching(job, lambda: not job.running)
    there, here = job.outcomes[course], course.begun
    for piece in progress(course):
        here = here.grown(piece, course.every)
    assert isinstance(there, Learned)
    assert (there.points, there.done) == (here.points, True)
    assert not pool.submit("b", [training(steps=30)]).outcomes


def test_a_course_that_was_stopped_goes_on_from_what_was_told(pool: Pool) -> None:
    """Cancelled, it keeps what had been told; another course goes on from there, as if nothing had been."""
    job = pool.submit("a", [training(steps=100_000)])
    watching(job, lambda: job.outcomes)
    job.cancel()
    (learned,) = job.outcomes.values()
    assert isinstance(learned, Learned)
    assert 0 < learned.steps < 100_000
    rest = training(steps=learned.steps + 10, begun=learned)
    again = pool.submit("a", [rest])
    watching(again, lambda: not again.running)
    found = again.outcomes[rest]
    assert isinstance(found, Learned)
    assert [point.step for point in found.points["rnn"]] == list(range(1, learned.steps + 11))


def test_a_class_can_train_while_the_places_for_experiments_are_taken(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Courses have places of their own, and more of them."""
    monkeypatch.setattr(desk, "MOST_JOBS", 1)
    pool.submit("a", [LONG])
    with pytest.raises(InputError, match="busy"):
        pool.submit("b", [replace(LONG, seed=1)])
    jobs = [pool.submit(f"learner {k}", [training(steps=10 + k)]) for k in range(5)]
    until(lambda: [job.watched() for job in jobs] and not any(job.running for job in jobs))
    assert all(job.done == 1 for job in jobs)


def training(*, steps: int, begun: Learned | None = None) -> Course:
    """A course of one small network."""
    task = make("recall", gap=3)
    drawn = init("rnn", task.D, 4, task.O, rng=np.random.default_rng(0), loss=task.loss)
    return Course({"rnn": drawn}, task, "adam", 0.01, 8, "norm", 1.0, 1, steps, begun or Learned())


def test_outcomes_grow_while_they_run(pool: Pool) -> None:
    """A page sees how far a run is before it has ended."""
    job = pool.submit("a", [LONG])
    watching(job, lambda: any(len(outcome.at) > 2 for outcome in job.experiments[1].values()))
    assert job.running
    assert job.done == 0


def test_cancelled_job_frees_its_processes(pool: Pool) -> None:
    """After a cancel, work of somebody else runs on the same processes."""
    long = pool.submit("a", [LONG, replace(LONG, seed=1), replace(LONG, seed=2)])
    watching(long, lambda: len(long.experiments[1]) >= 2)
    long.cancel()
    assert not long.running
    other = pool.submit("b", [TINY])
    watching(other, lambda: not other.running)
    assert other.done == 1
    assert len(long.experiments[1]) == 2


def test_job_nobody_looks_at_is_cancelled() -> None:
    """Closing the page is enough: the job ends by itself."""
    pool = Pool(1, patience=4.0)
    job = pool.submit("a", [LONG])
    until(lambda: job.over)
    assert job.cancelled
    other = pool.submit("b", [TINY])
    watching(other, lambda: not other.running)
    pool.close()
    assert other.done == 1


def test_new_job_replaces_the_owners_last(pool: Pool) -> None:
    """A learner has one job at a time."""
    first = pool.submit("a", [LONG])
    second = pool.submit("a", [TINY])
    assert first.cancelled
    watching(second, lambda: not second.running)
    assert second.done == 1


def test_an_owner_finds_the_running_job_again(pool: Pool) -> None:
    """A page that was reloaded asks by its owner's name; what is over is not found."""
    job = pool.submit("a", [LONG])
    assert pool.find("a") is job
    assert pool.find("b") is None
    job.cancel()
    assert pool.find("a") is None


def test_an_owner_finds_what_was_finished_during_a_reload_and_no_longer() -> None:
    """A short job may end before the page is back; some seconds later its results are let go of, as is its data."""
    pool = Pool(1, patience=4.0, idle=5.0)

    def finished() -> weakref.ref[Job]:
        job = pool.submit("a", [training(steps=3)])
        watching(job, lambda: not job.running)
        assert pool.find("a") is job
        return weakref.ref(job)

    held = finished()
    assert pool.load == (0, 0)
    until(lambda: held() is None)
    assert pool.find("a") is None
    pool.close()


def test_what_was_finished_takes_nobodys_place(monkeypatch: pytest.MonkeyPatch, pool: Pool) -> None:
    """The limit counts jobs with work left; a new job of the owner leaves the finished one as it was."""
    monkeypatch.setattr(desk, "MOST_JOBS", 1)
    first = pool.submit("a", [TINY])
    watching(first, lambda: not first.running)
    second = pool.submit("b", [replace(TINY, seed=1)])
    watching(second, lambda: not second.running)
    pool.submit("a", [replace(TINY, seed=2)])
    assert not first.over


def test_same_settings_are_not_run_again(pool: Pool) -> None:
    """A finished result is there at once for whoever asks next."""
    first = pool.submit("a", [TINY])
    watching(first, lambda: not first.running)
    second = pool.submit("b", [TINY])
    assert not second.running
    assert second.experiments[1] == first.experiments[1]


def test_long_lists_and_crowds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """One learner cannot queue without end, and neither can many."""
    pool = Pool(1)
    with pytest.raises(InputError, match="Ask for fewer"):
        pool.submit("a", grid(TINY, seed=range(desk.MOST_RUNS + 1)))
    monkeypatch.setattr(desk, "MOST_JOBS", 1)
    pool.submit("a", [LONG])
    with pytest.raises(InputError, match="busy"):
        pool.submit("b", [TINY])
    pool.close()


def test_jobs_take_turns() -> None:
    """A short job is not kept waiting by a long list before it."""
    pool = Pool(1)
    many = pool.submit("a", grid(replace(TINY, steps=200, every=200, solved_at=1.0), seed=range(60)))
    few = pool.submit("b", [TINY])
    watching(few, lambda: not few.running)
    assert many.done < 30
    pool.close()


def test_killed_process_ends_its_job_with_a_sentence() -> None:
    """Whatever happens to a process, the page says so and the next job runs."""
    made: list[Worker] = []

    def make() -> Worker:
        made.append(Worker())
        return made[-1]

    pool = Pool(1, make_worker=make)
    job = pool.submit("a", [LONG])
    watching(job, lambda: job.experiments[1])
    made[0].kill()
    watching(job, lambda: not job.running)
    assert "Run it again" in job.problem
    other = pool.submit("a", [TINY])
    watching(other, lambda: not other.running)
    assert other.done == 1
    pool.close()


def test_a_pool_that_closes_while_its_processes_speak_ends_their_threads() -> None:
    """A process is ended between two of its lines: the thread that reads them leaves as well, and without a fault."""

    def closes() -> bool:
        small.close()
        return False

    class Speaking(Worker):
        def run(self, work: Work, stopped: Callable[[], bool]) -> Iterator[Result]:
            return super().run(work, lambda: stopped() or closes())

    small, before = Pool(1, make_worker=Speaking), set(threading.enumerate())
    small.submit("a", [LONG])
    (reading,) = set(threading.enumerate()) - before
    reading.join(PATIENCE)
    assert not reading.is_alive()
    assert small.processes == 0


def test_work_that_comes_as_a_thread_stops_resting_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    """Handed out while its only thread is about to leave, having waited long enough, it is not left lying."""
    small, late = Pool(1, idle=1.0), list[Job]()

    def over(_: float | None) -> bool:
        if not late:
            late.append(small.submit("b", [replace(TINY, seed=1)]))
        return False

    monkeypatch.setattr(small._changed, "wait", over)
    small.submit("a", [TINY])
    until(lambda: late and not late[0].running)
    assert late[0].done == 1
    small.close()


def test_two_jobs_that_come_together_do_not_wait_for_the_same_thread() -> None:
    """One rests, which is enough for the first of them; for the second another process starts."""
    small = Pool(2)
    first = small.submit("a", [TINY])
    watching(first, lambda: small._resting)
    with small._changed:  # who rests cannot wake up in between
        jobs = [small.submit(name, [replace(LONG, seed=at)]) for at, name in enumerate("ab")]
    until(lambda: [job.watched() for job in jobs] and all(job.experiments[1] for job in jobs))
    small.close()


def test_a_line_cut_off_by_the_end_of_its_process_is_no_result(monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed in the middle of what it says, a process has ended like any other."""
    speaks = 'input(); print(\'{"at": [1], "accu\', end="")'
    monkeypatch.setattr(worker, "COMMAND", (sys.executable, "-c", speaks))
    half = worker.Worker()
    with pytest.raises(worker.WorkerDied, match="Run it again"):
        next(half.run(TINY, lambda: False))
    half.close()


def test_process_ends_when_its_server_is_gone() -> None:
    """A worker whose input ends stops in the middle of a run."""
    left = Worker()
    runs = left.run(LONG, lambda: False)
    next(runs)
    assert left._process.stdin is not None
    left._process.stdin.close()
    assert left._process.wait(timeout=PATIENCE) == 0
    left.close()


def test_load_is_what_runs_and_what_waits() -> None:
    """For whoever watches the server; a pool that is closed says so."""
    small = Pool(1)
    assert (small.load, small.ready()) == ((0, 0), "")
    job = small.submit("a", [LONG, TINY, replace(TINY, seed=7)])
    watching(job, lambda: small.load == (1, 2))
    small.close()
    until(lambda: small.load == (0, 0))
    assert small.ready().startswith("Closed")
