"""What the attempts say about a learner: pure functions on the store's cards, attempts and counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Literal

from quiz.attempt import Attempt
from quiz.practice.schedule import Card, day_due, retrievability

ENOUGH = (
    3.0  # weight of answered questions below which there are too few to tell, and a concept can't be fully mastered
)
KNOWN = 0.7  # mastery from which a concept is known, and carries those that need it
GROWING = 0.4  # mastery from which a concept is no longer shaky
SIDE = 0.5  # weight of a question for its concepts other than the main one
BIN = 20  # per cent of certainty in one bin


Level = Literal["not asked yet", "too few answers to tell", "shaky", "growing", "known"]


@dataclass(frozen=True)
class Mastery:
    """How well one concept is known.

    Attributes:
        value: 0 … 1.
        seen: Questions about it that were answered.
        total: Questions about it.
        told: Whether so many were answered that something can be said of it.
    """

    value: float
    seen: int
    total: int
    told: bool

    @property
    def level(self) -> Level:
        """What is said of it, in a word: the same on every page, in the terminal and in the report."""
        if not self.seen:
            return "not asked yet"
        if self.value >= KNOWN:
            return "known"
        if not self.told:
            return "too few answers to tell"
        return "growing" if self.value >= GROWING else "shaky"


def mastered(earned: float, answered: float, possible: float, seen: int, total: int) -> Mastery:
    """The one account of what is known: what was earned, of the answers given or of `ENOUGH`, whichever is more.

    Args:
        earned: Weight of what was answered right.
        answered: Weight of what was answered.
        possible: Weight of all that can be asked.
        seen: Questions or checks answered.
        total: Questions or checks in all.
    """
    enough = min(ENOUGH, possible)
    return Mastery(earned / max(answered, enough) if possible else 0.0, seen, total, told=answered >= enough)


def of_checks(right: int, checks: int) -> Mastery:
    """How well one interview shows a concept to be known: each of its checks weighs one."""
    return mastered(right, checks, max(ENOUGH, checks), checks, checks)


@dataclass(frozen=True)
class Bin:
    """Answers given with about the same certainty; `certainty` (mean) and `right` (share) run from 0 to 1."""

    low: int
    high: int
    attempts: int
    certainty: float
    right: float


@dataclass(frozen=True)
class Calibration:
    """Certainty against being right: by bins, empty ones left out, and over all answers (None without any)."""

    bins: tuple[Bin, ...]
    total: Bin | None


@dataclass(frozen=True)
class Day:
    """One day's attempts, newest first; `credit` is the mean over those that count, None without any."""

    day: date
    attempts: tuple[Attempt, ...]
    credit: float | None


def mastery(concepts: Mapping[str, tuple[str, ...]], cards: Mapping[str, Card], now: datetime) -> dict[str, Mastery]:
    """How well each concept is known now.

    With w = 1 for a question's main concept and `SIDE` for its others, c the card's credit (its newest attempts weigh
    most) and r the chance of recall at `now`::

        value = Σ_answered w·c·r / max(Σ_answered w, min(ENOUGH, Σ_all w))

    so a concept is known as far as its questions were answered right, lately, without hints; one lucky answer is not
    enough; and it fades when it is not reviewed.

    Args:
        concepts: Question id to its concepts, the main one first: all that can be asked.
        cards: Question id to card; cards of questions that are no longer asked are passed over.
        now: Aware.

    Returns:
        Mastery of every concept that any question asks about.
    """
    known = {name: cards[name].credit * retrievability(cards[name], now) for name in concepts if name in cards}
    value: dict[str, float] = {}
    answered: dict[str, float] = {}
    weights: dict[str, float] = {}
    seen: dict[str, int] = {}
    total: dict[str, int] = {}
    for question, about in concepts.items():
        for place, concept in enumerate(about):
            weight = SIDE if place else 1.0
            weights[concept] = weights.get(concept, 0.0) + weight
            total[concept] = total.get(concept, 0) + 1
            if question in known:
                value[concept] = value.get(concept, 0.0) + weight * known[question]
                answered[concept] = answered.get(concept, 0.0) + weight
                seen[concept] = seen.get(concept, 0) + 1
    return {
        concept: mastered(
            value.get(concept, 0.0), answered.get(concept, 0.0), weight, seen.get(concept, 0), total[concept]
        )
        for concept, weight in weights.items()
    }


