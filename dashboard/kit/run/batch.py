"""Several sequences at once, one of them shown: an array of three axes, blocks of rows, or a sentence a line.

Their rows stand one after the other in one table, so that columns, holes and scale are chosen once for all; how many
rows each has divides them again. Nothing here knows Streamlit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.params import Array
from core.table import Question
from core.table.arrays import from_npy, from_npz
from dashboard.kit.run.given import Batch
from dashboard.kit.run.settings import MAX_STATES, MAX_STEPS, Settings

MOST = 256
"""Sequences in a batch."""
MAX_ROWS = 20_000
"""Steps of all of them together."""

Floats = NDArray[np.float64]


def divided(settings: Settings, rows: int) -> tuple[int, ...]:
    """How many of so many rows each sequence has: those that are set, or equal parts of the one number that is.

    Raises:
        InputError: They do not add up, or there are too many.
    """
    sizes = settings.sizes
    if len(sizes) == 1 and rows % sizes[0] == 0:
        sizes = sizes * (rows // sizes[0])
    if sum(sizes) != rows or not sizes:
        wanted = f"{sum(sizes):,} rows in {len(sizes)} sequences" if sizes else "no rows"
        raise InputError(
            f"The batch has {rows:,} rows, and “Rows of each sequence” divides {wanted}. Give one number that divides "
            f"{rows:,}, or the rows of each sequence."
        )
    return must_fit(sizes)


def must_fit(sizes: Sequence[int]) -> tuple[int, ...]:
    """The steps of each sequence, where they are not too many.

    Raises:
        InputError: They are.
    """
    if len(sizes) > MOST:
        raise InputError(f"The batch has {len(sizes):,} sequences; at most {MOST} fit. Take fewer of them.")
    if max(sizes) > MAX_STEPS or sum(sizes) > MAX_ROWS:
        raise InputError(
            f"The batch has {sum(sizes):,} steps, {max(sizes):,} in one sequence; at most {MAX_ROWS:,} fit, and "
            f"{MAX_STEPS:,} in one. Take fewer or shorter sequences."
        )
    return tuple(sizes)


def made(x: Array, y: Array, sizes: Sequence[int], b: int) -> Batch:
    """Rows one after the other (N, 1, D) as a batch (T, B, D), zeros in the padding.

    Args:
        x: The rows.
        y: Target, in the form `core.network.run` takes.
        sizes: Steps of each sequence; they add up to N.
        b: Which sequence is shown, from 0.
    """
    T, B = max(sizes), len(sizes)
    padded = np.zeros((T, B, x.shape[2]), x.dtype)
    for k, rows in enumerate(np.split(x[:, 0], np.cumsum(sizes)[:-1])):
        padded[: len(rows), k] = rows
    return Batch(padded, y, np.asarray(sizes, np.intp), b)


def must_be_computed(batch: Batch, units: int) -> None:
    """Say what is too much to compute.

    Raises:
        InputError: More states than one run may have.
    """
    T, B = batch.x.shape[:2]
    if T * B * units > MAX_STATES:
        raise InputError(
            f"{B} sequences of up to {T:,} steps and {units:,} units are {T * B * units:,} states; at most "
            f"{MAX_STATES:,} are computed. Take fewer or shorter sequences, or fewer units."
        )


def blocks(typed: str) -> tuple[str, tuple[int, ...]] | None:
    """Typed rows without the blank lines between them, and how many stood in each block; None for a single block.

    A first row without any digit is a header and no step.
    """
    parts = [part.splitlines() for part in re.split(r"\n\s*\n", typed.strip()) if part.strip()]
    if len(parts) < 2:
        return None
    header = not re.search(r"\d", parts[0][0])
    sizes = [len(part) - (header and not k) for k, part in enumerate(parts)]
    return ("\n".join(line for part in parts for line in part), tuple(sizes)) if min(sizes) > 0 else None


def of_file(
    content: bytes, name: str, chosen: Mapping[str, str]
) -> tuple[list[Floats], Question, list[Question], str] | None:
    """The sequences of an array of three axes, how else its axes can be read, and what else is in the file.

    Returns:
        The sequences (T, D), the question about the axes, further ones, and what is said of padding; None for any other
        file, and where a single one of its sequences is asked for.
    """
    found = _array(content, name, chosen)
    if found is None:
        return None
    sequences, others = found
    rows = sequences[0].shape[0]
    asks = [("batch", f"{len(sequences)} sequences of {rows} steps")]
    equal = len({len(each) for each in sequences}) == 1
    if equal:
        asks.append(("time", f"{rows} sequences of {len(sequences)} steps"))
    question = Question("axes", "Read as", (*asks, ("one", "one of them")), chosen.get("axes", "batch"))
    if question.taken == "one":
        return [], question, others, ""
    if question.taken == "time" and equal:
        sequences = list(np.stack(sequences).transpose(1, 0, 2))
    shorter = [_unpadded(each) for each in sequences]
    if len({len(each) for each in shorter}) > 1 and equal:
        return shorter, question, others, "Rows of zeros or holes at the ends were taken for padding and left out."
    return sequences, question, others, ""


def _array(content: bytes, name: str, chosen: Mapping[str, str]) -> tuple[list[Floats], list[Question]] | None:
    ending, questions = PurePath(name).suffix.lower(), list[Question]()
    with suppress(InputError, ValueError, TypeError, RecursionError, OSError, KeyError):
        if ending == ".npy":
            array = from_npy(content)
        elif ending == ".npz":
            array, questions, _ = from_npz(content, chosen)
        elif ending == ".json":
            return _listed(json.loads(content))
        else:
            return None
        if array.ndim == 3 and array.dtype.kind in "fiub" and min(array.shape[:2]) > 1:
            return list(array.astype(np.float64)), questions
    return None


def _listed(value: object) -> tuple[list[Floats], list[Question]] | None:
    """Lists of lists of lists; the sequences may differ in length."""
    if not isinstance(value, list) or not all(isinstance(each, list) for each in value):
        return None
    sequences = [np.asarray(each, np.float64) for each in value]
    alike = (
        len(sequences) > 1 and {each.ndim for each in sequences} == {2} and len({e.shape[1] for e in sequences}) == 1
    )
    return (sequences, []) if alike else None


def _unpadded(rows: Floats) -> Floats:
    """A sequence without rows of zeros, or of holes, at its end; one row stays."""
    real = np.flatnonzero((np.nan_to_num(rows) != 0).any(axis=1))
    return rows[: int(real[-1]) + 1] if real.size else rows[:1]
