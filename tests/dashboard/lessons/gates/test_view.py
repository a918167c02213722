"""The figures and sentences of the lesson on gates at work show the runs' numbers, whatever is chosen."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from core import lstm
from core.paths import PARTS
from dashboard.lessons.gates import compute as gates_runs
from dashboard.lessons.gates import sentences as words
from dashboard.lessons.gates import view
from dashboard.lessons.gates.settings import GAINS, MOST_GAP, SECONDS, GatesSettings


def joined(tables: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Tables that follow each other as one, as the browser joins them; words are the same in every row."""
    sizes = [len(table["t"]) for table in tables]
    parts = [
        {name: [values] * size if isinstance(values, str) else values for name, values in table.items()}
        for table, size in zip(tables, sizes, strict=True)
    ]
    return {name: [value for part in parts for value in part[name]] for name in parts[0]}


def text(runs: list[Any]) -> str:
    """Rich text as one line."""
    return "".join(run if isinstance(run, str) else next(iter(run.values())) for run in runs)


def unpacked(packed: Any) -> np.ndarray:
    """An array as it travels."""
    return np.frombuffer(base64.b64decode(packed["b64"]), f"<{packed['dtype']}").reshape(packed["shape"])


@pytest.mark.parametrize("network", ["trained", "fresh"])
@pytest.mark.parametrize("second", SECONDS)
@pytest.mark.parametrize("gap", [0, MOST_GAP])
def test_main_figure_shows_the_run(network: str, second: str, gap: int) -> None:
    """Maps, search, norms and paths hold the run's arrays, and the sentence quotes the gates and what they leave."""
    settings = GatesSettings(network=network, second=second, gap=gap)
    run = gates_runs.run_of(settings)
    data = view.main(run, settings)
    json.dumps(data, allow_nan=False)
    assert data["t"] == run.at
    assert data["tokens"] == list(run.words)
    search, _, *maps, norms, paths, anatomy = data["panels"]
    arrays = {name: getattr(run.cell, name)[:, 0] for name in "fiog"}
    arrays |= {"c": run.cell.c[1:, 0], "h": run.cell.h[1:, 0]}
    for panel in maps:
        assert unpacked(panel["values"]) == pytest.approx(arrays[panel["role"]], abs=1e-6)
    for quantity in search["quantities"]:
        assert unpacked(quantity["values"]) == pytest.approx(arrays[quantity["name"]], abs=1e-6)
    assert [row["role"] for row in norms["profile"]["rows"]] == ["h", "c"]
    assert unpacked(norms["profile"]["rows"][1]["norms"]) == pytest.approx(run.norms["c"])
    shown = [unpacked(row[1]["values"]) for row in paths["profile"]["rows"]]
    for part, expected in zip(shown, (run.paths.direct, run.paths.own, run.paths.all), strict=True):
        assert np.array_equal(part, expected[1:])
    for row, same, across in zip(anatomy["profile"]["rows"], (*run.same, run.same.sum(0)),
                                 (*run.across, run.across.sum(0)), strict=True):  # fmt: skip
        assert np.array_equal(unpacked(row[1]["values"]), same)
        assert np.array_equal(unpacked(row[2]["values"]), across)
    for part in (*run.together[:, run.at - 2], run.together[:, run.at - 2].sum()):
        assert words.amount(part) in text(data["finding"])
    assert f"{run.cell.f[run.at - 1].mean():.2f}" in text(data["finding"])


def test_lines_of_paths_are_those_of_each_unit() -> None:
    """Row by row: unit, step and logarithm belong together, to the fourth decimal."""
    run = gates_runs.run_of(GatesSettings())
    rows = view.main(run, GatesSettings())["panels"][-2]["data"]["series"]
    for t, unit, log10, name in zip(
        *(joined(rows)[column] for column in ("t", "unit", "log10", "series")), strict=True
    ):
        part = {"direct path": run.paths.direct, "every path, same unit": run.paths.own}.get(name, run.paths.all)
        assert log10 == pytest.approx(part[t, unit - 1], abs=1e-4)


