"""Which checks an interview asks: other ones each time, and numbers that no interview before has asked.

The checks of a question are its own probes, the bank's questions on its concepts, and generated ones. Numbers come
from the generators alone: probes and bank questions are taken where nothing in them is a number to learn by heart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np

from quiz.attempt import MAX_INTEGER
from quiz.computed.generator import Generator
from quiz.computed.generators import GENERATORS, generate
from quiz.load import GENERATED, Bank
from quiz.schema import Choice, Claims, Cloze, Count, Exact, Multi, Numeric, Open, Order, Predict

TRIES = 100
COMMON = frozenset({0.0, 1.0, 2.0})  # bounds and small steps: "between 0 and 1" asks no number
LATELY = (3.0, 1.5, 0.75)  # what it counts against a check that the last interview asked, the one before, …
AGAIN = 6.0  # that this interview asks it of another question
ALIKE = 0.75  # that a check of its kind is there already
OWN = 0.5  # for a question's own probe
SPREAD = 1.5  # of the lot that is cast

_SUBSCRIPT = re.compile(r"_(?:\{[^}]*\}|\w)")
_NUMBER = re.compile(r"(?<![A-Za-z\d.])\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Check:
    """A check as it is kept.

    Attributes:
        id: Of a probe, a question or a generator.
        variant: Seed of a generated one, otherwise 0.
        mark: Of its content, so that a later edition notices that it has become another question.
    """

    id: str
    variant: int = 0
    mark: str = ""


Numbers = tuple[float, ...]


def resolved(bank: Bank, check: Check) -> Exact | None:
    """The question a check stands for; None if it is no longer asked."""
    if check.id in bank.probes:
        return bank.probes[check.id]
    try:
        found = bank.question(check.id, check.variant)
    except KeyError:
        return None
    return None if isinstance(found, Open) else found


def marked(question: Exact) -> str:
    """A few characters that tell a question's content from another's."""
    return sha256(question.model_dump_json().encode()).hexdigest()[:10]


def asked(bank: Bank, name: str, checks: Iterable[Check]) -> Open:
    """An interview question with the checks that were drawn for it; with its own probes where none is left."""
    question = bank[name]
    assert isinstance(question, Open), "an interview asks open questions only"
    found = tuple(exact for check in checks if (exact := resolved(bank, check)))
    return question.model_copy(update={"probes": found}) if found else question


def numbers(question: Exact) -> Numbers:
    """The numbers that stand in a question, sorted; without 0, 1 and 2, subscripts and what only the reply says."""
    text = _SUBSCRIPT.sub("", "\n".join(_shown(question)))
    return tuple(sorted({float(found) for found in _NUMBER.findall(text)} - COMMON))


def wordy(question: Exact) -> bool:
    """Whether a question asks for no number and holds none."""
    return not isinstance(question, Numeric | Count | Predict) and not numbers(question)


def draw(
    bank: Bank, names: Sequence[str], rng: np.random.Generator, before: Sequence[Iterable[Check]] = ()
) -> tuple[tuple[Check, ...], ...]:
    """The checks of each question: as many as it has probes, half of them or more with fresh numbers.

    Args:
        bank: The bank.
        names: The questions, in their order.
        rng: Source of randomness.
        before: The checks of earlier interviews, the last one first; their numbers are not asked again.
    """
    lately: dict[str, float] = {}
    for checks, cost in reversed([*zip(before, LATELY, strict=False)]):
        lately |= {check.id: cost for check in checks}
    taken = {signs for checks in before for signs in _signs(bank, checks)}
    found: list[tuple[Check, ...]] = []
    for name in names:
        question = bank[name]
        assert isinstance(question, Open), "an interview asks open questions only"
        checks = _of(bank, question, rng, lately, taken)
        lately |= {check.id: AGAIN for check in checks}
        found.append(checks)
    return tuple(found)


def fresh(name: str, rng: np.random.Generator, taken: set[Numbers]) -> Check:
    """A variant of a generator whose numbers were not asked before; they are added to those that were."""
    for _ in range(TRIES):
        variant = int(rng.integers(1, MAX_INTEGER))
        question = generate(name, variant)
        assert not isinstance(question, Open), "a generator makes questions that are checked"
        check, signs = Check(question.id, variant, marked(question)), numbers(question)
        if signs not in taken:
            break
    if signs:
        taken.add(signs)
    return check


def taken(bank: Bank, checks: Iterable[Check]) -> set[Numbers]:
    """The numbers that some checks asked."""
    return set(_signs(bank, checks))


def _of(
    bank: Bank, question: Open, rng: np.random.Generator, lately: Mapping[str, float], taken: set[Numbers]
) -> tuple[Check, ...]:
    """The checks of one question: words first, then numbers."""
    size = len(question.probes)
    words = {
        exact.id: (exact, _near(question, exact.concepts) - OWN * (exact in question.probes))
        for exact in (*question.probes, *(one for one in bank.questions if not isinstance(one, Open)))
        if wordy(exact) and (exact in question.probes or _fits(bank, question, exact.concepts))
    }
    chosen: list[Check] = []
    kinds: list[str] = []
    for _ in range(size // 2):
        costs = {
            name: near + lately.get(name, 0.0) + ALIKE * kinds.count(exact.kind) + SPREAD * rng.random()
            for name, (exact, near) in words.items()
        }
        if costs:
            exact = words.pop(min(costs, key=costs.__getitem__))[0]
            kinds.append(exact.kind)
            chosen.append(Check(exact.id, 0, marked(exact)))
    made: dict[str, Generator] = {name: one for name, one in GENERATORS.items() if _fits(bank, question, one.concepts)}
    while made and len(chosen) < size:
        costs = {
            name: _near(question, one.concepts) + lately.get(f"{GENERATED}{name}", 0.0) + SPREAD * rng.random()
            for name, one in made.items()
        }
        name = min(costs, key=costs.__getitem__)
        del made[name]
        chosen.append(fresh(name, rng, taken))
    return tuple(chosen)


FAR = 3.0


def _fits(bank: Bank, question: Open, concepts: Sequence[str]) -> bool:
    """Whether a check is on a question's matter, and within the chapter."""
    known = concepts[0] in bank.concepts
    return known and _near(question, concepts) < FAR and not bank.beyond(concepts[0])


def _near(question: Open, concepts: Sequence[str]) -> float:
    """How far a check lies from a question's matter: 0 on its main concept, `FAR` on none of them."""
    if concepts[0] == question.concepts[0]:
        return 0.0
    if concepts[0] in question.concepts:
        return 1.0
    return 2.0 if question.concepts[0] in concepts else FAR


def _signs(bank: Bank, checks: Iterable[Check]) -> Iterator[Numbers]:
    for check in checks:
        exact = resolved(bank, check)
        if exact is not None and (signs := numbers(exact)):
            yield signs


def _shown(question: Exact) -> Iterator[str]:
    """The texts of a question that are read before it is answered."""
    yield question.prompt
    match question:
        case Choice(options=options) | Multi(options=options):
            yield from (option.text for option in options)
        case Claims(claims=claims):
            yield from (claim.text for claim in claims)
        case Order(steps=steps):
            yield from steps
        case Cloze(text=text, blanks=blanks):
            yield re.sub(r"\{\d\}", "", text)
            yield from (filling for blank in blanks for filling in blank.options)
