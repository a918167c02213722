"""Tables as consoles, services and loggers leave them: read as meant, or refused where something is left out."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from contextlib import suppress

import numpy as np
import pytest

from core.errors import InputError
from core.table import NumberTable, read, read_text

NAN = float("nan")
FRAMED = """shape: (2, 2)
┌─────┬─────┐
│ a   ┆ b   │
│ --- ┆ --- │
│ f64 ┆ i64 │
╞═════╪═════╡
│ 1.5 ┆ 2   │
│ 3.0 ┆ 4   │
└─────┴─────┘
"""
DUCKDB = """┌────────┬───────┐
│   a    │   b   │
│ double │ int32 │
├────────┼───────┤
│    1.5 │     2 │
│    3.0 │     4 │
└────────┴───────┘
"""
WORLD = """"Data Source","Indicators",

"Country Name","Country Code","2001","2002",
"Aruba","ABW","1.5","2",
"Benin","BEN","3","",
"""
PAIRS = [[1.7e12, 1.5], [1.70000006e12, 3]]


def same(table: NumberTable, values: list[list[float]]) -> None:
    """The values are these, and the text that the page keeps gives them again."""
    np.testing.assert_array_equal(table.values, np.array(values, float))
    if table.source:
        np.testing.assert_array_equal(read_text(table.source).values, table.values)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (FRAMED, [[1.5, 2], [3, 4]]),
        (DUCKDB, [[1.5, 2], [3, 4]]),
        ("┏━━━┳━━━┓\n┃ a ┃ b ┃\n┡━━━╇━━━┩\n│ 1 │ 2 │\n│ 3 │ 4 │\n└───┴───┘\n", [[1, 2], [3, 4]]),
        ("0    1.5\n1    2.5\n2    4.0\nName: a, dtype: float64\n", [[1.5], [2.5], [4]]),
        ("2024-01-01    1.5\n2024-01-02    2.5\nFreq: D, Name: temp, dtype: float64\n", [[1.5], [2.5]]),
        ("     a    b\n0  1.5  2.0\n1  3.0  4.0\n\n[2 rows x 2 columns]\n", [[1.5, 2], [3, 4]]),
        ("[np.float64(1.5), np.float64(-3.0)]", [[1.5], [-3]]),
        ("[tensor(0.5000), tensor(0.2500, device='cuda:0', grad_fn=<MseLossBackward0>)]", [[0.5], [0.25]]),
        ("[array([1., 2.]), array([3., 4.], dtype=float32)]", [[1, 2], [3, 4]]),
        ("{'loss': [np.float64(0.5), np.float64(0.25)], 'acc': [1, nan]}", [[0.5, 1], [0.25, NAN]]),
        ("[{'a': 1.5, 'b': 2}, {'a': 3, 'b': None}]", [[1.5, 2], [3, NAN]]),
        ("Array([[1., 2.],\n       [3., 4.]], dtype=float32)", [[1, 2], [3, 4]]),
        ("<tf.Tensor: shape=(2, 2), dtype=float32, numpy=\narray([[1., 2.],\n       [3., 4.]], dtype=float32)>",
         [[1, 2], [3, 4]]),
        ("deque([1.5, 2.5])", [[1.5], [2.5]]),
        ("{{1.5, 2}, {3, 4}}", [[1.5, 2], [3, 4]]),
        ("x <- c(1.5, 2.5, 3)", [[1.5], [2.5], [3]]),
        (" [1] 1.5 2.5\n [3] 4.0\n", [[1.5], [2.5], [4]]),
        ("     [,1] [,2]\n[1,]  1.5    2\n[2,]  3.0    4\n", [[1.5, 2], [3, 4]]),
        ("A =\n\n    1.5000    2.0000\n    3.0000    4.0000\n", [[1.5, 2], [3, 4]]),
    ],
    ids=["polars", "DuckDB", "rich", "Series", "dated Series", "DataFrame", "NumPy numbers", "tensors", "arrays",
         "dict of NumPy numbers", "dicts", "JAX", "TensorFlow", "deque", "braces", "c()", "R vector", "R matrix",
         "MATLAB"],
)  # fmt: skip
def test_what_a_console_prints_is_read(text: str, values: list[list[float]]) -> None:
    """Frames, sizes, types, calls and places around the numbers are no numbers and no names."""
    same(read_text(text), values)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("      a\n0   1.5\n1   2.5\n..  ...\n98  3.5\n99  4.5\n\n[100 rows x 1 columns]\n", "leaves rows out"),
        ("0     1.5\n      ... \n99    4.5\nName: a, Length: 100, dtype: float64\n", "leaves rows out"),
        (FRAMED.replace("│ 3.0 ┆ 4   │", "│ …   ┆ …   │\n│ 3.0 ┆ 4   │"), "leaves rows out"),
        ("     a  ...    z\n0  1.5  ...  2.0\n1  2.5  ...  3.0\n\n[2 rows x 26 columns]\n", "leaves columns out"),
        ("A =\n\n   1.0e+03 *\n\n    1.5    2.0\n    3.0    4.5\n", "takes a factor out"),
        ("A =\n\n  Columns 1 through 2\n\n    1  2\n    3  4\n\n  Column 3\n\n    5\n    6\n", "blocks of columns"),
        ("{\\rtf1\\ansi 1.5 2.5}", "rich text"),
        ("\n%PDF-1.7\n1 0 obj\n", "PDF"),
    ],
)
def test_a_print_that_leaves_numbers_out_is_refused(text: str, words: str) -> None:
    """What is not there is never read as a hole, and a factor never left aside: the mend is named."""
    with pytest.raises(InputError, match=words) as caught:
        read(text.encode())
    assert len(caught.value.problems) == 1


def test_a_column_of_dots_is_missing_values_where_nothing_is_left_out() -> None:
    """Two dots for no value, as statistics offices write, are no row that was left out."""
    same(read_text("a,b\n1,..\n..,2\n3,4\n"), [[1, NAN], [NAN, 2], [3, 4]])


@pytest.mark.parametrize(
    ("value", "values", "first"),
    [
        ({"2024-01-01": {"a": 1, "b": 2}, "2024-01-02": {"a": 3, "b": 4}}, [[1, 2], [3, 4]], "a"),
        ({"Meta": {"1": "x"}, "Series": {"2024-01-02": {"1. open": "1.5"}, "2024-01-01": {"1. open": "3"}}},
         [[1.5], [3]], "1. open"),
        ({"a": {"1704067200000": 1.5, "1704153600000": 3}}, [[1.5], [3]], "a"),
        ([{"name": "A", "data": PAIRS}, {"name": "B", "data": PAIRS}], [[1.5, 1.5], [3, 3]], "A"),
        ({"datasets": [{"label": "A", "data": [1, 2, 4]}, {"label": "B", "data": [5, 6, 7]}]},
         [[1, 5], [2, 6], [4, 7]], "A"),
        ({"data": [{"x": [1, 2, 3], "y": [4, 5, 6.5], "type": "scatter"}]}, [[1, 4], [2, 5], [3, 6.5]], "x"),
        ([[1700000000000, "1.5"], [1700000060000, "3"]], [[1.5], [3]], "x2"),
    ],
    ids=["rows by date", "a service's rows by date", "dates as numbers", "a chart's pairs", "a chart's columns",
         "a figure's axes", "pairs with times"],
)  # fmt: skip
def test_json_of_services_is_read_the_way_time_goes(value: object, values: list[list[float]], first: str) -> None:
    """A step is a row whichever way the file nests it, and points in time are no input."""
    table = read(json.dumps(value).encode(), "x.json")
    same(table, values)
    assert table.names[0] == first


@pytest.mark.parametrize(
    ("text", "paces"),
    [
        ("timestamp,v\n1700000000.25,1\n1700000060.25,2\n1700000120.25,4\n", "evenly spaced"),
        ("1700000000,1\n1700000060,2\n1700000120,4\n", "evenly spaced"),
        ("Date,v\n45292,1\n45293,2\n45294,4\n", "one each day, none skipped"),
        ("Datum;v\n45292,25;1\n45292,5;2\n45292,75;4\n", "evenly spaced"),
        ("month,v\n202401,1\n202402,2\n202403,4\n", "points in time"),
        ("20240101,1\n20240102,2\n20240103,4\n", "one each day, none skipped"),
        ("timestamp,v\n202401010000,1\n202401010010,2\n202401010020,4\n", "evenly spaced"),
        ("MESS_DATUM;v\n2024010100;1\n2024010101;2\n2024010102;4\n", "evenly spaced"),
    ],
)
def test_points_in_time_that_are_written_as_numbers_are_no_input(text: str, paces: str) -> None:
    """Seconds, milliseconds, Excel's days and dates without signs between are recognised, left out, and said."""
    table = read_text(text)
    same(table, [[1], [2], [4]])
    (why,) = table.left_out.values()
    assert paces in why


