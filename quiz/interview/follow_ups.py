"""What an interviewer asks back: a graph of follow-ups to each interview question, and which one comes next.

``follow_ups.toml`` holds a list ``[[follow_up]]``, each with its question in ``ask``, and a list ``[[subject]]`` that
says what each interview question is about, as one would say "you can explain …".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, TypeAdapter, model_validator

from quiz.computed.generators import GENERATORS
from quiz.grading.grade import judge_text
from quiz.grading.proof import formula_fault, problems
from quiz.interview.drawing import Numbers, fresh, numbers
from quiz.load import GENERATED, Bank, BankError, parsed, tables
from quiz.schema import Choice, Exact, Id, KeyPoint, Multi, Strict, Words
from quiz.slips import NAMES

FILE = Path(__file__).with_name("follow_ups.toml")
FEWEST = 3  # follow-ups to a question
CHAIN = 2  # asked after one question at most
MISSED, SAID = 2, 1  # how much a reason weighs: a check is proof, words are a hint


class Talk(Strict):
    """A follow-up answered in one's own words; never scored, shown beside a model answer."""

    kind: Literal["talk"]
    prompt: Words
    model_answer: Words
    points: Annotated[tuple[KeyPoint, ...], Field(min_length=1, max_length=4)]


class Numbered(Strict):
    """A follow-up with fresh numbers, drawn when it is asked.

    Attributes:
        generator: Which one.
        lead: What the interviewer says before it.
    """

    kind: Literal["numbers"]
    generator: Id
    lead: Words


class FollowUp(Strict):
    """One thing an interviewer asks back.

    Attributes:
        id: Unique, stable.
        to: The interview question it belongs to.
        after: What leads to it: a key point left out (``p1``), a misconception said (``m1``), a check missed by its
            id, or any check missed on a concept. Empty: it may always be asked.
        next: Which of the same question's follow-ups may come after it.
        ask: The question.
    """

    id: Id
    to: Id
    after: tuple[Id, ...] = ()
    next: tuple[Id, ...] = ()
    ask: Annotated[Exact | Talk | Numbered, Field(discriminator="kind")]

    @model_validator(mode="after")
    def _no_circle_of_one(self) -> FollowUp:
        if self.id in self.next:
            raise ValueError("next: a follow-up can't follow itself")
        return self


class Subject(Strict):
    """What an interview question is about: "you can explain …", and "… next"."""

    question: Id
    words: Words


@dataclass(frozen=True)
class Graph:
    """All follow-ups by id, and the subjects by question."""

    follow_ups: Mapping[str, FollowUp]
    subjects: Mapping[str, str]

    def to(self, question: str) -> tuple[FollowUp, ...]:
        """The follow-ups to a question, in the order of the file."""
        return tuple(each for each in self.follow_ups.values() if each.to == question)


@dataclass(frozen=True)
class Outcome:
    """What is known of an answer when a follow-up is chosen.

    Attributes:
        missed: Ids of the checks that were missed or left out, and their main concepts.
        silent: Key points that the text does not seem to state.
        said: Misconceptions that it seems to state.
    """

    missed: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()

    def weight(self, after: Iterable[str]) -> int:
        """How strong a reason is: a missed check before what the words seem to say; 0 for none."""
        named = set(after)
        return MISSED if named & self.missed else SAID if named & (self.silent | self.said) else 0


@lru_cache(maxsize=1)
def load_follow_ups() -> Graph:
    """The follow-ups that come with the package, read once.

    Raises:
        BankError: With every problem found.
    """
    return read_follow_ups(FILE)


def read_follow_ups(path: Path) -> Graph:
    """Read a file of follow-ups.

    Raises:
        BankError: With every problem found.
    """
    errors: list[str] = []
    held = tables(path, ("follow_up", "subject"), errors)
    found: dict[str, FollowUp] = {}
    for number, entry in enumerate(held["follow_up"], 1):
        name = entry.get("id") if isinstance(entry, dict) else None
        made = parsed(_FOLLOW_UP, _whole(entry), f"{path.name}: {name or f'follow_up {number}'}", errors)
        if made is not None and made.id in found:
            errors.append(f"{path.name}: {made.id}: id: stands twice")
        elif made is not None:
            found[made.id] = made
    subjects: dict[str, str] = {}
    for number, entry in enumerate(held["subject"], 1):
        if made := parsed(_SUBJECT, entry, f"{path.name}: subject {number}", errors):
            subjects[made.question] = made.words
    if errors:
        raise BankError(errors)
    return Graph(MappingProxyType(found), MappingProxyType(subjects))


def _whole(entry: object) -> object:
    """An entry whose question has the id of its follow-up, and no explanation where it needs none."""
    if not isinstance(entry, dict) or not isinstance(entry.get("ask"), dict):
        return entry
    ask = dict(entry["ask"])
    if ask.get("kind") not in ("talk", "numbers"):
        ask = {"id": entry.get("id")} | ask
    return entry | {"ask": ask}


def faults(graph: Graph, bank: Bank) -> tuple[str, ...]:
    """What is wrong with the follow-ups: too few, unknown ids, keys and slips, numbers that would come again."""
    return tuple(f"{FILE.name}: {problem}" for problem in _faults(graph, bank))


