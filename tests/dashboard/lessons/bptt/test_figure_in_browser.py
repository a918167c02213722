"""An opened entry in a real browser: choose, open, switch, drag the band, on any width and theme."""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from windows import Window, violations, watch

pytestmark = pytest.mark.slow

APP = Path(__file__).with_name("entry_app.py")
Open = Callable[..., Locator]
PHONE = {"viewport": {"width": 390, "height": 844}}
INK, LIGHT_INK = "rgb(47, 45, 43)", "rgb(237, 235, 232)"  # of the light theme and the dark one
MINUS = "\N{MINUS SIGN}"


@pytest.fixture(scope="module")
def entry_url(start_server: Callable[..., Any]) -> str:
    """Address of the app with one opened entry."""
    return str(start_server([sys.executable, "-m", "streamlit", "run", str(APP)]).url)


@pytest.fixture
def open_entry(windows: Callable[[bool], Window], entry_url: str) -> Iterator[Open]:
    """A function that opens the app and returns its figure; what the browser complains of fails the test."""
    window = windows(False)

    def visit(query: str = "", **options: Any) -> Locator:
        page = window.page(entry_url, **({"viewport": {"width": 1280, "height": 1000}} | options))
        return entry_of(page, entry_url, query)

    with window.watched():
        yield visit


def entry_of(page: Page, url: str, query: str = "") -> Locator:
    """The figure of the app, opened in a page."""
    page.goto(f"{url}/?{query}")
    figure = page.locator(".figure")
    expect(figure.locator(".entry-panel .terms").or_(page.get_by_test_id("stException")).first).to_be_visible()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    return figure


def terms(figure: Locator) -> list[str]:
    """The terms in the table, t = T … 1."""
    return figure.locator(".terms tbody .result").all_text_contents()


def pressed(figure: Locator, name: str) -> Locator:
    """A chosen button by its name."""
    return figure.get_by_role("button", name=name, pressed=True)


def test_an_entry_is_the_sum_of_its_terms(open_entry: Open) -> None:
    """The chapter's small network: four terms, their sum, backprop's number, and that they are equal."""
    figure = open_entry()
    assert terms(figure) == ["0.0513", "0.0064", f"{MINUS}0.0141", "0"]
    expect(figure.locator(".terms .sum")).to_have_text("Sum over the 4 steps0.0435")
    expect(figure.locator(".terms .proof-row")).to_contain_text("0.0435✓ equal")
    expect(figure.locator(".step-map .sums td")).to_have_text(["0", f"{MINUS}0.0141", "0.0064", "0.0513"])


def test_a_click_and_the_arrow_keys_choose_an_entry(open_entry: Open) -> None:
    """The chosen entry is framed, its terms are shown, and the page's address names it."""
    figure = open_entry()
    figure.get_by_role("button", name="∂L/∂Wh[0,0]").click()
    expect(pressed(figure, "∂L/∂Wh[0,0]")).to_be_visible()
    expect(figure.locator(".entry-sum h2")).to_contain_text("[0,0]")
    before = terms(figure)
    figure.page.keyboard.press("ArrowDown")
    expect(pressed(figure, "∂L/∂Wh[1,0]")).to_be_focused()
    assert terms(figure) != before
    figure.page.keyboard.press("ArrowRight")
    expect(pressed(figure, "∂L/∂Wh[1,1]")).to_be_focused()
    expect(figure.get_by_role("slider", name="Step")).to_have_attribute("aria-valuenow", "8")
    expect(figure.page).to_have_url(re.compile(r"entry=W_h\.1\.1"))
    figure.get_by_role("radio", name="Wx", exact=True).click()
    figure.page.keyboard.press("End")
    expect(figure.get_by_role("radio", name="by", exact=True)).to_be_focused()
    expect(figure.get_by_role("radio", name="by", exact=True)).to_be_checked()
    expect(figure.locator(".entry-sum h2")).to_contain_text("∂L/∂by[0]")


@pytest.mark.parametrize("readout", ["last", "every"])
def test_every_weight_ties(open_entry: Open, readout: str) -> None:
    """Both ways of summing give backprop's number, for every weight and read-out."""
    figure = open_entry(f"readout={readout}")
    for weight in ("Wx", "Wh", "b", "Wy", "by"):
        figure.get_by_role("radio", name=weight, exact=True).click()
        expect(figure.locator(".entry-sum h2")).to_contain_text(f"∂L/∂{weight}[")
        for way in ("immediate", "total"):
            figure.get_by_role("radio", name=re.compile(way)).click()
            expect(figure.locator(".proof-row"), f"{weight}, {way}").to_contain_text("✓ equal")
            shown = figure.locator(".terms tfoot .result").all_text_contents()
            assert shown[0] == shown[1], f"{weight}, {way}"