def test_the_hour_in_a_date_of_digits_counts() -> None:
    """2024010112 is noon of a day, not a count of seconds since 1970."""
    table = read_text("time,v\n2024010100,1\n2024010112,2\n2024010200,4\n", chosen={"column 0": "days"})
    assert table.values[:, 0].tolist() == [0, 0.5, 1]


@pytest.mark.parametrize(
    "written",
    [
        "2024{:02}01 10:00",
        "2024年{}月1日",
        "{:02}/2024",
        "2024-{:02}-01 10:00:00 PST",
        "2024-{:02}-01 10:00 Europe/Berlin",
    ],
)
def test_dates_of_other_places_are_dates(written: str) -> None:
    """Compact, Chinese and Japanese dates, months with their year and names of zones are recognised."""
    (column, _) = read_text("d,v\n" + "".join(f"{written.format(k)},{k}.5\n" for k in range(1, 7))).columns
    assert column.role == "date"


@pytest.mark.parametrize("months", ["enero febrero marzo", "gennaio febbraio marzo", "janeiro fevereiro março"])
def test_months_have_names_in_several_languages(months: str) -> None:
    """A month's name counts as it does in English: day numbers follow it."""
    text = "d,v\n" + "".join(f"1 de {month} de 2024,1\n" for month in months.split())
    assert read_text(text, chosen={"column 0": "days"}).values[:, 0].tolist() == [0, 31, 60]


