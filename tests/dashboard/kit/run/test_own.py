"""Reading a learner's own PyTorch weights."""

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
    "nothing": (b"", "not an .npz"),
    "cut zip header": (b"PK\x03\x04 nonsense", "not an .npz"),
    "half a file": (LAYER[: len(LAYER) // 2], "not an .npz"),
    "text": (b"0.5, 1.0", "not an .npz"),
    "npy": (npy("{}"), r"a single array \(\.npy\)"),
    "old pt": (b"\x80\x02\x8a\nl\xfc", "a pickle"),
    "pt": (zipped(("model/data.pkl", b"\x80\x02."), ("model/data/0", b"\0" * 16)), "written by torch.save"),
    "xlsx": (zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<x/>")), "Office file"),
    "hdf5": (b"\x89HDF\r\n\x1a\n", "an HDF5 file"),
    "gzip": (b"\x1f\x8b\x08\0", "a gzip file"),
    "jar": (zipped(("META-INF/MANIFEST.MF", b"x"), ("a.npy", b"")), "which is no array"),
    "nested path": (zipped(("../../weight_ih_l0.npy", npy("{}"))), "not an array in NumPy's format"),
    "long name": (zipped(("n" * 3000 + ".npy", b"")), "n…' is not an array"),
    "empty zip": (zipped(), "holds nothing"),
    "only a folder": (zipped(("folder/", b"")), "holds nothing"),
    "too many": (zipped(*((f"{k}.npy", b"") for k in range(torch_weights.MAX_ARRAYS + 1))), "at most 1000 are read"),
    "large": (b"PK" + b"\0" * torch_weights.MAX_BYTES, r"at most 5,000,000 can be read"),
    "bomb": (zipped(("weight_ih_l0.npy", b"\0" * (torch_weights.MAX_BYTES + 1))), "unpacks to more"),
    "lzma": (zipped(("a.npy", b"\0" * 9_000), compression=zipfile.ZIP_LZMA), "packed in a way"),
    "bzip2": (zipped(("a.npy", b"\0" * 9_000), compression=zipfile.ZIP_BZIP2), "packed in a way"),
    "text in npz": (zipped(("weight_ih_l0.npy", b"not numpy")), "not an array in NumPy's format"),
    "objects": (archive(weight_ih_l0=np.array([{}], dtype=object)), "never opened"),
    "strings": (archive(weight_ih_l0=np.array(["a"])), "not real numbers"),
    "complex": (archive(weight_ih_l0=np.array([1j])), "not real numbers"),
    "dates": (archive(weight_ih_l0=np.array(["2026-01-01"], "M8[D]")), "not real numbers"),
    "records": (archive(weight_ih_l0=np.zeros(2, [("a", "f4"), ("b", "f4")])), "not real numbers"),
    "empty array": (archive(weight_ih_l0=np.zeros((0, 3))), "states the shape"),
    "huge shape": (
        declared("(1000000000000, 1000000000000)"),
        r"\(1000000000000, 1000000000000\) of float64, but 48 bytes",
    ),
    "overflowing shape": (declared(f"({2**62}, {2**62})"), "states the shape"),
    "many axes": (declared(str((1,) * 100), numbers=b"\0" * 8), "states the shape 100 axes"),
    "negative shape": (declared("(-2, -3)"), "states the shape"),
    "cut array": (declared("(2, 4)"), "but 48 bytes of numbers follow"),
    "longer array": (declared("(2, 2)"), "but 48 bytes of numbers follow"),
    "shape of words": (declared("('a', 'b')"), "not an array in NumPy's format"),
    "deep header": (declared("(" * 5_000 + ")" * 5_000), "not an array in NumPy's format"),
    "code in the header": (declared("(__import__('os').getpid(),)"), "not an array in NumPy's format"),
    "strange dtype": (declared("(2,)", "'<q17'"), "not an array in NumPy's format"),
    "other version": (zipped(("a.npy", npy("{}", version=b"\x09\x00"))), "not an array in NumPy's format"),
    "array of arrays": (declared("(2,)", "('<f8', (3,))"), "states the shape|not real numbers"),
    "another array": (archive(something=np.zeros(3)), "no weight_ih_l0"),
    "two layers": (archive(**layer(rnn), weight_ih_l1=np.zeros((2, 2))), "only one layer"),
    "two networks": (archive(**layer(rnn, "encoder."), **layer(rnn, "decoder.")), "weight_ih twice.*only one layer"),
    "both directions": (archive(**layer(rnn), weight_ih_l0_reverse=np.zeros((2, 2))), "only one layer"),
    "gru": (archive(weight_ih_l0=np.zeros((6, 3)), weight_hh_l0=np.zeros((6, 2))), "belong neither"),
    "not matrices": (archive(weight_ih_l0=np.zeros(()), weight_hh_l0=np.zeros(())), "belong neither"),
    "wrong bias": (archive(**(layer(rnn) | {"bias_ih_l0": np.zeros(7)})), "bias_ih"),
    "nan": (archive(**(layer(rnn) | {"weight_hh_l0": np.full((2, 2), np.nan)})), "weight_hh_l0.*finite.*got nan"),
    "infinity": (archive(**(layer(rnn) | {"bias_hh_l0": np.array([0, -np.inf])})), "bias_hh_l0.*finite.*got -inf"),
    "large numbers": (
        archive(**(layer(rnn) | {"bias_hh_l0": np.array([0, -1e300])})),
        "of size 1e.300; at most 1,000,000",
    ),
    "too many units": (archive(weight_ih_l0=np.zeros((65, 2)), weight_hh_l0=np.zeros((65, 65))), "at most 64 units"),
    "read-out": (archive(**layer(rnn), **{"fc.weight": np.zeros((4, 2)), "fc.bias": np.zeros(3)}), "fc.bias"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_wrong_file_is_refused_in_plain_words(case: str) -> None:
    """Whatever is uploaded, the answer names what is wrong and the mend; nothing is unpickled or unpacked blindly."""
    content, words = HOSTILE[case]
    with pytest.raises(InputError, match=words) as caught:
        torch_weights.read(content)
    (said,) = caught.value.problems
    assert len(said) < 500
    assert said.rstrip(".").count(". ") >= 1, "no mend"


def test_a_huge_shape_takes_no_memory() -> None:
    """The array that a header promises is not made: 60 bytes that state 8 TB cost nothing."""
    tracemalloc.start()
    with pytest.raises(InputError):
        torch_weights.read(declared("(1000000, 1000000)"))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 5_000_000


def test_an_encrypted_file_is_refused_in_plain_words() -> None:
    """The flag of encryption is set in both headers of the archive."""
    content = bytearray(zipped(("weight_ih_l0.npy", npy("{}"))))
    content[content.index(b"PK\x03\x04") + 6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(InputError, match="damaged or encrypted"):
        torch_weights.read(bytes(content))


def answered(content: bytes) -> None:
    """Read some bytes: weights, or a sentence; any other exception fails the test that called."""
    with suppress(InputError):
        found = torch_weights.read(content)
        assert all(np.isfinite(array).all() for array in (found.cell.W_x, found.cell.W_h, found.cell.b))


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
