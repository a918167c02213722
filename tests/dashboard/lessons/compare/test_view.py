"""Figures and verdicts of the comparison: their numbers are core's, and the verdicts follow from them."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from core import pace
from core.experiments import bench, comparison
from core.experiments.interval import Share
from core.pace import Pace
from core.sizes import by_count
from dashboard.figure import heights
from dashboard.kit import words
from dashboard.lessons.compare import compute as compare_runs
from dashboard.lessons.compare import table_view as compare_table
from dashboard.lessons.compare import view as compare
from dashboard.lessons.compare.settings import BIASES, EQUAL, RNN_STARTS, CompareSettings

EVERY = [
    CompareSettings(start=start, bias=bias, equal=equal) for start, bias, equal in product(RNN_STARTS, BIASES, EQUAL)
]


def rows(settings: CompareSettings, paces: dict[int, Pace] | None = None) -> dict[str, Any]:
    """The table's rows by name."""
    paces = paces or compare_runs.reference(settings)
    found = compare_table.measured(settings, paces, here=False)
    return {aspect.name: aspect for aspect in compare_table.aspects(found)}


def same(ratio: float) -> dict[int, Pace]:
    """Times in which the LSTM takes so many times as long."""
    each = {"rnn": 1e-3, "lstm": ratio * 1e-3}
    return {B: Pace({"rnn": 24, "lstm": 24}, B, 20, 9, each, each, each) for B in pace.BATCHES}


@pytest.mark.parametrize("settings", EVERY, ids=lambda s: f"{s.start}-{s.bias}-{s.equal}")
def test_table_has_every_claim_of_the_chapter(settings: CompareSettings) -> None:
    """Seven rows, each with two claims, two measurements, a verdict and the way to how it was measured."""
    found = rows(settings)
    assert list(found) == [
        *("Memory", "Vanishing gradient", "Context management", "Parameters", "Training speed", "Accuracy", "Use case"),
    ]  # fmt: skip
    for aspect in found.values():
        assert aspect.tone in ("holds", "partly", "fails")
        assert all((*aspect.claims, *aspect.measured, aspect.word, aspect.text, aspect.to))
    data = compare_table.table(compare_table.measured(settings, compare_runs.reference(settings), here=False))
    assert 300 < heights.desktop(data) < heights.phone(data) < 900


def test_memory_turns_round_with_the_start() -> None:
    """The verdict follows the stored runs, whichever way they come out."""
    words = {s: rows(s)["Memory"].word for s in EVERY}
    assert len(set(words.values())) > 1
    for settings, word in words.items():
        rnn, lstm = (compare_runs.chosen_reach(settings)[cell] or 0 for cell in ("rnn", "lstm"))
        assert (word == "No difference") == (rnn == lstm)
        assert (word == "The other way round") == (rnn > lstm)


def test_gradient_verdict_follows_the_horizons() -> None:
    """With bias 1 the LSTM’s vanishes later, with 5 not within the steps looked at, and a rotation beats bias 1."""
    words = [
        rows(CompareSettings(start=s, bias=b))["Vanishing gradient"].tone
        for s, b in (("uniform", "1"), ("uniform", "5"), ("orthogonal", "1"))
    ]
    assert words == ["partly", "holds", "fails"]


def test_parameters_are_those_of_the_arrays() -> None:
    """Exactly 4 for the layer, less with the read-out, as many by choice."""
    found = rows(CompareSettings(D=7, H=9, O=3))["Parameters"]
    total = {kind: by_count(kind, 7, 9, 3).total(readout=True) for kind in ("rnn", "lstm")}
    assert found.measured == (f"{total['rnn']:,} with 9 units", f"{total['lstm']:,} with 9 units")
    assert found.word == f"{total['lstm'] / total['rnn']:.2f} times, not 4"
    assert rows(CompareSettings(counted="layer"))["Parameters"].word == "Exactly 4 times"
    assert rows(CompareSettings(equal="parameters"))["Parameters"].word == "As many, by choice"


def test_speed_verdict_follows_the_times() -> None:
    """A slower RNN would be said as well."""
    assert rows(CompareSettings(), same(2.0))["Training speed"].word == "2.0 times as slow"
    assert rows(CompareSettings(), same(0.9))["Training speed"].word == "Not slower"


@pytest.mark.parametrize("settings", EVERY, ids=lambda s: f"{s.start}-{s.bias}-{s.equal}")
def test_ahead_means_clearly_ahead(settings: CompareSettings) -> None:
    """The interval of its share of solved runs lies above the other's: what the page calls ahead, on the outcomes."""
    for task in compare_runs.chosen_tasks(settings):
        solved = {cell: sum(o.solved is not None for o in runs) for cell, runs in task.outcomes.items()}
        assert {len(runs) for runs in task.outcomes.values()} == {10}
        assert {o.experiment.seed for runs in task.outcomes.values() for o in runs} == set(bench.FRESH)
        for cell, other in (("rnn", "lstm"), ("lstm", "rnn")):
            above = Share(solved[cell], 10).interval[0] > Share(solved[other], 10).interval[1]
            assert (task.better == cell) == above


