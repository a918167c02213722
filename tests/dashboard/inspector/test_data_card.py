"""The data card's words and tables: what was understood, escaped, with a line that has gaps."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from support import PATIENCE

from core.table import mend, read
from core.table.mends import Mends
from dashboard.inspector import data_card, data_rows

LAKE = "Datum;Temp °C;Druck\n" + "".join(f"{k:02}.01.2026;{k},5;{'' if k == 17 else k}\n" for k in range(1, 32))


def path(html: str) -> str:
    """The path of a small line."""
    found = re.search(r"base64,([\w+/=]+)", html)
    assert found
    drawn = re.search(r'path d="([^"]*)"', base64.b64decode(found[1]).decode())
    assert drawn
    return drawn[1]


def test_a_table_is_told_in_words() -> None:
    """Encoding, separator, decimal sign and header are said."""
    content = LAKE.encode("cp1252")
    table = read(content, "lake.csv")
    file = data_card.File("lake.csv", len(content), table.kind, table.encoding, table.source)
    told = data_card.understood(table, file)
    assert told == (
        "CSV: 31 rows of 3 columns, letters in Windows-1252, columns split at `;`, decimals with a comma, names from "
        "the file."
    )


def test_rows_stand_as_written_with_their_ranges() -> None:
    """Cells are the file's own, a hole is marked, a column that is left out says why."""
    html = data_rows.file_table(read(LAKE.encode(), "lake.csv"), (0, 1))
    assert "<td>18</td>" in html
    assert "17,5" in html
    assert '<span class="missing">missing</span>' in html
    assert "1 missing" in html
    assert "1.5 to 31.5" in html
    assert "<s>left out</s>" in html
    assert "none skipped" in html


def test_what_a_file_holds_is_no_markup() -> None:
    """Names and cells of a file are shown letter by letter."""
    table = read(b'"<b>a</b>","<script>"\n"<img src=x>",1.5\n<i>,2\n', "x.csv")
    html = data_rows.file_table(table, (0,)) + data_rows.read_table(mend(table, Mends(), max_steps=9, max_inputs=9))
    for tag in ("<b>", "<script", "<img", "<i>"):
        assert tag not in html
    assert "&lt;img src=x&gt;" in html


def test_the_line_has_a_gap_where_a_value_misses() -> None:
    """Each run of known values is a stroke of its own, one value alone a dot; a flat line lies in the middle."""
    assert path(data_rows.line(np.array([1.0, 2, np.nan, 3, np.nan, 1]))).count("M") == 3
    assert path(data_rows.line(np.array([5.0, 5, 5]))).count(f" {data_rows.HEIGHT / 2:.1f}") == 3
    assert data_rows.line(np.array([np.nan, np.nan])) == ""
    assert path(data_rows.line(np.array([1e308, -1e308, 0]))).count("M") == 1


def test_of_many_columns_some_are_shown() -> None:
    """A table of 200 columns shows the first that go in, and says how many more there are."""
    content = b",".join(b"c%d" % k for k in range(200)) + b"\n" + (b",".join([b"1.5"] * 200) + b"\n") * 3
    html = data_rows.file_table(read(content, "x.csv"), tuple(range(64)))
    assert html.count("<th ") == 1 + data_rows.COLUMNS
    assert f"and {200 - data_rows.COLUMNS} more columns" in html


def test_the_network_reads_marks_what_was_filled() -> None:
    """The first steps, the last and the one that was filled stand there, the filled value marked."""
    found = mend(read(LAKE.encode(), "lake.csv"), Mends(), max_steps=99, max_inputs=9)
    html = data_rows.read_table(found)
    assert re.findall(r"<tr><td>(\d+)</td>", html) == ["1", "2", "17", "31"]
    assert html.count("number filled") == 1


def test_the_files_of_a_zip_are_offered() -> None:
    """Another file of a ZIP can be chosen where the numbers are shown, and is read in place of the first."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("long.csv", "a,b\n1,2\n3,4\n5,6\n")
        archive.writestr("short.csv", "a\n9\n")

    def page() -> None:
        import streamlit as st

        from dashboard.inspector import data_card
        from dashboard.inspector.controls import key

        data_card.take("two.zip", st.session_state["content"], st.session_state["chosen"])
        file = st.session_state[key("data-file")]
        st.text(f"{file.text!r} {[q.key for q in file.questions]}")

    for chosen, text in (({}, "a,b\n1,2\n3,4\n5,6\n"), ({"member": "short.csv"}, "a\n9\n")):
        app = AppTest.from_function(page, default_timeout=PATIENCE)
        app.session_state["content"], app.session_state["chosen"] = buffer.getvalue(), chosen
        app.run()
        assert not app.exception
        assert app.text[0].value == f"{text!r} ['member']"


def test_an_array_of_three_axes_becomes_a_batch_or_one_of_its_sequences(monkeypatch: pytest.MonkeyPatch) -> None:
    """The card asks which axis comes first, and for one of them alone which."""
    sent: dict[str, Any] = {}
    for name in ("bring_numbers", "write"):
        monkeypatch.setattr(data_card, name, lambda **values: sent.update(values))
    buffer = io.BytesIO()
    np.save(buffer, np.random.default_rng(0).normal(size=(3, 12, 2)))
    data_card.take("x.npy", buffer.getvalue())
    assert (sent["group"], sent["sizes"]) == ("several", (12, 12, 12))
    (axes,) = sent["data-file"].questions
    assert [says for _, says in axes.options] == ["3 sequences of 12 steps", "12 sequences of 3 steps", "one of them"]
    data_card.take("x.npy", buffer.getvalue(), {"axes": "time"})
    assert sent["sizes"] == (3,) * 12
    data_card.take("x.npy", buffer.getvalue(), {"axes": "one"})
    assert (sent["group"], sent["sizes"]) == ("one", ())
    assert [question.key for question in sent["data-file"].questions] == ["axes", "slice"]
