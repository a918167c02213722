"""Experiments: what decides a run is checked, a run repeats, ends when it should, and spreads add up."""

from __future__ import annotations

import io
import json
import pickle
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.chrono import chrono
from core.errors import InputError
from core.experiments import Experiment, Outcome, gaps, grid, progress, results, run, spread, spreads
from core.experiments.running import EVALUATED, start
from core.experiments.worker import serve
from core.lstm import LSTMParams, block, init
from core.task import Batch
from core.tasks import Recall

EASY = Experiment(gap=2, H=8, cell="lstm", steps=400)


def without_time(outcome: Outcome) -> Outcome:
    """All of an outcome that another run repeats."""
    return replace(outcome, seconds=0.0)


def test_settings_cross_processes() -> None:
    """An experiment comes back equal from another process, and can be a key."""
    assert pickle.loads(pickle.dumps(EASY)) == EASY
    assert len({EASY, replace(EASY), replace(EASY, seed=1)}) == 2


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"task": "copying"}, "task"),
        ({"cell": "gru"}, "cell"),
        ({"gap": 0}, "gap"),
        ({"H": 0}, "H"),
        ({"steps": 10**9}, "steps"),
        ({"seed": -1}, "seed"),
        ({"seed": True}, "seed"),
        ({"lr": float("nan")}, "lr"),
        ({"solved_at": 0}, "solved_at"),
        ({"optimiser": "lion"}, "optimiser"),
        ({"scheme": "zeros"}, "scheme"),
        ({"chrono": True, "gap": 1}, "chrono"),
    ],
)
def test_unfit_settings_are_named(wrong: dict[str, Any], named: str) -> None:
    """What cannot be run shows when it is asked for, not in another process."""
    with pytest.raises(InputError, match=f"^{named}:"):
        Experiment(**wrong)


def test_run_repeats_itself() -> None:
    """The same settings give the same curve; another seed another."""
    first, again, other = run(EASY), run(EASY), run(replace(EASY, seed=1))
    assert without_time(first) == without_time(again)
    assert first.accuracy != other.accuracy


def test_solved_run_ends_there() -> None:
    """The run stops at the first evaluation that is good enough, and says at which step."""
    found = run(EASY)
    assert found.done
    assert found.solved == found.at[-1] < EASY.steps
    assert found.last >= EASY.solved_at
    assert all(accuracy < EASY.solved_at for accuracy in found.accuracy[:-1])


def test_unsolved_run_ends_at_its_steps() -> None:
    """Out of steps it is done and not solved; the last step is evaluated although no multiple falls on it."""
    found = run(replace(EASY, gap=60, steps=25))
    assert (found.at, found.solved, found.done) == ((20, 25), None, True)


def test_diverged_run_says_so() -> None:
    """A run that meets a number that is not finite ends with the reason."""
    found = run(replace(EASY, task="adding", gap=20, optimiser="sgd", lr=100.0, clip=0.0))
    assert found.done
    assert found.solved is None
    assert "diverged" in found.problem


def test_progress_grows_to_the_result() -> None:
    """Each outcome continues the one before it, and the last is what `run` returns."""
    steps = list(progress(EASY))
    assert [len(step.at) for step in steps] == list(range(1, len(steps) + 1))
    assert not any(step.done for step in steps[:-1])
    assert without_time(steps[-1]) == without_time(run(EASY))


def test_cells_see_the_same_batches() -> None:
    """Two cells are compared on the same sequences: the seed alone decides them."""
    rnn, lstm = (replace(EASY, cell=cell) for cell in ("rnn", "lstm"))
    task = rnn.make_task()
    seen = [task.sample(np.random.default_rng([e.seed, 3]), 4).x for e in (rnn, lstm)]
    assert (seen[0] == seen[1]).all()
    assert (start(rnn).kind, start(lstm).kind) == ("rnn", "lstm")


def test_grid_has_every_combination_and_short_ones_first() -> None:
    """All combinations once; the first seed of every gap comes before the second of any."""
    plan = grid(EASY, cell=("rnn", "lstm"), gap=(50, 5), seed=(1, 0))
    assert len(set(plan)) == 8
    assert [(e.seed, e.gap) for e in plan] == [(0, 5), (0, 5), (0, 50), (0, 50), (1, 5), (1, 5), (1, 50), (1, 50)]


def test_outcome_survives_json() -> None:
    """What is written is read back, accuracies to four decimals."""
    found = run(EASY)
    again = Outcome.from_dict(json.loads(json.dumps(found.to_dict())))
    assert again.experiment == EASY
    assert (again.at, again.solved, again.done) == (found.at, found.solved, found.done)
    assert again.accuracy == pytest.approx(found.accuracy, abs=5e-5)
    assert again.loss == pytest.approx(found.loss, rel=5e-4)
    assert len(found.loss) == len(found.at)


def test_spread_counts_and_orders() -> None:
    """Solved runs are counted, their steps' median is over them alone, and accuracies span low to high."""
    outcomes = [
        Outcome(replace(EASY, seed=k), (20,), (a,), s, seconds=1.0, done=True)
        for k, (a, s) in enumerate([(1.0, 40), (0.3, None), (0.99, 20), (0.5, None)])
    ]
    found = spread(outcomes)
    assert (found.runs, found.solved, found.steps) == (4, 2, 30)
    assert (found.low, found.middle, found.high, found.seconds) == (0.3, 0.745, 1.0, 4.0)
    assert spreads(outcomes, by=("cell", "seed"))["lstm", 1].solved == 0
    with pytest.raises(ValueError, match="at least one run"):
        spread([])


