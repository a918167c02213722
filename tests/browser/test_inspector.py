"""The Inspector in a real browser: every way in, the figure's cursor, training, weights, links and files."""

from __future__ import annotations

import io
import json
import re
import runpy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect
from support import edit_cell

from core import rnn
from dashboard.kit.run import compute
from dashboard.kit.run.settings import Settings
from tests.browser.conftest import FINISHED, SETTLED, opened_by, pressed

Open = Callable[[str], Page]
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
TASK = "/inspector?source=task&gap=5&H=4"
LONG = "/inspector?source=task&gap=40&H=4"  # trains for seconds on a quick machine too
OVERFLOW = "element => element.scrollWidth - element.clientWidth"


def field(page: Page, name: str) -> Locator:
    """One entry of the settings line."""
    return page.locator(f".st-key-inspector-field-{name.replace(' ', '-')}").get_by_role("button").first


def reads(page: Page, name: str, value: str) -> None:
    """Expect an entry of the settings line to read so."""
    expect(field(page, name)).to_have_accessible_name(re.compile(re.escape(value)))


def control(page: Page, name: str) -> Locator:
    """The element of one control."""
    return page.locator(f".st-key-inspector-{name}")


def finding(page: Page) -> str:
    """The sentence above the figure."""
    return page.locator(".figure .finding").first.text_content() or ""


def open_weights(page: Page) -> None:
    """Open the section of the weights."""
    control(page, "weights-open").locator("summary").click()
    expect(control(page, "weights-array")).to_be_visible()
    page.evaluate(SETTLED)  # what is still being drawn may not feel a press


