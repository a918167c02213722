"""The fair bench: what is run, how the best is picked, and how sure a share is."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from core.experiments import bench, results
from core.experiments.bench import FRESH, PICKING, RATES, STARTS, H, Problem, Setting
from core.experiments.interval import Share, apart
from core.experiments.outcome import Outcome
from core.experiments.settings import Experiment
from core.sizes import by_formula
from core.tasks import TASKS

PROBLEM = Problem("recall", 50)


def outcomes(setting: Setting, solved: list[int | None], ends: float = 0.5) -> dict[Experiment, Outcome]:
    """Outcomes of a setting's first seeds: after how many steps each was solved."""
    runs = {setting.run(seed): steps for seed, steps in enumerate(solved)}
    return {
        run: Outcome(run, at=(steps or run.steps,), accuracy=(1.0 if steps else ends,), solved=steps, done=True)
        for run, steps in runs.items()
    }


@pytest.mark.parametrize(
    ("hits", "runs", "low", "high"),
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (4, 10, 0.1682, 0.6873), (9, 10, 0.5958, 0.9821),
     (1, 5, 0.0362, 0.6245)],
)  # fmt: skip
def test_interval_is_wilson_s(hits: int, runs: int, low: float, high: float) -> None:
    """The published formula's values, to four places; none and all of the runs reach the very end."""
    assert Share(hits, runs).interval == pytest.approx((low, high), abs=5e-5)


def test_a_share_of_no_runs_knows_nothing() -> None:
    """No runs give no share and an interval of everything, rather than an error in the middle of a page."""
    assert math.isnan(Share(0, 0).value)
    assert Share(0, 0).interval == (0.0, 1.0)


def test_shares_are_apart_only_where_their_intervals_are() -> None:
    """10 of 10 is above 2 of 10, not above 9 of 10; the other way round the sign turns."""
    assert apart(Share(10, 10), Share(2, 10)) == 1
    assert apart(Share(2, 10), Share(10, 10)) == -1
    assert apart(Share(10, 10), Share(9, 10)) == apart(Share(9, 10), Share(10, 10)) == 0


def test_every_start_runs_at_every_rate_with_every_seed() -> None:
    """The grid is full: 9 starts, 4 rates, 10 seeds on each problem, the RNN's also at the LSTM's number of weights."""
    runs = bench.first_runs()
    assert len(set(runs)) == len(runs)
    rnns = sum(start.cell == "rnn" for start in STARTS.values())
    of_one = (len(STARTS) + rnns) * len(RATES) * len(PICKING)
    assert len(runs) == len(bench.PROBLEMS) * of_one
    assert len(PICKING) >= 10
    assert not set(PICKING) & set(FRESH)
    assert len(RATES) >= 4


def test_same_parameters_are_the_same_but_for_less_than_a_unit() -> None:
    """The RNN of as many parameters is nearer to the LSTM than one with a unit more or less."""
    for problem in bench.PROBLEMS:
        task = TASKS[problem.task]
        units = Setting(problem, "plain", 0.01, size="parameters").units
        wanted = by_formula("lstm", task.D, H, task.O).total(readout=True)
        near = [
            abs(by_formula("rnn", task.D, n, task.O).total(readout=True) - wanted) for n in range(units - 1, units + 2)
        ]
        assert near[1] == min(near)
        assert Setting(problem, "bias1", 0.01, size="parameters").units == H


def test_identity_with_relu_is_the_published_start() -> None:
    """W_h is the identity, the bias zero and φ the rectifier; with tanh it has a name of its own."""
    from core.experiments.running import start

    drawn = start(Setting(PROBLEM, "identity-relu", 0.01).run(0))
    assert drawn.activation == "relu"
    assert (drawn.cell.W_h == [[float(i == k) for k in range(H)] for i in range(H)]).all()
    assert not drawn.cell.b.any()
    assert start(Setting(PROBLEM, "identity-tanh", 0.01).run(0)).activation == "tanh"


def test_the_best_solves_most_then_soonest_then_comes_nearest() -> None:
    """Each rule decides only where the one before it leaves a tie."""
    slow, fast, often = (Setting(PROBLEM, "plain", lr) for lr in RATES[:3])
    of = outcomes(slow, [900, 900, None]) | outcomes(fast, [300, 500, None]) | outcomes(often, [1000, 1000, 1000])
    assert bench.pick([slow, fast], of) == fast
    assert bench.pick([slow, fast, often], of) == often
    none = outcomes(slow, [None] * 3, ends=0.4) | outcomes(fast, [None] * 3, ends=0.7)
    assert bench.pick([slow, fast], none) == fast
    assert bench.best(PROBLEM, "plain", of) == often


def test_the_picked_setting_is_tried_again_on_other_seeds() -> None:
    """The second runs are of the picked rate of every start, and share no seed with those it was picked on."""
    of: dict[Experiment, Outcome] = {}
    for lr in RATES:
        of |= outcomes(Setting(PROBLEM, "bias3", lr), [100] * (lr == 0.003) + [None])
    again = [run for run in bench.second_runs(of) if (run.task, run.gap) == ("recall", 50) and run.forget_bias == 3]
    assert {run.lr for run in again} == {0.003}
    assert {run.clip: tuple(r.seed for r in again if r.clip == run.clip) for run in again} == {1.0: FRESH, 0.0: FRESH}


def test_solved_counts_what_was_run() -> None:
    """A share names the runs there are, and those on other seeds do not count."""
    setting = Setting(PROBLEM, "plain", 0.01)
    of = outcomes(setting, [100, None, 200])
    assert setting.solved(of) == Share(2, 3)
    assert setting.solved(of, FRESH) == Share(0, 0)


def test_interrupted_results_go_on_where_they_were(tmp_path: Path) -> None:
    """What was run before an interruption is not run again, a line cut off in the middle is, and the file is whole."""
    path = tmp_path / "results.json"
    experiments = [Experiment(gap=gap, H=2, steps=2, every=2, batch=2) for gap in (1, 2, 3)]
    kept = Outcome(experiments[0], at=(2,), accuracy=(0.125,), done=True)
    path.with_suffix(".begun").write_text(json.dumps(kept.to_dict()) + "\n" + '{"experiment": {"gap"', encoding="utf-8")
    results.make(path, experiments, order=lambda e: e.gap, processes=1)
    found = results.read(path)
    assert list(found) == experiments
    assert found[experiments[0]].accuracy == (0.125,)  # no run gives that: it was not run again
    assert all(outcome.done for outcome in found.values())
    assert not path.with_suffix(".begun").exists()


def test_an_interruption_keeps_what_was_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C ends the runs, and each outcome that was there by then waits beside the file."""
    path = tmp_path / "results.json"
    experiments = [Experiment(gap=gap, H=2, steps=2, every=2, batch=2) for gap in (1, 2, 3)]

    def interrupted(runs: Any) -> Any:
        yield runs[0]
        raise KeyboardInterrupt

    monkeypatch.setattr(results, "as_completed", interrupted)
    with pytest.raises(KeyboardInterrupt):
        results.make(path, experiments, order=lambda e: e.gap, processes=1)
    assert not path.exists()
    waiting = path.with_suffix(".begun").read_text("utf-8").splitlines()
    assert [Outcome.from_dict(json.loads(line)).experiment for line in waiting] == experiments[:1]
