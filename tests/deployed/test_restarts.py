"""Each part of the deployment is killed and started again while a class of 28 answers: nothing is lost or doubled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from learners import Learner, class_of, kept, questions
from native import PARTS, REPLICAS, Deployment
from support import PATIENCE

from quiz.store import Store

pytestmark = pytest.mark.deep
CLASS = 28
THROW_OUT = (*REPLICAS, "nginx")  # who is connected to them notices at once
BETWEEN = 14  # answers that the class gives between two faults, so that each fault meets learners at work


def test_each_part_is_killed_while_a_class_works(everything: Deployment, kept_by: Store) -> None:
    """What a page called handed in is kept once, whichever part was killed, and nothing else is kept."""
    learners = class_of(CLASS, everything.url, kept_by, questions())
    asyncio.run(through_faults(everything, learners))
    for learner in learners:
        assert kept(kept_by, learner) == learner.told
    assert min(len(learner.told) for learner in learners) >= 1
    assert sum(learner.lost for learner in learners) >= CLASS  # nginx alone throws all of them out


async def through_faults(deployment: Deployment, learners: list[Learner]) -> None:
    """The class at work, and each part killed and started again meanwhile."""
    over = asyncio.Event()
    working = [asyncio.create_task(learner.work(over)) for learner in learners]
    for name in PARTS:
        await further(working, lambda: told(learners), BETWEEN)
        noticed = asyncio.create_task(further(working, lambda: thrown_out(learners), int(name in THROW_OUT)))
        await asyncio.to_thread(deployment[name].kill)
        await noticed
        await asyncio.to_thread(deployment[name].start)
    await further(working, lambda: told(learners), BETWEEN)
    over.set()
    await asyncio.wait_for(asyncio.gather(*working), PATIENCE)


async def further(working: list[asyncio.Task[None]], count: Callable[[], int], by: int) -> None:
    """Wait until a number has grown by that much; a learner who fails ends it."""
    before = count()
    async with asyncio.timeout(PATIENCE):
        while count() < before + by:
            for task in working:
                assert not task.done() or task.result(), "a learner has nothing more to answer"
            await asyncio.sleep(0.02)


def told(learners: list[Learner]) -> int:
    """How many answers the class was told of."""
    return sum(len(learner.told) for learner in learners)


def thrown_out(learners: list[Learner]) -> int:
    """How often a learner of the class has lost the server."""
    return sum(learner.lost for learner in learners)
