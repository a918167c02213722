"""A learner's data as JSON lines, to take away and bring back: ``{"attempt": {…}}`` and ``{"draft": {…}}``."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields

from quiz.attempt import Attempt, Draft, read_time

MAX_LINE = 65_536  # characters; a full response may be escaped


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Attributes:
        added: Attempts that are new.
        known: Attempts that were there already.
        problems: One message for each line left out, with its number.
    """

    added: int
    known: int
    problems: tuple[str, ...]


def write_line(record: Attempt | Draft) -> str:
    """One line, without its end and without the learner's id."""
    if isinstance(record, Attempt):
        return json.dumps({"attempt": record.to_json()})
    values = asdict(record) | {"asked_at": record.asked_at.isoformat()}
    del values["learner"]
    return json.dumps({"draft": values})


def read_line(learner: str, line: str) -> Attempt | Draft:
    """What `write_line` wrote, given to `learner`.

    Raises:
        ValueError: The line is not such a line; the message says why.
    """
    if len(line) > MAX_LINE:
        raise ValueError(f"{len(line):,} characters; at most {MAX_LINE:,}")
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    match record:
        case {"attempt": dict(values), **rest} if not rest:
            return Attempt.from_json(learner, values)
        case {"draft": dict(values), **rest} if not rest:
            known = {field.name for field in fields(Draft)} - {"learner"}
            if set(values) != known:
                raise ValueError(f"fields missing or unknown: {', '.join(sorted(set(values) ^ known))[:200]}")
            return Draft(learner=learner, **values | {"asked_at": read_time("asked_at", values["asked_at"])})
    raise ValueError('expected {"attempt": {…}} or {"draft": {…}}')
