"""Predictions on memory: right keys, and left out where they cannot be told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.experiments import Experiment, gaps
from quiz.grading.grade import grade, right_response
from quiz.grading.proof import slip_names
from quiz.lessons.memory import guesses as memory
from quiz.load import load_bank
from quiz.schema import Choice, Numeric
from quiz.slips import NAMES

WORDS = ("I", "grew", "up", "in", "France", ".", "we", "had", "a", "house", "I", "speak", "fluent")
FALLING = np.geomspace(1e-6, 1, len(WORDS))


def test_every_question_has_a_right_answer() -> None:
    """The key is graded as right, and every other option as wrong with a reply of its own."""
    questions = memory.questions(WORDS, FALLING, 5, gaps.stored())
    assert [question.id for question in questions] == ["guess-memory-word", "guess-memory-left", "guess-memory-gap"]
    for question in questions:
        assert grade(question, right_response(question)).verdict == "correct"
        if isinstance(question, Choice):
            replies = [option.reply for option in question.options]
            assert len(set(replies)) == len(replies)
            wrong = next(option for option in question.options if not option.right)
            assert grade(question, wrong.id).verdict == "wrong"


def test_concepts_are_in_the_bank() -> None:
    """A guess points at concepts that the quiz knows."""
    known = set(load_bank().concepts)
    for question in memory.questions(WORDS, FALLING, 5, gaps.stored()):
        assert set(question.concepts) <= known
        assert set(slip_names(question)) <= NAMES


def test_left_is_the_product_of_the_gates() -> None:
    """σ(1) to the sixth; each slip is told by its own number."""
    question = memory.left()
    assert isinstance(question, Numeric)
    assert question.answer == pytest.approx((1 / (1 + np.exp(-1))) ** 6)
    for slip in question.slips:
        found = grade(question, str(slip.answer))
        assert found.verdict == "wrong"
        assert slip.reply in found.mistakes


def test_word_is_asked_where_one_leads() -> None:
    """The last word is right where sizes fall backwards; a tie or a sentence too short is not asked about."""
    question = memory.word(WORDS, FALLING, 5)
    assert question is not None
    assert next(option for option in question.options if option.right).text == "the last word"
    assert memory.word(WORDS, np.ones(len(WORDS)), 5) is None
    assert memory.word(WORDS[:6], FALLING[:6], 5) is None
    assert memory.word(WORDS, np.full(len(WORDS), np.nan), 5) is None


def test_gap_follows_the_runs() -> None:
    """The right cell is counted from the runs; unfinished ones are not asked about."""
    stored = dict(gaps.stored())
    base = Experiment(gap=50)
    counts = {
        cell: sum(stored[replace(base, cell=cell, seed=seed)].solved is not None for seed in gaps.SEEDS)
        for cell in ("rnn", "lstm")
    }
    question = memory.across(stored)
    assert question is not None
    right = next(option for option in question.options if option.right).text
    assert right == ("the RNN" if counts["rnn"] > counts["lstm"] else "the LSTM")
    swapped = {
        replace(e, cell={"rnn": "lstm", "lstm": "rnn"}[e.cell]): replace(outcome, experiment=e)
        for e, outcome in stored.items()
        if e.forget_bias == 1 and e.scheme == "uniform" and not e.chrono
    }
    other = memory.across(swapped)
    assert other is not None
    assert next(option for option in other.options if option.right).text != right
    assert memory.across({}) is None


def test_gap_names_the_conditions_of_its_count() -> None:
    """Learning rate and budget stand in the prompt, and the explanation says that others may turn it."""
    question = memory.across(gaps.stored())
    assert question is not None
    one = Experiment(gap=50)
    assert f"learning rate {one.lr:g}, at most {one.steps:,} training steps" in question.prompt
    assert "Another learning rate or budget may turn the counts." in question.explanation
