"""Reading what was typed: tables of spellings, and refusals that say what to type."""

from __future__ import annotations

import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quiz.grading import answers
from quiz.grading.answers import Unreadable

NUMBERS = [
    ("0.25", 0.25),
    (" 0.25 ", 0.25),
    (".25", 0.25),
    ("3.", 3.0),
    ("+3", 3.0),
    ("-3", -3.0),
    ("− 3", -3.0),
    ("−0.5", -0.5),
    ("–0.5", -0.5),
    ("1/3", 1 / 3),
    ("−1 / 3", -1 / 3),
    ("1e-3", 1e-3),
    ("1E−3", 1e-3),
    ("2.5e+4", 2.5e4),
    ("6.2 × 10^-61", 6.2e-61),
    ("6.2*10^-61", 6.2e-61),
    ("6.2 x 10**-61", 6.2e-61),
    ("6.2 · 10⁻⁶¹", 6.2e-61),
    ("6,2 × 10^(-61)", 6.2e-61),
    ("6.2 \\times 10^{-61}".replace("\\times", "×"), 6.2e-61),
    ("10⁻³", 1e-3),
    ("-10^2", -100.0),
    ("0,25", 0.25),
    ("-12,5", -12.5),
    ("0,125", 0.125),
    ("1,2e-3", 1.2e-3),
    ("12,345.6", 12345.6),
    ("1,234,567", 1234567.0),
    ("1.234,5", 1234.5),
    ("12 345", 12345.0),
    ("12\u202f345.5", 12345.5),
    ("12'345", 12345.0),
    ("12_345", 12345.0),
    ("≈ 0.73", 0.73),
    ("= 4", 4.0),
    ("~7", 7.0),
    ("50 %", 0.5),
    ("50%", 0.5),
    ("0e5", 0.0),
]
NOT_NUMBERS = [
    "",
    "   ",
    "abc",
    "1..2",
    "1e",
    "--3",
    "1/0",
    "1//2",
    "inf",
    "nan",
    "1e999",
    "1e99999999",
    "0x10",
    "1+",
]
NOT_NUMBERS += [
    "10^-99999999",
    "9**9**9",
    "3 apples",
    "1\x00",
    "__import__('os')",
    "1" * 500,
    "\ud800",
    "½ of it",
    "1 x",
    "2 x",
]


@pytest.mark.parametrize(("text", "value"), NUMBERS)
def test_a_number_is_read_in_every_usual_spelling(text: str, value: float) -> None:
    """Unicode minus, fractions, powers of ten, decimal commas, grouped digits and percent give the same value."""
    assert math.isclose(answers.number(text).value, value, rel_tol=1e-15)


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_what_is_no_number_is_refused(text: str) -> None:
    """Malformed, infinite and dangerous text is handed back, never guessed at."""
    with pytest.raises(Unreadable):
        answers.number(text)


def test_a_number_with_two_readings_is_refused_with_both() -> None:
    """1,234 may mean 1234 or 1.234, and the message offers both."""
    with pytest.raises(Unreadable, match=r"1234 or 1\.234"):
        answers.number("1,234")


def test_percent_is_a_hundredth_except_where_it_is_the_unit() -> None:
    """5 % is 0.05 of a number and 5 where percent is asked for; the unit may be typed or left out."""
    assert answers.number("5 %").value == 0.05
    assert answers.number("5 %", "%").value == 5
    assert answers.number("5", "%").value == 5
    assert answers.number("12 steps", "steps").value == 12


def test_the_reading_is_shown_with_its_unit() -> None:
    """A reader sees how the text was understood."""
    assert answers.number("1/3").read_as == "0.333333"
    assert answers.number("−1e3", "steps").read_as == "−1000 steps"
    assert answers.number("6.2×10^-61").read_as == "6.2\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10⁻⁶¹"


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("12.0", 12), ("1,234", 1234), ("1 234", 1234), ("1e3", 1000)])
def test_a_count_is_a_whole_number(text: str, value: int) -> None:
    """Counts may be grouped or written with an exponent."""
    assert answers.count(text).value == value


