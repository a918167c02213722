"""The frame and Home in a real browser: navigation, both themes, a phone, and accessibility."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, expect

from dashboard.home import controls as home
from dashboard.home import pair, tour
from dashboard.kit import theme, words
from quiz.lessons import LESSONS
from tests.browser.conftest import unfolded

PATHS = ("/", "/inspector")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
WIDE = {"width": 1800, "height": 900}


def rgb(colour: str) -> str:
    """A colour as the browser reports it."""
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return f"rgb({red}, {green}, {blue})"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_home_shows_two_trained_networks(open_page: Callable[[str], Page]) -> None:
    """The finding is that of the pair and the start on the screen; a name and a start change both at once."""
    page = open_page("/")
    said = page.locator(".pair .said")
    shown = pair.data()
    expect(said).to_have_text(shown["said"]["orthogonal"][0])
    page.get_by_role("button", name=re.compile("^First name: Krish")).click()
    expect(said).to_have_text(shown["said"]["orthogonal"][shown["pairs"].index([2, 1])])
    page.get_by_role("button", name="plain", exact=True).click()
    expect(said).to_have_text(shown["said"]["plain"][shown["pairs"].index([2, 1])])
    expect(page.get_by_role("button", name="plain", exact=True)).to_have_attribute("aria-pressed", "true")


def test_home_is_read_word_by_word(open_page: Callable[[str], Page]) -> None:
    """By keys, by pressing a word and by itself; what the networks say there is said in words."""
    page = open_page("/")
    words_ = page.get_by_role("slider", name="Word")
    words_.press("Home")
    expect(words_).to_have_attribute("aria-valuenow", "1")
    words_.press("ArrowRight")
    expect(page.locator(".pair .now")).to_contain_text("After “likes”: RNN ")
    page.locator(".pair .word").nth(7).click()
    expect(words_).to_have_attribute("aria-valuenow", "8")
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("button", name="Read word by word").click()
    expect(words_).to_have_attribute("aria-valuenow", "9")
    page.emulate_media(reduced_motion="no-preference")
    page.get_by_role("button", name="Read word by word").click()
    expect(words_).to_have_attribute("aria-valuenow", str(pair.steps()))


def test_the_ways_in_and_the_figure_are_on_the_first_screen(open_page: Callable[[str], Page]) -> None:
    """At 1280 by 800 no scrolling is needed to see where to go and what both networks answer."""
    page = open_page("/")
    page.set_viewport_size({"width": 1280, "height": 800})
    for name in ("Learn", "Inspect", "Practise"):
        expect(page.get_by_role("heading", name=name)).to_be_in_viewport(ratio=1)
    expect(page.locator(".pair")).to_be_in_viewport(ratio=1)


def test_the_tour_walks_over_the_pages(open_page: Callable[[str], Page]) -> None:
    """From Home to a beat, the Inspector and a question; a reload stays at its stop, and at its end it goes."""
    page = open_page("/")
    said = page.locator(".pair .said").last
    first = said.inner_text()
    page.get_by_role("button", name="plain", exact=True).click()
    expect(said).not_to_have_text(first)
    page.get_by_role("button", name=words.say("home", "tour-offer")).click()
    coach = page.locator(".st-key-coach")
    expect(said).to_have_text(first)  # the tour asks about the figure as it opens
    for at, stop in enumerate(tour.STOPS[1:], 2):
        page.get_by_role("link", name=words.say("home", f"tour-next-{stop.path}")).click()
        expect(coach).to_contain_text(f"{at} of {len(tour.STOPS)}")
        if stop.path == "bptt":
            page.reload()
            expect(coach).to_contain_text(f"{at} of {len(tour.STOPS)}")
    page.get_by_role("button", name="End the tour").click()
    expect(coach).to_have_count(0)


def test_the_first_words_tag_hides_no_other(open_page: Callable[[str], Page]) -> None:
    """The tour's chart opens at its first word: the second one stands beside the tag, whole."""
    page = open_page(f"/inspector?{urlencode(tour.STOPS[2].query)}")
    expect(page.locator(".strip .pill")).to_have_text("Krish")
    expect(page.locator(".token-label").nth(1)).to_be_visible()


