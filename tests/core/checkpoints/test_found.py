"""What the card says of a file: which networks, how they were read, what can read and feed them, what is left."""

from __future__ import annotations

import io
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import checkpoints, lstm, rnn
from core.checkpoints import Checkpoint
from core.errors import InputError

FILES = Path(__file__).parent / "files"


def opened(file: str) -> Checkpoint:
    """A stored file, read."""
    return checkpoints.read((FILES / file).read_bytes(), file)


def npz(**arrays: Any) -> bytes:
    """An NPZ in memory."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def drawn(*shape: int) -> np.ndarray:
    """Some numbers of a shape."""
    return np.random.default_rng(sum(shape)).normal(size=shape)


FORMS = {
    "state.pt": "a PyTorch state dict",
    "legacy.pt": "a PyTorch state dict, in the format before 1.6",
    "checkpoint.pt": "a PyTorch checkpoint",
    "lightning.ckpt": "a Lightning checkpoint",
    "whole.pt": "a whole PyTorch model",
    "script.pt": "a TorchScript archive",
    "state.safetensors": "a safetensors file",
}


@pytest.mark.parametrize("file", FORMS)
def test_the_form_of_a_file_is_named(file: str) -> None:
    """Each format that PyTorch's users write is told from the bytes."""
    assert opened(file).form == FORMS[file]


def test_a_state_dict_is_read_by_its_names() -> None:
    """Kind, sizes, gate order and its source, biases and the read-out, with nothing left over."""
    found = opened("state.pt")
    (network,) = found.recurrent
    assert (network.name, network.kind, network.D, network.H, network.depth, network.directions) == (
        "rnn", "lstm", 3, 4, 1, 1,
    )  # fmt: skip
    assert network.gate_order == "i, f, g, o"
    assert "weight_hh" in network.order_from
    assert network.evidence == "'rnn.weight_hh_l0' is 16 by 4. Four blocks of 4 rows: an LSTM."
    assert (network.biases, network.asks_order, found.dtype) == ("two", False, "float64")
    (head,) = found.readouts
    assert (head.name, head.W_y.shape, head.has_bias, dict(head.reads)) == ("head", (4, 2), True, {"rnn": "H"})
    assert not found.others
    assert (found.tensors, found.numbers) == (6, 154)


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize("end", ["pt", "safetensors"])
def test_the_stored_type_is_named(dtype: str, end: str) -> None:
    """Halves are read exactly and called what they are."""
    assert opened(f"{dtype}.{end}").dtype == dtype


@pytest.mark.parametrize(("file", "word"), [("dataparallel.pth", "DataParallel"), ("compiled.pt", "torch.compile")])
def test_wrappers_are_taken_off_and_said(file: str, word: str) -> None:
    """What wraps a network does not become part of its name."""
    found = opened(file)
    assert found.recurrent[0].name == "rnn"
    assert word in found.notes[0]


def test_a_checkpoint_with_an_optimiser_gives_the_model_and_its_words() -> None:
    """The optimiser is left aside, and the vocabulary goes to the table with as many rows."""
    found = opened("checkpoint.pt")
    assert [network.kind for network in found.recurrent] == ["gru"]
    (table,) = found.embeddings
    assert (table.words, table.words_from) == (("<pad>", "the", "film", "was", "not", "good"), "word2idx")
    assert table.feeds == ("gru",)
    assert [head.name for head in found.readouts] == ["fc.0"]
    assert any("optimiser" in note for note in found.notes)


def test_the_activation_is_known_only_where_the_file_has_it() -> None:
    """A whole module says ReLU, its state dict says nothing, an LSTM needs none."""
    assert opened("whole.pt").recurrent[0].activation == "relu"
    assert opened("rnn.pt").recurrent[0].activation is None
    assert opened("state.pt").recurrent[0].activation == "tanh"


def test_two_networks_keep_their_own_arrays() -> None:
    """A decoder without a bias does not get the encoder's."""
    encoder, decoder = opened("two.pt").recurrent
    assert (encoder.name, encoder.biases, decoder.name, decoder.biases) == ("encoder", "two", "decoder", "none")
    assert encoder.layers[0].bias_ih.any()
    assert not decoder.layers[0].bias_ih.any()


