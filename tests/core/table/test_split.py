"""Which separator divides the columns."""

import re
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from core.table import split

POINT = st.from_regex(r"[+-]?[0-9]{1,4}\.[0-9]{1,4}", fullmatch=True)
CELL = POINT | st.from_regex(r"[+-]?[0-9]{1,4}", fullmatch=True)


def rows(cell, width):
    """Lines of so many cells each."""
    return st.lists(st.lists(cell, min_size=width, max_size=width), min_size=1, max_size=8)


@given(
    st.integers(2, 5).flatmap(
        lambda D: (
            st.tuples(st.sampled_from((",", ", ", " ,", " , ")), rows(POINT, D))
            | st.tuples(st.just(", "), rows(CELL, D))
        )
    )
)
def test_a_plain_table_is_divided_as_if_all_separators_were_weighed(written):
    """The short way for numbers with a point each, or a space after each comma, comes to what the long way comes to."""
    between, cells = written
    lines = [(k, between.join(row)) for k, row in enumerate(cells, start=1)]
    quick = split.separator_of(lines)
    with patch.object(split, "_PLAIN", re.compile("(?!)")):
        assert split.separator_of(lines) == quick == (",", None)


@given(st.integers(2, 5).flatmap(lambda D: rows(CELL, D)), st.data())
def test_both_plain_ways_may_stand_in_one_table(cells, data):
    """Nor does it matter where some lines have a space after each comma, and in others each number has its point."""
    pointed = [data.draw(st.booleans()) for _ in cells]
    texts = [",".join(f"{int(c)}.5" if "." not in c else c for c in row) if dot else ", ".join(row)
             for row, dot in zip(cells, pointed, strict=True)]  # fmt: skip
    lines = list(enumerate(texts, start=1))
    quick = split.separator_of(lines)
    with patch.object(split, "_PLAIN", re.compile("(?!)")):
        assert split.separator_of(lines) == quick == (",", None)