def test_outcome_before_the_first_evaluation_is_guessing() -> None:
    """A run that has shown nothing yet counts as chance."""
    assert Outcome(EASY).last == Outcome(EASY).best == 0.25


def test_chrono_spreads_the_memories() -> None:
    """Forget biases lie between log 1 and log(T_max - 1), input biases are their negatives, weights stay."""
    rng = np.random.default_rng(0)
    before = init(3, 200, rng=rng)
    after = chrono(before, 50, rng=rng)
    f, i = block(after.b, "f"), block(after.b, "i")
    assert (f >= 0).all()
    assert (f <= np.log(49)).all()
    assert np.median(np.exp(f)) == pytest.approx(25, rel=0.2)
    assert (i == -f).all()
    assert after.W_h is before.W_h
    assert (block(before.b, "f") == 1).all()
    with pytest.raises(ValueError, match="T_max"):
        chrono(before, 2, rng=rng)


def test_chrono_experiment_starts_from_it() -> None:
    """The setting reaches the weights of an LSTM, over the task's own length."""
    cell = start(Experiment(cell="lstm", gap=20, chrono=True)).cell
    assert isinstance(cell, LSTMParams)
    assert block(cell.b, "f").max() <= np.log(20)
    assert (block(cell.b, "i") == -block(cell.b, "f")).all()


def test_worker_answers_in_lines() -> None:
    """Outcomes, then the end; a stop ends it after the outcome at work; a fault is named."""
    out, stop = io.StringIO(), threading.Event()
    serve({"experiment": {"gap": 2, "H": 4, "steps": 4, "every": 2, "batch": 4}}, stop, out)
    *grown, end = map(json.loads, out.getvalue().splitlines())
    assert [len(line["at"]) for line in grown] == [1, 2]
    assert end == {"ended": True}
    stop.set()
    stopped = io.StringIO()
    serve({"experiment": {"gap": 2, "H": 4, "steps": 400, "every": 2, "batch": 4}}, stop, stopped)
    assert len(stopped.getvalue().splitlines()) == 2
    wrong = io.StringIO()
    serve({"experiment": {"gap": -1}}, stop, wrong)
    assert "gap" in json.loads(wrong.getvalue())["error"]


def drawn(monkeypatch: pytest.MonkeyPatch, **settings: int) -> dict[int, list[tuple[object, bytes]]]:
    """What a run draws: by size of the batch, the generator's state before each draw and the sequences drawn."""
    found: dict[int, list[tuple[object, bytes]]] = {}
    sample = Recall.sample

    def watched(self: Recall, rng: np.random.Generator, B: int) -> Batch:
        before = rng.bit_generator.state["state"]["state"]
        batch = sample(self, rng, B)
        found.setdefault(B, []).append((before, batch.x.tobytes()))
        return batch

    monkeypatch.setattr(Recall, "sample", watched)
    run(Experiment(gap=3, H=2, steps=6, batch=8, **settings))
    monkeypatch.undo()
    return found


def test_evaluation_sees_other_sequences_than_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """The two streams never stand at the same place: a network is judged on sequences that it did not learn from."""
    found = drawn(monkeypatch, every=1)
    assert (len(found[8]), len(found[EVALUATED])) == (6, 6)
    learned, judged = ({state for state, _ in found[B]} for B in (8, EVALUATED))
    assert len(judged) == 6
    assert not learned & judged


def test_how_often_it_is_evaluated_changes_nothing_in_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same batches are learned from, whether there are six looks between them or two."""
    assert drawn(monkeypatch, every=1)[8] == drawn(monkeypatch, every=3)[8]


def test_results_are_made_kept_and_read(tmp_path: Path) -> None:
    """A file has a line for each run in the order asked for, without what is not wanted, and reads as it was run."""
    path = tmp_path / "new" / "results.json"
    experiments = [Experiment(gap=gap, H=2, steps=2, every=2, batch=2) for gap in (2, 1)]
    results.make(path, experiments, order=lambda e: e.gap, without=("loss",), processes=1)
    assert len(path.read_text("utf-8").splitlines()) == 2 + len(experiments)
    found = results.read(path)
    assert [experiment.gap for experiment in found] == [1, 2]
    for experiment in experiments:
        again = run(experiment)
        assert found[experiment].at == again.at
        assert found[experiment].accuracy == pytest.approx(again.accuracy, abs=1e-4)
        assert found[experiment].loss == ()


def test_stored_results_are_of_the_present_plan() -> None:
    """Every run of every start is stored, finished, and nothing else is."""
    assert set(gaps.stored()) == set(gaps.everything())
    assert all(outcome.done for outcome in gaps.stored().values())


def test_stored_result_is_what_a_run_gives() -> None:
    """A cheap stored run, made again here, is solved at the same step."""
    experiment = gaps.plan("orthogonal", "chrono")[0]
    assert run(experiment).solved == gaps.stored()[experiment].solved