def test_layers_and_directions_are_counted() -> None:
    """Two layers both ways: four parts, and a read-out of the two directions side by side."""
    found = opened("stacked.pt")
    (network,) = found.recurrent
    assert [layer.title for layer in network.layers] == [
        "layer 0", "layer 0, backward", "layer 1", "layer 1, backward",
    ]  # fmt: skip
    assert network.width == 8
    assert dict(found.readouts[0].reads) == {"rnn": "2H"}


def test_cells_are_layers_of_their_own() -> None:
    """LSTMCell, GRUCell and RNNCell have the same names without a layer's number."""
    assert [(n.name, n.kind) for n in opened("cells.pt").recurrent] == [
        ("lstm", "lstm"),
        ("gru", "gru"),
        ("rnn", "rnn"),
    ]


def test_linear_layers_after_the_read_out_are_named() -> None:
    """A head of two steps says what its first step feeds."""
    (head,) = opened("deep.pt").readouts
    assert (head.name, head.then) == ("head.0", ("head.2",))


def test_what_cannot_be_shown_is_named() -> None:
    """A projection and a normalised weight are called by their names, with the mend."""
    assert "proj_size" in opened("projected.pt").recurrent[0].problem
    assert "remove_parametrizations" in opened("normed.pt").recurrent[0].problem


def test_names_of_no_library_are_guessed_and_said() -> None:
    """Shapes tell the kind, not the order of the gates: that is asked, and the guess is noted."""
    (network,) = opened("custom.pt").recurrent
    assert (network.kind, network.asks_order) == ("lstm", True)
    assert "guessed" in network.order_from
    assert network.notes
    (tutorial,) = opened("tutorial.pt").recurrent
    assert (tutorial.kind, tutorial.D, tutorial.H, tutorial.activation) == ("rnn", 3, 4, None)


REFUSED = {
    "transformer.pt": "Transformer",
    "optimiser.pt": "holds no weights",
    "unnamed.pt": "without names",
    "quantised.pt": "quantised",
}


@pytest.mark.parametrize("file", REFUSED)
def test_a_file_without_a_recurrent_layer_says_what_it_holds(file: str) -> None:
    """What was found instead, and what to bring."""
    with pytest.raises(InputError, match=REFUSED[file]) as caught:
        opened(file)
    assert str(caught.value).rstrip(".").count(". ") >= 1, "no mend"


@pytest.mark.parametrize("file", ["keras.weights.h5", "keras.keras", "keras-legacy.h5"])
def test_keras_files_give_layer_and_read_out(file: str) -> None:
    """All three forms that Keras writes; a configuration says what follows the read-out."""
    pytest.importorskip("h5py")
    found = opened(file)
    assert (found.recurrent[0].kind, found.recurrent[0].biases) == ("lstm", "one")
    assert "Keras" in found.recurrent[0].order_from
    assert found.readouts[0].follows == ("" if file == "keras.weights.h5" else "sigmoid")


def test_keras_layers_keep_what_they_are() -> None:
    """Both directions, the two forms of the GRU, an RNN's activation, a cell in an RNN, each under its own name."""
    pytest.importorskip("h5py")
    networks = {network.name: network for network in opened("keras-stacked.keras").recurrent}
    assert set(networks) == {"both", "gated", "before", "simple", "of_a_cell"}
    assert networks["both"].directions == 2
    assert [networks[name].layers[0].reset_after for name in ("gated", "before")] == [True, False]
    assert networks["simple"].activation == "relu"
    assert networks["of_a_cell"].kind == "lstm"
    text = opened("keras-text.keras")
    assert (text.embeddings[0].name, text.readouts[0].follows) == ("embedding", "softmax")


