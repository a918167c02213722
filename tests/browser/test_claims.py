"""Claims on trial in a real browser: the list, a claim opened, judged first, measured again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from dashboard.claims import view
from dashboard.claims.trial import trials
from quiz.lessons import LESSONS
from tests.browser.conftest import unfolded

pytestmark = pytest.mark.slow

Open = Callable[[str], Page]
Wait = Callable[[Page], None]
NAME = "gradients-05-large-weights"


def test_the_list_is_filtered_and_a_claim_opened(open_page: Open) -> None:
    """Every claim stands there with its verdict, by lesson; one that is opened shows rule, verdict and runs."""
    page = open_page("/claims")
    listed = page.locator(".st-key-claims-list").get_by_test_id("stExpander")
    expect(listed).to_have_count(len(trials()))
    page.get_by_test_id("stButtonGroup").get_by_text("3", exact=True).click()
    expect(listed).to_have_count(sum(trial.lesson == LESSONS[2] for trial in trials().values()))
    expect(page).to_have_url(re.compile(r"lesson=gradients"))
    row = listed.filter(has_text="Large weights")
    row.locator("summary").first.click()
    expect(row).to_contain_text("What would decide it.")
    expect(row.locator(f".st-key-finding-verdict-{NAME}")).to_contain_text(view.judged(NAME).verdict.when)
    expect(row.locator(".figure .mark-symbol path")).to_have_count(len(view.judged(NAME).evidence))


def test_a_verdict_waits_for_the_learner_s_own(open_page: Open) -> None:
    """Nothing gives it away before; after it runs and verdict are there, in the list too, and after a reload."""
    page = open_page(f"/claims?lesson=gradients&verdicts=mine&claim={NAME}")
    listed = page.locator(".st-key-claims-list").get_by_test_id("stExpander")
    row = listed.filter(has_text="Large weights")
    expect(row).not_to_contain_text("holds when")
    expect(row.locator(".figure")).to_have_count(0)
    row.get_by_text("It does not hold", exact=True).click()
    row.get_by_role("button", name="Commit").click()
    expect(row.locator("summary").first).to_contain_text("holds when")
    expect(row).to_contain_text("✕ No")
    expect(row.locator(".figure")).to_be_visible()
    page.reload()
    expect(row.locator("summary").first).to_contain_text("holds when")


def test_a_claim_that_was_opened_by_hand_stays_open_when_it_is_judged(open_page: Open, settled: Wait) -> None:
    """Its verdict in the list makes another label of it: reply and runs are there all the same."""
    page = open_page("/claims?lesson=gradients&verdicts=mine")
    row = page.locator(".st-key-claims-list").get_by_test_id("stExpander").filter(has_text="slope is at most 0.25")
    settled(page)
    row.locator("summary").first.click()
    expect(row.get_by_role("button", name="Commit")).to_be_visible()
    settled(page)
    row.get_by_text("It does not hold", exact=True).click()
    row.get_by_role("button", name="Commit").click()
    expect(row.locator("summary").first).to_contain_text("✓ holds")
    expect(row).to_contain_text("✕ No")
    expect(row.locator(".figure")).to_be_visible()
    page.get_by_role("radio", name="Show them").click()
    expect(page.locator(".st-key-finding-claims")).to_contain_text("the chapter makes")
    settled(page)
    expect(row.locator(".figure")).to_be_visible()
    row.locator("summary").first.click()
    expect(row.locator(".figure")).to_have_count(0)


def test_a_claim_is_measured_again_on_other_seeds(open_page: Open) -> None:
    """New seeds give new numbers, and it is said whether the verdict stands."""
    page = open_page(f"/claims?lesson=gradients&claim={NAME}")
    row = page.locator(".st-key-claims-list").get_by_test_id("stExpander").filter(has_text="Large weights")
    row.get_by_role("button", name="Run it again on other seeds").click()
    expect(row).to_contain_text("Measured here on ten other seeds")


def test_a_lesson_leads_to_its_claims_and_back(open_page: Open) -> None:
    """The way between a lesson and what of it is on trial is a link in both."""
    page = open_page("/memory")
    unfolded(page, "memory-claims")
    page.get_by_role("link", name="On trial").first.click()
    page.wait_for_url(re.compile("/claims"))
    page.locator('[data-testid="stMain"]').get_by_role("link", name="Lesson 4").click()
    page.wait_for_url(re.compile(r"/memory"))


# The chart's upper edge, and the edges of each text within its axes but for the pale outline that is below each.
WORDS = """chart => {
  const texts = [...chart.querySelectorAll('.mark-text text')].filter(
    each => each.textContent && !each.getAttribute('stroke')
  );
  return [chart.getBoundingClientRect().top, texts.map(each => {
    const { left, top, right, bottom } = each.getBoundingClientRect();
    return [left, top, right, bottom];
  })];
}"""


@pytest.mark.parametrize("viewport", [{"width": 390, "height": 844}])
@pytest.mark.parametrize(("name", "rows"), [("gradients-01-sigmoid-slope", 1), ("compare-4-accuracy", 16)])
def test_no_name_is_cut_off_or_stands_on_another_word(open_page: Open, name: str, rows: int) -> None:
    """With one line of evidence or many, on a phone too, every name is within the chart and by itself."""
    page = open_page(f"/claims?lesson={trials()[name].lesson}&claim={name}")
    chart = page.locator(f".st-key-figure_evidence-{name} .figure svg.marks")
    top, words = chart.evaluate(WORDS)
    assert len(words) >= rows
    for left, above, right, below in words:
        assert above >= top
        level = [word for word in words if word[1] < below and above < word[3] and word[0] > left]
        assert all(word[0] >= right for word in level), "a word stands on another"
