"""What makes a question and a bank good, proved by grading: keys right, slips wrong with their own reply."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from quiz.grading.answers import Unreadable
from quiz.grading.grade import Grade, grade, right_response
from quiz.grading.judges import Response, predicted
from quiz.lessons import LESSONS, TOPICS
from quiz.schema import (
    GAP,
    Choice,
    Claims,
    Cloze,
    Concept,
    Count,
    Formula,
    Level,
    Multi,
    Numeric,
    Open,
    Order,
    Predict,
    Question,
    Shape,
    Slip,
)
from quiz.slips import NAMES

LEVELS: tuple[Level, ...] = ("easy", "medium", "hard")
LONGEST_SHARE = 0.4  # of the choices may have the right option as their longest
FEWEST_CHOICES = 5  # below it a share says nothing


def problems(question: Question) -> tuple[str, ...]:
    """What is wrong with one question, each as ``field: what``; empty if nothing is."""
    found = list(_wording(question))
    if isinstance(question, Open):
        for number, probe in enumerate(question.probes):
            found += [f"probes[{number}].{problem}" for problem in _exactness(probe)]
    else:
        found += _exactness(question)
    return tuple(found)


def faults(questions: Iterable[Question], concepts: Mapping[str, Concept]) -> tuple[str, ...]:
    """What is wrong with a bank as a whole.

    Levels missing, lessons that fit no concept, slips called by a name of their own, the longest option right.
    """
    questions = tuple(questions)
    found = []
    for name in concepts:
        levels = {question.level for question in questions if name in question.concepts}
        found += [f"concepts: {name} has no {level} question" for level in LEVELS if level not in levels]
    for question in questions:
        taught = {concepts[name].lesson for name in question.concepts} | (TOPICS.keys() - set(LESSONS))
        if question.lessons and not taught & set(question.lessons):
            found.append(f"{question.id}: lessons: none of {', '.join(question.lessons)} teaches its concepts")
        unknown = dict.fromkeys(name for name in slip_names(question) if name and name not in NAMES)
        found += [f"{question.id}: name: {name!r} is not in quiz/slips.py; take one from there" for name in unknown]
    share, choices = longest_share(questions)
    if choices >= FEWEST_CHOICES and share >= LONGEST_SHARE:
        found.append(
            f"options: the longest is the right one in {share:.0%} of {choices}, expected < {LONGEST_SHARE:.0%}"
        )
    return tuple(found)


def slip_names(question: Question) -> tuple[str, ...]:
    """What slips, wrong options and misconceptions of a question are called, those of its probes and runs included."""
    match question:
        case Open(probes=probes, misconceptions=misconceptions):
            spoken = tuple(wrong.name for wrong in misconceptions)
            return spoken + tuple(name for probe in probes for name in slip_names(probe))
        case Choice(options=options) | Multi(options=options):
            return tuple(option.name for option in options if not option.right)
        case Cloze(blanks=blanks):
            return tuple(slip.name for blank in blanks for slip in blank.slips)
        case Count(slips=slips, accept=accept):
            return tuple(slip.name for slip in (*accept, *slips))
        case Numeric(slips=slips) | Shape(slips=slips) | Formula(slips=slips) | Order(slips=slips):
            return tuple(slip.name for slip in slips)
        case Predict():
            return tuple(slip.name for slip in predicted(question).slips)
        case Claims():
            return ()


def longest_share(questions: Iterable[Question]) -> tuple[float, int]:
    """How often picking the longest option of a choice is right (ties by lot), and how many choices there are."""
    choices = [exact for question in questions for exact in _exact(question) if isinstance(exact, Choice)]
    hits = 0.0
    for choice in choices:
        lengths = {option.id: _length(option.text) for option in choice.options}
        longest = [option for option in choice.options if lengths[option.id] == max(lengths.values())]
        hits += sum(option.right for option in longest) / len(longest)
    return (hits / len(choices) if choices else 0.0), len(choices)


def _exact(question: Question) -> tuple[Question, ...]:
    return question.probes if isinstance(question, Open) else (question,)


def _length(text: str) -> int:
    """Characters as they are seen, roughly: a TeX command is one, its braces and dollars are none."""
    return len(re.sub(r"[${}_^]", "", re.sub(r"\\[a-zA-Z]+", "x", text)))


def _exactness(question: Question) -> Iterator[str]:
    """Problems of the key and the slips."""
    try:
        key = right_response(question)
        verdict = grade(question, key).verdict
    except ValueError as error:
        yield f"answer: {error}"
        return
    if verdict != "correct":
        yield f"answer: {key!r} is graded {verdict}"
    if isinstance(question, Numeric) and question.answer == 0 and question.abs == 0:
        yield "abs: needed, a relative tolerance of 0 admits nothing else"
    if isinstance(question, Formula):
        yield from (f"whole: {name!r} is not a variable" for name in question.whole if name not in question.variables)
    for where, response, reply, right in _cases(question):
        try:
            found = grade(question, response)
        except Unreadable as error:
            yield f"{where}: {error}"
            continue
        if (found.verdict == "correct") is not right:
            yield f"{where}: {response!r} is graded {found.verdict}"
        elif reply not in _replies(found, right):
            yield f"{where}: {response!r} gets another reply than its own"


def _replies(found: Grade, right: bool) -> tuple[str, ...]:
    return tuple(point.reply for point in found.points) if right else found.mistakes


def _cases(question: Question) -> Iterator[tuple[str, Response, str, bool]]:
    """Field, response, reply it must get, and whether it must be right, for all that a question lists."""
    match question:
        case Choice(options=options):
            yield from (("options", option.id, option.reply, False) for option in options if not option.right)
        case Multi(options=options):
            for option in options:
                chosen = [one.id for one in options if one.right is not (one.id == option.id)]
                if chosen:
                    yield "options", chosen, option.reply, False
        case Claims(claims=claims):
            for claim in claims:
                called = {one.id: one.true is not (one.id == claim.id) for one in claims}
                yield "claims", called, claim.reply, False
        case Cloze(blanks=blanks):
            for number, blank in enumerate(blanks, 1):
                key = {str(other): one.accept[0] for other, one in enumerate(blanks, 1)}
                for slip in blank.slips:
                    yield f"blanks[{number - 1}].slips", {**key, str(number): slip.answer}, slip.reply, False
        case (
            Count(slips=slips, accept=accept)
            | Numeric(slips=slips, accept=accept)
            | Formula(slips=slips, accept=accept)
        ):
            yield from _typed("accept", accept, right=True)
            yield from _typed("slips", slips)
        case Shape(slips=slips) | Order(slips=slips):
            yield from _typed("slips", slips)
        case Predict():
            yield from _typed("slips", predicted(question).slips)


def _typed(where: str, slips: Iterable[Slip], *, right: bool = False) -> Iterator[tuple[str, Response, str, bool]]:
    yield from ((f"{where}[{number}]", slip.answer, slip.reply, right) for number, slip in enumerate(slips))


def _wording(question: Question) -> Iterator[str]:
    """Problems of the words: control characters, formulas left open, TeX outside of them."""
    if question.code.count(GAP) > 1:
        yield f"code: {GAP} stands in it {question.code.count(GAP)} times"
    for where, text in _texts(question.model_dump(exclude={"code"}), ""):
        if fault := formula_fault(text):
            yield f"{where}: {fault}"


def _texts(value: object, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _texts(inner, f"{where}.{name}" if where else str(name))
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _texts(inner, f"{where}[{number}]")


def formula_fault(text: str) -> str:
    """What is wrong with the $formulas$ of a text, or nothing."""
    if any(ord(character) < 32 and character != "\n" for character in text):
        return 'a control character; in a "..." string write TeX\'s backslash twice'
    parts = re.sub(r"`[^`\n]*`", "", text.replace(r"\$", "")).replace("$$", "$").split("$")
    if len(parts) % 2 == 0:
        return "a $ is open at the end"
    outside = re.search(r"\\[a-zA-Z]+", " ".join(parts[::2]))
    if outside:
        return f"{outside[0]} stands outside of $...$"
    for formula in parts[1::2]:
        if not formula.strip():
            return "an empty formula"
        if "\n\n" in formula:
            return "an empty line within a formula"
        if not _balanced(re.sub(r"\\[{}]", "", formula)):
            return f"brackets do not match in ${formula}$"
        for opening, closing in ((r"\left", r"\right"), (r"\begin", r"\end")):
            if len(re.findall(rf"\{opening}(?![a-z])", formula)) != len(re.findall(rf"\{closing}(?![a-z])", formula)):
                return f"{opening} without {closing} in ${formula}$"
    return ""


def _balanced(formula: str) -> bool:
    depth = 0
    for character in formula:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0
