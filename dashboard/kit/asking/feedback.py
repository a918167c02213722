"""What a learner is told after an answer: the verdict in words, each point beside its reason, the slip by its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard.kit.asking import elements
from dashboard.kit.words import say
from quiz.grading.grade import Grade, answer_text, grade, read, shuffled
from quiz.grading.slips import told
from quiz.schema import Choice, Claims, Cloze, Exact, Formula, Multi, Order

VERDICTS = {
    "correct": ("✓ Right", "right"),
    "partial": ("◐ Partly right", ""),
    "wrong": ("✕ Not right", "wrong"),
    "undecided": ("– Not judged", ""),
}
TYPED = ("numeric", "count", "shape", "formula", "predict")
RIGHT, WRONG = ":green[✓ {}]", ":red[✕ {}]"
Row = tuple[str, ...]


def verdict(found: Grade, *, key: str, focus: bool, shown: bool = False, more: str = "") -> None:
    """Draw the verdict of one question, spoken by screen readers.

    Args:
        found: What came of it.
        key: Identity.
        focus: Whether it takes the focus.
        shown: Whether the answer was asked for.
        more: What follows.
    """
    words, tone = ("– Answer shown", "") if shown else VERDICTS[found.verdict]
    met = sum(point.met for point in found.points)
    parts = [f"{met} of {len(found.points)}"] if len(found.points) > 1 else []
    parts += ["counts as a miss"] if shown and not found.score else []
    parts += [more] if more else []
    elements.verdict(words, "".join(f" · {part}" for part in parts), tone, key=f"{key}.verdict", focus=focus)


def details(question: Exact, response: Any, key: str, *, second: Any = None) -> None:
    """Draw what was answered, what is right and why.

    Args:
        question: What was asked.
        response: The answer; None when the right one was asked for instead.
        key: The attempt's key, for the order of options.
        second: A second try.
    """
    if question.kind in TYPED:
        tries = [given for given in (response, second) if given is not None]
        if tries:
            _tries(question, tries, key)
        if not any(grade(question, given).verdict == "correct" for given in tries):
            st.markdown(f"{say('asking', 'answer')} {right_answer(question)}")
    elif isinstance(question, Cloze):
        _filled(question, [given for given in (response, second) if given is not None])
    else:
        last = response if second is None else second
        _table(*_rows(question, last, shuffled(question, key), response), key=f"{key}.{question.id}.table")
        if isinstance(question, Order) and response is not None:
            for reply in grade(question, last).mistakes:
                st.markdown(reply)
    st.markdown(question.explanation)


def slip(question: Exact, response: Any, *, key: str, focus: bool = False) -> None:
    """Draw a wrong first try with its slip, without the answer: a second one may follow.

    Args:
        question: What was asked.
        response: The first try.
        key: Identity.
        focus: Whether it takes the focus.
    """
    verdict(grade(question, response), key=f"{key}.first", focus=focus, more=say("asking", "try-again"))
    for said in told(question, response):
        given = "" if not said.given else said.given if isinstance(question, Choice) else literal(said.given)
        name = f"**{said.name[:1].upper()}{said.name[1:].rstrip('.')}.**" if said.name else ""
        words = " ".join(part for part in (name, said.reply) if part) or say("asking", "not-this")
        st.markdown(f"{given}: {words}" if given else words)


def _filled(question: Cloze, tries: Sequence[Any]) -> None:
    """Draw a text with its blanks filled: what was wrong struck through, what is right beside it, and why."""
    text, why = question.text, []
    grades = [grade(question, given) for given in tries]
    for number, blank in enumerate(question.blanks, 1):
        struck, met = [], False
        for found in grades:
            point = found.points[number - 1]
            met = point.met
            if met:
                break
            if (line := f"~~{literal(point.text)}~~") not in struck:
                struck.append(line)
                why += [f"- {literal(point.text)}: {point.reply}"] if point.reply else []
        right = f":green[✓] **{blank.accept[0]}**" if met else f"**{blank.accept[0]}**"
        text = text.replace(f"{{{number}}}", " ".join([f":red[✕] {line}" for line in struck] + [right]))
    with st.container(key=f"filled-{question.id}"):
        st.markdown(text)
        if why:
            st.markdown("\n".join(why))


def right_answer(question: Exact) -> str:
    """The right answer, as Markdown of ours."""
    if isinstance(question, Formula):
        return f"${read(question, question.answer).tex}$"
    return literal(answer_text(question)) if question.kind == "shape" else answer_text(question)


def literal(text: str) -> str:
    """Typed text as code: in it nothing is markup, whatever it holds."""
    line = " ".join(text.split())
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    return f"{fence} {line} {fence}" if line else ""


def _tries(question: Exact, tries: Sequence[Any], key: str) -> None:
    rows = []
    for name, given in zip(("first try", "second try"), tries, strict=False):
        reading, found = read(question, given), grade(question, given)
        read_as = f"${reading.tex}$" if reading.tex else literal(reading.read_as)
        mark = RIGHT if found.verdict == "correct" else WRONG
        why = mark.format("").replace(" ]", "]") + f" {found.points[0].reply}"
        rows.append((name, literal(str(given)), read_as, why))
    _table(("try", "you", "read as", "why"), rows, key=f"{key}.{question.id}.tries")


def _rows(question: Exact, given: Any, order: tuple[str, ...], first: Any) -> tuple[Row, list[Row]]:
    """Header and rows of a question with several parts: part, the learner's, the right one, why."""
    rows: list[Row] = []
    match question:
        case Choice(options=options):
            by_id = {option.id: option for option in options}
            for name in order:
                option = by_id[name]
                mark = RIGHT.format("right") if option.right else WRONG.format("not") if given == name else ""
                tries = "chosen" if given == name else "first try" if first == name else ""
                if tries == "first try":
                    mark = WRONG.format("not")
                rows.append((option.text, tries, mark, option.reply))
            return ("option", "you", "answer", "why"), rows
        case Multi(options=options):
            by_id = {option.id: option for option in options}
            for name in order:
                option = by_id[name]
                mine = None if given is None else name in given
                rows.append((option.text, _said(mine, "yes", "no"), _marked(mine, option.right), option.reply))
            return ("option", "you", "answer", "why"), rows
        case Claims(claims=claims):
            called = {claim.id: claim for claim in claims}
            for name in order:
                claim = called[name]
                mine = None if given is None else given[name]
                answer = _marked(mine, claim.true, "true", "false")
                rows.append((claim.text, _said(mine, "true", "false"), answer, claim.reply))
            return ("claim", "you", "answer", "why"), rows
        case Order(steps=steps):
            picked = [steps[int(name) - 1] for name in given] if given is not None else [""] * len(steps)
            rows = [
                (str(number), own, (RIGHT if own == step else WRONG).format(step) if own else step)
                for number, (own, step) in enumerate(zip(picked, steps, strict=True), 1)
            ]
            return ("step", "you", "answer"), rows
    raise AssertionError(question.kind)


def _said(mine: bool | None, yes: str, no: str) -> str:
    return "" if mine is None else yes if mine else no


def _marked(mine: bool | None, right: bool, yes: str = "yes", no: str = "no") -> str:
    words = yes if right else no
    return words if mine is None else (RIGHT if mine is right else WRONG).format(words)


def _table(header: Row, rows: Sequence[Row], *, key: str) -> None:
    """A table; on a phone the styles make it a list. Every cell is ours or `literal`."""
    lines = [header, tuple("---" for _ in header), *rows]
    with st.container(key=f"answers-{key}"):
        st.markdown("\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
