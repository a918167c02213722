"""What faults cost learners: half-typed answers come back, two tabs count once, bad lines and full disks lose none."""

from __future__ import annotations

import asyncio
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from bench.visitor import Visitor
from learners import Learner, class_of, kept, questions, whole
from native import Deployment
from people import HOSTED
from support import PATIENCE

from quiz.grading.grade import right_response
from quiz.load import load_bank
from quiz.schema import Numeric
from quiz.store import Store
from quiz.store.database import FILE

pytestmark = pytest.mark.deep

TYPED = next(each for each in questions() if isinstance(load_bank()[each], Numeric))
TEXT = str(right_response(load_bank()[TYPED]))


def at(deployment: Deployment, learner: Learner, replica: str) -> Visitor:
    """A tab of a learner's at the question that is typed, on that replica."""
    cookies = learner.cookies | {"unrolled_replica": replica}
    return Visitor(deployment.ports["nginx"], f"quiz?mode=practice&q={TYPED}", "203.0.113.77", cookies)


def field(visitor: Visitor) -> Any:
    """The field to type into."""
    return next(shown.widget for shown in visitor.shown.values() if shown.kind == "text_input")


def button(visitor: Visitor, label: str) -> str:
    """The key of the button whose label begins so; "" for none."""
    shown = (each for each in visitor.shown.values() if each.kind == "button")
    return next((each.key for each in shown if each.name.startswith(label)), "")


@pytest.mark.parametrize("reloaded", [True, False])
def test_half_typed_answer_comes_back_on_the_other_replica(
    deployment: Deployment, kept_by: Store, reloaded: bool
) -> None:
    """After the replica was killed the page, or the page opened anew, has what was typed, and it can be handed in."""
    (learner,) = class_of(1, deployment.url, kept_by, [TYPED])

    async def through() -> None:
        visitor = at(deployment, learner, "one")
        await visitor.open()
        whole(await visitor.give(visitor_key(visitor), TEXT))
        await asyncio.to_thread(deployment["replica-1"].kill)
        if reloaded:
            await visitor.close()
            visitor = at(deployment, learner, "one")
        whole(await visitor.open())
        assert visitor.cookies["unrolled_replica"] == "two"
        shown = field(visitor)
        states = {name: state.string_value for name, state in visitor.states.items()}
        assert TEXT in (shown.default, states.get(shown.id))
        whole(await visitor.change(button(visitor, "Check"), 1))
        await visitor.close()

    try:
        asyncio.run(through())
    finally:
        deployment["replica-1"].start()
    assert [given.response for given in kept_by.attempts(learner.person.learner)] == [TEXT]


def visitor_key(visitor: Visitor) -> str:
    """The key of the field."""
    return next(shown.key for shown in visitor.shown.values() if shown.kind == "text_input")


def test_two_tabs_on_two_replicas_count_an_answer_once(deployment: Deployment, kept_by: Store) -> None:
    """The same question handed in from two tabs, each with a replica of its own, is one attempt."""
    (learner,) = class_of(1, deployment.url, kept_by, [TYPED])

    async def through() -> list[str]:
        tabs = [at(deployment, learner, replica) for replica in ("one", "two")]
        for tab in tabs:
            await tab.open()
            whole(await tab.give(visitor_key(tab), TEXT))
        await asyncio.gather(*(tab.change(button(tab, "Check"), 1) for tab in tabs))
        ways = [button(tab, "Next question") for tab in tabs]
        await asyncio.gather(*(tab.close() for tab in tabs))
        return ways

    assert all(asyncio.run(through()))
    assert kept(kept_by, learner) == [TYPED]


class Line:
    """A line to a server that is slow and breaks: each connection is cut after some bytes, or never begins."""

    def __init__(self, port: int, chance: random.Random) -> None:
        self.to, self.chance, self.cut = port, chance, 0

    async def open(self) -> int:
        """Begin, and give the port to connect to."""
        self.server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        return int(self.server.sockets[0].getsockname()[1])

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        left = [self.chance.choice([0, 2_000, 90_000, 200_000, 400_000, 10_000_000])]
        with suppress(OSError):
            there, back = await asyncio.open_connection("127.0.0.1", self.to)
            ways = [self._pass(reader, back, left), self._pass(there, writer, left)]
            tasks = [asyncio.create_task(way) for way in ways]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            back.transport.abort()
        self.cut += left[0] <= 0
        writer.transport.abort()  # no goodbye, as when a phone leaves its network

    async def _pass(self, source: asyncio.StreamReader, to: asyncio.StreamWriter, left: list[int]) -> None:
        with suppress(OSError):
            while left[0] > 0 and (data := await source.read(1_400)):
                left[0] -= len(data)
                to.write(data)
                await to.drain()
                await asyncio.sleep(0.001 * self.chance.random())


