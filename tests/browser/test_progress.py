"""The progress page in a real browser: what it shows, and taking, bringing and deleting one's data."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from quiz.attempt import Attempt
from quiz.load import load_bank
from quiz.store import Store
from tests.browser.conftest import pressed

pytestmark = pytest.mark.slow

ME = "local"
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
Open = Callable[[str], Page]


@pytest.fixture(scope="module")
def server(start_server: Callable[..., Any]) -> Any:
    """A server of this module's own, so that its learner's data are only what is put there."""
    return start_server((sys.executable, "-m", "dashboard.launch"))


@pytest.fixture
def store(server: Any) -> Iterator[Store]:
    """The server's database, with nothing of the learner in it."""
    with Store.open(server.data / "quiz.sqlite3") as opened:
        opened.delete(ME)
        yield opened


@pytest.fixture
def seeded(store: Store) -> Store:
    """Forty answers over the last days, every third one missed, one in two with its certainty."""
    names = [name for name in load_bank() if not name.startswith("interview")][:20]
    for number in range(40):
        at = datetime.now(UTC) - timedelta(hours=7 * number)
        right = number % 3 > 0
        store.add(
            Attempt(
                key=str(UUID(int=number)), learner=ME, question=names[number % 20], mode="practice", asked_at=at,
                answered_at=at, response="a", verdict="correct" if right else "wrong", score=float(right),
                credit=float(right), certainty=75 if number % 2 else None,
            )
        )  # fmt: skip
    return store


@pytest.mark.usefixtures("store")
def test_empty_page_leads_into_practising(open_page: Open) -> None:
    """Without an answer there is no figure but a way to begin."""
    page = open_page("/progress")
    expect(page.get_by_role("heading", name="Progress", level=1)).to_be_visible()
    expect(page.get_by_role("heading", name="Concepts")).to_have_count(0)
    page.get_by_role("button", name="Start practising").click()
    page.wait_for_url(re.compile(r"/quiz\?.*mode=practice"))
    expect(page.get_by_role("heading", name="Progress", level=1)).to_have_count(0)


@pytest.mark.usefixtures("seeded")
def test_every_figure_is_there(open_page: Open) -> None:
    """All concepts, the chapter's counted; fourteen days, the calibration, the missed ones, the last ten answers."""
    page = open_page("/progress")
    concepts = load_bank().concepts
    expect(page.locator(".lessons th[scope=row]")).to_have_count(len(concepts))
    expect(page.locator(".lessons caption").last).to_have_text("Beyond the chapter")
    expect(page.locator(".lessons").get_by_text("not asked yet").first).to_be_visible()
    expect(page.locator(".st-key-finding-progress")).to_contain_text("concepts with enough answers to tell")
    expect(page.locator(".forecast li")).to_have_count(14)
    expect(page.locator(".calibration tbody tr")).to_have_count(1)
    expect(page.get_by_text("On average you were 75\N{NARROW NO-BREAK SPACE}% sure")).to_be_visible()
    expect(page.locator("[class*=st-key-missed-]")).to_have_count(5)
    expect(page.locator(".verdict")).to_have_count(10)


def test_missed_question_can_be_practised(open_page: Open, seeded: Store) -> None:
    """Each of the most missed questions links to itself."""
    page = open_page("/progress")
    worst = max(seeded.cards(ME).values(), key=lambda card: card.misses).misses
    first = page.locator("[class*=st-key-missed-]").first
    expect(first).to_contain_text(f"missed {worst} of")
    first.get_by_test_id("stPageLink-NavLink").click()
    page.wait_for_url(re.compile(r"/quiz\?.*q="))
    named = re.search(r"q=([\w-]+)", page.url)
    assert named
    assert seeded.cards(ME)[named[1]].misses == worst


@pytest.mark.few(1)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("state", ["store", "seeded"])
def test_page_has_no_accessibility_violation(
    open_page: Open, request: pytest.FixtureRequest, state: str, accessible: Callable[[Page], None]
) -> None:
    """Empty or full, in both themes, wide or on a phone: every axe rule passes and nothing is wider than the window."""
    request.getfixturevalue(state)
    page = open_page("/progress")
    expect(page.get_by_role("heading", name="Your data")).to_be_visible()
    accessible(page)


def test_export_is_all_that_is_kept(open_page: Open, seeded: Store) -> None:
    """The downloaded file has the very lines of the store."""
    page = open_page("/progress")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()
    assert download.value.suggested_filename == "unrolled-quiz.jsonl"
    assert Path(download.value.path()).read_text(encoding="utf-8").splitlines() == list(seeded.export(ME))


def test_import_tells_what_was_added_and_what_was_not(open_page: Open, seeded: Store, tmp_path: Path) -> None:
    """A file with known, new and bad lines: counts of each, bad ones by number, and the figures follow."""
    lines = list(seeded.export(ME))[:2]
    new = json.loads(lines[0])
    new["attempt"]["key"] = str(UUID(int=1000))
    file = tmp_path / "mine.jsonl"
    file.write_text("\n".join([*lines, json.dumps(new), "<b>nope</b>"]), encoding="utf-8")
    page = open_page("/progress")
    page.get_by_text("Choose a file").click()
    page.locator("input[type=file]").set_input_files(file)
    pressed(page.get_by_role("button", name="Add these answers"))
    expect(page.get_by_text("1 added, 2 known already, 1 left out")).to_be_visible()
    expect(page.get_by_text("line 4: not JSON")).to_be_visible()
    assert len(seeded.attempts(ME)) == 41


def test_delete_asks_for_the_word_and_deletes_everything(open_page: Open, seeded: Store) -> None:
    """The button waits for the typed word; then nothing is left and the page is as at the beginning."""
    page = open_page("/progress")
    button = page.get_by_role("button", name="Delete all my data")
    expect(button).to_be_disabled()
    page.get_by_label("Type delete to confirm").fill("delete")
    expect(button).to_be_enabled()
    button.click()
    expect(page.get_by_text("All your data were deleted.")).to_be_visible()
    expect(page.get_by_role("button", name="Start practising")).to_be_visible()
    assert seeded.attempts(ME) == ()
