"""Whatever is uploaded is answered in a sentence, nothing of it is run, and neither memory nor time runs away."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import checkpoints
from core.checkpoints.limits import MAX_BYTES, MAX_OPCODES
from core.errors import InputError

FILES = Path(__file__).parent / "files"
GOOD = {path.name: path.read_bytes() for path in sorted(FILES.iterdir())}


def zipped(*entries: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive in memory."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, content in entries:
            file.writestr(name, content)
    return buffer.getvalue()


def saved(data: bytes, storage: bytes = b"\0" * 64) -> bytes:
    """An archive such as torch.save writes, around any pickle."""
    return zipped(("m/data.pkl", data), ("m/byteorder", b"little"), ("m/data/0", storage), ("m/version", b"3\n"))


class Runs:
    """Pickled, it calls something when it is loaded."""

    def __init__(self, function: Callable[..., Any], *args: Any) -> None:
        self.call = function, args

    def __reduce__(self) -> tuple[Any, ...]:
        """What pickle calls."""
        return self.call


def payloads(canary: Path) -> dict[str, Any]:
    """Things that leave a file behind when they are run, directly or through each other."""
    code = f"open({str(canary)!r}, 'w').close()"
    return {
        "system": Runs(os.system, f"touch {canary}"),
        "eval": Runs(eval, code),
        "exec": Runs(exec, code),
        "mkdir": Runs(os.mkdir, str(canary)),
        "chain": Runs(list, Runs(map, eval, [code])),
    }


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
@pytest.mark.parametrize("name", payloads(Path("a")))
def test_nothing_in_a_pickle_is_run(name: str, protocol: int, tmp_path: Path) -> None:
    """Calls in every protocol, bare or packed, leave nothing behind; a usual reader would run them."""
    canary = tmp_path / "canary"
    held = {"rnn.weight_ih_l0": np.ones((2, 3)), "rnn.weight_hh_l0": np.eye(2), "hook": payloads(canary)[name]}
    data = pickle.dumps(held, protocol)
    for content in (data, saved(data)):
        with suppress(InputError):  # protocols 0 and 1 have no beginning of their own
            found = checkpoints.read(content, "model.pt")
            np.testing.assert_array_equal(found.recurrent[0].layers[0].weight_ih, held["rnn.weight_ih_l0"])
        assert not canary.exists()
    if protocol == 2:
        pickle.loads(data)
        assert canary.exists(), "the test would not notice"


def ones(count: int) -> bytes:
    """A pickle that pushes and takes away many times."""
    return b"\x80\x02" + b"K\x010" * count + b"N."


NESTED = b"\x80\x02" + b"(" * 100_000 + b"l" * 100_000 + b"."
DOUBLED = (
    b"\x80\x02]q\x00"
    + b"".join(b"]q" + bytes([k + 1]) + b"(h" + bytes([k]) + b"h" + bytes([k]) + b"e" for k in range(200))
    + b"."
)
TUPLES = (
    b"\x80\x02)q\x00"
    + b"".join(b"h" + bytes([k]) + b"h" + bytes([k]) + b"\x86q" + bytes([k + 1]) for k in range(200))
    + b"}h\xc8K\x01s."
)
COPIES = (
    b"\x80\x02c_codecs\nencode\nq\x00X"
    + struct.pack("<I", 1_000_000)
    + b"a" * 1_000_000
    + b"q\x01"
    + b"X\x06\0\0\0latin1q\x020"
    + b"("
    + b"h\x00h\x01h\x02\x86R" * 5_000
    + b"l."
)
INNER = (  # files within a pickle, the same one again and again
    b"\x80\x02ctorch.storage\n_load_from_bytes\nq\x00B"
    + struct.pack("<I", 60_002)
    + ones(20_000)[:60_000]
    + b"N."
    + b"q\x010("
    + b"h\x00h\x01\x85R" * 50_000
    + b"l."
)
TENSOR = (
    b"ctorch._utils\n_rebuild_tensor_v2\n((X\x07\0\0\0storagectorch\nFloatStorage\nX\x01\0\0\x000X\x03\0\0\0cpuK\x10tQ"
    b"%b(%bt(%bt\x89NtR"
)  # fmt: skip


def state(offset: bytes, shape: bytes, stride: bytes) -> bytes:
    """An archive with one tensor of 16 floats and any view of them."""
    return saved(b"\x80\x02}X\x0c\0\0\0weight_hh_l0" + TENSOR % (offset, shape, stride) + b"s.")


def header(**entries: Any) -> bytes:
    """A safetensors file of 16 bytes with any header."""
    text = json.dumps(entries).encode()
    return struct.pack("<Q", len(text)) + text + b"\0" * 16


def entry(dtype: str = "F32", shape: Any = (2, 2), data_offsets: Any = (0, 16)) -> dict[str, Any]:
    """One tensor of a safetensors header."""
    return {"dtype": dtype, "shape": shape, "data_offsets": data_offsets}


HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "zeros": b"\0" * 5_000,
    "text": b"0.5, 1.0\n",
    "page": b"<!DOCTYPE html><html>Not found</html>",
    "pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n",
    "npy": b"\x93NUMPY\x01\x00",
    "gzip": b"\x1f\x8b\x08\0",
    "msgpack": b"\x81\xa6params\x81\xa4cell",
    "onnx": b"\x08\x08\x12\x07pytorch\x1a\x052.1",
    "xlsx": zipped(("[Content_Types].xml", b"<Types/>")),
    "torch.export": zipped(("m/archive_format", b"pt2"), ("m/models/model.json", b"{}")),
    "zip of a model": zipped(("folder/model.pt", b"x")),
    "empty zip": zipped(),
    "cut zip": GOOD["state.pt"][: len(GOOD["state.pt"]) // 2],
    "cut legacy": GOOD["legacy.pt"][:-40],
    "cut safetensors": GOOD["state.safetensors"][:-40],
    "cut hdf5": GOOD["keras.weights.h5"][:2_000],
    "bomb": zipped(("m/data.pkl", b"\0" * (MAX_BYTES + 1))),
    "large": b"\x80\x02" + b"\0" * MAX_BYTES,
    "lzma": zipped(("m/data.pkl", b"\0" * 9_000), compression=zipfile.ZIP_LZMA),
    "twice the same": zipped(("a.npy", b"1"), ("a_npy", b"2")).replace(b"a_npy", b"a.npy"),
    "path": zipped(("../../etc/data.pkl", b"\x80\x02N.")),
    "no storage": zipped(("m/data.pkl", b"\x80\x02}X\x01\0\0\0a" + TENSOR % (b"K\0", b"K\x02", b"K\x01") + b"s.")),
    "many instructions": ones(MAX_OPCODES // 2 + 1),
    "nested": NESTED,
    "doubled": DOUBLED,
    "tuples": TUPLES,
    "copies": COPIES,
    "files within": INNER,
    "far memo": b"\x80\x02Nr\xff\xff\xff\x7f.",
    "long claim": b"\x80\x04\x8e" + struct.pack("<Q", 2**62) + b"abc.",
    "recursive": b"\x80\x02]q\0h\0a.",
    "recursive dictionary": b"\x80\x02}q\0X\x01\0\0\0ah\0s.",
    "outside": state(b"K\x0e", b"K\x02K\x02", b"K\x02K\x01"),
    "negative offset": state(b"J\xff\xff\xff\xff", b"K\x02K\x02", b"K\x02K\x01"),
    "huge shape": state(b"K\0", b"J\xff\xff\xff\x7fJ\xff\xff\xff\x7f", b"K\0K\0"),
    "huge stride": state(b"K\0", b"K\x02K\x02", b"J\xff\xff\xff\x7fJ\xff\xff\xff\x7f"),
    "uneven": state(b"K\0", b"K\x02K\x02", b"K\x02"),
    "words for a shape": state(b"K\0", b"X\x01\0\0\0aK\x02", b"K\x02K\x01"),
    "header too long": struct.pack("<Q", 99_000_000) + b"{" + b" " * 20,
    "header not JSON": struct.pack("<Q", 12) + b"{not json...",
    "header a list": header(a=[1]),
    "offsets outside": header(a=entry(data_offsets=[0, 10**9])),
    "offsets turned": header(a=entry(data_offsets=[16, 0])),
    "negative offsets": header(a=entry(data_offsets=[-16, 0])),
    "shape too large": header(a=entry(shape=[2**40, 2**40])),
    "shape of words": header(a=entry(shape=["a"])),
    "deep JSON": b"[" * 100_000,
    "deep closed JSON": b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    "long number": b'{"a": [' + b"9" * 10_000 + b"]}",
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE)
def test_a_wrong_file_is_refused_in_plain_words(case: str) -> None:
    """One sentence says what is wrong, another the mend, and the answer is short."""
    with pytest.raises(InputError) as caught:
        checkpoints.read(HOSTILE[case], f"{case}.pt")
    (said,) = caught.value.problems
    assert len(said) < 700
    assert said.rstrip(".").count(". ") >= 1, f"no mend: {said}"


def test_a_huge_shape_takes_no_memory() -> None:
    """What a file promises is not made before the numbers are there."""
    tracemalloc.start()
    for case in ("huge shape", "shape too large", "long claim", "far memo", "tuples", "doubled"):
        with pytest.raises(InputError):
            checkpoints.read(HOSTILE[case], "a.pt")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


def test_an_expanded_tensor_is_no_way_around_the_limit() -> None:
    """A stride of zero repeats one number as often as stated: it is counted as what it would become."""
    content = state(b"K\0", b"J\x00\x00\x00\x01J\x00\x00\x00\x01", b"K\0K\0")
    with pytest.raises(InputError, match="have 281,474,976,710,656 numbers"):
        checkpoints.read(content, "a.pt")


def test_many_views_of_the_same_numbers_take_no_memory() -> None:
    """A thousand tensors of a million numbers each, all of them one number repeated, are counted before any is made."""
    names = [f"r{k}.weight_hh_l0".encode() for k in range(1_000)]
    views = TENSOR % (b"K\0", b"M\xe8\x03M\xe8\x03", b"K\0K\0")
    data = b"\x80\x02}(" + b"".join(b"X" + struct.pack("<I", len(name)) + name + views for name in names) + b"u."
    tracemalloc.start()
    with pytest.raises(InputError, match="1,000,000,000 numbers"):
        checkpoints.read(saved(data), "a.pt")
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 20_000_000


def test_tensors_may_not_share_their_bytes_in_safetensors() -> None:
    """The format forbids it, and bfloat16 would be widened once for each of them."""
    with pytest.raises(InputError, match="the same numbers to several"):
        checkpoints.read(header(a=entry(), b=entry()), "a.safetensors")


def test_hdf5_that_points_elsewhere_is_not_followed(tmp_path: Path) -> None:
    """Links out of the file and data kept in other files give nothing."""
    h5py = pytest.importorskip("h5py")
    secret = tmp_path / "secret.h5"
    with h5py.File(secret, "w") as file:
        file["kernel"] = np.ones((3, 8))
    (tmp_path / "raw").write_bytes(np.ones(64).tobytes())
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        file["lstm/recurrent_kernel"] = np.ones((2, 8))
        file["lstm/kernel"] = h5py.ExternalLink(str(secret), "kernel")
        file.create_dataset("gru/kernel", (3, 6), "f8", external=[(str(tmp_path / "raw"), 0, 144)])
        file["gru/recurrent_kernel"] = np.ones((2, 6))
        file["soft"] = h5py.SoftLink("/lstm")
    with pytest.raises(InputError, match="no recurrent layer"):
        checkpoints.read(buffer.getvalue(), "a.h5")


def answered(content: bytes, filename: str = "model.pt") -> None:
    """Read some bytes: weights, or a sentence; any other exception fails the test that called."""
    with suppress(InputError):
        for network in checkpoints.read(content, filename).recurrent:
            for layer in network.layers:
                assert network.problem or np.isfinite(layer.weight_hh).all()


BEGINNINGS = [
    b"",
    b"PK\x03\x04",
    b"\x80\x02",
    b"\x80\x04\x95",
    b"\x93NUMPY\x01\x00",
    b"{",
    GOOD["state.safetensors"][:60],
]


@given(st.binary(max_size=300), st.sampled_from(BEGINNINGS))
def test_any_bytes_are_answered(content: bytes, start: bytes) -> None:
    """Noise, alone and after the beginnings of known files."""
    answered(start + content)


with zipfile.ZipFile(io.BytesIO(GOOD["whole.pt"])) as _archive:
    PARTS = {name: _archive.read(name) for name in _archive.namelist()}
PICKLE = next(name for name in PARTS if name.endswith("data.pkl"))
QUICK = [name for name in GOOD if not name.endswith((".h5", ".keras"))]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(QUICK), st.floats(0, 1, exclude_max=True), st.integers(0, 255), st.integers(0, 2))
def test_any_damage_to_a_file_is_answered(name: str, place: float, byte: int, how: int) -> None:
    """A byte changed, put in or taken out anywhere in a good file, or all after it lost."""
    content = GOOD[name]
    at = int(place * len(content))
    left, right = content[:at], content[at + 1 :]
    answered([left + bytes([byte]) + right, left + right, left][how], name)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(PARTS[PICKLE]) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_any_damage_to_a_pickle_is_answered(changes: list[tuple[int, int]]) -> None:
    """Bytes changed inside the pickle of a whole model, in an archive that is sound."""
    data = bytearray(PARTS[PICKLE])
    for place, byte in changes:
        data[place] = byte
    answered(zipped(*((name, bytes(data) if name == PICKLE else part) for name, part in PARTS.items())))


@settings(max_examples=8, deadline=None)
@given(st.floats(0, 1, exclude_max=True), st.integers(0, 255), st.booleans())
def test_any_damage_to_hdf5_is_answered(place: float, byte: int, cut: bool) -> None:
    """The library behind it may fall over; the process that asked does not."""
    pytest.importorskip("h5py")
    content = GOOD["keras.weights.h5"]
    at = int(place * len(content))
    answered(content[:at] if cut else content[:at] + bytes([byte]) + content[at + 1 :], "a.h5")
