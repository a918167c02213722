"""The bank that comes with the package: every question is run by existing."""

from __future__ import annotations

from quiz.grading.grade import Grade, grade, read, right_response
from quiz.grading.proof import longest_share, problems
from quiz.load import load_bank, validate
from quiz.schema import Claims, Exact, Open

BANK = load_bank()
EXACT: list[Exact] = [
    *BANK.probes.values(), *(question for question in BANK.questions if not isinstance(question, Open))
]  # fmt: skip


def test_every_question_proves_itself() -> None:
    """The key is right, every slip, option and claim gets its own reply, the words and formulas are whole."""
    assert BANK.questions
    assert {question.id: found for question in BANK.questions if (found := problems(question))} == {}


def test_an_exact_question_reads_its_key_on_one_line() -> None:
    """What stands beside the field is short, and the answer can always be shown."""
    for question in EXACT:
        found: Grade = grade(question, right_response(question))
        assert found.answer, question.id
        assert "\n" not in read(question, right_response(question)).read_as, question.id


def test_the_bank_as_a_whole_is_good() -> None:
    """Levels of every concept, lessons, the interview's twelve, and the longest option."""
    assert validate(BANK) == ()


def test_the_interview_has_twelve_open_questions_in_the_chapters_order() -> None:
    """interview-01 to interview-12, each with hints and probes."""
    assert BANK.interview == tuple(f"interview-{number:02}" for number in range(1, 13))
    for id_ in BANK.interview:
        question = BANK[id_]
        assert isinstance(question, Open)
        assert len(question.hints) == 3
        assert len(question.probes) >= 2
        assert question.misconceptions


def test_the_bank_is_large_enough() -> None:
    """Twelve interview questions, claims, and at least sixty further items."""
    others = [question for question in BANK.questions if question.id not in BANK.interview]
    assert sum(not isinstance(question, Claims) for question in others) >= 60
    assert any(isinstance(question, Claims) for question in others)


def test_the_longest_option_says_nothing() -> None:
    """Picking the longest option is right in under 40 % of all choices."""
    share, choices = longest_share(BANK.questions)
    assert choices >= 10
    assert share < 0.4
