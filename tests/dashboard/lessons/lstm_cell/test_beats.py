"""The seven beats for every two names: short, with sound questions, and true of the run that is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core import zoo
from dashboard.kit.beats import MOST_WORDS, Beat, described
from dashboard.kit.beats import told as words_of
from dashboard.lessons.lstm_cell import beats, names_view
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
        json.dumps(described("lstm-cell", [beat]), allow_nan=False)
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


def test_a_hold_says_how_usual_its_outcome_is() -> None:
    """Over seeds for both sizes, from the cards; over all pairs of names in the fold."""
    said, fold = text(beats.beats(*KRISH)[5].said), names_view.usual()
    small, large = trained().card, zoo.load(beats.LARGER).card
    for card in (small, large):
        assert str(card.turning(KRISH)) in said
        assert str(card.turned_pairs) in fold
    assert f"{len(small.seeds)} random starts" in said


def test_the_cell_of_1997_is_not_taken_for_one_that_was_trained_so() -> None:
    """The words say that it was trained with a forget gate; before the answer none is held, and that is said, too."""
    beat = beats.beats(*KRISH)[6]
    assert beat.show["held"] == ALWAYS
    assert "trained with a forget gate" in words_of("lstm-cell", beat.name)[1]
    assert "as computed, with its own forget gates" in text(beat.before)
    assert "held at 1 at every word" in text(beat.said)
    assert "trained with forget gates" in text(beat.said)


@PAIRS
def test_one_unit_is_followed_through_all_beats(pair: tuple[str, str]) -> None:
    """No beat frames another than the one whose bars stand under the words, also where it hides most."""
    made, follow = beats.beats(*pair), told(*pair).follow
    assert all("unit" not in beat.show for beat in made)
    assert f"Unit {follow} holds" in text(made[4].said)


@PAIRS
def test_no_beat_says_what_a_later_one_asks_for(pair: tuple[str, str]) -> None:
    """The value that the fourth beat asks for stands in no sentence and no reply before it."""
    *before, add = beats.beats(*pair)[:4]
    if add.question is None:
        return
    answer = right(add).strip("$")
    at = told(*pair).at
    for beat in before:
        options = beat.question.options if beat.question else ()
        there = [option.reply for option in options if option.text.endswith((f"word {at}", f"word {at + 1}"))]
        for said in (text(beat.said), text(beat.before), *there):
            assert f"to {answer.replace('-', beats.MINUS)}" not in said
            assert f"${answer}$" not in said