def test_without_h5py_the_sentence_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the extra is missing, one command is named."""
    monkeypatch.setattr("subprocess.run", lambda *_, **__: type("Done", (), {"returncode": 3, "stdout": b""})())
    with pytest.raises(InputError, match="pip install h5py"):
        opened("keras.weights.h5")


TORCH = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
LAYER = rnn.to_torch(rnn.init(3, 2, rng=np.random.default_rng(0)))
NAMES = {
    "torch_": {f"encoder_{name}_l0": array for name, array in zip(TORCH, LAYER, strict=True)},
    "ours": {"W_x": drawn(3, 8), "W_h": drawn(2, 8), "b": drawn(8), "W_y": drawn(2, 1), "b_y": drawn(1)},
    "ours_": {"lstm_W_x": drawn(3, 8), "lstm_W_h": drawn(2, 8), "lstm_b": drawn(8)},
    "slashes": {"a/lstm/kernel": drawn(3, 8), "a/lstm/recurrent_kernel": drawn(2, 8), "a/lstm/bias": drawn(8)},
    "karpathy": {"Wxh": drawn(2, 3), "Whh": drawn(2, 2), "Why": drawn(3, 2), "bh": drawn(2, 1), "by": drawn(3, 1)},
    "d2l": {"W_xh": drawn(3, 2), "W_hh": drawn(2, 2), "b_h": drawn(2), "W_hq": drawn(2, 4), "b_q": drawn(4)},
    "mxnet": {"lstm0_l0_i2h_weight": drawn(8, 3), "lstm0_l0_h2h_weight": drawn(8, 2), "lstm0_l0_i2h_bias": drawn(8)},
    "gates": {f"W_{g}": drawn(2, 5) for g in "fico"} | {f"b_{g}": drawn(2) for g in "fico"},
    "apart": {f"W_{s}{g}": drawn(D, 2) for s, D in (("x", 3), ("h", 2)) for g in "ifoc"},
    "i2h": {"i2h.weight": drawn(2, 5), "i2h.bias": drawn(2)},
    "mlx": {"Wx": drawn(8, 3), "Wh": drawn(8, 2), "bias": drawn(8)},
    "linear": {"cell.x2h.weight": drawn(8, 3), "cell.h2h.weight": drawn(8, 2), "cell.x2h.bias": drawn(8)},
}  # fmt: skip


@pytest.mark.parametrize("case", NAMES)
def test_arrays_of_many_namings_are_recognised(case: str) -> None:
    """Three inputs and two units each, whoever named them; in NPZ, JSON and safetensors alike."""
    arrays = NAMES[case]
    listed = json.dumps({name: array.tolist() for name, array in arrays.items()}).encode()
    for content, file in ((npz(**arrays), "a.npz"), (listed, "a.json"), (safetensors(arrays), "a.safetensors")):
        (network,) = checkpoints.read(content, file).recurrent
        assert (network.D, network.H, network.problem) == (3, 2, "")


def safetensors(arrays: dict[str, np.ndarray]) -> bytes:
    """A safetensors file by its description: the header's length, the header, the numbers."""
    header, place = {}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": "F64", "shape": list(array.shape), "data_offsets": [place, place + array.nbytes]}
        place += array.nbytes
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + b"".join(np.ascontiguousarray(a).tobytes() for a in arrays.values())


def test_our_own_arrays_come_back_as_they_are() -> None:
    """W_x, W_h and b in the house order become the same parameters again, with their read-out."""
    params = lstm.init(3, 2, rng=np.random.default_rng(5))
    W_y, b_y = drawn(2, 1), drawn(1)
    named = {"lstm.W_x": params.W_x, "lstm.W_h": params.W_h, "lstm.b": params.b, "lstm.W_y": W_y, "lstm.b_y": b_y}
    found = checkpoints.read(npz(**named), "own.npz")
    again = found.recurrent[0].layers[0].params()
    for name in ("W_x", "W_h", "b"):
        np.testing.assert_array_equal(getattr(again, name), getattr(params, name))
    np.testing.assert_array_equal(found.readouts[0].W_y, W_y)
    np.testing.assert_array_equal(found.readouts[0].b_y, b_y)


def test_numbers_that_are_not_finite_are_said() -> None:
    """A network whose training diverged is found and refused by name."""
    arrays = NAMES["ours"] | {"W_h": np.full((2, 8), np.nan)}
    (network,) = checkpoints.read(npz(**arrays), "a.npz").recurrent
    assert "diverged" in network.problem


def test_many_units_are_refused_by_their_number() -> None:
    """256 units are taken, 257 are not."""
    for H, wrong in ((256, False), (257, True)):
        arrays = {"weight_ih_l0": np.zeros((H, 1)), "weight_hh_l0": np.zeros((H, H))}
        (network,) = checkpoints.read(npz(**arrays), "a.npz").recurrent
        assert bool(network.problem) == wrong
