"""What a reader gives: a table of numbers, what was understood of the file, and what may be asked about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

__all__ = ["Column", "NumberTable", "Question", "count", "listing", "short"]


@dataclass(frozen=True)
class Question:
    """Something that could be read in two ways: which was taken, and what else there is.

    Attributes:
        key: What `read(..., chosen={key: value})` answers it by.
        asks: What it is about, in words.
        options: Value and label of each answer.
        taken: The value that was taken.
    """

    key: str
    asks: str
    options: tuple[tuple[str, str], ...]
    taken: str


@dataclass(frozen=True)
class Column:
    """One column of the file.

    Attributes:
        name: From the header, or x1, x2, …
        role: "number", "boolean", "date", "index", "id", "text", "category" or "empty".
        why: Why it is left out; "" where it is read as numbers.
        unit: The unit that its cells bear, such as "°C".
        missing: How many of its cells have no value.
        place: Its place in the file, from 0.
        inputs: Which columns of the values it became; none where it is left out.
    """

    name: str
    role: str
    why: str = ""
    unit: str = ""
    missing: int = 0
    place: int = 0
    inputs: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class NumberTable:
    """A sequence read from text or from a file.

    Attributes:
        values: One row for each time step, one column for each input: (T, D). NaN where a value misses, else finite.
        names: Name of each column, from the header or x1, x2, … (D of them).
        reading: How it was understood, one phrase to show beside it.
        kind: What the file is, such as "CSV" or "NumPy array".
        encoding: How its letters are written, such as "UTF-8"; "" for a file that is no text.
        separator: What stands between columns; "" where nothing does.
        decimal: The decimal sign, "." or ",".
        header: Whether names came from the file.
        columns: Every column of the file with its role, those that are left out too.
        rows: Row of the file, counted from 1, that each step came from (T,).
        notes: What was left out, filled or changed, one sentence each.
        questions: What could be read in another way.
        problems: Why numbers that were typed and must be complete are refused.
        source: A text that `read_text` reads as this table: the file's own, or its cells; "" for an array.
        written: Some rows as the file writes them: the row's number and its cells.
    """

    values: NDArray[np.float64]
    names: tuple[str, ...]
    reading: str
    kind: str = "text"
    encoding: str = ""
    separator: str = ""
    decimal: str = "."
    header: bool = False
    columns: tuple[Column, ...] = ()
    rows: NDArray[np.intp] = field(default_factory=lambda: np.zeros(0, np.intp))
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    problems: tuple[str, ...] = ()
    source: str = ""
    written: tuple[tuple[int, tuple[str, ...]], ...] = ()

    @property
    def x(self) -> NDArray[np.float64]:
        """The values as a model's input with B = 1: (T, 1, D), a view."""
        return self.values[:, None, :]

    @property
    def missing(self) -> Mapping[str, tuple[int, ...]]:
        """Rows of the file where a column of numbers has no value, by the column's name."""
        holes = np.isnan(self.values)
        found = {name: tuple(self.rows[holes[:, k]].tolist()) for k, name in enumerate(self.names) if holes[:, k].any()}
        return MappingProxyType(found)

    @property
    def left_out(self) -> Mapping[str, str]:
        """Why each column that is not among the numbers was left out, by its name."""
        return MappingProxyType({column.name: column.why for column in self.columns if column.why})


def count(n: int, noun: str) -> str:
    """A number with its noun: 1 row, 2 rows."""
    return f"{n:,} {noun}" + ("" if n == 1 else "s")


def short(text: str, most: int = 40) -> str:
    """A quotation that fits a sentence."""
    flat = " ".join(text.split()) if len(text) < 10 * most else " ".join(text[: 10 * most].split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def listing(noun: str, places: list[int]) -> str:
    """Places in a few words: row 4; rows 4, 9; rows 4, 9, 12, …."""
    shown = ", ".join(map(str, places[:3])) + (", …" if len(places) > 3 else "")
    return f"{noun} {shown}" if len(places) == 1 else f"{noun}s {shown}"
