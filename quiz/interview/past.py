"""Interviews that are over: how they are kept, and how one compares with those before it."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from quiz.asides import Interviewed
from quiz.interview.interview import Interview

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Past:
    """An interview that is over.

    Attributes:
        key: Its name in the store.
        ended_at: When, aware, UTC.
        interview: Its last state.
    """

    key: str
    ended_at: datetime
    interview: Interview

    @property
    def percent(self) -> int:
        """Its score in whole per cent."""
        return round(100 * self.interview.score)


def over(learner: str, interview: Interview) -> Interviewed:
    """How an interview is kept once it is over."""
    key, ended_at = interview.keys[0], interview.asked_at
    return Interviewed(learner=learner, key=key, ended_at=ended_at, state=interview.to_json())


def past(kept: Iterable[Interviewed]) -> tuple[Past, ...]:
    """The interviews that can be read, in the order they come; of another edition, one may not be."""
    found = []
    for each in kept:
        try:
            found.append(Past(each.key, each.ended_at, Interview.from_json(each.state)))
        except ValueError as problem:
            log.warning("A kept interview (key %s) can't be read and is passed over: %s", each.key, problem)
    return tuple(found)


def trend(found: Iterable[Past]) -> str:
    """How the last interview compares with the one before it, in one sentence; "" for fewer than two.

    Args:
        found: The last one first.
    """
    last, *earlier = found if (found := tuple(found)) else (None,)
    if last is None or not earlier:
        return ""
    before = earlier[0]
    change = last.percent - before.percent
    how = "the same as" if not change else f"{abs(change)} points {'more' if change > 0 else 'less'} than"
    best = max(each.percent for each in earlier)
    more = "; your best so far" if last.percent > best else ""
    lengths = len(last.interview.questions), len(before.interview.questions)
    unlike = f" (that one had {lengths[1]} questions)" if lengths[0] != lengths[1] else ""
    return f"{last.percent} %, {how} the time before{unlike}{more}."
