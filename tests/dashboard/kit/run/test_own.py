"""A learner's own network on the learner's own sequence: what is chosen of a file, what it is fed, what it says."""

from __future__ import annotations

import ast
import io
import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import checkpoints
from core.checkpoints import Checkpoint
from core.errors import InputError
from core.gru import GRUParams
from dashboard.inspector import export, view
from dashboard.kit.run import compute, own
from dashboard.kit.run.compute import Inspection
from dashboard.kit.run.own import Choice
from dashboard.kit.run.settings import Settings

FILES = Path(__file__).parents[3] / "core" / "checkpoints" / "files"
with np.load(FILES.parent / "expected.npz") as _stored:
    EXPECTED = dict(_stored)


def opened(file: str) -> Checkpoint:
    """A stored file, read."""
    return checkpoints.read((FILES / file).read_bytes(), file)


def shown(found: Checkpoint, choice: Choice, **changes: Any) -> Inspection:
    """What the Inspector computes with a layer of a file."""
    taken = own.take(found, choice)
    settings = replace(Settings(cell=taken.kind), **changes)
    sequence = compute.sequence(settings, taken)
    return compute.inspect(settings, sequence, compute.start(settings, sequence, {taken.kind: taken}))


def numbers(x: np.ndarray) -> str:
    """A sequence (T, 1, D) as a learner types it."""
    return "\n".join(", ".join(repr(float(v)) for v in row) for row in x[:, 0])


def test_the_upper_layer_with_its_read_out_comes_first() -> None:
    """Of two layers both ways: the upper one, forward, with the read-out of both directions and all layers."""
    found = opened("stacked.pt")
    choice = own.first(found)
    taken = own.take(found, choice)
    assert found.recurrent[0].layers[choice.layer].title == "layer 1"
    assert taken.W_y is not None
    np.testing.assert_array_equal(taken.W_y, found.readouts[0].W_y)
    assert taken.stack is not None
    assert [len(cells) for cells in taken.stack.layers] == [2, 2]


@pytest.mark.parametrize(("layer", "columns"), [(2, slice(0, 4)), (3, slice(4, 8))])
def test_a_layer_of_a_stack_has_the_states_that_pytorch_gives_it(layer: int, columns: slice) -> None:
    """Each direction of the upper layer has PyTorch's output, in the order of the sequence."""
    found = opened("stacked.pt")
    x, y = EXPECTED["stacked.pt|rnn|x"], EXPECTED["stacked.pt|rnn|y"]
    seen = shown(
        found, replace(own.first(found), layer=layer), source="numbers", numbers=numbers(x), loss="mse", readout="final"
    )
    np.testing.assert_allclose(seen.runs[0].trace.cell.h[1:], y[:, :, columns], rtol=0, atol=1e-12)
    assert seen.runs[0].check < 1e-5


def test_a_backward_part_stands_in_the_order_of_the_sequence() -> None:
    """What it read first, the last word, stands last; the first step, which it read last, has the largest gradient."""
    found = opened("stacked.pt")
    seen = shown(found, replace(own.first(found), layer=3), text="one two three", readout="final")
    run = seen.runs[0]
    assert seen.labels == ("one", "two", "three")
    assert run.whole is not None
    backward = run.whole.own
    np.testing.assert_array_equal(run.trace.cell.h[1:], backward.cell.h[:0:-1])
    np.testing.assert_array_equal(run.norms["h"], run.whole.norms[1][1])
    assert run.norms["h"][0] > run.norms["h"][2]


def test_at_the_last_step_the_backward_part_has_read_one_step() -> None:
    """With output[-1] as the read-out only that step of it can move the loss, and the figure says so."""
    found = opened("stacked.pt")
    seen = shown(found, replace(own.first(found), layer=3), text="one two three")
    assert seen.labels == ("three",)
    assert "only step 3 counts" in str(view.inspector(seen)["finding"])


def test_own_word_vectors_and_words_are_used() -> None:
    """A text model reads its own table, by its own words; a word that it does not have is named."""
    taken = own.take(opened("cells.pt"), Choice(0, 0))
    table = opened("checkpoint.pt").embeddings[0]
    taken = replace(taken, table=table)
    settings = Settings(cell="lstm", text="the film was not Good")
    sequence = compute.sequence(settings, taken)
    np.testing.assert_array_equal(sequence.x[:, 0], table.table[[1, 2, 3, 4, 5]])
    assert sequence.labels == ("the", "film", "was", "not", "good")
    with pytest.raises(InputError, match="“pizza” is none of them"):
        compute.sequence(replace(settings, text="the pizza"), taken)


