"""The figures and sentences of the lesson on gradient flow show the run's numbers, whatever is chosen."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.written import power_of_ten
from dashboard.lessons.gradients import clipping as gradients_clipping
from dashboard.lessons.gradients import clipping_view as lab
from dashboard.lessons.gradients import compute as gradients_runs
from dashboard.lessons.gradients import failing_view as breaking
from dashboard.lessons.gradients import sentences as words
from dashboard.lessons.gradients import view
from dashboard.lessons.gradients.figure import number, spread
from dashboard.lessons.gradients.settings import ACTIVATIONS, CASES, PRESETS, FlowSettings


def text(runs: list[Any]) -> str:
    """Rich text as one line."""
    return "".join(run if isinstance(run, str) else next(iter(run.values())) for run in runs)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("T", [10, 100])
def test_main_figure_shows_the_run(preset: str, activation: str, T: int) -> None:
    """Its payload is JSON, its lines are the run's products and norms, and its sentence quotes what is left."""
    settings = FlowSettings(preset=preset, activation=activation, T=T)
    run = gradients_runs.flow_run(settings)
    data = view.main(run, settings)
    json.dumps(data, allow_nan=False)
    product, *_, norms = data["panels"]
    rows = product["data"]["series"]
    for name, each in run.flows.items():
        drawn = [v for v, series in zip(rows["log10"], rows["series"], strict=True) if series == name]
        expected = [float(v) if np.isfinite(v) else None for v in each.product]
        assert drawn == expected
    assert set(norms["data"]["series"]["series"]) == set(ACTIVATIONS)
    assert power_of_ten(run.flows[activation].left) in text(data["finding"])
    assert power_of_ten(float(run.chapter[0])) in text(data["finding"])
    assert words.take_away(run, settings)
    assert words.barely(run, settings)


@pytest.mark.parametrize("preset", ["vanishes", "exploding"])
def test_factor_bars_end_at_the_product(preset: str) -> None:
    """The slope's bar and that of W_h together end where the step's factor is."""
    settings = FlowSettings(preset=preset)
    run = gradients_runs.flow_run(settings)
    bars = view.main(run, settings)["panels"][1]["data"]["bars"]
    factors = run.flows["tanh"].factors
    assert factors is not None
    np.testing.assert_allclose(bars["total"], np.log10(factors.recurrent))
    np.testing.assert_allclose(bars["slope"], np.log10(factors.activation))


@pytest.mark.parametrize(
    ("preset", "said"),
    [
        ("vanishing", "had to vanish"),
        ("stable", "the gradient lasts"),
        ("exploding", "explodes"),
        ("grows", "below 1, yet the gradient grows"),
        ("vanishes", "above 1, yet the gradient vanishes"),
    ],
)
def test_take_away_tells_the_preset_s_point(preset: str, said: str) -> None:
    """The sentence is computed, and says of each preset what its name does."""
    settings = FlowSettings(preset=preset)
    assert said in words.take_away(gradients_runs.flow_run(settings), settings)


def test_cards_show_product_and_radius() -> None:
    """Each card has its numbers, and a line that stays in its box and ends at 1."""
    settings = FlowSettings()
    found = gradients_runs.cards(settings)
    data = view.cards(found, settings.preset)
    assert [card["name"] for card in data["cards"]] == list(PRESETS)
    for card, source in zip(data["cards"], found, strict=True):
        assert card["product"] == f"× {power_of_ten(float(source.product[0]))}"
        assert card["radius"] == f"{source.radius:.2f}"
        assert all(0 <= y <= 100 for _, y in card["points"])
        assert card["points"][-1] == [100.0, pytest.approx(data["unity"])]


