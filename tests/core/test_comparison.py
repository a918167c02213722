"""The comparison's runs and horizons: complete, repeatable, and what the page says of them."""

from __future__ import annotations

import numpy as np
import pytest

from core import tasks
from core.experiments import Experiment, comparison, run
from core.flow import constant_gate_horizon
from core.reach import horizons
from core.sizes import by_formula


def test_stored_results_are_of_the_present_plan() -> None:
    """Every run is stored, finished and with its loss, and nothing else is."""
    assert set(comparison.stored()) == set(comparison.everything())
    for outcome in comparison.stored().values():
        assert outcome.done
        assert len(outcome.loss) == len(outcome.at) == len(outcome.accuracy) > 0


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_stored_result_is_what_a_run_gives(cell: str) -> None:
    """A cheap stored run, made again here, has the same curve."""
    plan = comparison.plan(start="orthogonal", same_size=False, bias=5.0)
    experiment = next(e for e in plan if e.cell == cell and (e.task, e.gap) == comparison.SHORT)
    again, stored = run(experiment), comparison.stored()[experiment]
    assert (again.at, again.solved) == (stored.at, stored.solved)
    assert again.loss == pytest.approx(stored.loss, rel=1e-3)


def test_same_size_is_as_many_parameters() -> None:
    """The larger RNN has as many parameters as the LSTM, within 3 in 100, on every task."""
    for name, gap in comparison.TASKS:
        of = tasks.TASKS[name]
        units = comparison.rnn(name, gap, start="uniform", same_size=True)[0].H
        rnn, lstm = by_formula("rnn", of.D, units, of.O), by_formula("lstm", of.D, comparison.H, of.O)
        assert rnn.total(readout=True) == pytest.approx(lstm.total(readout=True), rel=0.03)


def test_plan_shows_both_cells_early() -> None:
    """The first runs are of both cells and both tasks, so that a watcher sees the whole figure soon."""
    plan = comparison.plan(start="uniform", same_size=True, bias=3.0)
    assert len(plan) == 20
    assert {(e.cell, e.gap) for e in plan[:4]} == {("rnn", 5), ("rnn", 50), ("lstm", 5), ("lstm", 50)}


def test_horizons_follow_the_start() -> None:
    """Plain RNN below LSTM with bias 1 below orthogonal RNN, with every seed; a bias of 5 mostly outlasts 99 steps."""
    plain, orthogonal, closed, opened = (
        horizons(Experiment(gap=99, **settings), range(4))  # type: ignore[arg-type]
        for settings in (
            {"cell": "rnn"},
            {"cell": "rnn", "scheme": "orthogonal"},
            {"cell": "lstm", "forget_bias": 1.0},
            {"cell": "lstm", "forget_bias": 5.0},
        )
    )
    assert (plain < closed).all()
    assert (closed < orthogonal).all()
    assert np.isinf(np.median(opened))
    assert np.median(closed) == pytest.approx(constant_gate_horizon(0.731), rel=0.35)


def test_horizons_are_of_one_seed_each() -> None:
    """A seed's horizon does not depend on which others are asked for."""
    base = Experiment(gap=30, cell="rnn", scheme="orthogonal")
    assert horizons(base, (3,))[0] == horizons(base, (1, 3))[1]