@pytest.mark.parametrize("settings", [GatesSettings(), GatesSettings(network="fresh", bias=0.0, gap=MOST_GAP)], ids=str)
def test_bars_of_the_parts_end_at_the_total(settings: GatesSettings) -> None:
    """Parts above 0 stand on each other, those below hang, and both heights together are the total of unit and step."""
    run = gates_runs.run_of(settings)
    panel = view.main(run, settings)["panels"][-1]
    bars, totals, params = joined(panel["data"]["bars"]), panel["data"]["totals"], panel["params"]
    ends = {(t, unit): [0.0, 0.0] for t, unit in zip(totals["t"], totals["unit"], strict=True)}
    names = zip(bars["t"], bars["unit"], bars["part"], bars["from"], bars["to"], bars["value"], strict=True)
    for t, unit, part, start, end, value in names:
        assert value == pytest.approx(run.across[PARTS.index(part), t - 1, unit - 1], rel=1e-3)
        below = int(value < 0)
        assert start == pytest.approx(ends[t, unit][below], rel=1e-3, abs=1e-12)
        assert params["lo"] <= end <= params["hi"]
        ends[t, unit][below] = end
    for t, unit, value in zip(totals["t"], totals["unit"], totals["value"], strict=True):
        assert 10 ** run.paths.all[t, unit - 1] == pytest.approx(value, rel=1e-3)
        assert sum(ends[t, unit]) == pytest.approx(value, rel=2e-3)
    assert min(bars["value"]) < 0  # what takes away is not drawn as if it added


@pytest.mark.parametrize("second", SECONDS)
@pytest.mark.parametrize("bias", [0.0, 5.0])
def test_every_path_counts_that_the_hidden_state_moves(second: str, bias: float) -> None:
    """The total of the page is that of a text read on from the word before the change, with c and h nudged together."""
    run = gates_runs.run_of(GatesSettings(network="fresh", second=second, bias=bias))
    cell, t, epsilon = run.cell, run.at - 1, 1e-5
    moved = np.empty((16, 16))
    for unit in range(16):
        ends = []
        for sign in (1, -1):
            c = cell.c[t] + sign * epsilon * np.eye(16)[unit]
            h = cell.o[t - 1] * np.tanh(c)
            ends.append(lstm.forward(run.model.cell, cell.x[t:], h, c).c[-1, 0])  # type: ignore[arg-type]
        moved[:, unit] = (ends[0] - ends[1]) / (2 * epsilon)
    assert run.same[:, t - 1].sum(axis=0) == pytest.approx(np.diagonal(moved), rel=1e-5, abs=1e-9)
    assert run.across[:, t - 1].sum(axis=0) == pytest.approx(np.linalg.norm(moved, axis=0), rel=1e-6, abs=1e-10)
    assert run.together[:, t - 1].sum() == pytest.approx(np.linalg.norm(moved), rel=1e-6)


def test_the_take_away_names_the_network_and_turns_with_the_numbers() -> None:
    """Which network, from which bias, and whether its forget gates alone bring much, some or hardly anything back."""
    run, fresh = gates_runs.run_of(GatesSettings()), GatesSettings(network="fresh", bias=5.0)
    said = text(words.direct_take_away(run, GatesSettings()))
    assert "trained from forget bias 1, mean forget gate 0.73" in said
    assert "hardly anything comes through the forget gates alone: 0.5" in said
    other = gates_runs.run_of(fresh)
    assert "fresh, with forget bias 5" in text(words.direct_take_away(other, fresh))
    assert "less comes through the forget gates alone than through h:" in text(words.direct_take_away(other, fresh))
    alone = replace(other, together=np.array([[0.9], [0.2], [-0.1]]) * np.ones(other.T))
    told = text(words.direct_take_away(alone, fresh))
    assert "most comes through the forget gates alone: 90" in told
    assert "−10" in told  # what takes away has its sign


def test_an_addition_of_parts_keeps_its_signs() -> None:
    """A part that takes away is subtracted, and the sum is that of the parts."""
    run = gates_runs.run_of(GatesSettings(second="also"))
    unit = view.first_unit(run)
    said = text(words.parts_note(run, unit))
    assert "0.00831 + 0.0143 − 0.0155 = 0.00712." in said
    assert run.same[:, run.at - 2, unit].sum() == pytest.approx(0.00712, abs=5e-6)


def test_the_vanilla_networks_verdict_names_start_and_rate() -> None:
    """Nothing is derived from its having no gates: which start, which learning rate, and what another start does."""
    said = words.accuracies(gates_runs.trained(), gates_runs.trained_rnns())
    assert "plain start" in said
    assert "learning rate 0.005" in said
    assert f"an orthogonal one to {words.reached(gates_runs.trained_rnns()[2], 20)}" in said
    assert "no gates" not in said
    assert "nine other seeds in 99\N{NARROW NO-BREAK SPACE}% or more" in said  # 99.6, rounded down


