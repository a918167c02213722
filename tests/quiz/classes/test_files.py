"""Files for Moodle, Canvas and learning record stores: their columns, no formula, no more than the page shows."""

from __future__ import annotations

import csv
import io
import json
import uuid

from hypothesis import given
from hypothesis import strategies as st

from quiz.classes.files import (
    CANVAS,
    FORMULA,
    MOODLE,
    POSSIBLE,
    TOO_FEW,
    canvas_grades,
    cell,
    item_statistics,
    moodle_grades,
)
from quiz.classes.privacy import QuestionShown, Share, SlipShown
from quiz.classes.reports import Figures, Gradebook, Graded, Work
from quiz.classes.xapi import statements

ADAS = {"q1": 1.0, "q2": 0.25, "q3": 1.0}
SITE = "https://study.example.org"
BOOK = Gradebook(
    "11111111-1111-1111-1111-111111111111",
    ("00000000000000aa", "00000000000000bb"),
    (Work("Sheet", 3), Work("Sheet", 2)),
    (
        Graded("Amber Teal", "Ada King Lovelace", True, "ada@example.edu", (2.25, None), (ADAS, {})),
        Graded("Calm Heron", "Calm Heron", False, "4711", (0.5, 2.0), ({"q1": 0.5}, {"q4": 1.0, "q5": 1.0})),
        Graded("Early Owl", "=HYPERLINK(1)", True, "+1", (None, None), ({}, {})),
    ),
)  # fmt: skip


def read(text: str) -> list[list[str]]:
    """The rows of a file."""
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_grades_for_moodle() -> None:
    """First and last name, number or address, a column for each assignment; what could run is text."""
    assert read(moodle_grades(BOOK)) == [
        [*MOODLE, "Sheet", "Sheet (2)"],
        ["Ada King", "Lovelace", "", "ada@example.edu", "2.25", ""],
        ["Calm Heron", "", "4711", "", "0.5", "2"],
        ["'=HYPERLINK(1)", "", "'+1", "", "", ""],
    ]


def test_grades_for_canvas() -> None:
    """Canvas's five columns, the points possible in the second row, learners by login or number."""
    assert read(canvas_grades(BOOK)) == [
        [*CANVAS, "Sheet", "Sheet (2)"],
        [POSSIBLE, "", "", "", "", "3", "2"],
        ["Ada King Lovelace", "", "", "ada@example.edu", "", "2.25", ""],
        ["Calm Heron", "", "4711", "", "", "0.5", "2"],
        ["'=HYPERLINK(1)", "", "'+1", "", "", "", ""],
    ]


def test_item_statistics_hold_what_the_page_shows() -> None:
    """Shares with their intervals, words where a number would tell too much, nothing where there are too few."""
    mean = SlipShown("took the mean", Share(0.25, 0.1, 0.5))
    shown = (
        QuestionShown("q1", 21, Share(0.5, 0.3, 0.7), (mean,), Share(0.1, 0.0, 0.2), 0.3),
        QuestionShown("q2", 6, Share(None, None, None, "nearly none"), (SlipShown("turned the sign", None),)),
        QuestionShown("q3"),
    )  # fmt: skip
    rows = read(item_statistics(Figures(27, shown, (), (), {}), {"q1": "@first", "q3": "Third"}))
    assert rows[1:] == [
        ["'@first", "21", "0.500", "0.300", "0.700", "0.3", "took the mean: 0.250", "0.100"],
        ["q2", "6", "nearly none", "", "", "", "turned the sign", ""],
        ["Third", TOO_FEW, "", "", "", "", "", ""],
    ]


@given(name=st.text(min_size=1, max_size=60), title=st.text(max_size=30))
def test_no_cell_of_anybodys_runs(name: str, title: str) -> None:
    """Whatever learners and teachers are called, each file has its rows, and no cell begins a formula."""
    if "\ud800" <= max(name + title) <= "\udfff":
        return
    book = Gradebook(
        BOOK.class_id,
        ("00000000000000aa",),
        (Work(title, 3),),
        (Graded("Calm Heron", name, True, name, (1.5,), ({},)),),
    )
    for rows, number in ((read(moodle_grades(book)), 2), (read(canvas_grades(book)), 3)):
        assert len(rows) == number
        for each in (each for row in rows for each in row):
            assert each[:1] not in FORMULA or each == ""
            assert not set(each) & set("\r\n")


def test_cell_keeps_what_is_harmless() -> None:
    """Names stay as they are; signs of wide keyboards and spaces before a formula hide nothing."""
    assert [cell(text) for text in ("Zoë", "O’Brien", "7", "")] == ["Zoë", "O’Brien", "7", ""]
    assert all(cell(text).startswith("'") for text in ("=1", " =1", "\t=1", "＝1", "-1", "@x", "\r\n=1"))


def test_statements_for_a_record_store() -> None:
    """One for each answer and each assignment begun or done, under the pseudonym, with ids that stay the same."""
    found = [json.loads(line) for line in statements(BOOK, SITE)]
    said = [(each["actor"]["account"]["name"], each["verb"]["id"].rpartition("/")[2]) for each in found]
    amber = ["answered"] * 3 + ["attempted", "completed"]
    calm = ["answered", "attempted", "answered", "answered", "attempted", "completed"]
    assert said == [("Amber Teal", verb) for verb in amber] + [("Calm Heron", verb) for verb in calm]
    first, done = found[0], found[4]
    assert first["verb"]["id"] == "http://adlnet.gov/expapi/verbs/answered"
    assert first["object"]["id"] == f"{SITE}/question/q1"
    assert first["result"] == {"score": {"scaled": 1.0, "raw": 1.0, "min": 0, "max": 1.0}, "success": True}
    assert done["result"] == {"score": {"scaled": 0.75, "raw": 2.25, "min": 0, "max": 3.0}, "completion": True}
    assert len({uuid.UUID(each["id"]) for each in found}) == len(found)
    assert [json.loads(line) for line in statements(BOOK, SITE)] == found
    assert "Lovelace" not in json.dumps(found)
    assert "example.edu" not in json.dumps(found)