def _faults(graph: Graph, bank: Bank) -> Iterator[str]:
    for name in bank.interview:
        if (count := len(graph.to(name))) < FEWEST:
            yield f"{name}: {count} follow-ups, expected {FEWEST} or more"
        if not any(not each.after for each in graph.to(name)):
            yield f"{name}: none of its follow-ups may always be asked; leave `after` out of one"
        if name not in graph.subjects:
            yield f"{name}: no [[subject]] says what it is about"
    for each in graph.follow_ups.values():
        if each.to not in bank.interview:
            yield f"{each.id}: to: {each.to!r} is no interview question"
            continue
        known = _names(bank, each.to)
        yield from (f"{each.id}: after: {name!r} is nothing of {each.to}" for name in each.after if name not in known)
        mine = {one.id for one in graph.to(each.to)}
        yield from (f"{each.id}: next: {name!r} is no follow-up to {each.to}" for name in each.next if name not in mine)
        yield from (f"{each.id}: ask: {problem}" for problem in _wrong(each.ask, bank))


def _names(bank: Bank, question: str) -> set[str]:
    """All that may lead to a follow-up: points, misconceptions, probes, and concepts that are asked about."""
    about = bank[question]
    assert about.kind == "open", "an interview asks open questions only"
    points = {point.id for point in about.points} | {wrong.id for wrong in about.misconceptions}
    return points | {probe.id for probe in about.probes} | set(bank.concepts)


def _wrong(ask: Exact | Talk | Numbered, bank: Bank) -> Iterator[str]:
    if isinstance(ask, Numbered):
        if ask.generator not in GENERATORS:
            yield f"generator: {ask.generator!r} is none"
        return
    if isinstance(ask, Talk):
        for text in (ask.prompt, ask.model_answer, *(point.text for point in ask.points)):
            if fault := formula_fault(text):
                yield fault
        return
    yield from problems(ask)
    wrong = ask.options if isinstance(ask, Choice | Multi) else getattr(ask, "slips", ())
    names = [one.name for one in wrong if one.name]
    yield from (f"name: {name!r} stands in no list of `quiz.slips`" for name in names if name not in NAMES)
    yield from (f"concepts: {name!r} is none" for name in ask.concepts if name not in bank.concepts)
    if asked := numbers(ask):
        yield f"holds the numbers {asked}, which would come again; let a generator draw them"


def outcome(bank: Bank, question: str, missed: Iterable[Exact], text: str) -> Outcome:
    """What an answer lacks: the checks missed, and what its words leave out or seem to state wrongly."""
    about = bank[question]
    assert about.kind == "open", "an interview asks open questions only"
    checks = tuple(missed)
    said = judge_text(about, text)
    silent = {point.id for point in about.points} - {point.id for point in said.points} if text.strip() else set()
    names = {check.id for check in checks} | {check.concepts[0] for check in checks}
    return Outcome(frozenset(names), frozenset(silent), frozenset(wrong.id for wrong in said.misconceptions))


def choose(
    graph: Graph,
    question: str,
    found: Outcome,
    rng: np.random.Generator,
    *,
    after: Sequence[str] = (),
    lately: Collection[str] = (),
) -> FollowUp | None:
    """The follow-up to ask, or None when enough was asked.

    Args:
        graph: All of them.
        question: The interview question that was answered.
        found: What its answer lacks.
        rng: Decides among equals.
        after: Follow-ups to it that were asked already; the next is one that the last of them names.
        lately: Follow-ups of earlier interviews, once for each time; those asked least often go first.
    """
    if len(after) >= CHAIN:
        return None
    allowed = graph.to(question)
    if after:
        last = graph.follow_ups.get(after[-1])
        names = last.next if last else ()
        allowed = tuple(each for each in allowed if each.id in names and each.id not in after)
    fitting = [each for each in allowed if not each.after or found.weight(each.after) or after]
    if not fitting:
        return None
    times = Counter(lately)
    lots = rng.permutation(len(fitting))
    order = sorted(
        range(len(fitting)),
        key=lambda place: (-found.weight(fitting[place].after), times[fitting[place].id], lots[place]),
    )
    return fitting[order[0]]


def drawn(follow_up: FollowUp, rng: np.random.Generator, taken: set[Numbers]) -> int:
    """The variant under which a follow-up is asked: fresh where it has numbers, otherwise 0."""
    return fresh(follow_up.ask.generator, rng, taken).variant if isinstance(follow_up.ask, Numbered) else 0


def asked(graph: Graph, bank: Bank, name: str, variant: int) -> Exact | Talk | None:
    """What a follow-up asks, with the interviewer's lead; None if it is no longer in the graph."""
    follow_up = graph.follow_ups.get(name)
    if follow_up is None:
        return None
    if not isinstance(follow_up.ask, Numbered):
        return follow_up.ask
    question = bank.question(f"{GENERATED}{follow_up.ask.generator}", variant)
    assert question.kind != "open", "a generator makes questions that are checked"
    return question.model_copy(update={"id": name, "prompt": f"{follow_up.ask.lead}\n\n{question.prompt}"})


_FOLLOW_UP = TypeAdapter(FollowUp)
_SUBJECT = TypeAdapter(Subject)
