"""Layers of other libraries and of learners' own: gates with arrays of their own, biases found or said to be unused."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core import checkpoints, layer
from core.checkpoints import Checkpoint, Recurrent
from core.checkpoints.records import Module, Stored
from core.checkpoints.understood import understood
from core.errors import InputError
from core.params import Array

FILES = Path(__file__).parent / "files"
H, T = 3, 4


def drawn(*shape: int) -> Array:
    """Some numbers of a shape."""
    return np.random.default_rng(sum(shape)).normal(size=shape)


def read(arrays: dict[str, Array]) -> Checkpoint:
    """What an NPZ of these is understood as."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return checkpoints.read(buffer.getvalue(), "own.npz")


def output(network: Recurrent, x: Array) -> Array:
    """What a network of one layer makes of x (T, 1, D)."""
    return layer.forward(network.layers[0].params(), x).h[1:]


def sigmoid(a: Array) -> Array:
    """1 / (1 + e^-a)."""
    return 1 / (1 + np.exp(-a))


NAMES = {  # input's weights, state's weights, input's biases, state's biases; whether inputs lie along the rows
    "the textbook's": ("W_x{}", "W_h{}", "b_{}", "", True),
    "PyTorch's manual": ("W_i{}", "W_h{}", "b_i{}", "b_h{}", False),
    "linear layers": ("W_x{}.weight", "W_h{}.weight", "W_x{}.bias", "W_h{}.bias", False),
    "linear layers, one bias": ("W_{}.weight", "U_{}.weight", "W_{}.bias", "", False),
    "W, U and b": ("W_{}", "U_{}", "b_{}", "", True),
    "Flax's": ("cell/i{}/kernel", "cell/h{}/kernel", "", "cell/h{}/bias", True),
}


@pytest.mark.parametrize("D", [2, H])
@pytest.mark.parametrize("whose", NAMES)
def test_an_lstm_with_arrays_for_each_gate_keeps_its_biases(whose: str, D: int) -> None:
    """Weights and every bias go to their gates, whoever named them, where both arrays are square as well."""
    *names, by_rows = NAMES[whose]
    arrays = {
        kind: {gate: drawn(*shape) * (k + 1) for k, gate in enumerate("ifgo")}
        for kind, shape in zip(("W_x", "W_h", "b_x", "b_h"), ((D, H), (H, H), (H,), (H,)), strict=True)
    }
    stored = {
        name.format(gate): array.T if array.ndim == 2 and not by_rows else array
        for name, held in zip(names, arrays.values(), strict=True) if name
        for gate, array in held.items()
    }  # fmt: skip
    x, h, c, states = drawn(T, 1, D), np.zeros((1, H)), np.zeros((1, H)), []
    for step in x:
        a = {
            g: step @ arrays["W_x"][g] + h @ arrays["W_h"][g]
            + sum(arrays[b][g] for b, name in zip(("b_x", "b_h"), names[2:], strict=True) if name)
            for g in "ifgo"
        }  # fmt: skip
        c = sigmoid(a["f"]) * c + sigmoid(a["i"]) * np.tanh(a["g"])
        h = sigmoid(a["o"]) * np.tanh(c)
        states.append(h)
    (network,) = read(stored).recurrent
    if whose == "PyTorch's manual" and D == H:  # nothing tells which way round these lie
        assert "which way round" in network.notes[0]
    else:
        np.testing.assert_allclose(output(network, x), np.array(states), rtol=0, atol=1e-12)


@pytest.mark.parametrize("after", [True, False])
def test_a_gru_with_arrays_for_each_gate_says_which_of_two_forms_it_is_read_as(after: bool) -> None:
    """A bias at the state's weights means the reset comes after the product; without one it comes before. Both said."""
    W, U, b, u = (
        {gate: drawn(*shape) * (k + 1) for k, gate in enumerate("rzn")} for shape in ((2, H), (H, H), (H,), (H,))
    )
    stored = {f"i{g}.kernel": W[g] for g in "rzn"} | {f"h{g}.kernel": U[g] for g in "rzn"}
    stored |= {f"i{g}.bias": b[g] for g in "rzn"} | ({"hn.bias": u["n"]} if after else {})
    x, h, states = drawn(T, 1, 2), np.zeros((1, H)), []
    for step in x:
        r, z = (sigmoid(step @ W[g] + h @ U[g] + b[g]) for g in "rz")
        inner = r * (h @ U["n"] + u["n"]) if after else (r * h) @ U["n"]
        h = (1 - z) * np.tanh(step @ W["n"] + b["n"] + inner) + z * h
        states.append(h)
    (network,) = read(stored).recurrent
    np.testing.assert_allclose(output(network, x), np.array(states), rtol=0, atol=1e-12)
    assert ("read as after" if after else "read as before") in network.notes[0]


