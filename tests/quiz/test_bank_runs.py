"""What questions and sheet say of runs: the counts are those of the stored runs, and their conditions are named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core import pace
from core.experiments import gaps
from core.experiments.settings import Experiment
from core.flow import growth, norms
from quiz.computed.predictions import flow
from quiz.load import load_bank
from quiz.plaintext import inline
from quiz.revision.sheet import load_sheet
from quiz.revision.terms import load_terms

ROOT = Path(__file__).parents[2]


def solved(cell: str, start: str, gap: int) -> int:
    """How many of the stored runs from one start solved a gap."""
    plans = gaps.plan(start, "bias1", [gap]) if cell == "rnn" else gaps.plan("uniform", start, [gap])
    runs = [gaps.stored()[experiment] for experiment in plans if experiment.cell == cell]
    assert len(runs) == len(gaps.SEEDS)
    return sum(run.solved is not None for run in runs)


def test_the_question_on_recall_tells_the_stored_counts() -> None:
    """The very runs that the lesson shows, with learning rate, budget and seeds."""
    question = load_bank()["memory-what-measurements-show"]
    at = {
        gap: [solved("rnn", "uniform", gap)] + [solved("lstm", f"bias{b}", gap) for b in (1, 3, 5)] for gap in (20, 50)
    }
    assert (
        "Solved at gap 20: plain RNN {}, LSTM with forget bias 1: {}, with bias 3: {}.".format(*at[20])
        in question.prompt
    )
    assert "At gap 50: RNN {}, LSTM with bias 1: {}, bias 3: {}, bias 5: {}.".format(*at[50]) in question.prompt
    one = Experiment()
    assert f"within {one.steps} training steps at a learning rate of {one.lr}, 5 seeds each" in question.prompt
    replies = {claim.id: (claim.true, claim.reply) for claim in question.claims}  # type: ignore[union-attr]
    rnn, one_bias, _, most = at[50]
    assert one_bias < rnn < most
    assert replies["a"] == (
        True,
        f"At gap 50 the LSTM goes from {one_bias} to {most} of 5 by its bias alone; the RNN, at {rnn}, lies between.",
    )
    assert replies["b"][1].startswith(f"{rnn} of 5 runs solved gap 50")
    assert at[50][0] < at[20][0]  # "harder than gap 20"
    assert not replies["e"][0]


def test_the_reply_on_the_table_tells_the_stored_count() -> None:
    """An RNN from an orthogonal start bridges more than 20 steps, as often as is said."""
    (claim,) = [claim for claim in load_bank()["use-comparison-table"].claims if claim.id == "d"]  # type: ignore[union-attr]
    assert f"from an orthogonal start solved a gap of 50 in {solved('rnn', 'orthogonal', 50)} of 5 runs" in claim.reply
    assert f"learning rate {Experiment().lr}, at most {Experiment().steps} training steps" in claim.reply


def test_the_fall_at_every_step_is_the_runs_own() -> None:
    """The explanation beside the run of 20 steps gives the smallest and the largest factor, and the bound."""
    model = flow._rnn(8, "tanh", "uniform", 1.0, 0)
    size = norms(flow._random_run(model, 20, 0)[1])["h"]
    factors = size[1:] / size[:-1]
    said = load_bank()["vanishing-in-a-real-run"].explanation
    assert f"by a factor of {factors.min():.1f} to {factors.max():.1f} at every step" in said
    assert f"here {growth(model.cell.W_h).sigma_max:.1f}" in said


def test_the_sheet_s_times_are_the_bank_s() -> None:
    """The stored measurement of the cells' times at equal units, told alike wherever it stands."""
    (row,) = [row for row in load_sheet().comparison if row.id == "speed"]
    times = r"(\d\.\d) to (\d\.\d)"
    told = re.findall(times, row.holds)
    assert told == re.findall(times, load_bank()["interview-12"].explanation)
    for (low, high), batch in zip(told, pace.BATCHES, strict=True):
        ratios = [found.ratio for (rnn, lstm, B), found in pace.stored().paces.items() if rnn == lstm and batch == B]
        assert (low, high) == (f"{min(ratios):.1f}", f"{max(ratios):.1f}")
    assert "not by the factor" not in row.holds


@pytest.mark.parametrize(
    "claim",
    ["most libraries", "usual choice", "usual start", "Clipping is usual", "LSTMs are clipped", "nothing usual"],
)
def test_nothing_is_called_usual_without_a_name(claim: str) -> None:
    """Defaults are told of the library that has them, and no habit is told that was not measured."""
    for path in (
        *ROOT.glob("quiz/**/*.toml"),
        *ROOT.glob("quiz/**/*.py"),
        *ROOT.glob("dashboard/lessons/gradients/*.md"),
    ):
        assert claim not in path.read_text(encoding="utf-8"), path


def test_defaults_are_told_of_their_libraries() -> None:
    """±1/√H is PyTorch's, orthogonal Keras' and Flax's; the forget bias is 1 in Keras, drawn around 0 in PyTorch."""
    plain, bias = inline(load_terms()["plain start"].text), inline(load_terms()["forget bias"].text)
    assert "as PyTorch does. Keras and Flax draw" in plain
    assert "orthogonal" in plain.partition("Keras and Flax")[2]
    assert "1 in Keras" in bias
    assert "around 0 in PyTorch" in bias


def test_an_orthogonal_start_is_no_promise() -> None:
    """The glossary says what it keeps, and that slopes below 1 shorten the gradient nevertheless."""
    text = load_terms()["orthogonal start"].text
    assert "by itself it keeps the length" in text
    assert "Slopes below 1 still shorten the gradient at every step" in text
