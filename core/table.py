"""Reading a sequence of numbers that was typed, pasted or exported as CSV."""

from __future__ import annotations

import csv
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError

__all__ = ["MAX_CHARS", "MAX_COLUMNS", "MAX_ROWS", "NumberTable", "parse_numbers"]

MAX_ROWS = 5_000
MAX_COLUMNS = 64
MAX_CHARS = 2_000_000

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_COMMA_NUMBER = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+")
_LIKE_A_NUMBER = re.compile(r"[+-]?[.,]?\d")
_MISSING = frozenset(
    ["nan", "na", "n/a", "null", "none", "-", "--", "?", "inf", "+inf", "-inf", "infinity", "-infinity"]
)
_SEPARATORS = {"\t": "tabs", ";": "semicolons", ",": "commas", " ": "spaces"}
# The true minus and the en dash that word processors make of it; non-breaking spaces; the byte order mark.
_CLEAN = str.maketrans({"−": "-", "–": "-", "\N{NO-BREAK SPACE}": " ", "\u202f": " ", "\ufeff": None})


@dataclass(frozen=True, eq=False)
class NumberTable:
    """A sequence read from text.

    Attributes:
        values: One row for each time step, one column for each input: (T, D), finite.
        names: Name of each column, from the header or x1, x2, … (D of them).
        reading: How the text was understood, one phrase to show beside it.
    """

    values: NDArray[np.float64]
    names: tuple[str, ...]
    reading: str

    @property
    def x(self) -> NDArray[np.float64]:
        """The values as a model's input with B = 1: (T, 1, D), a view."""
        return self.values[:, None, :]


def parse_numbers(
    text: str, *, max_rows: int = MAX_ROWS, max_columns: int = MAX_COLUMNS, max_chars: int = MAX_CHARS
) -> NumberTable:
    """Read numbers from typed, pasted or CSV text: a row for each time step, a column for each input.

    Columns may be separated by tabs, semicolons, commas or spaces. A first row of words is a header. A single row of
    several numbers without a header is read downwards, as T steps of one number. A comma is a decimal comma only where
    it cannot be anything else: columns are separated by something else (or the cell is quoted), no number has a point,
    and not all of them look like thousands (1,234).

    Args:
        text: The text.
        max_rows: Most rows (time steps) allowed.
        max_columns: Most columns allowed.
        max_chars: Most characters allowed, checked before anything else.

    Raises:
        InputError: Nothing there, too much there, or every hole, word, NaN, ragged or ambiguous entry with its row
            (counted as in the text, header and empty lines included), column and mend.
    """
    if len(text) > max_chars:
        raise InputError(f"The text has {len(text):,} characters; at most {max_chars:,} can be read. Shorten it.")
    lines = re.split(r"\r\n|\r|\n", text.translate(_CLEAN).rstrip())
    skipped = next((k for k, line in enumerate(lines) if line.strip()), len(lines))
    lines = lines[skipped:]
    if not lines:
        raise InputError("There are no numbers. Type or paste at least one row, such as 0.5, −1, 2.")
    if len(lines) > max_rows + 1:  # too many even if one is a header: do not split a million of them first
        _limit(len(lines), max_rows, "rows")
    separator = _separator(lines)
    rows = [_split(line, separator) for line in lines]
    header = _header(rows[0])
    body = rows[1:] if header else rows
    if not body:
        raise InputError(
            f"There are no numbers: the only row reads “{_short(lines[0])}”. Add rows of numbers below it."
        )
    as_column = len(rows) == 1 and len(rows[0]) > 1  # a typed list
    widths = Counter(len(row) for row in body if row != [""]) or Counter([1])
    D = len(header) if header else widths.most_common(1)[0][0]
    T, D_out = (D, 1) if as_column else (len(body), D)
    _limit(T, max_rows, "rows")
    _limit(D_out, max_columns, "columns")
    first_row = skipped + (2 if header else 1)
    cells = _Cells(body)
    names = tuple(name or f"x{k}" for k, name in enumerate(header or [""] * D_out, start=1))
    repeated = [name for name, count in Counter(names).items() if count > 1]
    problems = [
        f"Row {first_row - 1} names “{_short(name)}” twice: give each column its own name." for name in repeated
    ]
    problems += _problems(cells, D, header, first_row)
    if problems:
        raise InputError(problems)
    values = np.array([[cells.number(cell) for cell in row] for row in body]).reshape(T, D_out)
    return NumberTable(values, names, _reading(values, separator, cells, header))


def _limit(count: int, most: int, what: str) -> None:
    if count > most:
        raise InputError(f"The table has {count:,} {what}; at most {most:,} can be read. Remove some.")


