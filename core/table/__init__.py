"""Reading a sequence of numbers that was typed, pasted or brought as a file of any usual kind.

    table = read(content, "lake.csv")      # what was understood: table.columns, table.notes, table.questions
    table.values                           # (T, D); NaN where a value misses

What is to be done with holes, columns and rows is chosen afterwards: `core.table.mends`.
"""

from core.table.limits import MAX_CHARS, MAX_COLUMNS, MAX_FILE, MAX_ROWS
from core.table.made import Column, NumberTable, Question
from core.table.mends import FILLS, SCALES, Mended, Mends, mend
from core.table.plain import glance
from core.table.reading import parse_numbers, read, read_text, values_written

__all__ = [
    "FILLS",
    "MAX_CHARS",
    "MAX_COLUMNS",
    "MAX_FILE",
    "MAX_ROWS",
    "SCALES",
    "Column",
    "Mended",
    "Mends",
    "NumberTable",
    "Question",
    "glance",
    "mend",
    "parse_numbers",
    "read",
    "read_text",
    "values_written",
]