@pytest.mark.slow
@pytest.mark.few(1)
@pytest.mark.parametrize("path", ["/handout?lesson=bptt", "/?tour=1", "/quiz?mode=practice&tour=4"])
def test_handouts_and_the_tour_are_accessible(
    open_page: Callable[[str], Page], accessible: Callable[[Page], None], path: str
) -> None:
    """What the sidebar does not list passes every axe rule in both themes, too."""
    accessible(open_page(path))


@pytest.mark.slow
def test_a_handout_prints_on_one_page(open_page: Callable[[str], Page]) -> None:
    """Every lesson's, on A4, without the frame around it."""
    page = open_page("/")
    for lesson in LESSONS:
        page.goto(re.sub(r"/[^/]*$", f"/handout?lesson={lesson}", page.url))
        expect(page.locator(".st-key-handout-take-away")).to_be_visible()
        page.emulate_media(media="print")
        expect(page.locator(".st-key-handout-ways")).to_be_hidden()
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1
        page.emulate_media(media="screen")


@pytest.mark.parametrize("viewport", [PHONE])
@pytest.mark.parametrize("path", PATHS)
def test_phone_needs_no_sideways_scrolling(open_page: Callable[[str], Page], path: str) -> None:
    """Nothing is wider than a phone's window."""
    page = open_page(path)
    overflow = "element => element.scrollWidth - element.clientWidth"
    assert page.get_by_test_id("stMain").evaluate(overflow) == 0


@pytest.mark.parametrize("viewport", [PHONE])
def test_phone_navigation_closes_after_a_choice(open_page: Callable[[str], Page]) -> None:
    """On a phone the list of pages gives way to the page that was chosen from it."""
    page = open_page("/")
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Inspector").click()
    expect(page.get_by_role("heading", name="Inspector", level=1)).to_be_in_viewport()
    expect(page.get_by_test_id("stSidebar")).not_to_be_in_viewport()


def test_another_page_begins_at_its_top(open_page: Callable[[str], Page], settled: Callable[[Page], None]) -> None:
    """However far the last one was scrolled, by the navigation and by the browser's way back."""
    page = open_page("/gates")
    main = page.get_by_test_id("stMain")
    title = page.get_by_role("heading", level=1)
    main.evaluate("main => main.scrollTo(0, main.scrollHeight)")
    expect(title).not_to_be_in_viewport()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Forward pass").click()
    expect(title).to_have_text("Forward pass")
    expect(title).to_be_in_viewport()
    expect(page.locator(".st-key-lesson-way")).to_be_visible()
    settled(page)  # before that the page is shorter than its window
    main.evaluate("main => main.scrollTo(0, main.scrollHeight)")
    expect(title).not_to_be_in_viewport()
    page.go_back()
    expect(title).to_have_text("Gates at work")
    expect(title).to_be_in_viewport()


def test_button_leads_into_the_inspector(open_page: Callable[[str], Page]) -> None:
    """Home's one button opens the Inspector."""
    page = open_page("/")
    page.get_by_role("button", name="Open the Inspector").click()
    page.wait_for_url("**/inspector")
    expect(page.get_by_role("heading", name="Inspector", level=1)).to_be_visible()


@pytest.mark.few(1)
@pytest.mark.parametrize("name", home.EXAMPLES)
def test_example_opens_with_its_settings(open_page: Callable[[str], Page], name: str) -> None:
    """Each example link carries its settings to the Inspector's address."""
    page = open_page("/")
    unfolded(page, "home-examples")
    page.get_by_test_id("stMain").get_by_role("link", name=words.say("home", f"example-{name}")).click()
    page.wait_for_url(re.compile(r"/inspector\?"))
    for key in home.EXAMPLES[name].to_query():
        assert f"{key}=" in page.url