@pytest.mark.parametrize("second", SECONDS)
def test_figure_of_the_switch_shows_the_three_readers(second: str) -> None:
    """Gates, distance and answers are the runs', and the table has the gates of the units that hold the subject."""
    found = gates_runs.switch(second, 4)
    data = view.switch(found)
    json.dumps(data, allow_nan=False)
    f, i, apart, answers, table = data["panels"]
    for panel, part in ((f, "f"), (i, "i"), (apart, "apart")):
        rows = [unpacked(row[1]["values"]) for row in panel["profile"]["rows"]]
        for row, reader in zip(rows, (found.new, found.same, found.before), strict=True):
            assert row == pytest.approx(getattr(reader, part))
    assert np.stack([unpacked(row[1]["values"]) for row in answers["profile"]["rows"]], 1) == pytest.approx(
        found.new.answers
    )
    assert [int(row[0][0]) for row in table["rows"]] == list(found.holders)
    unit = found.holders[0]
    assert table["rows"][0][3] == [f"{found.new.f_at[unit]:.2f}"]
    assert table["rows"][0][4] == [f"{found.same.f_at[unit]:.2f}"]
    assert f"{found.new.f[found.at - 1]:.2f}" in text(data["finding"])


def test_claims_quote_what_was_measured() -> None:
    """How many units, how far, how much is left: the numbers stand in the sentences."""
    found = gates_runs.switch("Yann", 4)
    said = words.claim_forget(found)
    assert "None of the 16 units has" in said
    for number in (found.new.f_at.min(), found.new.i_at.max(), found.new.held[found.at - 1]):
        assert f"{number:.2f}" in said
    assert words.percent(float(found.new.left[-1])) in said
    assert found.words[found.at + 4] in words.answer_note(found)


def test_the_claims_begin_with_what_the_rnn_carries() -> None:
    """What is left of the first subject and of the second in the trained RNN's state stands in the first claim."""
    found = gates_runs.switch("Yann", 4)
    first, *rest = words.claims(found).splitlines()
    for part in (found.carried[found.at - 1], found.carried[-1], found.carried_second[-1]):
        assert words.left(float(np.log10(part))) in first
    assert "\n".join(rest) == words.claim_forget(found)


@pytest.mark.parametrize("bias", [0.0, 1.0, 3.7, 5.0])
def test_horizon_figure_marks_the_chosen_bias(bias: float) -> None:
    """The chosen bias stands in the table, a round one or not; what never falls is left out of the plot."""
    found = gates_runs.measured(bias, 0)
    data = view.horizon(found, 0)
    json.dumps(data, allow_nan=False)
    (panel,) = data["panels"]
    strong = [row[0][0]["strong"] for row in panel["profile"]["rows"] if isinstance(row[0][0], dict)]
    assert strong == [f"{bias:g}"]
    assert panel["data"]["chosen"]["bias"] == [bias]
    assert all(np.isfinite(panel["data"]["points"]["log10"]))
    assert words.steps(found.formula) in text(data["finding"])
    assert words.horizon_note(found)


@pytest.mark.parametrize("gain", GAINS)
def test_explosion_shows_both_paths(gain: str) -> None:
    """The forget gates' product and the most a gradient can have grown to, as computed."""
    found = gates_runs.exploding(float(gain), 0)
    data = view.explosion(found)
    json.dumps(data, allow_nan=False)
    direct, every = (unpacked(row[1]["values"]) for row in data["panels"][0]["profile"]["rows"])
    assert np.array_equal(direct, found.direct)
    assert np.array_equal(every, found.largest)
    assert words.left(float(found.largest[0])) in text(data["finding"])
    assert ("grown" in text(data["finding"])) == (found.largest[0] > 0)


@pytest.mark.parametrize(
    ("log10", "expected"),
    [(0.0, "1.0"), (-1.31, "0.049"), (0.08, "1.2"), (4.199, "1.6 × 10⁴"), (-5.0, "1.0 × 10⁻⁵"), (-np.inf, "0")],
)
def test_what_is_left_is_written_shortly(log10: float, expected: str) -> None:
    """Plain while that is short, a power of ten otherwise."""
    assert words.left(log10).replace("\N{NO-BREAK SPACE}", " ") == expected
