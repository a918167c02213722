"""What the pages cost on a server: measured in Streamlit's own protocol from a second process, without a browser.

    uv run python tests/bench/server.py change [--page /forward ...] [--widget NAME ...] [-k 12]
    uv run python tests/bench/server.py load [--page /forward] [--fold KEY] [--widget NAME] [-n 25] [--seconds 60]
    uv run python tests/bench/server.py arrive [--page /] [-n 30] [--within 5] [--repeats 3]

`change` changes one widget after the other, those of the folds too: CPU, messages, bytes and runs. `load` lets
n visitors change a widget every 5 s each: how long a figure's data takes. `arrive` sends n visitors to a fresh server,
each of which fetches the page and its files and then draws the page. A widget is named by its label or its key. What
follows `--` goes to the server, such as `-- --runner.postScriptGC false`. Linux only: CPU is read from the kernel.
A change is followed by 0.4 s of silence; what a server uses in that time anyhow is measured first and taken off.
DESIGN's budgets are 20 ms CPU, 15 messages and one run a change; 100 sessions with p95 < 300 ms; 30 that arrive in 5 s.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import itertools
import os
import platform
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import streamlit
from visitor import FIGURE, PATIENCE, Mounted, Traffic, Visitor
from websockets.exceptions import WebSocketException

from quiz.lessons import LESSONS

PAGES = (*LESSONS, "inspector")
KINDS = ("slider", "button_group", FIGURE)
EVERY = 5.0  # seconds between two changes of one visitor
FILES = re.compile(r'(?:src|href)="\./(static/[^"]+)"')
IDLE = 3.0  # seconds over which is measured what a server uses while nobody does anything


@dataclass(frozen=True)
class Server:
    """A fresh server of our own.

    Attributes:
        port: Where it answers.
        pid: Its process.
        healthy: Seconds from its start until it answered.
    """

    port: int
    pid: int
    healthy: float

    def cpu(self) -> float:
        """Seconds of CPU it has used, by the kernel's clock of that process, see clock_getcpuclockid(3)."""
        return time.clock_gettime(~self.pid << 3 | 2)

    def memory(self) -> float:
        """Its resident memory in MB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@asynccontextmanager
async def started(options: Sequence[str]) -> AsyncIterator[Server]:
    """Start a server with a data folder of its own, and stop it at the end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "dashboard.launch", "--server.headless", "true", "--server.port", str(port)]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
        began = time.perf_counter()
        process = subprocess.Popen(
            [*command, *options], env=environment | {"UNROLLED_DATA": folder}, stdout=subprocess.DEVNULL
        )
        try:
            while process.poll() is None and time.perf_counter() - began < PATIENCE:
                with suppress(OSError):
                    await asyncio.to_thread(urllib.request.urlopen, f"http://127.0.0.1:{port}/_stcore/health")
                    break
                await asyncio.sleep(0.01)
            yield Server(port, process.pid, time.perf_counter() - began)
        finally:
            process.kill()
            process.wait()


async def change(args: argparse.Namespace) -> None:
    """One row for each widget of each page."""
    print("| page | widget | CPU a change | messages | sent | runs | figure after | all after |")
    print("|---|---|---|---|---|---|---|---|")
    for page in args.page or PAGES:
        async with started(args.server) as server:
            first = Visitor(server.port, page)
            await first.open()
            folds = ["", *(shown.key for shown in first.folds() if shown.key.startswith("deeper-"))]
            await first.close()
            found = [(fold, name) for fold in folds for name in await within(server, page, fold)]
            await rest(server)
            for fold, name in found:  # a change may take others off the screen: each starts from the page as it opens
                if args.widget and name not in args.widget:
                    continue
                visitor = Visitor(server.port, page)
                await visitor.open()
                if fold:
                    await visitor.unfold(fold)
                await cost(server, visitor, page, name, args.changes)
                await visitor.close()