def archive(**arrays: Any) -> bytes:
    """An .npz in memory."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def torch_layer(kind: Any, D: int, H: int) -> dict[str, Any]:
    """A layer's four arrays by PyTorch's names."""
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    return dict(zip(names, kind.to_torch(kind.init(D, H, rng=np.random.default_rng(3))), strict=True))


def upload(page: Page, name: str, content: bytes) -> None:
    """Choose a file of weights."""
    file: Any = {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    control(page, "npz").locator("input[type=file]").set_input_files(file)


def inspected(**changes: Any) -> compute.Inspection:
    """What `core` computes for these settings."""
    settings = replace(Settings(), **changes)
    sequence = compute.sequence(settings)
    return compute.inspect(settings, sequence, compute.start(settings, sequence))


def test_sentence_model_and_numbers(open_page: Open) -> None:
    """A typed sentence and a chosen cell give the very numbers of `core`, and the popover stays open meanwhile."""
    page = open_page("/inspector")
    opened_by(field(page, "Sequence"))
    area = page.get_by_label("Sentence", exact=True)
    area.fill("I grew up in France")
    area.press("Control+Enter")
    reads(page, "Sequence", "Own sentence, 5 tokens")
    expect(area).to_be_visible()
    page.keyboard.press("Escape")
    opened_by(field(page, "Model"))
    control(page, "cell").get_by_text("LSTM", exact=True).click()
    expect(page.locator(".figure .row.map")).to_have_count(6)
    (run,) = inspected(text="I grew up in France", cell="lstm").runs
    gates = page.locator(".figure .row.map svg.bars")
    shown = [text.replace("−", "-") for text in gates.nth(1).locator("text").all_text_contents()]
    assert shown == [f"{value:.3f}" for value in run.trace.cell.f[2, 0]]


def test_cursor_moves_without_the_server(page: Page, open_page: Open) -> None:
    """Keys and pointer choose step and unit in the browser; nothing is sent to the server."""
    sent: list[object] = []
    page.once("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    open_page("/inspector")
    slider = page.get_by_role("slider", name="Step", exact=True)
    name = page.locator(".figure .step-name")
    expect(name).to_have_text("Step 7, ‘he’")
    expect(page.locator(".figure .chart-view svg").first).to_be_visible()
    before = len(sent)
    assert before
    slider.press("ArrowRight")
    expect(name).to_have_text("Step 8, ‘also’")
    slider.press("End")
    expect(name).to_have_text("Step 13, ‘movies’")
    canvas = page.locator(".figure .map canvas").nth(2)
    box = canvas.bounding_box()
    assert box
    canvas.click(position={"x": box["width"] * 2.5 / 13, "y": box["height"] * 4.5 / 8})
    expect(name).to_have_text("Step 3, ‘to’")
    expect(page.get_by_role("slider", name="Unit")).to_have_attribute("aria-valuetext", "Unit 4 of 0 to 7")
    assert len(sent) == before


@pytest.mark.few(3)
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("text=%20", "no sentence yet"),
        ("text=" + "a+" * 5000, "at most 1,000 fit"),
        ("source=numbers&numbers=a,b%0A1,%0Ax,3", "column “a” (row 3) is no number: “x”"),
        ("y=**much**", "reads “**much**”"),
        ("loss=softmax&y=7", "from 0 to 2"),
        ("w=rnn.W_h.30.0=1", "lies outside"),
        ("loss=mse&y=1e200", "exploded"),
        ("H=**big**", "sets H to '**big**'"),
        ("source=task&gap=299000", "sets gap"),
    ],
)
def test_what_cannot_be_used_is_said_plainly(open_page: Open, query: str, words: str) -> None:
    """A message in plain words, literally quoted, with the controls still there; never a traceback."""
    page = open_page(f"/inspector?{query}")
    expect(page.get_by_test_id("stAlert").first).to_contain_text(words)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(field(page, "Sequence")).to_be_visible()
    assert page.get_by_test_id("stMain").evaluate(OVERFLOW) == 0


def test_markup_is_shown_literally(open_page: Open) -> None:
    """HTML and Markdown in a sentence are words like others."""
    page = open_page("/inspector?text=%3Cscript%3Ealert(1)%3C/script%3E+**x**+:red[z]")
    expect(page.locator(".figure .strip, .figure .token-row").first).to_contain_text("script")
    assert page.locator("script", has_text="alert(1)").count() == 0
    expect(page.get_by_test_id("stMain").locator("strong", has_text="x").and_(page.locator("p strong"))).to_have_count(
        0
    )


@pytest.mark.slow
def test_training_stops_continues_and_travels_by_link(
    open_page: Open, new_context: Callable[..., BrowserContext], settled: Callable[[Page], None]
) -> None:
    """Trained weights are shown, a link trains them again, and a fresh window shows the same numbers."""
    page = open_page(LONG)
    before = finding(page)
    control(page, "more").locator("input").first.press("End")
    pressed(page.get_by_role("button", name="Train", exact=True))
    page.get_by_text(re.compile(r"^Step \d+ of")).wait_for()
    control(page, "stop").get_by_role("button").click()
    page.get_by_role("button", name="Continue").wait_for()
    reads(page, "Weights", "Trained")
    expect(page.locator(".figure .finding").first).not_to_have_text(before)
    page.wait_for_url(re.compile("steps="))
    stopped = page.url
    control(page, "more").locator("input").first.press("Home")
    page.locator(FINISHED).wait_for()
    settled(page)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url(lambda url: "steps=" in url and "run=" not in url and url != stopped)
    page.get_by_role("button", name="Continue").wait_for()
    page.locator(FINISHED).wait_for()
    settled(page)
    trained, words = finding(page), page.url
    other = new_context().new_page()
    other.goto(words)
    expect(other.locator(".figure .finding").first).to_have_text(trained)
    page.get_by_role("button", name="Reset").click()
    expect(page.locator(".figure .finding").first).to_have_text(before)


@pytest.mark.slow
def test_other_settings_stop_a_training(open_page: Open) -> None:
    """A change that makes another run of it ends the one at work, and the page stays usable throughout."""
    page = open_page(LONG)
    control(page, "more").locator("input").first.press("End")
    pressed(page.get_by_role("button", name="Train", exact=True))
    control(page, "stop").get_by_role("button").wait_for()
    rate = control(page, "lr").locator("input")
    rate.fill("0.02")
    rate.press("Enter")
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_visible()
    reads(page, "Weights", "Seed 1")


def test_exports_hold_the_numbers_on_the_screen(open_page: Open, tmp_path: Path, capsys: Any) -> None:
    """All four files download; NPZ, JSON and the script's output agree with `core`."""
    page = open_page("/inspector?H=4&seed=3")
    opened_by(page.locator(".st-key-inspector-export").get_by_role("button").first)
    files = {}
    for name in ("csv", "npz", "json", "py"):
        with page.expect_download() as waiting:
            control(page, f"export-unrolled-{name}").get_by_role("button").click()
        files[name] = tmp_path / f"unrolled.{name}"
        waiting.value.save_as(files[name])
    runs = inspected(H=4, seed=3).runs
    with np.load(files["npz"]) as loaded:
        arrays = dict(loaded)
    document = json.loads(files["json"].read_text())
    runpy.run_path(str(files["py"]))
    printed = capsys.readouterr().out
    assert files["csv"].read_text().startswith("model,quantity,step,token,unit,value")
    for run in runs:
        kind = run.model.kind
        np.testing.assert_array_equal(arrays[f"{kind}.h"], run.trace.cell.h[1:, 0])
        assert document["models"][kind]["loss"] == run.trace.loss
        assert f"{kind}: loss {run.trace.loss!r}" in printed


@pytest.mark.slow
def test_own_weights_replace_the_seeds(open_page: Open) -> None:
    """PyTorch arrays are taken; what does not fit or is no archive is refused with a reason; there is a way back."""
    page = open_page("/inspector")
    open_weights(page)
    before = finding(page)
    upload(page, "rnn.npz", archive(**torch_layer(rnn, 5, 6)))
    reads(page, "Weights", "Your own")
    reads(page, "Hidden size", "6")
    alert = control(page, "weights-open").get_by_test_id("stAlert")
    upload(page, "text.npz", b"hello")
    expect(alert).to_contain_text("Nothing here tells what this file is")
    upload(page, "pickle.npz", archive(weight_ih_l0=np.array([{}], dtype=object)))
    expect(alert).to_contain_text("pickled objects")
    page.get_by_role("button", name="Back to the seed's weights").click()
    reads(page, "Weights", "Seed 1")
    expect(page.locator(".figure .finding").first).not_to_have_text(before)  # the size is still the file's


