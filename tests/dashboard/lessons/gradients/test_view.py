"""The figures and sentences of the lesson on gradient flow show the run's numbers, whatever is chosen."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import slopes
from core.written import power_of_ten, short, significant
from dashboard.kit.words import sections
from dashboard.lessons.gradients import clipped, view
from dashboard.lessons.gradients import clipping as gradients_clipping
from dashboard.lessons.gradients import clipping_view as lab
from dashboard.lessons.gradients import compute as gradients_runs
from dashboard.lessons.gradients import failing_view as breaking
from dashboard.lessons.gradients import sentences as words
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
        assert drawn == pytest.approx(expected, abs=1e-6)
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
    np.testing.assert_allclose(bars["total"], np.log10(factors.recurrent), atol=1e-6)
    np.testing.assert_allclose(bars["slope"], np.log10(factors.activation), atol=1e-6)


@pytest.mark.parametrize(
    ("preset", "said"),
    [
        ("vanishing", "falls faster than that"),
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


@pytest.mark.parametrize("preset", PRESETS)
def test_the_chapter_s_product_is_held_against_sigmoids(preset: str) -> None:
    """0.25 is the sigmoid's slope: above and below the figure it is compared with that network, whatever is chosen."""
    for activation in ACTIVATIONS:
        settings = FlowSettings(preset=preset, activation=activation)
        run = gradients_runs.flow_run(settings)
        left = run.flows["sigmoid"].left
        assert f"{power_of_ten(left)} with the sigmoid" in text(words.finding(run, settings))
        gap = left - float(run.chapter[0])
        said = f"with the sigmoid this network keeps {power_of_ten(abs(gap))} times {'more' if gap > 0 else 'less'}"
        outcome = words.take_away(run, settings)
        assert said in outcome
        assert outcome.startswith("$0.25^k$ comes near" if abs(gap) < 1 else "$0.25^k$ is not the gradient")


@pytest.mark.parametrize(
    ("preset", "said"),
    [
        ("vanishing", "of size 0.02 instead of 1 do not turn that"),
        ("stable", "rests on inputs so small that tanh is nearly linear: with inputs of size 1 instead of 0.02"),
        ("exploding", "of size 1 instead of 0.3 do not turn that"),
        ("grows", "rests on its inputs: with inputs of size 1 instead of 0.002"),
        ("vanishes", "rests on its inputs: with inputs of size 0.02 instead of 3"),
    ],
)
def test_take_away_says_what_a_preset_rests_on(preset: str, said: str) -> None:
    """Whether the outcome hangs on the inputs is computed from the same network with others."""
    settings = FlowSettings(preset=preset)
    assert said in words.take_away(gradients_runs.flow_run(settings), settings)


def test_what_a_preset_rests_on_turns_with_the_run() -> None:
    """Stable with inputs of size 0.2 vanishes and no longer claims that tanh is nearly linear there."""
    settings = FlowSettings(preset="stable", inputs=10)
    said = words.take_away(gradients_runs.flow_run(settings), settings)
    assert "the gradient vanishes" in said
    assert "nearly linear" not in said


def test_the_two_averages_have_two_names() -> None:
    """The geometric mean along the gradient is the typical factor, the mean over all units and steps the plain mean."""
    settings = FlowSettings()
    run = gradients_runs.flow_run(settings)
    found = run.flows["tanh"]
    assert found.factors is not None
    steps = found.factors.activation[1:]
    geometric, plain = float(np.exp(np.log(steps).mean())), gradients_runs.slopes_of(run)["tanh"].mean
    assert f"The typical factor of a step is {significant(geometric)} (slope)" in text(words.finding(run, settings))
    factors = view.main(run, settings)["panels"][1]["profile"]
    assert text(factors["columns"][2]["label"]) == "typical factor"
    assert text(factors["rows"][0][2]) == significant(geometric)
    slopes = view.slope_curves(run, "tanh")
    assert f"plain mean of {number(plain)}" in text(slopes["finding"])
    assert text(slopes["panels"][0]["profile"]["columns"][1]["label"]) == "plain mean"
    whole = view.main(run, settings)["finding"], slopes["finding"]
    assert not any("on average" in text(said) for said in whole)


