"""Any usual file of numbers to a table: what kind of file it is decides its content, not its name."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.table import arrays, consoles, nested, packed, printed, sheets, split
from core.table.columns import table_of
from core.table.decode import text_of
from core.table.grid import Grid, grid_of
from core.table.limits import MAX_CELLS, MAX_CHARS, MAX_COLUMNS, MAX_FILE, MAX_LINES, MAX_ROWS, MAX_WIDTH
from core.table.made import NumberTable, Question, count, listing, short

__all__ = ["NONE", "WIDE", "Chosen", "parse_numbers", "read", "read_text", "values_written", "written"]

Chosen = Mapping[str, str]
WIDE = 4  # times as many columns as rows: perhaps the steps go across
NONE: Chosen = MappingProxyType({})

_MARKUP = re.compile(r"\s*<(!doctype|html|\?xml|table|svg|[a-z]+[ >](?!\s*[,;\t|]))", re.IGNORECASE)
_BRACES = re.compile(r"\{[-+0-9.eE,\s{}]*\}")
_MATLAB = re.compile(r"\s*(?:\w+\s*=\s*)?\[([^\[\]]*;[^\[\]]*)\]\s*;?\s*")


def read(content: bytes, filename: str = "", *, chosen: Chosen = NONE) -> NumberTable:
    """Read a table of numbers from a file of any usual kind: a row for each time step, a column for each input.

    CSV and its relatives in any encoding and notation, JSON, arrays as NumPy, PyTorch and Python print them, NPY, NPZ
    and XLSX, also packed with gzip or alone in a ZIP. Dates, row numbers, names and words are recognised and left out;
    `NumberTable.columns` and `notes` say so. A value that misses is NaN. Where two readings fit, one is taken and
    `NumberTable.questions` has the others. Nothing in a file is run, and a small file cannot unpack into a large one.

    Args:
        content: The file.
        filename: What it is called; only named in notes where it does not fit.
        chosen: Answers to `NumberTable.questions`, by their key; others are ignored.

    Raises:
        InputError: It is too large, no table, or holds no numbers; each problem names its mend.
    """
    if len(content) > MAX_FILE:
        size = f"{len(content) / 1e6:,.0f} MB; at most {MAX_FILE // 1_000_000} MB can be read"
        raise InputError(f"The file has {size}. Save fewer rows or columns.")
    if not content.strip():
        raise InputError("The file is empty. Choose one with numbers in it.")
    return _read(bytes(content), filename, chosen, unpacked=False)


def read_text(text: str, *, chosen: Chosen = NONE) -> NumberTable:
    """Read a table from a text that was typed or pasted; see `read`.

    Raises:
        InputError: There is no table in it.
    """
    return _text(text, "", chosen)


def written(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as a text that `read_text` reads: tabs between them, at most as long as what is read."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    for row in rows:
        before = out.tell()
        writer.writerow(row)
        if out.tell() > MAX_CHARS:
            return out.getvalue()[:before]
    return out.getvalue()


def values_written(names: Sequence[str], values: NDArray[np.float64]) -> str:
    """Numbers (T, D) with their names as a text that `read_text` reads back exactly; a hole is an empty cell."""
    cells = ([("" if v != v else repr(v).removesuffix(".0")) for v in row] for row in values.tolist())
    return written([names, *cells])


def parse_numbers(
    text: str,
    *,
    max_rows: int = MAX_ROWS,
    max_columns: int = MAX_COLUMNS,
    max_chars: int = MAX_CHARS,
    chosen: Chosen = NONE,
) -> NumberTable:
    """Read numbers from typed or pasted text, all of them: `read`, where a hole is a problem.

    Args:
        text: The text.
        max_rows: Most rows (time steps) allowed.
        max_columns: Most columns of numbers allowed.
        max_chars: Most characters allowed, checked before anything else.
        chosen: Answers to questions, see `read`.

    Raises:
        InputError: Nothing there, too much there, or every kind of hole, word and ragged row with its rows (counted as
            in the text), its column and the mend.
    """
    if len(text) > max_chars:
        raise InputError(f"The text has {len(text):,} characters; at most {max_chars:,} can be read. Shorten it.")
    table = _text(text, "", chosen)
    T, D = table.values.shape
    for n, most, what in ((T, max_rows, "rows"), (D, max_columns, "columns")):
        if n > most:
            raise InputError(f"The table has {n:,} {what}; at most {most:,} can be read. Remove some.")
    if table.problems:
        raise InputError(table.problems)
    return table


def _read(content: bytes, filename: str, chosen: Chosen, *, unpacked: bool) -> NumberTable:
    if content.startswith(b"\x1f\x8b") and not unpacked:
        return _read(packed.unzipped(content), filename.removesuffix(".gz"), chosen, unpacked=True)
    if content.startswith(b"\x93NUMPY"):
        return _array(arrays.from_npy(content), "NumPy array", chosen, [], _named(filename, "a NumPy array", ".npy"))
    if content.startswith(b"PK\x03\x04"):
        return _archive(content, filename, chosen, unpacked=unpacked)
    packed.refuse_foreign(content)
    text, encoding = text_of(content)
    notes = _named(filename, "text", "") if filename.lower().endswith((".xlsx", ".npy", ".npz", ".xls")) else []
    return _text(text, encoding, chosen, notes=notes)


def _named(filename: str, what: str, ending: str | tuple[str, ...]) -> list[str]:
    """What to say where a file is not what its name says."""
    name = filename.lower()
    if not ending and "." in name:
        return [f"Named .{short(name.rsplit('.', 1)[1], 8)}, but it is {what}: read as that."]
    if "." in name and not name.endswith(ending):
        return [f"Named .{short(name.rsplit('.', 1)[1], 8)}, but it is {what}: read as that."]
    return []


def _archive(content: bytes, filename: str, chosen: Chosen, *, unpacked: bool) -> NumberTable:
    """A ZIP file: a workbook, arrays, or one packed table."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()[:5_000]
            if "xl/workbook.xml" in names:
                return _workbook(content, filename, chosen)
            if any(name.endswith(".npy") for name in names):
                array, questions, notes = arrays.from_npz(content, chosen)
                said = [*_named(filename, "a file of NumPy arrays", ".npz"), *notes]
                return _array(array, "NumPy arrays", chosen, questions, said)
            for inside, what, mend in (
                ("xl/workbook.bin", "a binary Excel workbook (.xlsb)", "Save it as XLSX or CSV."),
                ("content.xml", "an OpenDocument file", "Save the sheet as XLSX or CSV."),
                ("word/document.xml", "a Word document", "Copy its numbers and paste them."),
                (
                    "data.pkl",
                    "a PyTorch file",
                    "Weights belong under Weights; save a tensor as NPY: np.save(file, x.numpy()).",
                ),
            ):
                if any(name == inside or name.endswith("/" + inside) for name in names):
                    raise InputError(f"This is {what}. {mend}")
            if not unpacked:
                found, name, questions = packed.inside(archive, chosen)
                table = _read(found, name, chosen, unpacked=True)
                return replace(table, questions=(*questions, *table.questions))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as problem:
        if isinstance(problem, InputError):
            raise
        raise InputError("The file is damaged or incomplete. Save it again and choose it once more.") from problem
    raise InputError("The ZIP file lies in another one. Unpack it and choose the file with the numbers.")


