"""Columns of cells to columns of numbers: which role each has, what is missing, what is left out and why."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.table import dates, moments, notation, typed
from core.table.cells import TRUTH, clean, is_infinite, is_missing
from core.table.grid import Grid
from core.table.limits import MAX_KINDS, SHOWN_ROWS
from core.table.made import Column, NumberTable, Question, count, short

__all__ = ["DIGITS", "SAMPLE", "Floats", "Read", "table_of"]

Floats = NDArray[np.float64]

_INDEX = re.compile(r"(unnamed: ?0.*|index|id|idx|#|no\.?|nr\.?|row|rowid|row_?id|row_?num(ber)?|obs|)", re.IGNORECASE)
_CODE = re.compile(r"(.*\b|.*_)(zip|plz|postcode|postal|phone|tel|iban|isbn|ean|sku)(\b.*|_.*|code)?", re.IGNORECASE)
_ZEROS = re.compile(r"[+-]?0[0-9]+")
_SENTINEL = re.compile(r"-9{2,}(\.[09]+)?|-99\.9+")
SAMPLE = 2_000  # cells that are asked whether they are dates
DIGITS = 15  # that a float holds exactly


@dataclass(eq=False)
class Read:
    """What is read of the columns so far."""

    grid: Grid
    sign: str
    chosen: Mapping[str, str]
    columns: list[Column]
    values: list[Floats]
    names: list[str]
    notes: list[str]
    questions: list[Question]
    strict: list[str]

    def add(self, column: Column, values: Floats, *names: str) -> None:
        """Take a column among the numbers, as one or more of them."""
        parts = values.reshape(len(self.grid.rows), -1)
        inputs = tuple(range(len(self.names), len(self.names) + parts.shape[1]))
        self.values.append(parts)
        self.names += names or (column.name,)
        self.columns.append(replace(column, inputs=inputs))

    def leave(self, column: Column, why: str) -> None:
        """Leave a column out."""
        self.columns.append(replace(column, why=why))


def table_of(grid: Grid, *, chosen: Mapping[str, str], kind: str, encoding: str, separator: str) -> NumberTable:
    """Read the columns of a grid.

    Args:
        grid: The cells.
        chosen: Answers to questions.
        kind: What the file is.
        encoding: How its letters are written.
        separator: What stands between its columns.

    Raises:
        InputError: No column holds numbers.
    """
    sign, asked = notation.decimal(grid, separator, chosen)
    read = Read(grid, sign, chosen, [], [], [], list(grid.notes), [*grid.questions, *asked], list(grid.strict))
    names = _names(grid, read)
    for place, cells in enumerate(zip(*grid.rows, strict=True)):
        _column(read, place, names[place], [clean(cell) for cell in cells])
    if not read.values:
        raise InputError(_no_numbers(read))
    values = np.concatenate(read.values, axis=1)
    rows = np.array(grid.numbers, np.intp)
    return NumberTable(
        values, tuple(read.names), "", kind, encoding, separator, sign, grid.header, tuple(read.columns), rows,
        tuple(read.notes), tuple(read.questions), tuple(read.strict),
        written=_shown(grid, values),
    )  # fmt: skip


def _names(grid: Grid, read: Read) -> list[str]:
    """A name for each column; the same name twice gets a number."""
    seen: Counter[str] = Counter()
    names = []
    for k, name in enumerate(grid.names, start=1):
        shown = name or ("row" if k == 1 and grid.header else f"x{k}")
        seen[shown] += 1
        names.append(shown if seen[shown] == 1 else f"{shown} ({seen[shown]})")
    for name, times in seen.items():
        if times > 1:
            read.notes.append(f"“{short(name)}” names {times} columns: the later ones are numbered.")
            read.strict.append(f"Row {grid.numbers[0] - 1} names “{short(name)}” twice: give each column its own name.")
    return names


def _column(read: Read, place: int, name: str, cells: list[str]) -> None:
    """Find the role of one column and read it."""
    full = [cell for cell in cells if not is_missing(cell)]
    column = Column(name, "number", missing=len(cells) - len(full), place=place)
    if not full:
        return read.leave(replace(column, role="empty"), "is empty")
    values = typed.fast(cells, read.sign)
    found: tuple[Floats, list[int], str] = (values, [], "") if values is not None else typed.numbers(cells, read.sign)
    values, bad, unit = found
    share = 1 - sum(not is_infinite(cells[k]) for k in bad) / len(full)
    if share < 0.9 and _dated(full):
        order = _order(read, place, full)
        return _moments(read, column, lambda cell: dates.days(cell, order), order=order)
    if share > 0.5 and (code := _code(name, full)):
        return read.leave(replace(column, role="id"), code)
    if share > 0.5:
        if _index(read, place, name, values):
            return _counter(read, column, values)
        unnamed = place == 0 and not read.grid.names[0] and len(read.grid.names) > 1
        if days := moments.moment(name, full, values, unnamed=unnamed):
            return _moments(read, column, days, numbers=values)
        return _numbers(read, replace(column, unit=unit), cells, values, bad)
    if set(map(str.lower, full)) <= TRUTH.keys() and len(set(map(str.lower, full))) <= 2:
        truth = np.array([TRUTH.get(cell.lower(), np.nan) for cell in cells])
        read.notes.append(f"“{short(name)}” says {' or '.join(sorted(set(full)))}: read as 1 and 0.")
        _holes(read, name, truth, cells)
        return read.add(replace(column, role="boolean"), truth)
    return _text(read, column, cells, full, share)


def _dated(full: list[str]) -> bool:
    """Whether nearly all of some cells are dates."""
    asked = full[:: max(1, len(full) // SAMPLE)]
    return sum(map(dates.is_date, asked)) >= 0.9 * len(asked)


def _index(read: Read, place: int, name: str, values: Floats) -> bool:
    """Whether a column of numbers only counts the rows."""
    if place != 0 or len(values) < 2 or not (values[1:] == values[:-1] + 1).all():
        return False
    named = read.grid.header and _INDEX.fullmatch("" if not read.grid.names[place] else name)
    several = len(read.grid.names) > 1
    return bool(several and (read.grid.index or (named and values[0] in (0, 1))))


def _counter(read: Read, column: Column, values: Floats) -> None:
    """A column that counts the rows: left out, unless it is wanted."""
    taken = _asked(read, column, (("leave out", "leave out"), ("number", "a number")), "leave out")
    if taken == "number":
        return read.add(column, values)
    return read.leave(replace(column, role="index"), "counts the rows")


def _asked(read: Read, column: Column, options: tuple[tuple[str, str], ...], taken: str) -> str:
    """What was chosen for a column; the question is put."""
    key = f"column {column.place}"
    answer = read.chosen.get(key, taken)
    answer = answer if answer in dict(options) else taken
    read.questions.append(Question(key, f"Column “{short(column.name)}”", options, answer))
    return answer


def _order(read: Read, place: int, full: list[str]) -> str:
    """The order of day, month and year; asked where two fit."""
    order, unsure = dates.order(full, european=read.sign == ",")
    key = f"dates {place}"
    if unsure:
        options = (("dmy", "day first"), ("mdy", "month first"))
        order = read.chosen.get(key, order) if read.chosen.get(key) in dict(options) else order
        read.questions.append(Question(key, f"Dates such as {short(full[0], 20)}", options, order))
    return order


def _moments(
    read: Read,
    column: Column,
    days: Callable[[str], float | None],
    *,
    order: str | None = None,
    numbers: Floats | None = None,
) -> None:
    """Dates and times: left out, or taken as days since the first, as weekdays, or as the numbers that they are."""
    options: tuple[tuple[str, str], ...] = (("leave out", "leave out"), ("days", "day number"), ("weekday", "weekday"))
    options += (("number", "a number"),) if numbers is not None else ()
    taken = _asked(read, column, options, "leave out")
    if taken == "number" and numbers is not None:
        return read.add(column, numbers)
    rows = [row[column.place] for row in read.grid.rows]
    at_days = np.array([np.nan if (day := days(clean(cell))) is None else day for cell in rows])
    dated = at_days[np.isfinite(at_days)]
    if order is None:
        why = "holds points in time"
    elif dated.size and dated.max() <= 1:
        why = "holds times of day"
    else:
        why = f"holds dates, {dates.ORDERS[order]}" if order else "holds dates"
    why += _pace(dated)
    column = replace(column, role="date", missing=int(np.isnan(at_days).sum()))
    if taken == "leave out" or not dated.size:
        return read.leave(column, why)
    if taken == "days":
        return read.add(column, at_days - dated[0])
    return read.add(column, np.where(np.isfinite(at_days), np.mod(np.floor(at_days) - 1, 7), np.nan))


def _pace(dated: Floats) -> str:
    """How even the steps between dates are, in words."""
    if len(dated) < 3:
        return ""
    steps = np.diff(dated)
    usual = float(np.median(steps))
    if usual == 0 or not (np.sign(steps) == np.sign(usual)).all():
        return ", not in order"
    odd = int((np.abs(steps - usual) > 1e-6 * max(1.0, abs(usual))).sum())
    if abs(usual) >= 28 and odd:
        return ""
    back = ", latest first" if usual < 0 else ""
    if abs(usual) == 1:
        return f"{back}, one each day, " + ("none skipped" if not odd else f"{odd} skipped")
    return f"{back}, evenly spaced" if not odd else back


def _code(name: str, full: list[str]) -> str:
    """Why a column of digits is a name and no quantity, or ""."""
    if any(_ZEROS.fullmatch(cell) for cell in full) and all(cell.lstrip("+-").isdigit() for cell in full):
        return "has leading zeros, so it is a name and no quantity"
    if any(len(cell) > DIGITS and cell.isdigit() for cell in full) and all(cell.isdigit() for cell in full):
        return f"has more than {DIGITS} digits, so it is a name and no quantity"
    if _CODE.fullmatch(name) and all(re.fullmatch(r"[0-9 +()/-]+", cell) for cell in full):
        return "holds codes, which are names and no quantities"
    return ""


def _numbers(read: Read, column: Column, cells: list[str], values: Floats, bad: list[int]) -> None:
    """A column of numbers; what is no number counts as missing, and is said once."""
    name, values = column.name, values.copy()
    lines = read.grid.numbers
    infinite = [k for k in bad if is_infinite(cells[k])]
    odd = [k for k in bad if not is_infinite(cells[k])]
    if odd:
        read.notes.append(typed.grouped(name, [lines[k] for k in odd], cells[odd[0]], taken=True))
    if infinite:
        read.notes.append(f"{count(len(infinite), 'infinite cell')} in column “{short(name)}”: counted as missing.")
    _holes(read, name, values, cells)
    marks = Counter(cell for cell in cells if _SENTINEL.fullmatch(cell))
    if marks and (low := float(marks.most_common(1)[0][0])) < -90:
        others = values[np.isfinite(values) & (values != low)]
        if others.size and others.min() > low / 2:
            shown = marks.most_common(1)[0][0]
            key = f"mark {column.place}"
            options = (("number", "a number"), ("missing", "missing"))
            taken = read.chosen.get(key, "number")
            about = f"{shown} in column “{short(name)}” ({count(marks[shown], 'cell')})"
            read.questions.append(Question(key, about, options, taken))
            if taken == "missing":
                values[values == low] = np.nan
    key = f"column {column.place}"
    if read.chosen.get(key) == "leave out":
        return read.leave(column, "was taken out by you")
    return read.add(replace(column, missing=int(np.isnan(values).sum())), values)


def _holes(read: Read, name: str, values: Floats, cells: list[str]) -> None:
    """Every cell without a number, in one sentence for typed numbers."""
    holes = [k for k in np.flatnonzero(np.isnan(values)) if is_missing(cells[k])]
    if holes:
        read.strict.append(typed.grouped(name, [read.grid.numbers[k] for k in holes], cells[holes[0]]))
    bad = [k for k in np.flatnonzero(np.isnan(values)) if not is_missing(cells[k])]
    if bad:
        read.strict.append(typed.grouped(name, [read.grid.numbers[k] for k in bad], cells[bad[0]]))


def _text(read: Read, column: Column, cells: list[str], full: list[str], share: float) -> None:
    """Words: left out, or a column for each of them."""
    name = column.name
    kinds = list(dict.fromkeys(full))
    _, bad, _ = typed.numbers(cells, read.sign)
    if share > 0.2:
        read.strict.append(typed.grouped(name, [read.grid.numbers[k] for k in bad], cells[bad[0]]))
        no = "is no number" if len(bad) == 1 else "are no numbers"
        why = f"holds {count(len(bad), 'cell')} that {no}, such as “{short(cells[bad[0]], 20)}”"
    else:
        why = f"holds words, such as “{short(cells[bad[0]] if bad else full[0], 20)}”"
    if not 2 <= len(kinds) <= MAX_KINDS or len(kinds) > len(full) / 2:
        return read.leave(replace(column, role="text"), why)
    options = (("leave out", "leave out"), ("onehot", f"one-hot, {len(kinds)} columns"))
    if _asked(read, column, options, "leave out") == "leave out":
        return read.leave(replace(column, role="category"), why)
    hot = np.array([[float(cell == kind) if not is_missing(cell) else np.nan for kind in kinds] for cell in cells])
    return read.add(replace(column, role="category"), hot, *(f"{name} {short(kind, 20)}" for kind in kinds))


def _no_numbers(read: Read) -> list[str]:
    """Why nothing is left, as the problem of a table."""
    if read.strict:
        return read.strict
    said = [f"“{short(c.name, 20)}” {c.why}" for c in read.columns[:3]]
    first = next(cell for row in read.grid.rows for cell in row if cell)
    if len(read.columns) == 1 and read.columns[0].role == "text":
        return [
            f"There are no numbers: row {read.grid.numbers[0]} reads “{short(first)}”. "
            "Write numbers there, such as 0.5."
        ]
    more = f", and {count(len(read.columns) - 3, 'more column')}" if len(read.columns) > 3 else ""
    return [f"No column holds numbers: {'; '.join(said)}{more}. Choose a table with at least one column of numbers."]


def _shown(grid: Grid, values: Floats) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The first rows, those around the first hole, and the last, as they were written."""
    T = len(grid.rows)
    wanted = {0, 1, T - 1}
    holes = np.flatnonzero(np.isnan(values).any(axis=1))
    if holes.size:
        wanted |= {int(holes[0]) + k for k in (-1, 0, 1)}
    else:
        wanted |= {2}
    chosen = sorted(k for k in wanted if 0 <= k < T)[:SHOWN_ROWS]
    return tuple((grid.numbers[k], tuple(short(cell, 24) for cell in grid.rows[k])) for k in chosen)
