"""NPZ archives: what a good one gives, and what every other is told."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import checkpoints, lstm, rnn
from core.checkpoints import Checkpoint
from core.checkpoints.limits import MAX_BYTES
from core.errors import InputError


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


def opened(content: bytes) -> Checkpoint:
    """An archive, read; a network in it that cannot be run is an error here."""
    found = checkpoints.read(content, "weights.npz")
    for network in found.recurrent:
        if network.problem:
            raise InputError(network.problem)
    return found


@pytest.mark.parametrize(("kind", "name"), [(rnn, "rnn"), (lstm, "lstm")])
def test_a_layer_is_recognised_and_reordered(kind: Any, name: str) -> None:
    """The number of rows tells RNN from LSTM, and the weights come back in the house order."""
    (network,) = opened(archive(**layer(kind, "encoder."))).recurrent
    expected = kind.init(3, 2, rng=np.random.default_rng(0))
    assert (network.kind, network.name) == (name, "encoder")
    cell = network.layers[0].params()
    for part in ("W_x", "W_h", "b"):
        np.testing.assert_array_equal(getattr(cell, part), getattr(expected, part))


def test_a_linear_layer_becomes_the_read_out() -> None:
    """One nn.Linear that reads H units is found, transposed."""
    W, b = np.arange(8.0).reshape(4, 2), np.arange(4.0)
    (readout,) = opened(archive(**layer(rnn), **{"fc.weight": W, "fc.bias": b})).readouts
    np.testing.assert_array_equal(readout.W_y, W.T)
    np.testing.assert_array_equal(readout.b_y, b)


def test_missing_biases_count_as_zero() -> None:
    """nn.LSTM(bias=False) has none to save."""
    arrays = {name: array for name, array in layer(lstm).items() if name.startswith("weight")}
    (network,) = opened(archive(**arrays)).recurrent
    assert network.biases == "none"
    assert not network.layers[0].params().b.any()


def zipped(*entries: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive in memory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, content in entries:
            file.writestr(name, content)
    return buffer.getvalue()


def npy(header: str, numbers: bytes = b"", version: bytes = b"\x01\x00") -> bytes:
    """A file in NumPy's format with any header."""
    text = header.encode("latin1")
    size = len(text).to_bytes(2 if version == b"\x01\x00" else 4, "little")
    return b"\x93NUMPY" + version + size + text + numbers


def declared(shape: str, dtype: str = "'<f8'", numbers: bytes = b"\0" * 48) -> bytes:
    """An archive whose one array states a shape and a type."""
    return zipped(("weight_ih_l0.npy", npy(f"{{'descr': {dtype}, 'fortran_order': False, 'shape': {shape}}}", numbers)))


LAYER = archive(**layer(rnn))
with zipfile.ZipFile(io.BytesIO(LAYER)) as _good:
    PACKED = zipped(*((name, _good.read(name)) for name in _good.namelist()))
HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "it has 0 bytes"),
    "cut zip header": (b"PK\x03\x04 nonsense", "cut short, damaged or encrypted"),
    "half a file": (LAYER[: len(LAYER) // 2], "cut short, damaged or encrypted"),
    "text": (b"0.5, 1.0", "Nothing here tells"),
    "npy": (npy("{}"), r"a single array \(\.npy\)"),
    "old pt": (b"\x80\x02\x8a\nl\xfc", "cut short or damaged"),
    "pt": (zipped(("model/data.pkl", b"\x80\x02."), ("model/data/0", b"\0" * 16)), "cut short or damaged"),
    "xlsx": (zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<x/>")), "Office file"),
    "hdf5": (b"\x89HDF\r\n\x1a\n", "HDF5 file is cut short"),
    "gzip": (b"\x1f\x8b\x08\0", "a gzip file"),
    "jar": (zipped(("META-INF/MANIFEST.MF", b"x"), ("a.npy", b"")), "and no weights"),
    "nested path": (zipped(("../../weight_ih_l0.npy", npy("{}"))), "not an array in NumPy's format"),
    "long name": (zipped(("n" * 3000 + ".npy", b"")), "n…' is not an array"),
    "empty zip": (zipped(), "holds nothing"),
    "only a folder": (zipped(("folder/", b"")), "holds nothing"),
    "too many": (zipped(*((f"{k}.npy", b"") for k in range(10_000 + 1))), "at most 10,000 are read"),
    "large": (b"PK" + b"\0" * MAX_BYTES, "at most 64 MB are read"),
    "bomb": (zipped(("weight_ih_l0.npy", b"\0" * (MAX_BYTES + 1))), "unpacks to more"),
    "lzma": (zipped(("a.npy", b"\0" * 9_000), compression=zipfile.ZIP_LZMA), "packed in a way"),
    "bzip2": (zipped(("a.npy", b"\0" * 9_000), compression=zipfile.ZIP_BZIP2), "packed in a way"),
    "text in npz": (zipped(("weight_ih_l0.npy", b"not numpy")), "not an array in NumPy's format"),
    "objects": (archive(weight_ih_l0=np.array([{}], dtype=object)), "never opened"),
    "strings": (archive(weight_ih_l0=np.array(["a"])), "no arrays of numbers"),
    "complex": (archive(weight_ih_l0=np.array([1j])), "not real numbers"),
    "dates": (archive(weight_ih_l0=np.array(["2026-01-01"], "M8[D]")), "not real numbers"),
    "records": (archive(weight_ih_l0=np.zeros(2, [("a", "f4"), ("b", "f4")])), "not real numbers"),
    "empty array": (archive(weight_ih_l0=np.zeros((0, 3))), "without its weight_hh"),
    "huge shape": (
        declared("(1000000000000, 1000000000000)"),
        r"\(1000000000000, 1000000000000\) of float64, but 48 bytes",
    ),
    "overflowing shape": (declared(f"({2**62}, {2**62})"), "states the shape"),
    "many axes": (declared(str((1,) * 100), numbers=b"\0" * 8), "states the shape 100 axes"),
    "negative shape": (declared("(-2, -3)"), "states the shape"),
    "cut array": (declared("(2, 4)"), "but 48 bytes follow"),
    "longer array": (declared("(2, 2)"), "but 48 bytes follow"),
    "shape of words": (declared("('a', 'b')"), "not an array in NumPy's format"),
    "deep header": (declared("(" * 5_000 + ")" * 5_000), "not an array in NumPy's format"),
    "code in the header": (declared("(__import__('os').getpid(),)"), "not an array in NumPy's format"),
    "strange dtype": (declared("(2,)", "'<q17'"), "not an array in NumPy's format"),
    "other version": (zipped(("a.npy", npy("{}", version=b"\x09\x00"))), "not an array in NumPy's format"),
    "array of arrays": (declared("(2,)", "('<f8', (3,))"), "states the shape|not real numbers"),
    "another array": (archive(something=np.zeros(3)), "no recurrent layer"),
    "two layers": (archive(**layer(rnn), weight_ih_l1=np.zeros((2, 2))), "without its weight_hh"),
    "both directions": (archive(**layer(rnn), weight_ih_l0_reverse=np.zeros((2, 2))), "without its weight_hh"),
    "not matrices": (archive(weight_ih_l0=np.zeros(()), weight_hh_l0=np.zeros(())), "belong to no RNN"),
    "wrong bias": (archive(**(layer(rnn) | {"bias_ih_l0": np.zeros(7)})), "7 numbers where 2"),
    "nan": (archive(**(layer(rnn) | {"weight_hh_l0": np.full((2, 2), np.nan)})), "recurrent weights.*diverged"),
    "infinity": (archive(**(layer(rnn) | {"bias_hh_l0": np.array([0, -np.inf])})), "biases.*diverged"),
    "too many units": (archive(weight_ih_l0=np.zeros((257, 2)), weight_hh_l0=np.zeros((257, 257))), "at most 256"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_wrong_file_is_refused_in_plain_words(case: str) -> None:
    """Whatever is uploaded, the answer names what is wrong and the mend; nothing is unpickled or unpacked blindly."""
    content, words = HOSTILE[case]
    with pytest.raises(InputError, match=words) as caught:
        opened(content)
    (said,) = caught.value.problems
    assert len(said) < 500
    assert said.rstrip(".").count(". ") >= 1, "no mend"


def test_a_huge_shape_takes_no_memory() -> None:
    """The array that a header promises is not made: 60 bytes that state 8 TB cost nothing."""
    tracemalloc.start()
    with pytest.raises(InputError):
        opened(declared("(1000000, 1000000)"))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_an_encrypted_file_is_refused_in_plain_words() -> None:
    """The flag of encryption is set in both headers of the archive."""
    content = bytearray(zipped(("weight_ih_l0.npy", npy("{}"))))
    content[content.index(b"PK\x03\x04") + 6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(InputError, match="damaged or encrypted"):
        opened(bytes(content))


def answered(content: bytes) -> None:
    """Read some bytes: weights, or a sentence; any other exception fails the test that called."""
    with suppress(InputError):
        for network in opened(content).recurrent:
            assert all(np.isfinite(layer.weight_hh).all() for layer in network.layers)


@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"\x93NUMPY\x01\x00", LAYER[:30]]))
def test_any_bytes_are_answered(content: bytes, start: bytes) -> None:
    """Noise, alone and after the beginnings of known files."""
    answered(start + content)


@settings(max_examples=300)
@given(st.integers(0, len(LAYER) - 1), st.integers(0, 255), st.integers(0, 2), st.booleans())
def test_any_damage_to_a_file_is_answered(place: int, byte: int, how: int, packed: bool) -> None:
    """A byte changed, put in or taken out anywhere in a good file, or all after it lost."""
    content = PACKED if packed else LAYER
    place %= len(content)
    left, right = content[:place], content[place + 1 :]
    answered([left + bytes([byte]) + right, left + right, left][how])


@settings(max_examples=300)
@given(
    st.text(alphabet="'descr: fortran_order shape True False None ({[]}),<f8|O>=-0123456789", max_size=80)
    | st.builds(
        "{{'descr': {}, 'fortran_order': {}, 'shape': {}}}".format,
        st.sampled_from(["'<f8'", "'>f4'", "'|O'", "'<U3'", "[('a', '<f8')]", "None", "'<f8', (2,)", "7"]),
        st.sampled_from(["True", "False", "None", "3"]),
        st.recursive(
            st.integers(-3, 2**70).map(str), lambda of: st.lists(of, max_size=4).map(lambda p: f"({','.join(p)},)")
        ),
    ),
    st.binary(max_size=64),
    st.sampled_from([b"\x01\x00", b"\x02\x00", b"\x03\x00"]),
)
def test_any_header_is_answered(header: str, numbers: bytes, version: bytes) -> None:
    """Shapes, types and orders that no program writes."""
    answered(
        zipped(("weight_ih_l0.npy", npy(header, numbers, version)), ("weight_hh_l0.npy", npy(header, numbers, version)))
    )
