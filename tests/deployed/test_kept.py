"""Backup, restoring and upgrading, by the very commands of docs/hosting.md."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import subprocess
import sys
import urllib.request
from itertools import count
from pathlib import Path

import pytest
from learners import Learner, class_of, kept, questions
from native import HERE, LOOPBACK, REPLICAS, Deployment, postgresql_binaries
from support import PATIENCE

from quiz.store import Store
from quiz.store.database import FILE

pytestmark = pytest.mark.deep

IN_COMPOSE = "docker compose -f deploy/compose.yaml exec -T postgresql"
GUIDE = HERE.parent / "docs" / "hosting.md"


def command(begins: str) -> str:
    """The command of the guide that begins so."""
    found = [line for line in GUIDE.read_text(encoding="utf-8").splitlines() if line.startswith(begins)]
    assert len(found) == 1, f"{len(found)} lines of the guide begin with {begins!r}"
    return found[0]


def inside(line: str) -> list[str]:
    """What a line has the database's container do."""
    found = re.fullmatch(r"docker compose .* exec -T postgresql (.*?)( [<>] \S+)?", line)
    assert found, line
    return shlex.split(found[1])


def at_postgresql(deployment: Deployment, line: str, given: bytes = b"") -> bytes:
    """Do that at the native deployment's database, and give what it prints."""
    words = inside(line)
    words[0] = str(postgresql_binaries() / words[0])
    there = {"PGHOST": LOOPBACK, "PGPORT": str(deployment.ports["postgresql"])}
    return subprocess.run(words, env=os.environ | there, input=given, capture_output=True, check=True).stdout


async def answered(learners: list[Learner]) -> None:
    """Have them answer all."""
    await asyncio.wait_for(asyncio.gather(*(learner.work() for learner in learners)), PATIENCE)


@pytest.mark.deep
def test_postgresql_comes_back_from_its_backup(deployment: Deployment, kept_by: Store) -> None:
    """A dump that was made while learners answer is whole: all answered before it is there after a restore."""
    before, during = (class_of(n, deployment.url, kept_by, questions()[:3]) for n in (2, 4))
    asyncio.run(answered(before))

    async def dumped() -> bytes:
        working = asyncio.create_task(answered(during))
        dump = await asyncio.to_thread(at_postgresql, deployment, command(f"{IN_COMPOSE} pg_dump"))
        await working
        return dump

    dump = asyncio.run(dumped())
    for replica in REPLICAS:
        deployment[replica].stop()
    try:
        for learner in before:
            kept_by.delete(learner.person.learner)
        for begins in ("dropdb", "createdb"):
            at_postgresql(deployment, command(f"{IN_COMPOSE} {begins}"))
        at_postgresql(deployment, command(f"{IN_COMPOSE} pg_restore"), dump)
    finally:
        for replica in REPLICAS:
            deployment[replica].start()
    with Store.open(deployment.database) as restored:
        for learner in before:
            assert kept(restored, learner) == learner.told == list(learner.ids)
        for learner in during:
            assert kept(restored, learner) == learner.told[: len(kept(restored, learner))]
            assert restored.cards(learner.person.learner).keys() == set(kept(restored, learner))


def test_sqlite_comes_back_from_its_backup(tmp_path: Path) -> None:
    """The guide's copy of a file that is in use has everything that was kept until then, and can be opened."""
    from classroom import Room, people

    with Store.open(tmp_path / FILE) as store:
        room = Room(store)
        for learner in people(3):
            room.join(learner)
            room.answer(learner, "q1")
        words = shlex.split(command("uv run python -c"))
        assert words[:3] == ["uv", "run", "python"]
        words = [sys.executable, *words[3:-2], str(tmp_path / FILE), str(tmp_path / "copy")]
        subprocess.run(words, check=True, capture_output=True)
        room.answer(people(1)[0], "q2")
        with Store.open(tmp_path / "copy") as copy:
            assert [len(copy.attempts(learner)) for learner in people(3)] == [1, 1, 1]
            assert len(store.attempts(people(1)[0])) == 2


@pytest.mark.deep
def test_upgrade_loses_no_answer(deployment: Deployment, kept_by: Store) -> None:
    """Replicas stopped and started anew, one after the other: no newcomer is refused, nothing is lost or doubled."""
    learners = class_of(8, deployment.url, kept_by, questions())
    refused: list[str] = []

    async def newcomers(over: asyncio.Event) -> None:
        """Somebody new opens the first page, four times a second."""
        for number in count():
            if over.is_set():
                return
            headers = {"Accept": "text/html", "X-Forwarded-For": f"198.51.100.{number % 250 + 1}"}
            try:
                asked = urllib.request.Request(deployment.url, headers=headers)
                with await asyncio.to_thread(urllib.request.urlopen, asked, timeout=PATIENCE) as answer:
                    assert answer.status == 200
            except OSError as problem:
                refused.append(str(problem))
            await asyncio.sleep(0.25)

    async def through() -> list[int]:
        over, codes = asyncio.Event(), []
        working = [asyncio.create_task(learner.work(over)) for learner in learners]
        coming = asyncio.create_task(newcomers(over))
        for replica in REPLICAS:
            so_far = sum(len(learner.told) for learner in learners)
            async with asyncio.timeout(PATIENCE):
                while sum(len(learner.told) for learner in learners) < so_far + 8:
                    await asyncio.sleep(0.02)
            codes.append(await asyncio.to_thread(deployment[replica].stop))
            await asyncio.to_thread(deployment[replica].start)
        over.set()
        await asyncio.wait_for(asyncio.gather(*working, coming), PATIENCE)
        return codes

    assert asyncio.run(through()) == [0, 0]
    assert refused == []
    for learner in learners:
        assert kept(kept_by, learner) == learner.told