def _array(array: Any, kind: str, chosen: Chosen, questions: list[Question], notes: list[str]) -> NumberTable:
    made = arrays.table_from(array, kind, chosen=chosen, questions=questions, notes=notes)
    if isinstance(made, Grid):
        made = table_of(made, chosen=chosen, kind=kind, encoding="", separator="")
    return replace(made, reading=_reading(made))


def _workbook(content: bytes, filename: str, chosen: Chosen) -> NumberTable:
    rows, numbers, questions, notes = sheets.from_xlsx(content, chosen)
    grid = grid_of(rows, numbers, chosen=chosen, wide=True)
    grid.questions[:0] = questions
    grid.notes[:0] = [*_named(filename, "an Excel workbook", (".xlsx", ".xlsm", ".xltx")), *notes]
    table = table_of(grid, chosen=chosen, kind="Excel workbook", encoding="", separator="")
    return replace(table, reading=_reading(table), source=written(rows))


def _text(text: str, encoding: str, chosen: Chosen, *, notes: list[str] | None = None) -> NumberTable:
    notes = list(notes or [])
    text = text.lstrip("\ufeff")
    if len(text) > MAX_CHARS and _structured(text):
        raise InputError(
            f"The text has {len(text):,} characters; at most {MAX_CHARS:,} can be read. Save fewer numbers."
        )
    if len(text) > MAX_CHARS:
        text = text[: text.rfind("\n", 0, MAX_CHARS) + 1] or text[:MAX_CHARS]
        notes.append(f"The text is longer than what is read: the first {MAX_CHARS:,} characters were read.")
    if not text.strip():
        raise InputError("There are no numbers. Type or paste at least one row, such as 0.5, −1, 2.")
    if _MARKUP.match(text):
        raise InputError(
            "This is a web page or XML and no table. Copy its numbers and paste them, or save them as CSV."
        )
    bare = consoles.stripped(text)
    grid, kind, separator = _structure(bare.text, chosen) or _delimited(bare, chosen)
    grid.notes[:0] = notes
    if not grid.header and not any(grid.names):
        _turned(grid, chosen)
    if len(grid.names) > MAX_WIDTH:
        raise InputError(f"The table has {len(grid.names):,} columns; at most {MAX_WIDTH:,} can be read. Choose some.")
    table = table_of(grid, chosen=chosen, kind=kind, encoding=encoding, separator=separator)
    return replace(table, reading=_reading(table), source=text)


def _structured(text: str) -> bool:
    return text.lstrip()[:1] in ("[", "{")


