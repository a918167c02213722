"""Tables as programs write them in text: read as they were meant, with what was understood as data."""

from __future__ import annotations

import gzip
import io
import zipfile

import numpy as np
import pytest

from core.errors import InputError
from core.table import NumberTable, read

NAN = float("nan")


def roles(table: NumberTable) -> dict[str, str]:
    """Role of each column."""
    return {column.name: column.role for column in table.columns}


def questions(table: NumberTable) -> dict[str, str]:
    """What was taken of what fits two ways."""
    return {question.key: question.taken for question in table.questions}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("a,b\n1.5,2\n3,4\n", [[1.5, 2], [3, 4]]),
        ("a\tb\n1.5\t2\n3\t4\n", [[1.5, 2], [3, 4]]),
        ("a;b\n1,5;2\n3;4\n", [[1.5, 2], [3, 4]]),
        ("a|b\n1.5|2\n3|4\n", [[1.5, 2], [3, 4]]),
        ("| a | b |\n|---|---|\n| 1.5 | 2 |\n| 3 | 4 |\n", [[1.5, 2], [3, 4]]),
        ("+---+---+\n| a | b |\n+---+---+\n| 1.5 | 2 |\n| 3 | NULL |\n+---+---+\n2 rows in set\n",
         [[1.5, 2], [3, NAN]]),
        (" a | b \n---+---\n 1.5 | 2\n 3 | 4\n(2 rows)\n", [[1.5, 2], [3, 4]]),
        ("  1.5   2\n  3     4\n", [[1.5, 2], [3, 4]]),
        ("sep=;\na;b\n1,5;2\n3;4\n", [[1.5, 2], [3, 4]]),
        ("x\n1 234,56\n2 345,67\n", [[1234.56], [2345.67]]),
        ("a;b\n1.234,56;1\n2.345,67;2\n", [[1234.56, 1], [2345.67, 2]]),
        ('a,b\n"1,234.56",1\n"2,345.67",2\n', [[1234.56, 1], [2345.67, 2]]),
        ("a;b\n1'234.56;1\n2’345.67;2\n", [[1234.56, 1], [2345.67, 2]]),
        ("a;b\n1\u202f234,56;1\n2\u00a0345,67;2\n", [[1234.56, 1], [2345.67, 2]]),
        ("v\n1.234.567\n2.345.678\n", [[1234567], [2345678]]),
        ("a;b\n1,23,456;1\n2,34,567;2\n", [[123456, 1], [234567, 2]]),
        ("v,w\n(1.5),5-\n−2,+3\n", [[-1.5, -5], [-2, 3]]),
        ("v\n1e-3 V\n2e-3 V\n", [[0.001], [0.002]]),
        ("v\n1.2M\n340K\n", [[1.2e6], [3.4e5]]),
        ("v,w\n$5,12%\n$1200.5,3 %\n", [[5, 12], [1200.5, 3]]),
        ("v\n3.5 °C\n4.5 °C\n", [[3.5], [4.5]]),
        ('a,b\n"one\ntwo",1\n"three",2\n', [[1], [2]]),
        ("# station 7\n# unit: °C\na,b\n1,2\n3,4.5\n", [[1, 2], [3, 4.5]]),
        ("# a b\n1.0e+00 2.0e+00\n3.0e+00 4.0e+00\n", [[1, 2], [3, 4]]),
        ("Report 2020\nby the office\n\na,b\n1,2\n3,4.5\n", [[1, 2], [3, 4.5]]),
        ("temp,press\n°C,hPa\n1,2\n3,4.5\n", [[1, 2], [3, 4.5]]),
        ("a,b\n1,2\na,b\n3,4.5\n", [[1, 2], [3, 4.5]]),
        ("a,b,,\n1,2,,\n\n,,,\n3,4.5,,\n", [[1, 2], [3, 4.5]]),
        ("a,b\n1,\n3,4\nNA,5\n?,6\n-,#N/A\nnull,\\N\n", [[1, NAN], [3, 4], [NAN, 5], [NAN, 6]]),
        ("lat,lon\n52.5,13.4\n\ntime,t,rain\n2020-01-01T00:00,1.5,0\n2020-01-01T01:00,1.2,1\n", [[1.5, 0], [1.2, 1]]),
    ],
)  # fmt: skip
def test_dialects_mean_what_their_writers_meant(text, values):
    """Separators, decimal signs, thousands, units, comments, metadata and headers of programs in common use."""
    found = read(text.encode(), "x.csv").values
    assert np.array_equal(found[: len(values)], np.array(values, float), equal_nan=True)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("größe;wert\n1,5;2\n3;4\n".encode("utf-8-sig"), "UTF-8"),
        ("größe;wert\n1,5;2\n3;4\n".encode(), "UTF-8"),
        ("größe;wert\n1,5;2\n3;4\n".encode("utf-16"), "UTF-16"),
        ("größe;wert\n1,5;2\n3;4\n".encode("utf-16-le"), "UTF-16"),
        ("größe;wert\n1,5;2\n3;4\n".encode("utf-16-be"), "UTF-16"),
        ("größe;wert\n1,5;2\n3;4\n".encode("cp1252"), "Windows-1252"),
        ("größe;wert \x81\n1,5;2\n3;4\n".encode("latin-1"), "Latin-1"),
        ("größe;wert\r1,5;2\r3;4\r".encode(), "UTF-8"),
    ],
)
def test_encodings(content, encoding):
    """Whatever a spreadsheet saves, names and numbers come out, and the encoding is said."""
    table = read(content, "x.csv")
    assert table.encoding == encoding
    assert table.names[0] == "größe"
    assert table.values.tolist() == [[1.5, 2], [3, 4]]
    assert (table.separator, table.decimal, table.header) == (";", ",", True)


