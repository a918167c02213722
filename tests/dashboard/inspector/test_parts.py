"""A stack in the Inspector: the boxes to choose from and what is said of the part shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import checkpoints, doctor
from core.errors import InputError
from dashboard.inspector import brought, doctor_words, export, mending, parts, view
from dashboard.inspector import doctor as page
from dashboard.kit.run import compute, own
from dashboard.kit.run.compute import Inspection
from dashboard.kit.run.settings import Settings

FILES = Path(__file__).parents[2] / "core" / "checkpoints" / "files"


def brought_part(layer: int) -> own.Uploaded:
    """One part of a brought LSTM of two layers and two directions."""
    found = checkpoints.read((FILES / "stacked.pt").read_bytes(), "stacked.pt")
    return own.take(found, replace(own.first(found), layer=layer))


def shown(layer: int, **changes: Any) -> Inspection:
    """That part on a sequence."""
    taken = brought_part(layer)
    settings = replace(Settings(cell="lstm", text="one two three four", loss="mse", readout="final"), **changes)
    sequence = compute.sequence(settings, taken)
    return compute.inspect(settings, sequence, compute.start(settings, sequence, {"lstm": taken}))


def chooser(seen: Inspection) -> dict[str, Any]:
    """The panel of boxes."""
    run = parts.shown(seen)
    assert run is not None
    panel: dict[str, Any] = parts.chooser(seen, run)["panels"][0]
    return panel


def test_every_part_is_a_box_with_its_own_gradient() -> None:
    """Four boxes, the same lines whichever is shown, each that of the part's own panels."""
    lines = []
    for place in range(4):
        seen = shown(place)
        boxes = [part for layer in chooser(seen)["layers"] for part in layer["parts"]]
        assert [box["place"] for box in boxes if box["chosen"]] == [place]
        np.testing.assert_allclose(boxes[place]["log10"], np.log10(seen.runs[0].norms["h"]), rtol=1e-12)
        lines.append([box["log10"] for box in boxes])
    for each in lines[1:]:  # the last bit depends on where in memory an array lies
        np.testing.assert_allclose(each, lines[0], rtol=1e-12)


def test_a_single_layer_has_nothing_to_choose() -> None:
    """The Inspector's usual networks have no chooser."""
    settings = Settings(text="one two")
    sequence = compute.sequence(settings)
    assert parts.shown(compute.inspect(settings, sequence, compute.start(settings, sequence))) is None


def test_a_backward_part_says_that_it_reads_from_the_end() -> None:
    """In the sentence above the figure, in the box's name, and by the way it plays."""
    seen = shown(3)
    payload = view.inspector(seen)
    assert "It reads from the last step to the first." in payload["finding"][-1]
    assert payload["backward"]
    box = chooser(seen)["layers"][1]["parts"][1]
    assert "reads from the last step to the first" in box["says"]
    assert not view.inspector(shown(2))["backward"]


def test_a_lower_layer_says_what_arrives_at_it() -> None:
    """Nothing reads it but the layers above, whose gradient its own is."""
    assert "the layers above send back" in str(view.foot(shown(0)))
    assert "What the read-out sends back" in str(view.foot(shown(2)))


def test_a_stack_is_not_cut_into_windows_both_ways() -> None:
    """A backward direction would begin in the future; the sentence says to set the window to 0."""
    with pytest.raises(InputError, match="Set the window to 0"):
        shown(0, window=2)


def test_first_states_of_a_stack_are_pytorch_s_h_n_in_turn() -> None:
    """Sixteen numbers fill four parts of four units; two are refused with the counts that would do."""
    numbers = " ".join(str(k) for k in range(16))
    seen = shown(3, begin="numbers", h0=numbers, c0="0")
    run = parts.shown(seen)
    assert run is not None
    assert run.whole is not None
    np.testing.assert_array_equal(run.whole.own.cell.h[0, 0], [12, 13, 14, 15])
    with pytest.raises(InputError, match="expected 1 number, or 4: one for each unit, or 16"):
        shown(3, begin="numbers", h0="1 2")


