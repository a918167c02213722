"""The operations of the cell's drawing on typed vectors."""

from __future__ import annotations

import numpy as np
import pytest

from core.errors import InputError
from core.pointwise import pointwise, vector


def test_textbook_examples() -> None:
    """[1, 2, 3] × [0.5, 1, 0] = [0.5, 2, 0], [1, 2, 3] + [4, 5, 6] = [5, 7, 9]; joined, the lengths add up."""
    found = pointwise(vector("first", "[1, 2, 3]"), vector("second", "0.5 1 0"))
    assert found.product is not None
    np.testing.assert_array_equal(found.product, [0.5, 2, 0])
    np.testing.assert_array_equal(found.joined, [1, 2, 3, 0.5, 1, 0])
    total = pointwise(vector("first", "1,2,3"), vector("second", "4;5;6")).total
    assert total is not None
    np.testing.assert_array_equal(total, [5, 7, 9])


def test_unequal_lengths_can_only_be_joined() -> None:
    """Entry by entry needs equal lengths; putting one after the other does not."""
    found = pointwise(np.ones(2), np.zeros(3))
    assert found.product is None
    assert found.total is None
    np.testing.assert_array_equal(found.joined, [1, 1, 0, 0, 0])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("[]", "is empty"),
        ("1, two, 3", "holds “two”, which is no number"),
        ("__import__('os')", "which is no number"),
        ("nan", "which is no number"),
        ("1,,2", "nothing between two commas"),
        ("2e6", "up to a million"),
        ("1 2 3 4 5 6 7", "has 7 entries; at most 6"),
        ("1 " * 200, "has 399 characters"),
    ],
)
def test_what_is_no_vector_gets_a_plain_message(text: str, message: str) -> None:
    """Every way to type nonsense is answered with what is wrong and how to mend it."""
    with pytest.raises(InputError, match="The first vector") as problem:
        vector("first", text)
    assert message in str(problem.value)
