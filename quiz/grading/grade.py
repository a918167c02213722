"""Is it right? One pure function, `grade`, for every kind of question; nothing is stored and nothing is random.

A score is the mean over the points of a question: one for each claim, option of a multiple choice, blank, pair of
steps, or probe of an open question, one in all for the other kinds. An open answer's text is never scored; its verdict
comes from `judge_text`, and stands for the answer only where no check was given an answer.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from quiz.formula import formula
from quiz.grading import answers
from quiz.grading.answers import Unreadable
from quiz.grading.judges import Judged, Point, Response, judge, predicted
from quiz.grading.text.grader import TextGrade, grade_text
from quiz.schema import (
    Blank,
    Choice,
    Claims,
    Cloze,
    Count,
    Exact,
    Formula,
    Multi,
    Numeric,
    Open,
    Order,
    Predict,
    Question,
    Shape,
)

Verdict = Literal["correct", "partial", "wrong", "undecided"]

LONGEST_TEXT = 4_000  # characters of an open answer
HINT_COST = 0.25
SECOND_TRY = 0.5  # what counts of that which is right at the second try only


@dataclass(frozen=True)
class Grade:
    """A judged response.

    Attributes:
        question: The question's id.
        verdict: Of an open question by its probes; by its text, maybe ``undecided``, where none was answered.
        score: Mean over the points, 0 to 1.
        points: What scored by itself; for an open question its probes.
        mistakes: What to say to the slips that were recognised.
        read_as: How the response was understood, plain text.
        answer: The right answer, in words.
        slips: Names of the slips that were recognised, as `quiz.slips` has them.
        text: What was made of an open answer's text, where none of its probes was answered.
    """

    question: str
    verdict: Verdict
    score: float
    points: tuple[Point, ...]
    mistakes: tuple[str, ...]
    read_as: str
    answer: str
    slips: tuple[str, ...] = ()
    text: TextGrade | None = None

    @property
    def counted(self) -> Verdict:
        """The verdict that is kept and counted: a text's is not."""
        return "undecided" if self.text else self.verdict


@dataclass(frozen=True)
class Reading:
    """How a response was understood, before it is judged.

    Attributes:
        read_as: Plain text, one line.
        tex: The same as mathematics, for formulas; empty otherwise.
    """

    read_as: str
    tex: str = ""


def grade(question: Question, response: Response) -> Grade:
    """Judge a response.

    Args:
        question: What was asked.
        response: A JSON value, see `quiz.grading.judges.judge`; for an open question
            ``{"text": ..., "confirmed": [point ids], "probes": {probe id: response}}``, each part optional.

    Raises:
        Unreadable: If the response can't be read. It is to be refused, not counted.
    """
    if isinstance(question, Open):
        return _grade_open(question, response)
    judged = judge(question, response)
    score = sum(point.met for point in judged.points) / len(judged.points)
    return Grade(
        question.id,
        _verdict(score),
        score,
        judged.points,
        judged.mistakes,
        judged.read_as,
        answer_text(question),
        judged.slips,
    )


def read(question: Question, response: Response) -> Reading:
    """How a response is understood.

    Raises:
        Unreadable: As `grade`.
    """
    if isinstance(question, Open):
        return Reading(" ".join(_open_parts(question, response)[0].split()))
    judged = judge(question, response)
    return Reading(judged.read_as, judged.tex)


def credit(score: float, hints_used: int) -> float:
    """What a score counts after hints: each takes a quarter off."""
    return score * max(0.0, 1.0 - HINT_COST * hints_used)


def again(question: Exact, found: Grade) -> bool:
    """Whether a first try is answered with its slip alone and may be mended before the key is shown.

    That is so where the reply does not give the answer away: not for claims and ticks, whose replies settle each, and
    of what is chosen, put in order or filled in only where a slip was recognised.
    """
    if found.verdict == "correct" or isinstance(question, Multi | Claims):
        return False
    if isinstance(question, Cloze):  # of two fillings the other one is left
        missed = [blank for blank, point in zip(question.blanks, found.points, strict=True) if not point.met]
        return bool(found.mistakes) and any(len(blank.options) != 2 for blank in missed)
    return bool(found.mistakes) or not isinstance(question, Choice | Order)


def after_second(first: Grade, second: Grade) -> Grade:
    """The grade of two tries: the first one's score, and a share of what the second gained."""
    score = first.score + SECOND_TRY * max(second.score - first.score, 0.0)
    mistakes, slips = first.mistakes + second.mistakes, first.slips + second.slips
    return replace(second, score=score, verdict=_verdict(score), mistakes=mistakes, slips=slips)


def judge_text(question: Open, text: str) -> TextGrade:
    """The verdict on an open answer's text with its evidence: what every page and the terminal ask."""
    return grade_text(question, text)


def judge_written(question: Open, text: str) -> TextGrade | None:
    """The same; None where nothing was written."""
    return judge_text(question, text) if text.strip() else None


def text_fields(said: TextGrade | None) -> dict[str, Any]:
    """What an attempt keeps of the verdict on its text; points are those that stand behind a verdict."""
    if said is None:
        return {}
    return {"text_verdict": said.verdict, "suggested": tuple(point.id for point in said.points if said.decided)}