def test_what_looks_like_seconds_can_be_a_number_all_the_same() -> None:
    """The choice is the learner's: a count that grows like a clock goes in when that is pressed."""
    table = read_text("1700000000,1\n1700000060,2\n1700000120,4\n", chosen={"column 0": "number"})
    assert table.values[:, 0].tolist() == [1700000000, 1700000060, 1700000120]


def test_numbers_as_large_as_seconds_stay_numbers_without_order() -> None:
    """A first column without a name is a point in time only where it runs one way."""
    assert read_text("1700000000,1\n1600000000,2\n1700000120,4\n").values.shape == (3, 2)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("'a';'b'\n'1.5';'2'\n'3';'4'\n", [[1.5, 2], [3, 4]]),
        ("a,b\n'1.5,2\n'3,4\n", [[1.5, 2], [3, 4]]),
        ("<DATE>,<OPEN>\n20240101,1.5\n20240102,3\n", [[1.5], [3]]),
        ("a\n１.５\n３\n", [[1.5], [3]]),
        ("a;b\n١٫٥;٢\n۳;4\n", [[1.5, 2], [3, 4]]),
        ("phone,v\n+49 30 1234,1.5\n+49 30 1235,3\n", [[1.5], [3]]),
        ('a,b\n1,2\n"3,4\n5,6\n7,8\n', [[1, 2], [3, 4], [5, 6], [7, 8]]),
        ("2001,2002,2003\n1.5,2.5,3.5\n4.5,5.5,6.5\n", [[1.5, 2.5, 3.5], [4.5, 5.5, 6.5]]),
        (WORLD, [[1.5, 2], [3, NAN]]),
        ("a,b\n1,2\n3,4\n\0\0\0\0\0", [[1, 2], [3, 4]]),
        ("a b\n#N/A 2\n3 4\n# the end\n", [[NAN, 2], [3, 4]]),
        ("name;v\ns0;5,33\ns1;\ns2;611,22\ns3;\ns4;2,07\ns5;1,5\n", [[5.33], [NAN], [611.22], [NAN], [2.07], [1.5]]),
        ("name  v\ns0  -3,98\ns1  #N/A\ns2  2,5\ns3  1,5\n", [[-3.98], [NAN], [2.5], [1.5]]),
    ],
    ids=["single quotes", "Excel's text mark", "names in angle brackets", "full width", "Arabic and Persian digits",
         "phone numbers", "a quotation not closed", "years for names", "World Bank", "zeros at the end",
         "a hole that begins a row", "names with holes", "names with spaces"],
)  # fmt: skip
def test_odd_cells_and_headers_are_read(text: str, values: list[list[float]]) -> None:
    """Signs around cells, digits of other scripts and headers of numbers do not change what the numbers are."""
    same(read(text.encode()), values)