def test_a_term_opens_into_its_factors(open_entry: Open) -> None:
    """A row opens the chain with every Jacobian by name and value, ending in the term; so does a cell of the map."""
    figure = open_entry()
    figure.locator(".terms tbody tr").nth(2).click()
    expect(pressed(figure, "Open the term of t = 2")).to_be_visible()
    heads = figure.locator(".chain thead th")
    expect(heads).to_have_text(
        ["factor", "∂L/∂y", "∂y/∂z4", "∂z4/∂h4", "∂h4/∂h3", "∂h3/∂h2", "∂+h2/∂Wh[0,1]".replace("+", "⁺")]
    )
    expect(figure.locator(".chain .after-value").last).to_have_text(f"{MINUS}0.0141")
    expect(figure.locator(".chain tbody tr").first.locator("td").nth(2)).to_have_text(f"0.9{MINUS}1.2")
    figure.get_by_role("button", name="Loss at 4, state step 3").click()
    expect(heads).to_have_count(6)
    expect(figure.locator(".chain .after-value").last).to_have_text("0.0064")
    figure.page.keyboard.press("ArrowLeft")
    expect(pressed(figure, "Loss at 4, state step 2")).to_be_focused()
    expect(heads).to_have_count(7)


def test_many_losses_make_a_term_a_sum(open_entry: Open) -> None:
    """With a read-out at every step the opened term names its loss steps, and each has its own chain."""
    figure = open_entry("readout=every")
    figure.get_by_role("button", name="Open the term of t = 2").click()
    losses = figure.get_by_role("radiogroup", name="Loss step").get_by_role("radio")
    expect(losses).to_have_text(["loss at 2: 0.2556", "loss at 3: 0.0101", f"loss at 4: {MINUS}0.0141"])
    expect(figure.locator(".terms tbody .result").nth(2)).to_have_text("0.2516")
    losses.first.click()
    expect(figure.locator(".chain thead th")).to_have_count(5)
    expect(figure.locator(".chain .after-value").last).to_have_text("0.2556")


def test_what_the_stage_has_not_reached_is_not_shown(open_entry: Open) -> None:
    """At t = 3 two terms are known, the sum is so far, and the row of t = 3 is the slot; earlier nothing is known."""
    figure = open_entry("stage=5")
    assert terms(figure) == ["0.0513", "0.0064", "?", "?"]
    expect(figure.locator(".terms .sum")).to_have_text("Sum so far, 2 of 4 terms0.0577")
    expect(figure.locator(".terms .slot-row th")).to_have_text("3")
    expect(figure.locator(".entry-chain h3")).to_contain_text("t = 3".replace(" ", ""))
    expect(figure.locator(".proof-row .result")).to_have_text("?")
    expect(figure.locator(".facts dd")).to_have_text(["4 of 4", "?", "?", "?"])
    figure.get_by_role("slider", name="Step").press("ArrowRight")
    expect(figure.locator(".terms .sum")).to_contain_text("3 of 4 terms0.0435")
    expect(pressed(figure, "Open the term of t = 2")).to_be_visible()
    figure.get_by_role("slider", name="Step").press("Home")
    expect(figure.locator(".terms tbody .result")).to_have_text(["?"] * 4)
    expect(figure.locator(".chain .unknown")).not_to_have_count(0)
    assert "0.0513" not in figure.locator(".entry-panel").inner_text()
    figure.get_by_role("radio", name="Wy", exact=True).click()
    assert terms(figure)[0] == "?"
    for _ in range(2):
        figure.get_by_role("slider", name="Step").press("ArrowRight")
    expect(figure.locator(".proof-row")).to_contain_text("✓ equal")


def test_total_derivatives_say_what_counting_again_gives(open_entry: Open) -> None:
    """One product per loss step; the sum over every state step is shown as the wrong number that it is."""
    figure = open_entry()
    figure.get_by_role("radio", name=re.compile("total")).click()
    assert terms(figure) == ["0.0435", "–", "–", "–"]
    expect(figure.locator(".remark-line")).to_contain_text(re.compile(r"count again: \S+, not 0\.0435"))
    expect(figure.locator(".remark-line")).not_to_contain_text("again: 0.0435")
    expect(figure.locator(".entry-chain h3")).to_have_text("The total derivative, step by step")


