"""JSON, printed arrays, NPY, NPZ and Excel: tables in files that have a structure of their own."""

from __future__ import annotations

import datetime as dt
import io
import json
import sys
import zipfile

import numpy as np
import pandas as pd
import pytest
from openpyxl import Workbook

from core.errors import InputError
from core.table import NumberTable, read, read_text, values_written

NAN = float("nan")
FRAME = pd.DataFrame({"a": [1.5, 2.0], "b": [3, 4]})


def same(table: NumberTable, values: object) -> bool:
    """Whether a table holds these numbers."""
    return np.array_equal(table.values, np.array(values, float), equal_nan=True)


def question(table: NumberTable, key: str) -> dict[str, str]:
    """The options of one question."""
    return dict(next(q for q in table.questions if q.key == key).options)


@pytest.mark.parametrize(
    ("text", "names", "values"),
    [
        ("[1, 2.5, 3]", ("x1",), [[1], [2.5], [3]]),
        ("[[1, 2], [3, NaN], [Infinity, null]]", ("x1", "x2"), [[1, 2], [3, NAN], [NAN, NAN]]),
        ('[{"a": 1, "b": {"c": 2}}, {"a": 3, "b": {"c": null}}]', ("a", "b.c"), [[1, 2], [3, NAN]]),
        ('[{"a": 1}, {"a": 3, "b": 2}]', ("a", "b"), [[1, NAN], [3, 2]]),
        ('{"a": [1, 2], "b": [3, 4]}', ("a", "b"), [[1, 3], [2, 4]]),
        ('{"data": [[1, 2], [3, 4]]}', ("x1", "x2"), [[1, 2], [3, 4]]),
        ('{"lat": 5, "hourly": {"time": ["2020-01-01T00:00", "2020-01-01T01:00"], "t": [1.5, null]}}',
         ("t",), [[1.5], [NAN]]),
        ('{"a":1,"t":"2020-01-01"}\n{"a":2,"t":"2020-01-02"}\n', ("a",), [[1], [2]]),
        ("[1, 2]\n[3, 4]\n", ("x1", "x2"), [[1, 2], [3, 4]]),
        *((FRAME.to_json(orient=orient), ("a", "b"), [[1.5, 3], [2, 4]])
          for orient in ("columns", "index", "records", "split", "table")),
        (FRAME.to_json(orient="values"), ("x1", "x2"), [[1.5, 3], [2, 4]]),
        ("[[1. 2.]\n [3. 4.]]", ("x1", "x2"), [[1, 2], [3, 4]]),
        ("array([[1., 2.],\n       [3., nan]], dtype=float32)", ("x1", "x2"), [[1, 2], [3, NAN]]),
        ("tensor([[1.0, -2e-3],\n        [3., inf]], device='cuda:0', grad_fn=<AddBackward0>)",
         ("x1", "x2"), [[1, -0.002], [3, NAN]]),
        ("Parameter containing:\ntensor([0.1, 0.2], requires_grad=True)", ("x1",), [[0.1], [0.2]]),
        ("x = np.array([True, False])", ("x1",), [[1], [0]]),
        ("((1, 2), (3, 4))", ("x1", "x2"), [[1, 2], [3, 4]]),
        ("{'a': [1, 2, None], 'b': [3, 4, 5]}", ("a", "b"), [[1, 3], [2, 4], [NAN, 5]]),
        ("A = [1 2; 3 4.5];", ("x1", "x2"), [[1, 2], [3, 4.5]]),
        (str(np.arange(6.0).reshape(3, 2)), ("x1", "x2"), [[0, 1], [2, 3], [4, 5]]),
        (repr(np.arange(6.0).reshape(3, 2)), ("x1", "x2"), [[0, 1], [2, 3], [4, 5]]),
        (str(FRAME), ("a", "b"), [[1.5, 3], [2, 4]]),
    ],
)  # fmt: skip
def test_nested_and_printed_tables(text, names, values):
    """JSON in the forms that pandas, web services and logs write, and what Python, NumPy, PyTorch and MATLAB print."""
    table = read(text.encode(), "x.json")
    assert table.names == names
    assert same(table, values)


def test_one_of_several_tables_is_chosen():
    """Of a 3-D array one sequence is shown and the others offered; of two tables in one file likewise."""
    cube = np.arange(24.0).reshape(2, 3, 4)
    table = read(json.dumps(cube.tolist()).encode(), "x.json")
    assert same(table, cube[0])
    assert list(question(table, "slice")) == ["0", "1"]
    assert same(read(json.dumps(cube.tolist()).encode(), "x.json", chosen={"slice": "1"}), cube[1])
    two = b'{"train": [[1, 2], [3, 4], [5, 6]], "test": [[7, 8]]}'
    assert list(question(read(two, "x.json"), "array")) == ["train", "test"]
    assert same(read(two, "x.json", chosen={"array": "test"}), [[7], [8]])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (str(np.arange(5000.0)), "leaves numbers out"),
        ("tensor([[1, 2], ..., [3, 4]])", "leaves numbers out"),
        ("[1+2j, 3j]", "complex"),
        ("array([[1, 2], [3, 4", "ends before its last bracket"),
        ("[[1, 2], [3]]", "different lengths: row 1 has 2 numbers, row 2 has 1"),
        ("[1, [2, 3]]", "mixes numbers with lists"),
        ("[[[[1]], [[2]]], [[[3]], [[4]]]]", "nested 4 deep"),
        ("[" * 100_000, "nested too deeply|ends before"),
        ("{}", "no table"),
        ('{"a": 1}', "no table"),
    ],
)
def test_structures_that_are_no_table(text, words):
    """What is cut off, complex, uneven or too deep is named with its mend."""
    with pytest.raises(InputError, match=words):
        read(text.encode(), "x.json")


