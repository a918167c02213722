"""What was answered in an interview, as its state keeps it, and how it is read back."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quiz.attempt import MAX_INTEGER, check_name, check_response, check_whole
from quiz.interview.drawing import Check

LONGEST = 3600.0  # seconds a question can have taken; beyond it the interview waited, or the clock was set
LONGEST_REPLY = 1000  # bytes of the words that answer a follow-up


@dataclass(frozen=True)
class Followed:
    """One answered follow-up.

    Attributes:
        id: The follow-up's.
        variant: Seed of its numbers, otherwise 0.
        response: What was answered, as JSON values; None when it was passed over.
        met: Whether it was right; None where it is in one's own words and nobody judges.
        seconds: Time it took.
    """

    id: str
    variant: int
    response: Any
    met: bool | None
    seconds: float

    def __post_init__(self) -> None:
        check_name("followed", self.id)
        check_whole("variant", self.variant, MAX_INTEGER)
        check_response(self.response)
        object.__setattr__(self, "seconds", bounded(self.seconds))


@dataclass(frozen=True)
class Answered:
    """One answered question: its score, which checks were met (in their order), seconds, and its follow-ups.

    Seconds run from 0 to `LONGEST`, whatever the clock did meanwhile.
    """

    question: str
    score: float
    met: tuple[bool, ...]
    seconds: float
    followed: tuple[Followed, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.score <= 1:
            raise ValueError(f"score {self.score} can't be")
        object.__setattr__(self, "seconds", bounded(self.seconds))


def bounded(seconds: float) -> float:
    """Seconds from 0 to `LONGEST`."""
    if not math.isfinite(seconds):
        raise ValueError(f"seconds {seconds} can't be")
    return min(max(seconds, 0.0), LONGEST)


def read_answer(each: Mapping[str, Any]) -> Answered:
    """An answer from its JSON; an error if it is none."""
    followed = tuple(
        Followed(
            str(one["id"]), int(one["variant"]), one["response"], None if one["met"] is None else bool(one["met"]),
            float(one["seconds"]),
        )
        for one in each.get("followed", ())
    )  # fmt: skip
    met = tuple(map(bool, each["met"]))
    if float(each["seconds"]) < 0:
        raise ValueError("state: a time is out of its range; start another interview")
    return Answered(str(each["question"]), float(each["score"]), met, float(each["seconds"]), followed)


def read_check(each: Mapping[str, Any]) -> Check:
    """A check from its JSON; an error if it is none."""
    check_name("checks", each["id"])
    check_whole("variant", each["variant"], MAX_INTEGER)
    return Check(each["id"], each["variant"], str(each["mark"])[:20])


def read_following(pair: Any) -> tuple[str, int] | None:
    """The follow-up that is being asked, from its JSON; an error if it is none."""
    if pair is None:
        return None
    name, variant = pair
    check_name("following", name)
    check_whole("variant", variant, MAX_INTEGER)
    return str(name), int(variant)
