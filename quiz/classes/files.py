"""Grades and item statistics as CSV, in the columns that Moodle and Canvas import.

What learners or teachers wrote begins no formula in a spreadsheet: a cell that would gets an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from quiz.classes.privacy import QuestionShown, Share
from quiz.classes.reports import Figures, Gradebook, Graded

FORMULA = frozenset("=+-@|%\t\r\n＝＋－＠")  # signs with which a spreadsheet takes a cell for something to run
TOO_FEW = "fewer than 5 answers so far"
MOODLE = ("First name", "Last name", "ID number", "Email address")
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POSSIBLE = "    Points Possible"  # with its spaces: so Canvas knows the row
ITEMS = (
    "Question", "First answers", "Right at first", "95 % from", "95 % to", "Discrimination", "Slips", "Other answers",
)  # fmt: skip


def cell(text: str) -> str:
    """What somebody wrote, as one line that no spreadsheet runs."""
    plain = " ".join(text.split())
    return f"'{plain}" if plain[:1] in FORMULA or text[:1] in FORMULA else plain


def moodle_grades(book: Gradebook) -> str:
    """Grades for Moodle's import ("CSV file"): map the learner by e-mail address or ID number, and each assignment."""
    head = [*MOODLE, *_titles(book)]
    return _written([head, *([*_moodle(each), *_points(each)] for each in book.learners)])


def canvas_grades(book: Gradebook) -> str:
    """Grades for Canvas's gradebook import: learners by SIS login or user id, points possible in the second row."""
    head = [*CANVAS, *_titles(book)]
    possible = [POSSIBLE, *[""] * (len(CANVAS) - 1), *(str(work.points) for work in book.works)]
    return _written([head, possible, *([*_canvas(each), *_points(each)] for each in book.learners)])


def item_statistics(figures: Figures, titles: Mapping[str, str]) -> str:
    """What may be seen of each question, as the page shows it.

    Args:
        figures: Of an assignment.
        titles: What the questions are called, by id.
    """
    return _written([ITEMS, *(_item(each, titles.get(each.question, each.question)) for each in figures.questions)])


def _written(rows: Iterable[Sequence[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue()


def _titles(book: Gradebook) -> list[str]:
    """The assignments' titles, no two alike."""
    found: list[str] = []
    for work in book.works:
        title, number = cell(work.title), 2
        while title in found:
            title, number = f"{cell(work.title)} ({number})", number + 1
        found.append(title)
    return found


def _points(each: Graded) -> list[str]:
    return ["" if points is None else f"{points:g}" for points in each.points]


def _moodle(each: Graded) -> list[str]:
    mail = "@" in each.gradebook
    first, _, last = each.shown.rpartition(" ") if each.named else (each.shown, "", "")
    number = "" if mail else cell(each.gradebook)
    return [cell(first or last), cell(last if first else ""), number, cell(each.gradebook) if mail else ""]


def _canvas(each: Graded) -> list[str]:
    mail = "@" in each.gradebook
    return [cell(each.shown), "", "" if mail else cell(each.gradebook), cell(each.gradebook) if mail else "", ""]


def _item(shown: QuestionShown, title: str) -> list[str]:
    if not shown.answers or shown.right is None:
        return [cell(title), TOO_FEW, *[""] * (len(ITEMS) - 2)]
    named = "; ".join(f"{slip.name}: {_share(slip.share)}" if slip.share else slip.name for slip in shown.slips)
    apart = "" if shown.discrimination is None else f"{shown.discrimination:.1f}"
    ends = [_number(shown.right.low), _number(shown.right.high)]
    return [cell(title), str(shown.answers), _share(shown.right), *ends, apart, cell(named), _share(shown.other)]


def _share(share: Share | None) -> str:
    return "" if share is None else share.word or _number(share.value)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"
