"""Files of plain arrays: safetensors, NumPy's NPZ and JSON, and those that this project exports."""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from core.checkpoints.limits import MAX_DEPTH, MAX_NUMBERS, MAX_TENSORS, quoted
from core.checkpoints.objects import search, shortened
from core.checkpoints.records import Stored
from core.checkpoints.tensors import widened
from core.errors import InputError

__all__ = ["from_json", "from_npz", "from_safetensors", "is_safetensors"]

_SAVE = "Save it again and bring the new file."
_MAX_JSON = 16_000_000  # bytes; as Python's numbers they take ten times as much
_SAFE_TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?",
}  # fmt: skip
_AXES = 16


def is_safetensors(content: bytes) -> bool:
    """Whether it begins as such a file does: the length of a header, then the header, which is JSON."""
    return len(content) >= 9 and content[8:9] == b"{" and int.from_bytes(content[:8], "little") < 100_000_000


_OF_A_STACK = re.compile(r"(rnn|lstm|gru)\.(weight|bias)_(ih|hh)_l\d+(_reverse)?|head\.(weight|bias)")


def from_safetensors(content: bytes) -> Stored:
    """Read a safetensors file: a header that says type, shape and place of each tensor, then the numbers.

    Raises:
        InputError: A header that cannot be read, or tensors outside the file.
    """
    size = int.from_bytes(content[:8], "little")
    if size > len(content) - 8:
        raise InputError(
            f"The file is cut short: its header has {size:,} bytes, {len(content) - 8:,} are there. {_SAVE}"
        )
    try:
        header = json.loads(content[8 : 8 + size].decode("utf-8"))
    except (ValueError, RecursionError) as problem:
        raise InputError(f"The file's header cannot be read: it is damaged. {_SAVE}") from problem
    numbers = memoryview(content)[8 + size :]
    entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
    if len(entries) > MAX_TENSORS:
        raise InputError(f"The file holds more than {MAX_TENSORS:,} tensors. Save the weights of a smaller model.")
    tensors: dict[str, Any] = {}
    unread: list[str] = []
    left = len(numbers)
    for name, entry in entries.items():
        if isinstance(entry, dict) and isinstance(entry.get("dtype"), str) and entry["dtype"] not in _SAFE_TYPES:
            unread.append(f"{quoted(name)} is of type {quoted(entry['dtype'])} and is not read.")
        else:
            tensors[name] = _safe_tensor(name, entry, numbers)
            left -= entry["data_offsets"][1] - entry["data_offsets"][0]
            if left < 0:
                raise InputError(f"The file's header gives the same numbers to several tensors: it is damaged. {_SAVE}")
    metadata = header.get("__metadata__")
    about = metadata.get("format") if isinstance(metadata, dict) else None
    framework = {"pt": "PyTorch", "mlx": "MLX", "flax": "Flax", "tf": "Keras"}.get(str(about), "")
    found = search(dict(tensors))
    named, _, notes = shortened(found)
    halves = [entries[name]["dtype"] == "BF16" for name in tensors]
    types = {name: "bfloat16" for name, half in zip(named, halves, strict=True) if half}
    return Stored("a safetensors file", framework, named, notes=(*notes, *unread[:3]), types=types)


def _safe_tensor(name: str, entry: Any, numbers: memoryview) -> NDArray[Any]:
    """One tensor; every number that the header states is checked against the file."""
    wrong = InputError(f"The file's header describes {quoted(name)} in a way that makes no sense. {_SAVE}")
    if not isinstance(entry, dict):
        raise wrong
    shape, place = entry.get("shape"), entry.get("data_offsets")
    if not _whole(shape) or not _whole(place) or len(place) != 2 or len(shape) > _AXES:
        raise wrong
    dtype = np.dtype(_SAFE_TYPES.get(str(entry.get("dtype")), "u1"))
    begin, end = place
    if not 0 <= begin <= end <= len(numbers):
        raise InputError(f"The file is cut short: the numbers of {quoted(name)} are not there. {_SAVE}")
    if math.prod(shape) * dtype.itemsize != end - begin:
        raise wrong
    values: NDArray[Any] = np.frombuffer(numbers[begin:end], dtype).reshape(shape)
    return widened(values) if entry["dtype"] == "BF16" else values


def _whole(values: Any) -> TypeGuard[list[int]]:
    return isinstance(values, list) and all(
        isinstance(v, int) and not isinstance(v, bool) and 0 <= v < 2**48 for v in values
    )


def from_npz(parts: Mapping[str, bytes]) -> Stored:
    """Read the entries of an NPZ archive: one array each. Arrays of text are kept as words, pickled ones refused.

    Raises:
        InputError: An entry that is no array, pickled objects, or numbers that are not there.
    """
    tensors: dict[str, Any] = {}
    words = {}
    for name, data in parts.items():
        found = _npy(name, data)
        title = name.removesuffix(".npy")
        if isinstance(found, tuple):
            words[title] = found
        else:
            tensors[title] = found
    if not tensors:
        raise InputError(f"The file holds no arrays of numbers. {_SAVE}")
    if ours := _exported_npz(tensors):
        return ours
    named, _, notes = shortened(search(dict(tensors)))
    return Stored("a NumPy archive", "", named, words=words, notes=notes)


def _exported_npz(tensors: Mapping[str, NDArray[Any]]) -> Stored | None:
    """The weights in an NPZ that the Inspector exported, without the states and gradients beside them; else None."""
    if not {"x", "y"} <= set(tensors):
        return None
    weights = {name: tensors[name] for name in tensors if name.partition(".")[2] in ("W_x", "W_h", "b", "W_y", "b_y")}
    if any(name.endswith(".W_h") for name in weights):
        return _exported(weights)
    stacked = {name: tensors[name] for name in tensors if _OF_A_STACK.fullmatch(name)}
    return _exported(stacked) if any("weight_hh" in name for name in stacked) else None