@pytest.mark.deep
def test_slow_lines_that_break(deployment: Deployment, kept_by: Store) -> None:
    """Over lines that are slow and cut at any byte, what a page called handed in is kept, once, and nothing else."""
    learners = class_of(4, deployment.url, kept_by, questions()[:8])

    async def through() -> int:
        line = Line(deployment.ports["nginx"], random.Random(3))
        port = await line.open()
        for learner in learners:
            learner.port, learner.visitor.url = port, f"127.0.0.1:{port}"
        async with line.server:
            await asyncio.wait_for(asyncio.gather(*(learner.work() for learner in learners)), 2 * PATIENCE)
        return line.cut

    assert asyncio.run(through()) >= 4
    for learner in learners:
        assert kept(kept_by, learner) == learner.told
        assert learner.done


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB that can be filled and made read-only; only root can make one."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], capture_output=True)
    if made.returncode:
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def fill(disk: Path) -> Callable[[], None]:
    """Fill it to the last byte; what is returned makes room again."""
    filler = disk / "filler"
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"x" * 4_096):
            pass
    return filler.unlink


@pytest.mark.deep
def test_answer_waits_while_the_disk_is_full(start_server: Callable[..., Any], small_disk: Path) -> None:
    """On a full disk the page says that nothing is saved and keeps the answer; with room again it is kept, once."""
    server = start_server(
        (sys.executable, "-m", "dashboard.launch"),
        hosted=True,
        variables=HOSTED | {"UNROLLED_DATA": str(small_disk)},
    )
    with Store.open(small_disk / FILE) as store:
        (learner,) = class_of(1, server.url, store, questions()[:4])

        async def through() -> None:
            working = asyncio.create_task(learner.work())
            await told(learner, 1)
            undo = await asyncio.to_thread(fill, small_disk)
            await said(learner, "Hand it in now")
            assert len(kept(store, learner)) == len(learner.told)
            undo()
            await asyncio.wait_for(working, PATIENCE)

        asyncio.run(through())
        assert kept(store, learner) == learner.told == list(learner.ids)


def test_server_comes_up_on_a_read_only_disk(start_server: Callable[..., Any], small_disk: Path) -> None:
    """The page says that nothing is saved, and takes no answer; once the disk can be written to, work goes on."""
    command = (sys.executable, "-m", "dashboard.launch")
    start = partial(start_server, command, hosted=True, variables=HOSTED | {"UNROLLED_DATA": str(small_disk)})
    before = start()
    with Store.open(small_disk / FILE) as store:
        (learner,) = class_of(1, before.url, store, questions()[:3])
    before.process.terminate()
    before.process.wait(PATIENCE)
    remount(small_disk, "ro")  # nothing may be open for writing then
    start(port=learner.port)

    async def through() -> None:
        await learner.visitor.open()
        (alert,) = (shown.widget.body for shown in learner.visitor.shown.values() if shown.kind == "alert")
        assert "The database cannot be used" in alert
        assert not button(learner.visitor, "Check")
        await learner.visitor.close()
        working = asyncio.create_task(learner.work())
        await asyncio.to_thread(remount, small_disk, "rw")
        await asyncio.wait_for(working, PATIENCE)

    asyncio.run(through())
    with Store.open(small_disk / FILE) as store:
        assert kept(store, learner) == learner.told == list(learner.ids)


def remount(disk: Path, how: str) -> None:
    """Make a disk read-only, "ro", or let it be written to, "rw"."""
    subprocess.run(["mount", "-o", f"remount,{how}", disk], check=True)


async def told(learner: Learner, number: int) -> None:
    """Wait until the learner has been told of so many answers."""
    async with asyncio.timeout(PATIENCE):
        while len(learner.told) < number:
            await asyncio.sleep(0.02)


async def said(learner: Learner, label: str) -> None:
    """Wait until the learner's page has that button."""
    async with asyncio.timeout(PATIENCE):
        while not button(learner.visitor, label):
            await asyncio.sleep(0.02)
