"""What two replicas behind nginx hold, with PostgreSQL and Dask, all started natively from the files in deploy/.

    export PYTHONPATH=tests:deploy
    uv run --all-extras python tests/bench/deployed.py load [--page forward] [-n 200] [--seconds 60]
    ... deployed.py arrive [-n 30] [--within 5]      a class comes
    ... deployed.py answer [-n 100] [--each 5]       learners answer at once; what is lost and what is doubled
    ... deployed.py busy [--page forward] [-n 50]    the same load without experiments and with them, in turns
    ... deployed.py soak [--minutes 30] [-n 40]      memory while visitors come and go; what is left when all have gone

Visitors and replicas share this machine: on two cores the visitors take about a third of one. Give a machine that does
nothing else. The budgets: 200 on a lesson p95 < 500 ms, 200 on the Inspector p95 < 800 ms, 30 that arrive within 5 s
each have their page within 5 s, no answer lost or doubled, p95 within 20 % while experiments run, growth under 10 %.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import streamlit
from learners import class_of, kept, questions
from native import PARTS, REPLICAS, Deployment
from server import EVERY, Server, changeable, coming, milliseconds, share, working
from visitor import PATIENCE, Traffic, Visitor
from websockets.exceptions import WebSocketException

from quiz.store import Store

AT_ONCE = 6  # visitors that open their page at the same time, before what is measured begins
RUNNING = "compare"  # the page whose experiments `busy` runs
FOLD, RUN = "deeper-compare-tasks", "Run it again here"
LARGE = {"UNROLLED_SESSIONS": "400", "UNROLLED_SESSIONS_PER_ADDRESS": "400"}


@contextmanager
def deployed(parts: Sequence[str] = PARTS) -> Iterator[tuple[Deployment, list[Server]]]:
    """The deployment and its replicas' processes."""
    began = time.perf_counter()
    with Deployment(variables=LARGE, parts=tuple(parts)) as started:
        healthy = time.perf_counter() - began
        yield started, [Server(started.ports[name], started[name].pid, healthy) for name in REPLICAS]


async def opened(port: int, page: str, number: int) -> list[Visitor]:
    """Visitors on a page, each from an address of their own."""
    visitors = [Visitor(port, page, f"203.0.{113 + k // 250}.{k % 250 + 1}") for k in range(number)]
    turn = asyncio.Semaphore(AT_ONCE)

    async def come(visitor: Visitor) -> None:
        async with turn:
            await visitor.open()

    await asyncio.gather(*(come(visitor) for visitor in visitors))
    return visitors


async def leave(visitors: Sequence[Visitor]) -> None:
    """All go."""
    await asyncio.gather(*(visitor.close() for visitor in visitors))


async def worked(visitors: Sequence[Visitor], name: str, seconds: float) -> list[Traffic]:
    """All change a widget every few seconds, for so long."""
    until = time.perf_counter() + seconds
    taken = await asyncio.gather(*(working(visitor, name, until) for visitor in visitors))
    return [traffic for each in taken for traffic in each]


