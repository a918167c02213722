"""Predictions on gates at work: keys right, slips wrong with their own reply, answers those of the runs."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from core import lstm
from dashboard.lessons.gates import compute as gates_runs
from dashboard.lessons.gates.settings import SECONDS, GatesSettings
from quiz.grading.grade import grade, right_response
from quiz.grading.proof import problems, slip_names
from quiz.lessons.gates import guesses as gates
from quiz.load import load_bank
from quiz.schema import Choice, Count, Exact, Numeric
from quiz.slips import NAMES

ASKED = [GatesSettings(network=n, second=s, gap=g, bias=b) for n, s, (g, b) in
         product(("trained", "fresh"), SECONDS, ((0, 0.0), (4, 1.0), (10, 5.0)))]  # fmt: skip


def wrong(question: Exact) -> list[tuple[str, str]]:
    """Every wrong response that a reply is kept for."""
    if isinstance(question, Choice):
        return [(option.id, option.reply) for option in question.options if not option.right]
    assert isinstance(question, Numeric | Count)
    return [(slip.answer, slip.reply) for slip in question.slips]


@pytest.mark.parametrize("settings", ASKED, ids=str)
def test_each_question_grades_its_key_and_slips(settings: GatesSettings) -> None:
    """On trained and fresh networks: the key is right, every slip wrong and told by its reply, the same each time."""
    found = gates.questions(*gates_runs.predicted(settings))
    assert found == gates.questions(*gates_runs.predicted(settings))
    for question in found:
        assert problems(question) == ()
        assert set(slip_names(question)) <= NAMES
        assert grade(question, right_response(question)).verdict == "correct"
        for response, reply in wrong(question):
            graded = grade(question, response)
            assert graded.verdict == "wrong"
            assert reply in graded.mistakes


@pytest.mark.parametrize("settings", ASKED, ids=str)
def test_answers_are_the_runs_own(settings: GatesSettings) -> None:
    """Word and unit are the smallest of the gates, the count is counted, the path is a product of three gates shown."""
    words, at, params, trace, screen = gates_runs.predicted(settings)
    f = trace.f[:, 0]
    for question in gates.questions(words, at, params, trace, screen):
        if isinstance(question, Choice):
            (right,) = [option.text for option in question.options if option.right]
            lowest = int(f[1:].mean(axis=1).argmin()) + 1 if question.id == gates.WORD.id else int(f[at - 1].argmin())
            expected = f"word {lowest + 1}" if question.id == gates.WORD.id else f"unit {lowest},"
            assert expected in right
        elif isinstance(question, Count):
            assert question.answer == (f[at - 1] < 0.1).sum()
        else:
            assert isinstance(question, Numeric)
            k = int(screen.f[at - 1, 0].argmin())
            assert question.answer == pytest.approx(np.prod(screen.f[at - 1 : at + 2, 0, k]), abs=1e-11)
            assert f"Unit {k} " in question.prompt


def test_the_page_as_it_opens_can_ask_everything() -> None:
    """All four predictions stand there, with the slips of the chapter: 0.25 a step, all gates 0, 1 − f."""
    found = {question.id: question for question in gates.questions(*gates_runs.predicted(GatesSettings()))}
    assert list(found) == [about.id for about in (gates.WORD, gates.LEFT, gates.UNIT, gates.ZEROS)]
    told = " ".join(reply for question in found.values() for _, reply in wrong(question))
    assert all(part in told for part in ("0.25", "whole vector", "1 - f", "The stop ends"))


def test_ids_are_no_ids_of_the_bank_and_concepts_are_known() -> None:
    """A guess is never taken for a question of the bank, and says which of its concepts it is about."""
    bank = load_bank()
    for question in gates.questions(*gates_runs.predicted(GatesSettings())):
        assert question.id not in bank
        assert set(question.concepts) <= set(bank.concepts)


def test_a_batch_is_refused() -> None:
    """Predictions are about one sequence."""
    words, at, params, trace, screen = gates_runs.predicted(GatesSettings())
    many = lstm.forward(params, np.repeat(trace.x, 2, axis=1))
    with pytest.raises(ValueError, match="expected one sequence"):
        gates.questions(words, at, params, many, screen)


def test_a_text_that_ends_with_the_subject_asks_nothing_about_three_steps() -> None:
    """Where fewer than three gates follow, the product is not asked for."""
    _, at, params, trace, _ = gates_runs.predicted(GatesSettings())
    short = lstm.forward(params, trace.x[: at + 1])
    assert gates.left(short, at) is None
