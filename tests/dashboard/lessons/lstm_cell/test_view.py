"""The cell's figure and sentences: their numbers are the ones `core` computed."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core.pointwise import pointwise
from dashboard.claims.view import judged
from dashboard.figure import heights, number
from dashboard.kit.words import say
from dashboard.lessons.lstm_cell import view
from dashboard.lessons.lstm_cell.compute import Cell, alike, all_open, cell, most_forgotten
from dashboard.lessons.lstm_cell.figure import Entry
from dashboard.lessons.lstm_cell.settings import CELL, CellSettings
from dashboard.lessons.lstm_cell.steps_view import SUBSTEPS

FRESH = replace(CELL, network="fresh", text="Krish likes pizza. Yann likes CNN.", at=4)
SETTINGS = [
    CELL,
    FRESH,
    replace(FRESH, text="one", H=1),
    replace(FRESH, hold_f="0", hold_i="0", span="onwards", at=1),
    replace(CELL, hold_f="1", hold_o="0", only=1),
    replace(FRESH, text="$x$ <b>bold</b> `code` [a](b)", H=4, seed=8, hold_i="1"),
]


def unpacked(packed: dict[str, Any]) -> np.ndarray:
    """An array as the browser reads it."""
    data = base64.b64decode(packed["b64"])
    return np.frombuffer(data, dtype=f"<{packed['dtype']}").reshape(packed["shape"])


def panel(shown: Cell) -> dict[str, Any]:
    """The figure's one panel."""
    (found,) = view.figure_of(shown)["panels"]
    return dict(found)


def text(runs: Any) -> str:
    """Rich text without its markup."""
    return "".join(run if isinstance(run, str) else str(next(iter(run.values()))) for run in runs)


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_figure_holds_the_run(settings: CellSettings) -> None:
    """Every vector, weight and product in the payload is the run's own, and it is valid JSON but for the held gates."""
    shown = cell(settings)
    found = panel(shown)
    trace, parts = shown.trace, shown.parts
    expected = {name: getattr(trace, name) for name in ("x", "h", "c", "i", "f", "o", "g")}
    expected |= {"tanh": trace.tanh_c, "kept": parts.kept, "written": parts.written, "joined": parts.joined}
    for name, array in expected.items():
        np.testing.assert_array_equal(unpacked(found["numbers"][name]), array[:, 0])
    a = np.concatenate([unpacked(found["numbers"][f"a_{gate}"]) for gate in "ifog"], axis=1)
    np.testing.assert_array_equal(a, parts.a[:, 0])
    np.testing.assert_array_equal(unpacked(found["rnn"]), shown.rnn_trace.h[:, 0])
    terms = unpacked(found["terms"]).reshape(shown.T, shown.H + shown.D, 4 * shown.H)
    np.testing.assert_allclose(terms.sum(axis=1) + unpacked(found["bias"]), parts.a[:, 0], atol=1e-14)
    assert (found["was"] is None) == (not shown.holds)
    if shown.holds:
        np.testing.assert_array_equal(unpacked(found["was"]["c"]), shown.computed.c[:, 0])
    np.testing.assert_array_equal(unpacked(found["held"]["f"]), shown.held[:, shown.H : 2 * shown.H])
    json.dumps(view.figure_of(shown), allow_nan=False)


def test_every_formula_names_vectors_that_are_sent() -> None:
    """The nine sub-steps come in the order of the computation, and each of their vectors is in the payload."""
    found = panel(cell(CELL))
    assert [step["id"] for step in found["substeps"]] == ["join", "f", "i", "g", "kept", "written", "c", "o", "h"]
    used = {part.of for step in SUBSTEPS for part in (*step.formula, *(step.by_hand or ())) if isinstance(part, Entry)}
    assert used <= set(found["numbers"])
    assert all(isinstance(step.formula[-1], Entry) for step in SUBSTEPS)


@pytest.mark.parametrize("settings", SETTINGS)
def test_each_step_says_something_with_its_numbers(settings: CellSettings) -> None:
    """There is a line for each sub-step of each word; sums and changes quote the run."""
    shown = cell(settings)
    said = panel(shown)["said"]
    assert [len(step) for step in said] == [9] * shown.T
    assert all(lines and all(text(runs) for runs in lines) for step in said for lines in step)
    for t in range(1, shown.T + 1):
        new, old = shown.trace.c[t, 0], shown.trace.c[t - 1, 0]
        k = int(np.abs(new - old).argmax())
        words = text(said[t - 1][6][0])
        assert number(float(new[k])) in words or "unchanged" in words


def test_a_held_gate_says_what_it_was() -> None:
    """Holding f names the values as computed, at the gate and at what it changed."""
    shown = cell(replace(CELL, hold_f="1"))
    gate, _, _, kept, _, added = (
        text([run for line in lines for run in line]) for lines in panel(shown)["said"][4][1:7]
    )
    assert "Set to 1 by hand" in gate
    assert all(number(float(v)) in gate for v in shown.computed.f[4, 0])
    assert all(number(float(v)) in kept for v in shown.before.kept[4, 0])
    assert all(number(float(v)) in added for v in shown.computed.c[5, 0])