def npy(array: np.ndarray, **options: object) -> bytes:
    """An NPY file."""
    out = io.BytesIO()
    np.save(out, array, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12.0).reshape(4, 3),
        np.asfortranarray(np.arange(12.0).reshape(4, 3)),
        np.arange(12, dtype=">f4").reshape(4, 3),
        np.arange(12, dtype="<i2").reshape(4, 3),
        np.arange(12, dtype="u1").reshape(4, 3),
        np.arange(12, dtype="f2").reshape(4, 3),
        np.arange(12).reshape(4, 3) % 2 == 0,
        np.arange(12.0).reshape(1, 4, 3),
        np.arange(12.0).reshape(4, 1, 3),
    ],
)
def test_arrays_of_every_kind_of_number(array):
    """Byte order, memory order, integers, halves and truth make no difference; nor does an axis of length 1."""
    table = read(npy(array), "x.npy")
    assert same(table, array.reshape(4, 3))
    assert same(read_text(values_written(table.names, table.values)), array.reshape(4, 3))


def test_long_and_deep_arrays():
    """1 × 10,000 is read downwards, a 3-D array offers its sequences, numbers that miss are NaN."""
    row = np.random.default_rng(0).normal(size=(1, 10_000))
    table = read(npy(row), "x.npy")
    assert table.values.shape == (10_000, 1)
    assert read(npy(row), "x.npy", chosen={"turn": "across"}).values.shape == (1, 10_000)
    cube = np.arange(24.0).reshape(2, 3, 4)
    assert same(read(npy(cube), "x.npy", chosen={"slice": "1"}), cube[1])
    table = read(npy(np.array([1.0, np.nan, np.inf])), "x.npy")
    assert same(table, [[1], [NAN], [NAN]])
    assert any("1 infinite number" in note for note in table.notes)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (npy(np.array([{}, 1], object), allow_pickle=True), "Python objects"),
        (npy(np.ones((2, 2), complex)), "complex"),
        (npy(np.ones((0, 3))), "empty"),
        (npy(np.ones((40, 30)))[:-8], "ends before its numbers"),
        (npy(np.ones((2, 2, 2, 2))), "2 × 2 × 2 × 2"),
        (npy(np.full(3, np.nan)), "no number"),
        (b"\x93NUMPY\x01\x00\xff\xff{'descr'", "header"),
        (b"\x93NUMPY\x09\x09", "header"),
        (npy(np.ones(4)).replace(b"(4,)", b"(9" + b"9" * 40 + b",)", 1), "header|ends before"),
    ],
)
def test_arrays_that_cannot_be_read(content, words):
    """Objects are never unpickled, and a header cannot ask for more memory than the file has bytes."""
    with pytest.raises(InputError, match=words):
        read(content, "x.npy")


def test_archives_of_arrays():
    """Of several arrays the widest is taken and the others are offered; objects among them are said, not run."""
    out = io.BytesIO()
    np.savez_compressed(out, x=np.arange(12.0).reshape(4, 3), y=np.arange(3), o=np.array([None, 1]))
    table = read(out.getvalue(), "x.npz")
    assert same(table, np.arange(12.0).reshape(4, 3))
    assert list(question(table, "array")) == ["x", "y"]
    assert any("“o” cannot be read: The array holds Python objects" in note for note in table.notes)
    assert same(read(out.getvalue(), "x.npz", chosen={"array": "y"}), [[0], [1], [2]])


def test_columns_that_an_archive_keeps_apart_are_put_side_by_side():
    """Arrays of one length are the columns of one table; each alone can be chosen."""
    out = io.BytesIO()
    np.savez(out, t=np.array([0.5, 1, 2.5]), v=np.array([0.1 + 0.2, 1 / 3, 7]))
    table = read(out.getvalue(), "x.npz")
    assert table.names == ("t", "v")
    assert same(table, [[0.5, 0.1 + 0.2], [1, 1 / 3], [2.5, 7]])
    assert list(question(table, "array").values()) == ["all, side by side", "t 3", "v 3"]
    assert same(read(out.getvalue(), "x.npz", chosen={"array": "t"}), [[0.5], [1], [2.5]])


