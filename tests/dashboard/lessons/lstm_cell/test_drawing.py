"""What the browser is sent of the cell: every run's vectors, from the word on at which it differs, and no more."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from dashboard.kit import model_card
from dashboard.lessons.lstm_cell import drawing, names_view
from dashboard.lessons.lstm_cell.compute import trained
from dashboard.lessons.lstm_cell.drawing import VECTORS, drawn
from dashboard.lessons.lstm_cell.told import ALWAYS, COMPUTED, NAMES, told

KRISH = told("Krish", "Yann")
PANEL = drawn("Krish", "Yann")


def values(name: str) -> dict[str, Any]:
    """A run's vectors by name (steps, H), as the browser reads them."""
    packed = PANEL["runs"][name]["values"]
    array = np.frombuffer(base64.b64decode(packed["b64"]), "<f4").reshape(packed["shape"])
    return {vector: array[:, k] for k, vector in enumerate(VECTORS)}


@pytest.mark.parametrize("name", NAMES)
def test_vectors_are_those_of_the_run(name: str) -> None:
    """Each number is `core`'s, rounded to a float32; what is kept and written adds up to the new cell state."""
    run, sent, first = KRISH.runs[name], values(name), PANEL["runs"][name]["from"]
    assert first == (1 if name in (COMPUTED, ALWAYS) else KRISH.at)
    np.testing.assert_array_equal(sent["c"], run.trace.c[first:, 0].astype(np.float32))
    np.testing.assert_array_equal(sent["h"], run.trace.h[first:, 0].astype(np.float32))
    np.testing.assert_array_equal(sent["f"], run.trace.f[first - 1 :, 0].astype(np.float32))
    np.testing.assert_allclose(sent["kept"] + sent["written"], sent["c"], atol=1e-5)
    np.testing.assert_allclose(sent["kept"] + sent["dropped"], run.trace.c[first - 1 : -1, 0], atol=1e-5)


@pytest.mark.parametrize("name", [name for name in NAMES if name != ALWAYS])
def test_before_the_held_word_nothing_differs(name: str) -> None:
    """So those steps are sent once."""
    before = KRISH.runs[name].trace.c[: KRISH.at], KRISH.computed.trace.c[: KRISH.at]
    np.testing.assert_array_equal(*before)


def test_all_runs_together_are_small() -> None:
    """One figure with every hold is not much larger than one without."""
    assert len(json.dumps(PANEL)) < 80_000


def test_what_is_on_the_screen_is_always_said() -> None:
    """A trained network, its size, how well it does, and where the rest stands: how it began, and why this seed."""
    said = "".join(run if isinstance(run, str) else next(iter(run.values())) for run in PANEL["network"])  # type: ignore[misc]
    for part in ("trained LSTM", "4 units", "2,000 new texts", "Other names, other networks"):
        assert part in said
    assert drawing.drawn("Maya", "Lena")["network"] == PANEL["network"]
    fold = names_view.card_in_words() + model_card.whole(trained())
    for part in (
        "forget bias 5",
        "seed 2",
        "picked",
        "form of gradient descent, with step size 0.005",
        "95 % interval",
    ):
        assert part in fold
