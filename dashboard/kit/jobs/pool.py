"""Heavy experiments beside the pages: a pool of processes, jobs that are watched, and results kept by settings.

A job is one learner's list of experiments. Its outcomes arrive one by one and grow while they run; a page polls them
and says with each poll that it is still looking (`Job.watched`). A job nobody has looked at for `PATIENCE` seconds is
cancelled: closing a page needs no goodbye, and one that was reloaded finds its job meanwhile by its owner. Processes
start when there is work and end when there is none for `IDLE` seconds. Knows nothing of Streamlit.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from core.errors import InputError
from core.experiments import Experiment, Outcome
from dashboard.kit.jobs.worker import Worker, WorkerDied

PATIENCE = 10.0
IDLE = 15.0
MOST_RUNS = 120  # experiments in one job
MOST_JOBS = 12  # jobs with work left, of all learners together
MOST_KEPT = 3_000  # finished outcomes, some kilobytes each


class Job:
    """One learner's experiments, made by `Pool.submit`; safe to read from any thread.

    Attributes:
        plan: What was asked for.
        problem: Why it ended early; empty if it did not.
        cancelled: Whether it was cancelled, by the learner or because nobody looked.
        began: When it was asked for, in `time.monotonic` seconds.
    """

    def __init__(self, plan: Sequence[Experiment], patience: float) -> None:
        self.plan = tuple(dict.fromkeys(plan))
        self.problem = ""
        self.cancelled = False
        self.began = time.monotonic()
        self._ended: float | None = None
        self._patience = patience
        self._seen = self.began
        self._outcomes: dict[Experiment, Outcome] = {}
        self._pending: deque[Experiment] = deque()

    @property
    def outcomes(self) -> Mapping[Experiment, Outcome]:
        """What there is so far, by experiment; some of it may still be growing."""
        return MappingProxyType(self._outcomes.copy())  # one step for the interpreter, so no other thread is in between

    @property
    def done(self) -> int:
        """Experiments that have ended."""
        return sum(outcome.done for outcome in self.outcomes.values())

    @property
    def running(self) -> bool:
        """Whether there is work left and nothing has ended it."""
        return not self.over and self.done < len(self.plan)

    @property
    def over(self) -> bool:
        """Whether it was ended before its last experiment: cancelled, abandoned or failed."""
        return self.cancelled or bool(self.problem)

    @property
    def seconds(self) -> float:
        """Time since it was asked for, up to its end."""
        return (time.monotonic() if self._ended is None else self._ended) - self.began

    def watched(self) -> None:
        """Say that a page is still looking."""
        self._seen = time.monotonic()

    def cancel(self) -> None:
        """End it; what is at work stops at its next evaluation."""
        self.cancelled = True
        self._end()

    def _abandoned(self) -> bool:
        """Cancel it if nobody has looked for a while; whether it is over."""
        if self.running and time.monotonic() - self._seen > self._patience:
            self.cancel()
        return self.over

    def _put(self, outcome: Outcome) -> None:
        self._outcomes[outcome.experiment] = outcome
        if self.done == len(self.plan):
            self._end()

    def _fail(self, problem: str) -> None:
        self.problem = problem
        self._end()

    def _end(self) -> None:
        self._ended = time.monotonic() if self._ended is None else self._ended


class Pool:
    """Processes shared by all sessions of a server.

    Args:
        workers: Most processes at once.
        patience: Seconds after which a job nobody looks at is cancelled.
        idle: Seconds without work after which a process ends.
        make_worker: Starts a process.
    """

    def __init__(
        self,
        workers: int,
        *,
        patience: float = PATIENCE,
        idle: float = IDLE,
        make_worker: Callable[[], Worker] = Worker,
    ) -> None:
        self._most, self._patience, self._idle, self._make_worker = workers, patience, idle, make_worker
        self._changed = threading.Condition()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._kept: OrderedDict[Experiment, Outcome] = OrderedDict()
        self._workers: set[Worker] = set()
        self._threads = self._resting = 0
        self._closed = False

    @property
    def processes(self) -> int:
        """Processes there are now, at work or waiting."""
        with self._changed:
            return sum(worker.alive for worker in self._workers)

    def submit(self, owner: str, plan: Sequence[Experiment]) -> Job:
        """Ask for experiments; an owner's job before this one is cancelled.

        Args:
            owner: Whose job it is, such as a session's own name.
            plan: What to run, in this order as far as several processes allow.

        Raises:
            InputError: Too many experiments, or too many jobs at work; the message may be shown.
        """
        job = Job(plan, self._patience)
        if len(job.plan) > MOST_RUNS:
            raise InputError(f"These are {len(job.plan)} runs; at most {MOST_RUNS} are made at once. Ask for fewer.")
        with self._changed:
            if before := self._jobs.pop(owner, None):
                before.cancel()
            self._forget()
            if len(self._jobs) >= MOST_JOBS:
                raise InputError("This server is busy with other learners' experiments. Try again in a minute.")
            for experiment in job.plan:
                if experiment in self._kept:
                    job._put(self._kept[experiment])
                else:
                    job._pending.append(experiment)
            if job._pending and not self._closed:
                self._jobs[owner] = job
                wanted = min(self._most - self._threads, len(job._pending) - self._resting)
                for _ in range(wanted):
                    self._threads += 1
                    threading.Thread(target=self._work, name="experiments", daemon=True).start()
                self._changed.notify_all()
        return job

    def find(self, owner: str) -> Job | None:
        """An owner's job, while there is work left of it."""
        with self._changed:
            self._forget()
            return self._jobs.get(owner)

    def close(self) -> None:
        """Cancel everything and end every process."""
        with self._changed:
            self._closed = True
            for job in self._jobs.values():
                job.cancel()
            self._jobs.clear()
            for worker in self._workers:
                worker.close()
            self._changed.notify_all()

    def _forget(self) -> None:
        """Let go of jobs that are over or have nothing left to hand out."""
        for owner in [owner for owner, job in self._jobs.items() if job._abandoned() or not job.running]:
            del self._jobs[owner]

    def _take(self) -> tuple[Job, Experiment] | None:
        """The next experiment, of each job in turn; None when there is nothing to do for `idle` seconds."""
        until = time.monotonic() + self._idle
        with self._changed:
            while not self._closed:
                self._forget()
                for owner, job in list(self._jobs.items()):
                    if job._pending:
                        self._jobs.move_to_end(owner)
                        return job, job._pending.popleft()
                self._resting += 1
                waited = self._changed.wait(until - time.monotonic()) if until > time.monotonic() else False
                self._resting -= 1
                if not waited:
                    break
            self._threads -= 1
            return None

    def _work(self) -> None:
        """What each thread does: hold one process, and keep it busy while there is work."""
        worker: Worker | None = None
        while taken := self._take():
            job, experiment = taken
            try:
                if worker is None or not worker.alive:
                    worker = self._started(worker)
                for outcome in worker.run(experiment, job._abandoned):
                    job._put(outcome)
                    self._keep(outcome)
            except (WorkerDied, OSError) as problem:
                job._fail(str(problem))
        self._ended(worker)

    def _started(self, before: Worker | None) -> Worker:
        self._ended(before)
        worker = self._make_worker()
        with self._changed:
            self._workers.add(worker)
            if self._closed:
                worker.close()
        return worker

    def _ended(self, worker: Worker | None) -> None:
        if worker is not None:
            worker.close()
            with self._changed:
                self._workers.discard(worker)

    def _keep(self, outcome: Outcome) -> None:
        if not outcome.done:
            return
        with self._changed:
            self._kept[outcome.experiment] = outcome
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
