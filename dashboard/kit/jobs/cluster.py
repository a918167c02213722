"""Jobs on a Dask cluster: the same experiments and outcomes as in `pool`, on machines of their own.

One thread holds the connection. Whatever ends it (a scheduler that restarts, hangs or cannot be reached), a new one is
made, and what has not ended is handed out again: a run is decided by its settings, so it comes to the same outcome, and
what was seen of it stays. A worker's death is Dask's affair, which runs its tasks elsewhere. The first experiments of
all jobs go before the second of any. When this server is gone, the scheduler lets go of what it asked for.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from core.work import Work, grown, nothing, sent
from dashboard.kit.jobs.desk import PATIENCE, Desk, Job
from dashboard.kit.jobs.there import fingerprint, run_there

if TYPE_CHECKING:
    from distributed import Client

TICK = 0.25  # seconds between two looks at the jobs; what begins or ends one is noticed at once
LOOK = 2.0  # seconds between two looks at the scheduler and its workers
CONNECT = 5.0  # seconds in which it must take a connection
ANSWER = 10.0  # seconds in which it must answer
AGAIN = 1.0  # seconds until the next try to reach it
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Handed:
    """A piece of work that was handed out."""

    job: Job
    place: int
    work: Work
    future: Any
    """Its `distributed.Future`."""
    task: asyncio.Task[None]
    """Waits for its end."""


class Cluster(Desk):
    """A Dask cluster, shared by all sessions of a server.

    Args:
        address: Where its scheduler listens, such as "tcp://scheduler:8786"; Dask's own configuration has the options
            of TLS.
        patience: Seconds after which a job nobody looks at is cancelled.
    """

    def __init__(self, address: str, *, patience: float = PATIENCE) -> None:
        super().__init__(patience)
        self._address = address
        self._topic = f"unrolled-{uuid4().hex}"
        self._problem = f"The Dask scheduler at {address} is being connected to."
        self._tried = self._lost = False
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._wake = asyncio.Event()
        self._handed: dict[str, Handed] = {}
        self._begun: set[Job] = set()

    @property
    def away(self) -> bool:
        """Whether the scheduler did not answer when it was last asked, or has no worker."""
        return self._tried and bool(self._problem)

    def ready(self) -> str:
        """Why experiments cannot run now; empty when they can. The first call begins to connect and does not wait."""
        with self._changed:
            self._begin()
        return self._problem

    def close(self) -> None:
        """Cancel everything and leave the cluster."""
        super().close()
        if self._loop is not None and self._main is not None:
            with suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(self._main.cancel)
        if self._thread is not None:
            self._thread.join(ANSWER)

    def _hand_out(self, _: Job, /) -> None:
        self._begin()
        self._stirred()

    def _stirred(self) -> None:
        if self._loop is not None:
            with suppress(RuntimeError):  # closed; nothing is left to take notice
                self._loop.call_soon_threadsafe(self._wake.set)

    def _begin(self) -> None:
        if self._thread is None and not self._closed:
            self._thread = threading.Thread(target=self._run, name="cluster", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(self._serve())

    async def _serve(self) -> None:
        """What the thread does: keep up a connection."""
        self._loop, self._main = asyncio.get_running_loop(), asyncio.current_task()
        while not self._closed:
            try:
                await self._connected()
            except Exception as problem:  # whatever it was, the next try begins from nothing
                if not (self.away or self._closed):
                    LOG.warning("The Dask scheduler at %s does not answer: %r", self._address, problem)
            self._problem, self._tried = f"The Dask scheduler at {self._address} does not answer.", True
            await asyncio.sleep(AGAIN)

    async def _connected(self) -> None:
        """Hand out and follow experiments over one connection, until it is lost."""
        from distributed import Client  # takes most of a second, which no page waits for here

        client: Client = Client(
            self._address, asynchronous=True, set_as_default=False, timeout=CONNECT, name="unrolled"
        )
        self._lost = False
        try:
            await client
            client.subscribe_topic(self._topic, self._grown)
            await self._work(client)
        finally:
            for handed in self._handed.values():
                handed.task.cancel()
            self._handed.clear()
            self._begun.clear()
            with suppress(Exception):
                await client.close(CONNECT)

    async def _work(self, client: Client) -> None:
        loop, look = asyncio.get_running_loop(), 0.0
        while client.status == "running" and not (self._lost or self._closed):
            self._wake.clear()
            if loop.time() >= look:
                async with asyncio.timeout(ANSWER):
                    workers = await client.nthreads()
                none = f"The Dask scheduler at {self._address} has no worker."
                self._problem, self._tried, look = "" if workers else none, True, loop.time() + LOOK
            self._hand(client)
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK):
                    await self._wake.wait()
        raise ConnectionError("the connection was lost")

    def _hand(self, client: Client) -> None:
        """Hand out what is asked for, and let go of what no longer is."""
        with self._changed:
            self._forget()
            jobs = set(self._jobs.values())
        for handed in self._handed.values():
            if handed.job.over:
                handed.task.cancel()
        for job in jobs - self._begun:
            self._begun.add(job)
            for place, work in enumerate(job.plan):
                if work not in job.outcomes or not job.outcomes[work].done:
                    self._start(client, job, place, work)
        self._begun &= jobs

    def _start(self, client: Client, job: Job, place: int, work: Work) -> None:
        key = f"experiment-{uuid4().hex}"
        asked = sent(work), key, self._topic, fingerprint()
        future = client.submit(run_there, *asked, key=key, priority=-place)
        task = asyncio.create_task(self._follow(client, key))
        self._handed[key] = Handed(job, place, work, future, task)

    def _grown(self, event: tuple[float, dict[str, Any]]) -> None:
        """Take in how far some work is; what is told a second time, by another worker, adds nothing."""
        self._problem = ""
        _, told = event
        handed = self._handed.get(told["key"])
        if handed is not None:
            work = handed.work
            had = handed.job.outcomes.get(work, nothing(work))
            handed.job._put(work, grown(work, had, told["outcome"], told["since"]))

    async def _follow(self, client: Client, key: str) -> None:
        """Wait for the end of one piece of work; let go of it then, or when its job is over."""
        from distributed import KilledWorker

        handed = self._handed[key]
        job, work = handed.job, handed.work
        try:
            told = await handed.future
            self._problem = ""
            if told.get("error"):
                job._fail(told["error"])
            elif told:
                outcome = grown(work, job.outcomes.get(work, nothing(work)), told)
                self._keep(work, outcome)
                job._put(work, outcome)
            elif not job.over:  # its worker was on the way out
                self._start(client, job, handed.place, work)
        except (CancelledError, OSError):  # the connection was lost, or somebody restarted the cluster
            self._lost = True
            self._wake.set()
        except KilledWorker:
            job._fail("Each process that ran one of the experiments ended before it. Run fewer or smaller ones.")
        except Exception as problem:
            LOG.exception("The cluster could not run %s", work)
            job._fail(f"The cluster could not run it: {type(problem).__name__}. The server's log has more.")
        finally:
            self._handed.pop(key, None)
            handed.future.release()
