"""Reading the arrays that a learner brings: NPZ, NPY, JSON, or what NumPy and PyTorch print. Nothing in them is run."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.check.names import numbered
from core.check.printed import TIDY, printed
from core.check.rounding import rounding
from core.errors import InputError
from core.table.arrays import from_npy

__all__ = ["MAX_BYTES", "Dump", "read", "read_text"]

MAX_BYTES = 20_000_000
_MAX_ARRAYS = 500
_MAX_DEPTH = 4
_Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Dump:
    """What a file holds.

    Attributes:
        arrays: By the learner's own names, as float64; one without a name is called "".
        steps: How far each number may be off, by name: half of its last digit. None for arrays saved as they are.
        single: The names whose numbers are float32.
    """

    arrays: Mapping[str, _Floats]
    steps: Mapping[str, _Floats]
    single: frozenset[str]


def read(content: bytes, filename: str = "") -> Dump:
    """Read a file of arrays by what it holds, not by what it is called.

    Args:
        content: The file.
        filename: Its name, for messages.

    Raises:
        InputError: Too large, pickled, damaged, cut short by "...", or no array in it; says how to save it instead.
    """
    if len(content) > MAX_BYTES:
        raise InputError(f"{_called(filename)} has {len(content):,} bytes; at most {MAX_BYTES:,} are read. Save fewer.")
    if content[:2] == b"PK":
        return _npz(content, filename)
    if content[:6] == b"\x93NUMPY":
        return _checked({"": _npy(content, _called(filename))}, {})
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(
            f"{_called(filename)} is neither NPZ nor text. Save it by np.savez(“dump.npz”, h=h, dW_h=dW_h, …)."
        ) from None
    return read_text(text)


def read_text(text: str) -> Dump:
    """Read JSON, or arrays as NumPy and PyTorch print them, each behind its name if it has one.

    Raises:
        InputError: As `read`.
    """
    if len(text) > MAX_BYTES:
        raise InputError(f"The text has {len(text):,} characters; at most {MAX_BYTES:,} are read. Save an NPZ instead.")
    clean = text.translate(TIDY)
    start = "".join(clean[:200].split())
    if start.startswith(("{", "[{")):
        try:
            return _json(json.loads(clean))
        except (json.JSONDecodeError, RecursionError):
            pass  # a printed dict of arrays
    arrays: dict[str, NDArray[Any]] = {}
    steps: dict[str, _Floats] = {}
    for name, array, step in printed(clean):
        if name in arrays:
            raise InputError(f"{_say(name)} stands there twice. Give each array its own name, such as dW_h = ….")
        arrays[name], steps[name] = array, step
        if len(arrays) > _MAX_ARRAYS:
            raise InputError(f"More than {_MAX_ARRAYS} arrays. Keep those to be checked.")
    return _checked(arrays, steps)


def _npz(content: bytes, filename: str) -> Dump:
    what = _called(filename)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if sum(m.file_size for m in members) > MAX_BYTES or len(members) > _MAX_ARRAYS:
                raise InputError(
                    f"{what} holds too much: at most {MAX_BYTES:,} bytes in {_MAX_ARRAYS} arrays are read."
                )
            others = [m.filename for m in members if not m.filename.endswith(".npy")]
            if others or not members:
                raise InputError(
                    f"{what} is no NPZ of NumPy (a PyTorch file, perhaps). "
                    "Save NumPy arrays: np.savez(“dump.npz”, h=h.detach().numpy(), …)."
                )
            raw = {m.filename.removesuffix(".npy"): archive.read(m) for m in members}
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as cause:
        raise InputError(f"{what} is damaged. Save it again by np.savez.") from cause
    arrays = {name: _npy(data, _say(name)) for name, data in raw.items()}
    return _checked({name: array for name, array in arrays.items() if array.dtype.kind not in "US"}, {})


def _npy(content: bytes, what: str) -> NDArray[Any]:
    try:
        return from_npy(content)
    except InputError as cause:
        raise InputError(f"{what}: {cause}") from cause


def _json(found: Any) -> Dump:
    arrays: dict[str, _Floats] = {}
    steps: dict[str, _Floats] = {}
    for name, value in _flat(found, "", 0):
        if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
            continue  # words, such as labels
        try:
            arrays[name] = np.array(value, np.float64)
        except (ValueError, TypeError) as cause:
            raise InputError(
                f"{_say(name)} is no array of real numbers, or has rows of different lengths. "
                "Give every row the same length, and numbers alone."
            ) from cause
        tokens = [repr(number).removesuffix(".0") for number in arrays[name].ravel().tolist()]
        steps[name] = rounding(tokens).reshape(arrays[name].shape)
    return _checked(arrays, steps)


def _flat(found: Any, before: str, depth: int) -> Iterator[tuple[str, Any]]:
    """Each list in a JSON text by its name; what stands step by step is put together, a list for each quantity."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(found, dict) and len(found) > 1 and (steps := numbered(found)) is not None:
        found = [found[name] for name in steps]
    if isinstance(found, list) and found and all(isinstance(step, dict) for step in found):
        names = [name for name in found[0] if all(name in step for step in found)]
        found = {name: [step[name] for step in found] for name in names}
    if isinstance(found, dict):
        for name, value in found.items():
            yield from _flat(value, f"{before}.{name}" if before else str(name), depth + 1)
    elif isinstance(found, list | int | float) and not isinstance(found, bool):
        yield before, found


def _checked(arrays: Mapping[str, NDArray[Any]], steps: Mapping[str, _Floats]) -> Dump:
    if not arrays:
        raise InputError("There are no arrays. Paste one, such as dW_h = [[0.1, −0.2], [0.3, 0.4]], or save an NPZ.")
    problems = [
        f"{_say(name)} is no array of real numbers ({array.dtype}). Save it as floats."
        for name, array in arrays.items()
        if array.dtype.kind not in "fiub"
    ]
    problems += [f"{_say(name)} is empty." for name, array in arrays.items() if array.size == 0]
    if problems:
        raise InputError(problems)
    single = {name for name, array in arrays.items() if _is_single(array)}
    floats = {name: np.asarray(array, np.float64) for name, array in arrays.items()}
    return Dump(floats, {name: step for name, step in steps.items() if step.any()}, frozenset(single))


def _is_single(array: NDArray[Any]) -> bool:
    """Whether numbers were made in float32: by their type, or since float32 holds them all and they are not round."""
    if array.dtype.kind != "f" or array.dtype.itemsize <= 4:
        return array.dtype.kind == "f"
    finite = array[np.isfinite(array)]
    with np.errstate(over="ignore"):
        fits = np.array_equal(finite.astype(np.float32).astype(array.dtype), finite)
    return bool(fits and np.any(finite * 1024 % 1))


def _called(filename: str) -> str:
    return f"“{filename}”" if filename else "The file"


def _say(name: str) -> str:
    return f"“{name}”" if name else "The array"
