"""What the beats show of the network: every number is `core`'s, and what is nudged or updated is the real network."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core import model
from core.decompose import own_and_future
from core.nudges import nudge_use, nudge_weight
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL, Small
from dashboard.lessons.bptt import compute, drawing, sentences

EVERY = compute.with_losses(SMALL, "every")


def numbers(packed: dict[str, Any]) -> np.ndarray:
    """An array as the browser reads it."""
    return np.frombuffer(base64.b64decode(packed["b64"]), f"<{packed['dtype']}").reshape(packed["shape"])


def test_the_run_and_its_shares_are_core_s(small: Small) -> None:
    """Parts, sums, slopes and δ of every state, and shares that add up to the gradient."""
    data = drawing.drawn(small.settings)
    own, future = own_and_future(small.model, small.backward)
    for name, values in {
        "h": small.trace.cell.h,
        "own": own,
        "future": future,
        "dh": small.backward.cell.dh,
        "delta": small.backward.cell.da,
    }.items():
        np.testing.assert_allclose(data["run"][name], values[:, 0], rtol=1e-5, atol=1e-12)
    np.testing.assert_allclose(np.sum(data["shares"], axis=0), small.backward.grads["W_h"], rtol=1e-4, atol=1e-6)
    lengths = {name: np.linalg.norm(small.backward.grads[name]) for name in ("W_x", "W_h", "W_y")}
    assert {name: values[0] for name, values in data["lengths"].items()} == pytest.approx(lengths, rel=1e-5)
    assert data["run"]["loss"] == pytest.approx(small.trace.loss, rel=1e-5)


def test_nudged_runs_are_core_s_and_measure_the_shares(small: Small) -> None:
    """Each use alone, then all together; what ±0.1 measures is what the figure says it is."""
    data, T = drawing.drawn(small.settings), small.T
    assert f"{drawing.first_entry(small)[0]},{drawing.first_entry(small)[1]}" in data["nudges"]
    for name, found in data["nudges"].items():
        entry = tuple(int(k) for k in name.split(","))
        by, loss, h = found["by"], numbers(found["loss"]), numbers(found["h"])
        for use in range(T + 1):
            where = (small.model, small.trace, small.sequence.y, entry)
            run = nudge_weight(*where, by) if use == T else nudge_use(*where, use + 1, by)
            np.testing.assert_allclose(loss[use], run.loss, rtol=1e-5)
            np.testing.assert_allclose(h[use], run.h[1:].swapaxes(0, 1), rtol=1e-5, atol=1e-7)
        measured = (loss[:T, -1] - loss[:T, 0]) / (2 * drawing.NUDGE)
        np.testing.assert_allclose(data["measured"][name], measured, atol=2e-6 * max(1, abs(loss).max()))
    assert 0.0 in drawing.FINE
    assert drawing.FINE[0] == -drawing.FINE[-1] == -drawing.NUDGE


def test_every_update_is_the_rule_on_both_sequences(small: Small) -> None:
    """The weights after a press are those before it less α times the gradient of both losses."""
    found, lr = compute.presses(small.settings), small.settings.lr
    x, y = compute.both(small)
    assert x.shape[1] == 2
    np.testing.assert_array_equal(x[1:, 0], x[1:, 1])
    assert (x[0, 0] != x[0, 1]).any()
    alone = model.run(small.model, small.sequence.x, small.sequence.y)
    assert found.losses[0, :, 0].sum() == pytest.approx(alone.loss, rel=1e-12)
    for p in range(min(3, len(found) - 1)):
        before = {name: weight[p] for name, weight in found.weights.items()}
        shown = model.with_parameters(small.model, before)
        trace = model.run(shown, x, y)
        grads = model.backprop(shown, trace).grads
        assert found.loss[p] == pytest.approx(2 * trace.loss, rel=1e-12)
        for name, value in before.items():
            np.testing.assert_allclose(found.weights[name][p + 1], value - lr * 2 * grads[name], rtol=1e-12)
    data = drawing.drawn(small.settings)["presses"]
    assert data["loss"] == pytest.approx(found.loss, rel=1e-5)
    assert [length["W_h"] for length in data["lengths"]] == pytest.approx(found.lengths["W_h"], rel=1e-5)
    np.testing.assert_allclose(
        numbers(data["own"]) + numbers(data["future"]), numbers(data["dh"]), rtol=1e-4, atol=1e-7
    )
    np.testing.assert_allclose(numbers(data["dh"])[0, 0], small.backward.cell.dh[:, 0], rtol=1e-5, atol=1e-9)


def test_the_early_input_matters_and_is_learned() -> None:
    """On the lesson's network the two sequences end with opposite answers, which only the first input tells apart."""
    found = compute.presses(EVERY)
    assert found.loss[-1] < 0.03 * found.loss[0]
    first, second = found.y_hat[-1, -1, :, 0]
    assert first > 0.95
    assert second < 0.05


def test_updates_end_where_numbers_do() -> None:
    """A learning rate that explodes stops the list at the last finite network."""
    found = compute.presses(replace(EVERY, activation="identity", loss="mse", target="0.3", lr=50.0))
    assert 1 <= len(found) <= compute.PRESSES
    assert np.isfinite(found.loss).all()


def test_the_payload_is_small_and_plain() -> None:
    """Some tens of kB for the lesson's network, and JSON without NaN."""
    text = json.dumps(drawing.drawn(EVERY), allow_nan=False)
    assert len(text) < 50_000


def test_a_loss_at_every_step_is_the_default_and_the_last_a_choice() -> None:
    """Targets alternate up to the one that was set; the last step alone keeps its own."""
    assert EVERY.readout == "every"
    assert EVERY.target == "0 1 0 1"
    assert compute.with_losses(EVERY, "every") is EVERY
    assert compute.with_losses(EVERY, "last").target == "1"


def text(runs: list[Any]) -> str:
    """Rich text without its markup."""
    return "".join(run if isinstance(run, str) else str(next(iter(run.values()))) for run in runs)


def test_the_caption_names_what_cancels_with_its_working() -> None:
    """What is small because its parts cancel is said so with the parts; what is not says what they come to."""
    small = network.small(EVERY)
    assert "pull the same way: −0.083 − 0.055 = −0.139" in text(sentences.way(small, 4))
    assert "pull the same way: 0.305 + 0.252 = 0.557" in text(sentences.way(small, 3))
    assert "pull the same way" in text(sentences.way(small, 2))
    assert "small because its shares nearly cancel: 0.207 − 0.311 + 0.051" in text(sentences.entry(small, 0, 1))
    assert "Most of it comes from step 3, 0.293 of 0.376" in text(sentences.entry(small, 1, 0))
    assert "Steps 4 and 3 pull against each other in" in text(sentences.entry(small, 0, 0))
    assert "0.695 − 0.139 = 0.556" in text(sentences.walk(small, 3))
    assert "No step comes after" in text(sentences.walk(small, 4))
    assert "all future" in text(sentences.walk(network.small(SMALL), 2))