@pytest.mark.parametrize(
    ("stored", "kind", "biases"),
    [
        ({"weight_ih": (12, 2), "weight_hh": (12, 3), "bias": (12,)}, "lstm", "one"),
        ({"cell.weight_ih": (9, 2), "cell.weight_hh": (9, 3), "cell.bias": (9,), "cell.bias_n": (3,)}, "gru", "two"),
        ({"Wx": (9, 2), "Wh": (9, 3), "b": (9,), "bhn": (3,)}, "gru", "two"),
        ({"Wax": (3, 2), "Waa": (3, 3), "ba": (3, 1), "Wya": (2, 3), "by": (2, 1)}, "rnn", "one"),
        ({"U": (3, 2), "W": (3, 3), "b": (3,), "V": (2, 3), "c": (2,)}, "rnn", "one"),
    ],
    ids=["Equinox's LSTM", "Equinox's GRU", "MLX's GRU", "a course's RNN", "a tutorial's RNN"],
)
def test_biases_of_other_names_are_read(stored: dict[str, tuple[int, ...]], kind: str, biases: str) -> None:
    """No bias of a layer, or of the read-out beside it, is left aside."""
    found = read({name: drawn(*shape) for name, shape in stored.items()})
    (network,) = found.recurrent
    assert (network.kind, network.biases, network.problem, found.others) == (kind, biases, "", ())
    assert all(readout.has_bias for readout in found.readouts)


LSTM = {"lstm.weight_ih": (12, 2), "lstm.weight_hh": (12, 3)}


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ({"lstm.W_ci": (3,), "lstm.W_cf": (3,)}, "peepholes, 'lstm.W_ci'"),
        ({"lstm.layer_norm_h.weight": (12,)}, "normalises within its step ('lstm.layer_norm_h.weight')"),
    ],
)
def test_a_step_of_another_kind_is_refused(beside: dict[str, tuple[int, ...]], said: str) -> None:
    """Peepholes and norms within the step would change every number: the network is named and not run."""
    (network,) = read({name: drawn(*shape) for name, shape in (LSTM | beside).items()}).recurrent
    assert said in network.problem
    assert network.problem.endswith("Train an LSTM without that.")


@pytest.mark.parametrize(
    ("beside", "call"),
    [
        ({"lstm.weight_hh_l0_orig": (12, 3), "lstm.weight_hh_l0_mask": (12, 3)}, "prune.remove"),
        ({"lstm.weight_hh_l0_g": (12, 1), "lstm.weight_hh_l0_v": (12, 3)}, "remove_weight_norm"),
        ({"lstm.weight_ih_l0": (12, 2), "lstm.weight_hh_l0": (12, 3), "lstm.lora_A": (2, 2)}, "merge_and_unload"),
    ],
)
def test_weights_in_parts_name_the_call_that_joins_them(beside: dict[str, tuple[int, ...]], call: str) -> None:
    """Pruned, normed and adapted weights are not run by halves; each names what puts it together."""
    (network,) = read({name: drawn(*shape) for name, shape in beside.items()}).recurrent
    assert call in network.problem


@pytest.mark.parametrize("listed", [True, False])
def test_json_with_shapes_beside_the_numbers_is_read(listed: bool) -> None:
    """Numbers in a row with their shape, by name or in a list of named entries, are the arrays they were."""
    arrays = {name: drawn(*shape) for name, shape in LSTM.items()}
    entries = {name: {"shape": list(array.shape), "data": array.ravel().tolist()} for name, array in arrays.items()}
    content = json.dumps([{"name": name, **entry} for name, entry in entries.items()] if listed else entries)
    (network,) = checkpoints.read(content.encode(), "own.json").recurrent
    np.testing.assert_array_equal(network.layers[0].weight_hh, arrays["lstm.weight_hh"])


