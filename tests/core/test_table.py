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
    """Holes, words, NaN, infinities and ragged rows come together, by the row of the text and the column's name."""
    with pytest.raises(InputError) as caught:
        parse_numbers("\na,b\n1,x\n,2\n3\n4,5,z\n\nnan,1e999\n7,8")
    assert caught.value.problems == (
        "Row 3, column 2 (b) reads “x”: write a number there, such as 0.5.",
        "Row 4, column 1 (a) is empty: write a number there, or delete the row.",
        "Row 5 has 1 value where 2 are expected: add what is missing.",
        "Row 6 has 3 values where 2 are expected: remove what is too much.",
        "Row 7 is empty: write its numbers, or delete it.",
        "Row 8, column 1 (a) is “nan”, which is no value: write a number there, or delete the row.",
        "Row 8, column 2 (b) reads “1e999”, which is too large: write a number below 1e308.",
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "There are no numbers. Type or paste"),
        ("hello", "the only row reads “hello”"),
        ('""', "Row 1 is empty"),
        ("12abc\n1", "Row 1, column 1 reads “12abc”: write a number"),
        ("1,234\t5,678", "may be a decimal comma or thousands"),
        ("1.234,5;1,5", r"^Row 1, column 1 .* without thousands separators, such as 1234\.5\.$"),
        ("1.234,5;1", "without thousands separators"),
        ("1,5;2\n1.5;2", "reads “1,5”, while other numbers have a decimal point"),
        ("a,a\n1,2", "Row 1 names “a” twice"),
        ("x" * 50, "x" * 39 + "…"),
    ],
)
def test_unusable_or_ambiguous_text_names_its_mend(text, problem):
    """What cannot be read, or could be read in two ways, is asked about rather than guessed."""
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
