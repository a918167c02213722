"""Reading the arrays that a learner brings: NPZ, NPY, JSON, or what NumPy and PyTorch print. Nothing in them is run."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError

__all__ = ["MAX_BYTES", "Dump", "read", "read_text"]

MAX_BYTES = 20_000_000
_MAX_ARRAYS = 200
_MAX_DEPTH = 4
_Floats = NDArray[np.float64]

_NAME = re.compile(r"[\"']?([A-Za-z_∂δ][\w.∂/~]*)[\"']?\s*[:=]?\s*$")
_CALLS = re.compile(r"(?<![\w.])(?:[A-Za-z_][\w.]*\s*\(\s*)+$|Parameter containing:?\s*$")
# what stands behind the array before: , dtype=float32) and the like
_AFTER = re.compile(r"\b(dtype|device|grad_fn|requires_grad)\s*=\s*('[^']*'|<[^>]*>+|[\w.]+)\s*,?|^[\s,)]+")
_TOKEN = re.compile(r"[\[\]]|[^\s,\[\]]+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_WORDS = {"nan": np.nan, "inf": np.inf, "-inf": -np.inf, "infinity": np.inf, "null": np.nan, "none": np.nan}
_TIDY = str.maketrans({"−": "-", "–": "-", "\N{NO-BREAK SPACE}": " ", "\ufeff": None})
_NOT_NAMES = frozenset({"array", "tensor", "parameter", "containing", "parameter_containing", "np", "print"})


@dataclass(frozen=True, eq=False)
class Dump:
    """What a file holds.

    Attributes:
        arrays: By the learner's own names, as float64; one without a name is called "".
        steps: How far a printed number may be off, by name: half of its last digit; 0 where nothing was rounded.
        single: The names whose numbers are float32.
    """

    arrays: Mapping[str, _Floats]
    steps: Mapping[str, float]
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
    clean = text.translate(_TIDY)
    if clean.lstrip()[:1] == "{":
        try:
            return _json(json.loads(clean))
        except (json.JSONDecodeError, RecursionError):
            pass  # a printed dict of arrays
    arrays: dict[str, _Floats] = {}
    steps: dict[str, float] = {}
    for name, body in _printed(clean):
        if name in arrays:
            raise InputError(f"{_say(name)} stands there twice. Give each array its own name, such as dW_h = ….")
        arrays[name], steps[name] = _parsed(name, body)
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
    return _checked({name: _npy(data, _say(name)) for name, data in raw.items()}, {})


def _npy(content: bytes, what: str) -> NDArray[Any]:
    try:
        array = np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError, OSError, SyntaxError, MemoryError) as cause:
        raise InputError(
            f"{what} can't be read without running it (objects, or damaged). Save plain arrays: np.asarray(…, float)."
        ) from cause
    return np.asarray(array)


def _json(found: Any) -> Dump:
    if not isinstance(found, dict):
        raise InputError("The JSON is no object. Write {“h”: [[…]], “dW_h”: [[…]]}.")
    arrays: dict[str, Any] = {}
    for name, value in _flat(found):
        try:
            arrays[name] = np.asarray(value)
        except ValueError as cause:
            raise InputError(f"{_say(name)} has rows of different lengths. Give every row the same length.") from cause
    return _checked(arrays, {})


def _flat(found: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    for name, value in found.items():
        if isinstance(value, dict) and depth < _MAX_DEPTH:
            yield from _flat(value, f"{before}{name}.", depth + 1)
        elif isinstance(value, list):
            yield f"{before}{name}", value


def _printed(text: str) -> Iterator[tuple[str, str]]:
    """Each array in the text: the name before it, and its text from the first bracket to the last."""
    at = 0
    while (opened := text.find("[", at)) >= 0:
        depth, end = 0, opened
        for end in range(opened, len(text)):
            depth += (text[end] == "[") - (text[end] == "]")
            if depth == 0:
                break
        if depth:
            raise InputError("A bracket [ is never closed. Paste the whole print.")
        lines = [line for line in text[at:opened].split("\n") if line.strip()]
        yield _name(lines), text[opened : end + 1]
        at = end + 1


def _name(lines: list[str]) -> str:
    """The name that the last lines before a bracket give."""
    for line in reversed(lines[-2:]):
        plain = _AFTER.sub("", line)
        found = _NAME.search(_CALLS.sub("", plain))
        if found:
            return "" if found[1].lower() in _NOT_NAMES else found[1]
    return ""


def _parsed(name: str, body: str) -> tuple[_Floats, float]:
    """The numbers of one print, and half of its last digit."""
    if "..." in body or "…" in body:
        raise InputError(
            f"{_say(name)} is cut short by “...”. Print it whole: np.set_printoptions(threshold=10**6, precision=12), "
            "in PyTorch torch.set_printoptions(profile=“full”, precision=12)."
        )
    shape: dict[int, set[int]] = {}
    counts, values, decimals = [0], [], 0
    rounded = False
    for token in _TOKEN.findall(body):
        if token == "[":
            counts.append(0)
        elif token == "]":
            shape.setdefault(len(counts) - 1, set()).add(counts.pop())
            counts[-1] += 1
        else:
            value, places = _number(name, token)
            values.append(value)
            counts[-1] += 1
            decimals = max(decimals, places)
            rounded = rounded or places > 0
    sizes = [shape[depth] for depth in sorted(shape)]
    if any(len(size) > 1 for size in sizes) or len(sizes) > _MAX_DEPTH:
        raise InputError(f"{_say(name)} has rows of different lengths. Give every row the same length.")
    lengths = tuple(size.pop() for size in sizes)
    if int(np.prod(lengths)) != len(values):
        raise InputError(f"{_say(name)} has numbers beside its brackets. Paste the print as it is.")
    array = np.array(values, np.float64).reshape(lengths)
    return array, 0.5 * 10.0**-decimals if rounded and decimals < 14 else 0.0


def _number(name: str, token: str) -> tuple[float, int]:
    """A number and its decimal places, those of its exponent with them."""
    found = _NUMBER.fullmatch(token)
    if found is None:
        if token.lower() in _WORDS:
            return float(_WORDS[token.lower()]), 0
        raise InputError(f"{_say(name)} has “{token[:30]}” where a number should be. Paste numbers alone.")
    mantissa, exponent = found[1], found[2]
    places = len(mantissa.partition(".")[2]) - (int(exponent[1:]) if exponent else 0)
    return float(token), max(places, 0) if "." in mantissa else 0


def _checked(arrays: Mapping[str, NDArray[Any]], steps: Mapping[str, float]) -> Dump:
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
    return Dump(floats, {name: steps.get(name, 0.0) for name in arrays}, frozenset(single))


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