@pytest.mark.slow
def test_hand_set_weights_travel_by_link(open_page: Open) -> None:
    """A link with hand-set weights shows their numbers and the way back to the seed's."""
    page = open_page("/inspector?w=rnn.W_h.0.1=0.5")
    reads(page, "Weights", "Seed 1, 1 by hand")
    first = finding(page)
    open_weights(page)
    page.get_by_role("button", name="Back to the seed's weights").click()
    expect(field(page, "Weights")).not_to_contain_text("by hand")
    expect(page.locator(".figure .finding").first).not_to_have_text(first)
    expect(page).to_have_url(re.compile(r"/inspector$"))


def test_the_chosen_step_stays_in_the_link(open_page: Open) -> None:
    """The step in the address is the figure's own: it opens there, no other change drops it, the Link shows it."""
    page = open_page("/inspector?H=5&t=3")
    expect(page.locator(".figure .step-name")).to_contain_text("Step 3,")
    opened_by(field(page, "Model"))
    control(page, "cell").get_by_text("LSTM", exact=True).click()
    page.wait_for_url(re.compile("cell=lstm"))
    assert "t=3" in page.url
    page.keyboard.press("Escape")
    opened_by(page.locator(".st-key-inspector-link").get_by_role("button").first)
    expect(page.get_by_test_id("stPopoverBody").locator("code")).to_contain_text("t=3")


@pytest.mark.slow
def test_edited_token_comes_back_into_the_sentence(open_page: Open, settled: Callable[[Page], None]) -> None:
    """A word changed in the table changes the sentence, and the table keeps its place with its step numbers."""
    page = open_page("/inspector")
    opened_by(field(page, "Sequence"))
    grid = page.get_by_test_id("stDataFrame").first
    expect(grid).to_be_visible()
    settled(page)
    editor = edit_cell(grid, column=2, row=0)
    editor.fill("Anna")
    editor.press("Enter")
    expect(page.get_by_label("Sentence", exact=True)).to_have_value(re.compile("^Anna likes"))
    expect(page).to_have_url(re.compile("text=Anna"))


def test_settings_outlive_home(open_page: Open) -> None:
    """Going to Home and coming back by the navigation keeps what was chosen."""
    page = open_page("/inspector")
    opened_by(field(page, "Model"))
    control(page, "cell").get_by_text("LSTM", exact=True).click()
    page.wait_for_url("**/inspector?cell=lstm")
    page.keyboard.press("Escape")
    links = page.get_by_test_id("stSidebarNavLink")
    links.first.click()
    expect(page.get_by_role("heading", name="Unrolled", level=1)).to_be_visible()
    links.filter(has_text="Inspector").click()
    page.wait_for_url("**/inspector?cell=lstm")
    expect(page.locator(".figure .row.map")).to_have_count(6)


@pytest.mark.slow
@pytest.mark.few(1)
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_accessibility_violation(open_page: Open, accessible: Callable[[Page], None]) -> None:
    """With a popover open every axe rule passes in both themes, and nothing is wider than a phone."""
    page = open_page(TASK)
    expect(page.locator(".figure .finding").first).to_be_visible()
    for name in ("Sequence", "Initialisation"):
        field(page, name).click()
        expect(page.get_by_test_id("stPopoverBody").locator("label").first).to_be_visible()
        accessible(page)
        page.keyboard.press("Escape")


@pytest.mark.slow
def test_a_reload_finds_the_training_and_its_steps_are_scrubbed_by_keyboard(
    open_page: Open, accessible: Callable[..., None]
) -> None:
    """A reload finds the job, running or just finished; then an arrow key shows earlier weights in figure and link."""
    numbers = "\n".join(f"{np.sin(k / 3):.2f}" for k in range(300))
    page = open_page(f"/inspector?source=numbers&learn=next&rows=30&H=4&cell=gru&numbers={quote(numbers)}")
    control(page, "more").locator("input").first.press("End")
    pressed(page.get_by_role("button", name="Train", exact=True))
    page.get_by_text(re.compile(r"^Step \d+ of 2000")).wait_for()
    page.reload()
    page.get_by_text(re.compile(r"^Step (\d+ of )?2000")).wait_for()
    page.wait_for_url(re.compile("steps=2000"))
    expect(page).not_to_have_url(re.compile("run="))
    page.locator(FINISHED).wait_for()
    before = finding(page)
    scrub = page.get_by_role("slider", name="Training step")
    scrub.press("Home")
    page.wait_for_url(lambda url: "steps=" not in url)
    expect(page.locator(".figure .finding").first).not_to_have_text(before)
    scrub.press("ArrowRight")
    page.wait_for_url(re.compile(r"steps=\d+"))
    page.locator(FINISHED).wait_for()
    accessible(page)
