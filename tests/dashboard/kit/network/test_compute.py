"""The small network of the lessons: what it computes, and how a learner changes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL
from dashboard.kit.run import compute
from dashboard.kit.run.settings import Settings


def test_the_lessons_network_is_the_one_worked_by_hand() -> None:
    """h_1 = tanh(1·0.6 + 0.5·0.5, 1·-0.4 + 0.5·0.8 + 0.1) = tanh(0.85, 0.1), and L = -log σ(h_4 W_y)."""
    small = network.small(SMALL)
    np.testing.assert_allclose(small.trace.cell.h[1, 0], np.tanh([0.85, 0.1]), rtol=1e-14)
    z = small.trace.cell.h[4, 0] @ [0.9, -1.2]
    assert small.trace.loss == pytest.approx(np.log1p(np.exp(-z)), rel=1e-14)
    (run,) = compute.inspect(SMALL, small.sequence, {"rnn": small.model}).runs
    assert run.check < 1e-8
    assert run.trace.loss == small.trace.loss


@given(
    st.sampled_from(["tanh", "relu", "sigmoid"]),
    st.sampled_from(["bce", "softmax"]),
    st.sampled_from(["last", "every"]),
    st.integers(1, 8),
    st.integers(1, 4),
    st.integers(1, 4),
)
def test_the_inspector_opens_the_very_same_network(
    activation: str, loss: str, readout: str, T: int, D: int, H: int
) -> None:
    """Whatever the lesson shows, its link to the Inspector gives the same loss and the same gradients."""
    settings = network.resized(replace(SMALL, activation=activation, loss=loss, readout=readout), T, D, H)
    here = network.small(settings)
    there, problems = Settings().updated(settings.to_query())
    assert problems == ()
    sequence = compute.sequence(there)
    (run,) = compute.inspect(there, sequence, compute.start(there, sequence)).runs
    assert run.trace.loss == here.trace.loss
    assert here.trace.cell.x.shape == (T, 1, D)
    for name, grad in here.backward.grads.items():
        np.testing.assert_array_equal(run.backward.grads[name], grad)


def test_any_number_can_be_set_by_its_name() -> None:
    """The names offered are those that can be set, and setting one changes that one alone."""
    small = network.small(SMALL)
    before = network.entries(SMALL, small.model)
    assert len(before) == 4 * 2 + 4 + 4 + 2 + 2 + 1
    for name in before:
        changed = network.with_value(SMALL, name, 0.25)
        after = network.entries(changed, network.small(changed).model)
        assert after == before | {name: 0.25}
    with pytest.raises(KeyError, match="W_h"):
        network.with_value(SMALL, "W_h", 1.0)


def test_another_size_keeps_what_still_fits() -> None:
    """Growing keeps every number; shrinking drops rows, columns and weights from the end."""
    grown = network.small(network.resized(SMALL, 5, 3, 3))
    np.testing.assert_array_equal(grown.model.cell.W_h[:2, :2], network.WEIGHTS["W_h"])
    np.testing.assert_array_equal(grown.sequence.x[4, 0], 0)
    shrunk = network.small(network.resized(SMALL, 1, 2, 1))
    assert shrunk.trace.cell.x.shape == (1, 1, 2)
    assert shrunk.model.cell.W_h.tolist() == [[0.7]]
    back = network.resized(network.resized(SMALL, 6, 2, 2), 4, 2, 2)
    np.testing.assert_array_equal(network.inputs(back), network.inputs(SMALL))


def test_a_loss_at_every_step_gets_a_target_for_each() -> None:
    """Targets alternate and end with the one there was; going back leaves that one."""
    every = network.with_readout(replace(SMALL, readout="every"))
    assert every.target == "0 1 0 1"
    assert network.with_readout(replace(every, readout="last")).target == "1"
    own = replace(SMALL, readout="every", target="1 1 0 0")
    assert network.with_readout(own) == own
    assert network.resized(own, 5, 2, 2).target == "1 1 0 0 0"


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (network.resized(SMALL, 8, 2, 2), None),
        (replace(SMALL, numbers="1\n" * 9, edits=()), "9 steps"),
        (replace(SMALL, H=5, edits=()), "5 units"),
        (replace(SMALL, numbers="1,2,3,4,5\n1,2,3,4,5", edits=()), "5 inputs"),
        (replace(SMALL, numbers="a, b\n1, x"), "x"),
        (replace(SMALL, target="much"), "target"),
    ],
)
def test_what_is_too_large_or_unreadable_is_named(settings: Settings, words: str | None) -> None:
    """A network that cannot be read number by number is refused with its size and the mend."""
    if words is None:
        assert network.small(settings).T == 8
        return
    with pytest.raises(InputError, match=words):
        network.small(settings)


def test_a_link_for_another_page_is_made_fit() -> None:
    """An LSTM, a sentence or trained weights have no place here; it is said, and the rest is kept."""
    settings, problems = network.admitted(replace(SMALL, cell="both", source="text", steps=10, seed=7))
    assert settings == replace(SMALL, seed=7)
    assert len(problems) == 1
    assert network.admitted(SMALL) == (SMALL, ())


@pytest.mark.parametrize(
    "other",
    [{"begin": "last"}, {"over": "mean"}, {"window": 2}, {"readout": "step"}, {"group": "several", "sizes": (2,)}],
)
def test_what_the_lessons_formulas_leave_out_is_refused(other: dict[str, Any]) -> None:
    """Other states to begin with, a mean, windows, several sequences: the lesson says that it shows none of it."""
    settings, problems = network.admitted(replace(SMALL, **other))
    assert (settings, len(problems)) == (SMALL, 1)
    assert network.small(settings).trace.loss == network.small(SMALL).trace.loss
