"""Numbers in words: every number below a thousand and many above are read back; what is no number is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.grading.number_words import in_words

WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
nineteen
"""
ONES = WORDS.split()
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spelt(number: int, between: str, joined: str = "") -> str:
    """A number below a million in words.

    Args:
        number: The number.
        between: What stands between tens and ones.
        joined: What stands behind "hundred", such as "and ".
    """
    if number < 20:
        return ONES[number]
    if number < 100:
        return TENS[number // 10] + (between + ONES[number % 10] if number % 10 else "")
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    head = f"{spelt(number // size, between, joined)} {name}"
    rest = number % size
    return f"{head} {joined if size == 100 else ''}{spelt(rest, between, joined)}" if rest else head


@given(st.integers(0, 999_999), st.sampled_from(["-", " "]), st.sampled_from(["", "and "]))
def test_a_number_in_words_is_read_back(number: int, between: str, joined: str) -> None:
    """With a hyphen or a space, with "and" or without."""
    assert in_words(spelt(number, between, joined)) == number


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("a half", 0.5),
        ("half", 0.5),
        ("one and a half", 1.5),
        ("two and a quarter", 2.25),
        ("two thirds", 2 / 3),
        ("minus three quarters", -0.75),
        ("a hundred", 100),
        ("a dozen", 12),
        ("zero point two five", 0.25),
        ("point five", 0.5),
        ("2.5 thousand", 2500),
        ("3 quarters", 0.75),
        ("negative one", -1),
    ],
)
def test_parts_signs_and_decimals_in_words_are_read(words: str, value: float) -> None:
    """Halves, thirds, points, a minus and digits before a scale."""
    assert in_words(words) == pytest.approx(value)


@pytest.mark.parametrize(
    "words", ["", "four five", "twenty twelve", "hundred hundred", "one and", "and", "minus", "point", "three and four",
              "half quarter", "a", "twenty-", "-", "one point", "one two thousand", "thirty-two-four"],
)  # fmt: skip
def test_words_that_make_no_number_are_not_guessed_at(words: str) -> None:
    """Two numbers side by side are not added up."""
    assert in_words(words) is None
