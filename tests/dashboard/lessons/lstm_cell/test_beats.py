"""The seven beats for every two names: short, with sound questions, and true of the run that is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core import zoo
from dashboard.kit.beats import MOST_WORDS, Beat, described
from dashboard.kit.beats import told as words_of
from dashboard.lessons.lstm_cell import beats
from dashboard.lessons.lstm_cell.compute import trained
from dashboard.lessons.lstm_cell.told import ALWAYS, told
from quiz.grading.grade import grade, right_response
from quiz.grading.proof import problems

PAIRS = pytest.mark.parametrize("pair", zoo.PAIRS, ids="-".join)
KRISH = ("Krish", "Yann")


def text(runs: Any) -> str:
    """Rich text as one line."""
    return "".join(run if isinstance(run, str) else str(next(iter(run.values()))) for run in runs)


def right(beat: Beat) -> str:
    """The right option of its question."""
    assert beat.question is not None
    return next(option.text for option in beat.question.options if option.right)


@PAIRS
def test_seven_short_beats_with_sound_questions(pair: tuple[str, str]) -> None:
    """At most 55 words each; the right answer is right, and the lesson's own pair asks in each."""
    made = beats.beats(*pair)
    assert len(made) == 7
    assert pair != KRISH or all(beat.question is not None for beat in made)
    for beat in made:
        assert len(words_of("lstm-cell", beat.name)[1].split()) <= MOST_WORDS
        json.dumps(described("lstm-cell", beat), allow_nan=False)
        if beat.question is not None:
            assert problems(beat.question) == ()
            assert grade(beat.question, right_response(beat.question)).verdict == "correct"


@PAIRS
def test_no_formula_is_bold(pair: tuple[str, str]) -> None:
    """A formula in bold words would stand as it is typed."""
    for beat in beats.beats(*pair):
        for run in (*beat.said, *beat.before):
            assert not (isinstance(run, dict) and "$" in str(run.get("strong", "")))


@PAIRS
def test_the_words_are_true_of_every_two_names(pair: tuple[str, str]) -> None:
    """The beats' own words name nobody, so that a link with other names tells no untruth."""
    for beat in beats.beats(*pair):
        title, words = words_of("lstm-cell", beat.name)
        assert not any(name in title + words for name in ("Krish", "Yann", "Maya", "Lena"))


@PAIRS
def test_what_is_answered_is_what_the_run_shows(pair: tuple[str, str]) -> None:
    """Whom it names, as computed and with f held, is the answer of those runs."""
    found = told(*pair)
    first, *_, hold, _always = beats.beats(*pair)
    assert right(first) == found.computed.named
    assert right(hold) == found.runs["1--"].named


@pytest.mark.parametrize("name", ["forget", "add", "hold"])
def test_the_open_question_is_not_answered_beside_it(name: str) -> None:
    """The sentence that stands before the answer does not hold the right option."""
    beat = next(beat for beat in beats.beats(*KRISH) if beat.name == name)
    assert right(beat).strip("$").replace("-", "−") not in text(beat.before)


def test_a_hold_says_how_usual_its_outcome_is() -> None:
    """Over seeds and pairs of names, for both sizes, from the cards."""
    said = text(beats.beats(*KRISH)[5].said)
    small, large = trained().card, zoo.load(beats.LARGER).card
    for share in (small.turning(KRISH), small.turned_pairs, large.turning(KRISH), large.turned_pairs):
        assert str(share) in said


def test_the_cell_of_1997_is_not_taken_for_one_that_was_trained_so() -> None:
    """Before the answer and after it: a network trained with a forget gate, and then held."""
    beat = beats.beats(*KRISH)[6]
    assert beat.show["held"] == ALWAYS
    assert all("trained" in text(said) and "held" in text(said) for said in (beat.said, beat.before))
