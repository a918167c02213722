"""PyTorch's tensors from a pickle: storages of raw bytes, and views of them by offset, shape and stride."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.checkpoints.limits import SAVE_STATE, quoted
from core.checkpoints.pickled import Made, Name
from core.errors import InputError

__all__ = ["Storage", "Strided", "Unreadable", "array", "numpy_array", "rebuild", "referred", "widened"]

_TYPES = {
    "Double": "f8", "Float": "f4", "Half": "f2", "BFloat16": "bf16", "Long": "i8", "Int": "i4", "Short": "i2",
    "Char": "i1", "Byte": "u1", "Bool": "b1", "Untyped": "u1",
    "float64": "f8", "float32": "f4", "float16": "f2", "bfloat16": "bf16", "int64": "i8", "int32": "i4",
    "int16": "i2", "int8": "i1", "uint8": "u1", "bool": "b1", "uint16": "u2", "uint32": "u4", "uint64": "u8",
}  # fmt: skip
"""NumPy's letters for what PyTorch calls a type; bf16 is made from its bits."""
_AXES = 16


@dataclass(frozen=True, eq=False)
class Storage:
    """A run of numbers outside the pickle.

    Attributes:
        dtype: Its type, in NumPy's letters or "bf16"; "" for a type that is not read.
        key: Under which its bytes are kept.
        numel: How many numbers it states.
        start: Where in the bytes of that key it begins, in numbers.
    """

    dtype: str
    key: str
    numel: int
    start: int = 0


@dataclass(frozen=True, eq=False)
class Strided:
    """A tensor: a view of a storage."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    stride: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Unreadable:
    """A tensor of a kind that is not read; what it is, in words."""

    what: str


def referred(value: Any) -> Any:
    """What a pickle of PyTorch's refers to outside itself: a storage, or a class kept with its source."""
    parts = tuple(value) if isinstance(value, tuple | list) else ()
    if len(parts) >= 5 and parts[0] == "storage" and _counts((parts[4],)):
        of, key, start, size = parts[1], parts[2], 0, parts[4]
        view = parts[5] if len(parts) > 5 else None
        if isinstance(view, tuple | list) and len(view) == 3 and _counts(view[1:]):  # of a larger one, as once written
            start, size = view[1], view[2]
        name = of.name if isinstance(of, Name) else ""
        return Storage(_TYPES.get(name.removesuffix("Storage"), ""), str(key)[:200], size, start)
    if len(parts) == 4 and parts[0] == "module":
        return parts[1]
    return Made(Name("pickle", "reference"), ())


def rebuild(name: Name, args: tuple[Any, ...]) -> Any:
    """What a call in a pickle of PyTorch's or NumPy's stands for, where that is a value that we know."""
    known = _CALLS.get(name.name)
    modules = ("torch", "collections", "numpy", "_codecs", "builtins")
    if known is None or name.module.split(".")[0] not in modules:
        return NotImplemented
    return known(args)


def _tensor(args: tuple[Any, ...]) -> Any:
    if len(args) < 4 or not isinstance(args[0], Storage) or not _counts((args[1], *args[2], *args[3])):
        return NotImplemented
    shape, stride = tuple(args[2]), tuple(args[3])
    return Strided(args[0], args[1], shape, stride) if len(shape) == len(stride) else NotImplemented


