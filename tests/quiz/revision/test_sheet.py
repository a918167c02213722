"""The revision sheet's content: complete, checked as a whole, true in its numbers, one source for cards and text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.activations import sigmoid
from core.equations import LATEX, source_line
from quiz.load import BankError, load_bank
from quiz.plaintext import inline
from quiz.revision import markdown
from quiz.revision.cards import KINDS, all_cards
from quiz.revision.comparison import cells
from quiz.revision.sheet import FOLDER, MODULES, by_lesson, load_sheet, read_sheet
from quiz.revision.terms import load_terms

TABLES = {
    "takeaways": '[[takeaway]]\nid = "no-such"\nask = "?"\nsays = "x"\n',
    "mistakes": '[[mistake]]\nid = "mistake-1"\n',
    "formulas": '[[formula]]\ntag = "rnn.F99"\nname = "x"\nlesson = "forward"\n',
    "remedies": '[[remedies]]\nid = "x"\n',
    "sources": '[[source]]\nid = "x"\nyear = 197\n',
    "comparison": '[[row]]\nid = "x"\naspect = "x"\nrnn = "x"\nlstm = "x"\nholds = "x"\nlesson = "compare"\n'
    'measure = "luck"\n',
    "terms": '[[term]]\nid = "a"\nname = "A"\nalso = ["b"]\ntext = "x."\nlesson = "forward"\n'
    '[[term]]\nid = "b"\nname = "B"\ntext = "no stop"\nlesson = "forward"\n'
    '[[term]]\nid = "c"\nname = "b"\ntext = "x."\nlesson = "nowhere"\n'
    '[[term]]\nid = "d"\nname = "a"\ntext = "x."\nlesson = "forward"\n',
}


def test_the_chapters_take_aways_and_mistakes_are_all_there() -> None:
    """Eleven take-aways and six mistakes, each with what holds of it and a lesson, from the bank's own questions."""
    sheet = load_sheet()
    bank = load_bank()
    takeaways, mistakes = ({name for name in bank if name.startswith(kind)} for kind in ("takeaway-", "mistake-"))
    assert (len(takeaways), len(mistakes), len(sheet.remedies), len(sheet.steps)) == (11, 6, 4, 5)
    assert takeaways <= {entry.id for entry in sheet.takeaways}
    assert mistakes <= {entry.id for entry in sheet.mistakes}
    for entry in (*sheet.takeaways, *sheet.mistakes):
        assert sheet.holds(entry) == bank[entry.id].explanation
        assert sheet.lesson(entry) in bank.lessons(bank[entry.id])


def test_every_equation_of_core_is_on_the_sheet_with_its_line() -> None:
    """Formula and line of source are those of `core`, by tag; the sheet adds a name only."""
    sheet = load_sheet()
    of_the_chapter = {tag: latex for tag, latex in LATEX.items() if tag.partition(".")[0] in MODULES}
    assert [entry.tag for entry in sheet.formulas] == list(of_the_chapter)
    shown = "\n".join(markdown.formulas(entries) for entries in markdown.groups(sheet).values())
    for tag, latex in of_the_chapter.items():
        assert f"${latex}$ | `{source_line(tag)}`" in shown
    assert "\\" not in (FOLDER / "formulas.toml").read_text(encoding="utf-8")


def test_every_problem_is_reported_at_once(tmp_path: Path) -> None:
    """A folder full of mistakes names each with its file and entry."""
    for name, text in TABLES.items():
        (tmp_path / f"{name}.toml").write_text(text)
    with pytest.raises(BankError) as caught:
        read_sheet(tmp_path, load_bank())
    found = "\n".join(caught.value.problems)
    for expected in (
        "takeaways.toml: no-such: id: is no question of the bank",
        "mistakes.toml: mistake-1: says: Field required",
        "formulas.toml: rnn.F99: tag: is not in core.equations",
        "formulas.toml: lstm.B3: is missing",
        "remedies.toml: remedies: expected [[remedy]] only",
        "comparison.toml: x: measure: 'luck' is not one of parameters, path",
        "sources.toml: x: title: Field required",
        "terms.toml: b: text: must end with a full stop",
        "terms.toml: c: lesson: ",
        "terms.toml: a: stands for 2 terms",
    ):
        assert expected in found


