"""Whether a server can do its work: its database answers and has this program's tables, and experiments can run.

Asked often, it is looked up once a second. What does not answer in time counts as failed, and is not asked again while
the last question is still open, so that a database that hangs piles up no threads.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from dashboard.kit import hosting
from dashboard.serving import engine

HOLDS = 1.0  # seconds for which an answer holds
PATIENCE = 3.0  # seconds after which a part that did not answer has failed
LATE = f"gave no answer in {PATIENCE:g} s"


@dataclass(frozen=True)
class Part:
    """What was found of one part.

    Attributes:
        problem: What is wrong with it, without names of hosts; "" if nothing is.
        seconds: How long its answer took.
    """

    problem: str
    seconds: float


class Ready:
    """Asks the parts of a server.

    Args:
        parts: Each part's question by its name; it gives the problem or "", and may take long.
        patience: Seconds for an answer.
        clock: The time in seconds.
    """

    def __init__(
        self,
        parts: Mapping[str, Callable[[], str]],
        *,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._parts, self._patience, self._clock = dict(parts), patience, clock
        self._asked: dict[str, asyncio.Future[Part]] = {}
        self._found: dict[str, Part] = {}
        self._until = float("-inf")
        self._looking: asyncio.Task[None] | None = None

    async def look(self) -> Mapping[str, Part]:
        """What is known of each part now."""
        if self._clock() >= self._until:
            if self._looking is None or self._looking.done():
                self._looking = asyncio.get_running_loop().create_task(self._look())
            await asyncio.shield(self._looking)
        return self._found

    async def _look(self) -> None:
        answers = await asyncio.gather(*map(self._answer, self._parts))
        self._found = dict(zip(self._parts, answers, strict=True))
        self._until = self._clock() + HOLDS

    def _answer(self, name: str) -> Awaitable[Part]:
        if name not in self._asked or self._asked[name].done():
            self._asked[name] = asked(self._parts[name])
        return self._in_time(self._asked[name])

    async def _in_time(self, asked: asyncio.Future[Part]) -> Part:
        done, _ = await asyncio.wait([asked], timeout=self._patience)
        return asked.result() if done else Part(LATE, self._patience)


def asked(question: Callable[[], str]) -> asyncio.Future[Part]:
    """A question's answer, found in a thread of its own that keeps nobody waiting, not even at the process's end."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[Part] = loop.create_future()

    def tell(part: Part) -> None:
        if not answer.done():
            answer.set_result(part)

    def ask() -> None:
        began = time.perf_counter()
        try:
            problem = question()
        except Exception as fault:
            problem = f"failed ({type(fault).__name__})"
        part = Part(problem, time.perf_counter() - began)
        with suppress(RuntimeError):  # the loop is closed, and with it the server
            loop.call_soon_threadsafe(tell, part)

    threading.Thread(target=ask, daemon=True, name="ready").start()
    return answer


def database() -> str:
    """What is wrong with the database; on one's own machine there is none before something is kept."""
    from dashboard.kit.people import stores  # what is behind takes long to load
    from quiz.errors import AwayError, StoreError
    from quiz.store.database import SCHEMA, exists

    if not hosting.hosted() and not exists():
        return ""
    try:
        schema = stores.store().schema()
    except AwayError:
        return "cannot be reached"
    except StoreError:
        return "cannot be used; the log says why"
    return "" if schema >= SCHEMA else f"has schema {schema}; this program needs {SCHEMA}"


PARTS = {"database": database, "experiments": engine.ready}
