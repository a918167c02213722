"""What the lesson on gates at work computes, and the link that opens it in the Inspector."""

from __future__ import annotations

import numpy as np
import pytest

from core import flow, model
from core.sentences import ContextSwitch
from core.text import one_hot
from dashboard.kit.run import by_name, compute
from dashboard.kit.run.settings import Settings
from dashboard.kit.words import say
from dashboard.lessons.gates import compute as gates_runs
from dashboard.lessons.gates.settings import EXAMPLES, MOST_GAP, SECONDS, GatesSettings


@pytest.mark.parametrize("second", SECONDS)
@pytest.mark.parametrize("gap", [0, 3, MOST_GAP])
def test_the_inspector_opens_the_same_text_and_fresh_network(second: str, gap: int) -> None:
    """The task's example is the lesson's text with its answer, and a fresh network has the very same weights."""
    settings = GatesSettings(network="fresh", second=second, gap=gap, bias=2.5, seed=3)
    there = gates_runs.in_the_inspector(settings)
    sequence = compute.sequence(there)
    run = gates_runs.run_of(settings)
    assert sequence.labels == run.words
    assert ContextSwitch.classes[int(sequence.y[0])] == ("Krish" if second == "also" else second)
    weights = model.parameters(compute.fresh_model(there, "lstm", sequence))
    assert all(np.array_equal(weights[name], array) for name, array in model.parameters(run.model).items())


def inspected(settings: Settings) -> compute.Inspection:
    """What the Inspector shows."""
    settings = by_name.completed(settings)
    return compute.inspect(settings, compute.sequence(settings), by_name.models(settings))


@pytest.mark.parametrize("network", gates_runs.NAMES)
@pytest.mark.parametrize("second", SECONDS)
def test_the_inspector_opens_a_trained_network_by_name(network: str, second: str) -> None:
    """The very states of this page on the very text, with the answer that is right."""
    settings = GatesSettings(network=network, second=second)
    there = gates_runs.in_the_inspector(settings)
    run, found = gates_runs.run_of(settings), inspected(there)
    assert found.sequence.labels == run.words
    assert np.array_equal(found.runs[0].trace.cell.h, run.cell.h)
    assert ContextSwitch.classes[int(there.target)] == ("Krish" if second == "also" else second)


def test_every_second_subject_has_an_example() -> None:
    """The choices on the page and the examples behind the link are the same."""
    assert set(EXAMPLES) == set(SECONDS)


@pytest.mark.parametrize("second", SECONDS)
def test_the_second_sentence_begins_where_it_is_said_to(second: str) -> None:
    """`at` counts from 1 and names the word that is exchanged."""
    for gap in (0, MOST_GAP):
        run = gates_runs.run_of(GatesSettings(second=second, gap=gap))
        assert run.words[run.at - 1] == second
        assert run.T == ContextSwitch(gap).T


@pytest.mark.parametrize("gap", [0, 4, MOST_GAP])
@pytest.mark.parametrize("second", ["Yann", "Maya", "Lena"])
def test_the_trained_gates_close_where_the_subject_changes(second: str, gap: int) -> None:
    """Against the same place in a text without a change, also where the subject is held; untrained, nowhere."""
    found = gates_runs.switch(second, gap)
    k = found.at - 1
    assert found.new.f[k] < found.same.f[k] - 0.1
    assert found.new.held[k] < found.same.held[k] - 0.1
    assert abs(found.before.f[k] - found.before.f.mean()) < 0.05
    assert found.new.left[-1] < 1 < found.same.left[-1] / 2
    assert found.new.answers[-1].argmax() == ContextSwitch.classes.index(second)
    assert found.same.answers[-1].argmax() == 0


def test_the_chapters_zero_is_not_what_was_learned() -> None:
    """The page's claims rest on this: no gate is shut, many units hold the subject, no input gate is fully open."""
    for second in ("Yann", "Maya", "Lena"):
        found = gates_runs.switch(second, 4)
        assert found.new.f_at.min() > 0.1
        assert len(found.holders) >= 5
        assert found.new.i_at.max() < 0.95