def test_the_chapters_example_is_a_preset(open_entry: Open) -> None:
    """It opens W_h at t = 3 and explains the slip of the index; another choice puts the note away."""
    figure = open_entry("entry=W_x.0.1")
    figure.get_by_role("button", name="The chapter's example").click()
    expect(figure.locator(".entry-sum h2")).to_contain_text("∂L/∂Wh[0,1]")
    expect(figure.locator(".chain thead th")).to_have_text(
        ["factor", "∂L/∂y", "∂y/∂z4", "∂z4/∂h4", "∂h4/∂h3", "∂⁺h3/∂Wh[0,1]"]
    )
    expect(figure.locator(".example")).to_contain_text("the use between o2 and o3, the one that makes h3")
    figure.get_by_role("button", name="Open the term of t = 4").click()
    expect(figure.locator(".example")).to_have_count(0)
    expect(open_entry("T=3").get_by_role("button", name="The chapter's example")).to_have_count(0)


def test_the_band_is_dragged(open_entry: Open) -> None:
    """Dragging the handle cuts what the window does not reach and says what is lost; the address keeps it."""
    figure = open_entry()
    band = figure.get_by_role("slider", name="Truncation window")
    band.scroll_into_view_if_needed()
    box, grid = band.bounding_box(), figure.locator(".stairs").bounding_box()
    assert box is not None
    assert grid is not None
    mouse, middle = figure.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + box["width"] / 2, middle)
    mouse.down()
    mouse.move(grid["x"] + grid["width"] * 0.52, middle + 40, steps=4)
    expect(figure.locator(".facts dd").first).to_have_text("2 of 4")
    mouse.up()
    expect(figure.locator(".step-map .cut")).to_have_count(2)
    expect(figure.locator(".facts dd")).to_have_text(["2 of 4", "21.4\N{NO-BREAK SPACE}%", "0.9858", "0.0577"])
    expect(figure.page).to_have_url(re.compile("window=2"))
    mouse.move(grid["x"], middle)
    expect(figure.locator(".facts dd").first).to_have_text("2 of 4")


def test_the_band_is_moved_by_keyboard(open_entry: Open) -> None:
    """Arrow keys, Home and End set the window and stop at its ends; the figure's own cursor stays."""
    figure = open_entry("window=3")
    band = figure.get_by_role("slider", name="Truncation window")
    expect(band).to_have_attribute("aria-valuenow", "3")
    band.press("ArrowRight")
    expect(band).to_have_attribute("aria-valuenow", "2")
    expect(band).to_have_attribute(
        "aria-valuetext", "2 of 4: the loss at step 4 reaches back to step 3, lost 21.4\xa0%"
    )
    band.press("Home")
    band.press("ArrowRight")
    expect(band).to_have_attribute("aria-valuenow", "1")
    band.press("End")
    band.press("ArrowLeft")
    expect(band).to_have_attribute("aria-valuenow", "4")
    expect(figure.locator(".step-map .cut")).to_have_count(0)
    expect(figure.get_by_role("slider", name="Step")).to_have_attribute("aria-valuenow", "8")


def test_the_map_of_the_whole_weight_adds_up_to_its_norm(open_entry: Open) -> None:
    """The other numbers of the map are the shares of each pair of steps."""
    figure = open_entry("readout=every")
    before = figure.locator(".step-map .sums td").all_text_contents()
    figure.get_by_role("radio", name=re.compile("whole")).click()
    expect(figure.locator(".entry-map .words").first).to_contain_text("add up to ‖G‖")
    assert figure.locator(".step-map .sums td").all_text_contents() != before


def test_choices_survive_new_data_and_another_theme(open_entry: Open) -> None:
    """Weight, entry, term, window and kinds stay; the numbers are the new ones."""
    figure = open_entry("readout=every", color_scheme="light")
    figure.get_by_role("radio", name="Wx", exact=True).click()
    figure.get_by_role("button", name="∂L/∂Wx[0,0]").click()
    figure.get_by_role("radio", name=re.compile("whole")).click()
    figure.get_by_role("button", name="Loss at 3, state step 2").click()
    figure.get_by_role("slider", name="Truncation window").press("ArrowRight")
    before = terms(figure)
    figure.page.get_by_role("button", name="Other data").click()
    expect(figure.locator(".terms tbody .result").first).not_to_have_text(before[0])
    figure.page.emulate_media(color_scheme="dark")
    expect(figure.locator(".grip")).to_have_css("background-color", LIGHT_INK)
    expect(pressed(figure, "∂L/∂Wx[0,0]")).to_be_visible()
    expect(pressed(figure, "Loss at 3, state step 2")).to_be_visible()
    expect(figure.get_by_role("slider", name="Truncation window")).to_have_attribute("aria-valuenow", "3")
    expect(figure.get_by_role("radio", name=re.compile("whole"))).to_be_checked()


