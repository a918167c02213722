"""Which separator divides the columns."""

import re
from unittest.mock import patch

from hypothesis import given
from hypothesis import strategies as st

from core.table import split

CELL = st.from_regex(r"[+-]?[0-9]{1,4}\.[0-9]{1,4}", fullmatch=True)


@given(
    st.integers(2, 5).flatmap(lambda D: st.lists(st.lists(CELL, min_size=D, max_size=D), min_size=1, max_size=8)),
    st.sampled_from((",", ", ", " ,", " , ")),
)
def test_a_plain_table_is_divided_as_if_all_separators_were_weighed(rows, between):
    """The short way for numbers with points between commas comes to what the long way comes to."""
    lines = [(k, between.join(row)) for k, row in enumerate(rows, start=1)]
    quick = split.separator_of(lines)
    with patch.object(split, "_PLAIN", re.compile("(?!)")):
        assert split.separator_of(lines) == quick == (",", None)
