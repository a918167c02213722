"""The doctor above the Inspector's figure in a real browser: evidence, mends, undo, training that diverged."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from core import doctor
from dashboard.inspector import mending
from dashboard.kit.run import compute
from dashboard.kit.run.settings import Settings
from tests.browser.conftest import pressed

pytestmark = pytest.mark.slow

Open = Callable[[str], Page]
PRICES = "price,volume\n" + "\n".join(f"{100 + 7 * (k % 5)},{1_080_000 + 9_000 * (k % 7)}" for k in range(30))
UNSCALED = "/inspector?" + urlencode({"source": "numbers", "numbers": PRICES, "cell": "lstm"})


def test_nothing_stands_above_the_figure_where_all_is_well(open_page: Open) -> None:
    """The page as it opens says nothing of a doctor."""
    page = open_page("/inspector")
    expect(page.locator(".figure .finding")).to_be_visible()
    expect(page.locator(".doctor")).to_be_hidden()


def test_the_evidence_moves_the_slot_and_a_mend_is_made_and_undone(
    open_page: Open, accessible: Callable[..., None]
) -> None:
    """The slot goes to the evidence without a run; a mend is made, seen beside what was before, and undone."""
    page = open_page(UNSCALED)
    settings, _ = Settings().updated({"source": "numbers", "numbers": PRICES, "cell": "lstm"})
    sequence = compute.sequence(settings)
    inspection = compute.inspect(settings, sequence, compute.start(settings, sequence))
    worst = doctor.findings(mending.cases(inspection))[0]
    expect(page.locator(".doctor-says")).to_contain_text("The inputs reach 1,134,000")
    page.locator(".doctor-evidence .rich-go").click()
    expect(page.locator(".figure .step-name").first).to_contain_text(f"Step {worst.t},")
    pressed(page.locator(".doctor-mend", has_text="Standardise each column"))
    expect(page.locator(".doctor-done")).to_contain_text("largest input: 1,134,000 before")
    expect(page).to_have_url(re.compile("scale=standard"))
    pressed(page.get_by_role("button", name="Side by side"))
    expect(page.get_by_role("button", name="Side by side")).to_be_focused()
    expect(page.locator(".half .token-row")).to_have_count(2)
    page.get_by_role("region", name="Before").get_by_role("slider", name="Step").press("ArrowLeft")
    for half in page.locator(".half").all():
        expect(half.locator(".slider")).to_have_attribute("aria-valuenow", str(max(1, worst.t - 1)))
    accessible(page, themes=("light",))
    page.get_by_role("button", name="Before", exact=True).click()
    expect(page.locator(".half")).to_have_count(0)
    expect(page.locator(".figure .token-row")).to_contain_text("100 …")
    page.locator(".doctor-done").get_by_role("button", name="Undo").click()
    expect(page.locator(".doctor-says")).to_contain_text("The inputs reach 1,134,000")
    expect(page.locator(".doctor-done")).to_have_count(0)


@pytest.mark.few(1)
@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, {"width": 390, "height": 844}])
def test_the_doctor_can_be_read_by_all(
    open_page: Open, accessible: Callable[..., None], viewport: ViewportSize
) -> None:
    """With the list unfolded it meets every rule, in both themes, and fits a phone."""
    page = open_page(UNSCALED)
    page.locator(".doctor summary").click()
    expect(page.locator(".doctor li").first).to_be_visible()
    accessible(page)
    assert viewport["width"] in (390, 1280)


def test_training_that_diverged_offers_a_rate_that_was_tried(open_page: Open) -> None:
    """The mend fits the cause: a smaller learning rate, and the gain stays what it was."""
    page = open_page(
        "/inspector?source=task&task=adding&gap=8&H=4&cell=rnn&activation=identity&gain=2&lr=1&optimiser=sgd&clip=none"
    )
    page.locator(".st-key-inspector-train button").click()
    mend = page.locator(".st-key-inspector-steadies button").first
    expect(mend).to_contain_text("Learning rate 1 to")
    rate = page.get_by_role("spinbutton", name="Learning rate")
    expect(rate).to_have_value("1")
    mend.click()
    expect(rate).to_have_value(re.compile(r"^0\.[01]+$"))
    expect(page).to_have_url(re.compile("gain=2"))
