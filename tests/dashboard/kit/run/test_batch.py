"""Several sequences as a batch: how they are brought and divided, and what the one that is shown has of the mean."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from support import page_at

from core import doctor, model
from core.errors import InputError
from dashboard.inspector import export, mending, view
from dashboard.kit.run import batch, bring, compute
from dashboard.kit.run.compute import Inspection
from dashboard.kit.run.settings import Settings

ROWS = "\n".join(f"{a:.2f},{b:.2f}" for a, b in np.random.default_rng(0).normal(size=(11, 2)))
SEVERAL = Settings(source="numbers", numbers=ROWS, cell="lstm", group="several", sizes=(4, 5, 2))


def inspected(settings: Settings) -> Inspection:
    """What is computed for these settings."""
    sequence = compute.sequence(settings)
    return compute.inspect(settings, sequence, compute.start(settings, sequence))


def alone(member: int, **changes: Any) -> Inspection:
    """The same sequence for itself."""
    first = sum(SEVERAL.sizes[: member - 1])
    rows = "\n".join(ROWS.split("\n")[first : first + SEVERAL.sizes[member - 1]])
    return inspected(replace(SEVERAL, numbers=rows, group="one", sizes=(), **changes))


@pytest.mark.parametrize("readout", ["last", "every"])
def test_the_loss_is_the_mean_and_each_has_its_part_of_the_gradient(readout: str) -> None:
    """Each sequence runs as it would alone, with 1/B of its gradient; the parts add up to the batch's gradient."""
    losses, added = [], 0.0
    for member in (1, 2, 3):
        run = inspected(replace(SEVERAL, member=member, readout=readout)).runs[0]
        single = alone(member, readout=readout).runs[0]
        np.testing.assert_allclose(run.trace.cell.h, single.trace.cell.h, rtol=1e-12)
        np.testing.assert_allclose(3 * run.backward.cell.dh, single.backward.cell.dh, rtol=1e-12)
        np.testing.assert_allclose(3 * run.norms["c"], single.norms["c"], rtol=1e-12)
        np.testing.assert_allclose(run.y_hat, single.y_hat, rtol=1e-12)
        losses.append(single.loss)
        added = added + run.backward.grads["W_h"]
    assert run.loss == pytest.approx(np.mean(losses))
    assert run.whole is not None
    np.testing.assert_allclose(added, run.whole.grads["W_h.1.forward"], rtol=1e-10)
    assert run.check < 1e-6


def test_a_sentence_a_line_is_a_batch() -> None:
    """Each line has its own steps and its own target; the words are those of all lines."""
    settings = Settings(text="one two three\n\nfour five", group="several", target="0 1", encoding="onehot", member=2)
    sequence = compute.sequence(settings)
    assert sequence.batch is not None
    assert sequence.batch.lengths.tolist() == [3, 2]
    assert sequence.labels == ("four", "five")
    assert sequence.y.ravel().tolist() == [1]
    assert sequence.x.shape == (2, 1, 5)
    said = str(view.inspector(inspected(settings))["foot"])
    assert "Sequence 2 of 2, 2 steps (and 1 of padding, which nothing reads)." in said
    assert "1/2 of what it would have alone, as in PyTorch." in said


def test_rows_are_divided_equally_or_as_they_are_set() -> None:
    """One number that divides them is enough; what does not add up is said with both numbers."""
    even = replace(SEVERAL, sizes=(11,))
    assert batch.divided(even, 11) == (11,)
    assert batch.divided(replace(even, sizes=(4,)), 12) == (4, 4, 4)
    with pytest.raises(InputError, match="The batch has 11 rows"):
        batch.divided(replace(even, sizes=(4,)), 11)
    with pytest.raises(InputError, match="divides no rows"):
        batch.divided(replace(even, sizes=()), 11)


def test_rows_that_miss_a_value_leave_their_own_sequence_shorter() -> None:
    """Dropping a row moves no other one into another sequence."""
    rows = ROWS.split("\n")
    rows[1] = ",0.5"
    sequence = compute.sequence(replace(SEVERAL, numbers="a,b\n" + "\n".join(rows), fill="drop"))
    assert sequence.batch is not None
    assert sequence.batch.lengths.tolist() == [3, 5, 2]