@pytest.mark.parametrize("text", ["-1", "0.5", "1/3", "1e30", "a dozen or so"])
def test_a_count_that_is_not_whole_is_refused(text: str) -> None:
    """Fractions, negative and enormous numbers are not counts."""
    with pytest.raises(Unreadable):
        answers.count(text)


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("(T, B, 4H)", "(T, B, 4H)"),
        ("T×B×4H", "(T, B, 4H)"),
        ("T x B x 4H", "(T, B, 4H)"),
        ("TxBx4H", "(T, B, 4H)"),
        ("t, b, h*4", "(T, B, 4H)"),
        ("[T,B,4·H]", "(T, B, 4H)"),
        ("T by B by 4*H", "(T, B, 4H)"),
        ("T B 4H", "(T, B, 4H)"),
        ("(H,)", "(H,)"),
        ("H", "(H,)"),
        ("5×1×8", "(5, 1, 8)"),
        ("(B, H + D)", "(B, D+H)"),
        ("(B, D+H+1)", "(B, D+H+1)"),
        ("(B, 2H+2H)", "(B, 4H)"),
        ("BT, H", "(BT, H)"),
        ("T*B, H", "(BT, H)"),
    ],
)
def test_a_shape_is_read_in_every_usual_spelling(text: str, read_as: str) -> None:
    """Commas, crosses, brackets, either case, products and sums lead to one shape."""
    assert answers.shape(text).read_as == read_as


def test_an_unknown_letter_of_a_shape_is_named() -> None:
    """The refusal says which symbol is not known and which are."""
    with pytest.raises(Unreadable, match="`K` is not known here; use T, B, D, H, O"):
        answers.shape("(T, K)")


@pytest.mark.parametrize("text", ["", "()", "(T,,H)", "T,B,D,H,O,T", "(T; H)", "T-1", "9999999999", "H" * 20])
def test_what_is_no_shape_is_refused(text: str) -> None:
    """Empty axes, too many, and operators other than + and * are handed back."""
    with pytest.raises(Unreadable):
        answers.shape(text)


@pytest.mark.parametrize(
    "answer", [["3", "1", "2"], [3, 1, 2], "3 1 2", "3, 1, 2", "3 → 1 → 2", "3>1>2", "312", "3-1-2"]
)
def test_an_order_is_a_list_or_a_line(answer: object) -> None:
    """However the steps are parted, the same order is read."""
    assert answers.order(answer, 3) == (3, 1, 2)


@pytest.mark.parametrize("answer", ["", [], "1 2", "1 2 2", "1 2 3 4", "a b c", None, ["1", None, "2"]])
def test_an_order_without_every_step_once_is_refused(answer: object) -> None:
    """A step left out or named twice is not counted against the learner."""
    with pytest.raises(Unreadable):
        answers.order(answer, 3)


def test_fillings_compare_without_case_spaces_and_hyphens() -> None:
    """Long-term, long term and LONGTERM. are one filling; other words are not."""
    assert len({answers.filling(text) for text in ("Long-term", "long term", "LONGTERM.", "“long–term”")}) == 1
    assert answers.filling("long-term") != answers.filling("short-term")


def test_a_minus_before_a_number_is_no_hyphen() -> None:
    """-1 and 1 are different fillings, however the minus is typed."""
    assert answers.filling("−1") == answers.filling("- 1") == answers.filling("-1") != answers.filling("1")


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text whatever raises anything but the refusal."""
    for reader in (answers.number, answers.count, answers.shape, answers.filling, lambda line: answers.order(line, 4)):
        with suppress(Unreadable):
            reader(text)


@given(st.from_regex(r"[-+−]?[0-9.,' ]{1,12}([eE][-+−]?[0-9]{1,7})?( ?[%/×x*] ?[-0-9^⁰-⁹(){}.]{1,8})?", fullmatch=True))
def test_text_like_a_number_is_finite_or_refused(text: str) -> None:
    """Near-numbers give a finite value or the refusal."""
    with suppress(Unreadable):
        assert math.isfinite(answers.number(text).value)