def test_a_missing_file_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    """Without its files the sheet says which it looked for."""
    with pytest.raises(BankError, match=r"terms\.toml: .*No such file"):
        read_sheet(tmp_path, load_bank())


def test_a_term_is_found_by_id_name_and_other_words() -> None:
    """Case and a full stop don't matter; a word nobody explains is not there."""
    terms = load_terms()
    assert terms["backpropagation through time (BPTT)"] is terms["BPTT"] is terms["bptt"]
    assert terms["Plain."].id == "plain-start"
    assert "perceptron" not in terms
    with pytest.raises(KeyError):
        terms["perceptron"]


def test_numbers_in_the_claims_are_what_core_computes() -> None:
    """Shares of a constant gate, the bound of the slopes, starting values of a gate: computed again."""
    one, three, five = (float(x) for x in sigmoid(np.array([1.0, 3.0, 5.0])))
    said = {entry.id: inline(entry.but) for entry in load_sheet().takeaways}
    assert f"{0.25**100:.0e}" == "6e-61"
    assert "6 · 10⁻⁶¹" in said["takeaway-vanishing"]
    assert f"a gate of {one:.2f}" in said["takeaway-cell-state"]
    assert f"{100 * one**20:.1f} %" in said["takeaway-cell-state"]
    assert f"{100 * five**20:.0f} %" in said["takeaway-lstm-solves"]
    assert f"0.5 for 0, {one:.2f} for 1, {three:.2f} for 3" in load_terms()["forget bias"].text
    measured = inline(load_bank()["mistake-1"].claims[2].reply)  # type: ignore[union-attr]
    for share in ("0.001 %", "4 %"):  # test_bank_numbers measures these
        assert share in measured
        assert share in said["takeaway-long-term"]


def test_comparison_counts_parameters_and_follows_the_direct_path() -> None:
    """The table's numbers come from arrays and gates, and the ratio of the recurrent layers is exactly 4."""
    rows = {row.id: cells(row) for row in load_sheet().comparison}
    small, large = (int(text.split("; ")[1].split(" at")[0].replace(",", "")) for text in rows["parameters"])
    assert (small, large) == (20 * (10 + 20 + 1), 4 * small)
    assert "0.2\N{NARROW NO-BREAK SPACE}% with a bias of 1" in rows["vanishing"][1]
    assert rows["use"] == ("short, simple sequences", "long sequences, complex dependencies")


def test_cards_have_lasting_ids_and_both_sides() -> None:
    """One card for each entry, ids that can't clash, and TeX that closes on both sides."""
    cards, sheet = all_cards(), load_sheet()
    assert len({card.id for card in cards}) == len(cards)
    entries = (sheet.takeaways, sheet.mistakes, sheet.formulas, sheet.terms)
    assert [sum(card.kind == kind for card in cards) for kind in KINDS] == [len(each) for each in entries]
    for card in cards:
        for side in (card.front, card.back):
            assert side.strip() == side != ""
            assert side.count("$") % 2 == 0
            assert side.count("**") % 2 == 0


def test_every_row_of_the_document_has_the_columns_of_its_table() -> None:
    """No formula or line of source holds a bar that would cut a cell, and every section is there."""
    document = markdown.document(load_sheet(), {"bptt": "Backprop"})
    assert "### Backprop\n" in document
    assert next(line for line in document.splitlines() if line.startswith("## ")) == "## Key take-aways"
    columns = 0
    for line in document.splitlines():
        if line.startswith("|"):
            count = line.count("|")
            assert count == (columns or count), line
            columns = count
        else:
            columns = 0


def test_entries_are_grouped_in_the_order_of_the_lessons() -> None:
    """Lessons without an entry are left out; the others keep the chapter's order."""
    assert by_lesson([("gates", 1), ("forward", 2), ("gates", 3)]) == {"forward": [2], "gates": [1, 3]}