def _separator(lines: list[str]) -> str:
    """What stands between columns; "" where there is one column. Judged by the rows of numbers, not the header."""
    probe = lines if _LIKE_A_NUMBER.match(lines[0].lstrip(' "')) else lines[1:] or lines
    joined = "\n".join(probe)
    for separator in "\t;":
        if separator in joined:
            return separator
    spaced = any(len(line.split()) > 1 for line in probe)
    if "," in joined:
        by_space = spaced and all(_NUMBER.fullmatch(w) or _COMMA_NUMBER.fullmatch(w) for w in joined.split())
        return " " if by_space else ","
    return " " if spaced else ""


def _split(line: str, separator: str) -> list[str]:
    """The cells of one line, stripped, without quotation marks."""
    if separator == " ":
        cells = line.split() or [""]
    elif separator and '"' in line:
        try:
            cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True))
        except csv.Error:  # a quotation that is longer than csv reads: it will be reported as no number
            cells = line.split(separator)
    else:
        cells = line.split(separator) if separator else [line]
    return [cell.strip().strip('"').strip() for cell in cells]


def _header(row: list[str]) -> list[str] | None:
    """The first row if it holds names: something in it, and nothing that is or starts like a number."""
    named = [cell for cell in row if cell]
    is_data = any(_LIKE_A_NUMBER.match(cell) or cell.lower() in _MISSING for cell in named)
    return row if named and not is_data else None


class _Cells:
    """What the commas and points of a whole table say about a single cell."""

    def __init__(self, body: list[list[str]]) -> None:
        self.body = body
        commas = [cell for row in body for cell in row if "," in cell]
        self.decimal_commas = bool(commas)
        self.points = self.decimal_commas and any("." in cell and "," not in cell for row in body for cell in row)
        self.like_thousands = self.decimal_commas and all(_THOUSANDS.fullmatch(cell) for cell in commas)

    def number(self, cell: str) -> float:
        """The value of a cell that has no problem."""
        return float(cell.replace(",", "."))

    def problem(self, cell: str) -> str | None:
        """What is wrong with a cell and how to mend it, or None."""
        if _NUMBER.fullmatch(cell) and math.isfinite(float(cell)):  # nearly all are
            return None
        if not cell:
            return "is empty: write a number there, or delete the row"
        shown = f"“{_short(cell)}”"
        if cell.lower() in _MISSING:
            return f"is {shown}, which is no value: write a number there, or delete the row"
        if not (_NUMBER.fullmatch(cell) or _COMMA_NUMBER.fullmatch(cell)):
            if _THOUSANDS.fullmatch(cell.replace(".", ",")) or ("," in cell and "." in cell):
                return f"reads {shown}: write it with a decimal point and without thousands separators, such as 1234.5"
            return f"reads {shown}: write a number there, such as 0.5"
        if "," in cell and self.points:
            return f"reads {shown}, while other numbers have a decimal point: write all with a point, such as 0.5"
        if "," in cell and self.like_thousands:
            return (
                f"reads {shown}, which may be a decimal comma or thousands: write it with a point or without the comma"
            )
        if not math.isfinite(self.number(cell)):
            return f"reads {shown}, which is too large: write a number below 1e308"
        return None


def _problems(cells: _Cells, D: int, header: list[str] | None, first_row: int) -> Iterator[str]:
    """Every problem of the table, one sentence each, in reading order."""
    for r, row in enumerate(cells.body, start=first_row):
        if row == [""]:
            yield f"Row {r} is empty: write its numbers, or delete it."
            continue
        if len(row) != D:
            mend = "add what is missing" if len(row) < D else "remove what is too much"
            yield f"Row {r} has {_count(len(row), 'value')} where {D} {'is' if D == 1 else 'are'} expected: {mend}."
        for k, cell in enumerate(row[:D]):
            found = cells.problem(cell)
            if found:
                name = f" ({_short(header[k])})" if header and header[k] else ""
                yield f"Row {r}, column {k + 1}{name} {found}."


def _reading(values: NDArray[np.float64], separator: str, cells: _Cells, header: list[str] | None) -> str:
    T, D = values.shape
    parts = [f"{_count(T, 'step')} of {_count(D, 'number')}"]
    if separator:
        parts.append(f"separated by {_SEPARATORS[separator]}")
    if cells.decimal_commas:
        parts.append("with decimal commas")
    if header:
        parts.append("names from the first row")
    return ", ".join(parts)


def _count(n: int, noun: str) -> str:
    return f"{n:,} {noun}" + ("" if n == 1 else "s")


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