@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_theme_follows_the_system(open_page: Callable[[str], Page], color_scheme: str) -> None:
    """The page, its text and the symbols in formulas take the palette of the theme the system asks for."""
    page = open_page("/")
    colours = theme.PALETTE[color_scheme]
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", rgb(colours["page"]))
    expect(page.get_by_test_id("stSidebar")).to_have_css("background-color", rgb(colours["sidebar"]))
    expect(page.locator("h1")).to_have_css("color", rgb(colours["ink"]))
    expect(page.locator(".pair .square.lstm").first).to_have_css("background-color", rgb(colours["ink"]))


@pytest.mark.slow
@pytest.mark.parametrize("color_scheme", ["light", "dark"])
def test_symbols_in_formulas_follow_the_theme(open_page: Callable[[str], Page], color_scheme: str) -> None:
    """A formula of a lesson has its roles' colours in either theme."""
    page = open_page("/lstm-cell")
    unfolded(page, "lstm-cell-equations")
    symbol = page.locator(".katex-html [style*=color]").filter(has_text="h").first
    expect(symbol).to_have_css("color", rgb(theme.PALETTE[color_scheme]["h"]))


def test_theme_can_be_chosen(open_page: Callable[[str], Page]) -> None:
    """The menu offers the other theme, whatever the system prefers, and nothing for developers."""
    page = open_page("/")
    page.get_by_test_id("stMainMenuButton").click()
    menu = page.get_by_test_id("stMainMenuList")
    expect(menu.get_by_role("menuitem")).to_have_text(["About"])
    menu.get_by_role("menuitemradio", name="Dark").click()
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", rgb(theme.PALETTE["dark"]["page"]))
    expect(page.locator(".pair .square.lstm").first).to_have_css("background-color", rgb(theme.PALETTE["dark"]["ink"]))


@pytest.mark.parametrize("viewport", [DESKTOP, WIDE], ids=["desktop", "wide"])
def test_measures_of_the_frame(open_page: Callable[[str], Page]) -> None:
    """The sidebar is 240 pixels wide; the content 944, in the middle of what is left."""
    page = open_page("/")
    rule = page.locator(".st-key-home-ways")
    expect(rule).to_have_css("width", f"{theme.CONTENT_WIDTH}px")
    sidebar = page.get_by_test_id("stSidebar").bounding_box()
    content = rule.bounding_box()
    main = page.get_by_test_id("stMain").bounding_box()
    assert sidebar
    assert content
    assert main
    assert sidebar["width"] == theme.SIDEBAR_WIDTH
    assert content["x"] + content["width"] / 2 == pytest.approx(main["x"] + main["width"] / 2, abs=8)


def test_type_is_served_by_the_app(open_page: Callable[[str], Page]) -> None:
    """Headings and findings are set in Source Serif, text in Source Sans, and both faces have arrived."""
    page = open_page("/")
    for locator, family in (
        (page.locator("h1"), "Source Serif"),
        (page.locator(".pair .said"), "Source Serif"),
        (page.get_by_role("button", name="Open the Inspector"), "Source Sans"),
    ):
        expect(locator).to_have_css("font-family", re.compile(rf'^"?{family}'))
        assert page.evaluate("family => document.fonts.check(`16px '${family}'`)", family)


def test_page_is_sent_whole_and_with_its_policy(server: Any) -> None:
    """A browser that has the page already gets it again, with the policy; a script is sent as Streamlit sends it."""
    for known in ({}, {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}):
        with urlopen(Request(f"{server.url}/bptt", headers={"Accept": "text/html", **known})) as answer:
            assert answer.status == 200
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
            assert b'stMainBlockContainer"] {' in answer.read()
    with urlopen(f"{server.url}/_stcore/health") as answer:
        assert answer.read() == b"ok"


def test_a_page_arrives_until_it_is_used(open_page: Callable[[str], Page]) -> None:
    """What is still to come holds back what stands below it until the reader acts, and again on the next page."""
    page = open_page("/")
    root = page.locator("html")
    expect(root).to_have_class("arriving")
    page.get_by_role("heading", level=1).click()
    expect(root).not_to_have_class("arriving")
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Forward pass").click()
    page.wait_for_url("**/forward")
    expect(root).to_have_class("arriving")
    page.get_by_role("heading", level=1, name="Forward pass").click()
    expect(root).not_to_have_class("arriving")