def _structure(text: str, chosen: Chosen) -> tuple[Grid, str, str] | None:
    """JSON, or a printed array; None where it is neither."""
    bare = text.strip()
    value, kind = None, "JSON"
    if bare[0] == "{" and _BRACES.fullmatch(bare):  # as Mathematica and C write lists
        bare = bare.replace("{", "[").replace("}", "]")
    if bare[0] in "[{":
        try:
            value = nested.from_json(bare)
        except ValueError:
            value = nested.from_lines(bare)
            kind = "JSON lines"
        if value is None and "{" in bare and ("'" in bare or "nan" in bare):
            value, kind = _python(bare), "a Python dict" if bare[0] == "{" else "a Python list"
    if value is None and (matrix := _MATLAB.fullmatch(bare)):
        rows = [[c for c in re.split(r"[\s,]+", row) if c] for row in matrix[1].split(";")]
        value, kind = [[*row] for row in rows if row], "a MATLAB matrix"
    if value is None and printed.looks_printed(bare):
        value, kind = printed.parsed(bare), "a printed array"
    if value is None:
        return None
    found = nested.table_in(value, chosen)
    rows = found.rows[: max(1, MAX_CELLS // max(1, len(found.rows[0])))]
    numbers = list(range(1, len(rows) + 1))
    if found.names is not None:
        names = [short(name, 60) for name in found.names]
        return Grid(names, rows, numbers, True, found.notes, found.questions, decimal=_point(rows)), kind, ""
    grid = grid_of(rows, numbers, chosen=chosen, wide=True)
    grid.questions[:0], grid.notes[:0] = found.questions, found.notes
    grid.decimal = _point(rows)
    return grid, kind, ""


def _point(rows: list[list[str]]) -> str | None:
    """The decimal sign of numbers that JSON and programs write; words in it may have another."""
    return None if any("," in cell for row in rows[:200] for cell in row) else "."


def _python(text: str) -> Any:
    """A dict or a list of them as Python prints it, read as if it were JSON; None where that does not go."""
    plain = re.sub(r"\b(None|nan|NaT|<NA>)\b", "null", printed.unwrapped(text).replace("'", '"'))
    try:
        return nested.from_json(re.sub(r"\bFalse\b", "false", re.sub(r"\bTrue\b", "true", plain)))
    except ValueError:
        return None


def _delimited(found: consoles.Printed, chosen: Chosen) -> tuple[Grid, str, str]:
    lines, apart, named, stray = split.comments(found.text)
    cut = found.text.count("\n") >= MAX_LINES
    if not any(line.strip() for _, line in lines):
        raise InputError("There are no numbers: every line is a comment. Add rows of numbers.")
    separator, other = (named, None) if named else split.separator_of(lines)
    taken = chosen.get("separator", separator) if chosen.get("separator") in split.SEPARATORS else separator
    if taken == "|":
        lines = split.unframed(lines)
    rows = split.rows_of(lines, taken)
    first = next((k for k, line in lines if line.strip()), 0)
    before = found.names or next((line for k, line in reversed(apart) if k < first), "")
    if len(rows.rows) == 1 and len(rows.rows[0]) > 1 and not rows.rows[0][-1]:
        rows.rows[0].pop()
    grid = grid_of(rows.rows, rows.numbers, chosen=chosen, before=before)
    if other is not None:
        columns = " " if " " in (separator, other) else ","
        options = ((columns, "several columns"), ("", "one column with decimal commas"))
        grid.questions.insert(0, Question("separator", "Each line is", options, taken))
    if cut:
        grid.notes.insert(0, f"The text has more than {MAX_LINES:,} lines: the first ones were read.")
    if stray:
        grid.notes.insert(0, f"A quotation mark that is not closed was taken away ({listing('row', stray)}).")
    left = [line for _, line in apart if not (grid.header and line == before)]
    if left:
        grid.notes.insert(0, f"{count(len(left), 'comment line')} left out.")
    kinds = {"\t": "TSV", ",": "CSV", ";": "CSV", "|": "text", " ": "text", "": "text"}
    return grid, kinds.get(taken, "text"), taken


def _turned(grid: Grid, chosen: Chosen) -> None:
    """A single row of several numbers goes down; a wide table may."""
    T, D = len(grid.rows), len(grid.names)
    if D < 2 or (T > 1 and D < WIDE * T):
        return
    usual = "down" if T == 1 else "across"
    taken = chosen.get("turn", usual) if chosen.get("turn") in ("down", "across") else usual
    options = (("across", f"{count(T, 'step')} of {D:,}"), ("down", f"{D:,} steps of {T}"))
    grid.questions.append(Question("turn", "Read as", options, taken))
    if taken == "down":
        grid.rows = [list(row) for row in zip(*grid.rows, strict=True)]
        grid.names = [""] * T
        grid.numbers = list(range(1, D + 1))


def _reading(table: NumberTable) -> str:
    T, D = table.values.shape
    parts = [f"{count(T, 'step')} of {count(D, 'number')}"]
    if table.separator:
        parts.append(f"separated by {split.SEPARATORS.get(table.separator, table.separator)}")
    if table.decimal == ",":
        parts.append("with decimal commas")
    if table.header:
        parts.append("names from the first row")
    if shown := [f"“{short(c.name, 20)}”" for c in table.columns if c.why and c.role != "empty"]:
        parts.append(f"without {', '.join(shown[:3])}{' …' if len(shown) > 3 else ''}")
    return ", ".join(parts)