@pytest.mark.parametrize("settings", EVERY, ids=lambda s: f"{s.start}-{s.bias}-{s.equal}")
def test_take_away_of_the_tasks_holds(settings: CompareSettings) -> None:
    """Who is ahead turns with the starts, at equal units and at equal parameters, as the take-away says."""
    better = {(task.name, task.gap): task.better for task in compare_runs.chosen_tasks(settings)}
    assert better["adding", 20] == better["parity", 8] == ""
    if settings.start == "uniform" and settings.bias != "1":
        assert list(better.values()).count("lstm") >= 4
    if settings.start == "orthogonal" and settings.bias == "1":
        assert better["recall", 50] == "rnn"


def test_counter_writes_products_that_come_out() -> None:
    """Every product in the counter is right, and its sum is the total."""
    settings = CompareSettings(D=5, H=6, O=3, biases="2")
    data = compare.counter(compare_runs.counted(settings), settings)
    for k in (1, 2):
        cells = [row[k][0] for row in data["panels"][0]["rows"][:-1]]
        *parts, formula, counted = cells
        values = []
        for part in parts:
            factors, _, value = part.rpartition(" = ")
            number = int(value.replace(",", ""))
            assert not factors or np.prod([int(f) for f in factors.split(" · ")]) == number
            values.append(number)
        assert f"{sum(values):,}" == formula
        assert counted == f"{formula} ✓"


@pytest.mark.parametrize("settings", EVERY[::5], ids=lambda s: f"{s.start}-{s.bias}-{s.equal}")
def test_charts_show_every_run(settings: CompareSettings) -> None:
    """Every seed is a point or a line, at core's number."""
    tasks = compare_runs.chosen_tasks(settings)
    runs = compare.tasks(tasks)["panels"][0]["data"]["runs"]
    assert sorted(runs["accuracy"]) == sorted(o.last for task in tasks for of in task.outcomes.values() for o in of)
    plan = compare_runs.curves(settings)
    for (name, gap), panel in zip(
        (comparison.SHORT, comparison.LONG), compare.losses(plan, comparison.stored())["panels"], strict=True
    ):
        of = [comparison.stored()[e] for e in plan if (e.task, e.gap) == (name, gap)]
        expected = sorted(float(np.log10(loss)) for o in of for loss in o.loss)
        assert sorted(panel["data"]["series"]["log10"]) == pytest.approx(expected)
        assert len(panel["data"]["ends"]["step"]) == 10
    fresh = compare_runs.fresh_both(settings)
    points = compare.horizons(fresh, settings)["panels"][0]["data"]["points"]
    assert points["open"].count(True) == sum(int(np.isinf(values).sum()) for values in fresh.values())


def test_what_was_not_run_has_a_question_mark() -> None:
    """Empty charts and "?" before the first run ends; of some runs those that have ended count, the rest is named."""
    plan = compare_runs.curves(CompareSettings())
    data = compare.losses(plan, {})
    assert [panel["data"]["series"]["step"] for panel in data["panels"]] == [[], []]
    assert [row[1:] for panel in data["panels"] for row in panel["profile"]["rows"]] == [[["?"]] * 3] * 4
    assert compare.losses_finding(plan, {}).count(" ?") == 4
    first = [e for e in plan if comparison.task_of(e) == comparison.SHORT and e.cell == "rnn"][:2]
    begun = {e: comparison.stored()[e] for e in first}
    assert "at a gap of 5 the RNN 2 of 2, 3 not run and the LSTM ?" in compare.losses_finding(plan, begun)
    assert compare.losses(plan, begun)["panels"][0]["profile"]["rows"][0][1] == ["2 of 2, 3 not run"]
    assert "not run" not in compare.losses_finding(plan, comparison.stored())


def test_every_how_measured_leads_to_a_fold_that_there_is() -> None:
    """The links of the table name the key of a fold of the page, or the anchor of its choice."""
    folds = {
        f"deeper-compare-{name.removeprefix('deeper-')}" for name in words.sections("compare") if "deeper-" in name
    }
    assert {aspect.to for aspect in rows(CompareSettings()).values()} <= folds | {"choose"}


def test_best_against_best_is_said_with_its_runs() -> None:
    """The pair furthest apart, with starts and rates as stored; the shares stand in the answer."""
    found = compare_runs.best_against_best()
    apart = {name: abs(best["lstm"].solved - best["rnn"].solved) for name, best in found.items()}
    name = max(apart, key=lambda each: apart[each])
    said = compare.best_finding(found)
    assert name in said
    for best in found[name].values():
        assert f"the {best.named()} at a rate of {best.rate:g}" in said
