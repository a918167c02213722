"""A small sitting: what is due, then the weakest, then something new, as much as fits into some minutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

import numpy as np

from quiz.load import Bank
from quiz.practice.catalogue import Entry, catalogue, present
from quiz.practice.choosing import LEVELS, Pick, Reason, pick, ready
from quiz.practice.progress import KNOWN, Mastery, mastery
from quiz.practice.schedule import Card, due

MINUTES = 10
SECONDS: Mapping[str, int] = MappingProxyType(
    {
        "choice": 40, "multi": 50, "claims": 60, "numeric": 75, "count": 60, "shape": 45, "formula": 75, "order": 60,
        "cloze": 50, "predict": 75, "open": 240,
    }
)  # fmt: skip
"""About how long a question of each kind takes, its feedback read."""
GENERATED_SECONDS = 75  # generators ask for a number, mostly
SHARE_DUE = 0.6  # of the minutes at most for what is due, so that something else fits in
SHARE_WEAK = 0.7  # of what is left then for what was answered and is not known


def sitting(
    bank: Bank, cards: Mapping[str, Card], *, rng: np.random.Generator, now: datetime, minutes: float = MINUTES
) -> tuple[Pick, ...]:
    """The questions of a small sitting, in the order in which they are asked.

    What is due comes first, most overdue first; then what was answered and whose concept is not known, weakest first;
    then what was never answered, of concepts that the learner is ready for as far as they go. Where one kind has too
    little, the others get its time; no question comes twice.

    Args:
        bank: The bank.
        cards: The learner's cards, `Store.cards`.
        rng: Draws variants and the order among equals.
        now: Aware; its time zone says when the day ends.
        minutes: How long it should take; the last question may end up to half its own time later.
    """
    entries = catalogue(bank)
    held = present(cards, entries)
    known = mastery({entry.id: entry.concepts for entry in entries.values()}, held, now)
    waiting = [entries[card.question] for card in due(held, now)]
    weak, new = _weak(entries, held, known, rng), _new(bank, entries, held, known, rng)
    room = 60.0 * minutes
    taken: dict[str, Pick] = {}
    for pool, share in ((waiting, SHARE_DUE), (weak, SHARE_WEAK), (new, 1.0), (waiting, 1.0), (weak, 1.0)):
        left = share * room
        for entry in pool:
            cost = seconds(bank, entry.id)
            if entry.id in taken or cost / 2 > left:
                continue
            taken[entry.id] = pick(entry, "due" if entry in waiting else "weakest", held, rng)
            left -= cost
            room -= cost
    order: Mapping[Reason, int] = {"due": 0, "weakest": 1}
    return tuple(sorted(taken.values(), key=lambda one: (order[one.reason], one.question not in held)))


def seconds(bank: Bank, question: str) -> int:
    """About how long a question takes."""
    return SECONDS[bank[question].kind] if question in bank else GENERATED_SECONDS


def _weak(
    entries: Mapping[str, Entry], cards: Mapping[str, Card], known: Mapping[str, Mastery], rng: np.random.Generator
) -> list[Entry]:
    """What was answered, its concept not known: the weakest concept first, in it the question with least credit."""
    answered = [entries[name] for name in cards if known[entries[name].concepts[0]].value < KNOWN]
    mixed = [answered[int(k)] for k in rng.permutation(len(answered))]
    return sorted(mixed, key=lambda entry: (known[entry.concepts[0]].value, cards[entry.id].credit))


def _new(
    bank: Bank, entries: Mapping[str, Entry], cards: Mapping[str, Card], known: Mapping[str, Mastery],
    rng: np.random.Generator,
) -> list[Entry]:  # fmt: skip
    """What was never answered, of concepts that are ready and not known first: one of each in turn, easy ones first."""
    open_now = [name for name in ready(bank, known) if name in known and known[name].value < KNOWN]
    fresh = [entry for entry in entries.values() if entry.id not in cards]
    mixed = [fresh[int(k)] for k in rng.permutation(len(fresh))]
    turns: list[tuple[bool, int, int, Entry]] = []
    for place, name in enumerate(bank.concepts):
        about = sorted((e for e in mixed if e.concepts[0] == name), key=lambda entry: LEVELS[entry.level])
        turns += [(name not in open_now, turn, place, entry) for turn, entry in enumerate(about)]
    return [entry for *_, entry in sorted(turns, key=lambda item: item[:3])]