@pytest.mark.parametrize(
    ("text", "role", "why"),
    [
        ("v,w\n01.02.2020,1\n02.02.2020,2\n03.02.2020,3\n", "date", "day first, one each day, none skipped"),
        ("v,w\n2020-01-01 10:00:00,1\n2020-01-01 10:05:00,2\n2020-01-01 10:10:00,3\n", "date", "evenly spaced"),
        (
            "v,w\n2020-01-01T10:00:00Z,1\n2020-01-02T10:00:00Z,2\n2020-01-03T10:00Z,3\n2020-01-05T10:00:00Z,3\n",
            "date",
            "1 skipped",
        ),
        ('v,w\n"Jan 02, 2020",1\n"Jan 03, 2020",2\n', "date", "holds dates"),
        ("v,w\n3-Jan-20,1\n4-Jan-20,2\n", "date", "holds dates"),
        ("v,w\n2020-01,1\n2020-02,2\n", "date", "holds dates"),
        ("v,w\n10:00,1\n10:30,2\n", "date", "times of day"),
        ("timestamp,w\n1600000000,1\n1600000060,2\n", "date", "points in time"),
        ("date,w\n20200101,1\n20200102,2\n", "date", "points in time"),
        (",w\n0,1\n1,5\n2,7\n", "index", "counts the rows"),
        ("id,w\n1,1\n2,5\n3,7\n", "index", "counts the rows"),
        ("zip,w\n01234,1\n02345,5\n", "id", "leading zeros"),
        ("v,w\n1234567890123456789,1\n1234567890123456788,5\n", "id", "more than 15 digits"),
        ("phone,w\n301234,1\n305678,5\n", "id", "codes"),
        ("v,w\nsunny,1\nrain,2\nsunny,3\nrain,4\n", "category", "words, such as “sunny”"),
        ("v,w\nAnna,1\nBen,2\n", "text", "words, such as “Anna”"),
        ("v,w\n,1\nNA,2\n", "empty", "empty"),
    ],
)
def test_what_is_no_quantity_is_left_out_and_said(text, role, why):
    """Dates, row numbers, names and words stay out of the numbers; the column says which it is and why."""
    table = read(text.encode(), "x.csv")
    first = table.columns[0]
    assert (first.role, first.inputs) == (role, ())
    assert why in first.why
    assert table.names == ("w",)
    assert table.left_out == {first.name: first.why}


