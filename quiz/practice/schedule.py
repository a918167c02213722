"""When to ask again: FSRS-6 cards as a fold over attempts.

A card is the memory of one question. The model (stability in days, difficulty 1 … 10, retrievability) is `fsrs`'s, run
with the numbers below and none of its own, so that folding the same attempts gives the same cards for ever. There is no
fuzz for the same reason; and there are no learning steps of minutes, because after a miss practice asks a variant at
once and the card's job is to say on which later day to come back.

Clocks are set back and forth. Attempts are folded in the order of the log, and the time between two of them is never
more than the other attempts on the question let it be, so that a clock that once stood a year ahead or behind neither
hides a miss nor makes a memory a year long.

Source: J. Ye, FSRS-6, https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise
from typing import get_args

import fsrs

from quiz.attempt import Attempt, Verdict

FADING = 0.5  # weight of an attempt relative to the next one on the same question
AHEAD = timedelta(days=1)  # a card answered so much later than now was answered under a clock that stood ahead
#: The default parameters w0 … w20 published with FSRS-6 (the wiki named above, "Default parameters").
PARAMETERS = (
    0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483,
    0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
)  # fmt: skip
RETENTION = 0.9  # chance of recall at which a card falls due
LONGEST = 36_500  # days until a card falls due, at most
SCHEDULER = fsrs.Scheduler(
    parameters=PARAMETERS,
    desired_retention=RETENTION,
    learning_steps=(),
    relearning_steps=(),
    maximum_interval=LONGEST,
    enable_fuzzing=False,
)
_CARD_ID = 0  # cards are told apart by question; without an id fsrs would sleep for a millisecond to make one


@dataclass(frozen=True, kw_only=True)
class Card:
    """What the counted attempts on one question come to.

    Attributes:
        question: Id of the question.
        stability: Days until the chance of recall has fallen to 0.9.
        difficulty: 1 … 10.
        due: When to ask again by the clock of the newest attempt, UTC; `due_at` says when that is now.
        answered_at: Time of the newest counted attempt, UTC.
        key: Its key.
        variant: Its variant.
        verdict: Its verdict.
        attempts: How many were counted.
        misses: How many of them were wrong.
        credit: Mean credit, each attempt counting `FADING` times as much as the next one.
        weight: Sum of the weights in that mean.

    Raises:
        ValueError: A field is out of its range, as in a spoilt row.
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

    def __post_init__(self) -> None:
        times = all(isinstance(time, datetime) and time.tzinfo == UTC for time in (self.due, self.answered_at))
        numbers = (self.stability, self.difficulty, self.credit, self.weight)
        if not times or not all(isinstance(number, int | float) and math.isfinite(number) for number in numbers):
            raise ValueError(f"times or numbers that are none: {self.due}, {self.answered_at}, {numbers}")
        if self.stability <= 0 or self.weight <= 0 or not 1 <= self.difficulty <= 10 or not 0 <= self.credit <= 1:
            raise ValueError(f"numbers out of range: {numbers}")
        if self.verdict not in get_args(Verdict) or not 0 <= self.misses <= self.attempts:
            raise ValueError(f"verdict {self.verdict!r} or counts, {self.misses} of {self.attempts}, that can't be")


def rating(verdict: Verdict, hints: int, *, easy: bool = False, hard: bool = False) -> fsrs.Rating | None:
    """What FSRS is told about an attempt.

    Args:
        verdict: As graded.
        hints: Hints opened.
        easy: Whether the learner called it easy.
        hard: Whether the learner called it hard.

    Returns:
        Good for all right without hints (Easy or Hard if the learner says so), Hard for partial or hinted, Again for
        wrong, None for undecided, which does not count.
    """
    if verdict == "undecided":
        return None
    if verdict == "wrong":
        return fsrs.Rating.Again
    if verdict == "partial" or hints or hard:
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
    return _step(card, attempt, attempt.answered_at - card.answered_at if card else timedelta())


def _step(card: Card | None, attempt: Attempt, elapsed: timedelta) -> Card | None:
    """The card after an attempt so long after the one before."""
    told = rating(attempt.verdict, attempt.hints, easy=attempt.easy, hard=attempt.hard)
    if told is None:
        return card
    memory, _ = SCHEDULER.review_card(_memory(card, attempt.answered_at - elapsed), told, attempt.answered_at)
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
    logs: dict[str, list[Attempt]] = {}
    for attempt in sorted(attempts, key=order):
        if attempt.verdict != "undecided":
            logs.setdefault(attempt.question, []).append(attempt)
    cards: dict[str, Card] = {}
    for question, log in logs.items():
        card = None
        for attempt, elapsed in zip(log, _elapsed([attempt.answered_at for attempt in log]), strict=True):
            card = _step(card, attempt, elapsed)
        if card is not None:
            cards[question] = card
    return cards


def order(attempt: Attempt) -> tuple[datetime, str]:
    """The order attempts are folded in: that of the log, then by key, so that it never depends on their storage."""
    return attempt.recorded_at, attempt.key


def _elapsed(times: Sequence[datetime]) -> list[timedelta]:
    """The time from each attempt to the next, 0 for the first, by clocks that may have been set meanwhile.

    Where the clock never went back this is the difference. Otherwise it is the lesser of two accounts: one holds that
    no attempt was earlier than one recorded before it (the clock had been set back), the other that none was later than
    one recorded after it (the clock had stood ahead). A time that a clock made up is in one of them at most.
    """
    back = accumulate(times, max)
    ahead = reversed(list(accumulate(reversed(times), min)))
    return [timedelta(), *(min(b - a, d - c) for (a, b), (c, d) in zip(pairwise(back), pairwise(ahead), strict=True))]


def retrievability(card: Card, now: datetime) -> float:
    """Chance of recall at `now`, from 1 right after an attempt towards 0; FSRS counts whole days, and none below 0."""
    return SCHEDULER.get_card_retrievability(_memory(card, card.answered_at), now)


def due_at(card: Card, now: datetime) -> datetime:
    """When to ask again.

    A card answered later than `now` was answered under a clock that stood ahead. Nobody knows when that was, so it is
    due rather than put off until the clock has caught up.
    """
    return now if card.answered_at - now > AHEAD else card.due


def day_due(card: Card, now: datetime) -> date:
    """The day on which to ask again, by the clock of `now`; today for what is overdue."""
    return max(due_at(card, now).astimezone(now.tzinfo).date(), now.date())


def due(cards: Mapping[str, Card], now: datetime) -> tuple[Card, ...]:
    """The cards to review today, most overdue first.

    Args:
        cards: Question id to card, those that can still be asked (`quiz.practice.catalogue.present`).
        now: Aware; its time zone says when the learner's day ends.

    Returns:
        Cards due before the end of the day of `now`.
    """
    waiting = [name for name, card in cards.items() if day_due(card, now) == now.date()]
    return tuple(cards[name] for name in sorted(waiting, key=lambda name: (due_at(cards[name], now), name)))


def _memory(card: Card | None, last_review: datetime) -> fsrs.Card:
    """`fsrs`'s own card, always with an id and times, so that it neither sleeps nor reads a clock."""
    if card is None:
        return fsrs.Card(card_id=_CARD_ID, due=last_review)
    return fsrs.Card(
        card_id=_CARD_ID,
        state=fsrs.State.Review,
        stability=card.stability,
        difficulty=card.difficulty,
        due=card.due,
        last_review=last_review,
    )