def _typed_tensor(args: tuple[Any, ...]) -> Any:
    """As `_tensor`, of a storage of bytes and a type given beside it."""
    made = _tensor(args)
    if made is NotImplemented or len(args) < 7 or not isinstance(args[6], Name):
        return NotImplemented
    dtype = _TYPES.get(args[6].name, "")
    width = _width(dtype) if dtype else 1
    storage = Storage(dtype, made.storage.key, made.storage.numel // width, made.storage.start // width)
    return Strided(storage, made.offset, made.shape, made.stride)


def _same_as_first(args: tuple[Any, ...]) -> Any:
    return args[0] if args and isinstance(args[0], Strided | Unreadable) else NotImplemented


def _subclass(args: tuple[Any, ...]) -> Any:
    """A tensor of a class of its own: the call that makes the plain one, and what to call it with."""
    if len(args) >= 3 and isinstance(args[0], Name) and isinstance(args[2], tuple):
        return rebuild(args[0], args[2])
    return NotImplemented


def _mapping(args: tuple[Any, ...]) -> Any:
    if not args or args[0] is None or isinstance(args[0], Name):  # a name is what a defaultdict makes new entries by
        return {}
    first = args[0]
    if isinstance(first, dict):
        return first
    pairs = [tuple(each) for each in first] if isinstance(first, list | tuple) else []
    return {key: value for key, value in (p for p in pairs if len(p) == 2) if isinstance(key, str | int)}


def _encoded(args: tuple[Any, ...]) -> Any:
    if len(args) == 2 and isinstance(args[0], str) and args[1] == "latin1":
        return args[0].encode("latin1")
    return NotImplemented


def _from_buffer(args: tuple[Any, ...]) -> Any:
    if len(args) == 4 and isinstance(args[0], bytes):
        return Made(Name("numpy", "_reconstruct"), (), (1, args[2], args[1], args[3] == "F", args[0]))
    return NotImplemented


_CALLS: dict[str, Callable[[tuple[Any, ...]], Any]] = {
    "_rebuild_tensor": _tensor,
    "_rebuild_tensor_v2": _tensor,
    "_rebuild_tensor_v3": _typed_tensor,
    "_rebuild_parameter": _same_as_first,
    "_rebuild_parameter_with_state": _same_as_first,
    "_rebuild_from_type": _subclass,
    "_rebuild_from_type_v2": _subclass,
    "_rebuild_qtensor": lambda _: Unreadable("quantised"),
    "_rebuild_sparse_tensor": lambda _: Unreadable("sparse"),
    "_rebuild_nested_tensor": lambda _: Unreadable("nested"),
    "_rebuild_meta_tensor_no_storage": lambda _: Unreadable("without numbers (on the device “meta”)"),
    "OrderedDict": _mapping,
    "defaultdict": _mapping,
    "Counter": _mapping,
    "encode": _encoded,
    "_frombuffer": _from_buffer,
    "Size": lambda args: tuple(args[0]) if args and isinstance(args[0], tuple | list) else (),
}


def array(name: str, tensor: Strided, content: bytes | None, *, big_endian: bool = False) -> NDArray[Any]:
    """A tensor's numbers, in its own type (bfloat16 as float32), read-only.

    Args:
        name: The tensor's name, for messages.
        tensor: The view.
        content: The bytes kept under its storage's key, or None where the file has none.
        big_endian: The order of bytes that the file states.

    Raises:
        InputError: A type that is not read, or numbers that are not there. How many it states is checked before.
    """
    storage, shape = tensor.storage, tensor.shape
    if not storage.dtype:
        raise InputError(f"The file's {quoted(name)} has a type that is not read. Save it as float32.")
    if len(shape) > _AXES:
        raise InputError(f"The file's {quoted(name)} has {len(shape)} axes, which no layer has. {SAVE_STATE}")
    width = _width(storage.dtype)
    there = len(content or b"") // width - storage.start
    strides = tensor.stride if math.prod(shape) else (0,) * len(shape)
    last = tensor.offset + sum((size - 1) * step for size, step in zip(shape, strides, strict=True))
    if 0 in shape:
        return np.zeros(shape, np.float32)
    if last >= min(there, storage.numel):
        raise InputError(
            f"The file states more numbers for {quoted(name)} than it holds: it is cut short or damaged. "
            "Save it again and bring that."
        )
    order = ">" if big_endian else "<"
    letters = order + ("u2" if storage.dtype == "bf16" else storage.dtype)
    flat = np.frombuffer(content or b"", np.dtype(letters), offset=storage.start * width, count=there)
    view = np.lib.stride_tricks.as_strided(
        flat[tensor.offset :], shape, [step * width for step in strides], writeable=False
    )
    return widened(view) if storage.dtype == "bf16" else view


def widened(bits: NDArray[Any]) -> NDArray[np.float32]:
    """float32 from the 16 bits of each bfloat16, which are its upper half."""
    return (np.ascontiguousarray(bits).astype(np.uint32) << 16).view(np.float32)


def numpy_array(made: Made) -> NDArray[Any] | None:
    """A NumPy array that was pickled, or None for anything else."""
    if not (isinstance(made.of, Name) and made.of.name == "_reconstruct") and not made.state:
        return None
    state = made.state
    if not isinstance(state, tuple) or len(state) != 5 or not isinstance(state[4], bytes):
        return None
    _, shape, of, by_columns, content = state
    letters = of.args[0] if isinstance(of, Made) and of.args and isinstance(of.args[0], str) else ""
    if letters not in {"f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "b1"}:
        return None
    swapped = isinstance(of, Made) and isinstance(of.state, tuple) and of.state[1:2] == (">",)
    dtype = np.dtype((">" if swapped else "<") + letters)
    if not isinstance(shape, tuple) or not _counts(shape) or len(shape) > _AXES:
        return None
    if math.prod(shape) * dtype.itemsize != len(content):
        return None
    return np.frombuffer(content, dtype).reshape(shape, order="F" if by_columns else "C")


def _width(dtype: str) -> int:
    return 2 if dtype == "bf16" else int(dtype[1:])


def _counts(values: tuple[Any, ...] | list[Any]) -> bool:
    """Whether all are whole numbers that a shape, a stride or an offset may be."""
    return all(isinstance(v, int) and not isinstance(v, bool) and 0 <= v < 2**48 for v in values)