def _exported(weights: Mapping[str, NDArray[Any]]) -> Stored:
    note = "The states and gradients beside the weights are left aside: they are computed again."
    return Stored("an export of the Inspector", "", weights, notes=(note,))


def _npy(name: str, data: bytes) -> Any:
    """One ``.npy`` of the archive: numbers, or a tuple of words.

    The header says type and shape. It is read first, since an array of the shape that it states would be made before
    anything shows that the numbers are not there.
    """
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
        shape, by_columns, dtype = header(stream)
    except Exception as problem:  # the header is Python text of any kind
        raise InputError(f"The file's {quoted(name)} is not an array in NumPy's format. {_SAVE}") from problem
    if dtype.hasobject:
        raise InputError(
            f"The file's {quoted(name)} holds pickled objects, which are never opened. Save plain arrays: "
            "np.savez(file, **{name: p.detach().numpy() for name, p in net.named_parameters()})."
        )
    if dtype.kind not in "fiubU" or dtype.subdtype is not None:
        raise InputError(f"The file's {quoted(name)} holds {dtype}, not real numbers. Convert it to float32 and save.")
    axes, there = len(shape), len(data) - stream.tell()
    if axes > _AXES or any(size < 0 for size in shape) or math.prod(shape) * dtype.itemsize != there:
        stated = str(shape) if len(str(shape)) <= 60 else f"{axes} axes"
        raise InputError(
            f"The file's {quoted(name)} states the shape {stated} of {dtype}, but {there:,} bytes follow: "
            f"it is cut short or damaged. {_SAVE}"
        )
    if not dtype.itemsize:
        return ()
    values = np.frombuffer(data, dtype, offset=stream.tell()).reshape(shape, order="F" if by_columns else "C")
    return tuple(str(word) for word in values.ravel()) if dtype.kind == "U" else values


def from_json(content: bytes) -> Stored:
    """Read nested lists of numbers by name, in dictionaries as deep as need be.

    Raises:
        InputError: Not JSON, too large, or without arrays.
    """
    if len(content) > _MAX_JSON:
        raise InputError(
            f"The JSON has {len(content) / 1e6:,.0f} MB; at most {_MAX_JSON // 1_000_000} MB are read. Save it as .npz "
            "or .safetensors, which are smaller."
        )
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as problem:
        raise InputError(
            f"The file begins like JSON and cannot be read: it is cut short or damaged. {_SAVE}"
        ) from problem
    if isinstance(document, dict) and isinstance(document.get("models"), dict) and "settings" in document:
        weights = {
            f"{kind}.{name}": array
            for kind, model in document["models"].items()
            if isinstance(model, dict)
            for name, array in _arrays(model.get("weights"))
        }
        if weights:
            return _exported(weights)
    root = _with_arrays(document, 0)
    found = search(root)
    named, _, notes = shortened(found)
    if isinstance(document, dict) and isinstance(document.get("weight_map"), dict):
        raise InputError(
            "This is the index of a model that is kept in several files. Bring the one that holds the recurrent layers."
        )
    if not named:
        raise InputError(
            "The JSON holds no arrays of numbers. Save the weights as nested lists: "
            "{name: p.tolist() for name, p in net.state_dict().items()}."
        )
    return Stored("a JSON file", "", named, words=found.words, notes=notes)


def _arrays(value: Any) -> Iterator[tuple[str, NDArray[Any]]]:
    for name, each in value.items() if isinstance(value, dict) else ():
        if (array := _array(each)) is not None:
            yield str(name), array


def _with_arrays(value: Any, depth: int) -> Any:
    """The same document with every nested list of numbers made an array."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, dict):
        if (shaped := _shaped(value)) is not None:
            return shaped
        return {key: _with_arrays(each, depth + 1) for key, each in value.items()}
    if isinstance(value, list):
        array = _array(value)
        if array is not None:
            return array
        if named := _named(value):
            return {name: _with_arrays(each, depth + 1) for name, each in named.items()}
        plain = all(isinstance(each, str) for each in value)
        return value if plain else [_with_arrays(each, depth + 1) for each in value]
    return value


def _named(values: list[Any]) -> dict[str, Any]:
    """What a list of entries has under its names, where each is a name and one list: else nothing."""
    found: dict[str, Any] = {}
    for entry in values:
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            return {}
        lists = [each for each in entry.values() if isinstance(each, list)]
        if _shaped(entry) is not None:
            found[entry["name"]] = entry
        elif len(lists) == 1:
            found[entry["name"]] = lists[0]
        else:
            return {}
    return found


def _shaped(value: Mapping[str, Any]) -> NDArray[np.float64] | None:
    """The array of an object that gives its shape and its numbers in a row; None for any other object."""
    shape = value.get("shape")
    flat = next((value[key] for key in ("data", "values") if isinstance(value.get(key), list)), None)
    if flat is None or not isinstance(shape, list) or not all(type(n) is int and n >= 0 for n in shape):
        return None
    array = _array(flat)
    return None if array is None or array.size != math.prod(shape) or len(shape) > _AXES else array.reshape(shape)


def _array(value: Any) -> NDArray[np.float64] | None:
    """A nested list of numbers as an array; None for anything else, lists of unequal length among it."""
    first, depth = value, 0
    while isinstance(first, list) and first and depth <= _AXES:
        first, depth = first[0], depth + 1
    if not depth or isinstance(first, bool | list) or not isinstance(first, int | float):
        return None
    try:
        array = np.array(value)
    except (ValueError, OverflowError):
        return None
    if array.dtype.kind not in "fiu" or array.size > MAX_NUMBERS:
        return None
    return np.asarray(array, np.float64)