def test_truth_is_read_as_numbers_and_said():
    """A column of true and false goes in as 1 and 0."""
    table = read(b"on,v\nTrue,1.5\nFalse,2\n", "x.csv")
    assert table.values.tolist() == [[1, 1.5], [0, 2]]
    assert roles(table)["on"] == "boolean"
    assert any("read as 1 and 0" in note for note in table.notes)


@pytest.mark.parametrize(
    ("text", "key", "taken", "other", "values"),
    [
        ("1,234\t5,678\n2,345\t6,789\n", "decimal", ".", ",", [[1.234, 5.678], [2.345, 6.789]]),
        ("1,234;5,678\n2,345;6,789\n", "decimal", ",", ".", [[1234, 5678], [2345, 6789]]),
        ("1.234;5.678\n2.345;6.789\n", "decimal", ".", ",", [[1234, 5678], [2345, 6789]]),
        ("1 234,5\n2 345,5\n", "separator", "", " ", [[1, 234.5], [2, 345.5]]),
        ("1,5\n2,5\n3,5\n4,5\n", "separator", ",", "", [[1.5], [2.5], [3.5], [4.5]]),
        ("m,v\nJan,1\nFeb,2\nTotal,3\n", "totals", "leave out", "keep", [[1], [2], [3]]),
        ("a,b\n1,2\n-999,3\n2,4\n", "mark 0", "number", "missing", [[1, 2], [NAN, 3], [2, 4]]),
        ("1,2,3,4\n", "turn", "down", "across", [[1, 2, 3, 4]]),
        ("d,v\n03.01.2020,1\n05.01.2020,2\n", "column 0", "leave out", "days", [[0, 1], [2, 2]]),
        ("d,v\n06.01.2020,1\n08.01.2020,2\n", "column 0", "leave out", "weekday", [[0, 1], [2, 2]]),
        ("w,v\nsun,1\nrain,2\nsun,3\nrain,4\n", "column 0", "leave out", "onehot",
         [[1, 0, 1], [0, 1, 2], [1, 0, 3], [0, 1, 4]]),
        ("id,v\n1,5\n2,6\n", "column 0", "leave out", "number", [[1, 5], [2, 6]]),
        ("country,1990,1991\nFrance,1.5,2\nSpain,3,4\n", "header", "yes", "no", [[1990, 1991], [1.5, 2], [3, 4]]),
    ],
)  # fmt: skip
def test_where_two_readings_fit_one_is_taken_and_the_other_offered(text, key, taken, other, values):
    """No ambiguity is resolved in silence: the question says what was taken, and its answer gives the other."""
    table = read(text.encode(), "x.csv")
    assert questions(table)[key] == taken
    options = dict(next(q for q in table.questions if q.key == key).options)
    assert {taken, other} <= options.keys()
    again = read(text.encode(), "x.csv", chosen={key: other})
    assert np.array_equal(again.values, np.array(values, float), equal_nan=True)
    assert questions(again)[key] == other


def test_grouped_thousands_are_said():
    """Where other cells settle the decimal sign, a number that could be read in two ways is told as it was read."""
    table = read(b"a;b\n1.234;3,5\n2.345;4,5\n", "x.csv")
    assert table.values.tolist() == [[1234, 3.5], [2345, 4.5]]
    assert table.notes == ("Points group thousands here: 1.234 is read as 1234.",)
    table = read(b'a,b\n"1,234",3.5\n"2,345",4.5\n', "x.csv")
    assert table.notes == ("Commas group thousands here: 1,234 is read as 1234.",)


