"""How often somebody may ask: so many times a second on average, and a burst at once."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

MOST_KNOWN = 20_000  # places that are remembered; who was quiet for longest is forgotten first


class Rates:
    """For each place what is left of its burst; what is used comes back with time.

    Args:
        rate: Times a second.
        burst: Times at once.
        clock: The time in seconds.
    """

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, place: str) -> bool:
        """Take one of a place's times; False if there is none left."""
        now = self._clock()
        left, at = self._left.get(place, (self._burst, now))
        left = min(self._burst, left + max(0.0, now - at) * self._rate)
        enough = left >= 1
        self._left[place] = (left - enough, now)
        self._left.move_to_end(place)
        if len(self._left) > MOST_KNOWN:
            self._left.popitem(last=False)
        return enough

    def __len__(self) -> int:
        return len(self._left)
