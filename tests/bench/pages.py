"""From a changed control to new pixels of the Inspector, in a real Chromium: prints a table.

    uv run python tests/bench/pages.py URL

URL is a running app, such as http://127.0.0.1:8501. Nothing is asserted; DESIGN's budget is 150 ms in the median and
300 ms for 95 of 100 changes, on the machine itself.
"""

from __future__ import annotations

import shutil
import sys

import numpy as np
from playwright.sync_api import Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
CHANGES = 30
# Milliseconds from the press to the frame after the figure's sentence has changed.
WATCH = """() => {
  const host = [...document.querySelectorAll('[data-testid="stBidiComponentIsolated"]')]
    .map(box => box.shadowRoot ?? [...box.querySelectorAll('*')].map(e => e.shadowRoot).find(Boolean))
    .find(root => root && root.querySelector('.finding'));
  window.measured = new Promise(done => {
    addEventListener('pointerdown', () => {
      const start = performance.now();
      const watch = new MutationObserver(() => {
        watch.disconnect();
        requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
      });
      watch.observe(host.querySelector('.finding'), { childList: true, subtree: true, characterData: true });
    }, { once: true, capture: true });
  });
}"""


def milliseconds(page: Page, press: str, changes: int) -> list[float]:
    """Press a control again and again and wait for each picture."""
    taken = []
    for _ in range(changes):
        page.evaluate(WATCH)
        page.locator(press).click()
        taken.append(page.evaluate("window.measured"))
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    return taken[1:]  # the first one warms up


def main(url: str) -> None:
    """Measure and print."""
    executable = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS))
        print(f"{'Inspector, changed control':40}{'median':>8}{'95 %':>8} ms, {CHANGES} changes")
        for query in ("", "H=64", "text=" + "word+" * 100):
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.goto(f"{url}/inspector?{query}")
            page.locator(".figure .finding").first.wait_for()
            page.locator(".st-key-inspector-field-Weights button").first.click()
            page.locator(".st-key-inspector-seed").wait_for()
            press = '.st-key-inspector-seed [data-testid="stNumberInputStepUp"]'
            taken = milliseconds(page, press, CHANGES + 1)
            label = f"seed, {query[:16] or 'defaults'}"
            print(f"{label:40}{np.median(taken):8.0f}{np.percentile(taken, 95):8.0f}")
            page.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
