"""Rows of cells to a grid: where the table begins, what its header is, and which rows are none of its rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise, takewhile

from core.errors import InputError
from core.table import dates
from core.table.cells import clean, is_missing, numeric
from core.table.limits import MAX_CELLS
from core.table.made import Question, count, listing, short

__all__ = ["RAGGED", "TOTALS", "Grid", "grid_of"]

_SUMS = (
    "total|totals|grand total|sum|subtotal|mean|average|avg|median|min|max|minimum|maximum|std|std dev|count"
    "|summe|gesamt|mittelwert|mittel|durchschnitt|moyenne|somme"
)
TOTALS = frozenset(_SUMS.split("|"))
_TYPE = re.compile(r"<\w+>|[fiu](?:8|16|32|64)|u?int[0-9]*|float[0-9]*|double|(?:big|small)int|integer|bool(?:ean)?"
                   r"|str|string|object|varchar|date|datetime(?:\[[^\]]*\])?|timestamp|time")  # fmt: skip
_LIKE_A_NUMBER = re.compile(r"[+-]?[.,]?[0-9]")
RAGGED = 0.2  # share of the rows that may have too many cells


@dataclass
class Grid:
    """Cells in rows of one width.

    Attributes:
        names: Name of each column; "" where it has none.
        rows: The cells.
        numbers: Row of the file of each row, from 1.
        header: Whether the names came from the file.
        notes: What was left out or changed.
        questions: What could be read in another way.
        index: Whether the first column stands outside the header, as R and pandas write row names.
        decimal: The decimal sign where the kind of file fixes it.
        strict: Problems that a typed table is refused for.
    """

    names: list[str]
    rows: list[list[str]]
    numbers: list[int]
    header: bool = False
    notes: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    index: bool = False
    decimal: str | None = None
    strict: list[str] = field(default_factory=list)


def grid_of(
    rows: list[list[str]], numbers: list[int], *, chosen: Mapping[str, str], before: str = "", wide: bool = False
) -> Grid:
    """Find the table in some rows.

    Args:
        rows: Cells of every row, of any length.
        numbers: Row of the file of each, from 1.
        chosen: Answers to questions, see `Question`.
        before: The last comment before the rows: it may be the header.
        wide: Whether empty cells at the end of a row are no reason to think of a ragged one.

    Raises:
        InputError: No rows, or too many of different lengths.
    """
    grid = Grid([], [], [])
    rows, numbers = _filled(grid, rows, numbers)
    if not rows:
        raise InputError("There are no numbers. Type or paste at least one row, such as 0.5, −1, 2.")
    width = _width(rows)
    if sum(map(len, rows)) + width * len(rows) > 4 * MAX_CELLS:
        raise InputError(
            f"The table has rows of up to {max(map(len, rows)):,} cells, which is too much. Choose columns."
        )
    start = _start(rows, width)
    if start and _words(rows[start - 1]) and len(rows[start - 1]) > width and _data(rows[start]):
        start, width = start - 1, len(rows[start - 1])  # a header over columns that end in empty cells
    names, body = _header(grid, rows, start, width, chosen, before)
    width = max(width, len(names))
    if start:
        said = "; ".join(short(" ".join(filter(None, row)), 30) for row in rows[:start][:3])
        grid.notes.append(f"{count(start, 'line')} before the table left out: {said}.")
    grid.rows, grid.numbers = rows[body:], numbers[body:]
    if grid.header and grid.rows and body > start:
        _repeated(grid, rows[body - 1])
    _totals(grid, width, chosen)
    _even(grid, width, wide)
    grid.names = names + [""] * (width - len(names))
    if not grid.rows:
        shown = short(" ".join(rows[0]))
        raise InputError(f"There are no numbers: the only row reads “{shown}”. Add rows of numbers below it.")
    return grid


def _filled(grid: Grid, rows: list[list[str]], numbers: list[int]) -> tuple[list[list[str]], list[int]]:
    """The rows with something in them."""
    full = [k for k, row in enumerate(rows) if any(row)]
    if not full:
        return [], []
    full = _largest(grid, rows, full)
    inner = [k for k in range(full[0], full[-1] + 1) if not any(rows[k])]
    if inner:
        grid.notes.append(f"{count(len(inner), 'empty row')} left out.")
        grid.strict += [f"Row {numbers[k]} is empty: write its numbers, or delete it." for k in inner]
    return [rows[k] for k in full], [numbers[k] for k in full]


def _largest(grid: Grid, rows: list[list[str]], full: list[int]) -> list[int]:
    """The rows of the largest table, where an empty row and a header of its own divide several."""
    cuts = [k for k in range(1, len(full) - 1) if full[k] > full[k - 1] + 1]
    cuts = [k for k in cuts if len(rows[full[k]]) > 1 and _words(rows[full[k]]) and _data(rows[full[k + 1]])]
    cuts = [k for k in cuts if _data(rows[full[k - 1]])]
    if not cuts:
        return full
    parts = [full[a:b] for a, b in pairwise([0, *cuts, len(full)])]
    largest = max(parts, key=len)
    others = count(len(parts) - 1, "smaller table")
    grid.notes.append(f"{others} in the file left out, from row {next(p for p in parts if p is not largest)[0] + 1}.")
    return largest


def _width(rows: list[list[str]]) -> int:
    """How many cells a row of the table has: the most common count, rows of one note apart."""
    widths = Counter(len(row) - _tail(row) for row in rows)
    widths.update({len(row): 0 for row in rows})
    common = max(widths.items(), key=lambda item: (item[1], item[0]))[0]
    ends = Counter(len(row) for row in rows if len(row) - _tail(row) <= common <= len(row))
    return min(ends, key=lambda w: (w < common, w)) if ends else common


def _tail(row: list[str]) -> int:
    """Empty cells at the end."""
    k = 0
    while k < len(row) - 1 and not row[-1 - k]:
        k += 1
    return k


def _start(rows: list[list[str]], width: int) -> int:
    """The row where the table begins: the first of its width, or a header above it that is one name short."""
    fits = [k for k, row in enumerate(rows) if len(row) == width and sum(map(bool, row)) > (width > 2) * width / 3]
    if not fits:
        return 0
    first = fits[0]
    # A header that is one cell short stands above row names.
    if first and len(rows[first - 1]) == width - 1 and width > 1 and _words(rows[first - 1]) and _data(rows[first]):
        return first - 1
    if first and width == 1:
        return 0
    return first


def _plain(cell: str) -> bool:
    """Whether a cell is a value: a number, a date, or a word for a missing one."""
    cell = clean(cell)
    return numeric(cell) or dates.is_date(cell)


def _words(row: list[str]) -> bool:
    """Whether a row holds names: something in it, and no value."""
    named = [cell for cell in row if cell]
    if not named or any(map(_plain, named)):
        return False
    return not all(is_missing(cell) or _LIKE_A_NUMBER.match(cell) for cell in named)


def _data(row: list[str]) -> bool:
    return any(map(_plain, row))


def _header(
    grid: Grid, rows: list[list[str]], start: int, width: int, chosen: Mapping[str, str], before: str
) -> tuple[list[str], int]:
    """The names, and the first row of the body."""
    at = start
    while at < len(rows) and at < start + 5 and _words(rows[at]) and at < len(rows) - 1:
        if at > start and not _continues(rows, at):
            break
        at += 1
    lines = rows[start:at]
    if not lines and len(rows) - start > 1 and (usual := _counted(rows[start], rows[start + 1])):
        taken = chosen.get("header", usual)
        grid.questions.append(Question("header", "The first row", (("yes", "names"), ("no", "numbers")), taken))
        if taken == "yes":
            lines, at = [rows[start]], start + 1
    if not lines and len(rows) - start == 1 and _words(rows[start]):
        lines, at = [rows[start]], start + 1
    if not lines:
        names = _from_comment(before, width)
        grid.header = bool(names)
        return names, start
    grid.header = True
    if width == 1 and len(lines) > 1:
        said = "; ".join(short(line[0], 30) for line in lines[:-1])
        grid.notes.append(f"{count(len(lines) - 1, 'line')} before the table left out: {said}.")
        lines = lines[-1:]
    if len(lines[-1]) == width - 1 and width > 1:
        grid.index = True
        return ["", *_joined(lines)], at
    return _joined(lines), at


def _continues(rows: list[list[str]], at: int) -> bool:
    """Whether a second row of words belongs to the header: the body below holds numbers where it holds words."""
    below = next((row for row in rows[at + 1 : at + 6] if _data(row)), None)
    if below is None:
        return False
    pairs = [(above, under) for above, under in zip(rows[at], below, strict=False) if above]
    return bool(pairs) and any(_plain(under) for _, under in pairs)


def _counted(first: list[str], second: list[str]) -> str:
    """Whether a row with numbers is a header, "yes" or hardly ("no"): 0, 1, 2, … or years, after words or nothing."""
    k = next((k for k, cell in enumerate(first) if cell.isdigit()), len(first))
    digits = list(takewhile(re.compile(r"[0-9]{1,4}").fullmatch, first[k:]))
    words, rest, tail = first[:k], list(map(int, digits)), list(filter(None, first[k + len(digits) :]))
    if len(rest) < 1 + (k != 1) or len(second) < len(first) or any(map(_plain, tail)):
        return ""
    years = all(1500 < n < 2200 for n in rest)
    if tail and not (years and k):  # such as a total behind the years
        return ""
    if not {b - a for a, b in pairwise(rest)} <= {1} or not (years or rest[0] in (0, 1)):
        return ""
    if not k and len(rest) == 2:
        return "no" if rest == [0, 1] and not all(map(str.isdigit, second)) else ""
    if not k:
        below = [cell.isdigit() and (int(cell) in range(1500, 2200) or not years) for cell in second]
        return "" if all(below) else "yes" if years or not rest[0] else ""
    if k == 1 and not words[0]:
        return "yes"
    return "yes" if years and k < 4 and all(words) and _words(words) and not any(map(is_missing, words)) else ""


def _joined(lines: list[list[str]]) -> list[str]:
    """One name for each column from one or more lines; a line of types, as polars and DuckDB have it, names nothing."""
    lines = [line for k, line in enumerate(lines) if not k or not all(map(_TYPE.fullmatch, filter(None, line)))]
    if len(lines) == 1:
        return [short(cell, 60) for cell in lines[0]]
    width = max(map(len, lines))
    filled = []
    for k, line in enumerate(lines):
        last, row = "", []
        for cell in line + [""] * (width - len(line)):
            last = cell or (last if k < len(lines) - 1 else "")
            row.append(last)
        filled.append(row)
    names = []
    for parts in zip(*filled, strict=True):
        kept = [p for p in dict.fromkeys(parts) if p and not re.match(r"Unnamed: [0-9]", p)]
        names.append(short(" ".join(kept), 60))
    return names


def _from_comment(before: str, width: int) -> list[str]:
    """Names that stand in a comment right before the numbers, as NumPy's savetxt writes them."""
    bare = before.lstrip("#%/!-@ ").strip()
    for separator in (",", ";", "\t", "|", None):
        names = [name.strip() for name in bare.split(separator)]
        if len(names) == width and (width > 1 or re.fullmatch(r"\w+", bare)) and _words(names):
            return names
    return []


