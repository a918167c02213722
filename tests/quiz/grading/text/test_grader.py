"""The grader of answers in words: what it says, that nothing can stop it, and that its weights are the corpus's."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz import evaluate
from quiz.corpus.corpus import LABELS, Answer, answers, fingerprint, rubric
from quiz.grading.text.features import features
from quiz.grading.text.grader import TextGrade, grade_text
from quiz.grading.text.lexicon import marked
from quiz.grading.text.model import WHOLE, load, vector
from quiz.grading.text.reading import mended, read
from quiz.load import load_bank
from quiz.schema import Open

BANK = load_bank()
PIECES_TEXT = r"f_t c_{t-1} \odot + ( ) ^ not 0 1 . , | \frac{ } _ {t} keep gate from T ² ₜ₋₁ $"
PIECES = PIECES_TEXT.split()


def graded(number: str, text: str) -> TextGrade:
    """The verdict on an answer to one of the twelve."""
    question = BANK[f"interview-{number}"]
    assert isinstance(question, Open)
    return grade_text(question, text)


def test_weights_belong_to_the_corpus() -> None:
    """They were made from the answers as they are; `python -m quiz.grading.text.train` makes them again."""
    assert load().fingerprint == fingerprint()


def test_weights_are_small() -> None:
    """Less than 6 MB come with the package."""
    path = Path(evaluate.__file__).with_name("grading") / "text" / "weights.npz"
    assert path.stat().st_size < 6_000_000


@pytest.mark.deep
def test_training_again_gives_the_same_weights() -> None:
    """The last part of it, for one question: what is learnt of its points follows from the corpus alone."""
    train = pytest.importorskip("quiz.grading.text.train")
    data = train.prepare()
    model = load()
    assert np.array_equal(data.hashes, model.hashes)
    names = list(rubric().essential)
    here = np.flatnonzero(data.question == 4)
    columns = train.targets(data, 4)[1]
    inner = data.kernel[np.ix_(here, here)] + train.RIDGE * np.eye(len(here))
    solution = np.linalg.solve(inner, columns - columns.mean(0))
    table = data.vectors[here].T @ solution
    known, kept = model.own[names[4]]
    assert np.allclose(table[known], kept[:, len(WHOLE) :], atol=2e-3)


def test_running_needs_no_training_code() -> None:
    """Neither scikit-learn nor SciPy is loaded with the quiz."""
    code = "import quiz.evaluate, sys; print([name for name in ('sklearn', 'scipy') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_negation_and_direction_turn_the_verdict() -> None:
    """The same words the other way round are not the same answer."""
    assert graded("08", "1 means keep everything, 0 means forget everything.").leaning != "wrong"
    assert graded("08", "1 means forget everything, 0 means keep everything.").verdict == "wrong"


def test_evidence_is_the_answers_own_words() -> None:
    """What is quoted stands in the answer letter by letter."""
    for row in answers("train")[::40]:
        grade = graded(row.question[-2:], row.text)
        for found in (*grade.points, *grade.misconceptions):
            assert found.words in row.text


def test_misconception_comes_with_the_banks_reply() -> None:
    """A named myth is answered in the bank's words."""
    grade = graded("08", "1 means forget everything, 0 means keep everything.")
    question = BANK["interview-08"]
    assert isinstance(question, Open)
    assert [found.id for found in grade.misconceptions] == ["m2"]
    assert grade.misconceptions[0].reply == next(each.reply for each in question.misconceptions if each.id == "m2")


def test_nothing_said_is_wrong_and_nothing_understood_undecided() -> None:
    """An empty answer states no point; one in signs or another script is not judged."""
    assert graded("08", "  \n").verdict == "wrong"
    for text in ("кот " * 900, "((" * 2000, "🙂" * 100, "日本語" * 300):
        assert graded("08", text).verdict == "undecided"


@pytest.mark.parametrize("name", sorted(rubric().essential))
def test_no_answer_earns_no_credit(name: str) -> None:
    """Who does not know, says a stray word, or writes another language is never called right, wholly or partly."""
    for text in (
        "I don't know.",
        "no clue at all",
        "sorry",
        "words",
        "x",
        "Это <b>x</b> хорошо, потому что да",
        "?!",
        "LSTM",
    ):
        assert graded(name[-2:], text).verdict in ("wrong", "undecided"), text


def test_credit_can_be_pointed_at() -> None:
    """No answer is called right, wholly or partly, without a key point and the words that show it."""
    for row in answers("train")[::15]:
        grade = graded(row.question[-2:], row.text)
        assert grade.points or grade.verdict in ("wrong", "undecided"), row.text


