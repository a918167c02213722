"""One answer as it is kept, and an answer half typed: plain frozen data, checked once, to and from JSON."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal, Protocol, get_args

Mode = Literal["practice", "review", "interview", "lesson"]
Verdict = Literal["correct", "partial", "wrong", "undecided"]
MAX_RESPONSE = 4096  # bytes of JSON
MAX_DEPTH = 8  # lists and objects in each other; no answer needs more than three
YEARS = range(2000, 2200)  # so that a mistaken clock cannot schedule beyond the calendar
FIRST, LAST = datetime(YEARS[0], 1, 1, tzinfo=UTC), datetime(YEARS[-1], 1, 1, tzinfo=UTC)
END = LAST.replace(year=YEARS[-1] + 1) - timedelta(microseconds=1)  # the last time that is kept
NOT_YET = datetime.min.replace(tzinfo=UTC)  # before any clock: not recorded so far
MAX_NAME = 200  # characters of a learner's or a question's id
MAX_ASSIGNMENT = 40  # characters of an assignment's id
MOST_IDS = 20  # in each of `TUPLES`
TUPLES = ("suggested", "confirmed", "slips")  # fields of ids, which are lists in JSON
MAX_INTEGER = 2**31 - 1  # of the databases' INTEGER


class ResponseTooLongError(ValueError):
    """An answer above `MAX_RESPONSE` bytes; the message says how long it is."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One submitted answer and what it was worth.

    Clocks are set back and forth, and no answer may be lost by that: an answer given "before" it was asked took no
    time, and what was recorded later is later, whatever the clock said (`recorded_at`).

    Attributes:
        key: A UUID made when the question is asked; adding the same key twice keeps one attempt.
        learner: Who answered.
        question: Id of the question; ``gen-<name>`` for a generated one.
        variant: Seed of a generated question, otherwise 0.
        mode: Where it was asked.
        asked_at: When it was shown, aware, UTC; `answered_at` if that is before, since the clock was set back then.
        answered_at: When the answer was submitted, by the clock as it stood, aware, UTC.
        response: The answer as JSON values, at most `MAX_RESPONSE` bytes.
        verdict: As graded; "undecided" is kept and not counted.
        score: 0 … 1, before hints; what was right at the second try only counts `quiz.grading.grade.SECOND_TRY`.
        credit: 0 … 1, after hints.
        first: The response of a first try whose slip was named before `response` was given; None where there was one
            try. Open questions keep the tries of their checks in `response`.
        hints: Hints opened, 0 … 3.
        certainty: How sure the learner was, 0 … 100 per cent; None when not said.
        easy: Whether the learner called it easy.
        hard: Whether the learner called it hard.
        suggested: Key points suggested from the text of an open answer.
        confirmed: Key points the learner confirmed.
        text_verdict: The verdict on the text of an open answer as it was given then; None where no text was judged.
            It never counts.
        assignment: Id of the assignment it was given for; None where it was for none.
        slips: Names of the slips in the first try, as `quiz.slips` has them.
        recorded_at: Its place in the log, aware, UTC: `answered_at`, or where the clock was set back just after the
            attempt recorded before. `quiz.store.Store.add` sets it.

    Raises:
        ResponseTooLongError: The response is too long.
        ValueError: A field is out of its range; the message names it.
    """

    key: str
    learner: str
    question: str
    variant: int = 0
    mode: Mode
    asked_at: datetime
    answered_at: datetime
    response: Any
    verdict: Verdict
    score: float
    credit: float
    hints: int = 0
    certainty: int | None = None
    easy: bool = False
    hard: bool = False
    first: Any = None
    suggested: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    text_verdict: Verdict | None = None
    assignment: str | None = None
    slips: tuple[str, ...] = ()
    recorded_at: datetime = NOT_YET

    def __post_init__(self) -> None:
        check_key(self.key)
        check_name("learner", self.learner)
        check_name("question", self.question)
        check_whole("variant", self.variant, MAX_INTEGER)
        check_one_of("mode", self.mode, get_args(Mode))
        check_one_of("verdict", self.verdict, get_args(Verdict))
        if self.text_verdict is not None:
            check_one_of("text_verdict", self.text_verdict, get_args(Verdict))
        check_time("asked_at", self.asked_at)
        check_time("answered_at", self.answered_at)
        object.__setattr__(self, "asked_at", min(self.asked_at, self.answered_at))
        if self.recorded_at != NOT_YET:
            check_time("recorded_at", self.recorded_at)
        object.__setattr__(self, "recorded_at", max(self.recorded_at, self.answered_at))
        for field in ("score", "credit"):
            value = getattr(self, field)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
                raise ValueError(f"{field}: {value!r}; expected a number from 0 to 1")
        check_whole("hints", self.hints, 3)
        if self.certainty is not None:
            check_whole("certainty", self.certainty, 100)
        for field in ("easy", "hard"):
            value = getattr(self, field)
            if not isinstance(value, bool):
                raise ValueError(f"{field}: {value!r}; expected true or false")
        if self.easy and self.hard:
            raise ValueError("easy: true, as is hard; expected one of them at most")
        for field in TUPLES:
            value = getattr(self, field)
            if not isinstance(value, tuple) or len(value) > MOST_IDS:
                raise ValueError(f"{field}: {value!r}; expected a tuple of at most {MOST_IDS} ids")
            for name in value:
                check_name(field, name)
        if self.assignment is not None:
            check_name("assignment", self.assignment)
            if len(self.assignment) > MAX_ASSIGNMENT:
                raise ValueError(f"assignment: expected at most {MAX_ASSIGNMENT} characters")
        check_response(self.response)
        check_response(self.first)

    def to_json(self) -> dict[str, Any]:
        """The attempt without its learner, as JSON values; without `recorded_at` where it says nothing more."""
        record = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "learner"}
        if self.recorded_at == self.answered_at:
            del record["recorded_at"]
        return record | {name: record[name].isoformat() for name in record if name.endswith("_at")}

    @classmethod
    def from_json(cls, learner: str, record: Mapping[str, Any]) -> Attempt:
        """The attempt that `to_json` wrote, in this or another edition, given to `learner`.

        Raises:
            ValueError: A field is missing or out of its range.
        """
        values = known_fields(cls, record)
        for field in TUPLES:
            if isinstance(values.get(field), list):
                values[field] = tuple(values[field])
        return cls(**values | {"learner": learner})


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An answer half typed, so that a reload brings it back with its question as it stood.

    Attributes:
        learner: Who is answering.
        question: Id of the question.
        variant: Seed of a generated question, otherwise 0.
        key: The key the attempt will have; it fixes the order of the options.
        asked_at: When the question was shown, aware, UTC.
        response: What stands in the fields, as JSON values, at most `MAX_RESPONSE` bytes.
        hints: Hints opened so far.
        first: The response of a first try whose slip was named; None before it.

    Raises:
        ResponseTooLongError: The response is too long.
        ValueError: A field is out of its range; the message names it.
    """

    learner: str
    question: str
    variant: int = 0
    key: str
    asked_at: datetime
    response: Any
    hints: int = 0
    first: Any = None

    def __post_init__(self) -> None:
        check_key(self.key)
        check_name("learner", self.learner)
        check_name("question", self.question)
        check_whole("variant", self.variant, MAX_INTEGER)
        check_whole("hints", self.hints, 3)
        check_time("asked_at", self.asked_at)
        check_response(self.response)
        check_response(self.first)