def _repeated(grid: Grid, header: list[str]) -> None:
    again = [k for k, row in enumerate(grid.rows) if row == header]
    if again:
        where = listing("row", [grid.numbers[k] for k in again])
        grid.notes.append(f"The header stands again in {where}: left out.")
        _drop(grid, set(again))


def _totals(grid: Grid, width: int, chosen: Mapping[str, str]) -> None:
    """Leave out sums at the end, and what is a remark rather than a row."""
    remarks = []
    while len(grid.rows) > 1 and width > 1 and _remark(grid.rows[-1], width):
        remarks.append(" ".join(filter(None, grid.rows.pop())))
        grid.numbers.pop()
    if remarks:
        grid.notes.append(f"{count(len(remarks), 'line')} below the table left out: {short(remarks[-1], 30)}.")
    last = [k for k in range(max(1, len(grid.rows) - 6), len(grid.rows)) if _total(grid.rows[k])]
    if not last or last[-1] != len(grid.rows) - 1 or len(grid.rows) < 2 * len(last) + 1:
        return
    taken = chosen.get("totals", "leave out")
    label = short(next(cell for cell in grid.rows[last[0]] if cell), 20)
    grid.questions.append(
        Question("totals", f"“{label}” at the end", (("leave out", "leave out"), ("keep", "keep")), taken)
    )
    if taken != "keep":
        grid.notes.append(
            f"{listing('Row', [grid.numbers[k] for k in last])} (“{label}”) left out: no step of its own."
        )
        _drop(grid, set(last))


