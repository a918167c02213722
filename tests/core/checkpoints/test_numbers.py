"""What is read from a file, run in `core`, is what the library that wrote it computes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core import checkpoints, layer
from core.checkpoints import Layer, Recurrent
from core.params import Array

FILES = Path(__file__).parent / "files"
with np.load(Path(__file__).parent / "expected.npz") as _stored:
    EXPECTED = dict(_stored)
SAME = {  # files that hold the numbers of another, in another form
    "state": ["state.pt", "legacy.pt", "dataparallel.pth", "compiled.pt", "protocol4.pt", "pickled.pkl", "views.pt",
              "float32.pt", "float16.pt", "bfloat16.pt", "state.safetensors", "float32.safetensors",
              "float16.safetensors", "bfloat16.safetensors"],
    "whole": ["whole.pt", "whole-legacy.pt", "rnn.pt"],
    "keras": ["keras.weights.h5", "keras.keras", "keras-legacy.h5"],
    "keras-stacked": ["keras-stacked.keras", "keras-stacked-legacy.h5"],
}  # fmt: skip
THROUGH_FLOAT32 = {"before", "simple", "of_a_cell"}
"""Layers that Keras 3.15 on PyTorch runs by its general loop, which multiplies in float32 whatever it is set to."""
CASES = [
    (file, stem, name)
    for stem, name in dict.fromkeys(tuple(key.split("|")[:2]) for key in EXPECTED)
    for file in SAME.get(stem.removesuffix(".pt"), [stem])
]


def states(each: Layer, x: Array, activation: str) -> Array:
    """What one layer in one direction makes of x, in the order of x."""
    h = layer.forward(each.params(), x[::-1] if each.backward else x, activation=activation).h[1:]
    return h[::-1] if each.backward else h


def output(network: Recurrent, x: Array, activation: str) -> Array:
    """What a whole network makes of x: each layer reads what those below gave, side by side."""
    for index in range(network.depth):
        x = np.concatenate([states(each, x, activation) for each in network.layers if each.index == index], axis=2)
    return x


@pytest.mark.parametrize(("file", "stem", "name"), CASES)
def test_a_network_gives_what_its_library_computes(file: str, stem: str, name: str) -> None:
    """Every form of the same weights, every kind, layer and direction, to 1e-12 where its library has float64."""
    if file.endswith((".h5", ".keras")):
        pytest.importorskip("h5py")
    found = checkpoints.read((FILES / file).read_bytes(), file)
    network = next((n for n in found.recurrent if n.name == name), found.recurrent[0])
    assert not network.problem
    activation = network.activation or "relu"  # rnn.pt does not say it
    y = output(network, EXPECTED[f"{stem}|{name}|x"], activation)
    close = 1e-6 if name in THROUGH_FLOAT32 else 1e-12
    np.testing.assert_allclose(y, EXPECTED[f"{stem}|{name}|y"], rtol=0, atol=close)


def test_another_order_of_gates_moves_the_blocks() -> None:
    """Weights read as i, f, o, g are those of a file whose last two blocks are swapped; there and back is the same."""
    (network,) = checkpoints.read((FILES / "custom.pt").read_bytes(), "custom.pt").recurrent
    other = checkpoints.with_order(network, "i, f, o, g")
    H = network.H
    np.testing.assert_array_equal(other.layers[0].weight_ih[2 * H : 3 * H], network.layers[0].weight_ih[3 * H :])
    np.testing.assert_array_equal(other.layers[0].bias_ih[:H], network.layers[0].bias_ih[:H])
    back = checkpoints.with_order(other, "i, f, g, o")
    np.testing.assert_array_equal(back.layers[0].weight_hh, network.layers[0].weight_hh)
