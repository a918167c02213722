"""The figure in a real browser: one cursor over every panel, kept over reruns, on any width and theme."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect
from windows import violations

Open = Callable[..., Locator]
STROKE, DARK_STROKE = "#0B7A9E", "#3DB8E0"  # of the line of h, in either theme
PHONE = {"viewport": {"width": 390, "height": 844}}


def value_text(figure: Locator) -> str:
    """What the step slider says."""
    return figure.get_by_role("slider", name="Step").get_attribute("aria-valuetext") or ""


def shown(figure: Locator) -> list[str]:
    """The numbers of the forget gate at the chosen step."""
    return figure.locator(".row.map").nth(2).locator("svg.bars text").all_text_contents()


@pytest.mark.slow
def test_every_panel_is_drawn(open_figure: Open) -> None:
    """Charts have marks and maps have colours: nothing is lost between payload and screen."""
    figure = open_figure("all=1")
    expect(figure.locator(".chart-view svg")).to_have_count(5)
    norms = figure.locator(".chart-view svg").first
    expect(norms.locator(".mark-symbol path")).not_to_have_count(0)
    expect(norms.locator(".mark-line path").first).to_be_visible()
    expect(figure.locator(".map canvas")).to_have_count(7)
    colours = (
        figure.locator(".map canvas")
        .nth(1)
        .evaluate(
            "c => new Set(new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size"
        )
    )
    assert colours > 20
    assert len(shown(figure)) == 8


def test_keyboard_moves_the_cursor_through_all_panels(open_figure: Open) -> None:
    """Arrow keys, Home and End change the numbers of every panel, and stop at the ends."""
    figure = open_figure()
    slider = figure.get_by_role("slider", name="Step")
    assert value_text(figure) == "Step 7 of 13, he"
    before, norm = shown(figure), figure.locator(".vector-norm strong").first
    old = norm.text_content() or ""
    slider.press("ArrowRight")
    expect(figure.locator(".step-name")).to_have_text("Step 8, ‘also’")
    expect(norm).not_to_have_text(old)
    assert value_text(figure) == "Step 8 of 13, also"
    assert shown(figure) != before
    expect(figure.locator(".vector-name").first).to_contain_text("8")
    slider.press("End")
    slider.press("ArrowRight")
    expect(figure.locator(".step-name")).to_have_text("Step 13, ‘movies’")
    slider.press("Home")
    slider.press("ArrowLeft")
    expect(figure.locator(".step-name")).to_have_text("Step 1, ‘Krish’")
    expect(figure.locator(".live")).to_have_text("Step 1 of 13, Krish, unit 0")


def test_pointer_scrubs_and_chooses_a_unit(open_figure: Open) -> None:
    """A press in the time area goes to that step, a drag scrubs, a press on a row chooses its unit."""
    figure = open_figure()
    canvas = figure.locator(".map canvas").nth(2)
    box = canvas.bounding_box()
    assert box is not None
    canvas.click(position={"x": box["width"] * 2.5 / 13, "y": box["height"] * 4.5 / 8})
    expect(figure.locator(".step-name")).to_have_text("Step 3, ‘to’")
    expect(figure.get_by_role("slider", name="Unit")).to_have_attribute("aria-valuetext", "Unit 4 of 0 to 7")
    expect(figure.locator(".row.map svg.bars text.chosen")).to_have_count(7)
    box, mouse = canvas.bounding_box(), figure.page.mouse  # the click scrolled the page
    assert box is not None
    mouse.move(box["x"] + box["width"] * 2.5 / 13, box["y"] + 5)
    mouse.down()
    mouse.move(box["x"] + box["width"] * 9.5 / 13, box["y"] - 60)
    mouse.up()
    expect(figure.locator(".step-name")).to_have_text("Step 10, ‘to’")
    figure.locator("svg.bars").nth(3).click(position={"x": 10, "y": 20})
    expect(figure.get_by_role("slider", name="Unit")).to_have_attribute("aria-valuetext", "Unit 0 of 0 to 7")


def test_play_runs_to_the_end_and_pauses(open_figure: Open) -> None:
    """Space starts and stops playing; it ends at the last step, with reduced motion as well."""
    figure = open_figure("T=40", reduced_motion=True)
    figure.get_by_role("slider", name="Step").press("Space")
    expect(figure.get_by_role("button", name="Pause")).to_be_visible()
    expect(figure.locator(".slot")).to_have_css("transition-duration", "0s")
    expect(figure.locator(".step-name")).to_contain_text("Step 9,")
    figure.get_by_role("slider", name="Step").press("Space")
    expect(figure.get_by_role("button", name="Play")).to_be_visible()
    figure.get_by_role("slider", name="Step").press("End")
    figure.get_by_role("slider", name="Step").press("ArrowLeft")
    figure.get_by_role("button", name="Play").click()
    expect(figure.locator(".step-name")).to_contain_text("Step 40,")
    expect(figure.get_by_role("button", name="Play")).to_be_visible()


def test_cursor_and_unit_survive_new_data(open_figure: Open) -> None:
    """New data changes the numbers and keeps step, unit and the chart views."""
    figure = open_figure()
    figure.get_by_role("slider", name="Step").press("End")
    figure.get_by_role("slider", name="Unit").press("ArrowRight")
    expect(figure.locator(".units .chosen")).to_have_text("1")
    before = shown(figure)
    figure.locator(".chart-view svg").first.evaluate("svg => { svg.dataset.same = 'yes' }")
    figure.page.get_by_role("button", name="Other data").click()
    expect(figure.locator(".row.map").nth(2).locator("svg.bars text").first).not_to_have_text(before[0])
    assert value_text(figure) == "Step 13 of 13, movies"
    expect(figure.locator(".units .chosen")).to_have_text("1")
    expect(figure.locator(".chart-view svg").first).to_have_attribute("data-same", "yes")


def test_cursor_is_clamped_to_a_shorter_sequence(open_figure: Open) -> None:
    """With fewer steps the cursor stands on the last one; with more units the choice stays."""
    figure = open_figure()
    figure.get_by_role("slider", name="Step").press("End")
    expect(figure.locator(".step-name")).to_contain_text("Step 13,")
    figure.page.get_by_role("button", name="Shorter").click()
    expect(figure.locator(".step-name")).to_have_text("Step 5, ‘pizza’")
    expect(figure.get_by_role("slider", name="Step")).to_have_attribute("aria-valuemax", "5")


def test_cursor_survives_a_theme_switch(open_figure: Open) -> None:
    """The other theme repaints charts and maps and keeps the step."""
    figure = open_figure(color_scheme="light")
    figure.get_by_role("slider", name="Step").press("Home")
    light = figure.evaluate("node => node.style.getPropertyValue('--u-h')")
    figure.page.emulate_media(color_scheme="dark")
    expect(figure.locator(".pill")).to_have_css("background-color", "rgb(237, 235, 232)")
    assert figure.evaluate("node => node.style.getPropertyValue('--u-h')") != light
    expect(figure.locator(".mark-line path").first).to_have_attribute("stroke", DARK_STROKE)
    assert value_text(figure) == "Step 1 of 13, Krish"


def test_learner_text_is_shown_literally(open_figure: Open) -> None:
    """A token that is markup or maths is text everywhere it stands."""
    figure = open_figure("token=<script>alert(1)</script>$h_t$&t=1")
    figure.get_by_role("slider", name="Step").press("Home")
    literal = "<script>alert(1)</script>$h_t$"
    expect(figure.locator(".pill")).to_have_text(literal)
    expect(figure.locator(".finding .token")).to_have_text(literal)
    assert literal in value_text(figure)
    assert figure.locator("script").count() == 0


@pytest.mark.parametrize("query", ["", "T=60&H=20", "token=" + "incomprehensible" * 9])
def test_phone_has_a_table_and_no_sideways_scroll(open_figure: Open, query: str) -> None:
    """At 390 px the values follow as a table, the transport docks at the bottom, and nothing is wider than the page."""
    figure = open_figure(query, **PHONE)
    expect(figure.locator(".units-table tbody tr").first).to_be_visible()
    expect(figure.locator(".dock-name")).to_contain_text("Step 7")
    figure.get_by_role("button", name="Step forward").click()
    expect(figure.locator(".dock-name")).to_contain_text("Step 8")
    box = figure.locator(".dock").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844
    assert figure.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert figure.evaluate("node => node.scrollWidth <= node.clientWidth")


def test_layout_follows_the_width(open_figure: Open) -> None:
    """The values stand beside, below in two columns, or in a table, by the width of the container."""
    figure = open_figure()
    for width, mode in ((800, "middle"), (390, "phone"), (1280, "desktop")):
        figure.page.set_viewport_size({"width": width, "height": 900})
        expect(figure).to_have_attribute("data-mode", mode)
        expect(figure.locator(".step-name")).to_have_text("Step 7, ‘he’")
        assert figure.evaluate("node => node.scrollWidth <= node.clientWidth")


def test_many_units_and_steps(open_figure: Open) -> None:
    """Hundreds of steps and 64 units: a line for the slot, the chosen unit's number alone, thinned labels."""
    figure = open_figure("T=300&H=64")
    expect(figure.locator(".slot-edges")).to_have_css("width", "2px")
    assert len(shown(figure)) == 1
    assert figure.locator(".token-label").count() < 60
    figure.get_by_role("slider", name="Step").press("End")
    expect(figure.locator(".steps .chosen").first).to_have_text("300")


