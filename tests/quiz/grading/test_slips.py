"""What a first try is told: its slip by name, and never the key."""

from __future__ import annotations

from typing import Any

import pytest

from quiz.grading.grade import again, grade, right_response
from quiz.grading.judges import close, predicted
from quiz.grading.slips import safe, told
from quiz.load import load_bank
from quiz.schema import Choice, Cloze, Count, Exact, Numeric, Open, Order, Predict

BANK = load_bank()
EXACT: list[Exact] = [*BANK.probes.values(), *(q for q in BANK.questions if not isinstance(q, Open))]


def first_tries(question: Exact) -> list[Any]:
    """The wrong answers that a question lists."""
    match question:
        case Choice(options=options):
            return [option.id for option in options if not option.right]
        case Order(slips=slips):
            return [slip.answer.split() for slip in slips]
        case Cloze(blanks=blanks):
            right = right_response(question)
            assert isinstance(right, dict)
            return [right | {str(k): slip.answer} for k, blank in enumerate(blanks, 1) for slip in blank.slips]
        case Predict():
            return [slip.answer for slip in predicted(question).slips]
    return [slip.answer for slip in getattr(question, "slips", ())]


def test_no_first_try_is_told_the_number_asked_for() -> None:
    """Of no slip in the bank does what is said hold the key, whatever its reply holds."""
    tried = 0
    for question in EXACT:
        for given in first_tries(question):
            if not again(question, grade(question, given)):
                continue
            tried += 1
            for said in told(question, given):
                assert safe(question, said.reply) == said.reply, question.id
                if isinstance(question, Count | Numeric):
                    rel = question.rel if isinstance(question, Numeric) else 0.0
                    words = said.reply.replace("$", " ").replace("=", " ").split()
                    numbers = [
                        float(word.rstrip(".,;:")) for word in words if word.rstrip(".,;:").replace(".", "").isdigit()
                    ]
                    assert not any(close(number, question.answer, rel, 0.0) for number in numbers), question.id
    assert tried > 250


@pytest.mark.parametrize(
    ("name", "reply", "kept"),
    [
        ("forward-first-step", "That is $a_1$. The state is $0.4621$.", "That is $a_1$."),
        ("forward-first-step", "That is 1,000 times too much.", "That is 1,000 times too much."),
        ("code-rnn-send-back", "Rows belong left. It is `da @ W_h.T`.", "Rows belong left."),
        ("code-rnn-send-back", "Write `dh_prev = da @ W_h.T` here.", ""),
        ("code-rnn-send-back", "That is `da @ W_h`, with `W_h` square.", "That is `da @ W_h`, with `W_h` square."),
    ],
)
def test_sentence_with_the_key_waits(name: str, reply: str, kept: str) -> None:
    """Sentences that hold the key are left out, all others stay as they are."""
    question = BANK[name]
    assert not isinstance(question, Open)
    assert safe(question, reply) == kept


def test_slip_is_called_by_its_name() -> None:
    """The name of what was typed or chosen; a slip that has none is told by its reply."""
    (written,) = told(BANK["code-rnn-delta"], "dh")  # type: ignore[arg-type]
    assert written.name == "forgot the activation's slope"
    (chosen,) = told(BANK["code-rnn-db"], "b")  # type: ignore[arg-type]
    assert (chosen.given, chosen.name, chosen.reply) == ("`da.sum(axis=1)`", "did not sum over steps or sequences", "")
    (unknown,) = told(BANK["code-rnn-delta"], "dh + h")  # type: ignore[arg-type]
    assert unknown.name == ""
    assert "difference" in unknown.reply


def test_filling_is_told_without_the_word_asked_for() -> None:
    """A reply to a blank loses the sentence that holds the right word."""
    question = BANK["readout-which-function"]
    assert isinstance(question, Cloze)
    first, second = told(question, {"1": "softmax", "2": "sigmoid"})
    assert (first.given, first.reply) == ("softmax", "Softmax over a single output is always 1.")
    assert "softmax" not in second.reply
