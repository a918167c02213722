"""From a changed control to new pixels of the Inspector and the lessons, in a real Chromium: prints a table.

    uv run python tests/bench/pages.py URL

URL is a running app, such as http://127.0.0.1:8501. Nothing is asserted; DESIGN's budget is 150 ms in the median and
300 ms for 95 of 100 changes, on the machine itself.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Locator, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
CHANGES = 30
# Milliseconds from the press to the frame after the watched part of a figure has changed.
WATCH = """watched => {
  const host = [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
    .map(box => box.shadowRoot ?? [...box.querySelectorAll('*')].map(e => e.shadowRoot).find(Boolean))
    .find(root => root && root.querySelector(watched));
  window.measured = new Promise(done => {
    const begin = () => {
      const start = performance.now();
      const watch = new MutationObserver(() => {
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
      });
      watch.observe(host.querySelector(watched), { childList: true, subtree: true, characterData: true });
    };
    addEventListener('pointerdown', begin, { once: true, capture: true });
    addEventListener('keydown', begin, { once: true, capture: true });
  });
}"""
SEED = '.st-key-inspector-seed [data-testid="stNumberInputStepUp"]'
INSPECTOR = (("defaults", ""), ("H=64", "H=64"), ("100 words", "text=" + "word+" * 100))
LESSONS = (  # page, slider, what shows the change
    ("forward", "x_1[0]", ".unrolled"),
    ("bptt", "x_1[0]", ".unrolled"),
    ("gradients", "Steps", ".finding"),
    ("gates", "Words of filler", ".finding"),
)


def milliseconds(page: Page, watched: str, change: Callable[[int], None], changes: int) -> list[float]:
    """Make a change again and again and wait for each picture."""
    taken = []
    for k in range(changes):
        page.evaluate(WATCH, watched)
        change(k)
        taken.append(page.evaluate("window.measured"))
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    return taken[1:]  # the first one warms up


def row(label: str, taken: list[float]) -> None:
    """Print one line of the table."""
    print(f"{label:40}{np.median(taken):8.0f}{np.percentile(taken, 95):8.0f}", flush=True)


def main(url: str) -> None:
    """Measure and print."""
    executable = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        print(f"{'changed control':40}{'median':>8}{'95 %':>8} ms, {CHANGES} changes")
        for name, query in INSPECTOR:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{url}/inspector?{query}")
            page.locator(".figure .finding").first.wait_for()
            page.locator(".st-key-inspector-field-Weights button").first.click()
            page.locator(".st-key-inspector-seed").wait_for()
            press = page.locator(SEED)
            row(f"Inspector, seed, {name}", milliseconds(page, ".finding", lambda _, b=press: b.click(), CHANGES + 1))
            page.close()
        for path, slider, watched in LESSONS:
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{url}/{path}")
            page.locator(f".figure {watched}").first.wait_for()
            page.wait_for_timeout(1_000)
            knob = page.get_by_role("slider", name=slider)

            def press_key(k: int, knob: Locator = knob) -> None:
                knob.press("ArrowLeft" if k % 2 else "ArrowRight")

            row(f"{path}, {slider}", milliseconds(page, watched, press_key, CHANGES + 1))
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
