"""What real runs have: first states, the step that is read, a mean, a window; the script prints their numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core import network, windows
from core.errors import InputError
from core.stack import States
from dashboard.inspector import export, view
from dashboard.kit.run import compute
from dashboard.kit.run.compute import Inspection, Run
from dashboard.kit.run.settings import Settings

TEXT = "one two three four five six seven"
REAL: list[dict[str, Any]] = [
    {"begin": "last"},
    {"begin": "numbers", "h0": "0.5", "c0": "0.1 0.2 0.3"},
    {"readout": "step", "at": 4},
    {"readout": "final"},
    {"readout": "every", "over": "mean"},
    {"window": 3},
    {"window": 3, "readout": "every", "over": "mean", "begin": "last"},
    {"length": 5, "readout": "every"},
    {"cell": "gru"},
    {"cell": "gru", "window": 2, "readout": "every"},
]


def shown(**changes: Any) -> Inspection:
    """What the Inspector computes of a small sentence."""
    settings = replace(Settings(H=3, D=2, text=TEXT), **changes)
    sequence = compute.sequence(settings)
    return compute.inspect(settings, sequence, compute.start(settings, sequence))


def lstm(seen: Inspection) -> Run:
    """The run of the LSTM."""
    return next(run for run in seen.runs if run.model.kind == "lstm")


@pytest.mark.parametrize("changes", REAL, ids=str)
def test_each_stands_in_the_link_and_in_the_script(changes: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> None:
    """The link gives the same settings; the script prints loss, norms, contributions and states to the last digit."""
    seen = shown(**changes)
    assert Settings().updated(seen.settings.to_query()) == (seen.settings, ())
    exec(compile(export.script(seen, fresh=False).decode(), "script", "exec"), {})
    printed = capsys.readouterr().out
    for run in seen.runs:
        assert f"loss {run.loss!r}" in printed
        for k in range(len(seen.steps)):
            assert f"|dL/dh| {float(run.norms['h'][k])!r}" in printed
            assert f"adds to |dL/dW_h| {float(run.contributions['W_h'][k])!r}" in printed
            assert str(run.trace.cell.h[k + 1, 0].tolist()) in printed
    assert view.inspector(seen)["panels"]
    assert all(run.check < 1e-5 for run in seen.runs)


def test_the_last_states_are_those_in_which_a_run_ends() -> None:
    """A second run begins where the first one ended."""
    first, second = lstm(shown()), lstm(shown(begin="last"))
    np.testing.assert_array_equal(second.trace.cell.h[0], first.trace.cell.h[-1])
    np.testing.assert_array_equal(second.trace.cell.c[0], first.trace.cell.c[-1])  # type: ignore[union-attr]


def test_typed_states_are_one_for_all_units_or_one_for_each() -> None:
    """0.5 for every unit of h, three numbers for the three units of c."""
    cell = lstm(shown(begin="numbers", h0="0.5", c0="1 2 -3")).trace.cell
    np.testing.assert_array_equal(cell.h[0, 0], [0.5, 0.5, 0.5])
    np.testing.assert_array_equal(cell.c[0, 0], [1.0, 2.0, -3.0])  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"begin": "numbers", "h0": "1 2"}, r"h_0 has 2 numbers; expected 1 number, or 3"),
        ({"begin": "numbers", "h0": "abc"}, r"h_0 cannot be read"),
        ({"begin": "numbers", "h0": "1e7"}, r"beyond ±1,000,000"),
        ({"readout": "step", "at": 9}, r"Step 9 is to be read, and the sequence has 7"),
        ({"readout": "step", "at": 3, "window": 2}, r"With a window the last step or every step is read"),
    ],
)
def test_what_does_not_fit_says_the_mend(changes: dict[str, Any], said: str) -> None:
    """Too many numbers, none, one too large, a step that is not there, a window with a step in the middle."""
    with pytest.raises(InputError, match=said):
        shown(**changes)


def test_padding_is_not_read() -> None:
    """Five valid steps of seven give what the five alone give, to the bit."""
    some, alone = lstm(shown(length=5)), lstm(shown(text=" ".join(TEXT.split()[:5])))
    assert some.loss == alone.loss
    np.testing.assert_array_equal(some.norms["h"], alone.norms["h"])


def test_only_the_steps_before_the_read_one_are_shown() -> None:
    """Read at step 4 the loss is that of the first four steps; the foot says that only these are drawn."""
    seen = shown(readout="step", at=4)
    assert seen.labels == ("one", "two", "three", "four")
    assert lstm(seen).loss == pytest.approx(lstm(shown(text="one two three four")).loss, rel=1e-15)
    assert "1 to 4 can move the loss" in str(view.foot(seen))


def test_a_mean_is_the_sum_over_the_steps() -> None:
    """Loss and gradient are a seventh of the sum's, and the foot names which it is."""
    total, mean = shown(readout="every"), shown(readout="every", over="mean")
    assert lstm(total).loss == pytest.approx(7 * lstm(mean).loss, rel=1e-12)
    np.testing.assert_allclose(lstm(total).norms["h"], 7 * lstm(mean).norms["h"], rtol=1e-12)
    assert 'reduction="sum"' in str(view.foot(total)).replace("\\", "")
    assert 'reduction="mean"' in str(view.foot(mean)).replace("\\", "")


def test_a_window_cuts_the_gradient_and_carries_the_state() -> None:
    """States stay; behind the border nothing arrives; the gradient is that of `core.windows`, and bars add up to it."""
    whole, cut = lstm(shown()), lstm(shown(window=3))
    np.testing.assert_array_equal(cut.trace.cell.h, whole.trace.cell.h)
    assert not cut.norms["h"][:6].any()
    assert cut.norms["h"][6] == whole.norms["h"][6]
    assert cut.reach["h"] == 0
    several = shown(window=3, readout="every")
    run = lstm(several)
    assert run.whole is not None
    found = windows.in_windows(run.whole.network, several.sequence.x, several.sequence.y, 3)
    np.testing.assert_array_equal(run.backward.grads["W_h"], found.grads["W_h.1.forward"])
    assert run.contributions["W_h"].sum() == pytest.approx(np.linalg.norm(run.backward.grads["W_h"]), rel=1e-12)


def test_first_states_of_the_network_are_those_of_the_figure() -> None:
    """What `core.network` gives from the same states is what is shown."""
    seen = shown(begin="numbers", h0="0.5", c0="-1")
    run = lstm(seen)
    assert run.whole is not None
    given = States((np.full((1, 3), 0.5),), (np.full((1, 3), -1.0),))
    again = network.run(run.whole.network, seen.sequence.x, seen.sequence.y, given)
    assert again.loss == run.loss


def test_a_gru_has_its_own_panels() -> None:
    """r, z, n and h as maps, each named; no cell state."""
    panels = view.inspector(shown(cell="gru"))["panels"]
    assert [panel["label"] for panel in panels if panel["kind"] == "map"] == [
        "reset gate", "update gate", "candidate", "hidden state",
    ]  # fmt: skip
    named = export.states(shown(cell="gru").runs[0])
    assert {"r", "z", "n", "u", "da_r", "da_z", "da_n"} <= set(named)
    assert "c" not in named
