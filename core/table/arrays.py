"""NPY and NPZ files: numbers without anything that runs, within bounds."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from core.errors import InputError
from core.table.grid import Grid
from core.table.limits import MAX_CELLS, MAX_UNPACKED, MAX_WIDTH
from core.table.made import Column, NumberTable, Question, count, short
from core.table.nested import MOST_OPTIONS, which

__all__ = ["from_npy", "from_npz", "table_from", "turn"]

_ALL = "*"
_CUT = "The file ends before its numbers do. Save it again with np.save."


def from_npy(content: bytes) -> NDArray[np.generic]:
    """The array of an NPY file.

    Raises:
        InputError: It holds objects or complex numbers, or is cut off.
    """
    stream = io.BytesIO(content)
    try:
        version = npy.read_magic(stream)
        if version == (1, 0):
            shape, fortran, dtype = npy.read_array_header_1_0(stream)
        else:
            shape, fortran, dtype = npy.read_array_header_2_0(stream)
    except Exception as problem:  # whatever a hostile header makes NumPy raise
        raise InputError("The header of this NPY file cannot be read. Save the array again with np.save.") from problem
    if dtype.hasobject:
        raise InputError(
            "The array holds Python objects, which would have to be run to be read. Save it as numbers: "
            "np.save(file, array.astype(float))."
        )
    if dtype.kind == "c":
        raise InputError("The array holds complex numbers. Bring its real part, or the size and the angle.")
    start, size = stream.tell(), dtype.itemsize
    for n in shape:
        if n < 0:
            raise InputError(_CUT)
        size *= n
    if size > len(content) - start:
        raise InputError(_CUT)
    if 0 in shape or not size:
        raise InputError("The array is empty. Bring one with at least one number.")
    flat = np.frombuffer(content, dtype, size // dtype.itemsize, start)
    return flat.reshape(shape, order="F" if fortran else "C")


def from_npz(content: bytes, chosen: Mapping[str, str]) -> tuple[NDArray[np.generic], list[Question], list[str]]:
    """The chosen array of an NPZ file, what else there is, and what cannot be read.

    Raises:
        InputError: No array in it can be read.
    """
    arrays: dict[str, NDArray[np.generic]] = {}
    problems: dict[str, str] = {}
    left = MAX_UNPACKED
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist()[:200]:
            name = info.filename.removesuffix(".npy")
            if not info.filename.endswith(".npy"):
                continue
            if info.flag_bits & 1:
                raise InputError("The file is protected by a password. Save it without one.")
            try:
                with archive.open(info) as member:
                    part = member.read(left + 1)
                if len(part) > left:
                    raise InputError(f"It unpacks to more than {MAX_UNPACKED // 1_000_000} MB. Save fewer numbers.")
                left -= len(part)
                arrays[name] = from_npy(part)
            except InputError as problem:
                problems[name] = str(problem)
                if left <= 0 or "unpacks" in str(problem):
                    break
    fit = {name: array for name, array in arrays.items() if array.dtype.kind in "fiub" and array.ndim}
    arrays = fit or arrays
    if not arrays:
        said = [f"“{short(name, 30)}”: {why}" for name, why in problems.items()]
        raise InputError(said or "There is no array in this file. Save one with np.savez(file, x=array).")
    if (
        len(fit) > 1
        and len({(array.ndim, array.size) for array in fit.values()}) == 1
        and fit[next(iter(fit))].ndim == 1
    ):
        arrays = {_ALL: _side_by_side(fit), **fit}
    best = max(arrays, key=lambda name: (arrays[name].ndim in (1, 2, 3), arrays[name].ndim > 1, arrays[name].size))
    taken = chosen.get("array", best) if chosen.get("array", best) in arrays else best
    questions = []
    if len(arrays) > 1:
        options = tuple(
            (name, "all, side by side" if name == _ALL else f"{short(name, 24)} {_shape(array)}")
            for name, array in arrays.items()
        )
        questions = [Question("array", "Which array", options[:MOST_OPTIONS], taken)]
    notes = [f"“{short(name, 30)}” cannot be read: {why}" for name, why in problems.items()]
    return arrays[taken], questions, notes


def _side_by_side(arrays: Mapping[str, NDArray[np.generic]]) -> NDArray[np.generic]:
    """Arrays (T,) as the columns of one table."""
    joined = np.empty(len(next(iter(arrays.values()))), [(name, array.dtype) for name, array in arrays.items()])
    for name, array in arrays.items():
        joined[name] = array
    return joined


def _shape(array: NDArray[np.generic]) -> str:
    return " × ".join(map(str, array.shape)) or "1"


def table_from(
    array: NDArray[np.generic], kind: str, *, chosen: Mapping[str, str], questions: list[Question], notes: list[str]
) -> NumberTable | Grid:
    """An array as a table; one of words or dates as a grid of cells.

    Raises:
        InputError: It has too many dimensions or columns, or no numbers.
    """
    shape = _shape(array)
    if array.dtype.names:
        fields = list(array.dtype.names)
        rows = [[_exact(v) for v in row] for row in array.ravel()[: MAX_CELLS // len(fields)].tolist()]
        return Grid(fields, rows, list(range(1, len(rows) + 1)), True, notes, questions, decimal=".")
    flat = array if array.ndim <= 2 else array.reshape([n for n in array.shape if n != 1] or [1])
    if flat.ndim == 3:
        at = chosen.get("slice", "0")
        at = at if at.isdigit() and len(at) < 9 and int(at) < len(flat) else "0"
        questions, flat = [*questions, which(len(flat), at, "sequence")], flat[int(at)]
    if flat.ndim > 3:
        raise InputError(f"The array is {shape}; a sequence is steps × inputs. Bring one of its tables, such as x[0].")
    flat = flat.reshape(-1, 1) if flat.ndim < 2 else flat
    flat, turned = turn(flat, chosen)
    questions += turned
    if flat.shape[1] > MAX_WIDTH:
        raise InputError(f"The array is {shape}, with more than {MAX_WIDTH:,} columns. Bring some of them.")
    most = max(1, MAX_CELLS // flat.shape[1])
    if len(flat) > most:
        notes.append(f"Of {count(len(flat), 'row')} the first {most:,} were read.")
        flat = flat[:most]
    if array.dtype.kind not in "fiub":
        rows = [[_exact(v) for v in row] for row in flat.tolist()]
        return Grid([""] * flat.shape[1], rows, list(range(1, len(rows) + 1)), False, notes, questions, decimal=".")
    values = flat.astype(np.float64)
    if infinite := int(np.isinf(values).sum()):
        notes.append(f"{count(infinite, 'infinite number')}: counted as missing.")
        values[np.isinf(values)] = np.nan
    names = tuple(f"x{k + 1}" for k in range(values.shape[1]))
    role = "boolean" if array.dtype.kind == "b" else "number"
    columns = tuple(
        Column(name, role, missing=int(np.isnan(values[:, k]).sum()), place=k, inputs=(k,))
        for k, name in enumerate(names)
    )
    if np.isnan(values).all():
        raise InputError("The array holds no number: all its values are missing.")
    table = NumberTable(
        values, names, "", kind, columns=columns, rows=np.arange(1, len(values) + 1), questions=tuple(questions)
    )
    written = tuple((k + 1, tuple(_text(v) for v in flat[k].tolist())) for k in _some(values))
    said = f"An array of {shape}, {array.dtype.newbyteorder('=')}."
    return replace(table, written=written, notes=(said, *notes))


def turn(flat: NDArray[np.generic], chosen: Mapping[str, str]) -> tuple[NDArray[np.generic], list[Question]]:
    """A table the way it is to be read: a single row of several numbers goes down."""
    if flat.shape[1] < 2 or (len(flat) > 1 and flat.shape[1] < 4 * len(flat)):
        return flat, []
    usual = "down" if flat.shape[0] == 1 else "across"
    taken = chosen.get("turn", usual) if chosen.get("turn") in ("down", "across") else usual
    options = (
        ("across", f"{count(flat.shape[0], 'step')} of {flat.shape[1]:,}"),
        ("down", f"{flat.shape[1]:,} steps of {flat.shape[0]}"),
    )
    return (flat.T if taken == "down" else flat), [Question("turn", "Read as", options, taken)]


def _some(values: NDArray[np.float64]) -> list[int]:
    T = len(values)
    holes = np.flatnonzero(np.isnan(values).any(axis=1))
    near = [int(holes[0]) + k for k in (-1, 0, 1)] if holes.size else [2]
    return sorted(k for k in {0, 1, T - 1, *near} if 0 <= k < T)


def _exact(value: object) -> str:
    return repr(value) if isinstance(value, float) else _text(value)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float):
        return f"{value:.9g}"
    return str(value)
