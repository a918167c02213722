"""One judge for each exactly checked kind of question: what was given, read and then compared with the key.

A judge raises `Unreadable` for what it can't read and returns a `Judged` otherwise. It never reveals the answer in a
reply to a wrong one: that is for `Grade.answer`, shown when it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from core.written import short
from quiz.computed.predictions import EXPERIMENTS, Prediction
from quiz.formula import formula
from quiz.grading import answers
from quiz.grading.answers import Unreadable
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
    Order,
    Predict,
    Shape,
    Slip,
)

SIGN, AXES = "turned the sign", "put the axes in the wrong order"  # slips that are seen without being listed

#: What is handed in: a JSON value whose form depends on the kind, see `judge`.
Response = object


@dataclass(frozen=True)
class Point:
    """One thing that scores by itself.

    Attributes:
        id: Of the option, claim, blank, pair of steps or probe; ``answer`` where there is one answer.
        text: What it is about.
        met: Whether it was got right.
        reply: What to say to it; may be empty.
    """

    id: str
    text: str
    met: bool
    reply: str


@dataclass(frozen=True)
class Judged:
    """What a judge found.

    Attributes:
        read_as: How the response was understood, one line of plain text.
        points: What scores.
        mistakes: Replies of the slips that were recognised.
        tex: ``read_as`` as mathematics, for formulas; empty otherwise.
        slips: Names of the slips that were recognised; a claim held wrongly is told by its own text, and has none.
    """

    read_as: str
    points: tuple[Point, ...]
    mistakes: tuple[str, ...] = ()
    tex: str = ""
    slips: tuple[str, ...] = ()


def judge(question: Exact, response: Response) -> Judged:
    """Read and compare one response.

    Args:
        question: What was asked.
        response: Choice: an option's id. Multi: a list of ids. Claims: true or false by id. Order: the step numbers.
            Cloze: text by the blank's number. All others: the text typed.

    Raises:
        Unreadable: If the response can't be read; it is not counted.
    """
    match question:
        case Choice():
            return _choice(question, response)
        case Multi():
            return _multi(question, response)
        case Claims():
            return _claims(question, response)
        case Numeric():
            return _value(question, question.answer, question.abs, question.slips, response)
        case Count():
            return _count(question, response)
        case Shape():
            return _shape(question, response)
        case Formula():
            return _formula(question, response)
        case Order():
            return _order(question, response)
        case Cloze():
            return _cloze(question, response)
        case Predict():
            run = predicted(question)
            return _value(question, run.answer, 0.0, run.slips, response)


def predicted(question: Predict) -> Prediction:
    """What the experiment of a question gives.

    Raises:
        ValueError: If there is no such experiment.
    """
    if question.run not in EXPERIMENTS:
        raise ValueError(f"run: {question.run!r} is no experiment; choose from {', '.join(EXPERIMENTS)}")
    return _run(question.run, tuple(sorted(question.settings.items())))


@lru_cache(maxsize=128)
def _run(name: str, settings: tuple[tuple[str, float | int | str], ...]) -> Prediction:
    return EXPERIMENTS[name](dict(settings))


def _one(
    met: bool, reply: str, read_as: str, mistakes: Iterable[str] = (), tex: str = "", slips: Iterable[str] = ()
) -> Judged:
    """The result of a question with one answer."""
    return Judged(read_as, (Point("answer", read_as, met, reply),), tuple(mistakes), tex, tuple(slips))


def _slipped(slip: Slip, read_as: str, tex: str = "") -> Judged:
    """The result where a slip was recognised."""
    return _one(False, slip.reply, read_as, [slip.reply], tex, [slip.name])


def _choice(question: Choice, response: Response) -> Judged:
    options = {option.id: option for option in question.options}
    if not isinstance(response, str) or response not in options:
        raise Unreadable(f"Choose one of {', '.join(options)}.")
    chosen = options[response]
    point = Point(chosen.id, chosen.text, chosen.right, chosen.reply)
    if chosen.right:
        return Judged(chosen.text, (point,))
    return Judged(chosen.text, (point,), (chosen.reply,), slips=(chosen.name,))


def _multi(question: Multi, response: Response) -> Judged:
    options = {option.id: option for option in question.options}
    if not isinstance(response, list | tuple) or not all(isinstance(one, str) and one in options for one in response):
        raise Unreadable(f"Choose from {', '.join(options)}.")
    if not response:
        raise Unreadable("Choose at least one.")
    points = tuple(
        Point(option.id, option.text, option.right == (option.id in response), option.reply)
        for option in question.options
    )
    chosen = [option for option in question.options if option.id in response]
    return Judged(
        "; ".join(option.text for option in chosen),
        points,
        tuple(point.reply for point in points if not point.met),
        slips=tuple(option.name for option in chosen if not option.right),
    )


def _claims(question: Claims, response: Response) -> Judged:
    called = _named(response, [claim.id for claim in question.claims], "true or false for each claim")
    if not all(isinstance(call, bool) for call in called.values()):
        raise Unreadable("Call each claim true or false.")
    points = tuple(
        Point(claim.id, claim.text, called[claim.id] is claim.true, claim.reply) for claim in question.claims
    )
    read_as = ", ".join(f"{claim.id} {'true' if called[claim.id] else 'false'}" for claim in question.claims)
    return Judged(read_as, points, tuple(point.reply for point in points if not point.met))


def _named(response: Response, names: Sequence[str], wanted: str) -> Mapping[str, object]:
    """A response with one value for each name."""
    if not isinstance(response, Mapping):
        raise Unreadable(f"Expected {wanted}.")
    missing = [name for name in names if response.get(name) in (None, "")]
    if missing or len(response) > len(names):
        raise Unreadable(f"Expected {wanted}: {', '.join(missing) or 'fewer'} missing.")
    return response


def _value(
    question: Numeric | Predict, answer: float, absolute: float, slips: Sequence[Slip], response: Response
) -> Judged:
    rel, unit = question.rel, question.unit
    given = answers.number(response, unit, prompt=question.prompt)
    conventions = [(answer, "Right.")]
    if isinstance(question, Numeric):
        conventions += [(answers.number(other.answer, unit).value, other.reply) for other in question.accept]
    nearest, right = min(conventions, key=lambda one: abs(given.value - one[0]))
    if close(given.value, nearest, rel, absolute):
        return _one(True, right, given.read_as, tex=given.tex)
    values = [(answers.number(slip.answer, unit).value, slip) for slip in slips]
    known = [(abs(given.value - value), slip) for value, slip in values if close(given.value, value, rel, absolute)]
    if known:
        return _slipped(min(known, key=lambda item: item[0])[1], given.read_as, given.tex)
    if answer and close(-given.value, answer, rel, absolute):
        reply = "The size is right, the sign is not."
        return _one(False, reply, given.read_as, [reply], given.tex, [SIGN])
    return _one(False, f"Not within {_tolerance(rel, absolute)} of the value.", given.read_as, tex=given.tex)


def close(value: float, target: float, rel: float, absolute: float) -> bool:
    """Whether a value is right within the wider of both tolerances; rounding of the last bit is forgiven."""
    return abs(value - target) <= max(rel * abs(target), absolute) + 1e-12 * abs(target)


def _tolerance(rel: float, absolute: float) -> str:
    return " or ".join([f"{short(100 * rel)} %"] * (rel > 0 or not absolute) + [short(absolute)] * (absolute > 0))


def _count(question: Count, response: Response) -> Judged:
    given = answers.count(response, question.prompt)
    if given.value == question.answer:
        return _one(True, "Right.", given.read_as, tex=given.tex)
    for other in question.accept:
        if given.value == answers.count(other.answer).value:
            return _one(True, other.reply, given.read_as, tex=given.tex)
    for slip in question.slips:
        if given.value == answers.count(slip.answer).value:
            return _slipped(slip, given.read_as, given.tex)
    return _one(False, "Not the count.", given.read_as, tex=given.tex)


def _shape(question: Shape, response: Response) -> Judged:
    given = answers.shape(response)
    key = answers.shape(question.answer)
    if given == key:
        return _one(True, "Right.", given.read_as)
    for slip in question.slips:
        if given == answers.shape(slip.answer):
            return _slipped(slip, given.read_as)
    if sorted(map(sorted, given.axes)) == sorted(map(sorted, key.axes)):
        reply = "The right sizes in another order."
        return _one(False, reply, given.read_as, [reply], slips=[AXES])
    return _one(False, "Not the shape.", given.read_as)


def _formula(question: Formula, response: Response) -> Judged:
    names = question.variables
    given = formula.parse(response, names)
    values = formula.draw(names, question.whole, given=question.given)
    found = formula.compare(formula.parse(question.answer, names), given, values)
    read = found.read
    if found.equal:
        return _one(True, found.words, read.read_as, tex=read.tex)
    for other in question.accept:
        if formula.same(formula.parse(other.answer, names), given, values):
            return _one(True, other.reply, read.read_as, tex=read.tex)
    for slip in question.slips:
        if formula.same(formula.parse(slip.answer, names), given, values):
            return _one(False, f"{slip.reply} {found.words}", read.read_as, [slip.reply], read.tex, [slip.name])
    mistakes = [found.words] if found.shapes else []
    return _one(False, found.words, read.read_as, mistakes, read.tex)


def _order(question: Order, response: Response) -> Judged:
    count = len(question.steps)
    given = answers.order(response, count)
    place = {step: position for position, step in enumerate(given)}
    points = tuple(
        Point(f"{step}-{step + 1}", f"{before} → {after}", place[step] < place[step + 1], "")
        for step, (before, after) in enumerate(pairwise(question.steps), 1)
    )
    slips = question.slips if given != tuple(range(1, count + 1)) else ()
    found = [slip for slip in slips if answers.order(slip.answer, count) == given]
    return Judged(
        " → ".join(map(str, given)),
        points,
        tuple(slip.reply for slip in found),
        slips=tuple(slip.name for slip in found),
    )


def _cloze(question: Cloze, response: Response) -> Judged:
    numbers = [str(number) for number in range(1, len(question.blanks) + 1)]
    given = _named(response, numbers, "a filling for each blank")
    judged = [_blank(number, blank, given[number]) for number, blank in zip(numbers, question.blanks, strict=True)]
    return Judged(
        "; ".join(point.text for point, _ in judged),
        tuple(point for point, _ in judged),
        tuple(slip.reply for _, slip in judged if slip),
        slips=tuple(slip.name for _, slip in judged if slip),
    )


def _blank(number: str, blank: Blank, text: object) -> tuple[Point, Slip | None]:
    """The judged blank and the slip that was recognised."""
    line = answers.plain(text)
    if any(answers.same_filling(line, accepted) for accepted in blank.accept):
        return Point(number, line, True, ""), None
    slip = next((slip for slip in blank.slips if answers.same_filling(line, slip.answer)), None)
    return Point(number, line, False, slip.reply if slip else ""), slip
