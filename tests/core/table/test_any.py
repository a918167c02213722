"""Whatever comes: numbers or plain problems, never a traceback; and what common writers write comes back equal."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
import zipfile
import zlib

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from core.errors import InputError
from core.table import MAX_FILE, NumberTable, mend, read
from core.table.limits import MAX_CELLS, MAX_CHARS
from core.table.mends import FILLS, SCALES, Mends

pytestmark = pytest.mark.deep

STARTS = st.sampled_from(
    [b"", b"\x93NUMPY\x01\x00", b"\x93NUMPY\x02\x00", b"PK\x03\x04", b"\x1f\x8b\x08", b"\xff\xfe", b"\xfe\xff",
     b"\xef\xbb\xbf", b"[[", b"{", b"array([", b"tensor([", b"{'a': [", b"a,b\n", b"sep=", b'"', b"# ", b"A = [1 "]
)  # fmt: skip
LIKE_TABLES = "0123456789.,;\t|\"'-+eE \n\r\x00\x85\u2028٣½−–xan[](){}:#%$€°NATrue/\ud800"
COMMON = ["", "x.csv", "x.npy", "x.XLSX", "x.json.gz", "..", "a/b", "\0", "x." + "y" * 300]
NAMES = st.sampled_from(COMMON) | st.text(max_size=20)
KEYS = "decimal separator header turn totals sheet array slice column_0 mark_0 dates_0".split()  # noqa: SIM905
VALUES = ", . ; no down across keep 1 leave_out days onehot missing dmy 99999999999999999999".split()  # noqa: SIM905
ANSWERS = st.dictionaries(
    st.sampled_from([key.replace("_", " ") for key in KEYS]),
    st.sampled_from([value.replace("_", " ") for value in VALUES]) | st.text(max_size=5),
    max_size=3,
)


def holds(content: bytes, name: str, chosen: dict[str, str]) -> NumberTable | None:
    """Whether reading gives a whole table or problems that are sentences."""
    try:
        table, problem = read(content, name, chosen=chosen), None
    except InputError as error:
        table, problem = None, error
    if table is None:
        assert problem is not None
        assert problem.problems
        assert all(said.endswith(".") for said in problem.problems)
        assert len(str(problem)) < 4_000
        return None
    T, D = table.values.shape
    assert len(table.rows) == T
    assert len(set(table.names)) == len(table.names)
    assert table.values.shape[1:] == (len(table.names),)
    assert not np.isinf(table.values).any()
    assert sorted(k for column in table.columns for k in column.inputs) == list(range(D))
    assert all(bool(column.inputs) != bool(column.why) for column in table.columns)
    for question in table.questions:
        assert question.taken in dict(question.options)
    assert table.reading
    return table


@given(STARTS, st.binary(max_size=200), NAMES, ANSWERS)
def test_arbitrary_bytes_give_numbers_or_plain_problems(start, content, name, chosen):
    """No bytes, name or answer makes anything but a table or an InputError with sentences."""
    holds(start + content, name, chosen)


@given(STARTS, st.text(LIKE_TABLES, max_size=80), ANSWERS)
def test_text_like_tables_gives_numbers_or_plain_problems(start, text, chosen):
    """Text made of what stands in tables is read or refused; what is read can be mended in every way."""
    table = holds(start + text.encode("utf-8", "surrogatepass"), "x.csv", chosen)
    if table is not None:
        for fill in FILLS:
            for scale in SCALES:
                try:
                    found = mend(table, Mends((0,), 1, 0, 2, fill, scale), max_steps=5, max_inputs=2)
                except InputError:
                    continue
                assert np.isfinite(found.values).all()


def bomb(name: str, size: int) -> bytes:
    """A ZIP file whose one member unpacks to so many zeros."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as member,
    ):
        for _ in range(size // 1_000_000):
            member.write(b"0" * 1_000_000)
    return out.getvalue()


def packed(size: int) -> bytes:
    """A gzip file that unpacks to so many zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b"0" * 1_000_000) for _ in range(size // 1_000_000)) + packer.flush()


HUGE = b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', 'fortran_order': False, 'shape': (9999999999, 999), }"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.npz", bomb("x.npy", 200_000_000)),
        ("bomb.csv", bomb("x.csv", 200_000_000)),
        ("bomb.gz", packed(200_000_000)),
        ("huge.npy", HUGE.ljust(128) + b"1" * 64),
        ("commas.csv", b"," * MAX_CHARS),
        ("quotes.csv", b'"' * 500_000),
        ("lines.csv", b"1\n" * 300_000),
        ("deep.json", b"[" * MAX_CHARS),
        ("pairs.json", b"[" + b",".join(b'{"a%d":1}' % k for k in range(60_000)) + b"]"),
        ("spaces.txt", b" " * MAX_CHARS + b"1"),
        ("digits.txt", b"1" * MAX_CHARS),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_small_file_costs_little_memory(name, content):
    """Bombs and files of one sign are read or refused within a bound, however much they say they hold."""
    tracemalloc.start()
    try:
        holds(content, name, {})
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 220_000_000


def test_sizes_are_limited():
    """A file beyond the limit is refused by its size; a long table is cut and says so."""
    with pytest.raises(InputError, match="20 MB can be read"):
        read(b"1" * (MAX_FILE + 1), "x.csv")
    table = read(b"a;b\n" + b"1,5;2,5\n" * (MAX_CHARS // 8 + 100), "x.csv")
    assert any("longer than what is read" in note for note in table.notes)
    out = io.BytesIO()
    np.save(out, np.zeros((MAX_CELLS // 5, 10), np.float32))
    assert any("the first 100,000 were read" in note for note in read(out.getvalue(), "x.npy").notes)


@pytest.mark.parametrize("shape", [(1, 10_000), (10_000, 1), (300, 200), (300, 8), (1000, 64)])
def test_large_shapes_get_in(shape):
    """A long row, a wide table and one of exactly 300 rows are read whole, without a word about limits."""
    values = np.random.default_rng(0).normal(size=shape).round(4)
    table = read(pd.DataFrame(values, columns=[f"c{k}" for k in range(shape[1])]).to_csv(index=False).encode(), "x.csv")
    assert np.array_equal(table.values, values)
    assert table.notes == ()


NUMBERS = st.floats(-1e9, 1e9, allow_nan=False).map(lambda v: round(v, 4)) | st.integers(-10_000, 10_000).map(float)


@st.composite
def frames(draw: st.DrawFn) -> pd.DataFrame:
    """A table of 2 to 6 rows, some cells missing, no column empty."""
    T, D = draw(st.integers(3, 6)), draw(st.integers(1, 4))
    cells = draw(st.lists(st.lists(NUMBERS, min_size=D, max_size=D), min_size=T, max_size=T))
    values = np.array(cells) + 0.5  # no column of codes or of row numbers
    for k in range(D):
        if draw(st.booleans()) and k:  # no row is empty, or it would be left out
            values[draw(st.integers(1, T - 1)), k] = np.nan
    return pd.DataFrame(values, columns=[f"in {k}" for k in range(D)])


def equal(table: NumberTable, frame: pd.DataFrame) -> None:
    """A table holds a frame's numbers under its names."""
    assert table.names == tuple(frame.columns)
    assert np.array_equal(table.values, frame.to_numpy(), equal_nan=True)


@given(
    frames(), st.sampled_from(",;\t|"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    st.sampled_from(["\n", "\r\n"]), st.booleans(), st.sampled_from(["", "NA", "NaN", "null", "-"]),
)  # fmt: skip
def test_what_pandas_writes_comes_back(frame, separator, encoding, newline, index, missing):
    """Every separator, encoding, line end, index and word for a hole of `to_csv` reads back bit for bit."""
    text = frame.to_csv(sep=separator, index=index, na_rep=missing, lineterminator=newline)
    equal(read(text.encode(encoding), "x.csv"), frame)


@given(frames(), st.sampled_from([";", "\t"]), st.sampled_from(["", ".", " ", "\u202f", "'"]))
def test_decimal_commas_come_back(frame, separator, group):
    """Numbers as German, French and Swiss spreadsheets write them, with and without grouped thousands."""

    def cell(value: float) -> str:
        if np.isnan(value):
            return ""
        return f"{value:,.4f}".replace(",", "G").replace(".", ",").replace("G", group)

    rows = [separator.join(frame.columns), *(separator.join(map(cell, row)) for row in frame.to_numpy())]
    table = read("\r\n".join(rows).encode("utf-8"), "x.csv")
    assert table.decimal == ","
    assert np.array_equal(table.values, frame.to_numpy().round(4), equal_nan=True)


@given(frames(), st.sampled_from(["records", "columns", "split", "index", "table", "lines"]))
def test_what_json_writers_write_comes_back(frame, orient):
    """Every form of JSON that pandas writes, and JSON lines."""
    if orient == "lines":
        text = "\n".join(
            json.dumps({k: None if v != v else v for k, v in row.items()}) for row in frame.to_dict("records")
        )
    else:
        text = frame.to_json(orient=orient, double_precision=15)
    table = read(text.encode(), "x.json")
    assert table.names == tuple(frame.columns)
    np.testing.assert_allclose(table.values, frame.to_numpy(), rtol=1e-12)


@given(frames(), st.booleans())
def test_what_excel_holds_comes_back(frame, with_title):
    """Cells of a workbook read back exactly, under their header, below a title."""
    made = Workbook()
    if with_title:
        made.active.append(["A title"])
        made.active.append([])
    made.active.append(list(frame.columns))
    for row in frame.to_numpy().tolist():
        made.active.append([None if v != v else v for v in row])
    out = io.BytesIO()
    made.save(out)
    table = read(out.getvalue(), "x.xlsx")
    assert table.names == tuple(frame.columns)
    np.testing.assert_allclose(table.values, frame.to_numpy(), rtol=1e-14)  # the file holds 16 digits


@given(frames(), st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]))
def test_quoted_cells_come_back(frame, quoting):
    """Cells in quotation marks, as databases export them."""
    equal(read(frame.to_csv(index=False, quoting=quoting).encode(), "x.csv"), frame)