def forecast(cards: Mapping[str, Card], now: datetime, days: int = 14) -> tuple[tuple[date, int], ...]:
    """How many cards fall due on each day.

    Args:
        cards: Question id to card, those that can still be asked (`quiz.practice.catalogue.present`).
        now: Aware; its time zone says where days end.
        days: How many, today first.

    Returns:
        (day, cards due); today has the overdue ones too.
    """
    today = now.date()
    counts = dict.fromkeys((today + timedelta(days=ahead) for ahead in range(days)), 0)
    for card in cards.values():
        if (day := day_due(card, now)) in counts:
            counts[day] += 1
    return tuple(counts.items())


def calibration(certainties: Iterable[tuple[int, int, int]]) -> Calibration:
    """Whether the learner is right as often as sure.

    Args:
        certainties: (certainty in per cent, attempts, correct ones), as `Store.certainties` gives them.
    """
    rows = sorted(certainties)
    last = 100 // BIN - 1  # 100 % belongs to the last bin
    binned = groupby(rows, key=lambda row: min(row[0] // BIN, last))
    bins = tuple(_bin(place * BIN, (place + 1) * BIN, list(group)) for place, group in binned)
    return Calibration(bins, _bin(0, 100, rows) if rows else None)


def _bin(low: int, high: int, rows: list[tuple[int, int, int]]) -> Bin:
    attempts = sum(count for _, count, _ in rows)
    sure = sum(certainty * count for certainty, count, _ in rows) / (100 * attempts)
    return Bin(low, high, attempts, sure, sum(right for _, _, right in rows) / attempts)


def history(attempts: Iterable[Attempt], now: datetime) -> tuple[Day, ...]:
    """Attempts by day, the newest first.

    Args:
        attempts: Newest first, as `Store.attempts` gives them.
        now: Aware; its time zone says where days end. What a clock that stood ahead put later counts for today.
    """
    days: dict[date, list[Attempt]] = {}
    for attempt in attempts:
        days.setdefault(min(attempt.answered_at, now).astimezone(now.tzinfo).date(), []).append(attempt)
    return tuple(_day(day, tuple(days[day])) for day in sorted(days, reverse=True))


def days(times: tuple[datetime, ...], now: datetime, count: int) -> tuple[tuple[date, int], ...]:
    """How many answers were given on each of the last days, today last.

    Args:
        times: When answers were given, `Store.answer_times`. What a clock that stood ahead put later counts for today.
        now: Aware; its time zone says where days end.
        count: How many days.
    """
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)  # no change of clocks leads to another day
    found = {(noon - timedelta(days=ago)).date(): 0 for ago in reversed(range(count))}
    for time in times:
        day = min(time, now).astimezone(now.tzinfo).date()
        if day in found:
            found[day] += 1
    return tuple(found.items())


def _day(day: date, attempts: tuple[Attempt, ...]) -> Day:
    counted = [attempt.credit for attempt in attempts if attempt.verdict != "undecided"]
    return Day(day, attempts, sum(counted) / len(counted) if counted else None)


def most_missed(cards: Mapping[str, Card], count: int = 5) -> tuple[Card, ...]:
    """The questions answered wrong most often; among equals the one with less credit first.

    Args:
        cards: Question id to card, those that can still be asked (`quiz.practice.catalogue.present`).
        count: How many at most.
    """
    missed = (card for card in cards.values() if card.misses)
    return tuple(sorted(missed, key=lambda card: (-card.misses, card.credit, card.question))[:count])