def test_fields_of_an_array_keep_every_digit():
    """A structured array is read to the last bit."""
    array = np.array([(0.1 + 0.2, 2), (1 / 3, 3)], [("a", float), ("b", int)])
    assert same(read(npy(array), "x.npy"), [[0.1 + 0.2, 2], [1 / 3, 3]])


def test_content_decides_over_the_name():
    """A NumPy array called .csv is read as what it is, and that is said; text called .xlsx likewise."""
    table = read(npy(np.arange(4.0)), "x.csv")
    assert table.kind == "NumPy array"
    assert any("Named .csv" in note for note in table.notes)
    table = read(b"a;b\n1;2\n", "x.xlsx")
    assert table.values.tolist() == [[1, 2]]
    assert any("Named .xlsx" in note for note in table.notes)


def book(*sheets: tuple[str, list[list[object]]]) -> bytes:
    """An Excel workbook."""
    made = Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


DAY = dt.datetime


def test_workbooks():
    """Dates, titles, empty cells, codes and formulas without a value are understood as in a CSV file."""
    rows = [["Report"], [], ["day", "t", "zip", "f"], [DAY(2020, 1, 1), 1.5, "01234", "=B4*2"],
            [DAY(2020, 1, 2), None, "02345", "=B5"], [DAY(2020, 1, 3), 3, "03456", "=B6"]]  # fmt: skip
    table = read(book(("Data", rows)), "x.xlsx")
    assert table.names == ("t",)
    assert same(table, [[1.5], [NAN], [3]])
    assert table.rows.tolist() == [4, 5, 6]
    assert [c.role for c in table.columns] == ["date", "number", "id", "empty"]
    assert any("3 formulas without a stored value" in note for note in table.notes)
    assert same(read_text(table.source), table.values)


def test_one_of_several_sheets_is_chosen():
    """The first sheet with numbers is taken, and every sheet is offered."""
    content = book(("Notes", [["nothing here"]]), ("A", [["a", "b"], [1, 2], [3, 4]]), ("B", [[5], [6]]))
    table = read(content, "x.xlsx")
    assert table.values.tolist() == [[1, 2], [3, 4]]
    assert list(question(table, "sheet")) == ["Notes", "A", "B"]
    assert read(content, "x.xlsx", chosen={"sheet": "B"}).values.tolist() == [[5], [6]]


def test_a_cover_is_not_taken_for_the_table():
    """A sheet with a version and a date is passed over for the one with the numbers; a year row names its columns."""
    cover = [["Report 2024"], ["Created", DAY(2024, 1, 5)], ["Version", 1.2]]
    rows = [["Region", "2022", "2023", "Total"], ["N", 1.5, 2, 3.5], ["S", 3, 4, 7]]
    table = read(book(("Cover", cover), ("Data", rows)), "x.xlsm")
    assert table.names == ("2022", "2023", "Total")
    assert same(table, [[1.5, 2, 3.5], [3, 4, 7]])
    assert not table.notes


def test_a_workbook_with_a_password_is_named():
    """Excel packs such a workbook as it packed those of old; it is told from them."""
    content = b"\xd0\xcf\x11\xe0" + b"\0" * 99 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 99
    with pytest.raises(InputError, match="protected by a password"):
        read(content, "x.xlsx")


def test_merged_cells_are_said():
    """A merged range counts once, and that is said."""
    made = Workbook()
    for row in (["a", "b"], [1, 2], [3, 4]):
        made.active.append(row)
    made.active.merge_cells("A2:A3")
    out = io.BytesIO()
    made.save(out)
    table = read(out.getvalue(), "x.xlsx")
    assert same(table, [[1, 2], [NAN, 4]])
    assert any("1 merged range" in note for note in table.notes)


def test_without_the_extra_one_command_is_named(monkeypatch):
    """Where openpyxl is not installed, the sentence names the one command that brings it."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InputError, match="uv sync --extra files"):
        read(book(("A", [[1], [2]])), "x.xlsx")


def repacked(content: bytes, name: str, change: object) -> bytes:
    """A workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            part = old.read(info)
            new.writestr(info.filename, change(part) if info.filename == name else part)  # type: ignore[operator]
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda part: part + b" " * 60_000_000, "unpacks to more than 40 MB"),
        (lambda part: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + part, "entities"),
        (lambda part: part[:50], "cannot be read"),
        (lambda _: b"", "cannot be read"),
    ],
)
def test_hostile_workbooks(change, words):
    """A bomb, an entity or half a sheet is refused before it costs anything."""
    with pytest.raises(InputError, match=words):
        read(repacked(book(("A", [[1, 2], [3, 4]])), SHEET, change), "x.xlsx")


def test_cells_far_apart_cost_nothing():
    """A cell in the last row and column of a sheet makes no table of seventeen thousand million cells."""
    far = b'<row r="1048576"><c r="XFD1048576"><v>5</v></c></row></sheetData>'
    content = repacked(book(("A", [[1, 2], [3, 4]])), SHEET, lambda part: part.replace(b"</sheetData>", far))
    table = read(content, "x.xlsx")
    assert table.values[:2].tolist() == [[1, 2], [3, 4]]