@pytest.mark.parametrize("write", [export.npz, export.as_json])
def test_an_exported_stack_can_be_brought_again(write: Callable[[Inspection], bytes]) -> None:
    """NPZ and JSON give the same loss, layer by layer bit for bit, with its read-out."""
    seen = shown(1)
    found = checkpoints.read(write(seen), "unrolled")
    assert (found.recurrent[0].depth, found.recurrent[0].directions) == (2, 2)
    assert [readout.name.removeprefix("lstm.") for readout in found.readouts] == ["head"]
    taken = own.take(found, replace(own.first(found), layer=1))
    again = compute.inspect(seen.settings, seen.sequence, compute.start(seen.settings, seen.sequence, {"lstm": taken}))
    assert again.runs[0].loss == seen.runs[0].loss
    np.testing.assert_array_equal(again.runs[0].norms["h"], seen.runs[0].norms["h"])


def ill(layer: int, **changes: Any) -> tuple[Inspection, tuple[doctor.Finding, ...]]:
    """A stack on numbers far too large, and what is wrong with it."""
    rows = "\n".join(f"{k % 5 * 1000},{-k * 700},{k * k}" for k in range(12))
    seen = shown(layer, source="numbers", numbers=rows, **changes)
    return seen, doctor.findings(mending.cases(seen))


def test_the_doctor_looks_at_every_part_of_a_stack_whichever_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst finding is the same from every part; its place can be pressed where the figure shows it."""
    monkeypatch.setattr(brought, "file", lambda: (object(), None))
    said = set()
    for place in range(4):
        seen, found = ill(place)
        assert found[0].kind == "unscaled"
        said.add(str(doctor_words.sentence(found[0], seen.sequence)))
        inner = next(each for each in found if each.kind == "saturated" and each.direction == "backward")
        words = page._said(inner, seen)
        here = (inner.layer - 1) * 2 + 1
        assert f"In layer {inner.layer - 1}, backward, " in "".join(map(str, words["says"]))
        assert any(isinstance(run, dict) and "go" in run for run in words["evidence"]) == (place == here)
        other = page._other_part(inner, seen)
        assert other == (
            None if place == here else {"act": f"part={here}", "label": f"Show layer {inner.layer - 1}, backward"}
        )
    assert len(said) == 1


def test_weights_that_forget_get_the_advice_that_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting changes a learner's own weights; where the forget gates are the cause, their start is named."""
    seen = shown(0)
    monkeypatch.setattr(page, "own_weights", lambda: {"lstm": brought_part(0)})
    low = doctor.Finding("vanishing", "lstm", 0.0, 1, numbers={"f": 0.2})
    assert page._no_mend(seen.settings, low) == "no-mend-forgets"
    assert page._no_mend(seen.settings, replace(low, numbers={"f": 0.9})) == "no-mend"
    assert page._no_mend(replace(seen.settings, steps=3), low) == "no-mend-trained"


def test_a_mend_of_a_stack_is_tried_on_the_whole_of_it() -> None:
    """Standardising helps the layer that reads the numbers, and is offered with the weights as they are."""
    seen, found = ill(2)
    taken = brought_part(2)
    remade = mending.remake(seen.settings, {"lstm": taken}, taken)
    offers = doctor.tried(found[0], found, doctor.candidates(found[0], {}, 7700.0), remade)
    assert (("scale", "standard"),) in [offer.mend for offer in offers]


def test_a_cut_gradient_and_other_first_states_are_looked_at_as_well() -> None:
    """A run with a window or from typed states is not passed over in silence."""
    settings = Settings(cell="rnn", activation="sigmoid", text="a b c d e f g h i j k l m n o p", window=8, h0="0.1")
    for changed in (settings, replace(settings, window=0, begin="numbers")):
        sequence = compute.sequence(changed)
        seen = compute.inspect(changed, sequence, compute.start(changed, sequence))
        found = doctor.findings(mending.cases(seen))
        assert [each.kind for each in found] == ["vanishing"]
        first = 9 if changed.window else 1
        assert f"reaches step {first}." in "".join(map(str, doctor_words.sentence(found[0], sequence)))
