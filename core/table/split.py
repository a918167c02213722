"""Text to rows of cells: which separator, which lines are comments, where quoted cells begin and end."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from core.table import dates
from core.table.cells import clean, is_missing, number, numeric
from core.table.limits import MAX_LINES

__all__ = ["CELLS", "FEW", "SAMPLE", "SEPARATORS", "Lines", "comments", "rows_of", "separator_of", "unframed"]

SEPARATORS = {"\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas", " ": "spaces", "": "nothing"}
SAMPLE = 200  # lines that the separator is judged by
FEW = 4  # rows, of which one may be shorter by mistake
CELLS = 1_000  # and cells of them
_RULE = re.compile(r"[\s|+:=-]*[-=]{2,}[\s|+:=-]*")
_COMMENT = ("#", "%", "//", "--", "!", "@")
_ENDS = re.compile(r"\r\n|\r|\n|\x1a$")
_SPACED = re.compile(r"\s*[+-]?[0-9]{1,3}(?: [0-9]{3})*,[0-9]+\s*")
_LIST = re.compile(r", +")
_PLAIN = re.compile(  # divided at commas for sure: each number has its point, or each comma its space
    r" *[+-]?[0-9]+\.[0-9]+(?: *, *[+-]?[0-9]+\.[0-9]+)+ *|[+-]?[0-9]+(?:\.[0-9]+)?(?:, [+-]?[0-9]+(?:\.[0-9]+)?)+"
)


@dataclass(frozen=True)
class Lines:
    """Rows of cells.

    Attributes:
        rows: The cells of each row.
        numbers: The line of the text that each row begins in, from 1.
    """

    rows: list[list[str]]
    numbers: list[int]


def comments(text: str) -> tuple[list[tuple[int, str]], list[tuple[int, str]], str, list[int]]:
    """The lines of a text by number, those that are comments apart, and the separator that its first line names.

    The last are lines that a quotation mark was taken out of, since none closes it.
    """
    named, kept, apart = "", [], []
    lines = _ENDS.split(text)
    stray = _stray(lines)
    for k in stray:
        lines[k - 1] = lines[k - 1].replace('"', "")
    inside = False  # a quoted cell that goes on over several lines
    for k, line in enumerate(lines[:MAX_LINES], start=1):
        bare = line.strip()
        if not inside and not bare[:1].isdigit():
            if k <= 2 and re.fullmatch(r'"?sep=.\s*"?', line, re.IGNORECASE):
                named = line.strip('" \r\n')[4:5] if not line.lower().startswith("sep=\t") else "\t"
                continue
            if len(bare) > 2 and _RULE.fullmatch(bare):
                continue
            first = re.split(r"[,;\t|]", bare, maxsplit=1)[0].strip(' "')
            mark = re.split(r"\s", first, maxsplit=1)[0]  # #N/A begins a row of numbers, not a remark
            hole = is_missing(first) or (len(mark) > 1 and mark[0] == "#" and is_missing(mark))
            if bare.startswith(_COMMENT) and not numeric(first) and not hole:
                apart.append((k, bare))
                continue
        if '"' in line and line.count('"') % 2:
            inside = not inside
        kept.append((k, line))
    return kept, apart, named, stray


def _stray(lines: list[str]) -> list[int]:
    """Lines with a quotation mark too many, where these cannot be the two ends of quotations over several lines."""
    odd = [k for k, line in enumerate(lines[:MAX_LINES], start=1) if '"' in line and line.count('"') % 2]
    return odd if len(odd) % 2 else []


def unframed(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The lines without the bars around them, as Markdown and MySQL draw a table; remarks below it stay."""
    bare = [line.strip() for _, line in lines if "|" in line]
    if not bare or not all(line[:1] == "|" == line[-1:] for line in bare[:50]):
        return lines
    return [(k, line.strip()[1:-1] if "|" in line else line) for k, line in lines]