async def within(server: Server, page: str, fold: str) -> list[str]:
    """Keys of what can be changed on a page as it opens, or in one of its folds."""
    visitor = Visitor(server.port, page)
    await visitor.open()
    names = [shown.key for shown in changeable(visitor)]
    if fold:
        before = set(names)
        await visitor.unfold(fold)
        names = [shown.key for shown in changeable(visitor) if shown.key not in before]
    await visitor.close()
    return names


async def resting(server: Server) -> float:
    """CPU that the server uses while its visitors do nothing, in seconds per second."""
    before = server.cpu()
    await asyncio.sleep(IDLE)
    return (server.cpu() - before) / IDLE


async def rest(server: Server) -> None:
    """Wait until the server has nothing more to load."""
    used = -1.0
    while server.cpu() - used > 0.05:
        used = server.cpu()
        await asyncio.sleep(1)


def changeable(visitor: Visitor) -> list[Mounted]:
    """The sliders, choices and figures on the screen that can be changed just now, in their order."""
    in_order = (visitor.shown[path] for path in sorted(visitor.shown))
    return [s for s in in_order if s.kind in KINDS and not getattr(s.widget, "disabled", False)]


async def cost(server: Server, visitor: Visitor, page: str, name: str, changes: int) -> None:
    """Change one widget again and again, and print what that costs in the middle of the changes."""
    for k in range(3):  # warm up
        await visitor.change(name, k)
    idle, shown, taken = await resting(server), visitor.find(name), []
    label = f"figure {shown.name}" if shown.kind == FIGURE else shown.name
    began, before = time.perf_counter(), server.cpu()
    for k in range(changes):
        taken.append(await visitor.change(name, 3 + k))
    cpu = (server.cpu() - before - idle * (time.perf_counter() - began)) / changes
    messages, size, runs = (statistics.median(getattr(t, what) for t in taken) for what in ("messages", "size", "runs"))
    figure, everything = ([getattr(t, what) for t in taken] for what in ("figure", "finished"))
    print(
        f"| /{page.strip('/')} | {label} | {1000 * cpu:.0f} ms | {messages:.0f} | {size / 1000:.0f} kB | {runs:.0f} "
        f"| {milliseconds(figure)} | {milliseconds(everything)} |",
        flush=True,
    )


def milliseconds(seconds: Sequence[float | None]) -> str:
    """The median in ms, or a dash where nothing came."""
    there = [s for s in seconds if s is not None]
    return f"{1000 * statistics.median(there):.0f} ms" if there else "–"


async def load(args: argparse.Namespace) -> None:
    """One row: how long the figure takes while many change something."""
    page = (args.page or ["forward"])[0]
    print("| page | sessions | changes | figure median | p95 | lost | all p95 | CPU | memory |")
    print("|---|---|---|---|---|---|---|---|---|")
    async with started(args.server) as server:
        visitors = [Visitor(server.port, page, f"203.0.113.{k + 1}") for k in range(args.n)]
        for visitor in visitors:  # one after the other: this is not about their arrival
            await visitor.open()
            if args.fold:
                await visitor.unfold(args.fold)
        name = args.widget[0] if args.widget else changeable(visitors[0])[0].key
        for visitor in visitors:
            await visitor.change(name, 0)
        await rest(server)
        began, before, memory = time.perf_counter(), server.cpu(), server.memory()
        taken = await asyncio.gather(*(working(visitor, name, began + args.seconds) for visitor in visitors))
        used = (server.cpu() - before) / (time.perf_counter() - began)
        found = [traffic for each in taken for traffic in each]
        shown = [t.shown for t in found if t.shown is not None]
        whole = [t.finished for t in found if t.finished is not None]
        print(
            f"| /{page.strip('/')} | {args.n} | {len(found)} | {milliseconds(shown)} | {share(shown)} "
            f"| {len(found) - len(shown)} | {share(whole)} | {used:.0%} "
            f"| {memory:.0f} to {server.memory():.0f} MB |"
        )
        await asyncio.gather(*(visitor.close() for visitor in visitors))


