"""What the comparison of the cells counts: who is ahead, how far runs reach, how long they take."""

from __future__ import annotations

from statistics import median

import pytest

from core.experiments import Experiment, Outcome, bench, comparison
from dashboard.lessons.compare import compute as compare_runs
from dashboard.lessons.compare.settings import BIASES, RNN_STARTS, CompareSettings

TEN = range(10)


def task(solved: dict[str, int]) -> compare_runs.Task:
    """Ten runs of each cell, so many of them solved."""
    outcomes = {
        cell: tuple(Outcome(Experiment(cell=cell), (20,), (1.0,), 20 if k < each else None, done=True) for k in TEN)
        for cell, each in solved.items()
    }
    return compare_runs.Task("recall", 5, 0.25, dict.fromkeys(solved, 0.01), outcomes)


@pytest.mark.parametrize(("ahead", "behind", "clearly"), [(10, 5, False), (10, 4, True), (6, 0, True), (5, 0, False)])
def test_ahead_is_an_interval_above_the_others(ahead: int, behind: int, *, clearly: bool) -> None:
    """Of either cell: some more runs solved are not ahead."""
    for cell, other in (("rnn", "lstm"), ("lstm", "rnn")):
        found = task({cell: ahead, other: behind})
        assert found.better == (cell if clearly else "")
        assert (str(found.shares[cell]), str(found.shares[other])) == (f"{ahead} of 10", f"{behind} of 10")


@pytest.mark.parametrize("start", bench.STARTS)
def test_reach_is_the_longest_gap_that_more_than_half_of_the_fresh_runs_solve(start: str) -> None:
    """Counted again on the stored runs: all gaps up to it are solved so often too, the next one is not."""
    able = {}
    for gap in compare_runs.GAPS:
        setting = bench.best(bench.Problem("recall", gap), start, bench.stored())
        runs = [bench.stored()[setting.run(seed)] for seed in bench.FRESH]
        able[gap] = sum(run.solved is not None for run in runs) > len(runs) / 2
    reach = compare_runs.reach(start)
    assert [able[gap] for gap in compare_runs.GAPS if reach and gap <= reach] == [True] * sum(
        gap <= (reach or 0) for gap in able
    )
    beyond = [gap for gap in compare_runs.GAPS if gap > (reach or 0)]
    assert not beyond or not able[beyond[0]]


def test_the_starts_of_the_page_are_those_of_the_bench() -> None:
    """Whatever is chosen, both cells have a start there, and of the right cell."""
    for start in RNN_STARTS:
        for bias in BIASES:
            for cell, name in compare_runs.started(CompareSettings(start=start, bias=bias)).items():
                assert bench.STARTS[name].cell == cell


def test_time_of_a_short_run_is_that_of_its_last_step() -> None:
    """The median over the seeds of the step at which a run was solved, as all of these were."""
    found = compare_runs.short_runs(CompareSettings())
    runs = {
        "rnn": comparison.rnn(*comparison.SHORT, start="uniform", same_size=False),
        "lstm": comparison.lstm(*comparison.SHORT, bias=1.0),
    }
    for cell, plan in runs.items():
        solved = [comparison.stored()[experiment].solved for experiment in plan]
        assert None not in solved
        assert found[cell] == median(step for step in solved if step is not None)