def test_the_diagram_opens_a_use_of_a_weight(open_entry: Open) -> None:
    """A weight pressed on its wire opens that weight at that step."""
    figure = open_entry("stages=1")
    figure.get_by_role("button", name="W_x at step 2").click()
    expect(figure.locator(".entry-sum h2")).to_contain_text("∂L/∂Wx[0,1]")
    expect(pressed(figure, "Open the term of t = 2")).to_be_visible()
    expect(figure.locator(".entry-sum")).to_be_in_viewport()


@pytest.mark.parametrize("query", ["", "T=8&H=4&D=4&O=4&readout=every", "T=1&H=1&D=1"])
def test_phone_has_no_sideways_scroll(open_entry: Open, query: str) -> None:
    """At 390 px wide tables scroll in their own boxes, the page does not."""
    figure = open_entry(query, **PHONE)
    for way in ("immediate", "total"):
        figure.get_by_role("radio", name=re.compile(way)).click()
        expect(figure.get_by_role("radio", name=re.compile(way))).to_be_checked()
        assert figure.page.evaluate("document.documentElement.scrollWidth") <= 390, way
        assert figure.evaluate("node => node.scrollWidth <= node.clientWidth"), way


def test_the_band_follows_a_finger(new_context: Callable[..., BrowserContext], entry_url: str) -> None:
    """A tap on the band moves the handle there."""
    context = new_context(**PHONE, has_touch=True, is_mobile=True)
    complaints = watch(context, [urlsplit(entry_url).netloc])
    figure = entry_of(context.new_page(), entry_url)
    band = figure.locator(".band")
    band.scroll_into_view_if_needed()
    box = band.bounding_box()
    assert box is not None
    band.tap(position={"x": box["width"] * 0.74, "y": 15})
    expect(figure.locator(".facts dd").first).to_have_text("1 of 4")
    context.close()
    assert not complaints


@pytest.mark.few(1)
@pytest.mark.parametrize(("width", "query"), [(1280, "window=2"), (800, "stage=5"), (390, "readout=every&window=2")])
def test_no_accessibility_violations(open_entry: Open, width: int, query: str) -> None:
    """Axe finds nothing with a term opened, a band set and the preset's note, in both themes and all layouts."""
    figure = open_entry(query, viewport={"width": width, "height": 1000})
    figure.get_by_role("button", name="The chapter's example").click()
    expect(figure.locator(".example")).to_be_visible()
    for scheme, colour in (("light", INK), ("dark", LIGHT_INK)):
        figure.page.emulate_media(color_scheme=scheme)
        expect(figure.locator(".grip")).to_have_css("background-color", colour)
        for way in ("immediate", "total"):
            figure.get_by_role("radio", name=re.compile(way)).click()
            expect(figure.get_by_role("radio", name=re.compile(way))).to_be_checked()
            assert violations(figure.page, ".st-key-figure_opened", colours=scheme == "dark") == {}, f"{scheme}, {way}"


@pytest.mark.few(1)
@pytest.mark.parametrize("query", ["stages=1&", "T=8&H=4&D=4&O=3&readout=every&"])
def test_height_is_reserved_and_kept(open_entry: Open, query: str) -> None:
    """The space kept before the script loads is about what the panel takes, and no stage changes it."""
    for width in (1280, 800, 390):
        figure = open_entry(query, viewport={"width": width, "height": 1000})
        taken, kept = figure.evaluate(
            """node => {
              const box = node.getRootNode().host.closest('.st-key-figure_opened');
              return [node.getBoundingClientRect().height, parseFloat(getComputedStyle(box).minHeight)];
            }"""
        )
        assert abs(taken - kept) < 0.1 * taken
        known = figure.locator(".entry-panel").evaluate("node => node.getBoundingClientRect().height")
        early = open_entry(f"{query}stage=1", viewport={"width": width, "height": 1000})
        expect(early.locator(".terms .unknown").first).to_be_visible()
        height = early.locator(".entry-panel").evaluate("node => node.getBoundingClientRect().height")
        assert abs(height - known) < 6
