"""Rows read at a glance: what the whole way of reading makes of them, and left to it where it would say something."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.table import Mends, glance, mend, read_text

CELL = st.sampled_from(
    ("0", "-0", "1", "2", "3", "12", "13", "99", "-99", "-999", "100", "0.5", "-1.25", "1e-05", "20.10")
)
NUMBER = st.from_regex(r"-?(0|[1-9][0-9]{0,2})(\.[0-9]{1,12})?(e-[0-9]{2})?", fullmatch=True)


def table(cell):
    """Rows of so many cells each."""
    return st.integers(2, 8).flatmap(
        lambda D: st.lists(st.lists(cell, min_size=D, max_size=D), min_size=2, max_size=12)
    )


def counted(rows):
    """The rows with a column in front that counts them."""
    return [[str(k), *row[1:]] for k, row in enumerate(rows)]


@settings(deadline=None, max_examples=300)
@given(table(CELL) | table(NUMBER) | table(NUMBER).map(counted) | table(CELL).map(counted))
def test_a_glance_sees_what_reading_finds(rows):
    """Values, names, rows of the text and every remark are those of the whole way."""
    text = "\n".join(map(", ".join, rows))
    found, read = glance(text), mend(read_text(text), Mends(), max_steps=64, max_inputs=8)
    if found is None:
        assert any("The same in every row" in note for note in read.notes)
        return
    for part in ("values", "raw", "mean", "deviation", "rows"):
        np.testing.assert_array_equal(getattr(found, part), getattr(read, part))
        assert getattr(found, part).dtype == getattr(read, part).dtype
    for part in ("names", "filled", "dropped", "notes"):
        assert getattr(found, part) == getattr(read, part)
    np.testing.assert_array_equal(found.x, read.x)


@pytest.mark.parametrize(
    "text",
    ["", "1, 2", "1\n2", "a, b\n1, 2", "1, 2\n3", "1,2\n3,4", "1, 2\n3, ", "2001, 1\n2002, 2", "01, 2\n02, 3",
     "1;2\n3;4", "1, 2\n1, 3", "1, 2\n3, 4\n", "1e5, 2\n3, 4", "nan, 1\n2, 3", "1, 2\n" * 64 + "3, 4"],
)  # fmt: skip
def test_what_needs_a_closer_look_is_left_to_reading(text):
    """A head, a hole, another separator, years, codes, a single row or column, one that stays the same, too many."""
    assert glance(text) is None
