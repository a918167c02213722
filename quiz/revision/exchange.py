"""The bank in the terms of other question systems: what Moodle's XML and GIFT can both say.

A question may become several: claims are true-or-false questions, an open question is an essay with its checks as
questions of their own. A formula can't be compared by value elsewhere, so it is an essay with the right answer for who
grades it: nobody who is right is called wrong. Of a generator a few variants are taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

from quiz.computed.generators import GENERATORS
from quiz.grading import answers
from quiz.grading.grade import answer_text
from quiz.grading.judges import predicted
from quiz.lessons import TOPICS
from quiz.load import GENERATED, Bank
from quiz.plaintext import inline
from quiz.revision.hypertext import html, line, lines_of_code
from quiz.schema import (
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
    Slip,
)

VARIANTS = (1, 2, 3)  # of each generator
Kind = Literal["choice", "multi", "truefalse", "number", "short", "essay", "order", "cloze"]


@dataclass(frozen=True)
class Answer:
    """One answer that is judged by itself.

    Attributes:
        text: HTML of an option or a step; plain text where it is typed.
        share: What it earns, −1 … 1.
        reply: HTML.
        tolerance: How far a number may be off.
    """

    text: str
    share: float
    reply: str = ""
    tolerance: float = 0.0


@dataclass(frozen=True)
class Item:
    """One question of another system.

    Attributes:
        name: Unique, stable: the question's id, with a part's after a dot.
        topic: Title of its lesson.
        kind: What is asked for.
        text: The question, HTML; of a cloze text with its blanks as ``{1}``, ``{2}``, ….
        answers: What is judged; of an order the steps in the right one. None for an essay.
        feedback: Shown after any answer, HTML.
        grader: For who grades an essay, HTML.
        blanks: Of a cloze text, the fillings of each with what they earn; plain text.
        listed: Of a cloze text, whether each blank's fillings are shown to choose from.
    """

    name: str
    topic: str
    kind: Kind
    text: str
    answers: tuple[Answer, ...] = ()
    feedback: str = ""
    grader: str = ""
    blanks: tuple[tuple[Answer, ...], ...] = ()
    listed: tuple[bool, ...] = ()


def items(bank: Bank) -> Iterator[Item]:
    """Every question of the bank and some variants of every generator, in the order of the lessons."""
    made = [(question.id, question) for question in bank.questions]
    made += [
        (f"{GENERATED}{name}.{variant}", bank.question(f"{GENERATED}{name}", variant))
        for name in GENERATORS
        for variant in VARIANTS
    ]
    places = {topic: place for place, topic in enumerate(TOPICS)}
    made.sort(key=lambda pair: places[bank.lessons(pair[1])[0]])
    for name, question in made:
        topic = TOPICS[bank.lessons(question)[0]]
        if isinstance(question, Open):
            yield Item(name, topic, "essay", _asked(question), (), html(question.explanation), _points(question))
            for probe in question.probes:
                yield from _exact(probe.id, topic, probe)
        else:
            yield from _exact(name, topic, question)


def _exact(name: str, topic: str, question: Exact) -> Iterator[Item]:
    text, feedback = _asked(question), html(question.explanation)
    match question:
        case Claims(claims=claims):
            for claim in claims:
                said = (Answer("true", float(claim.true), line(claim.reply)),
                        Answer("false", float(not claim.true), line(claim.reply)))  # fmt: skip
                yield Item(f"{name}.{claim.id}", topic, "truefalse", text + html(claim.text), said, feedback)
        case Choice(options=options):
            told = tuple(Answer(line(one.text), float(one.right), line(one.reply)) for one in options)
            yield Item(name, topic, "choice", text, told, feedback)
        case Multi(options=options):
            right = sum(option.right for option in options)
            worth = {True: 1 / right, False: -1 / (len(options) - right)}
            told = tuple(Answer(line(one.text), worth[one.right], line(one.reply)) for one in options)
            yield Item(name, topic, "multi", text, told, feedback)
        case Numeric(answer=value, rel=rel, abs=absolute, slips=slips):
            yield Item(name, topic, "number", text, _numbers(value, rel, absolute, slips, question.unit), feedback)
        case Predict(rel=rel, unit=unit):
            run = predicted(question)
            yield Item(name, topic, "number", text, _numbers(run.answer, rel, 0.0, run.slips, unit), feedback)
        case Count(answer=count, accept=accept, slips=slips):
            told = (Answer(str(count), 1.0),)
            told += tuple(Answer(f"{answers.count(o.answer).value:.0f}", 1.0, line(o.reply)) for o in accept)
            told += tuple(Answer(f"{answers.count(o.answer).value:.0f}", 0.0, line(o.reply)) for o in slips)
            yield Item(name, topic, "number", text, told, feedback)
        case Shape(answer=typed, slips=slips):
            told = tuple(Answer(spelling, 1.0) for spelling in _spellings(typed))
            told += tuple(Answer(each, 0.0, line(slip.reply)) for slip in slips for each in _spellings(slip.answer))
            yield Item(name, topic, "short", text, told, feedback)
        case Formula():
            yield Item(name, topic, "essay", text, (), feedback, f"<p>{_code(answer_text(question))}</p>")
        case Order(steps=steps):
            told = tuple(Answer(line(step), 1.0) for step in steps)
            yield Item(name, topic, "order", text, told, feedback)
        case Cloze():
            yield _cloze(name, topic, question, feedback)


def _asked(question: Question) -> str:
    unit = getattr(question, "unit", "")
    text = html(question.prompt) + (f"<p>({line(unit)})</p>" if unit else "")
    if isinstance(question, Formula):
        text += f"<p>Write it with {', '.join(map(_code, question.variables))}.</p>"
    return text + lines_of_code(question.code)


def _points(question: Open) -> str:
    points = "".join(f"<li>{line(point.text)}</li>" for point in question.points)
    return f"{html(question.model_answer)}<ul>{points}</ul>"


def _numbers(
    value: float, rel: float, absolute: float, slips: tuple[Slip, ...], unit: str
) -> tuple[Answer, ...]:  # fmt: skip
    """The key first: where a slip lies within its tolerance the key counts, as here."""
    told = [Answer(repr(value), 1.0, "", max(rel * abs(value), absolute))]
    for slip in slips:
        wrong = answers.number(slip.answer, unit).value
        told.append(Answer(repr(wrong), 0.0, line(slip.reply), max(rel * abs(wrong), absolute)))
    return tuple(told)


def _spellings(typed: str) -> tuple[str, ...]:
    """A shape as people write it, with and without brackets and spaces."""
    inside = answers.shape(typed).read_as.removeprefix("(").removesuffix(")").removesuffix(",")
    found = [
        f"{before}{sign.join(inside.split(', '))}{after}"
        for (before, after), sign in product((("(", ")"), ("", ""), ("[", "]")), (", ", ","))
    ]
    found += [sign.join(inside.split(", ")) for sign in (" x ", "x", " × ", "×")]
    found += [f"({inside},)"] if "," not in inside else []
    return tuple(dict.fromkeys(found))


def _cloze(name: str, topic: str, question: Cloze, feedback: str) -> Item:
    blanks = []
    for blank in question.blanks:
        told = {filling: Answer(inline(filling), 1.0) for filling in blank.accept}
        if blank.options:
            told = {filling: Answer(inline(filling), float(filling in blank.accept)) for filling in blank.options}
        for slip in blank.slips:
            if not blank.options or slip.answer in told:
                told[slip.answer] = Answer(inline(slip.answer), 0.0, inline(slip.reply))
        blanks.append(tuple(told.values()))
    # The blanks go through the Markdown as signs that nothing in it means.
    marked = re.sub(r"\{(\d)\}", lambda match: chr(0xE100 + int(match[1])), question.text)
    text = re.sub("[\ue100-\ue109]", lambda match: f"{{{ord(match[0]) - 0xE100}}}", _escaped_braces(html(marked)))
    listed = tuple(bool(blank.options) for blank in question.blanks)
    return Item(name, topic, "cloze", _escaped_braces(_asked(question)) + text, (), feedback, "", tuple(blanks), listed)


def _escaped_braces(text: str) -> str:
    """HTML in which a brace can only be a blank's."""
    return text.replace("{", "&#123;").replace("}", "&#125;")


def _code(text: str) -> str:
    return line(f"`{text}`")
