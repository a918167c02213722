"""Training in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core import model
from dashboard.inspector import training
from dashboard.inspector.training import Training
from dashboard.kit.run import compute
from dashboard.kit.run.settings import MAX_TRAIN, Settings

SMALL = replace(Settings(), source="task", task="recall", gap=3, H=4, batch=8)
LONG = 60.0


@pytest.fixture
def make() -> Any:
    """A function that makes a run; every run made is stopped at the end."""
    made: list[Training] = []

    def build(slots: int = 1, **changes: Any) -> Training:
        chosen = replace(SMALL, **changes)
        sequence = compute.sequence(chosen)
        assert sequence.task is not None
        run = Training(compute.start(chosen, sequence), sequence.task, chosen, threading.BoundedSemaphore(slots))
        made.append(run)
        return run

    yield build
    for run in made:
        run.stop()


Make = Callable[..., Training]


def test_both_models_see_the_same_batches_and_finish(make: Make) -> None:
    """A run makes its steps for every model, then ends by itself."""
    run = make()
    run.go(12)
    assert run.wait(LONG)
    assert run.done == 12
    assert {kind: len(points) for kind, points in run.points.items()} == {"rnn": 12, "lstm": 12}


def test_going_on_equals_one_long_run(make: Make) -> None:
    """Stopping and continuing gives the very weights of an uninterrupted run."""
    parts, whole = make(), make()
    for steps in (5, 7):
        parts.go(steps)
        assert parts.wait(LONG)
    whole.go(12)
    assert whole.wait(LONG)
    for kind, trained in whole.models.items():
        for name, values in model.parameters(trained).items():
            np.testing.assert_array_equal(values, model.parameters(parts.models[kind])[name])
    assert whole.points == parts.points


def test_stop_ends_a_long_run_early(make: Make) -> None:
    """Stop waits for the step at work, no longer."""
    run = make()
    run.go(MAX_TRAIN)
    while not run.done:
        run.wait(0.01)
    run.stop()
    assert not run.running
    assert 0 < run.done < MAX_TRAIN


def test_a_run_nobody_watches_ends(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Closing the page leaves nothing running."""
    monkeypatch.setattr(training, "PATIENCE", 0.05)
    run = make()
    run.go(MAX_TRAIN)
    assert run.wait(LONG)
    assert run.done < MAX_TRAIN


def test_runs_beyond_the_bound_wait_for_a_slot(make: Make) -> None:
    """Where no slot is free a run makes no step, and it can still be stopped."""
    run = make(slots=1)
    run._slots.acquire()
    run.go(5)
    assert not run.wait(0.3)
    assert run.done == 0
    run.stop()
    assert not run.running


def test_a_model_that_diverges_is_named_and_the_other_goes_on(make: Make) -> None:
    """NaN is caught at its step and said; nothing is swallowed and nothing else stops."""
    run = make(task="adding", gap=20, optimiser="sgd", lr=100.0, clip="none", activation="identity", gain=3.0)
    run.go(30)
    assert run.wait(LONG)
    assert "diverged at step" in run.problems["rnn"]
    assert np.isfinite(run.models["rnn"].cell.W_h).all()
    assert len(run.points["rnn"]) < 30


def test_weights_at_rest_do_not_move_while_the_run_goes_on(make: Make) -> None:
    """What a page shows during training is where the run set out; afterwards it is where the run ended."""
    run = make()
    before = dict(run.models)
    run.go(MAX_TRAIN)
    while not run.done:
        run.wait(0.01)
    assert run.rested == (0, before)
    run.stop()
    assert run.rested == (run.done, run.models)
    assert run.models["rnn"] is not before["rnn"]