def separator_of(lines: list[tuple[int, str]]) -> tuple[str, str | None]:
    """What stands between columns, and what else it could be (None: nothing)."""
    sample = [line for _, line in lines if line.strip()][:SAMPLE]
    if all(map(_PLAIN.fullmatch, sample)) and len({line.count(",") for line in sample}) == 1:
        return ",", None
    scores: dict[str, tuple[float, int, float]] = {}
    for separator in SEPARATORS:
        if separator and separator != " " and not any(separator in line for line in sample):
            continue
        if separator == " " and any(all(mark in line for line in sample) for mark in "\t;|"):
            continue  # spaces group digits there
        scores[separator] = _score([row for row, _ in _split(enumerate(sample), separator)], separator)
    for separator in scores.keys() & {"\t", ";", "|"}:  # decimals cannot be these
        if len(sample) > 2 and len({line.count(separator) for line in sample}) == 1:
            value, width, alike = scores[separator]
            scores[separator] = (1.25 * value, width, alike)
    if " " in scores and (by_name := _head_agrees(sample)):
        del scores[" "]  # the header is divided as all lines are, and not at spaces
        scores.setdefault(by_name, (0.0, 0, 0.0))
    best = max(scores, key=lambda s: (round(scores[s][0], 3), *scores[s][1:]))
    named = bool(sample) and not _readable(sample[0].strip())
    body = sample[1:] if named else sample
    if best in (" ", ",") and all(map(_SPACED.fullmatch, body)) and any(" " in line.strip() for line in body):
        return "", " "  # 1 234,56 is one number rather than two
    if best not in (",", "") or not _decimal(body) or (named and "," in sample[0]):
        return best, None
    if named:  # one name stands above the numbers
        return "", ","
    if len(sample) < FEW:
        best = ","
    return best, "," if best == "" else ""


def _head_agrees(sample: list[str]) -> str:
    """What divides a header of words without spaces, and every line as often, where spaces only divide the lines."""
    if len(sample) < 2 or " " in sample[0].strip() or _readable(sample[0].strip()):
        return ""
    if not all(" " in line.strip() for line in sample[1:]):
        return ""
    counts = {separator: {line.count(separator) for line in sample} for separator in "\t;,"}
    return next((separator for separator, times in counts.items() if len(times) == 1 and times != {0}), "")


def _decimal(body: list[str]) -> bool:
    """Whether every line may be one number with a decimal comma as well as two numbers."""
    lines = [clean(line.strip()) for line in body]
    if len(lines) < 2 or not any("," in line for line in lines):
        return False
    return all(is_missing(line) or number(line, ",") is not None for line in lines)


def _score(rows: list[list[str]], separator: str) -> tuple[float, int, float]:
    """How well a separator explains the rows: how much is alike and readable, the columns, the share that is alike."""
    rows = [row for row in rows if any(row)]
    if not rows:
        return 0.0, 0, 0.0
    widths = Counter(map(len, rows))
    width, alike = max(widths.items(), key=lambda item: (item[1] * (1.0 if item[0] > 1 else 0.5), item[0]))
    body = [row for row in rows if len(row) == width]
    cells = [cell for row in (body[1:] or body)[: max(5, CELLS // width)] for cell in row if cell]
    cells = cells[:: max(1, len(cells) // CELLS)]
    good = sum(map(_readable, cells)) / len(cells) if cells else 0.0
    share = alike / len(rows) if width > 1 else 1.0
    if width == 1 and separator:
        return 0.0, 0, 0.0
    if separator == " " and any(_LIST.search(" ".join(row)) for row in body[:3]):
        good *= 0.5
    return good * min(1.0, 0.25 + share), width, share


def _readable(cell: str) -> bool:
    cell = clean(cell)
    return numeric(cell) or is_missing(cell) or dates.is_date(cell)


def rows_of(lines: list[tuple[int, str]], separator: str) -> Lines:
    """The cells of each line, stripped, without quotation marks."""
    rows, numbers = [], []
    for row, line in _split(iter(lines), separator):
        rows.append(row)
        numbers.append(line)
    return Lines(rows, numbers)


def _split(lines: Iterator[tuple[int, str]], separator: str) -> Iterator[tuple[list[str], int]]:
    if separator in (" ", ""):
        for k, line in lines:
            yield _plain(line, separator), k
        return
    lines = iter(lines)
    for k, line in lines:
        if '"' not in line:
            cells = [cell.strip() for cell in line.split(separator)]
            yield ([_unquoted(cell) for cell in cells] if "'" in line else cells), k
            continue
        parts = [line]
        while '"' in line and sum(part.count('"') for part in parts) % 2 and len(parts) < 50:
            more = next(lines, None)
            if more is None:
                break
            parts.append(more[1])
        yield _quoted("\n".join(parts), separator), k


def _plain(line: str, separator: str) -> list[str]:
    if not separator:
        return [line.strip().strip('"').strip()]
    if '"' in line:
        return [cell.strip('"') for cell in re.findall(r'"[^"]*"|[^ \t]+', line)] or [""]
    return re.split(r"[ \t]+", line.strip(" \t\r")) if line.strip() else [""]


def _unquoted(cell: str) -> str:
    """A cell without single quotation marks around it, or the one by which Excel marks text."""
    return cell[1:].removesuffix("'").strip() if cell[:1] == "'" else cell


def _quoted(line: str, separator: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=separator, skipinitialspace=True), [""])
    except csv.Error:  # a quotation that is longer than csv reads: it will be reported as no number
        cells = line.split(separator)
    return [" ".join(cell.split()) if "\n" in cell else cell.strip().strip('"').strip() for cell in cells]
