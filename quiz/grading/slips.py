"""What is said of a first try whose slip is known: its name and its reply, without the key, since a second try follows.

A reply may close with the right value ("... The state is tanh(a_1) = 0.4621."). Such sentences wait for the feedback
after the second try.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from quiz.formula import formula
from quiz.formula.values import ShapeSlip
from quiz.grading import answers
from quiz.grading.answers import Unreadable
from quiz.grading.judges import Response, close, judge, predicted
from quiz.schema import Choice, Cloze, Count, Exact, Formula, Numeric, Predict, Shape, Slip

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[^a-z])")
_NUMBER = re.compile(r"[-−]?\d[\d,\u202f ]*(?:\.\d+)?(?:e[-−+]?\d+)?")
_FORM = re.compile(r"`([^`]+)`|\$([^$]+)\$")
_SIDES = re.compile(r"[=≈]|\\approx")


@dataclass(frozen=True)
class Told:
    """What is said of one slip.

    Attributes:
        given: What was answered, as typed or as the option's text; "" where it is the whole answer.
        name: What the slip is called; "" if it has no name.
        reply: Its reply without the key; may be empty.
    """

    given: str
    name: str
    reply: str


def told(question: Exact, response: Response) -> tuple[Told, ...]:
    """What is said of the slips of a first try, none of it the key.

    Args:
        question: What was asked.
        response: A wrong response that can be read.
    """
    found = judge(question, response)
    if isinstance(question, Choice):
        return tuple(
            Told(option.text, option.name, "" if option.name else option.reply)
            for option in question.options
            if option.id == response
        )
    if isinstance(question, Cloze):
        blanks = zip(found.points, question.blanks, strict=True)
        return tuple(
            Told(point.text, _name(blank.slips, point.reply), _without(point.reply, blank.accept))
            for point, blank in blanks
            if not point.met
        )
    replies = found.mistakes or tuple(point.reply for point in found.points if not point.met and point.reply)
    name = next(iter(found.slips), "")
    return (Told("", name, " ".join(kept for reply in replies if (kept := safe(question, reply)))),)


def safe(question: Exact, reply: str) -> str:
    """A reply without the sentences that hold the key."""
    return " ".join(sentence for sentence in _SENTENCE.split(reply) if not _holds(question, sentence))


def _name(slips: Iterable[Slip], reply: str) -> str:
    return next((slip.name for slip in slips if slip.reply == reply), "")


def _without(reply: str, accepted: Sequence[str]) -> str:
    """A reply to a blank without the sentences in which an accepted filling stands."""
    words = re.compile("|".join(rf"(?<!\w){re.escape(filling)}(?!\w)" for filling in accepted), re.IGNORECASE)
    return " ".join(sentence for sentence in _SENTENCE.split(reply) if not words.search(sentence))


def _holds(question: Exact, sentence: str) -> bool:
    """Whether the key stands in a sentence: the number, or a form that is judged right."""
    match question:
        case Numeric(answer=key, rel=rel, abs=absolute):
            return any(close(value, key, rel, absolute) for value in _values(sentence))
        case Predict(rel=rel):
            key = predicted(question).answer
            return any(close(value, key, rel, 0.0) for value in _values(sentence))
        case Count(answer=count):
            return any(value == count for value in _values(sentence))
        case Shape(answer=typed):
            return any(_shape(form) == answers.shape(typed) for form in _forms(sentence))
        case Formula():
            return any(_right(question, form) for form in _forms(sentence))
    return False


def _values(sentence: str) -> list[float]:
    found = []
    for match in _NUMBER.findall(sentence):
        with suppress(Unreadable, ValueError):
            found.append(answers.number(match.strip(" ,\u202f")).value)
    return found


def _forms(sentence: str) -> list[str]:
    """What stands in code or as a formula, whole and each side of an equation."""
    forms = [code or tex for code, tex in _FORM.findall(sentence)]
    return [part.strip() for form in forms for part in (form, *_SIDES.split(form)) if part.strip()]


def _shape(form: str) -> answers.ShapeRead | None:
    try:
        return answers.shape(form)
    except Unreadable:
        return None


def _right(question: Formula, form: str) -> bool:
    values = formula.draw(question.variables, question.whole, given=question.given)
    try:
        given = formula.parse(form, question.variables)
        return formula.compare(formula.parse(question.answer, question.variables), given, values).equal
    except (Unreadable, ShapeSlip):
        return False
