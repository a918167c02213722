"""What to ask next: a variant after a miss, what is due, or the weakest concept the learner is ready for.

A concept is ready when all it needs is known (`KNOWN`), and one beyond the chapter when all of the chapter is, too;
picking a topic overrides that. The same question never comes
twice in a row; a generator may, with another variant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import numpy as np

from quiz.attempt import MAX_INTEGER, Attempt
from quiz.load import Bank
from quiz.practice.catalogue import Entry, catalogue
from quiz.practice.progress import KNOWN, Mastery, mastery
from quiz.practice.schedule import Card, due

INTERVIEW = "interview"  # the topic of the twelve
LEVELS = {"easy": 0, "medium": 1, "hard": 2}
FROM_MEDIUM, FROM_HARD = 0.4, 0.75  # mastery from which harder questions are preferred
FOLLOW_UPS = 2  # variants in a row after misses on one concept; then something else
SOON = timedelta(hours=1)  # after which a miss is no longer followed up; before it too, if the clock was set back
UNTIRED = 6  # a question among so many last ones is asked again only if there is no other

Reason = Literal["after a miss", "due", "weakest", "topic"]


@dataclass(frozen=True)
class Pick:
    """A question to ask: `question` and `variant` as `Bank.question` takes them, with the reason and the concept."""

    question: str
    variant: int
    reason: Reason
    concept: str


def next_question(
    bank: Bank,
    cards: Mapping[str, Card],
    recent: Sequence[Attempt],
    *,
    mode: Literal["practice", "review"],
    topic: str | None = None,
    short: bool = False,
    rng: np.random.Generator,
    now: datetime,
) -> Pick | None:
    """The question to ask next.

    Args:
        bank: The bank.
        cards: The learner's cards, `Store.cards`.
        recent: The learner's last attempts, newest first, `Store.attempts(learner, newest=10)`.
        mode: "practice", or "review" for what is due today, most overdue first.
        topic: A concept, a lesson, or "interview" for the twelve in turn, missed or not; None for all.
        short: None of the twelve, which take minutes.
        rng: Source of randomness.
        now: Aware; its time zone says when the day ends.

    Returns:
        None when nothing is due, or the topic has no other question than the last one.

    Raises:
        ValueError: The topic is unknown.
    """
    entries = catalogue(bank)
    askable = {name: entry for name, entry in entries.items() if not (short and name in bank.interview)}
    chosen = _about(bank, askable, topic)
    last = recent[0].question if recent else ""
    entry = _follow_up(askable, chosen, cards, recent, rng, now) if topic != INTERVIEW else None
    if entry:
        return pick(entry, "after a miss", cards, rng)
    if mode == "review":
        waiting = [chosen[card.question] for card in due(cards, now) if card.question in chosen]
        # What was asked last goes behind the others; if it alone is due, it has been long enough.
        entry = next((entry for entry in waiting if entry.id != last), waiting[0] if waiting else None)
        return pick(entry, "due", cards, rng) if entry else None
    if topic == INTERVIEW:
        twelve = [entry for entry in chosen.values() if entry.id != last]
        entry = min(twelve, key=lambda entry: _attempts(cards, entry), default=None)
        return pick(entry, "topic", cards, rng) if entry else None
    known = mastery({entry.id: entry.concepts for entry in entries.values()}, cards, now)
    entry = _weakest(bank, chosen, known, cards, recent, rng, ready_only=topic is None)
    return pick(entry, "topic" if topic else "weakest", cards, rng) if entry else None


def ready(bank: Bank, known: Mapping[str, Mastery]) -> tuple[str, ...]:
    """The concepts all of whose needs are known, in the order of the concept graph.

    What the chapter does not teach is ready after all that it teaches. A need that nothing asks about stands in
    nobody's way.
    """
    finished = all(found.value >= KNOWN for name, found in known.items() if not bank.beyond(name))
    return tuple(
        name
        for name, concept in bank.concepts.items()
        if (finished or not bank.beyond(name))
        and all(need not in known or known[need].value >= KNOWN for need in concept.needs)
    )


def _about(bank: Bank, entries: Mapping[str, Entry], topic: str | None) -> dict[str, Entry]:
    """The entries on a topic, by id: those whose main concept or lesson it is, else all that touch it."""
    if topic is None:
        return dict(entries)
    if topic == INTERVIEW:
        return {name: entries[name] for name in bank.interview}
    main = {entry.id: entry for entry in entries.values() if topic in (entry.concepts[0], *entry.lessons)}
    touched = {entry.id: entry for entry in entries.values() if topic in entry.concepts}
    if not main and not touched and topic not in bank.concepts:
        raise ValueError(f"topic: {topic!r}; expected {INTERVIEW!r}, a lesson or one of {', '.join(bank.concepts)}")
    return main or touched


def _follow_up(
    entries: Mapping[str, Entry],
    chosen: Mapping[str, Entry],
    cards: Mapping[str, Card],
    recent: Sequence[Attempt],
    rng: np.random.Generator,
    now: datetime,
) -> Entry | None:
    """After a miss just now: the same generator again, or another question on the concept that is no harder."""
    if not recent or recent[0].question not in chosen or abs(now - recent[0].answered_at) > SOON:
        return None
    missed = chosen[recent[0].question]
    misses = 0
    for attempt in recent:
        entry = entries.get(attempt.question)
        if attempt.verdict != "wrong" or not entry or entry.concepts[0] != missed.concepts[0]:
            break
        misses += 1
    if not 0 < misses <= FOLLOW_UPS:
        return None
    if missed.generated:
        return missed
    siblings = [
        entry
        for entry in entries.values()
        if entry.concepts[0] == missed.concepts[0]
        and entry.id not in {attempt.question for attempt in recent[:UNTIRED]}
        and LEVELS[entry.level] <= LEVELS[missed.level]
    ]
    return _fewest(siblings, cards, rng)


def _weakest(
    bank: Bank,
    chosen: Mapping[str, Entry],
    known: Mapping[str, Mastery],
    cards: Mapping[str, Card],
    recent: Sequence[Attempt],
    rng: np.random.Generator,
    *,
    ready_only: bool,
) -> Entry | None:
    """A question of fitting level on the weakest concept."""
    names = ready(bank, known) if ready_only else tuple(bank.concepts)
    order = sorted(names, key=lambda name: known[name].value if name in known else 0.0)  # stable: ties as in the graph
    last = recent[0].question if recent else ""
    tired = {attempt.question for attempt in recent[:UNTIRED]}
    for name in order:
        pool = [entry for entry in chosen.values() if entry.concepts[0] == name and entry.id != last]
        if not pool:
            continue
        value = known[name].value
        wanted = (value >= FROM_MEDIUM) + (value >= FROM_HARD)
        distance = {entry.id: (entry.id in tired, abs(LEVELS[entry.level] - wanted)) for entry in pool}
        nearest = min(distance.values())
        return _fewest((entry for entry in pool if distance[entry.id] == nearest), cards, rng)
    return _fewest((entry for entry in chosen.values() if entry.id != last), cards, rng)


def _attempts(cards: Mapping[str, Card], entry: Entry) -> int:
    return cards[entry.id].attempts if entry.id in cards else 0


def _fewest(entries: Iterable[Entry], cards: Mapping[str, Card], rng: np.random.Generator) -> Entry | None:
    """One of those answered least often, drawn; generators mix in as any other."""
    found = list(entries)
    if not found:
        return None
    fewest = min(_attempts(cards, entry) for entry in found)
    least = [entry for entry in found if _attempts(cards, entry) == fewest]
    return least[int(rng.integers(len(least)))]


def pick(entry: Entry, reason: Reason, cards: Mapping[str, Card], rng: np.random.Generator) -> Pick:
    """An entry as it is asked: of a generator a variant, another than the last one."""
    variant = 0
    if entry.generated:
        before = cards[entry.id].variant if entry.id in cards else 0
        while (variant := int(rng.integers(1, MAX_INTEGER))) == before:
            pass
    return Pick(entry.id, variant, reason, entry.concepts[0])
