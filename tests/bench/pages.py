"""A walk through all pages in a real Chromium: how soon each is there, how much it jumps, how fast it answers.

    uv run python tests/bench/pages.py [NAME ...]

Starts a server of its own and prints three tables, whole or for the pages named. Nothing is asserted; DESIGN's budgets
are 3 s from the server's start to the first page; from a changed control to new pixels 100 ms in the median and 200 ms
for 95 of 100 changes, on the machine itself; 50 frames a second in motion and under a held arrow key. A shift is the
sum of all layout shifts without the reader's doing (0 is best, up to 0.1 counts as good).
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple

import numpy as np
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from dashboard.kit.navigation import PLACES
from quiz.lessons import LESSONS
from quiz.load import load_bank

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
VIEW = {"width": 1280, "height": 900}
CHANGES = 30
REST = 400  # milliseconds between two changes, in which the rest of the page follows
FINISHED = '[data-testid="stApp"][data-test-script-state="notRunning"]'
# Milliseconds from the press to the frame after the watched part, of a figure or of the page, has changed.
WATCH = """watched => {
  const roots = [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
    .map(box => box.shadowRoot ?? [...box.querySelectorAll('*')].map(e => e.shadowRoot).find(Boolean));
  const host = roots.find(root => root && root.querySelector(watched)) ?? document;
  window.measured = new Promise(done => {
    const begin = () => {
      const start = performance.now();
      const watch = new MutationObserver(() => {
        watch.disconnect();
        const { port1, port2 } = new MessageChannel(); // a timer would wait for those that were set before it
        port1.onmessage = () => done(performance.now() - start);
        requestAnimationFrame(() => port2.postMessage(0));
      });
      watch.observe(host.querySelector(watched), { childList: true, subtree: true, characterData: true });
    };
    addEventListener('pointerdown', begin, { once: true, capture: true });
    addEventListener('keydown', begin, { once: true, capture: true });
  });
}"""
SHIFTS = """window.shifts = 0;
const add = list => { for (const each of list.getEntries()) if (!each.hadRecentInput) shifts += each.value; };
new PerformanceObserver(add).observe({ type: 'layout-shift', buffered: true });"""

SECONDS = 2.0  # that motion is watched
EACH = 33  # milliseconds between two arrow keys, as a key that is held repeats
# Times of all frames within some milliseconds.
FRAMES = """ms => new Promise(done => {
  const times = [];
  const next = now => { times.push(now); if (now - times[0] < ms) requestAnimationFrame(next); else done(times); };
  requestAnimationFrame(next);
})"""

Press = Callable[[int], None]


class Control(NamedTuple):
    """A control that is changed again and again.

    Attributes:
        page: Address of the page.
        name: What is changed.
        watched: What shows the change.
        knob: Finds what is pressed for the k-th change; a slider is moved by key instead.
    """

    page: str
    name: str
    watched: str
    knob: Callable[[Page, int], Locator]

    @staticmethod
    def press(knob: Locator, k: int) -> None:
        """Change it once more."""
        if knob.get_attribute("type") == "range":
            knob.press("ArrowLeft" if k % 2 else "ArrowRight")
        else:
            knob.click()


def slider(name: str) -> Callable[[Page, int], Locator]:
    """A slider by its name."""
    return lambda page, _: page.get_by_role("slider", name=name).first


def folded(lesson: str, fold: str, name: str) -> Callable[[Page, int], Locator]:
    """A slider in a fold of a lesson, which is opened first."""

    def find(page: Page, _: int) -> Locator:
        section = page.locator(f".st-key-deeper-{lesson}-{fold} details").first
        if section.get_attribute("open") is None:
            section.locator("summary").first.click()
        return page.get_by_role("slider", name=name).first

    return find


def button(*names: str) -> Callable[[Page, int], Locator]:
    """Buttons that are pressed in turn."""
    return lambda page, k: page.get_by_role("button", name=names[k % len(names)], exact=True)


def keyed(name: str) -> Callable[[Page, int], Locator]:
    """A button by its key."""
    return lambda page, _: page.locator(f".st-key-{name} button")


def choice(key: str, *values: str) -> Callable[[Page, int], Locator]:
    """Values of a choice that are pressed in turn."""
    return lambda page, k: page.locator(f".st-key-{key}").get_by_role("radio", name=values[k % len(values)], exact=True)


def seed(page: Page, _: int) -> Locator:
    """The Inspector's seed, one up; its popover is opened first."""
    up = page.locator('.st-key-inspector-seed [data-testid="stNumberInputStepUp"]')
    if not up.count():
        page.locator(".st-key-inspector-field-Weights button").first.click()
    return up


def check(page: Page, k: int) -> Locator:
    """The button that has an answer judged, on one question after another; an option is chosen first."""
    choices = [question.id for question in load_bank().questions if question.kind == "choice"]
    page.goto(f"{page.url.partition('?')[0]}?mode=practice&q={choices[k % len(choices)]}")
    page.get_by_role("radiogroup").first.get_by_role("radio").first.check(force=True)
    page.wait_for_timeout(REST)
    page.locator(FINISHED).wait_for()
    return page.get_by_role("button", name="Check")


PAGES = tuple(PLACES)
CONTROLS = (
    Control("", "Start of the RNN, in the browser", ".pair .said", button("plain", "orthogonal")),
    Control("forward", "x_1[0]", ".net", folded("forward", "numbers", "x_1[0]")),
    Control("forward?beat=4", "Activation, in the browser", ".net", button("ReLU", "tanh")),
    Control("bptt", "x_1[0]", ".net", folded("bptt", "numbers", "x_1[0]")),
    Control("gradients?beat=3", "Spectral radius", ".pr-verdict", slider("Spectral radius of W_h")),
    Control("gradients?T=40", "Steps", ".finding", slider("Steps")),
    Control("memory?gap=10", "Words in between", ".finding", slider("Words in between")),
    Control("lstm-cell?network=fresh", "Other weights", ".cell-drawing", button("Other weights")),
    Control("gates?gap=5", "Words of filler", ".finding", slider("Words of filler")),
    Control("compare", "Forget bias", ".figure", choice("compare-bias", "5", "1")),
    Control("inspector", "seed, defaults", ".finding", seed),
    Control("inspector?H=64", "seed, H=64", ".finding", seed),
    Control("inspector?text=" + "word+" * 100, "seed, 100 words", ".finding", seed),
    Control("quiz", "Check", '[data-testid="stMainBlockContainer"]', check),
    Control("revision?mode=cards", "Turn, Turn back", ".st-key-card", keyed("revision-turn")),
)


@contextmanager
def server() -> Iterator[tuple[str, float]]:
    """A fresh server and the time of its start."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tempfile.mkdtemp()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("STREAMLIT_")}
    environment |= {"UNROLLED_DATA": folder}
    options = ["--server.headless", "true", "--server.port", str(port), "--server.fileWatcherType", "none"]
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.launch", *options], env=environment, stdout=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            with suppress(OSError):
                urllib.request.urlopen(f"{url}/_stcore/health").close()
                break
            time.sleep(0.01)
        yield url, began
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def milliseconds(page: Page, control: Control) -> list[float]:
    """Make a change again and again and wait for each picture."""
    taken = []
    for k in range(CHANGES + 1):
        knob = control.knob(page, k).first
        knob.wait_for()
        if k == 0:
            knob.evaluate("knob => knob.scrollIntoView({ block: 'start' })")  # what it moves is below it
        page.evaluate(WATCH, control.watched)
        control.press(knob, k)
        taken.append(page.evaluate("window.measured"))
        page.wait_for_timeout(REST)
        page.locator(FINISHED).wait_for()
    return taken[1:]  # the first one warms up


def opened(browser: Browser, url: str, path: str) -> tuple[float, float]:
    """Seconds until the page of a fresh visitor is there and its run has ended, and how much it has shifted."""
    context = browser.new_context(viewport=VIEW)
    context.add_init_script(SHIFTS)
    page = context.new_page()
    began = time.perf_counter()
    page.goto(f"{url}/{path}")
    page.locator("h1").first.wait_for()
    page.locator(FINISHED).wait_for()
    seconds = time.perf_counter() - began
    page.wait_for_timeout(1_500)
    shifted = page.evaluate("shifts")
    context.close()
    return seconds, shifted


def frames(page: Page, path: str) -> Iterator[tuple[str, float, float]]:
    """For each beat: frames a second and the longest frame, in ms, while it plays and while an arrow key is held."""
    page.goto(path)
    page.locator(".beat-words").wait_for()
    for beat in range(1, page.locator(".beat-segment").count() + 1):
        page.goto(f"{path}?beat={beat}")
        page.locator(FINISHED).wait_for()
        page.locator(".beat-words").wait_for()
        page.wait_for_timeout(1_000)
        play = page.get_by_role("button", name="Play", exact=True)
        if play.count():
            play.first.click()
            yield f"beat {beat}, Play", *_pace(page.evaluate(FRAMES, 1000 * SECONDS))
        page.locator(".figure").first.focus()
        page.evaluate(f"window.frames_ = ({FRAMES})({1000 * SECONDS})")
        for k in range(int(1000 * SECONDS / EACH)):
            page.keyboard.press("ArrowLeft" if k // 4 % 2 else "ArrowRight")
            page.wait_for_timeout(EACH)
        yield f"beat {beat}, arrow keys", *_pace(page.evaluate("window.frames_"))


def _pace(times: list[float]) -> tuple[float, float]:
    gaps = np.diff(times)
    return float(1000 / gaps.mean()), float(gaps.max())


def main(*names: str) -> None:
    """Measure and print."""
    executable = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        browser.new_page().close()
        with server() as (url, began):
            healthy = time.perf_counter() - began
            page = browser.new_page(viewport=VIEW)
            page.goto(url)
            page.locator("h1").first.wait_for()
            page.locator(".pair").wait_for()
            first = time.perf_counter() - began
            page.close()
            print(
                f"server healthy after {healthy:.1f} s, first page after {first:.1f} s, load {os.getloadavg()[0]:.1f}"
            )
            print(f"\n{'page':14}{'there, s':>10}{'again':>8}{'shift':>8}{'again':>8}")
            for path in PAGES:
                if not names or path in names:
                    (cold, shift), (warm, again) = opened(browser, url, path), opened(browser, url, path)
                    print(f"{'/' + path:14}{cold:10.1f}{warm:8.1f}{shift:8.3f}{again:8.3f}", flush=True)
            print(f"\n{'control':36}{'median':>8}{'95 %':>8} ms, {CHANGES} changes, load {os.getloadavg()[0]:.1f}")
            for control in CONTROLS:
                path = control.page.partition("?")[0]
                if names and path not in names:
                    continue
                page = browser.new_page(viewport=VIEW)
                page.goto(f"{url}/{control.page}")
                page.locator(FINISHED).wait_for()
                page.wait_for_timeout(2_000)
                if (shows := page.get_by_role("button", name="Show me", exact=True)).count():
                    shows.click()  # what a beat asks about is not to be changed before
                taken = milliseconds(page, control)
                page.close()
                label = f"/{path}, {control.name}"
                print(f"{label:36}{np.median(taken):8.0f}{np.percentile(taken, 95):8.0f}", flush=True)
            print(f"\n{'motion':36}{'frames/s':>8}{'longest':>8} ms, {SECONDS:g} s each")
            for lesson in (lesson for lesson in LESSONS if not names or lesson in names):
                page = browser.new_page(viewport=VIEW)
                if lesson != "compare":  # it has no beats
                    for what, rate, longest in frames(page, f"{url}/{lesson}"):
                        print(f"{f'/{lesson}, {what}':36}{rate:8.0f}{longest:8.0f}", flush=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
