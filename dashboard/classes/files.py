"""What a teacher takes away as files: grades for Moodle and Canvas, item statistics, statements for a record store."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from dashboard.kit.people import addresses, stores, who
from dashboard.kit.words import say
from quiz.classes import files, xapi
from quiz.classes.records import Class
from quiz.classes.reports import Figures
from quiz.load import GENERATED, load_bank
from quiz.plaintext import inline

CSV = "text/csv"
BOM = "\ufeff"  # so that spreadsheets read the letters right


def draw(found: Class, figures: Figures, members: int) -> None:
    """Draw the downloads; each is made when it is asked for."""
    st.divider()
    st.header("Take away", anchor=False)
    book = stores.reports().gradebook(who.person(), found.id)
    st.markdown(say("classes", "grades").format(number=len(book.learners), members=members))
    site, none = addresses.site(), not book.learners
    kinds = (
        ("Questions, CSV", "questions.csv", CSV, lambda: BOM + files.item_statistics(figures, _titles(figures)), False),
        ("Grades for Moodle", "moodle.csv", CSV, lambda: files.moodle_grades(book), none),
        ("Grades for Canvas", "canvas.csv", CSV, lambda: files.canvas_grades(book), none),
        ("xAPI statements", "xapi.jsonl", "application/x-ndjson", lambda: _lines(xapi.statements(book, site)), none),
    )
    with st.container(horizontal=True):
        for label, name, kind, make, disabled in kinds:
            st.download_button(
                label, make, f"unrolled-{name}", kind, key=f"classes.file.{name}", on_click="ignore", disabled=disabled
            )
    if book.learners:
        for name in ("moodle", "canvas", "xapi"):
            st.caption(f"{name.capitalize() if name != 'xapi' else 'xAPI'}: {say('classes', name)}")


def _lines(found: Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in found)


def _titles(figures: Figures) -> dict[str, str]:
    bank = load_bank()
    found = {}
    for each in figures.questions:
        try:
            content = bank.question(each.question, 1 if each.question.startswith(GENERATED) else 0)
        except KeyError:
            continue
        found[each.question] = " ".join(inline(content.prompt.partition("\n\n")[0]).split())
    return found