@pytest.mark.parametrize("T", [10, 50, 100])
def test_steps_and_factors_are_counted_apart(T: int) -> None:
    """T steps have T − 1 factors between first and last state, and the typical one to that power is what is left."""
    settings = FlowSettings(T=T)
    run = gradients_runs.flow_run(settings)
    found = run.flows["tanh"]
    assert f"0.25^{{{T - 1}}}" in text(words.finding(run, settings))
    assert found.factors is not None
    typical = slopes.typical(found.factors.recurrent[1:])
    assert (T - 1) * np.log10(typical) == pytest.approx(found.norms[0] - found.norms[-1])
    assert "$T - 1$ such factors, 49 for 50 steps" in sections("gradients")["idea"]


def test_the_chapter_s_bars_have_no_axis() -> None:
    """Their blocks grow neither with the number beside them nor with its logarithm, as the words say."""
    blocks = {printed: count for count, printed in view.CHAPTER_BARS.values() if count}
    said = sections("gradients")["bars"]
    assert list(blocks.values()) == [8, 6, 4, 2, 1]
    assert "8, 6, 4, 2 and 1 blocks for 1, 0.5, 0.1, 0.01 and 0.001" in said
    values = np.array([float(printed) for printed in blocks])
    lengths = np.array(list(blocks.values()), float)
    for axis in (values, np.log10(values)):
        slopes_between = np.diff(lengths) / np.diff(axis)
        assert slopes_between.max() > 1.5 * slopes_between.min()


def test_the_clipped_run_is_not_said_to_learn_steadily() -> None:
    """Its loss bounces, and the sentence counts how often it rises."""
    found = gradients_runs.failing()
    losses = [update.loss for update in found[1].updates]
    rises = sum(b > a for a, b in pairwise(losses))
    said = text(breaking.failing(found)["finding"])
    assert rises > 0
    assert f"it rises in {rises} of {len(losses) - 1} updates" in said
    assert f"ends at {number(losses[-1])}, from {number(losses[0])}" in said


def test_what_broke_the_run_is_its_first_update() -> None:
    """The take-away names the update after which the loss had already blown up, long before NaN."""
    found = gradients_runs.failing()
    first, after = found[0].updates[:2]
    assert after.loss > 1e6 * first.loss
    said = breaking.take_away(found)
    assert number(after.loss) in said
    assert f"{len(found[0].updates) - 2} updates later" in said


def test_cards_show_product_and_radius() -> None:
    """Each card has its numbers and what makes it, and a line that stays in its box and ends at 1."""
    settings = FlowSettings()
    found = gradients_runs.cards(settings)
    data = view.cards(found, settings.preset)
    assert [card["name"] for card in data["cards"]] == list(PRESETS)
    for card, source in zip(data["cards"], found, strict=True):
        assert card["product"] == f"× {power_of_ten(float(source.product[0]))}"
        assert card["radius"] == f"{source.radius:.2f}"
        assert card["made"] == f"inputs {short(PRESETS[source.name].inputs)}, tanh"
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
    assert [text(row[4]) for row in rows][1] == power_of_ten(10 * float(np.log10(0.25)))
    assert [row[5]["to"] for row in rows][:3] == [1.0, 0.75, 0.5]
    assert "9.54" in text(data["finding"])


@pytest.mark.parametrize("T", [10, 11, 50, 100])
def test_bars_judge_the_chapter_by_the_sigmoid(T: int) -> None:
    """The sigmoid's own column and sentence, over as many steps as there are, whichever activation is chosen."""
    k = min(10, T - 1)
    for activation in ACTIVATIONS:
        settings = FlowSettings(T=T, activation=activation)
        run = gradients_runs.flow_run(settings)
        data = view.bars(run, settings)
        said, product = text(data["finding"]), run.flows["sigmoid"].product
        assert f"{power_of_ten(float(product[-1 - k]))} with the sigmoid" in said
        assert said.startswith(f"{'Ten' if k == 10 else 'Nine'} steps of 0.25 leave {power_of_ten(k * np.log10(0.25))}")
        rows = data["panels"][0]["rows"]
        assert len({len(row) for row in (*rows, data["panels"][0]["columns"])}) == 1
        assert text(rows[-1][2 if activation == "sigmoid" else 3]) == power_of_ten(float(product[0]))