@pytest.mark.parametrize("gap", [0, 4, MOST_GAP])
@pytest.mark.parametrize("second", ["Yann", "Maya", "Lena"])
def test_the_trained_rnn_keeps_neither_subject(second: str, gap: int) -> None:
    """The page says that little of the first is left to disturb, and as little of the second to answer from."""
    found = gates_runs.switch(second, gap)
    assert found.carried[0] == pytest.approx(1)
    assert found.carried[found.at - 1] < 0.05
    assert found.carried[-1] < 1e-3 > found.carried_second[-1]
    assert np.isnan(found.carried_second[: found.at - 1]).all()
    assert found.carried_second[found.at - 1] == pytest.approx(1)


def test_what_is_left_is_the_distance_between_runs() -> None:
    """Root mean square over the texts that begin with Krish and the two others, taken by hand, at the last word.

    And the gate that holds it is that of the first text, each unit by its part of the variance.
    """
    found = gates_runs.switch("Yann", 2)
    ends, before, f = [], [], []
    for first in ("Krish", "Maya", "Lena"):
        text = gates_runs.words(first, "Yann", 2)
        cell = model.run(gates_runs.trained().model, one_hot(text, ContextSwitch.vocabulary)).cell
        ends.append(cell.c[-1, 0])  # type: ignore[union-attr]
        before.append(cell.c[found.at - 1, 0])  # type: ignore[union-attr]
        f.append(cell.f[:, 0])  # type: ignore[union-attr]
    apart = [np.sqrt(sum(((c - np.mean(cs, 0)) ** 2).sum() for c in cs) / 3) for cs in (ends, before)]
    assert found.new.apart[-1] == pytest.approx(apart[0])
    assert found.new.left[-1] == pytest.approx(apart[0] / apart[1])
    assert found.new.left[found.at - 2] == pytest.approx(1)
    variance = np.var(before, axis=0)
    np.testing.assert_allclose(found.new.held, f[0] @ (variance / variance.sum()))


@pytest.mark.parametrize("bias", gates_runs.BIASES)
def test_memory_on_the_direct_path_follows_the_formula(bias: float) -> None:
    """Within a tenth of −1/ln σ(b) for a fresh network, which is what the page says of it."""
    found = gates_runs.measured(bias, 0)
    assert found.formula == pytest.approx(flow.constant_gate_horizon(1 / (1 + np.exp(-bias))))
    assert found.horizons.direct == pytest.approx(found.formula, rel=0.1)
    assert found.horizons.fastest < found.horizons.direct < found.horizons.slowest


@pytest.mark.parametrize("seed", range(5))
def test_large_weights_explode_although_the_gates_shrink(seed: int) -> None:
    """With W_h twelve times as large a gradient grows a hundredfold and more while the direct path falls."""
    found = gates_runs.exploding(12.0, seed)
    assert found.largest[0] > 2
    assert found.direct[0] < 0
    assert gates_runs.exploding(1.0, seed).largest[0] < 0
    drawn = gates_runs.fresh(1.0, seed)
    larger = model.with_parameters(drawn, {"W_h": 12 * drawn.cell.W_h})
    f = model.run(larger, one_hot(found.words, ContextSwitch.vocabulary)).cell.f[1:, 0]  # type: ignore[union-attr]
    assert found.direct[0] == pytest.approx(np.log10(f).sum(axis=0).max())  # of the unit that keeps most


def test_what_is_said_of_the_forget_gates_is_what_the_cards_state() -> None:
    """From bias 5 and from bias 1: the range over the seeds of the cards, in both places that state it."""
    said = [say("gates", name) for name in ("claims", "spread")]
    for network in gates_runs.NAMES:
        _, low, high = gates_runs.trained(network).card.mean("f")
        assert all(f"{low:.2f} to {high:.2f}" in text for text in said)
        assert len(gates_runs.trained(network).card.seeds) == 10


@pytest.mark.parametrize("second", SECONDS)
def test_each_trained_network_is_shown_and_asked_about(second: str) -> None:
    """The figure and the predictions are of the chosen network, and it names the subject."""
    for network in gates_runs.NAMES:
        settings = GatesSettings(network=network, second=second)
        shown, asked = gates_runs.run_of(settings), gates_runs.learned(settings)
        assert shown.model is gates_runs.trained(network).model is asked.model
        assert gates_runs.trained(network).recipe.forget_bias == {"trained": 1.0, "bias5": 5.0}[network]
        wanted = "Krish" if second == "also" else second
        assert ContextSwitch.classes[int(shown.trace.y_hat[-1, 0].argmax())] == wanted
