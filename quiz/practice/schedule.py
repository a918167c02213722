"""When to ask again: FSRS-6 cards as a fold over attempts.

A card is the memory of one question. The model (stability in days, difficulty 1 … 10, retrievability) is `fsrs`'s;
its parameters are the published defaults. Two settings differ from its own: no fuzz, so that folding the same attempts
gives the same cards for ever; and no learning steps of minutes, because after a miss practice asks a variant at once
and the card's job is to say on which later day to come back.

Source: J. Ye, FSRS-6, https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import fsrs

from quiz.attempt import Attempt, Verdict

FADING = 0.5  # weight of an attempt relative to the next one on the same question
SCHEDULER = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
_CARD_ID = 0  # cards are told apart by question; without an id fsrs would sleep for a millisecond to make one


@dataclass(frozen=True, kw_only=True)
class Card:
    """What the counted attempts on one question come to.

    Attributes:
        question: Id of the question.
        stability: Days until the chance of recall has fallen to 0.9.
        difficulty: 1 … 10.
        due: When to ask again, UTC.
        answered_at: Time of the newest counted attempt, UTC.
        key: Its key; with the time it gives attempts their order.
        variant: Its variant.
        verdict: Its verdict.
        attempts: How many were counted.
        misses: How many of them were wrong.
        credit: Mean credit, each attempt counting `FADING` times as much as the next one.
        weight: Sum of the weights in that mean.
    """

    question: str
    stability: float
    difficulty: float
    due: datetime
    answered_at: datetime
    key: str
    variant: int
    verdict: Verdict
    attempts: int
    misses: int
    credit: float
    weight: float


def rating(verdict: Verdict, hints: int, easy: bool = False) -> fsrs.Rating | None:
    """What FSRS is told about an attempt.

    Args:
        verdict: As graded.
        hints: Hints opened.
        easy: Whether the learner called it easy.

    Returns:
        Good for all right without hints (Easy if the learner says so), Hard for partial or hinted, Again for wrong,
        None for undecided, which does not count.
    """
    if verdict == "undecided":
        return None
    if verdict == "wrong":
        return fsrs.Rating.Again
    if verdict == "partial" or hints:
        return fsrs.Rating.Hard
    return fsrs.Rating.Easy if easy else fsrs.Rating.Good


def step(card: Card | None, attempt: Attempt) -> Card | None:
    """The card after one more attempt.

    Args:
        card: The card before; None before the first attempt.
        attempt: An attempt on the same question, later than all the card has seen.

    Returns:
        The new card; the card unchanged if the attempt does not count.
    """
    told = rating(attempt.verdict, attempt.hints, attempt.easy)
    if told is None:
        return card
    memory, _ = SCHEDULER.review_card(_memory(card, attempt), told, attempt.answered_at)
    assert memory.stability is not None
    assert memory.difficulty is not None
    weight = 1 + FADING * (card.weight if card else 0.0)
    before = card.credit if card else 0.0
    return Card(
        question=attempt.question,
        stability=memory.stability,
        difficulty=memory.difficulty,
        due=memory.due,
        answered_at=attempt.answered_at,
        key=attempt.key,
        variant=attempt.variant,
        verdict=attempt.verdict,
        attempts=(card.attempts if card else 0) + 1,
        misses=(card.misses if card else 0) + (attempt.verdict == "wrong"),
        credit=before + (attempt.credit - before) / weight,
        weight=weight,
    )


def fold(attempts: Iterable[Attempt]) -> dict[str, Card]:
    """The cards of one learner's attempts, whatever order they come in.

    Args:
        attempts: Attempts of one learner.

    Returns:
        Question id to card; questions without a counted attempt have none.
    """
    cards: dict[str, Card] = {}
    for attempt in sorted(attempts, key=order):
        if card := step(cards.get(attempt.question), attempt):
            cards[attempt.question] = card
    return cards


def order(seen: Attempt | Card) -> tuple[datetime, str]:
    """The order attempts are folded in: by time, then key, so that it never depends on how they were stored."""
    return seen.answered_at, seen.key


def retrievability(card: Card, now: datetime) -> float:
    """Chance of recall at `now`, from 1 right after an attempt towards 0; FSRS counts whole days."""
    return SCHEDULER.get_card_retrievability(_memory(card, card), now)


def due(cards: Mapping[str, Card], now: datetime) -> tuple[Card, ...]:
    """The cards to review today, most overdue first.

    Args:
        cards: Question id to card.
        now: Aware; its time zone says when the learner's day ends.

    Returns:
        Cards due before the end of the day of `now`.
    """
    today = now.date()
    waiting = (card for card in cards.values() if card.due.astimezone(now.tzinfo).date() <= today)
    return tuple(sorted(waiting, key=lambda card: (card.due, card.question)))


def _memory(card: Card | None, seen: Attempt | Card) -> fsrs.Card:
    """`fsrs`'s own card, always with an id and times, so that it neither sleeps nor reads a clock."""
    if card is None:
        return fsrs.Card(card_id=_CARD_ID, due=seen.answered_at)
    return fsrs.Card(
        card_id=_CARD_ID,
        state=fsrs.State.Review,
        stability=card.stability,
        difficulty=card.difficulty,
        due=card.due,
        last_review=card.answered_at,
    )
