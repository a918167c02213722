"""What a table may weigh: one set of limits for reading, checking and saying so."""

__all__ = [
    "MAX_CELLS",
    "MAX_CHARS",
    "MAX_COLUMNS",
    "MAX_FILE",
    "MAX_KINDS",
    "MAX_LINES",
    "MAX_ROWS",
    "MAX_SHEET",
    "MAX_UNPACKED",
    "MAX_WIDTH",
    "SHOWN_ROWS",
]

MAX_FILE = 20_000_000
"""Bytes of a file."""

MAX_UNPACKED = 40_000_000
"""Bytes of what a compressed file holds."""

MAX_CHARS = 2_000_000
"""Characters of a text that are read; of a longer file the first ones."""

MAX_CELLS = 1_000_000
"""Cells of a table that are read; of a longer one the first rows."""

MAX_SHEET = 300_000
"""Cells of a sheet that are read; openpyxl takes about 2 s for them."""

MAX_LINES = 200_000
"""Lines of a text that are read."""

MAX_ROWS = 5_000
"""Rows of numbers that were typed (`parse_numbers`)."""

MAX_COLUMNS = 64
"""Columns of numbers that were typed (`parse_numbers`)."""

MAX_WIDTH = 20_000
"""Columns of any table."""

MAX_KINDS = 12
"""Different words of a column that may become one column each."""

SHOWN_ROWS = 12
"""Rows that a table keeps as they were written."""
