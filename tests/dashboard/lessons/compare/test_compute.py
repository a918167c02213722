"""What the comparison of the cells counts: who is ahead, how far runs reach, how long they take."""

from __future__ import annotations

from statistics import median

import pytest

from core.experiments import Experiment, Outcome, comparison, gaps
from dashboard.lessons.compare import compute as compare_runs
from dashboard.lessons.compare.settings import BIASES, RNN_STARTS, CompareSettings

Ends = tuple[float, ...]


def task(ends: dict[str, Ends]) -> compare_runs.Task:
    """Runs that end with these accuracies, solved at 1."""
    outcomes = {
        cell: tuple(Outcome(Experiment(cell=cell), (20,), (end,), 20 if end == 1 else None, done=True) for end in each)
        for cell, each in ends.items()
    }
    return compare_runs.Task("recall", 5, 0.25, outcomes)


@pytest.mark.parametrize(
    ("ahead", "behind", "clearly"),
    [
        ((0.8, 0.9, 0.95), (0.5, 0.6, 0.79), True),
        ((0.8, 0.9, 0.95), (0.5, 0.6, 0.8), False),
        ((0.6, 0.9, 0.95), (0.5, 0.6, 0.8), False),
        ((0.3, 1, 1), (0.5, 0.6, 0.8), True),
        ((0.3, 1, 1), (0.5, 0.6, 1), False),
        ((1, 1, 1), (0.5, 0.6, 1), True),
    ],
)
def test_ahead_is_two_more_solved_or_every_run_above_every_other(ahead: Ends, behind: Ends, *, clearly: bool) -> None:
    """Of either cell: a better median alone is not ahead, and neither is one seed more."""
    for cell, other in (("rnn", "lstm"), ("lstm", "rnn")):
        assert task({cell: ahead, other: behind}).better == (cell if clearly else "")


@pytest.mark.parametrize("start", RNN_STARTS)
@pytest.mark.parametrize("bias", BIASES)
def test_reach_is_the_longest_gap_of_three_in_five(start: str, bias: str) -> None:
    """Counted again on the stored runs of both cells."""
    found = compare_runs.stored_reach(CompareSettings(start=start, bias=bias))
    chosen = {"rnn": gaps.RNN_STARTS[start], "lstm": gaps.LSTM_STARTS[f"bias{bias}"]}
    for cell, settings in chosen.items():
        solved = {
            gap: sum(
                gaps.stored()[Experiment(gap=gap, cell=cell, seed=seed, **settings)].solved is not None
                for seed in gaps.SEEDS
            )
            for gap in (*gaps.GAPS, gaps.FAR)
        }
        assert found[cell] == max((gap for gap, n in solved.items() if n >= 3), default=None)


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
