"""One update and one nudge of the small network, each against the numbers that `core` gives otherwise."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core import model
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL
from dashboard.lessons.bptt import compute


def test_an_update_is_the_rule_and_its_loss_the_next_runs() -> None:
    """W - α ∂L/∂W for every parameter, and the loss after it is that of the moved network."""
    small = network.small(replace(SMALL, lr=0.3))
    updated = compute.update(small)
    for name, (before, after) in updated.weights.items():
        np.testing.assert_allclose(after, before - 0.3 * small.backward.grads[name], rtol=1e-15)
    moved = model.with_parameters(small.model, {name: after for name, (_, after) in updated.weights.items()})
    assert updated.after == pytest.approx(model.run(moved, small.sequence.x, small.sequence.y).loss, rel=1e-14)
    assert updated.before == small.trace.loss
    step, (first, second, third) = updated.alphas[1], updated.losses[:3]
    at_0 = (4 * second - 3 * first - third) / (2 * step)  # of the parabola through the three
    assert at_0 == pytest.approx(updated.slope, rel=0.02)


def test_a_nudge_measures_the_slope_it_reports() -> None:
    """The two losses beside the curve are those the slope is made of, and rounding shows on the small side."""
    small = network.small(SMALL)
    nudged = compute.nudge(small, "W_h", (0, 1), -4)
    assert (nudged.plus - nudged.minus) / 2e-4 == pytest.approx(nudged.numeric, rel=1e-9)
    assert nudged.analytic == small.backward.grads["W_h"][0, 1]
    assert nudged.numeric == pytest.approx(nudged.analytic, rel=1e-6)
    error = dict(zip(compute.EXPONENTS, nudged.error, strict=True))
    assert error[-5] < error[-12]
    assert error[-5] < error[0]