def shuffled(question: Question | Blank, key: str) -> tuple[str, ...]:
    """The order in which options, claims or steps are shown.

    Args:
        question: What is shown; a blank of a cloze text has its fillings shuffled.
        key: The attempt's key (and a blank's number): the same key gives the same order.

    Returns:
        Ids of options or claims, numbers of steps (never in the right order), or fillings; empty for other kinds.
    """
    match question:
        case Choice(options=options) | Multi(options=options):
            names = [option.id for option in options]
        case Claims(claims=claims):
            names = [claim.id for claim in claims]
        case Order(steps=steps):
            names = [str(number) for number in range(1, len(steps) + 1)]
        case Blank(options=fillings):
            names = list(fillings)
        case _:
            return ()
    mixed = random.Random(f"{key}:{'|'.join(names)}").sample(names, len(names))
    if isinstance(question, Order) and mixed == names:
        mixed = [*names[1:], names[0]]
    return tuple(mixed)


def right_response(question: Question) -> Response:
    """A response that is graded right: the key, as it would be handed in."""
    match question:
        case Choice(options=options):
            return next(option.id for option in options if option.right)
        case Multi(options=options):
            return [option.id for option in options if option.right]
        case Claims(claims=claims):
            return {claim.id: claim.true for claim in claims}
        case Order(steps=steps):
            return [str(number) for number in range(1, len(steps) + 1)]
        case Cloze(blanks=blanks):
            return {str(number): blank.accept[0] for number, blank in enumerate(blanks, 1)}
        case Predict():
            return repr(predicted(question).answer)
        case Open(probes=probes):
            return {"text": question.model_answer, "probes": {probe.id: right_response(probe) for probe in probes}}
        case Numeric(answer=value):
            return repr(value)
        case Count(answer=count):
            return str(count)
        case Shape(answer=typed) | Formula(answer=typed):
            return typed


def answer_text(question: Question) -> str:
    """The right answer in words, for "show the answer"."""
    match question:
        case Choice(options=options) | Multi(options=options):
            return "; ".join(option.text for option in options if option.right)
        case Claims(claims=claims):
            return "; ".join(f"{claim.id} {'true' if claim.true else 'false'}" for claim in claims)
        case Order(steps=steps):
            return " → ".join(steps)
        case Cloze(text=text, blanks=blanks):
            for number, blank in enumerate(blanks, 1):
                text = text.replace(f"{{{number}}}", blank.accept[0])
            return text
        case Predict(unit=unit):
            run = predicted(question)
            return f"{answers.shown(run.answer)} {unit}".rstrip() + f". {run.shown}"
        case Open(model_answer=model_answer):
            return model_answer
        case Numeric(answer=value, unit=unit):
            return f"{answers.shown(value)} {unit}".rstrip()
        case Count(answer=count, accept=accept):
            return " or ".join([str(count), *(other.answer for other in accept)])
        case Shape(answer=typed):
            return answers.shape(typed).read_as
        case Formula(answer=typed, variables=variables):
            return formula.parse(typed, variables).read_as


def _verdict(score: float) -> Verdict:
    return "correct" if score == 1 else "partial" if score > 0 else "wrong"


def _grade_open(question: Open, response: Response) -> Grade:
    text, judged = _open_parts(question, response)
    points = []
    total = 0.0
    mistakes: list[str] = []
    slips: list[str] = []
    for probe in question.probes:
        found = judged.get(probe.id)
        met = [point.met for point in found.points] if found else [False]
        total += sum(met) / len(met)
        mistakes += found.mistakes if found else ()
        slips += found.slips if found else ()
        reply = found.points[0].reply if found and len(found.points) == 1 else ""
        points.append(Point(probe.id, probe.prompt, all(met), reply))
    score = total / len(question.probes)
    said = None if judged else judge_text(question, text)
    mistakes += [wrong.reply for wrong in said.misconceptions] if said else ()
    return Grade(
        question.id,
        said.verdict if said else _verdict(score),
        score,
        tuple(points),
        tuple(mistakes),
        " ".join(text.split()),
        question.model_answer,
        tuple(slips),
        said,
    )


def _open_parts(question: Open, response: Response) -> tuple[str, dict[str, Judged]]:
    """The text and the judged probes."""
    if not isinstance(response, Mapping):
        raise Unreadable("Expected an open answer's text, confirmed points and probes.")
    text = response.get("text", "")
    if not isinstance(text, str) or len(text) > LONGEST_TEXT:
        raise Unreadable(f"An answer in words has up to {LONGEST_TEXT} characters.")
    given = response.get("probes", {})
    probes: dict[str, Exact] = {probe.id: probe for probe in question.probes}
    if not isinstance(given, Mapping) or not given.keys() <= probes.keys():
        raise Unreadable(f"Probes of this question are {', '.join(probes)}.")
    judged = {}
    for name, answer in given.items():
        try:
            judged[name] = judge(probes[name], answer)
        except Unreadable as unreadable:
            raise Unreadable(f"{name}: {unreadable}") from None
    return text, judged
