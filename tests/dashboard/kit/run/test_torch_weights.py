"""Reading a learner's own PyTorch weights."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np
import pytest

from core import lstm, rnn
from core.errors import InputError
from dashboard.kit.run import torch_weights


def archive(**arrays: Any) -> bytes:
    """An .npz in memory."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return buffer.getvalue()


def layer(kind: Any, prefix: str = "") -> dict[str, Any]:
    """The four arrays of a layer with D = 3 and H = 2, by PyTorch's names."""
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    arrays = kind.to_torch(kind.init(3, 2, rng=np.random.default_rng(0)))
    return {prefix + name: array for name, array in zip(names, arrays, strict=True)}


@pytest.mark.parametrize(("kind", "name"), [(rnn, "rnn"), (lstm, "lstm")])
def test_a_layer_is_recognised_and_reordered(kind: Any, name: str) -> None:
    """The number of rows tells RNN from LSTM, and the weights come back in the house order."""
    uploaded = torch_weights.read(archive(**layer(kind, "encoder.")))
    expected = kind.init(3, 2, rng=np.random.default_rng(0))
    assert uploaded.kind == name
    assert uploaded.W_y is None
    for part in ("W_x", "W_h", "b"):
        np.testing.assert_array_equal(getattr(uploaded.cell, part), getattr(expected, part))


def test_a_linear_layer_becomes_the_read_out() -> None:
    """One nn.Linear that reads H units is taken along, transposed."""
    W, b = np.arange(8.0).reshape(4, 2), np.arange(4.0)
    uploaded = torch_weights.read(archive(**layer(rnn), **{"fc.weight": W, "fc.bias": b}))
    assert uploaded.W_y is not None
    np.testing.assert_array_equal(uploaded.W_y, W.T)
    np.testing.assert_array_equal(uploaded.b_y, b)


def test_missing_biases_count_as_zero() -> None:
    """nn.LSTM(bias=False) has none to save."""
    arrays = {name: array for name, array in layer(lstm).items() if name.startswith("weight")}
    assert not torch_weights.read(archive(**arrays)).cell.b.any()


def _bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("weight_ih_l0.npy", b"\0" * (torch_weights.MAX_BYTES + 1))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not an .npz"),
        (b"PK\x03\x04 nonsense", "not an .npz"),
        (archive(weight_ih_l0=np.array([{}], dtype=object)), "never opened"),
        (archive(something=np.zeros(3)), "no weight_ih_l0"),
        (archive(**layer(rnn), weight_ih_l1=np.zeros((2, 2))), "only one layer"),
        (archive(weight_ih_l0=np.zeros((3, 2)), weight_hh_l0=np.zeros((3, 2))), "belong neither"),
        (archive(weight_ih_l0=np.zeros(()), weight_hh_l0=np.zeros(())), "belong neither"),
        (archive(**(layer(rnn) | {"bias_ih_l0": np.zeros(7)})), "bias_ih"),
        (archive(**(layer(rnn) | {"weight_hh_l0": np.full((2, 2), np.nan)})), "finite"),
        (archive(**layer(rnn), **{"fc.weight": np.zeros((4, 2)), "fc.bias": np.zeros(3)}), "fc.bias"),
        (_bomb(), "unpacks to more"),
    ],
)
def test_a_wrong_file_is_refused_in_plain_words(content: bytes, words: str) -> None:
    """Whatever is uploaded, the answer names what is wrong and nothing is unpickled or unpacked blindly."""
    with pytest.raises(InputError, match=words):
        torch_weights.read(content)