def test_bars_stand_beside_the_chapter_s() -> None:
    """Seven rows: the measured product, 0.25 to that power, and the chapter's own bar."""
    settings = FlowSettings(T=100)
    run = gradients_runs.flow_run(settings)
    data = view.bars(run, settings)
    rows = data["panels"][0]["rows"]
    assert [text(row[0]) for row in rows] == [f"t = {t}" for t in (100, 90, 80, 70, 60, 50, 1)]
    assert [text(row[2]) for row in rows][1] == power_of_ten(float(run.flows["tanh"].product[89]))
    assert [text(row[3]) for row in rows][1] == power_of_ten(10 * float(np.log10(0.25)))
    assert [row[4]["to"] for row in rows][:3] == [1.0, 0.75, 0.5]
    assert "9.54" in text(data["finding"])


def test_the_chapter_s_powers_are_computed() -> None:
    """0.25¹⁰⁰ and 2¹⁰⁰ as numbers."""
    assert "6.22" in words.powers()
    assert "1.27" in words.powers()


def test_failure_names_step_and_cause() -> None:
    """The sentence has both steps, the largest float, and why NaN came."""
    found = gradients_runs.failing()
    said = breaking.failure(found)
    infinity, nan = found[0].infinity, found[0].nan
    assert infinity is not None
    assert nan is not None
    assert f"at step {infinity.t} of 50" in said
    assert f"At step {nan.t}" in said
    assert breaking.REASON[nan.cause] in said
    assert "10³⁰⁸" in said
    rows = breaking.failing(found)["panels"][0]["rows"]
    assert "NaN" in [cell for row in rows for cell in row[1]]


@pytest.mark.parametrize("case", CASES)
def test_lab_shows_the_case(case: str) -> None:
    """Lengths and losses in the table are the case's, the drawing is JSON, and the sentence counts who helped."""
    settings = FlowSettings(case=case)
    found = gradients_clipping.case(settings)
    rows = lab.table(found)["panels"][0]["rows"]
    assert [text(row[1]) for row in rows] == [number(step.length) for step in found.steps]
    assert [text(row[4]) for row in rows] == [number(step.loss) for step in found.steps]
    json.dumps(lab.plane(found), allow_nan=False)
    said = lab.take_away(found)
    assert ("changes nothing" in said) == (case == "vanishing")
    assert number(found.before) in lab.introduction(found, settings)


def test_landings_stand_on_the_curve_s_axes() -> None:
    """Each step is a point at its length and loss, on the axis that the curves use."""
    found = gradients_clipping.case(FlowSettings(case="cliff"))
    (chart,) = lab.landing(found)["panels"]
    json.dumps(chart, allow_nan=False)
    points = chart["data"]["points"]
    np.testing.assert_allclose(points["length"], [np.log10(step.step) for step in found.steps])
    np.testing.assert_allclose(points["log10"], [np.log10(step.loss) for step in found.steps])
    assert chart["params"]["lo"] <= min(points["log10"]) <= max(points["log10"]) <= chart["params"]["hi"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [(1.0, 0.5, "✓ lower"), (1.0, 2.0, "✗ higher"), (1.0, 1.0, "= unchanged"), (1.0, np.nan, "✗ broken")],
)
def test_verdict_needs_no_colour(before: float, after: float, said: str) -> None:
    """A mark and a word say whether the step helped."""
    assert lab.verdict(before, after) == said


@given(st.lists(st.floats(0, 200), max_size=6))
def test_names_never_touch(places: list[float]) -> None:
    """Names stay in order, stand apart and within the plot, and do not move where there is room."""
    wished = sorted(places)
    found = spread(wished, 15.0, 206.0)
    assert all(b - a >= 15 - 1e-6 for a, b in pairwise(found))
    assert all(-1e-6 <= place <= 206 + 1e-6 for place in found)
    if all(b - a >= 15 for a, b in pairwise(wished)):
        assert found == pytest.approx(wished)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.0, "0"),
        (-0.5, "−0.500"),
        (9999.0, "9,999"),
        (12345.0, "1.23 × 10⁴"),
        (2e-9, "2.00 × 10⁻⁹"),
        (np.inf, "∞"),
        (np.nan, "NaN"),
    ],
)
def test_numbers_of_any_size_read_well(value: float, shown: str) -> None:
    """Plain where that is short, a power of ten elsewhere, with a true minus."""
    assert number(value).replace("\N{NO-BREAK SPACE}", " ") == shown