def test_question_without_a_corpus_is_undecided() -> None:
    """The grader speaks only of what it learnt."""
    question = BANK["interview-08"]
    assert isinstance(question, Open)
    assert grade_text(question.model_copy(update={"id": "another"}), "keeps the old memory").verdict == "undecided"


@pytest.mark.parametrize(
    "text",
    [
        "the forget gate decides how much of the old cell state is kept, " * 62,
        "f_t*" * 1000,
        "(" * 4000,
        "a" * 4000,
        "1." * 2000,
        "\\frac{" * 660,
        "from 1 to t " * 333,
        "not " * 1000,
        "gradient " * 444,
        "кот " * 1000,
        "c_{t-1} " * 500,
        "-" * 4000,
    ],
)
def test_long_answer_is_judged(text: str) -> None:
    """4 kB of anything get a verdict; `tests/bench/quiz_bench.py` says in what time."""
    assert graded("08", text[:4000]).verdict


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(rubric().essential)), st.text(max_size=400))
def test_no_text_stops_it(name: str, text: str) -> None:
    """Whatever is typed, in any script, gets a verdict and a confidence."""
    grade = graded(name[-2:], text)
    assert grade.verdict in (*LABELS, "undecided")
    assert 0 <= grade.confidence <= 1


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(PIECES)))
def test_no_formula_stops_it(pieces: list[str]) -> None:
    """Halves of formulas and brackets that don't close are read as far as they go."""
    assert graded("07", " ".join(pieces)).verdict in (*LABELS, "undecided")


def test_slips_of_the_pen_are_mended() -> None:
    """One letter wrong, missing, too many or exchanged; a known word is left as it is."""
    assert [mended(word) for word in ("memroy", "gradiant", "multipliy", "forgte", "rewritten")] == [
        "memory", "gradient", "multiply", "forget", "rewritten",
    ]  # fmt: skip


def test_mathematics_is_read_in_any_spelling() -> None:
    """LaTeX, code and Unicode of one formula have the features of that formula."""
    for text in ("$c_t = f_t \\odot c_{t-1} + i_t \\odot g_t$", "c_t = f_t*c_t-1 + i_t*g_t", "cₜ = fₜ⊙cₜ₋₁ + iₜ⊙gₜ"):
        assert "K:+cell" in features(text), text
    assert "K:-cell_crossed" in features("c_t = f_t*g_t + i_t*c_{t-1}")


def test_negation_ends_where_the_thought_turns() -> None:
    """“Not X but Y” denies X alone."""
    tokens = marked(read("it does not keep the memory but erases it").clauses[0]).tokens
    denied = Counter(token.text for token in tokens if token.negated)
    assert denied["keep"] == 1
    assert denied["erases"] == 0


def test_vector_of_unknown_words_is_empty() -> None:
    """What was never seen counts neither for nor against."""
    places, values = vector({"W:qwertz"}, load().hashes, load().weight)
    assert len(places) == len(values) == 0


@pytest.mark.slow
def test_table_is_the_same_each_time() -> None:
    """The figures can be made again: every line, intervals included."""
    assert list(evaluate.report(BANK)) == list(evaluate.report(BANK))


def test_grader_beats_what_is_blind() -> None:
    """On the test set it is far above length, the commonest label and the keywords."""
    learnt, asked = answers("train"), answers("test")
    right = evaluate.numbers([row.label for row in asked])
    grades = evaluate.judged(BANK, asked)
    given_ = evaluate.verdicts(grade.verdict for grade in grades)
    decided = given_ != evaluate.UNDECIDED
    accuracy = float((given_ == right)[decided].mean())
    blind = (evaluate.by_length(learnt, asked), evaluate.by_majority(learnt, asked), evaluate.by_keywords(BANK, asked))
    assert accuracy > max(float((each == right).mean()) for each in blind) + 0.15


def test_figures_count_both_grave_mistakes() -> None:
    """Wrong called correct is a share of the wrong, correct called wrong of the correct; undecided is neither."""
    row = evaluate.figures("x", np.array([0, 0, 2, 2, 1]), np.array([2, -1, 0, 2, 1]))
    assert (row.wrong, row.wrong_called_correct, row.correct, row.correct_called_wrong) == (2, 1, 2, 1)
    assert (row.count, row.decided, row.right) == (5, 4, 2)


def test_points_are_counted_as_found_false_and_missed() -> None:
    """Agreement on points, beside the verdict's."""
    row = Answer("interview-08", "", "partial", ("p1", "p2"), (), (), "plain")
    grade = graded("08", "It is a sigmoid.")
    found = {point.id for point in grade.points}
    hits, false, missed = evaluate.point_agreement([row], [grade])
    assert (hits, false, missed) == (len(found & {"p1", "p2"}), len(found - {"p1", "p2"}), len({"p1", "p2"} - found))
