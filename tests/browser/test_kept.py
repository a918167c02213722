"""A workbench in a real browser: saved, opened, kept behind a short link, and ended."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from people import AS_TEACHER, BEHIND_A_PROXY
from playwright.sync_api import BrowserContext, Page, expect

from core import lstm
from core.written import significant
from dashboard.kit.run import compute, workbench
from dashboard.kit.run.own import Uploaded
from dashboard.kit.run.settings import Settings
from quiz.store.workbenches import LIFE_DAYS
from tests.browser.conftest import pressed, rested

pytestmark = pytest.mark.slow

APP = (sys.executable, "-m", "dashboard.launch")
OWN = {"lstm": Uploaded("lstm", lstm.init(8, 5, rng=np.random.default_rng(9)), None, None, name="mine", from_file=True)}
SHOWN = replace(Settings(), text="weights of my own travel", cell="lstm", H=5, t=2)


def loss() -> str:
    """What the page says of these weights, which no seed draws."""
    sequence = compute.sequence(SHOWN, OWN["lstm"])
    run = compute.inspect(SHOWN, sequence, compute.start(SHOWN, sequence, OWN)).runs[0]
    return f"Loss (binary cross-entropy): LSTM {significant(run.trace.loss, 4)}"


def opened(context: BrowserContext, url: str, **options: Any) -> Page:
    """The Inspector with its figure drawn."""
    page = context.new_page()
    page.goto(url, **options)
    expect(page.locator(".step-name").first).to_be_visible()
    return page


def opens_a_workbench(page: Page, path: Path) -> None:
    """Give the page a file."""
    page.get_by_role("button", name="Workbench").click()
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(path)


def test_a_file_brings_everything(
    tmp_path: Path, start_server: Callable[..., Any], new_context: Callable[..., BrowserContext]
) -> None:
    """Weights, sentence, settings and step come by a file, go behind a short link, and come to a stranger by it."""
    server = start_server(APP, hosted=True, variables=BEHIND_A_PROXY)
    path = tmp_path / "mine.zip"
    path.write_bytes(workbench.written(SHOWN, OWN))
    mine = opened(new_context(extra_http_headers=AS_TEACHER), f"{server.url}/inspector?H=4")
    opens_a_workbench(mine, path)
    expect(mine.locator(".foot").first).to_contain_text(loss())
    expect(mine.locator(".step-name").first).to_have_text("Step 2, ‘of’")
    rested(mine)
    with mine.expect_download() as saved:
        mine.get_by_role("button", name="Save the workbench").click()
    assert Path(saved.value.path()).read_bytes() == path.read_bytes()

    pressed(mine.get_by_role("button", name=f"Keep it behind a short link for {LIFE_DAYS} days"))
    link = mine.get_by_test_id("stCode").filter(has_text="kept=").inner_text().strip()
    assert len(link) < len(server.url) + 45
    theirs = opened(new_context(), link)
    expect(theirs.locator(".foot").first).to_contain_text(loss())
    expect(theirs.locator(".step-name").first).to_have_text("Step 2, ‘of’")
    theirs.reload()
    expect(theirs.locator(".foot").first).to_contain_text(loss())
    theirs.get_by_role("button", name="Workbench").click()
    expect(theirs.get_by_text("Who has signed in or joined a class")).to_be_visible()

    mine.get_by_role("button", name="End my short link").click()
    expect(mine.get_by_role("button", name="End my short link")).to_have_count(0)
    late = opened(new_context(), link)
    expect(late.get_by_text("The short link is over")).to_be_visible()
    expect(late.locator(".foot").first).not_to_contain_text(loss())


def test_a_file_that_is_none_is_told(page: Page, server: Any, tmp_path: Path) -> None:
    """Beside the place for it, in words; what is shown stays."""
    (tmp_path / "other.zip").write_bytes(b"PK\x03\x04 not one")
    page.goto(f"{server.url}/inspector?H=4&t=2")
    expect(page.locator(".step-name").first).to_be_visible()
    opens_a_workbench(page, tmp_path / "other.zip")
    expect(page.get_by_text("begins like a zip archive and does not open")).to_be_visible()
    expect(page.locator(".step-name").first).to_have_text("Step 2, ‘likes’")
