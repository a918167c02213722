"""The verdict that follows from what a judge says of each statement; pages call `judged_text`."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from quiz.corpus.corpus import rubric
from quiz.grading.text.grader import Found, TextGrade, TextVerdict, grade_text
from quiz.grading.text.judge.client import FaultError, NonsenseError, ask
from quiz.grading.text.judge.prompt import bodies, items
from quiz.grading.text.judge.proof import Proof, proved
from quiz.grading.text.judge.settings import Judge
from quiz.grading.text.reading import LONGEST
from quiz.schema import Open

_log = logging.getLogger(__name__)


class Said(BaseModel):
    """What a judge says of one statement.

    Attributes:
        states: Whether the answer states it.
        quote: Where; once read, the answer's own words letter by letter, and empty unless it states it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)
    states: Literal["yes", "no", "unsure"]
    quote: str


def judged_text(question: Open, text: str, judge: Judge | None) -> TextGrade:
    """Judge an answer in words, by a judge that the learner agreed to, or by the built-in grader.

    The judge speaks if it was proved here and answers usably and in time; nothing is sent to one that was not, and
    nothing that is empty. `TextGrade.judge` says who spoke.

    Args:
        question: One of the interview questions.
        text: What was answered; only the first 4,000 characters are read.
        judge: Whom to ask; None sends nothing.
    """
    proof = proved(judge) if judge else None
    if judge and proof and text.strip() and question.id in rubric().essential:
        try:
            return _grade(judge, question, sayings(judge, question, text), proof)
        except FaultError as fault:
            _log.warning("The built-in grader judges instead: %s", fault)
    return grade_text(question, text)


def sayings(judge: Judge, question: Open, text: str) -> dict[str, Said]:
    """What a judge says of each statement about an answer, by its id.

    Raises:
        FaultError: It said nothing usable.
    """
    text = text[:LONGEST]
    said = ask(judge, bodies(question, text, judge.model))
    return {item.id: understood(content, text) for item, content in zip(items(question), said, strict=True)}


def understood(content: str, text: str) -> Said:
    """Read one reply; a yes without words of the answer to show for it counts as unsure.

    Raises:
        NonsenseError: It is not the one JSON object that was asked for.
    """
    try:
        said = Said.model_validate_json(content)
    except ValidationError:
        raise NonsenseError("The judge's reply is not of the form that was asked for.") from None
    if said.states != "yes":
        return Said(states=said.states, quote="")
    words = quoted(said.quote, text)
    return Said(states="yes" if words else "unsure", quote=words)


def quoted(quote: str, text: str) -> str:
    """The words of an answer that a quotation repeats, but for spaces and capitals; empty if there are none."""
    if len(quote) > len(text) or not any(sign.isalnum() for sign in quote):
        return ""
    found = re.search(r"\s+".join(map(re.escape, quote.split())), text, re.IGNORECASE)
    return found[0] if found else ""


def verdict(question: Open, said: Mapping[str, Said]) -> TextVerdict:
    """The verdict by the rubric, undecided where what is unsure could turn it."""
    points, errors = ({item.id for item in items(question) if bool(item.reply) is wrong} for wrong in (False, True))
    sure = {name for name, each in said.items() if each.states == "yes"}
    perhaps = {name for name, each in said.items() if each.states != "no"}
    # It rises with every point and falls with an error, so what lies between these two is no other.
    worst = rubric().verdict(question.id, points & sure, errors & perhaps)
    best = rubric().verdict(question.id, points & perhaps, errors & sure)
    return best if best == worst else "undecided"


def _grade(judge: Judge, question: Open, said: Mapping[str, Said], proof: Proof) -> TextGrade:
    """The grade in the built-in grader's form; how sure it is, is how often this judge was right here."""
    found = [
        Found(item.id, said[item.id].quote, proof.evidence, item.reply)
        for item in items(question)
        if said[item.id].states == "yes"
    ]
    given = verdict(question, said)
    grade = TextGrade(given, given, 0.0 if given == "undecided" else proof.accuracy, judge=judge.model)
    return replace(
        grade,
        points=tuple(each for each in found if not each.reply),
        misconceptions=tuple(each for each in found if each.reply),
    )
