"""Excel workbooks: values only, one sheet at a time, within bounds. Needs openpyxl, the extra `files`."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from core.errors import InputError
from core.table.cells import numeric
from core.table.limits import MAX_SHEET, MAX_UNPACKED
from core.table.made import Question, count, short

__all__ = ["COMMAND", "MOST_SHEETS", "from_xlsx"]

COMMAND = "uv sync --extra files"
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
MOST_SHEETS = 50


def from_xlsx(
    content: bytes, chosen: Mapping[str, str]
) -> tuple[list[list[str]], list[int], list[Question], list[str]]:
    """Rows of the chosen sheet as cells, the number of each, what else there is, and what was left out.

    Raises:
        InputError: openpyxl is not installed, or the workbook cannot be read.
    """
    formulas, merged = _checked(content)
    try:
        from openpyxl import load_workbook
    except ImportError as problem:
        raise InputError(
            f"To read Excel workbooks this program needs openpyxl: {COMMAND}. Or save the sheet as CSV and bring that."
        ) from problem
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl leaves out: styles, extensions
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
            sheets = {sheet.title: sheet for sheet in book.worksheets[:MOST_SHEETS]}
            return _sheet(sheets, chosen, formulas, merged)
    except InputError:
        raise
    except Exception as problem:  # whatever a broken workbook makes openpyxl raise
        raise InputError("This Excel workbook cannot be read. Save it again, or save the sheet as CSV.") from problem


def _checked(content: bytes) -> tuple[int, int]:
    """Weigh a workbook before it is opened; formulas without a value and merged ranges in it."""
    left, formulas, merged = MAX_UNPACKED, 0, 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            if info.flag_bits & 1:
                raise InputError("The workbook is protected by a password. Save it without one.")
            if not info.filename.endswith((".xml", ".rels")):
                continue
            with archive.open(info) as member:
                part = member.read(left + 1)
            left -= len(part)
            if left < 0:
                raise InputError(
                    f"The workbook unpacks to more than {MAX_UNPACKED // 1_000_000} MB. "
                    "Save the sheet as CSV, or fewer rows."
                )
            if _ENTITIES.search(part):
                raise InputError("The workbook defines entities, which no spreadsheet program does. Save it again.")
            if "worksheets/" in info.filename:
                formulas += len(re.findall(rb"<f\b[^>]*(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>", part))
                merged += part.count(b"<mergeCell ")
    return formulas, merged


def _sheet(
    sheets: Mapping[str, Any], chosen: Mapping[str, str], formulas: int, merged: int
) -> tuple[list[list[str]], list[int], list[Question], list[str]]:
    read: dict[str, tuple[list[list[str]], list[int], bool]] = {}
    found: dict[str, int] = {}
    wanted = chosen.get("sheet", "")
    given, budget = wanted in sheets, MAX_SHEET
    for title, sheet in sheets.items():
        if given and title != wanted:
            continue
        read[title] = _rows(sheet, budget)
        cells = [cell for row in read[title][0] for cell in row if cell]
        found[title] = sum(map(numeric, cells))
        budget = max(1_000, budget - len(cells))
        if found[title] >= max(4, len(cells) / 3):
            break  # a table, and no cover with a version and a year on it
    if not given:
        wanted = max(found, key=lambda title: (found[title], bool(read[title][0])), default="")
    if wanted not in read:
        raise InputError("The workbook has no sheet of cells. Choose another file.")
    rows, numbers, cut = read[wanted]
    notes = []
    if cut:
        notes.append(f"The sheet is longer than what is read: the first {count(len(rows), 'row')} were read.")
    if formulas:
        notes.append(
            f"{count(formulas, 'formula')} without a stored value: counted as missing. Open the file in a spreadsheet "
            "program and save it, and the values are stored."
        )
    if merged:
        notes.append(f"{count(merged, 'merged range')}: the value counts for its first cell.")
    options = tuple((title, short(title, 30)) for title in sheets)
    return rows, numbers, [Question("sheet", "Which sheet", options, wanted)] if len(sheets) > 1 else [], notes


def _rows(sheet: Any, budget: int) -> tuple[list[list[str]], list[int], bool]:
    """The cells of a sheet, empty ends cut off, and whether the sheet goes on."""
    sheet.reset_dimensions()
    rows: list[list[str]] = []
    numbers: list[int] = []
    for number, row in enumerate(_within(sheet), start=1):
        while row and row[-1] is None:
            row = (
                row[:-1]
                if len(row) < 50
                else row[: 1 + max((k for k, v in enumerate(row) if v is not None), default=-1)]
            )
        budget -= len(row) + 1
        if budget < 0:
            return rows, numbers, True
        if row:
            rows.append([_text(value) for value in row])
            numbers.append(number)
    return rows, numbers, False


def _within(sheet: Any) -> Iterator[tuple[Any, ...]]:
    """Rows of values, as many as all budgets allow, however far apart the cells say they are."""
    seen = 0
    for row in sheet.iter_rows(values_only=True):
        seen += 1 + len(row)
        if seen > 4 * MAX_SHEET:
            return
        yield row


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip()
