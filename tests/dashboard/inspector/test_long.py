"""Long sequences and many units in the Inspector: what is computed of all, and what is drawn."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from core import doctor, layer
from core.errors import InputError
from core.stack import StackParams
from dashboard.inspector import doctor as page
from dashboard.inspector import view
from dashboard.kit.run import compute, own
from dashboard.kit.run.compute import Inspection
from dashboard.kit.run.own import Uploaded
from dashboard.kit.run.settings import MAX_DRAWN, MAX_STATES, Settings


def inspected(T: int, H: int) -> Inspection:
    """An LSTM of a learner's own on so many rows of two numbers."""
    rng = np.random.default_rng(1)
    cell = layer.init("lstm", 2, H, rng=rng)
    taken = Uploaded("lstm", cell, rng.normal(size=(H, 1)), np.zeros(1), from_file=True)
    rows = "\n".join(f"{a:.2f},{b:.2f}" for a, b in rng.normal(size=(T, 2)))
    settings = Settings(source="numbers", numbers=rows, cell="lstm")
    sequence = compute.sequence(settings, taken)
    return compute.inspect(settings, sequence, compute.start(settings, sequence, {"lstm": taken}))


def test_of_many_units_those_that_the_gradient_reaches_are_drawn() -> None:
    """The figure names them by their own numbers, holds as much as its bound allows, and says so."""
    seen = inspected(300, 256)
    units = view.units_drawn(seen)
    assert units is not None
    assert len(units) == MAX_DRAWN // 300
    arrives = np.linalg.norm(seen.runs[0].backward.cell.dh[:, 0], axis=0)
    assert set(units) == set(np.argsort(-arrives)[: len(units)].tolist())
    payload = view.inspector(seen)
    assert payload["units"] == list(units)
    assert payload["H"] == len(units)
    maps = [panel for panel in payload["panels"] if panel["kind"] == "map"]
    assert {tuple(panel["values"]["shape"]) for panel in maps} == {(300, len(units))}
    assert any(f"Of 256 units the {len(units)}" in line[0] for line in payload["foot"] if isinstance(line[0], str))
    assert len(json.dumps(payload)) < 6_000_000


def test_where_all_can_be_drawn_nothing_is_left_out() -> None:
    """Usual sizes are shown whole."""
    payload = view.inspector(inspected(30, 64))
    assert payload["units"] is None
    assert payload["H"] == 64


def test_a_unit_that_is_not_drawn_is_no_place_to_go() -> None:
    """The doctor's evidence leads to the step; to the unit only where the figure has it, by its place there."""
    seen = inspected(300, 128)
    units = view.units_drawn(seen)
    assert units is not None
    missing = next(k for k in range(128) if k not in units)
    for unit, expected in ((units[3], {"t": 7, "unit": 4}), (missing, {"t": 7})):
        finding = doctor.Finding("states", "lstm", 1.0, 7, unit + 1)
        said = page._placed([{"go": {"t": 7, "unit": unit + 1}, "says": "there"}], finding, seen)
        assert said == [{"go": expected, "says": "there"}]


def test_what_is_computed_is_bounded_by_all_layers() -> None:
    """A thousand steps of 256 units can be; of a deeper network as many fewer."""
    rng = np.random.default_rng(0)
    one = Uploaded("lstm", layer.init("lstm", 2, 256, rng=rng), None, None)
    own.must_fit(one, np.zeros((1000, 1, 2)))
    cells = tuple((layer.init("rnn", D, 64, rng=rng), layer.init("rnn", D, 64, rng=rng)) for D in (8, *[128] * 3))
    deep = replace(one, kind="rnn", cell=cells[0][0], stack=StackParams(cells))
    own.must_fit(deep, np.zeros((500, 1, 8)))
    with pytest.raises(InputError, match=f"512 units in all its layers; of so many at most {MAX_STATES // 512} steps"):
        own.must_fit(deep, np.zeros((501, 1, 8)))