def test_findings_quote_the_run() -> None:
    """The sentence above the figure names the largest loss, or what holding a gate did to c, to h and to the answer."""
    plain, held = cell(CELL), cell(replace(CELL, hold_f="1"))
    at, k, _ = most_forgotten(plain)
    words = text(view.finding(plain))
    assert f"Most is forgotten at ‘Yann’ (step {at}): f = {plain.trace.f[at - 1, 0, k]:.3f} leaves" in words
    assert "it answers Yann (" in words
    words = text(view.finding(held))
    k = int(np.abs(held.trace.c[5, 0] - plain.trace.c[5, 0]).argmax())
    was, now = (number(float(run.trace.c[5, 0, k])) for run in (plain, held))
    assert f"c_{{5}}[{k}] from {was} to {now}" in words
    assert "at ‘Yann’" in words
    assert "The answer turns from Yann (" in words
    assert "to Krish (" in words
    onwards = text(view.finding(cell(replace(CELL, hold_o="0", span="onwards", only=1))))
    assert "o = 0 in unit 1 from" in onwards
    assert "leaves c_{5} as it was" in onwards
    assert "The answer " in onwards
    opened = all_open(CELL)
    assert f"{np.abs(opened.trace.c[-1]).max():.3f}" in view.accumulating(plain, opened)


def test_a_fresh_network_says_how_usual_it_is() -> None:
    """It answers nothing; in place of that stand the other fresh networks that forget most at the same word."""
    fresh = cell(FRESH)
    others = alike(FRESH)
    words = text(view.finding(fresh))
    assert words.endswith(f"of 100 other fresh networks {others.hits} forget most there.")
    assert "answer" not in words
    assert "96 in all" in view.counted(fresh)
    assert "24 numbers: 4 times" in view.counted(fresh)
    assert "each of the 30 words that the network knows has a row" in view.counted(cell(CELL))


@pytest.mark.parametrize("settings", SETTINGS)
def test_words_of_the_learner_are_never_markup(settings: CellSettings) -> None:
    """What is typed reaches Markdown escaped, and the figure as a token of its own."""
    shown = cell(settings)
    for words in (view.finding(shown), view.squashed(shown), view.halves(shown)):
        assert "<b>" not in words
        assert "$x$" not in words
    assert view.figure_of(shown)["tokens"] == list(shown.labels)


def test_operations_are_set_as_typed() -> None:
    """Three lines for vectors of one length; one, and why, for others."""
    found = pointwise(np.array([1.0, 2, 3]), np.array([0.5, 1, 0]))
    assert "[0.5,\\ 2,\\ 0]" in view.operations(found)
    assert "[1,\\ 2,\\ 3,\\ 0.5,\\ 1,\\ 0]" in view.operations(found)
    assert view.unequal(found) == ""
    other = pointwise(np.ones(2), np.ones(3))
    assert "Pointwise" not in view.operations(other)
    assert "2 and 3 entries" in view.unequal(other)


def test_room_is_kept_for_more_units() -> None:
    """The height kept free grows with the units, at every width."""
    small, large = (view.figure_of(cell(replace(FRESH, H=H))) for H in (1, 4))
    for height in (heights.desktop, heights.middle, heights.phone):
        assert height(large) > height(small) > 600


@pytest.mark.parametrize(("asked", "kept"), [({"substep": 12, "gate": "z", "unit": 7, "t": 99}, (5, "", 0, 5))])
def test_what_a_link_cannot_mean_falls_back(asked: dict[str, Any], kept: tuple[int, str, int, int]) -> None:
    """A sub-step, gate, unit or word that does not exist opens the figure at its own."""
    data = view.figure_of(cell(CELL), **asked)
    found = data["panels"][0]
    assert (found["substep"], found["gate"], found["unit"], data["t"]) == kept


def test_what_is_said_of_the_chapters_claims_is_what_their_trials_measured() -> None:
    """The shares and gates in the fold are those of the evidence, and so are a quarter and most."""
    said = say("lstm-cell", "claims")
    found = {
        name: judged(f"lstm-cell-{name}").verdict for name in ("1-little-change", "2-forget-makes-new", "3-forgets-all")
    }
    net, dropped, turned = (int(v) for v in re.findall(r"(\d+) %", found["1-little-change"].why))
    (written,) = re.findall(r"(\d+) %", found["2-forget-makes-new"].why)
    gates = re.findall(r"0\.\d+", found["3-forgets-all"].why)
    assert f"{net} % of its length" in said
    assert f"{written} % of the new state" in said
    assert len(gates) == 2
    assert all(gate in said for gate in gates)
    assert 20 < dropped < 30
    assert turned > 50
    assert {verdict.kind for verdict in found.values()} == {"when", "fails"}
