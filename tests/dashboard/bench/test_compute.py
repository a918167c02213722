"""The fair comparison: what each way to be fair compares, and that its verdict turns when the runs turn."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from core.experiments.bench import FRESH, PICKING, RATES, STARTS, Outcomes, Setting, stored
from core.experiments.interval import Share
from core.experiments.outcome import Outcome
from dashboard.bench import compute, view
from dashboard.bench.compute import Rule, Side
from dashboard.bench.settings import KNOWN, BenchSettings

PROBLEM = KNOWN["recall-50"]


def made(solves: Callable[[Setting, int], bool]) -> Outcomes:
    """Outcomes of every run, by which of them are solved."""
    every = [Setting(PROBLEM, start, lr, size) for start in STARTS for lr in RATES for size in ("units", "parameters")]
    found = {}
    for setting in every:
        for seed in (*PICKING, *FRESH):
            solved = 100 if solves(setting, seed) else None
            run = setting.run(seed)
            found[run] = Outcome(run, at=(100,), accuracy=(1.0 if solved else 0.25,), solved=solved, done=True)
    return found


def by_name(of: Outcomes) -> dict[str, Rule]:
    """The rules by name."""
    return {rule.name: rule for rule in compute.rules(PROBLEM, "units", of)}


def test_a_cell_that_solves_all_is_ahead_by_every_rule_and_the_other_way_round() -> None:
    """Where one cell solves every run and the other none, each tested rule says so, for either cell."""
    for cell, name in compute.CELLS.items():
        for rule in by_name(made(lambda setting, _, cell=cell: setting.cell == cell)).values():
            assert rule.verdict == (f"{name} ahead" if rule.tested else "not tested")


def test_the_same_runs_are_no_difference() -> None:
    """Where both solve all, no rule tells them apart."""
    assert {rule.ahead for rule in by_name(made(lambda *_: True)).values()} == {None}


def test_a_setting_that_was_lucky_once_is_found_out_on_fresh_seeds() -> None:
    """The first rule counts the fresh seeds, on which the picked setting may fail."""
    lucky = by_name(made(lambda setting, seed: setting.start == "orthogonal" and seed in PICKING))
    assert lucky["Best start and rate for each"].sides[0].share == Share(0, 10)
    assert lucky[f"One rate for all, {RATES[0]:g}"].sides[0].share == Share(10, 10)


def test_one_rate_for_all_looks_at_that_rate_alone() -> None:
    """A cell that learns at one rate is ahead there and nowhere else."""
    rules = by_name(made(lambda setting, _: setting.cell == "lstm" and setting.lr == 0.03))
    assert rules["One rate for all, 0.03"].ahead == "lstm"
    assert rules["One rate for all, 0.001"].ahead is None


def test_the_common_pair_is_plain_and_forget_bias_1() -> None:
    """Plain against forget bias 1, whatever other starts do."""
    rules = by_name(made(lambda setting, _: setting.start not in ("plain", "bias1")))
    assert [side.share.hits for side in rules["One common pair of starts"].sides] == [0, 0]
    named = [side.setting.start for side in rules["One common pair of starts"].sides if side.setting is not None]
    assert named == ["plain", "bias1"]


@pytest.mark.parametrize("problem", KNOWN)
@pytest.mark.parametrize("equal", ["units", "parameters"])
def test_every_stored_share_has_its_ten_runs(problem: str, equal: str) -> None:
    """What is shown at once rests on ten runs a setting, on each problem and for both sizes."""
    shown = BenchSettings(task=problem, equal=equal)
    for rule in compute.stored_rules(shown.shown, shown.size):
        if rule.tested:
            assert {side.share.runs for side in rule.sides} == {10}
    assert view.finding(shown, compute.stored_rules(shown.shown, shown.size), stored()).endswith("8 runs or more.")


def test_the_sentence_counts_the_rules() -> None:
    """It names how many ways tell the cells apart, for whom, and how many do not."""
    side = Side("rnn", Share(0, 10), None), Side("lstm", Share(10, 10), None)
    same = Side("rnn", Share(10, 10), None), Side("lstm", Share(10, 10), None)
    clear, none = Rule("a", "", side), Rule("b", "", same)
    assert view.separating([clear, none, replace(clear, fair=False)]) == (
        "Of 2 ways to be fair: the LSTM is ahead by 1, 1 tells no clear difference. At one rate for both, which may "
        "suit one cell better: the LSTM is ahead by 1."
    )
    assert view.separating([none, replace(none, fair=False)]) == (
        "Of 1 ways to be fair: no clear difference. At one rate for both, which may suit one cell better: no clear "
        "difference."
    )


def test_all_runs_can_be_taken_along() -> None:
    """The file has a line for each stored run, with what it was and what it came to."""
    rows = list(csv.DictReader(io.StringIO(view.download(stored()))))
    assert len(rows) == len(stored())
    assert {row["task"] for row in rows} == {problem.task for problem in KNOWN.values()}