def test_numbers_are_there_as_a_table(open_figure: Open) -> None:
    """The disclosure gives a chart's numbers, a row a step, reachable by keyboard."""
    figure = open_figure()
    figure.locator("summary").press("Enter")
    expect(figure.locator(".as-table tbody tr")).to_have_count(13)
    expect(figure.locator(".as-table thead th").nth(2)).to_have_text("RNN ∂L/∂h")
    figure.get_by_label("Panel shown as a table").select_option(index=6)
    expect(figure.locator(".as-table thead th").nth(2)).to_have_text("unit 0")


@pytest.mark.slow
@pytest.mark.few(1)
@pytest.mark.parametrize("width", [1280, 800, 390])
def test_no_accessibility_violations(open_figure: Open, width: int) -> None:
    """Axe finds nothing in the figure, with the table of numbers open, in both themes and all layouts."""
    figure = open_figure("all=1", viewport={"width": width, "height": 900})
    figure.locator("summary").press("Enter")
    expect(figure.locator(".as-table tbody tr")).to_have_count(13)
    for scheme, stroke in (("light", STROKE), ("dark", DARK_STROKE)):
        figure.page.emulate_media(color_scheme=scheme)
        expect(figure.locator(".mark-line path").first).to_have_attribute("stroke", stroke)
        assert violations(figure.page, ".st-key-figure_sample", colours=scheme == "dark") == {}, scheme


