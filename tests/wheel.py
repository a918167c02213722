"""The wheel as a stranger installs it: `uv run python tests/wheel.py`, with the network for packages and a Chromium.

It is built once and installed into two new environments, far from the checkout: with the lowest versions that it
admits of what it depends on directly, and with the locked ones. In each, the quiz answers on the command line, and
`unrolled`, started in an empty folder, shows every page in the browser, with the figure on those that have one.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from conftest import BROWSER_FLAGS, BROWSER_NAMES
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 120  # seconds, on a busy machine
FINISHED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
TRIED = """
from datetime import UTC, datetime
from pathlib import Path
import sys

import core, quiz, dashboard
from dashboard.kit.navigation import GROUPS
from quiz.revision.anki import package
from quiz.revision.cards import all_cards

for each in (core, quiz, dashboard):
    assert Path(each.__file__).is_relative_to(sys.prefix), each.__file__
assert package(all_cards(), datetime.now(UTC))
for group, places in GROUPS.items():
    for place in places:
        print(f"/{place.path}", group in ("Learn", "Explore") and place.path not in ("claims", "check"))
"""


def main() -> None:
    """Build, install twice, try both; raises at the first thing that is not as it should be."""
    executable = next(filter(None, map(shutil.which, BROWSER_NAMES)), None)
    if executable is None:
        sys.exit(f"no browser found: looked for {', '.join(BROWSER_NAMES)} on the PATH")
    with TemporaryDirectory(prefix="wheel-") as name, sync_playwright() as playwright:
        folder = Path(name)
        call("uv", "build", "--quiet", "--wheel", "--out-dir", str(folder), cwd=ROOT)
        (wheel,) = folder.glob("*.whl")
        (folder / "direct.txt").write_text("\n".join(requirements(wheel)), encoding="utf-8")
        locked = ("uv", "export", "--quiet", "--locked", "--no-dev", "--no-emit-project", "--no-hashes")
        (folder / "locked.txt").write_text(call(*locked, cwd=ROOT), encoding="utf-8")
        chosen = {
            "lowest": ("--resolution", "lowest-direct", "--requirements", str(folder / "direct.txt")),
            "locked": ("--constraints", str(folder / "locked.txt")),
        }
        browser = playwright.chromium.launch(executable_path=executable, args=list(BROWSER_FLAGS))
        for versions, options in chosen.items():
            began = time.perf_counter()
            environment = folder / versions
            call("uv", "venv", "--quiet", "--python", sys.executable, str(environment), cwd=folder)
            python = str(environment / "bin" / "python")
            call("uv", "pip", "install", "--quiet", "--python", python, *options, str(wheel), cwd=folder)
            try_quiz(python, folder / f"{versions}-quiz")
            pages = dict(line.split() for line in call(python, "-W", "ignore", "-c", TRIED, cwd=folder).splitlines())
            try_pages(environment, folder / f"{versions}-server", pages, browser)
            print(
                f"{versions} versions: {len(pages)} pages and the quiz in {time.perf_counter() - began:.0f} s",
                flush=True,
            )
        browser.close()


def requirements(wheel: Path) -> Iterator[str]:
    """What a wheel depends on directly, as its metadata says."""
    with ZipFile(wheel) as opened:
        (name,) = (each for each in opened.namelist() if each.endswith(".dist-info/METADATA"))
        for line in opened.read(name).decode().splitlines():
            if line.startswith("Requires-Dist: "):
                yield line.removeprefix("Requires-Dist: ")


def call(*command: str, cwd: Path, typed: str = "", **more: str) -> str:
    """Run a command to its good end; what it printed."""
    done = subprocess.run(
        command, cwd=cwd, env=surroundings() | more, input=typed, text=True, encoding="utf-8", capture_output=True
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)}\nended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}")
    return done.stdout


def surroundings() -> dict[str, str]:
    """The environment's variables without those that lead back to the checkout or configure what is tried."""
    ours = re.compile("(PYTHON|STREAMLIT_|UNROLLED_|VIRTUAL_ENV)")
    return {name: value for name, value in os.environ.items() if not ours.match(name)}


def try_quiz(python: str, folder: Path) -> None:
    """Check the bank, answer a question, and find it among what is kept."""
    folder.mkdir()
    quiz = (python, "-m", "quiz")
    call(*quiz, "check", cwd=folder)
    call(*quiz, "practice", "forward", cwd=folder, typed="answer\n\n", UNROLLED_DATA=str(folder))
    assert "1 of " in call(*quiz, "progress", cwd=folder, UNROLLED_DATA=str(folder)), "the answer was not kept"


def try_pages(environment: Path, folder: Path, pages: Mapping[str, str], browser: Browser) -> None:
    """Start `unrolled` in an empty folder, open every page, wait for its figure if it has one, and end it."""
    with started(environment, folder) as (url, log):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        refused: list[str] = []
        page.on(
            "response", lambda answer: refused.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None
        )
        page.on("pageerror", lambda error: refused.append(str(error)))
        for path, has_figure in pages.items():
            page.goto(url + path)
            page.locator(FINISHED).wait_for()
            page.locator("h1").first.wait_for()
            if has_figure == "True":
                page.locator(".figure").first.wait_for()
            assert not page.get_by_test_id("stException").count(), (
                f"{path}: {page.get_by_test_id('stException').inner_text()}"
            )
        context.close()
        assert not refused, "the browser complained:\n" + "\n".join(refused)
        said = log.read_text(encoding="utf-8")
        assert "Traceback" not in said, said[-4000:]


@contextmanager
def started(environment: Path, folder: Path) -> Iterator[tuple[str, Path]]:
    """The installed command on a free port: its address and its log."""
    working = folder / "working"
    working.mkdir(parents=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url, log = f"http://localhost:{port}", folder / "server.log"
    options = ("--server.headless", "true", "--server.port", str(port), "--logger.hideWelcomeMessage", "true")
    variables = surroundings() | {"HOME": str(folder), "UNROLLED_DATA": str(folder), "PYTHONFAULTHANDLER": "1"}
    with log.open("wb") as out:
        server = subprocess.Popen(
            [str(environment / "bin" / "unrolled"), *options], cwd=working, env=variables, stdout=out, stderr=out
        )
    try:
        until = time.monotonic() + PATIENCE
        while not healthy(url):
            assert server.poll() is None, f"unrolled ended:\n{log.read_text()}"
            assert time.monotonic() < until, f"unrolled did not answer within {PATIENCE} s:\n{log.read_text()}"
            with suppress(subprocess.TimeoutExpired):
                server.wait(timeout=0.1)
        yield url, log
    except BaseException:
        server.send_signal(signal.SIGABRT)  # it says where each of its threads was
        server.wait(timeout=PATIENCE)
        print(log.read_text(encoding="utf-8")[-20_000:], file=sys.stderr, flush=True)
        raise
    finally:
        server.terminate()
        server.wait(timeout=PATIENCE)


def healthy(url: str) -> bool:
    """Whether a server answers; every unknown address is answered with 200, so the body decides."""
    with suppress(urllib.error.URLError), urllib.request.urlopen(f"{url}/_stcore/health", timeout=PATIENCE) as answer:
        return bool(answer.read() == b"ok")
    return False


if __name__ == "__main__":
    main()
