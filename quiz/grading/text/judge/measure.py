"""Measuring the judge that is set on the test set: ``python -m quiz evaluate --judge``.

Stopped, it goes on where it was: what the judge said of each answer is kept at once, by model, prompt and test set. An
answer to which it said nothing usable counts as undecided; a judge that can't be reached again and again ends it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from quiz.corpus.corpus import Answer, answers
from quiz.evaluate import HEAD, Figures, figures, line, numbers, verdicts
from quiz.grading.text.grader import TextVerdict
from quiz.grading.text.judge.client import NonsenseError, UnreachableError
from quiz.grading.text.judge.judging import sayings, verdict
from quiz.grading.text.judge.prompt import OTHER, version
from quiz.grading.text.judge.proof import Proof, bounds, keep, objections, read, tested, whole
from quiz.grading.text.judge.settings import MODEL, URL, Judge, JudgeError, configured
from quiz.load import Bank
from quiz.schema import Open
from quiz.store.database import folder

TRIES = 3  # answers in a row without a reply, after which it is given up
Progress = Callable[[int, int], object]  # answers done, answers in all


def report(bank: Bank, limit: int | None, told: TextIO) -> Iterator[str]:
    """Measure the judge that is set, keep its figures, and say line by line what they allow.

    Args:
        bank: The questions.
        limit: How many answers to ask about; all by default. Fewer are figures without leave to speak.
        told: Where progress goes.

    Raises:
        JudgeError: No judge is set, or what is set or kept can't be used.
        UnreachableError: The judge doesn't answer; what it said before is kept.
    """
    judge = configured()
    if judge is None:
        raise JudgeError(f"No judge is set. Set {URL} and {MODEL}, and start again.")
    before = read().get(judge.model)  # a damaged file is told before hours of asking
    proof, row = measure(judge, bank, sample(limit), lambda done, of: told.write(_told(done, of, told)))
    if (
        before is None
        or before.count <= proof.count
        or before.prompt != proof.prompt
        or before.answers != proof.answers
    ):
        keep(judge.model, proof)  # figures on more answers are not given up for those on fewer
    yield f"{judge.model} at {judge.host}: {proof.count} of {whole()} test answers; intervals are 95 %."
    yield ""
    yield HEAD
    yield line(row)
    yield f"statements: {proof.found} found, {proof.found_rightly} of them rightly"
    yield ""
    for bound in bounds(proof):
        yield str(bound)
    yield ""
    against = objections(proof)
    yield f"It stays silent: {'; '.join(against)}." if against else "It may speak."


def _told(done: int, of: int, told: TextIO) -> str:
    """How far it is: one line written over and over on a terminal, and a line now and then in a file."""
    if told.isatty():
        return f"\r{done} of {of}" + "\n" * (done == of)
    return f"{done} of {of}\n" if done == of or done % 25 == 0 else ""


class Row(BaseModel):
    """What the judge said of one answer.

    Attributes:
        answer: A hash of the question's id and the text.
        verdict: What follows.
        found: Statements that it found.
        found_rightly: Of these, those that are labelled.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    answer: str
    verdict: TextVerdict
    found: int = 0
    found_rightly: int = 0


def sample(limit: int | None) -> tuple[Answer, ...]:
    """Test answers in an order drawn once, so that the first of them are of all questions; all without a limit."""
    rows = answers("test")
    return tuple(rows[place] for place in np.random.default_rng(0).permutation(len(rows))[:limit])


def measure(judge: Judge, bank: Bank, asked: Sequence[Answer], progress: Progress) -> tuple[Proof, Figures]:
    """Ask a judge about answers, those already known left out, and work out its figures.

    Raises:
        UnreachableError: It gave no reply to `TRIES` answers in a row; what it said before is kept.
        JudgeError: What it says can't be kept.
    """
    path = kept_at(judge)
    known = {row.answer: row for row in kept(path)}
    silent: list[Row] = []
    for number, answer in enumerate(asked, 1):
        if name(answer) not in known:
            try:
                row = judged(judge, bank, answer)
            except NonsenseError:
                row = Row(answer=name(answer), verdict="undecided")
            except UnreachableError:
                silent.append(Row(answer=name(answer), verdict="undecided"))
                if len(silent) == TRIES:
                    raise
                continue
            _keep(path, [*silent, row])
            known |= {each.answer: each for each in (*silent, row)}
            silent = []
        progress(number, len(asked))
    _keep(path, silent)
    known |= {each.answer: each for each in silent}
    return _proof(judge, asked, [known[name(answer)] for answer in asked])


def judged(judge: Judge, bank: Bank, answer: Answer) -> Row:
    """Ask a judge about one answer.

    Raises:
        FaultError: It said nothing usable.
    """
    question = bank[answer.question]
    assert isinstance(question, Open)
    said = sayings(judge, question, answer.text)
    listed = {wrong.id for wrong in question.misconceptions}
    labelled = {*answer.points, *(each if each in listed else OTHER for each in answer.errors)}
    found = {each for each, about in said.items() if about.states == "yes"}
    return Row(
        answer=name(answer),
        verdict=verdict(question, said),
        found=len(found),
        found_rightly=len(found & labelled),
    )


def name(answer: Answer) -> str:
    """A hash of an answer, by which it is known again."""
    return hashlib.sha256(f"{answer.question}\n{answer.text}".encode()).hexdigest()[:24]


def kept_at(judge: Judge) -> Path:
    """The file of what a judge said; another for another model, prompt or test set."""
    told = json.dumps([judge.model, version(), tested()])
    return folder() / f"judge-{hashlib.sha256(told.encode()).hexdigest()[:16]}.jsonl"


def kept(path: Path) -> list[Row]:
    """What a judge said before; a line that was cut off is left out."""
    if not path.exists():
        return []
    rows = []
    for text in path.read_bytes().splitlines():
        try:
            rows.append(Row.model_validate_json(text))
        except ValidationError:
            continue
    return rows


def _keep(path: Path, rows: Sequence[Row]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.writelines(f"\n{row.model_dump_json()}" for row in rows)  # begins a line, as the last may be cut off
    except OSError as error:
        raise JudgeError(f"{path} can't be written: {error.strerror}. Mend that, and start again.") from None


def _proof(judge: Judge, asked: Sequence[Answer], rows: Sequence[Row]) -> tuple[Proof, Figures]:
    right, given = numbers([row.label for row in asked]), verdicts(row.verdict for row in rows)
    found = figures(judge.model, right, given)
    proof = Proof(
        measured_at=datetime.now(UTC),
        prompt=version(),
        answers=tested(),
        found=sum(row.found for row in rows),
        found_rightly=sum(row.found_rightly for row in rows),
        **{key: getattr(found, key) for key in Proof.model_fields if hasattr(found, key)},
    )
    return proof, found