def test_an_unknown_word_is_shown_as_what_it_is_read_as() -> None:
    """A vocabulary with a place for unknown words reads them there, and the figure's label says so."""
    found = opened("text.pt")
    taken = own.take(found, own.first(found))
    sequence = compute.sequence(Settings(cell="lstm", text="the pizza"), taken)
    assert sequence.labels == ("the", "<unk>")
    assert sequence.as_read


def test_a_table_without_words_is_read_by_its_rows() -> None:
    """It is taken only when it is chosen. Numbers name the rows; a word, or a row that is not there, is refused."""
    found = opened("text.pt")
    assert own.first(found).embedding == 0
    table = replace(found.embeddings[0], words=())
    assert own.first(replace(found, embeddings=(table,))).embedding == own.NONE
    np.testing.assert_array_equal(own.vectors(table, ["2", "0"])[0][:, 0], table.table[[2, 0]])
    for wrong in ("film", "6", "²"):
        with pytest.raises(InputError, match="no words beside it"):
            own.vectors(table, ["0", wrong])


def test_a_vocabulary_of_characters_splits_the_sentence() -> None:
    """A network that reads characters is given each of them, the space too."""
    table = replace(opened("checkpoint.pt").embeddings[0], words=("<pad>", "a", "b", " ", "c", "d"))
    taken = replace(own.take(opened("cells.pt"), Choice(0, 0)), table=table)
    assert compute.sequence(Settings(text="ab c"), taken).labels == ("a", "b", " ", "c")


def test_each_of_two_models_takes_its_own_head() -> None:
    """Of a model and its running average each shows the read-out and the words that lie with it."""
    lstm = {"rnn.weight_ih_l0": np.zeros((12, 2)), "rnn.weight_hh_l0": np.zeros((12, 3)), "fc.weight": np.ones((2, 3))}
    buffer = io.BytesIO()
    np.savez(buffer, **lstm, **{f"ema.{name}": array for name, array in lstm.items()})
    found = checkpoints.read(buffer.getvalue(), "averaged.npz")
    taken = [found.readouts[own.of_network(found, k).readout].name for k in range(2)]
    assert taken == ["fc", "ema.fc"]


def test_columns_that_do_not_fit_are_said_with_both_numbers() -> None:
    """Data of another width names what the network reads, below the layer that is shown too."""
    for file in ("state.pt", "stacked.pt"):
        found = opened(file)
        with pytest.raises(InputError, match="has 2 numbers a step, and your own network reads 3"):
            shown(found, own.first(found), source="numbers")


def test_a_long_sequence_of_many_units_is_refused_by_its_number() -> None:
    """What is computed is bounded over all layers: two of 256 units go with 500 steps."""
    big = {"weight_ih_l0": np.zeros((256, 3)), "weight_hh_l0": np.zeros((256, 256))}
    big |= {"weight_ih_l1": np.zeros((256, 256)), "weight_hh_l1": np.zeros((256, 256))}
    buffer = io.BytesIO()
    np.savez(buffer, **big)
    found = checkpoints.read(buffer.getvalue(), "big.npz")
    taken = own.take(found, own.first(found))
    with pytest.raises(InputError, match="at most 500 steps"):
        compute.sequence(Settings(text="word " * 501), taken)
    assert compute.sequence(Settings(text="word " * 500), taken).T == 500


def test_jacobians_of_many_units_are_left_out_and_said() -> None:
    """What would take a minute is not begun; the figure's foot says so, and the exports are without it."""
    arrays = {"weight_ih_l0": np.zeros((1024, 3)), "weight_hh_l0": np.zeros((1024, 256))}
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    found = checkpoints.read(buffer.getvalue(), "big.npz")
    seen = shown(found, own.first(found), text="a b c d e f")
    assert not seen.runs[0].has_spectrum
    assert any("left out" in str(line) for line in view.foot(seen))
    assert "jacobian_sigma_max" not in export.summaries(seen.runs[0])
    few = shown(found, own.first(found), text="a b")
    assert few.runs[0].has_spectrum