def test_blank_lines_divide_what_is_typed() -> None:
    """A header is no step; a single block is one sequence."""
    assert batch.blocks("a,b\n1,2\n3,4\n\n5,6\n") == ("a,b\n1,2\n3,4\n5,6", (2, 1))
    assert batch.blocks("1,2\n3,4\n") is None


def saved(array: np.ndarray) -> bytes:
    """As np.save writes it."""
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def test_an_array_of_three_axes_is_a_batch_whichever_axis_comes_first() -> None:
    """Sequences first, or steps first if that is said; zeros at unequal ends are padding."""
    array = np.random.default_rng(1).normal(size=(3, 5, 2))
    found = batch.of_file(saved(array), "x.npy", {})
    assert found is not None
    np.testing.assert_array_equal(np.stack(found[0]), array)
    assert [option for option, _ in found[1].options] == ["batch", "time", "one"]
    turned = batch.of_file(saved(array), "x.npy", {"axes": "time"})
    assert turned is not None
    np.testing.assert_array_equal(np.stack(turned[0]), array.transpose(1, 0, 2))
    array[1, 3:] = 0
    padded = batch.of_file(saved(array), "x.npy", {})
    assert padded is not None
    assert [len(each) for each in padded[0]] == [5, 3, 5]
    assert "padding" in padded[3]
    ragged = batch.of_file(json.dumps([[[1, 2], [3, 4]], [[5, 6]]]).encode(), "x.json", {})
    assert ragged is not None
    assert [len(each) for each in ragged[0]] == [2, 1]
    assert batch.of_file(saved(array[0]), "x.npy", {}) is None
    assert batch.of_file(b"[[[", "x.json", {}) is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"window": 2}, "not cut into windows"),
        ({"readout": "step", "at": 4}, "sequence 3 has 2 steps"),
        ({"target": "1 0"}, "or 3: one for each sequence"),
    ],
)
def test_what_a_batch_cannot_do_is_said(changes: dict[str, Any], said: str) -> None:
    """Each with its mend."""
    with pytest.raises(InputError, match=said):
        inspected(replace(SEVERAL, **changes))


def test_a_batch_travels_in_a_link_and_comes_out_as_a_script() -> None:
    """The settings come back; the script prints the numbers of the sequence that is shown."""
    settings = replace(SEVERAL, member=2)
    again, problems = Settings().updated(settings.to_query())
    assert (again, problems) == (settings, ())
    assert bring.sendable(settings) == (settings, True)
    seen = inspected(settings)
    printed: list[str] = []
    names: dict[str, Any] = {"print": lambda *args: printed.append(" ".join(map(str, args)))}
    exec(export.script(seen, fresh=True).decode(), names)
    assert f"loss {seen.runs[0].loss!r}" in printed[0]
    assert f"{float(seen.runs[0].norms['h'][0])!r}" in printed[1]
    arrays = np.load(io.BytesIO(export.npz(seen)))
    assert arrays["batch.lengths"].tolist() == [4, 5, 2]


def test_the_doctor_looks_at_the_sequence_that_is_shown() -> None:
    """A sequence of numbers far too large is found when it is shown, and not while another one is."""
    rows = ROWS.split("\n")
    rows[4:9] = [f"{k}000,{-k}000" for k in (5, 9, 7, 8, 6)]
    ill = replace(SEVERAL, numbers="\n".join(rows))
    kinds = {
        member: [each.kind for each in doctor.findings(mending.cases(inspected(replace(ill, member=member))))]
        for member in (1, 2)
    }
    assert kinds[2][0] == "unscaled"
    assert "unscaled" not in kinds[1]


def test_a_single_sequence_is_run_as_before() -> None:
    """Nothing of a batch is there where none is asked for."""
    run = inspected(replace(SEVERAL, group="one", sizes=())).runs[0]
    assert run.whole is None
    assert isinstance(run.model, model.Model)


def test_another_sequence_can_be_chosen_on_the_page() -> None:
    """Above the figure, by its number and length; it stands in the link."""
    app = page_at("inspector", **SEVERAL.to_query()).run()
    assert not app.exception
    (member,) = (each for each in app.selectbox if each.label == "Sequence that is shown")
    assert member.options[2] == "Sequence 3 of 3: 2 steps"
    member.select(3).run()
    assert not app.exception
    assert app.session_state["inspector.settings"].member == 3
