"""Jobs on processes of this machine, which start when there is work and end when there is none for `IDLE` seconds.

Dask's own clusters on one machine do not replace them: beside the pages they hold 4 to 8 times the memory and give the
server's part of it not back, and one runs the page's script again in each worker while the other outlives a server that
is killed. `tests/bench/local_cluster.py` measures it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from core.work import Work
from dashboard.kit.jobs.desk import PATIENCE, Desk, Job
from dashboard.kit.jobs.worker import Worker, WorkerDied

IDLE = 15.0


class Pool(Desk):
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
        super().__init__(patience)
        self._most, self._idle, self._make_worker = workers, idle, make_worker
        self._workers: set[Worker] = set()
        self._threads = self._resting = 0

    @property
    def processes(self) -> int:
        """Processes there are now, at work or waiting."""
        with self._changed:
            return sum(worker.alive for worker in self._workers)

    def close(self) -> None:
        """Cancel everything and end every process."""
        with self._changed:
            super().close()
            for worker in self._workers:
                worker.kill()

    def _hand_out(self, job: Job, /) -> None:
        del job  # whoever rests may have work of others before it
        waiting = sum(len(each._pending) for each in self._jobs.values() if each.running)
        for _ in range(min(self._most - self._threads, waiting - self._resting)):
            self._threads += 1
            threading.Thread(target=self._work, name="experiments", daemon=True).start()
        self._changed.notify_all()

    def _take(self) -> tuple[Job, Work] | None:
        """The next piece of work, of each job in turn; None when there is nothing to do for `idle` seconds."""
        until = time.monotonic() + self._idle
        with self._changed:
            while not self._closed:
                self._forget()
                for owner, job in list(self._jobs.items()):
                    if job._pending:
                        self._jobs.move_to_end(owner)
                        return job, job._pending.popleft()
                if (left := until - time.monotonic()) <= 0:
                    break
                self._resting += 1
                self._changed.wait(left)  # after its end too there may be work, handed to whoever was resting
                self._resting -= 1
            self._threads -= 1
            return None

    def _work(self) -> None:
        """What each thread does: hold one process, and keep it busy while there is work."""
        worker: Worker | None = None
        while taken := self._take():
            job, work = taken
            try:
                if worker is None or not worker.alive:
                    worker = self._started(worker)
                for outcome in worker.run(work, job._abandoned):
                    job._put(work, outcome)
                    self._keep(work, outcome)
            except (WorkerDied, OSError) as problem:
                job._fail(str(problem))
        self._ended(worker)

    def _started(self, before: Worker | None) -> Worker:
        self._ended(before)
        worker = self._make_worker()
        with self._changed:
            self._workers.add(worker)
            if self._closed:
                worker.kill()
        return worker

    def _ended(self, worker: Worker | None) -> None:
        if worker is not None:
            worker.close()
            with self._changed:
                self._workers.discard(worker)