@pytest.mark.slow
def test_works_without_eval(open_figure: Open) -> None:
    """Charts are drawn and follow the cursor under a content security policy that forbids eval."""
    figure = open_figure(policy="script-src 'self' blob: 'unsafe-inline'")
    # From a timer: what the debugger itself evaluates is exempt from the policy.
    attempt = "done => setTimeout(() => { try { done(eval('1')) } catch (error) { done(error.name) } })"
    blocked = figure.page.evaluate(f"() => new Promise({attempt})")
    assert blocked == "EvalError"
    figure.get_by_role("slider", name="Step").press("Home")
    expect(figure.locator(".step-name")).to_contain_text("Step 1,")
    expect(figure.locator(".mark-line path").first).to_be_visible()


@pytest.mark.slow
def test_height_is_reserved(open_figure: Open) -> None:
    """The space kept before the script loads is about what the figure takes, so what follows does not jump."""
    for width in (1280, 800, 390):
        figure = open_figure("", viewport={"width": width, "height": 900})
        taken, kept = figure.evaluate(
            """node => {
              const box = node.getRootNode().host.closest('.st-key-figure_sample');
              return [node.getBoundingClientRect().height, parseFloat(getComputedStyle(box).minHeight)];
            }"""
        )
        assert abs(taken - kept) < 0.1 * taken