def test_several_outputs_are_scored_by_any_loss() -> None:
    """A read-out of two gives two probabilities, two numbers or two classes."""
    found = opened("state.pt")
    for loss in ("softmax", "mse", "bce"):
        seen = shown(found, own.first(found), loss=loss)
        assert seen.runs[0].trace.y_hat.shape == (1, 1, 2)
        assert seen.runs[0].check < 1e-5


@pytest.mark.parametrize("write", [export.npz, export.as_json])
def test_an_export_loads_again(write: Any) -> None:
    """NPZ and JSON of the Inspector give the same networks, bit for bit, with their read-outs, and the same numbers."""
    settings = Settings(H=3, text="I grew up in France")
    sequence = compute.sequence(settings)
    first = compute.inspect(settings, sequence, compute.start(settings, sequence))
    found = checkpoints.read(write(first), "unrolled")
    assert {network.name for network in found.recurrent} == {"rnn", "lstm"}
    taken = {found.recurrent[k].kind: own.take(found, own.of_network(found, k)) for k in own.usable(found)}
    again = compute.inspect(settings, sequence, compute.start(settings, sequence, taken))
    for one, other in zip(first.runs, again.runs, strict=True):
        for part in ("W_x", "W_h", "b"):
            np.testing.assert_array_equal(getattr(one.model.cell, part), getattr(other.model.cell, part))
        assert one.trace.loss == other.trace.loss


@pytest.mark.parametrize("biases", [12, 9])
@pytest.mark.parametrize("write", [export.npz, export.as_json])
def test_an_exported_gru_loads_again(write: Any, biases: int) -> None:
    """In either form: with the reset after the product (four blocks of biases) and before it (three)."""
    settings = Settings(cell="gru", H=3, text="I grew up in France")
    sequence = compute.sequence(settings)
    fresh = compute.start(settings, sequence)["gru"]
    cell = GRUParams(fresh.cell.W_x, fresh.cell.W_h, fresh.cell.b[:biases])
    first = compute.inspect(settings, sequence, {"gru": replace(fresh, cell=cell)})
    found = checkpoints.read(write(first), "unrolled")
    taken = own.take(found, own.first(found))
    np.testing.assert_array_equal(taken.cell.b, cell.b)
    again = compute.inspect(settings, sequence, compute.start(settings, sequence, {"gru": taken}))
    assert again.runs[0].loss == first.runs[0].loss


@pytest.mark.parametrize("layer", [0, 3])
def test_the_script_of_an_own_network_prints_its_numbers(layer: int, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole stack stands in the exported script, so it prints the same loss, states and gradients.

    To the last digits: on some machines the order in which a product is summed depends on how its rows lie in memory.
    """
    found = opened("stacked.pt")
    seen = shown(found, replace(own.first(found), layer=layer), loss="softmax", O=2, readout="final")
    source = export.script(seen, fresh=False).decode()
    exec(compile(source, "script", "exec"), {})
    printed, run = capsys.readouterr().out, seen.runs[0]
    close = partial(pytest.approx, rel=1e-12, abs=1e-15)
    assert [float(said) for said in re.findall(r"loss ([^ ,]+)", printed)] == close([run.loss])
    assert [float(said) for said in re.findall(r"\|dL/dh\| (\S+)", printed)] == close(run.norms["h"].tolist())
    states = [ast.literal_eval(said) for said in re.findall(r"\bh (\[.*?\])", printed)]
    np.testing.assert_allclose(states, run.trace.cell.h[1:, 0], rtol=1e-12, atol=1e-15)


def test_what_cannot_be_shown_says_why() -> None:
    """A projection is named where a layer is asked for."""
    with pytest.raises(InputError, match="proj_size"):
        own.first(opened("projected.pt"))


@pytest.mark.parametrize(
    "file", sorted(path.name for path in FILES.iterdir() if not path.name.endswith((".h5", ".keras")))
)
def test_every_layer_of_every_file_runs(file: str) -> None:
    """Whatever can be chosen on the card is computed, with a gradient that holds."""
    try:
        found = opened(file)
    except InputError:
        return
    for place in own.usable(found):
        network = found.recurrent[place]
        for layer in range(len(network.layers)):
            choice = replace(own.of_network(found, place), layer=layer)
            words = found.embeddings[choice.embedding].words if choice.embedding != own.NONE else ()
            seen = shown(found, choice, text=" ".join(words[1:4]) or "1 2 3", loss="mse")
            assert seen.runs[0].check < 1e-4
