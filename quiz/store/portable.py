"""A learner's data as JSON lines, to take away and bring back.

A line is ``{"attempt": {…}}``, or likewise a draft, place, guess, goal, interviewed or disagreement; and a membership,
class or workbench, which are to be read by people: they pass no one into a class, and make no link. Lines of other
editions are read as far as they can be: fields that are not known here are passed over, and the places and guesses that
the first edition kept as drafts are places and guesses again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from quiz.asides import Disagreement, Goal, Guess, Interviewed, Place, from_first_edition
from quiz.attempt import Attempt, Draft, known_fields
from quiz.classes.records import Class, Membership

Aside = Draft | Place | Guess | Goal | Interviewed | Disagreement
Record = Attempt | Aside

MAX_LINE = 65_536  # characters; a full response may be escaped
LONGEST_LINE = 786_432  # of an interview that is over


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


def write_line(record: Record | Membership | Class) -> str:
    """One line, without its end and without the learner's id."""
    if isinstance(record, Attempt):
        return json.dumps({"attempt": record.to_json()})
    values = asdict(record)
    del values["teacher" if isinstance(record, Class) else "learner"]
    values |= {name: time.isoformat() for name, time in values.items() if name.endswith("_at") and time is not None}
    return json.dumps({type(record).__name__.lower(): values})


def read_line(learner: str, line: str) -> Record | None:
    """What `write_line` wrote, given to `learner`; None for what belongs to a class, and for a workbench.

    Raises:
        ValueError: The line is not such a line; the message says why.
    """
    if line.startswith('{"workbench": '):
        return None
    most = LONGEST_LINE if line.startswith('{"interviewed": ') else MAX_LINE
    if len(line) > most:
        raise ValueError(f"{len(line):,} characters; at most {most:,}")
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("not JSON") from None
    match record:
        case {"attempt": dict(values), **rest} if not rest:
            return Attempt.from_json(learner, values)
        case {"draft": dict(values), **rest} if not rest:
            return from_first_edition(Draft(**known_fields(Draft, values) | {"learner": learner}))
        case {"place": dict(values), **rest} if not rest:
            return Place(**known_fields(Place, values) | {"learner": learner})
        case {"guess": dict(values), **rest} if not rest:
            return Guess(**known_fields(Guess, values) | {"learner": learner})
        case {"goal": dict(values), **rest} if not rest:
            return Goal(**known_fields(Goal, values) | {"learner": learner})
        case {"interviewed": dict(values), **rest} if not rest:
            return Interviewed(**known_fields(Interviewed, values) | {"learner": learner})
        case {"disagreement": dict(values), **rest} if not rest:
            return Disagreement(**known_fields(Disagreement, values) | {"learner": learner})
        case {"membership": dict(), **rest} | {"class": dict(), **rest} if not rest:
            return None
    raise ValueError('expected {"attempt": {…}}, or a draft, place, guess, goal, interviewed or disagreement')
