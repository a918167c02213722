"""All that can be asked, bank and generators alike, as far as choosing needs to know it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quiz.computed.generator import Generator
from quiz.computed.generators import GENERATORS
from quiz.load import GENERATED, Bank
from quiz.practice.schedule import Card
from quiz.schema import Lesson, Level


@dataclass(frozen=True)
class Entry:
    """One question of the bank, or one generator with all its variants.

    Attributes:
        id: The question's id.
        concepts: What it asks about, the main one first.
        level: How hard it is.
        lessons: Where it is taught.
        generated: Whether every variant is another question.
    """

    id: str
    concepts: tuple[str, ...]
    level: Level
    lessons: tuple[Lesson, ...]
    generated: bool


def catalogue(bank: Bank, generators: Mapping[str, Generator] = GENERATORS) -> dict[str, Entry]:
    """Question id to entry: the bank in its order, then the generators."""
    entries = [
        Entry(question.id, question.concepts, question.level, bank.lessons(question), generated=False)
        for question in bank.questions
    ]
    entries += [
        Entry(f"{GENERATED}{name}", generator.concepts, generator.level, generator.lessons, generated=True)
        for name, generator in generators.items()
    ]
    return {entry.id: entry for entry in entries}


def present(cards: Mapping[str, Card], entries: Mapping[str, Entry]) -> dict[str, Card]:
    """The cards whose questions can still be asked; what is due or missed is counted over these."""
    return {name: card for name, card in cards.items() if name in entries}