def test_dates_that_fit_two_orders_are_asked_about():
    """03/04/2020 may be March or April: which was taken is said, and another order changes the day's number."""
    text = b"d,v\n03/04/2020,1\n05/06/2020,2\n"
    table = read(text, "x.csv")
    assert questions(table)["dates 0"] == "mdy"
    assert "month first" in table.left_out["d"]
    other = read(text, "x.csv", chosen={"dates 0": "dmy", "column 0": "days"})
    assert other.values[:, 0].tolist() == [0, 63]
    european = read(b"d;v\n03/04/2020;1,5\n05/06/2020;2,5\n", "x.csv")
    assert questions(european)["dates 0"] == "dmy"


def test_cells_that_are_no_numbers_are_missing_and_said_once():
    """Twelve bad cells of one column make one sentence, with their rows and an example."""
    table = read(("price\n" + "1.5\n" * 20 + "n/a*\n" * 12).encode(), "x.csv")
    assert table.notes == (
        "12 cells in column “price” (rows 22, 23, 24, …) are not numbers, such as “n/a*”. Counted as missing.",
    )
    assert table.missing == {"price": tuple(range(22, 34))}
    assert table.columns[0].missing == 12


def test_ragged_rows_are_said():
    """A short row is filled up, a long one left out; where many are long the file is refused with the reason."""
    table = read(b"a,b\n1,2\n3\n4,5,6\n7,8\n9,1\n3,3\n", "x.csv")
    assert table.rows.tolist() == [2, 3, 5, 6, 7]
    assert np.isnan(table.values[1, 1])
    assert any("Row 3 has fewer" in note for note in table.notes)
    assert any("Row 4 has more" in note for note in table.notes)
    with pytest.raises(InputError, match="The rows have different lengths: 5 rows"):
        read(b"a;b\n" + b"1;2;3\n" * 5 + b"1;2\n" * 9, "x.csv")


def test_rows_keep_their_numbers_and_are_shown_as_written():
    """A hole is shown with its neighbours, as the file writes them."""
    lines = [f"{k:02}.01.2026;{k},5;{'' if k == 17 else k}" for k in range(1, 32)]
    table = read(("Datum;t;p\n" + "\n".join(lines)).encode(), "lake.csv")
    assert table.missing == {"p": (18,)}
    written = dict(table.written)
    assert list(written) == [2, 3, 17, 18, 19, 32]
    assert written[18] == ("17.01.2026", "17,5", "")


def zipped(**members: bytes) -> bytes:
    """A ZIP file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize("content", [gzip.compress(b"a,b\n1,2\n3,4.5\n", mtime=0), zipped(a_csv=b"a,b\n1,2\n3,4.5\n")])
def test_packed_tables(content):
    """A table packed with gzip, or alone in a ZIP as Kaggle sends it, is read."""
    assert read(content, "a.csv.gz").values.tolist() == [[1, 2], [3, 4.5]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"   \n\n", "empty"),
        (b"hello world", "no numbers"),
        (b"name,town\nAnna,Rome\nBen,Oslo\n", "No column holds numbers: “name” holds words"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "old Excel workbook"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PAR1\x15\x04", "Parquet"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"\x80\x04\x95\x10", "pickle"),
        (b"\x89PNG\r\n\x1a\n\0\0", "picture"),
        (b"<html><body><table>", "web page"),
        (b"\x00\x01\x02\x03" * 100, "neither text"),
        (b"PK\x03\x04 broken", "damaged"),
        (zipped(a_md=b"1,2", b_png=b"3,4"), "holds no table"),
        (zipped(archive_data_pkl=b"x").replace(b"archive.data.pkl", b"archive/data.pkl"), "PyTorch"),
        (gzip.compress(b"1\n2\n" * 100, mtime=0)[:-9], "damaged"),
    ],
)
def test_what_is_no_table_is_named(content, words):
    """A file of another kind is refused by what it is, with the way to mend it."""
    with pytest.raises(InputError, match=words) as caught:
        read(content, "x.csv")
    assert str(caught.value).endswith(".")