def share(seconds: Sequence[float], of: float = 0.95) -> str:
    """The time within which this share of all was there, in ms."""
    return f"{1000 * sorted(seconds)[min(len(seconds) - 1, int(of * len(seconds)))]:.0f} ms" if seconds else "–"


async def working(visitor: Visitor, name: str, until: float) -> list[Traffic]:
    """Change a widget every few seconds, not in step with the others; who still waits for an answer waits."""
    due = time.perf_counter() + random.uniform(0, EVERY)
    taken = []
    while due < until:
        await asyncio.sleep(max(0.0, due - time.perf_counter()))
        taken.append(await visitor.change(name, len(taken) + 1))
        due += EVERY * max(1, -int(-(time.perf_counter() - due) // EVERY))
    return taken


async def arrive(args: argparse.Namespace) -> None:
    """A row for each fresh server: how long the visitors wait for their first page."""
    print("| page | sessions | server answers after | first page after | median | slowest | lost | CPU | memory |")
    print("|---|---|---|---|---|---|---|---|---|")
    for page in args.page or [""]:
        for _ in range(args.repeats):
            async with started(args.server) as server:
                visitors = [Visitor(server.port, page, f"203.0.113.{k + 1}") for k in range(args.n)]
                waits = [args.within * k / args.n for k in range(args.n)]
                taken = await asyncio.gather(*(coming(v, w) for v, w in zip(visitors, waits, strict=True)))
                cpu, memory = server.cpu(), server.memory()
                await asyncio.gather(*(visitor.close() for visitor in visitors))
                there = [seconds for seconds in taken if seconds is not None]
                first = server.healthy + (taken[0] or PATIENCE)
                print(
                    f"| /{page.strip('/')} | {args.n} | {server.healthy:.1f} s | {first:.1f} s "
                    f"| {statistics.median(there):.1f} s | {max(there):.1f} s | {args.n - len(there)} "
                    f"| {cpu:.1f} s | {memory:.0f} MB |",
                    flush=True,
                )


async def coming(visitor: Visitor, wait: float) -> float | None:
    """Seconds from a visitor's coming until the first page is whole, or None."""
    await asyncio.sleep(wait)
    began = time.perf_counter()
    try:
        await asyncio.to_thread(fetched, visitor)
        loaded = time.perf_counter() - began
        traffic = await visitor.open()
    except (OSError, WebSocketException):
        return None
    return None if traffic.finished is None else loaded + traffic.finished


def fetched(visitor: Visitor) -> None:
    """Fetch the page and the files it names, as a browser does before it can connect."""
    connection = http.client.HTTPConnection(visitor.url, timeout=PATIENCE)
    headers = {"Accept": "text/html", "Accept-Encoding": "gzip", **visitor.headers}
    connection.request("GET", f"/{visitor.page}", headers=headers)
    page = connection.getresponse().read().decode()
    for file in FILES.findall(page):
        connection.request("GET", f"/{file}", headers={"Accept-Encoding": "gzip"})
        connection.getresponse().read()
    connection.close()


def main() -> None:
    """Measure and print."""
    own = list(itertools.takewhile(lambda word: word != "--", sys.argv[1:]))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("change", "load", "arrive"))
    parser.add_argument("--page", action="append", help="path with its query; may be given again")
    parser.add_argument("--widget", action="append", help="label or key; may be given again")
    parser.add_argument("--fold", default="", help="key of a fold that each visitor of `load` opens first")
    parser.add_argument("-k", dest="changes", type=int, default=12, help="changes of each widget")
    parser.add_argument("-n", type=int, default=30, help="visitors")
    parser.add_argument("--seconds", type=float, default=60, help="how long the visitors work")
    parser.add_argument("--within", type=float, default=5, help="seconds in which the visitors arrive")
    parser.add_argument("--repeats", type=int, default=3, help="fresh servers")
    args = parser.parse_args(own)
    args.server = sys.argv[len(own) + 2 :]
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, "
        f"Streamlit {streamlit.__version__}\n"
    )
    asyncio.run({"change": change, "load": load, "arrive": arrive}[args.what](args))


if __name__ == "__main__":
    main()