def test_a_quotation_mark_that_is_taken_away_is_said() -> None:
    """The row it stood in is named."""
    assert read_text('a,b\n1,2\n"3,4\n').notes == ("A quotation mark that is not closed was taken away (row 3).",)


def test_a_first_row_that_may_be_names_is_asked() -> None:
    """0, 1 above decimals are numbers unless they are said to be the names that pandas gives."""
    text = "0,1\n1.5,2.5\n4.5,5.5\n"
    assert len(read_text(text).values) == 3
    assert len(read_text(text, chosen={"header": "yes"}).values) == 2


def test_points_that_may_group_thousands_are_asked() -> None:
    """Whole numbers beside several with three digits behind the point leave it open, whatever stands between cells."""
    text = "a\tb\n1.234\t3\n567\t1\n12.345\t2\n"
    assert read_text(text).values[0, 0] == 1.234
    assert read_text(text, chosen={"decimal": ","}).values[:, 0].tolist() == [1234, 567, 12345]
    assert [q.key for q in read_text(text).questions] == ["decimal"]
    assert not read_text("a\tb\n1.234\t3\n5.671\t1\n2.345\t2\n").questions


def test_all_parts_of_a_packed_file_are_read() -> None:
    """A log that was packed in pieces is read whole."""
    same(read(gzip.compress(b"a,b\n1,2\n", mtime=0) + gzip.compress(b"3,4\n", mtime=0), "x.csv.gz"), [[1, 2], [3, 4]])
    with pytest.raises(InputError, match="packed twice"):
        read(gzip.compress(gzip.compress(b"1,2\n", mtime=0), mtime=0))


def test_of_a_zip_of_several_tables_one_is_chosen() -> None:
    """The likeliest is read, never the remarks beside it; the others are offered."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("API/Metadata_Country.csv", "a,b\n" + "9,9\n" * 90)
        archive.writestr("API/small.csv", "a,b\n5,6\n")
        archive.writestr("API/data.csv", "a,b\n1,2\n3,4\n")
        archive.writestr("readme.txt", "1 2 3\n" * 99)
    table = read(buffer.getvalue(), "API.zip")
    same(table, [[1, 2], [3, 4]])
    assert table.questions[0].taken == "API/data.csv"
    same(read(buffer.getvalue(), "API.zip", chosen={"member": "API/small.csv"}), [[5, 6]])


@pytest.mark.parametrize(
    "text",
    ["[tensor(" + "1" * 200_000, "<tf.Tensor numpy=" * 20_000, "Name: " * 20_000 + "dtype: x", "[1] " * 9_000 + "x",
     "[array([ " + " " * 200_000, "tensor(1" + ", a=b" * 50_000],
)  # fmt: skip
def test_no_print_takes_long(text: str) -> None:
    """Patterns stay bounded: what begins like a print and never ends is answered all the same."""
    with suppress(InputError):
        assert len(read_text(text).notes) < 9
