"""From settings to numbers, and every wrong input to a plain message."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import flow, model
from core.errors import InputError
from core.tasks import TASKS
from dashboard.inspector import view
from dashboard.kit.run import compute, distances
from dashboard.kit.run.settings import MAX_STEPS, Edit, Settings

DEFAULT = Settings()
LONG = {"text": "a " * 300}


def inspected(**changes: Any) -> compute.Inspection:
    """What the page computes for the defaults with some changes."""
    chosen = replace(DEFAULT, **changes)
    sequence = compute.sequence(chosen)
    return compute.inspect(chosen, sequence, compute.start(chosen, sequence))


def test_showing_one_model_or_both_changes_neither() -> None:
    """Each kind has its own stream of the seed."""
    both, alone = inspected(), inspected(cell="lstm")
    np.testing.assert_array_equal(both.runs[1].trace.cell.h, alone.runs[0].trace.cell.h)
    assert [run.name for run in both.runs] == ["RNN", "LSTM"]


def test_contributions_add_up_to_the_gradient() -> None:
    """The bars of a panel sum to the norm of the gradient that core computed."""
    for run in inspected().runs:
        for name, values in run.contributions.items():
            assert values.sum() == pytest.approx(np.linalg.norm(run.backward.grads[name]), rel=1e-12)


def test_the_gradient_check_agrees() -> None:
    """The figure's footer shows a check that really passed."""
    assert all(run.check < 1e-6 for run in inspected(readout="every", loss="mse", target="0.5").runs)


def test_reach_follows_the_last_loss_alone() -> None:
    """With a loss at every step the finding still speaks of the last step's gradient only."""
    chosen = replace(DEFAULT, readout="every", cell="rnn")
    sequence = compute.sequence(chosen)
    (run,) = compute.inspect(chosen, sequence, compute.start(chosen, sequence)).runs
    last = replace(run.model, readout="last")
    trace = model.run(last, sequence.x, sequence.y[-1])
    dh = model.backprop(last, trace).cell.dh
    assert run.reach["h"] == pytest.approx(np.linalg.norm(dh[0]) / np.linalg.norm(dh[-1]))


def test_a_weight_set_by_hand_is_used() -> None:
    """An edit changes that entry and nothing else, and nothing of the other model."""
    fresh, changed = inspected(), inspected(edits=(Edit("rnn", "W_h", (0, 1), 0.5),))
    W_h = [seen.runs[0].model.cell.W_h for seen in (fresh, changed)]
    assert W_h[1][0, 1] == 0.5
    assert (W_h[0] != W_h[1]).sum() == 1
    for name, array in model.parameters(fresh.runs[1].model).items():
        np.testing.assert_array_equal(model.parameters(changed.runs[1].model)[name], array)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_the_running_product_ends_at_the_last_step(cell: str) -> None:
    """∂s_T/∂s_T is the identity, ∂s_T/∂s_{T-1} the last step's Jacobian, and the horizon is that of the product."""
    spectrum = inspected(cell=cell).runs[0].spectrum
    assert spectrum.product_log10[-1] == pytest.approx(0, abs=1e-12)
    assert spectrum.product_log10[-2] == pytest.approx(np.log10(spectrum.values[-1, 0]))
    assert len(spectrum.product_log10) == len(spectrum.values) == inspected().sequence.T
    assert spectrum.horizon == flow.horizon(10.0**spectrum.product_log10)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ("1\n1\n1\n1\n1", "hidden state .* at step 3:"),  # 1, 10²⁰⁰, 10⁴⁰⁰
        ("0\n0\n0\n0\n0", "gradient .* at step 3:"),  # from step 5 back, likewise
    ],
)
def test_the_step_that_exploded_is_named(numbers: str, words: str) -> None:
    """Counted from 1: the first one on the way there, the last one on the way back."""
    weights = {"W_x": 1.0, "W_h": 1e200, "W_y": 1.0}
    edits = (Edit("rnn", "b", (0,), 0.0), *(Edit("rnn", name, (0, 0), value) for name, value in weights.items()))
    with pytest.raises(InputError, match=words):
        inspected(source="numbers", numbers=numbers, cell="rnn", H=1, activation="identity", loss="mse", edits=edits)


@pytest.mark.parametrize("name", TASKS)
def test_every_task_can_be_inspected_at_its_longest(name: str) -> None:
    """A task at its own default and at the longest gap the page offers gives finite numbers for both models."""
    fit = distances.gaps(name)
    assert fit is not None
    for gap in (-1, fit.high):
        seen = inspected(source="task", task=name, gap=gap, H=3)
        assert seen.sequence.T <= MAX_STEPS
        assert all(np.isfinite(run.trace.cell.h).all() for run in seen.runs)


def test_numbers_are_read_with_their_header() -> None:
    """A CSV's columns are the inputs and keep their names."""
    seen = inspected(source="numbers", numbers="open,close\n1,2\n3,4.5\n")
    assert seen.sequence.columns == ("open", "close")
    np.testing.assert_array_equal(seen.sequence.x[:, 0], [[1, 2], [3, 4.5]])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text": ""}, "no sentence"),
        ({"text": "   \n"}, "no sentence"),
        ({"text": "word " * 5000}, "at most"),
        ({"source": "numbers", "numbers": ""}, "number"),
        ({"source": "numbers", "numbers": "1,2\n3\n"}, "Row 2"),
        ({"source": "numbers", "numbers": "1,2\n3,cat\n"}, "cat"),
        ({"text": "word " * 1001}, "at most 1,000"),
        ({"target": ""}, "The target"),
        ({"target": "cat"}, "The target"),
        ({"target": "1 2 3"}, "3 numbers"),
        ({"target": "2"}, "0 to 1"),
        ({"loss": "softmax", "target": "3"}, "from 0 to 2"),
        ({"loss": "softmax", "target": "0.5"}, "from 0 to 2"),
        ({"activation": "identity", "scheme": "identity", "gain": 10.0, "loss": "mse", "text": "a " * 300}, "exploded"),
        ({"activation": "relu", "edits": tuple(Edit("rnn", "W_h", (k, k), 1e6) for k in range(8))} | LONG, "exploded"),
        ({"H": 2, "edits": (Edit("rnn", "W_h", (7, 7), 1.0),)}, "Go back to the seed"),
    ],
)
def test_wrong_input_gets_a_plain_message(changes: dict[str, Any], words: str) -> None:
    """Whatever a learner can type ends in a sentence that names it, never in a traceback or a NaN on the screen."""
    with pytest.raises(InputError, match=words):
        inspected(**changes)


@settings(max_examples=30, deadline=None)
@given(
    text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=60),
    cell=st.sampled_from(["rnn", "lstm", "both"]),
    activation=st.sampled_from(["tanh", "sigmoid", "relu", "identity"]),
    scheme=st.sampled_from(["uniform", "xavier", "orthogonal", "identity"]),
    gain=st.floats(0, 10),
    H=st.integers(1, 6),
    readout=st.sampled_from(["last", "every"]),
)
def test_any_settings_give_a_figure_or_a_message(**changes: Any) -> None:
    """Every combination of controls on any text ends in a complete payload or a plain message."""
    try:
        seen = inspected(**changes)
    except InputError:
        return
    data = view.inspector(seen)
    assert data["T"] == seen.sequence.T
    assert {panel["kind"] for panel in data["panels"]} >= {"chart", "map", "table"}