def _remark(row: list[str], width: int) -> bool:
    full = [cell for cell in row if cell]
    return (
        len(full) == 1
        and bool(row[0])
        and not _plain(row[0])
        and not is_missing(row[0])
        and (len(row) < width or width > 2)
        and not _total(row)
    )


def _total(row: list[str]) -> bool:
    named = next((cell for cell in row if cell), "").rstrip(":").lower()
    return named in TOTALS and any(map(_plain, row))


def _drop(grid: Grid, which: set[int]) -> None:
    grid.rows = [row for k, row in enumerate(grid.rows) if k not in which]
    grid.numbers = [n for k, n in enumerate(grid.numbers) if k not in which]


def _even(grid: Grid, width: int, wide: bool) -> None:
    """Rows of one width: short ones are filled up, long ones left out, and it is said."""
    few, many = [], []
    for k, row in enumerate(grid.rows):
        if len(row) > width:
            while len(row) > width and not row[-1]:
                row.pop()
            if len(row) > width:
                many.append(k)
        elif len(row) < width:
            if not wide:
                few.append(k)
            row += [""] * (width - len(row))
    expected = f"{width} {'is' if width == 1 else 'are'} expected"
    for k in few:
        cells = sum(map(bool, grid.rows[k]))
        grid.strict.append(f"Row {grid.numbers[k]} has {count(cells, 'value')} where {expected}: add what is missing.")
    for k in many:
        cells = len(grid.rows[k])
        grid.strict.append(
            f"Row {grid.numbers[k]} has {count(cells, 'value')} where {expected}: remove what is too much."
        )
    if len(many) > max(2, RAGGED * len(grid.rows)):
        shown = listing("row", [grid.numbers[k] for k in many])
        raise InputError(
            f"The rows have different lengths: {count(len(many), 'row')} ({shown}) have more than the {width} cells of "
            "the others. Look for a comma inside a number or a missing quotation mark."
        )
    if few:
        where = listing("row", [grid.numbers[k] for k in few])
        grid.notes.append(f"{where.capitalize()} {_has(few)} fewer than {width} cells: the rest counts as missing.")
    if many:
        where = listing("row", [grid.numbers[k] for k in many])
        grid.notes.append(
            f"{where.capitalize()} {_has(many)} more than {width} cells: left out. Look for a comma inside a number."
        )
        _drop(grid, set(many))


def _has(places: list[int]) -> str:
    return "has" if len(places) == 1 else "have"