def test_a_norm_behind_the_layer_does_not_matter() -> None:
    """What lies beside the layer, not within it, leaves it as it is."""
    (network,) = read({name: drawn(*shape) for name, shape in (LSTM | {"norm.weight": (3,)}).items()}).recurrent
    assert not network.problem


def test_a_bias_that_is_not_used_is_said() -> None:
    """A bias of an unknown place is no reason to refuse, but never left out silently."""
    (network,) = read({name: drawn(*shape) for name, shape in (LSTM | {"lstm.bias_gates": (12,)}).items()}).recurrent
    assert network.notes == ("'lstm.bias_gates' lies beside its weights and is not used.",)


def keras(module: Module, *, both: bool = False, blocks: int = 4, bias: bool = True) -> Any:
    """The network of a Keras file with one layer of these settings."""
    parts = ("forward_lstm/", "backward_lstm/") if both else ("",)
    tensors = {}
    for part in parts:
        tensors |= {f"a/{part}kernel": drawn(2, blocks * H), f"a/{part}recurrent_kernel": drawn(H, blocks * H)}
        tensors |= {f"a/{part}bias": drawn(blocks * H)} if bias else {}
    (network,) = understood(Stored("a Keras model", "Keras", tensors, {"a": module}), "a.keras").recurrent
    return network


@pytest.mark.parametrize(
    ("network", "said"),
    [
        (keras(Module("LSTM", {"go_backwards": True})), "from its end (go_backwards)"),
        (keras(Module("Bidirectional", {"merge_mode": "sum"}), both=True), "put together by sum"),
        (keras(Module("SimpleRNN", {"activation": "elu"}), blocks=1), "Its activation is elu"),
        (keras(Module("LSTM", {"recurrent_activation": "hard_sigmoid"})), "Its recurrent activation is hard_sigmoid"),
        (keras(Module("Bidirectional", {"merge_mode": "concat", "go_backwards": False}), both=True), ""),
        (keras(Module("SimpleRNN", {"activation": "relu"}), blocks=1), ""),
    ],
    ids=["backwards", "summed", "elu", "hard sigmoid", "side by side", "relu"],
)
def test_settings_that_change_the_numbers_are_refused(network: Any, said: str) -> None:
    """A layer whose settings are not run here is named with the mend, not run as if it had the usual ones."""
    assert said in network.problem
    assert bool(said) == bool(network.problem)


@pytest.mark.parametrize("after", [True, False])
def test_a_gru_without_bias_is_read_as_its_settings_say(after: bool) -> None:
    """Without a bias the arrays do not tell where the reset gate acts; the settings do, else it is Keras's own."""
    (only,) = keras(Module("GRU", {"reset_after": after}), blocks=3, bias=False).layers
    assert only.reset_after is after
    assert keras(Module("GRU"), blocks=3, bias=False).layers[0].reset_after


def test_attention_is_no_read_out() -> None:
    """What feeds an attention has the width of a read-out and is none; the head behind it is taken."""
    attention = {"attn.in_proj_weight": (9, 3), "attn.out_proj.weight": (3, 3), "fc.weight": (2, 3)}
    found = read({name: drawn(*shape) for name, shape in (LSTM | attention).items()})
    assert [readout.name for readout in found.readouts] == ["fc"]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("quantised-whole.pt", "Its layers are quantised (packed in whole numbers), which is not read."),
        ("quantised.pt", "Save the model as it was before it was quantised."),
    ],
)
def test_quantised_layers_are_named(file: str, said: str) -> None:
    """A model that was quantised says so and how to save another."""
    with pytest.raises(InputError) as wrong:
        checkpoints.read((FILES / file).read_bytes(), file)
    assert said in str(wrong.value)


def test_an_optimiser_alone_is_named() -> None:
    """The state dict of an optimiser is told from one of a network."""
    with pytest.raises(InputError, match="the state of an optimiser alone"):
        read({"0.step": drawn(1), "0.exp_avg": drawn(12, 2), "0.exp_avg_sq": drawn(12, 2)})
