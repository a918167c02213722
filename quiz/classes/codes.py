"""Class codes, easy to read aloud: two words and four figures, such as TIDE-OTTER-4827; and who tries too many of them.

There are 600 million of them, and a server takes only so many wrong ones from one place.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import OrderedDict, deque
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock

WORDS = tuple((Path(__file__).parent / "code_words.txt").read_text(encoding="utf-8").split())
"""Plain words of which no two differ in one letter, and no two pairs run together to the same."""
_KNOWN = frozenset(WORDS)
FIGURES = 4
LONGEST = 100  # characters of what is typed as a code
_CODE = re.compile(r"([a-z]+)([0-9]{4})")
_BETWEEN = re.compile(r"[\W_]+")


def new_code(rng: random.Random) -> str:
    """A code, drawn from a source that nobody can foretell, such as `random.SystemRandom`."""
    number = rng.randrange(10**FIGURES)
    return f"{rng.choice(WORDS)}-{rng.choice(WORDS)}-{number:0{FIGURES}}".upper()


def read_code(typed: str) -> str | None:
    """The code that was typed, whatever the case and what stands between its parts; None if it is none."""
    if not isinstance(typed, str) or len(typed) > LONGEST:
        return None
    found = _CODE.fullmatch(_BETWEEN.sub("", unicodedata.normalize("NFKC", typed).lower()))
    if found is None:
        return None
    words, number = found.groups()
    for end in range(1, len(words)):
        if words[:end] in _KNOWN and words[end:] in _KNOWN:
            return f"{words[:end]}-{words[end:]}-{number}".upper()
    return None


MOST = 60  # wrong codes from one place in ten minutes


class Misses:
    """How many wrong codes came from where of late, over all threads; what is kept of it has a bound.

    Args:
        most: Wrong codes from one place within `span` after which no further one is taken: many, since a school may
            come from one address, and few beside the half milliard codes that there are.
        span: How long a wrong code counts.
        places: How many places are kept in mind, the last ones.
    """

    def __init__(self, most: int = MOST, span: timedelta = timedelta(minutes=10), places: int = 10_000) -> None:
        self._most, self._span, self._places = most, span, places
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def too_many(self, place: str, now: datetime) -> bool:
        """Whether a place has to wait; a clock set back frees it."""
        with self._lock:
            return len(self._recent(place, now)) >= self._most

    def add(self, place: str, now: datetime) -> None:
        """Count a wrong code."""
        with self._lock:
            recent = self._recent(place, now)
            recent.append(now)
            self._seen[place] = recent
            self._seen.move_to_end(place)
            while len(self._seen) > self._places:
                self._seen.popitem(last=False)

    def _recent(self, place: str, now: datetime) -> deque[datetime]:
        return deque((at for at in self._seen.get(place, ()) if abs(now - at) < self._span), maxlen=self._most)
