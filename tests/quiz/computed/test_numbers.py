"""Numbers in questions: what is shown, what is typed, and which slips can be told apart."""

from __future__ import annotations

import pytest

from quiz.computed.numbers import Clash, apart, distinct, matrix, shown, signed, slips, total, typed, vector
from quiz.grading.answers import number
from quiz.grading.proof import formula_fault


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.5"),
        (-2.0, "-2"),
        (-0.0, "0"),
        (0.1 + 0.2, "0.3"),
        (12345.678, r"1.235 \cdot 10^{4}"),
        (1e-6, "10^{-6}"),
        (-3.21e-7, r"-3.21 \cdot 10^{-7}"),
    ],
)
def test_numbers_are_shown_short(value: float, text: str) -> None:
    """Four significant digits, powers of ten as such, no negative zero."""
    assert shown(value) == text


def test_formulas_are_well_formed() -> None:
    """Vectors, matrices, sums and factors read as they are written by hand."""
    assert vector([0.5, -1]) == r"(0.5,\ -1)"
    assert matrix([[1, 2], [3, 4]]) == r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}"
    assert total([0.5, -1, 2]) == "0.5 - 1 + 2"
    assert (signed(-0.5), signed(0.5)) == ("(-0.5)", "0.5")
    assert formula_fault(f"${matrix([[1e-9, -2], [3, 4]])}$") == ""


@pytest.mark.parametrize("value", [0.25, -3.0, 1e-17, 6.2e-61, 123456.0, -0.0])
def test_what_is_typed_reads_back(value: float) -> None:
    """A slip's answer goes through the parser unharmed."""
    assert number(typed(value)).value == pytest.approx(value, rel=1e-9)


def test_slips_near_the_answer_or_one_another_are_refused_or_left_out() -> None:
    """No reply is given for a slip that was not made."""
    near = [
        (2.0, "one", "a"),
        (1.005, "two", "near the answer"),
        (2.01, "three", "near the first slip"),
        (3.0, "four", "b"),
    ]
    kept = distinct(1.0, near, rel=0.01)
    assert [(slip.name, slip.reply) for slip in kept] == [("one", "a"), ("four", "b")]
    with pytest.raises(Clash, match="too close together"):
        slips(1.0, near, rel=0.01)


def test_apart_means_that_tolerances_do_not_meet() -> None:
    """Two values are apart when no answer is within the tolerance of both."""
    assert apart(1.0, 1.1, rel=0.01)
    assert not apart(1.0, 1.02, rel=0.01)
    assert not apart(0.0, 0.001, rel=0.01, abs_=0.0006)
    assert not apart(2.0, 2.0, rel=0.0)
    assert apart(0.0, 1e-12, rel=0.01)
