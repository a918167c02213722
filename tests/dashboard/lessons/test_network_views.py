"""The figures of lessons 1 and 2: every number they show is `core`'s, and their parts add up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.decompose import own_and_future
from dashboard.figure import number
from dashboard.kit.network import compute as network
from dashboard.kit.network.compute import SMALL, Small
from dashboard.kit.run.settings import Settings
from dashboard.lessons.bptt import compute
from dashboard.lessons.bptt import view as bptt
from dashboard.lessons.forward import view as forward

EVERY = network.with_readout(replace(SMALL, readout="every"))
NETWORKS = [
    SMALL,
    EVERY,
    replace(SMALL, loss="softmax"),
    replace(EVERY, loss="softmax", target="1", activation="relu"),
    replace(SMALL, loss="mse", activation="identity", target="0.3"),
    network.resized(replace(SMALL, activation="sigmoid"), 1, 2, 1),
    network.resized(SMALL, 8, 4, 4),
]


@pytest.fixture(params=NETWORKS, ids=lambda s: f"{s.activation}-{s.loss}-{s.readout}-H{s.H}")
def small(request: pytest.FixtureRequest) -> Small:
    """The lesson's network and others that learners make of it."""
    settings: Settings = request.param
    return network.small(settings)


def words(runs: list[Any]) -> str:
    """Rich text as one line."""
    parts = []
    for run in runs:
        matrix = run.get("matrix") if isinstance(run, dict) else None
        parts.append(
            "; ".join(" ".join(row) for row in matrix)
            if matrix
            else run
            if isinstance(run, str)
            else next(iter(run.values()))
        )
    return "".join(parts)


def panel(data: dict[str, Any], kind: str, style: str | None = None) -> Any:
    """The panel of a kind."""
    return next(p for p in data["panels"] if p["kind"] == kind and (style is None or p["style"] == style))


def test_every_state_of_the_forward_figure_is_core_s(small: Small) -> None:
    """States, outputs and losses in the drawing are those of the run, and each stage knows one state more."""
    data = forward.forward(small)
    drawn = panel(data, "unrolled")
    np.testing.assert_array_equal(drawn["h"], small.trace.cell.h[:, 0])
    for shown, y_hat, loss in zip(drawn["outputs"], small.trace.y_hat, small.trace.losses, strict=True):
        assert shown["y_hat"] == y_hat[0].tolist()
        assert shown["loss"] == loss[0]
    assert [stage["states"] for stage in drawn["stages"]] == [*range(1, small.T + 1), small.T, small.T]
    assert len(data["tokens"]) == small.T + 2


def test_the_equation_of_a_step_ends_in_its_state(small: Small) -> None:
    """Symbols, then the terms, then h_t as the run has it; every stage has its lines and its remark."""
    data = forward.forward(small)
    lines, remarks = panel(data, "said", "equation")["lines"], panel(data, "said", "status")["lines"]
    assert len(lines) == len(remarks) == len(data["tokens"])
    for t in range(1, small.T + 1):
        end = words(lines[t - 1][-1])
        assert end.endswith(" ".join(number(v) for v in small.trace.cell.h[t, 0]))
    assert number(float(small.trace.loss or 0)) in words(lines[-1][-1])


def test_own_loss_and_future_are_drawn_as_they_add_up(small: Small) -> None:
    """The two bars of a state are the two parts, and their sum is the gradient beside them."""
    drawn = panel(bptt.bptt(small, compute.update(small)), "unrolled")["backward"]
    own, future = own_and_future(small.model, small.backward)
    np.testing.assert_array_equal(drawn["own"], own[:, 0])
    np.testing.assert_allclose(np.add(drawn["own"], drawn["future"]), drawn["dh"], rtol=1e-12, atol=1e-15)
    np.testing.assert_array_equal(drawn["delta"], small.backward.cell.da[:, 0])
    assert drawn["limit"] == max(np.abs(own).max(), np.abs(future).max())


def test_stages_go_from_the_loss_back_to_the_first_step(small: Small) -> None:
    """Forward, loss, output, T … 1, accumulate, update; a state's gradient is known from its own stage on."""
    steps = bptt.stages(small)
    T = small.T
    assert [step.t for step in steps] == [0, 0, 0, *range(T, 0, -1), 0, 0]
    assert [min(step.reached, T + 1) for step in steps] == [T + 1] * 3 + [*range(T, 0, -1), 1, 1]
    data = bptt.bptt(small, compute.update(small))
    assert data["t"] == 2  # nothing of the backward pass is on the screen before it is asked for
    for part in data["panels"][1:3]:
        assert len(part["lines"]) == len(steps)


def test_terms_shown_at_accumulate_sum_to_the_gradient_shown(small: Small) -> None:
    """The line of a weight lists one term a step, and says how well they tie to the backward pass."""
    lines = panel(bptt.bptt(small, compute.update(small)), "said", "equation")["lines"][-2]
    for line, name in zip(lines, ("W_x", "W_h"), strict=True):
        matrices = [run["matrix"] for run in line if isinstance(run, dict) and "matrix" in run]
        assert len(matrices) == small.T + 1
        assert matrices[-1] == [[number(v) for v in row] for row in small.backward.grads[name]]
        assert "✓" in words(line)


def test_the_update_stage_shows_the_moved_weights(small: Small) -> None:
    """After the update each weight is the old one less α times its gradient."""
    updated = compute.update(small)
    lines = panel(bptt.bptt(small, updated), "said", "equation")["lines"][-1]
    for line, name in zip(lines, ("W_x", "W_h", "W_y"), strict=True):
        matrices = [run["matrix"] for run in line if isinstance(run, dict) and "matrix" in run]
        assert matrices[-1] == [[number(v) for v in row] for row in updated.weights[name][1]]


def test_findings_carry_the_numbers_of_the_run() -> None:
    """The sentences above the two small figures name loss, length and error as computed."""
    small = network.small(SMALL)
    updated = compute.update(small)
    sentence = bptt.update_finding(small, updated)
    assert number(updated.before) in sentence
    assert number(updated.after) in sentence
    for exponent, word in ((-5, "agrees"), (-13, "rounding"), (0, "no parabola")):
        nudged = compute.nudge(small, "W_h", (0, 1), exponent)
        assert word in bptt.nudge_finding(nudged, exponent)
        data = bptt.nudge(nudged, exponent)
        assert data["panels"][0]["params"]["at"] == exponent