async def load(args: argparse.Namespace) -> None:
    """A row: how long a figure takes while many change something."""
    print("| page | sessions | by replica | changes | figure median | p95 | lost | all p95 | CPU | memory |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    with deployed(PARTS[:1] + PARTS[-3:]) as (started, servers):
        visitors = await opened(started.ports["nginx"], args.page, args.n)
        name = args.widget or changeable(visitors[0])[0].key
        await worked(visitors, name, EVERY)  # warm up
        began, before = time.perf_counter(), [server.cpu() for server in servers]
        found = await worked(visitors, name, args.seconds)
        spent = time.perf_counter() - began
        cpu = [(server.cpu() - used) / spent for server, used in zip(servers, before, strict=True)]
        shown = [t.shown for t in found if t.shown is not None]
        whole = [t.finished for t in found if t.finished is not None]
        split = Counter(visitor.cookies["unrolled_replica"] for visitor in visitors)
        print(
            f"| /{args.page} | {args.n} | {split['one']} + {split['two']} | {len(found)} | {milliseconds(shown)} "
            f"| {share(shown)} | {len(found) - len(shown)} | {share(whole)} | {' + '.join(f'{c:.0%}' for c in cpu)} "
            f"| {' + '.join(f'{server.memory():.0f}' for server in servers)} MB |"
        )
        await leave(visitors)


async def arrive(args: argparse.Namespace) -> None:
    """A row: how long each of a class waits for the first page, on replicas that have just started."""
    print("| sessions | within | median | slowest | lost |\n|---|---|---|---|---|")
    with deployed(PARTS[:1] + PARTS[-3:]) as (started, _):
        visitors = [Visitor(started.ports["nginx"], args.page, f"203.0.113.{k + 1}") for k in range(args.n)]
        waits = [args.within * k / args.n for k in range(args.n)]
        taken = await asyncio.gather(*(coming(v, w) for v, w in zip(visitors, waits, strict=True)))
        there = [seconds for seconds in taken if seconds is not None]
        print(
            f"| {args.n} | {args.within:g} s | {statistics.median(there):.1f} s | {max(there):.1f} s "
            f"| {args.n - len(there)} |"
        )
        await leave(visitors)


async def answer(args: argparse.Namespace) -> None:
    """A row: learners who answer at once, and what is kept of it."""
    print("| learners | answers told | kept | lost | doubled | seconds |\n|---|---|---|---|---|---|")
    with deployed(PARTS[:1] + PARTS[-3:]) as (started, _), Store.open(started.database) as store:
        learners = await asyncio.to_thread(class_of, args.n, started.url, store, questions()[: args.each])
        began = time.perf_counter()
        await asyncio.gather(*(learner.work() for learner in learners))
        spent = time.perf_counter() - began
        told = Counter((learner.number, each) for learner in learners for each in learner.told)
        there = Counter((learner.number, each) for learner in learners for each in kept(store, learner))
        print(
            f"| {args.n} | {told.total()} | {there.total()} | {(told - there).total()} | {(there - told).total()} "
            f"| {spent:.0f} |"
        )


async def busy(args: argparse.Namespace) -> None:
    """A row for each turn: the same load without experiments and with them."""
    print("| experiments | changes | figure median | p95 | lost |\n|---|---|---|---|---|")
    with deployed() as (started, _):
        port = started.ports["nginx"]
        visitors = await opened(port, args.page, args.n)
        name = args.widget or changeable(visitors[0])[0].key
        await worked(visitors, name, EVERY)
        for turn in range(2 * args.turns):
            at_work = [asyncio.create_task(experimenting(port, k)) for k in range(2 * (turn % 2))]
            found = await worked(visitors, name, args.seconds)
            for each in at_work:
                each.cancel()
            ended = await asyncio.gather(*at_work, return_exceptions=True)
            assert all(isinstance(each, asyncio.CancelledError) for each in ended), ended
            shown = [t.shown for t in found if t.shown is not None]
            print(
                f"| {'run' if turn % 2 else 'none'} | {len(found)} | {milliseconds(shown)} | {share(shown)} "
                f"| {len(found) - len(shown)} |",
                flush=True,
            )
        await leave(visitors)


async def experimenting(port: int, number: int) -> None:
    """Run one comparison after the other, and look at it, until cancelled."""
    visitor = Visitor(port, RUNNING, f"198.51.100.{number + 1}")
    try:
        await visitor.open()
        await visitor.unfold(FOLD)
        while True:
            await visitor.change(RUN, 1)
            assert visitor.refreshed, "the runs did not begin"
            while visitor.refreshed:
                await visitor.watch(1)
    finally:
        await visitor.close()


async def soak(args: argparse.Namespace) -> None:
    """A row a minute: memory while visitors come, work for half a minute and go; the last row is a minute after."""
    print("| minute | sessions so far | memory | changes | figure p95 |\n|---|---|---|---|---|")
    pages, gone = ("forward", "inspector", "gates", "quiz?mode=practice", "gradients"), 0
    with deployed(PARTS[:1] + PARTS[-3:]) as (started, servers):
        for minute in range(int(args.minutes)):
            found: list[Traffic] = []
            for _ in range(2):
                taken = await asyncio.gather(*(stay(started.ports["nginx"], pages, k, 30) for k in range(args.n)))
                found += [traffic for each in taken for traffic in each]
                gone += args.n
            row(minute + 1, gone, servers, found)
        await asyncio.sleep(150)  # longer than a lost session is kept
        row("after all left", gone, servers, [])
        for server in servers:
            print(f"pages that are open: {open_pages(server.port)}")


async def stay(port: int, pages: Sequence[str], number: int, seconds: float) -> list[Traffic]:
    """Come to a page, change something every few seconds, and go."""
    visitor = Visitor(port, pages[number % len(pages)], f"203.0.113.{number + 1}")
    taken: list[Traffic] = []
    try:
        await asyncio.sleep(seconds / 3 * number / max(1, number + 1))
        await visitor.open()
        until = time.perf_counter() + seconds / 2
        while time.perf_counter() < until and (there := changeable(visitor)):
            taken.append(await visitor.change(there[len(taken) % len(there)].key, len(taken) + 1))
            await asyncio.sleep(EVERY / 2)
    except (OSError, WebSocketException, LookupError) as problem:
        print(f"lost: {problem!r}", flush=True)
    finally:
        await visitor.close()
    return taken


def row(when: object, gone: int, servers: Sequence[Server], found: Sequence[Traffic]) -> None:
    """Print one line of the soak."""
    shown = [t.shown for t in found if t.shown is not None]
    memory = " + ".join(f"{server.memory():.0f}" for server in servers)
    print(f"| {when} | {gone} | {memory} MB | {len(found)} | {share(shown)} |", flush=True)


def open_pages(port: int) -> str:
    """How many pages a replica says are open."""
    import urllib.request

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answered:
        lines = answered.read().decode().splitlines()
    return next(line.rpartition(" ")[2] for line in lines if line.startswith("unrolled_sessions "))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("load", "arrive", "answer", "busy", "soak"))
    parser.add_argument("--page", default="", help="path with its query")
    parser.add_argument("--widget", default="", help="label or key")
    parser.add_argument("-n", type=int, default=0, help="visitors")
    parser.add_argument("--seconds", type=float, default=60, help="how long they work")
    parser.add_argument("--within", type=float, default=5, help="seconds in which they arrive")
    parser.add_argument("--each", type=int, default=5, help="answers of each learner")
    parser.add_argument("--turns", type=int, default=3, help="turns without experiments and with them")
    parser.add_argument("--minutes", type=float, default=30, help="how long the soak lasts")
    args = parser.parse_args()
    args.n = args.n or {"load": 200, "arrive": 30, "answer": 100, "busy": 50, "soak": 40}[args.what]
    if not args.page and args.what in ("load", "busy"):
        args.page = "forward"
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, "
        f"Streamlit {streamlit.__version__}\n"
    )
    asyncio.run({"load": load, "arrive": arrive, "answer": answer, "busy": busy, "soak": soak}[args.what](args))


if __name__ == "__main__":
    main()