def test_a_full_bar_is_said_of_the_column_it_measures() -> None:
    """The measured bars have the largest product for their full length, the chapter's their own 1.0."""
    settings = FlowSettings(preset="grows")
    run = gradients_runs.flow_run(settings)
    (table,) = view.bars(run, settings)["panels"]
    most = power_of_ten(float(run.flows["tanh"].product.max()))
    assert f"A full bar is {most} as measured, 1.0 in the chapter’s" in text(table["caption"])


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


@pytest.mark.parametrize(("lr", "limit", "norm"), [(0.01, 0.5, 1.0), (0.001, 0.1, 0.1), (0.01, 0.1, 0.1), (0.1, 9, 9)])
@pytest.mark.parametrize("case", ["exploding", "cliff"])
def test_the_lab_s_sentence_turns_with_its_numbers(case: str, lr: float, limit: float, norm: float) -> None:
    """It names exactly the steps that lowered the loss, which one furthest, and that this is one network's case."""
    found = gradients_clipping.case(FlowSettings(case=case, lr=lr, limit=limit, max_norm=norm))
    said = lab.take_away(found)
    assert said.startswith("In this one network, with these two limits and this learning rate, ")
    first, general = said.split(". What holds in general")
    lower = {step.way for step in found.steps if step.loss < found.before}
    if len(lower) < len(found.steps):
        assert {way for way, name in lab.STEPS.items() if name in first} == lower
    if len(lower) > 1:
        best = min(found.steps, key=lambda step: step.loss)
        assert f"{lab.STEPS[best.way]} furthest, to {number(best.loss)}" in first
    assert "clipping by norm keeps it" in general
    assert f"{found.steps[1].degrees:.0f}°" in general


def test_at_the_cliff_the_way_that_lands_lower_hangs_on_the_numbers() -> None:
    """The lab shows clipping by value ahead; the sentence beside it counts the cases in which it is and is not."""
    _, value, norm = gradients_clipping.case(FlowSettings(case="cliff")).steps
    assert value.loss < norm.loss
    found = gradients_clipping.at_other_limits()
    said = lab.beyond(gradients_clipping.case(FlowSettings(case="cliff")))
    assert f"by value lands lower in {found.value} of 9 cases and the one clipped by norm in {found.norm}." in said


def test_the_general_sentence_rests_on_the_counts() -> None:
    """It calls luck what the counts show to be near one half, and names the length that served all networks."""
    counts = clipped.stored()
    said = lab.beyond(gradients_clipping.case(FlowSettings()))
    chance = [k for k in range(len(counts.lengths)) if all(5 <= c[k] <= 15 for c in (counts.norm, counts.value))]
    lowered = [c[k] for k in chance for c in (counts.norm, counts.value)]
    assert f"lowered the loss of {min(lowered)} to {max(lowered)}" in said
    assert f"a step of length {short(counts.lengths[chance[0]])} to {short(counts.lengths[chance[-1]])}" in said
    assert f"In {counts.networks} networks" in said
    assert FlowSettings().lr * FlowSettings().max_norm in [counts.lengths[k] for k in chance]
    assert lab.beyond(gradients_clipping.case(FlowSettings(case="vanishing"))) == ""
    turned = replace(counts, norm=(20,) * 8, value=(20,) * 8)
    assert "luck" not in lab.luck(turned)
    assert "Only up to 0.1 did both lower it in all 20" in lab.luck(turned)
    assert f"{counts.norm[3]} of {counts.networks}" in lab.counts_table()


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
