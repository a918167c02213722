"""The lessons' drawing: all that may be changed in the browser was computed by `core` for exactly that network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core import model as model_of
from dashboard.kit.network import compute as network
from dashboard.kit.network import drawing
from dashboard.kit.network.compute import SMALL, Small
from dashboard.kit.run.settings import Settings

SETTINGS = {
    "as it opens": SMALL,
    "relu, softmax": replace(SMALL, activation="relu", loss="softmax"),
    "one unit": network.resized(SMALL, 3, 1, 1),
    "identity, mse": replace(SMALL, activation="identity", loss="mse"),
}


@pytest.fixture(params=SETTINGS.values(), ids=SETTINGS.keys())
def settings(request: pytest.FixtureRequest) -> Settings:
    """Networks that a link may open."""
    found: Settings = request.param
    return found


@pytest.fixture
def small(settings: Settings) -> Small:
    """The network on its sequence."""
    return network.small(settings)


def states(settings: Settings) -> list[list[float]]:
    """The states of other settings, h_0 among them."""
    found: list[list[float]] = network.small(settings).trace.cell.h[:, 0].tolist()
    return found


def close(found: Any, expected: Any) -> None:
    """As near as the digits that are sent allow."""
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-7)


def network_of(settings: Settings) -> Any:
    """W_h of other settings."""
    return model_of.parameters(network.small(settings).model)["W_h"]


def test_what_goes_into_a_state_adds_up_to_its_sum(small: Small) -> None:
    """Input with bias and state before are the pre-activation, and the bars' limit is the largest of them."""
    drawn = drawing.drawn(small)
    parts = [np.array(drawn["fromInput"]), np.array(drawn["run"]["fromState"])]
    close(sum(parts), drawn["run"]["a"])
    close(np.array(drawn["fromX"]) + drawn["b"], parts[0])
    close(drawn["limit"], max(np.abs(part).max() for part in parts))


def test_a_turned_weight_is_turned_at_all_its_uses(small: Small) -> None:
    """Each entry's two turned runs are those of the network with that entry, and it sends h times itself."""
    drawn = drawing.drawn(small)
    W_h = model_of.parameters(small.model)["W_h"]
    assert set(drawn["turned"]) == {f"{i},{j}" for i, j in np.ndindex(*W_h.shape)}
    for name, found in drawn["turned"].items():
        i, j = map(int, name.split(","))
        for by, run, sent in zip(
            (-1, 0, 1), (found["runs"][0], drawn["run"], found["runs"][1]), found["sent"], strict=True
        ):
            value = float(W_h[i, j]) + by * drawing.TURN
            other = network.with_value(small.settings, f"W_h[{name}]", value)
            close(run["h"], states(other))
            close(sent, np.array(run["h"])[:-1, i] * value)
            close(np.array(run["fromState"])[:, j], np.array(run["h"])[:-1] @ network_of(other)[:, j])


def test_every_stop_of_the_drag_is_a_run(small: Small) -> None:
    """The first input's grid holds its own value, and each stop's states are those of that input."""
    drag = drawing.drawn(small)["drag"]
    assert drag["values"] == sorted(drag["values"])
    close(drag["h"][drag["start"]], states(small.settings))
    for k in (0, len(drag["values"]) - 1):
        other = network.with_value(small.settings, "x_1[0]", drag["values"][k])
        close(drag["h"][k], states(other))


def test_other_activations_are_runs_of_their_own(small: Small) -> None:
    """The states under each activation are computed step by step with it, not squeezed anew from these sums."""
    found = drawing.drawn(small)["squashed"]
    assert small.settings.activation in [each["name"] for each in found]
    for each in found:
        close(each["run"]["h"], states(replace(small.settings, activation=each["name"])))


def test_answers_at_the_end_and_at_every_step_are_both_there(small: Small) -> None:
    """One output at the last step, or one at each, with the losses that `core` gives and their sum."""
    outputs = drawing.drawn(small)["outputs"]
    assert [each["t"] for each in outputs["last"]] == [small.T]
    assert [each["t"] for each in outputs["every"]] == list(range(1, small.T + 1))
    every = drawing.answering(small, "every")
    assert every.settings.readout == "every"
    assert outputs["total"] == drawing.number(every.trace.loss)
    assert drawing.answering(every, "every") is every


@pytest.mark.parametrize(
    ("loss", "y_hat", "target", "expected"),
    [
        ("bce", [0.8], "1", "−ln 0.800"),
        ("bce", [0.8], "0", "−ln(1 − 0.800)"),
        ("bce", [0.8], "0.5", "−( 0.5 · ln 0.800 + (1 − 0.5) · ln(1 − 0.800) )"),
        ("softmax", [0.2, 0.7, 0.1], "1", "−ln 0.700"),
        ("mse", [1.5], "1", "(1.500 − 1)²"),
    ],
)
def test_a_loss_is_written_with_its_numbers(loss: str, y_hat: list[float], target: str, expected: str) -> None:
    """As one would type it into a calculator."""
    assert drawing._working(loss, np.array(y_hat), target) == expected
