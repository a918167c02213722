"""Lists in lists and objects, as JSON and printed arrays hold them, to rows of cells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import InputError
from core.table import dates
from core.table.limits import MAX_CELLS
from core.table.made import Question, count, short

__all__ = ["DEEP", "MOST_OPTIONS", "Found", "from_json", "from_lines", "table_in", "which"]

MOST_OPTIONS = 50
DEEP = 4  # how far down a table is looked for


@dataclass
class Found:
    """Rows of cells, and their names where the file has some.

    Attributes:
        rows: The cells.
        names: Names of the columns; None where there are none.
        questions: What else could be read.
        notes: What was left out.
        dates: Whether cells are named by the file's own index.
    """

    rows: list[list[str]]
    names: list[str] | None = None
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def from_json(text: str) -> Any:
    """A JSON value with its numbers as they are written.

    Raises:
        ValueError: It is no JSON.
        InputError: It is nested too deeply.
    """
    try:
        return json.loads(text, parse_int=_Written, parse_float=_Written, parse_constant=_Written)
    except RecursionError:
        raise InputError(
            "The lists are nested too deeply. A table has a list of rows, each a list of numbers."
        ) from None


def from_lines(text: str) -> list[Any] | None:
    """JSON lines: a value in each line; None where they are none."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2 or not all(line.lstrip()[0] in "{[" for line in lines):
        return None
    try:
        return [from_json(line) for line in lines]
    except ValueError:
        return None


class _Written(str):
    """A number as it is written."""

    __slots__ = ()


def table_in(value: Any, chosen: Mapping[str, str]) -> Found:
    """The table in a nested value.

    Raises:
        InputError: There is none, or its rows differ in length.
    """
    tables = list(_tables(value, "", 0))
    if not tables:
        raise InputError("There is no table in it. Give a list of numbers, a list of rows, or a list of objects.")
    largest = max(tables, key=lambda item: (_size(item[1]), -len(item[0])))[0]
    names = [name for name, _ in tables]
    taken = chosen.get("array", largest)
    taken = taken if taken in names else largest
    found = _table(next(part for name, part in tables if name == taken), chosen)
    if len(tables) > 1:
        options = tuple((name, f"{short(name or 'the whole', 30)}, {_weighs(part)}") for name, part in tables)
        found.questions.insert(0, Question("array", "Which table", options[:MOST_OPTIONS], taken))
    return found


def _scalar(value: Any) -> bool:
    return value is None or isinstance(value, str | bool)


def _several(value: Any) -> bool:
    """Whether a value of an object holds a table rather than a cell."""
    return isinstance(value, dict) or (isinstance(value, list) and len(value) > 1)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.strip()
    return "[…]" if isinstance(value, list) else "{…}"


def _tables(value: Any, name: str, depth: int) -> Iterator[tuple[str, Any]]:
    """Everything in a value that is a table, by its path."""
    if depth > DEEP:
        return
    if isinstance(value, list) and value:
        if len(value) == 1 and isinstance(value[0], dict) and depth < DEEP and any(map(_several, value[0].values())):
            yield from _tables(value[0], name, depth + 1)
        else:
            yield name, value
    elif isinstance(value, dict) and value:
        lists = [v for v in value.values() if isinstance(v, list) and v]
        if "data" in value and ("columns" in value or "schema" in value) and isinstance(value["data"], list):
            yield name, value  # as pandas writes it, orient="split" or "table"
            return
        flat = all(all(map(_scalar, v)) for v in lists)
        if lists and flat and len(set(map(len, lists))) == 1 and (len(lists) > 1 or len(value) <= 2):
            yield name, value
            return
        inner = [v for v in value.values() if isinstance(v, dict) and v]
        if len(inner) == len(value) and all(_scalar(v) for d in inner for v in d.values()):
            yield name, value  # objects by name or by number
            return
        for key, part in value.items():
            yield from _tables(part, f"{name}.{key}" if name else str(key), depth + 1)


def _size(value: Any) -> int:
    if isinstance(value, list):
        return sum(map(_size, value[:2_000])) if len(value) < 2_000 else 1_000 * len(value)
    return sum(map(_size, value.values())) if isinstance(value, dict) else 1


def _weighs(value: Any) -> str:
    if isinstance(value, list):
        return count(len(value), "row")
    return count(len(value), "column")


def _table(value: Any, chosen: Mapping[str, str]) -> Found:
    if isinstance(value, dict):
        return _object(value)
    if all(isinstance(row, dict) for row in value):
        return _series(value) or _records(value)
    if all(map(_scalar, value)):
        return _checked(Found([[_cell(v)] for v in value]))
    if not all(isinstance(row, list) for row in value):
        raise InputError("The list mixes numbers with lists or objects. Give a list of rows that are all alike.")
    return _lists(value, chosen)


def _lists(value: list[Any], chosen: Mapping[str, str]) -> Found:
    """Rows of numbers, or several tables of them."""
    if all(all(map(_scalar, row)) for row in value):
        return _checked(Found([[_cell(v) for v in row] for row in value]))
    depth = _depth(value)
    if depth == 3 and all(isinstance(row, list) for table in value for row in table):
        if len(value) == 1:
            return _lists(value[0], chosen)
        if all(len(row) == 1 for table in value for row in table) and len({len(table) for table in value}) == 1:
            return _lists([[row[0] for row in table] for table in value], chosen)
        at = chosen.get("slice", "0")
        at = at if at.isdigit() and len(at) < 9 and int(at) < len(value) else "0"
        found = _lists(value[int(at)], chosen)
        found.questions.insert(0, which(len(value), at, "sequence"))
        return found
    raise InputError(
        f"The lists are nested {depth} deep; a sequence has a row for each step and a number for each input. "
        "Give one table of it."
    )


def which(n: int, taken: str, noun: str) -> Question:
    """Which of several tables in one array."""
    places = sorted({*range(min(n, MOST_OPTIONS)), int(taken)})
    return Question("slice", f"Which {noun} of {n:,}", tuple((str(k), str(k)) for k in places), taken)


def _depth(value: Any) -> int:
    deep = 0
    while isinstance(value, list):
        deep += 1
        value = next((v for v in value if isinstance(v, list)), value[0] if value else None)
    return deep


def _records(value: list[dict[str, Any]]) -> Found:
    """Objects, one for each step; what is nested once gets both names."""
    rows = [_flat(record) for record in value]
    names = list(dict.fromkeys(name for row in rows for name in row))
    if len(names) * len(rows) > 4 * MAX_CELLS:
        raise InputError(f"The objects have {len(names):,} different names, which is too much for one table.")
    found = Found([[row.get(name, "") for name in names] for row in rows], names)
    return _checked(found)


def _series(value: list[dict[str, Any]]) -> Found | None:
    """Objects that each hold one column under a name, as charts have it: of numbers, or of times with numbers."""
    columns: dict[str, list[Any]] = {}
    for k, each in enumerate(value, start=1):
        parts = next((each[key] for key in ("data", "values", "y") if isinstance(each.get(key), list)), None)
        title = next((each[key] for key in ("name", "label", "id", "key") if isinstance(each.get(key), str)), f"x{k}")
        if not parts or any(isinstance(v, list | dict) for key, v in each.items() if v is not parts):
            return None
        columns[title] = parts
    lengths = {len(parts) for parts in columns.values()}
    if len(columns) < len(value) or len(lengths) > 1:
        return None
    cells = [v for parts in columns.values() for v in parts]
    if all(map(_scalar, cells)) and max(lengths) > 1:
        return _checked(Found([list(map(_cell, row)) for row in zip(*columns.values(), strict=True)], list(columns)))
    if not all(isinstance(v, list) and len(v) == 2 and all(map(_scalar, v)) for v in cells):
        return None
    if len({tuple(v[0] for v in parts) for parts in columns.values()}) > 1:
        return None
    rows = [[_cell(row[0][0]), *(_cell(v[1]) for v in row)] for row in zip(*columns.values(), strict=True)]
    return _checked(Found(rows, ["time", *columns]))


def _flat(record: dict[str, Any]) -> dict[str, str]:
    flat: dict[str, str] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{inner}": _cell(v) for inner, v in value.items()}
        elif isinstance(value, list) and 0 < len(value) <= 200 and all(map(_scalar, value)):
            flat |= {f"{name}.{k}": _cell(v) for k, v in enumerate(value, start=1)}
        else:
            flat[str(name)] = _cell(value)
    return flat


def _object(value: dict[str, Any]) -> Found:
    """Columns by name, in one of the forms that pandas and web services write."""
    if isinstance(value.get("data"), list) and ("columns" in value or "schema" in value):
        data = value["data"]
        if data and isinstance(data[0], dict):
            return _records([row for row in data if isinstance(row, dict)])
        rows = [row for row in data if isinstance(row, list)]
        columns = value.get("columns")
        names = (
            [_cell(c) if _scalar(c) else ".".join(map(_cell, c)) for c in columns]
            if isinstance(columns, list)
            else None
        )
        index = value.get("index")
        if names and isinstance(index, list) and len(index) == len(rows):
            rows, names = [[i, *row] for i, row in zip(index, rows, strict=True)], ["", *names]
        return _checked(Found([[_cell(v) for v in row] for row in rows], names))
    if all(isinstance(v, dict) for v in value.values()):
        outer, inner = list(value), list(dict.fromkeys(k for v in value.values() for k in v))
        if len(outer) * len(inner) > 4 * MAX_CELLS:
            raise InputError("The objects have too many different names for one table.")
        by_row = all(map(_place, outer)) and not all(map(_place, inner))
        if by_row:
            return _checked(Found([[key, *(_cell(value[key].get(k)) for k in inner)] for key in outer], ["", *inner]))
        return _checked(Found([[key, *(_cell(value[name].get(key)) for name in outer)] for key in inner], ["", *outer]))
    lists = {name: v for name, v in value.items() if isinstance(v, list) and v}
    other = [name for name in value if name not in lists]
    rows = [list(row) for row in zip(*(map(_cell, v) for v in lists.values()), strict=True)]
    notes = [f"{', '.join(f'“{short(name, 20)}”' for name in other[:5])} left out: no list."] if other else []
    return _checked(Found(rows, list(lists), notes=notes))


def _place(name: str) -> bool:
    """Whether a name is that of a row: a number or a date."""
    return name.isdigit() or dates.is_date(name)


def _checked(found: Found) -> Found:
    widths = {len(row) for row in found.rows}
    if found.names is None and len(widths) > 1:
        usual = len(found.rows[0])
        k = next(k for k, row in enumerate(found.rows) if len(row) != usual)
        raise InputError(
            f"The rows have different lengths: row 1 has {count(usual, 'number')}, row {k + 1} has "
            f"{len(found.rows[k])}. Give each the same."
        )
    if not found.rows or not max(widths):
        raise InputError("The table is empty. Give at least one row of numbers.")
    return found
