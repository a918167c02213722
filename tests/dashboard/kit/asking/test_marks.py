"""The evidence in a learner's own words: cut letter by letter, numbered, and said for who can't see it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import written

from dashboard.kit.asking.marks import Piece, letter, pieces
from quiz.grading.grade import judge_text
from quiz.grading.text.grader import Found, TextGrade
from quiz.load import load_bank

QUESTION = load_bank()["interview-01"]
assert QUESTION.kind == "open"
TEXT = "The weights are shared. <b>Each</b> step has its own."


def said(*, points: tuple[tuple[str, str], ...] = (), wrong: tuple[tuple[str, str], ...] = ()) -> TextGrade:
    """A verdict with evidence: pairs of an id and its words."""
    found = [tuple(Found(*each, 0.9) for each in pairs) for pairs in (points, wrong)]
    return TextGrade("partial", "partial", 0.8, *found)


def test_words_are_cut_where_the_evidence_stands() -> None:
    """A point has its number, a misconception its letter, all else none; markup is text like any other."""
    found = said(points=(("p4", "The weights are shared."),), wrong=(("m1", "<b>Each</b> step has its own."),))
    assert pieces(QUESTION, TEXT, found) == (
        Piece("The weights are shared.", "4", told="key point 4"),
        Piece(" "),
        Piece("<b>Each</b> step has its own.", "a", against=True, told="misconception a"),
    )


def test_same_words_for_several_carry_all_labels() -> None:
    """Overlapping evidence is one run; where a misconception is in it, it speaks against."""
    found = said(points=(("p4", "The weights are shared."), ("p1", "weights are")), wrong=(("m2", TEXT),))
    (piece,) = pieces(QUESTION, TEXT, found)
    assert piece == Piece(TEXT, "1 4 b", against=True, told="key points 1, 4 and misconception b")


def test_without_a_verdict_the_words_are_whole() -> None:
    """Undecided or withdrawn: nothing is marked."""
    assert pieces(QUESTION, TEXT, None) == (Piece(TEXT),)
    assert pieces(QUESTION, "", None) == ()


def test_evidence_that_is_not_in_the_text_marks_nothing() -> None:
    """Words that stand nowhere in it have no place; empty ones neither."""
    assert pieces(QUESTION, TEXT, said(points=(("p1", "never said"), ("p2", "")))) == (Piece(TEXT),)


@pytest.mark.parametrize("verdict", ["correct", "partial"])
def test_the_graders_evidence_is_found_in_the_text(verdict: str) -> None:
    """Every point it finds has its number under some words."""
    about, text, found = written(verdict)
    cut = pieces(about, text, found)
    assert "".join(piece.text for piece in cut) == text
    labels = {label for piece in cut for label in piece.label.split()}
    assert labels == {str([point.id for point in about.points].index(each.id) + 1) for each in found.points}


@given(st.text(max_size=300))
def test_no_text_is_changed(text: str) -> None:
    """The pieces add up to what was typed, whatever it is."""
    assert "".join(piece.text for piece in pieces(QUESTION, text, judge_text(QUESTION, text))) == text


def test_letters_follow_the_questions_order() -> None:
    """The first misconception is a."""
    assert [letter(QUESTION, item.id) for item in QUESTION.misconceptions][:2] == ["a", "b"]
