"""Numbers typed, pasted or read from CSV: read back exactly, or refused with every problem named."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InputError
from core.table import parse_numbers

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def tables(draw, min_columns=1):
    """Finite tables of 2 to 6 rows and up to 4 columns."""
    T, D = draw(st.integers(2, 6)), draw(st.integers(min_columns, 4))
    return np.array(draw(st.lists(st.lists(FINITE, min_size=D, max_size=D), min_size=T, max_size=T)))


@given(
    tables(),
    st.sampled_from(["\t", ";", ",", ", ", " ", "   "]),
    st.sampled_from(["-", "−"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_printed_tables_are_read_back_exactly(values, separator, minus, newline, with_header):
    """Whatever the separator, minus sign, line end and header, the numbers come back bit for bit."""
    rows = [separator.join(repr(float(v)).replace("-", minus) for v in row) for row in values]
    names = tuple(f"in{k}" for k in range(values.shape[1])) if with_header else ()
    table = parse_numbers(newline.join(([separator.join(names)] if names else []) + rows) + newline)
    assert np.array_equal(table.values, values)
    assert table.x.shape == (len(values), 1, values.shape[1])
    assert table.names == (names or tuple(f"x{k + 1}" for k in range(values.shape[1])))


@given(tables(min_columns=2), st.sampled_from(["\t", ";", " "]))
def test_decimal_commas_are_read_back(values, separator):
    """Where columns are separated by something else, a table written with decimal commas reads the same."""
    typed = [[f"{v:.1f}" for v in row] for row in values % 100]
    text = "\n".join(separator.join(row).replace(".", ",") for row in typed)
    assert np.array_equal(parse_numbers(text).values, np.array(typed, dtype=float))


LIKE_NUMBERS = "0123456789.,;\t\"'-+eE \n\r\x00\x0b\x85\u2028٣१²½Ⅷ\ufeff−–xan\ud800"  # all that may stand in a table


@given(
    st.text(max_size=200)
    | st.text(LIKE_NUMBERS, max_size=60)
    | st.binary(max_size=100).map(lambda content: content.decode("utf-8", "replace"))
    | st.binary(max_size=100).map(lambda content: content.decode("latin1"))
)
def test_arbitrary_text_gives_numbers_or_plain_problems(text):
    """Nothing but a finite table or an InputError with problems ever comes out."""
    try:
        table, problems = parse_numbers(text), ()
    except InputError as error:
        table, problems = None, error.problems
    assert (table is None) == bool(problems)
    assert all(problem.endswith(".") for problem in problems)
    if table:
        assert np.isfinite(table.values).all()
        assert len(table.names) == table.values.shape[1]


@pytest.mark.parametrize(
    ("text", "values", "reading"),
    [
        ("0.5", [[0.5]], "1 step of 1 number"),
        ("1, 2,3", [[1], [2], [3]], "3 steps of 1 number, separated by commas"),
        ("1 ,2 ,3", [[1], [2], [3]], "3 steps of 1 number, separated by commas"),
        ("1\n2", [[1], [2]], "2 steps of 1 number"),
        ("1,5\n2,5", [[1, 5], [2, 5]], "2 steps of 2 numbers, separated by commas"),
        ("1.234,5;1,5", [[1234.5], [1.5]], "2 steps of 1 number, separated by semicolons, with decimal commas"),
        ("1,5 2\n3,5 4", [[1.5, 2], [3.5, 4]], "2 steps of 2 numbers, separated by spaces, with decimal commas"),
        (
            '"1,5","2"\n"3,5","4"',
            [[1.5, 2], [3.5, 4]],
            "2 steps of 2 numbers, separated by commas, with decimal commas",
        ),
        ("0,125\t2\n", [[0.125], [2]], "2 steps of 1 number, separated by tabs, with decimal commas"),
        ("\ufeffa,b\n1,2\n", [[1, 2]], "1 step of 2 numbers, separated by commas, names from the first row"),
        ("1,234;0,5", [[1.234], [0.5]], "2 steps of 1 number, separated by semicolons, with decimal commas"),
        ("my value\n1e3\n-.5", [[1000], [-0.5]], "2 steps of 1 number, names from the first row"),
        ("\n\n−1;+2\n3;–4\n\n", [[-1, 2], [3, -4]], "2 steps of 2 numbers, separated by semicolons"),
    ],
)
def test_how_common_forms_are_read(text, values, reading):
    """Typed lists, CSV, European CSV and pasted spreadsheets mean what their authors meant, and it is said how."""
    table = parse_numbers(text)
    assert table.values.tolist() == values
    assert table.reading == reading


def test_every_problem_is_reported_at_once():
    """Holes, words, infinities and ragged rows come together: a sentence each, with the rows of the text."""
    with pytest.raises(InputError) as caught:
        parse_numbers("\na,b\n1,2\nx,2\n3\n4,5,6\n\n7,inf\n8,1\n9,y\n2,z\n1,1\n1,1\n1,1")
    assert caught.value.problems == (
        "Row 7 is empty: write its numbers, or delete it.",
        "Row 5 has 1 value where 2 are expected: add what is missing.",
        "Row 6 has 3 values where 2 are expected: remove what is too much.",
        "1 cell in column “a” (row 4) is no number: “x”. Write a number there, such as 0.5.",
        "1 cell in column “b” (row 5) is empty: write a number there, or delete the row.",
        "3 cells in column “b” (rows 8, 10, 11) are not numbers, such as “inf”. Write a number there, such as 0.5.",
    )


def test_the_same_fault_is_said_once():
    """Twelve cells of one column that are no numbers are one sentence, with some of the rows and an example."""
    text = "price\n" + "1.5\n" * 20 + "n/a*\n" * 12
    with pytest.raises(InputError) as caught:
        parse_numbers(text)
    assert caught.value.problems == (
        "12 cells in column “price” (rows 22, 23, 24, …) are not numbers, such as “n/a*”. "
        "Write a number there, such as 0.5.",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "There are no numbers. Type or paste"),
        ("hello", "row 1 reads “hello”|only row reads “hello”"),
        ('""', "There are no numbers"),
        ("12abc\n1\n2", "1 cell in column “x1” .row 1. is no number: “12abc”"),
        ("1,5;2\n1.5;2\n1.25;3", "1 cell in column “x1” .row 1. is no number: “1,5”"),
        ("a,a\n1,2", "Row 1 names “a” twice"),
        ("x" * 50, "x" * 39 + "…"),
        ("1,2\n3\n", "Row 2 has 1 value where 2 are expected"),
        ("1\n1e999\n2", "too large, such as “1e999”"),
    ],
)
def test_unusable_text_names_its_mend(text, problem):
    """What cannot be read is quoted with its place and a mend."""
    with pytest.raises(InputError, match=problem):
        parse_numbers(text)


@pytest.mark.parametrize(
    ("text", "limits", "problem"),
    [
        ("1\n" * 11, {"max_rows": 10}, "has 11 rows; at most 10"),
        ("1\n" * 50, {"max_rows": 10}, "has 50 rows; at most 10"),
        ("1," * 11 + "1", {"max_rows": 10}, "has 12 rows; at most 10"),
        ("1,2,3\n" * 2, {"max_columns": 2}, "has 3 columns; at most 2"),
        ("1" * 50_000_000, {}, "has 50,000,000 characters; at most 2,000,000"),
    ],
)
def test_sizes_are_limited(text, limits, problem):
    """Tables beyond a limit are refused with their size and the limit."""
    with pytest.raises(InputError, match=problem):
        parse_numbers(text, **limits)


@pytest.mark.parametrize(
    "text",
    ["1" * 100_000, "1e" + "9" * 5_000, "-" * 100_000, '"' * 100_000, "," * 100_000, "1," * 50_000, "1\n" * 6_000,
     '"' + "1" * 200_000 + '",2', "PK\x03\x04" + "\x00" * 10_000, "a," * 100 + "\n" + "1," * 100],
    ids=range(10),
)  # fmt: skip
def test_text_that_no_program_writes_is_refused_in_a_few_words(text):
    """Very long cells, rows and columns: problems that fit a page, each with an end."""
    with pytest.raises(InputError) as caught:
        parse_numbers(text)
    assert len(str(caught.value)) < 3_000
    assert all(problem.endswith(".") for problem in caught.value.problems)
