"""Jobs as every engine keeps them: whose they are, how far they have come, the limits, and results kept by settings.

A job is one learner's list of work: experiments, or a course of training. Its outcomes arrive one by one and grow
while they run; a page polls them and says with each poll that it is still looking (`Job.watched`). A job nobody has
looked at for `PATIENCE` seconds is cancelled: closing a page needs no goodbye, and one that was reloaded finds its job
meanwhile by its owner, even if it has just been finished. A job belongs to the server that began it; of several behind
one address, the proxy keeps a visitor on one. Knows nothing of Streamlit.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from core.course import Course
from core.errors import InputError
from core.experiments import Experiment, Outcome
from core.work import Result, Work

PATIENCE = 20.0
MOST_RUNS = 120  # pieces of work in one job
MOST_JOBS = 12  # jobs of experiments with work left, of all learners of one server together
MOST_COURSES = 100  # jobs of training with steps left: short ones, of which a class begins one each
MOST_KEPT = 3_000  # finished outcomes of experiments, some kilobytes each


class Job:
    """One learner's work, made by an engine's `submit`; safe to read from any thread.

    Attributes:
        plan: What was asked for.
        problem: Why it ended early; empty if it did not.
        cancelled: Whether it was cancelled, by the learner or because nobody looked.
        began: When it was asked for, in `time.monotonic` seconds.
    """

    def __init__(self, plan: Sequence[Work], patience: float, ended: Callable[[], None]) -> None:
        self.plan = tuple(dict.fromkeys(plan))
        self.problem = ""
        self.cancelled = False
        self.began = time.monotonic()
        self._ended: float | None = None
        self._tell = ended
        self._patience = patience
        self._seen = self.began
        self._outcomes: dict[Work, Result] = {}
        self._pending: deque[Work] = deque()

    @property
    def outcomes(self) -> Mapping[Work, Result]:
        """What there is so far, by piece of work; some of it may still be growing."""
        return MappingProxyType(self._outcomes.copy())  # one step for the interpreter, so no other thread is in between

    @property
    def experiments(self) -> tuple[tuple[Experiment, ...], Mapping[Experiment, Outcome]]:
        """The plan and what there is so far, of its experiments alone."""
        pairs = {k: v for k, v in self.outcomes.items() if isinstance(k, Experiment) and isinstance(v, Outcome)}
        return tuple(work for work in self.plan if isinstance(work, Experiment)), pairs

    @property
    def trains(self) -> bool:
        """Whether it is a course of training, and no experiments."""
        return all(isinstance(work, Course) for work in self.plan)

    @property
    def done(self) -> int:
        """Pieces of work that have ended."""
        return sum(outcome.done for outcome in self.outcomes.values())

    @property
    def running(self) -> bool:
        """Whether there is work left and nothing has ended it."""
        return not self.over and self.done < len(self.plan)

    @property
    def over(self) -> bool:
        """Whether it was ended before its last piece of work: cancelled, abandoned or failed."""
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

    def _left(self) -> bool:
        """Whether nobody will come back for it: it is over, or was finished some time ago."""
        ended = self._ended
        return self._abandoned() or (ended is not None and time.monotonic() - ended > self._patience)

    def _abandoned(self) -> bool:
        """Cancel it if nobody has looked for a while; whether it is over."""
        if self.running and time.monotonic() - self._seen > self._patience:
            self.cancel()
        return self.over

    def _put(self, work: Work, outcome: Result) -> None:
        if self.over:  # what was seen when it was ended stays as it was
            return
        self._outcomes[work] = outcome
        if self.done == len(self.plan):
            self._end()

    def _fail(self, problem: str) -> None:
        self.problem = problem
        self._end()

    def _end(self) -> None:
        self._ended = time.monotonic() if self._ended is None else self._ended
        self._tell()


class Engine(Protocol):
    """What runs jobs, as pages see it."""

    @property
    def away(self) -> bool:
        """Whether it is known not to run anything now; jobs wait, and go on by themselves."""

    @property
    def load(self) -> tuple[int, int]:
        """Pieces of work that are done now, and those that wait."""

    def submit(self, owner: str, plan: Sequence[Work]) -> Job:
        """Ask for work, see `Desk.submit`."""

    def find(self, owner: str) -> Job | None:
        """An owner's job, see `Desk.find`."""

    def ready(self) -> str:
        """Why experiments cannot run now, for whoever keeps the server; empty when they can. Never waits."""

    def close(self) -> None:
        """Cancel everything and let go of all it holds."""


class Desk:
    """Takes jobs in and keeps what they came to; engines derive from it and take `Job._pending` on.

    Args:
        patience: Seconds after which a job nobody looks at is cancelled.
    """

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._changed = threading.Condition()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._kept: OrderedDict[Work, Result] = OrderedDict()
        self._closed = False

    @property
    def away(self) -> bool:
        """Whether it is known not to run anything now."""
        return False

    @property
    def load(self) -> tuple[int, int]:
        """Pieces of work that are done now, and those that wait to be taken on."""
        with self._changed:
            waiting = sum(len(job._pending) for job in self._jobs.values() if job.running)
            left = sum(len(job.plan) - job.done for job in self._jobs.values() if job.running)
            return max(0, left - waiting), waiting

    def submit(self, owner: str, plan: Sequence[Work]) -> Job:
        """Ask for work; an owner's job before this one is cancelled.

        Args:
            owner: Whose job it is, such as a session's own name.
            plan: What to do, in this order as far as several processes allow.

        Raises:
            InputError: Too much in one job, or too many jobs at work; the message may be shown.
        """
        job = Job(plan, self._patience, self._stirred)
        if len(job.plan) > MOST_RUNS:
            raise InputError(f"These are {len(job.plan)} runs; at most {MOST_RUNS} are made at once. Ask for fewer.")
        with self._changed:
            if (before := self._jobs.pop(owner, None)) and before.running:
                before.cancel()
            self._forget()
            alike = [other for other in self._jobs.values() if other.running and other.trains == job.trains]
            if len(alike) >= (MOST_COURSES if job.trains else MOST_JOBS):
                raise InputError("This server is busy with other learners' runs. Try again in a minute.")
            for work in job.plan:
                if work in self._kept:
                    job._put(work, self._kept[work])
                else:
                    job._pending.append(work)
            if job._pending and not self._closed:
                self._jobs[owner] = job
                self._hand_out(job)
        return job

    def find(self, owner: str) -> Job | None:
        """An owner's job, while there is work left of it or it was finished a moment ago, as a reload may be slower."""
        with self._changed:
            self._forget()
            return self._jobs.get(owner)

    def ready(self) -> str:
        """Why experiments cannot run now; empty when they can."""
        return "Closed: the server ends." if self._closed else ""

    def close(self) -> None:
        """Cancel everything."""
        with self._changed:
            self._closed = True
            for job in self._jobs.values():
                job.cancel()
            self._jobs.clear()
            self._changed.notify_all()

    def _hand_out(self, job: Job, /) -> None:
        """Begin with a job that was taken in; called with the lock held."""
        raise NotImplementedError

    def _stirred(self) -> None:
        """Take notice that a job has ended; called from any thread."""

    def _forget(self) -> None:
        """Let go of jobs that nobody will come back for."""
        for owner in [owner for owner, job in self._jobs.items() if job._left()]:
            del self._jobs[owner]

    def _keep(self, work: Work, outcome: Result) -> None:
        """Keep what an experiment came to; a course may be made of a learner's own data, which no visit outlives."""
        if not outcome.done or isinstance(work, Course):
            return
        with self._changed:
            self._kept[work] = outcome
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