class _Record(Protocol):
    """A dataclass, as far as its fields are asked for."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


def known_fields(kind: type[_Record], record: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a JSON record that a dataclass has, times read; those of a later edition are passed over.

    Args:
        kind: A dataclass with a field ``learner``, which is no part of the record.
        record: The record.

    Raises:
        ValueError: A field without a default is missing, or a time can't be read.
    """
    wanted = [field for field in fields(kind) if field.name != "learner"]
    missing = [field.name for field in wanted if field.name not in record and field.default is MISSING]
    if missing:
        raise ValueError(f"fields missing: {', '.join(missing)}")
    values = {field.name: record[field.name] for field in wanted if field.name in record}
    times = {name: read_time(name, text) for name, text in values.items() if name.endswith("_at")}
    return values | times


def in_calendar(now: datetime) -> datetime:
    """What a clock shows, moved into the years that can be kept: a clock far out must not cost an answer."""
    return min(max(now, FIRST), LAST)


def check_response(response: Any) -> None:
    """Refuse a response that is not JSON, or too long.

    Raises:
        ResponseTooLongError: It has more than `MAX_RESPONSE` bytes.
        ValueError: It holds something other than JSON values, or is nested too deep.
    """
    size = len(written(response))
    if size > MAX_RESPONSE:
        raise ResponseTooLongError(f"This answer has {size:,} bytes; at most {MAX_RESPONSE:,} can be kept. Shorten it.")


def written(response: Any) -> bytes:
    """JSON values as they are kept.

    Raises:
        ValueError: It holds something other than JSON values, or is nested too deep.
    """
    if _deeper(response, MAX_DEPTH):
        raise ValueError(f"response: nested deeper than {MAX_DEPTH} levels")
    try:
        return json.dumps(response, allow_nan=False, ensure_ascii=False).encode("utf-8", "surrogatepass")
    except (TypeError, ValueError) as error:
        raise ValueError(f"response: not made of JSON values ({error})") from None


def check_key(key: str) -> None:
    """Refuse a key that is not a UUID in its usual spelling."""
    try:
        usual = str(uuid.UUID(key))
    except (ValueError, AttributeError, TypeError):
        usual = ""
    if key != usual:
        raise ValueError(f"key: {str(key)[:60]!r}; expected a UUID such as {uuid.UUID(int=0)}")


def check_name(field: str, name: str) -> None:
    """Refuse an id that no database takes: empty, too long, or with control characters."""
    if not isinstance(name, str) or not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise ValueError(f"{field}: {str(name)[:60]!r}; expected 1 to {MAX_NAME} printable characters")


def check_time(field: str, time: datetime) -> None:
    """Refuse a time that is not aware and in UTC, or in a year of no calendar."""
    if not isinstance(time, datetime) or time.tzinfo != UTC or time.year not in YEARS:
        raise ValueError(f"{field}: {time!r}; expected an aware time in UTC, years {YEARS[0]} to {YEARS[-1]}")


def read_time(field: str, text: str) -> datetime:
    """A time in UTC from its ISO text."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{field}: {str(text)[:60]!r}; expected a time such as 2026-11-23T09:00:00+00:00") from None


def _deeper(value: Any, levels: int) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else None
    return inner is not None and (levels == 0 or any(_deeper(each, levels - 1) for each in inner))


def check_whole(field: str, value: int, most: int) -> None:
    """Refuse what is no whole number from 0 to `most`."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise ValueError(f"{field}: {value!r}; expected a whole number from 0 to {most}")


def check_one_of(field: str, value: str, names: tuple[str, ...]) -> None:
    """Refuse what is none of some names."""
    if value not in names:
        raise ValueError(f"{field}: {str(value)[:60]!r}; expected one of {', '.join(names)}")
