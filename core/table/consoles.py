"""Tables as programs print them on a console: what stands around the numbers is taken away, what is cut is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.errors import InputError

__all__ = ["Printed", "stripped"]

# Frames of polars, DuckDB and rich become those of MySQL and Markdown, which are read as bars and rules.
_FRAMES = {ord(c): "|" for c in "│┃┆┇┊┋╎╏║"} | {ord(c): "-" for c in "─━═┄┅┈┉╌╍╴╸"}
_FRAMES |= {code: "+" for code in range(0x2500, 0x2580) if code not in _FRAMES}
_LONGEST = 400  # letters of a line that says something of the table; it keeps the patterns fast
_DOTS = r"(?:\.{2,3}|…|⋮)"
_ROW_OF_DOTS = re.compile(rf"[\s|]*{_DOTS}(?:[\s|]+{_DOTS})*[\s|]*")
_SEVERAL_DOTS = re.compile(rf"{_DOTS}[\s|]+{_DOTS}")
_SIZE = re.compile(r"\s*\[[0-9]+ rows? x [0-9]+ columns?\]\s*")
_SHAPE = re.compile(r"shape: \([0-9_, ]+\)\s*")
_SERIES = re.compile(r"\s*(?:Freq: [^,]+, )?(?:Name: (?P<name>.*?), )?(?:Length: [0-9]+, )?dtype: [\w\[\], ]+\s*")
_MATLAB = re.compile(r"\s*[A-Za-z]\w*\s*=\s*")
_FACTOR = re.compile(r"\s*[0-9.]+e[+-]?[0-9]+\s*\*\s*", re.IGNORECASE)
_BLOCK = re.compile(r"\s*Columns? [0-9]+(?: (?:through|and|to) [0-9]+)?:?\s*")
_R_ROW = re.compile(r"\s*\[[0-9]+(?P<matrix>,?)\]")
_R_HEAD = re.compile(r"(?:\s*\[,[0-9]+\])+\s*")


@dataclass(frozen=True)
class Printed:
    """A text without what a console puts around its table.

    Attributes:
        text: What is left; its lines stand where they stood.
        names: Names of the columns, as a comment before them would have it; "" where the text has its own.
    """

    text: str
    names: str = ""


def stripped(text: str) -> Printed:
    """A text without frames, sizes and types that pandas, polars, DuckDB, MATLAB and R print around a table.

    Raises:
        InputError: The print leaves rows or columns out, or takes a factor out of them.
    """
    if any(c in text for c in "│┃┆║"):
        text = text.translate(_FRAMES)
    lines = text.split("\n")
    full = [k for k, line in enumerate(lines) if line.strip()]
    if not full:
        return Printed(text)
    if len(lines[full[0]]) > _LONGEST or len(lines[full[-1]]) > _LONGEST:
        return Printed("\n".join(_of_r(lines)))
    _must_be_whole(lines, full)
    names = ""
    if _SHAPE.fullmatch(lines[full[0]]) or (_MATLAB.fullmatch(lines[full[0]]) and len(full) > 1):
        lines[full[0]] = ""
    if _SIZE.fullmatch(lines[full[-1]]):
        lines[full[-1]] = ""
    elif len(full) > 1 and (series := _SERIES.fullmatch(lines[full[-1]])):
        lines[full[-1]] = ""
        names = f"# row,{series['name'] or 'value'}"
    return Printed("\n".join(_of_r(lines)), names)


def _must_be_whole(lines: list[str], full: list[int]) -> None:
    last = lines[full[-1]]
    pandas = _SIZE.fullmatch(last) or _SERIES.fullmatch(last)
    if any(_is(_ROW_OF_DOTS, lines[k]) and (pandas or _SEVERAL_DOTS.search(lines[k])) for k in full):
        raise InputError(
            "The print leaves rows out (…). Print all of them with print(df.to_string()), or bring the table as CSV "
            "(df.to_csv)."
        )
    if pandas and re.search(rf"\s{_DOTS}\s", lines[full[0]]):
        raise InputError(
            "The print leaves columns out (…). Print all of them with print(df.to_string()), or bring the table as CSV "
            "(df.to_csv)."
        )
    if len(full) > 2 and any(_is(_FACTOR, lines[k]) for k in full[:3]):
        raise InputError(
            "The print takes a factor out of its numbers. Print them with format longG, or save them with "
            "writematrix(A, 'a.csv')."
        )
    if sum(_is(_BLOCK, lines[k]) for k in full) > 1:
        raise InputError("The print is cut into blocks of columns. Save the table as CSV and bring that.")


def _is(pattern: re.Pattern[str], line: str) -> bool:
    return len(line) <= _LONGEST and pattern.fullmatch(line) is not None


def _of_r(lines: list[str]) -> list[str]:
    """Lines without R's places, [1] before a line of a vector and [1,] before a row of a matrix."""
    full = [k for k, line in enumerate(lines) if line.strip()]
    matrix = bool(full) and _is(_R_HEAD, lines[full[0]])
    rows = full[matrix:]
    found = [_R_ROW.match(lines[k]) for k in rows]
    if not rows or not all(found):
        return lines
    if matrix:
        lines[full[0]] = ""
    bare = [lines[k][match.end() :] for k, match in zip(rows, found, strict=True) if match]
    if any(re.search(r"[\[\]]", line) for line in bare):
        return lines
    if matrix:
        for k, line in zip(rows, bare, strict=True):
            lines[k] = line
        return lines
    return [" ".join(" ".join(bare).split())]
