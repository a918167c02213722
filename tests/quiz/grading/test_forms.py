"""Every form in the tables gets the outcome that stands beside it."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from quiz.grading.answers import Asked, Unreadable
from quiz.grading.grade import grade, read, right_response
from quiz.load import load_bank
from quiz.schema import Cloze, Exact, Formula, Open

BANK = load_bank()
EXACT: TypeAdapter[Exact] = TypeAdapter(Exact)
OUTCOMES = ("right", "wrong", "refused", "asked")
TABLES = sorted((Path(__file__).parent / "forms").glob("*.toml"))


def forms() -> Iterator[dict[str, Any]]:
    """The tables' entries: a question's id, or a name and what is asked, with forms by outcome."""
    for table in TABLES:
        yield from tomllib.loads(table.read_text(encoding="utf-8"))["form"]


def rows() -> Iterator[tuple[str, str, str, str]]:
    """Question, blank (or nothing), what is typed and what becomes of it."""
    for form in forms():
        for outcome in OUTCOMES:
            yield from ((form["question"], form.get("blank", ""), typed, outcome) for typed in form.get(outcome, ()))


ASKED = {form["question"]: form["asks"] for form in forms() if "asks" in form}
ROWS = list(rows())


def exact(name: str) -> Exact:
    """What the table itself asks, or else a question or probe by its id; a generated one is drawn with seed 0."""
    if name in ASKED:
        return EXACT.validate_python({"id": name, "concepts": ["forms"], "explanation": "So.", **ASKED[name]})
    found = BANK.probes[name] if name in BANK.probes else BANK.question(name)
    assert not isinstance(found, Open)
    return found


def outcome(name: str, blank: str, typed: str) -> str:
    """What becomes of one form."""
    question = exact(name)
    response: object = typed
    if isinstance(question, Cloze):
        key = right_response(question)
        assert isinstance(key, dict)
        response = {**key, blank: typed}
    try:
        found = grade(question, response)
    except Asked:
        return "asked"
    except Unreadable:
        return "refused"
    return "right" if found.verdict == "correct" else "wrong"


@pytest.mark.parametrize(("name", "blank"), sorted({row[:2] for row in ROWS}))
def test_a_form_has_the_outcome_of_the_table(name: str, blank: str) -> None:
    """A right learner gets through however it is written, a wrong one does not; what can't be read is not counted."""
    mine = [row[2:] for row in ROWS if row[:2] == (name, blank)]
    found = {typed: outcome(name, blank, typed) for typed, _ in mine}
    assert {typed: (found[typed], expected) for typed, expected in mine if found[typed] != expected} == {}


FORMULAS = [question for question in (*BANK.questions, *BANK.probes.values()) if isinstance(question, Formula)]


@pytest.mark.parametrize("question", FORMULAS, ids=[question.id for question in FORMULAS])
def test_a_key_is_right_as_it_is_shown(question: Formula) -> None:
    """The answer may be copied from the page, as plain text or as the TeX behind it."""
    shown = read(question, question.answer)
    for typed in (shown.read_as, shown.tex, f"${shown.tex}$"):
        assert outcome(question.id, "", typed) == "right"


def test_the_tables_are_large_enough_and_name_each_form_once() -> None:
    """At least two dozen formulas have right, wrong and refused forms; some are asked about; no form stands twice."""
    for kind in ("right", "wrong", "refused"):
        formulas = {question.id for question in FORMULAS}
        assert len(formulas & {name for name, _, _, expected in ROWS if expected == kind}) >= 24
    assert any(expected == "asked" for *_, expected in ROWS)
    assert len(ROWS) >= 1_500
    assert [row for row, times in Counter(row[:3] for row in ROWS).items() if times > 1] == []
