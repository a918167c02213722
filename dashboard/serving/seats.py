"""How many pages are open, from where, and whether there is room for one more. Only the event loop's thread asks.

A page that was sent holds a place until its connection opens. Who is in already may load the page again even when the
server is full, for the browser asks for the new page before it closes the old one.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Room = Literal["", "full", "address"]
PROMISED = 20.0  # seconds for which a page that was sent holds a place
KNOWN = 600.0  # seconds for which a browser that was in is let in again
MORE = 4  # pages that such a browser may have open on a full server
MOST_KNOWN = 20_000  # browsers that are remembered


@dataclass
class Known:
    """What is known of a browser: how many of its pages are open, and when the last one opened or closed."""

    open: int = 0
    at: float = 0.0


class Seats:
    """The places of a server.

    Args:
        most: Places in all.
        per_address: Of these, places for one address.
        clock: The time in seconds.
    """

    def __init__(self, most: int, per_address: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most, self.per_address, self._clock = most, per_address, clock
        self.taken = 0
        self.empty = asyncio.Event()
        self.empty.set()
        self._taken_from: Counter[str] = Counter()
        self._promised: dict[str, deque[float]] = {}
        self._browsers: OrderedDict[str, Known] = OrderedDict()

    def room(self, address: str, browser: str) -> Room:
        """Whether one more page may open there: "" if so, else what is full."""
        self._forget()
        promised = sum(map(len, self._promised.values()))
        if self.taken + promised >= self.most:
            why: Room = "full"
        elif self._taken_from[address] + len(self._promised.get(address, ())) >= self.per_address:
            why = "address"
        else:
            return ""
        return "" if self._is_in(browser) else why

    def again(self, address: str) -> bool:
        """Whether a page that was open may connect again: always, unless connections are piled up there.

        A lost connection is noticed late, so that each page of an address may have two.
        """
        return self._taken_from[address] < 2 * self.per_address

    def promise(self, address: str, browser: str) -> None:
        """Hold a place for a page that was sent, unless its browser has one that it gives up for it."""
        known = self._browsers.get(browser)
        if known is None or not known.open:
            self._promised.setdefault(address, deque()).append(self._clock() + PROMISED)

    def redeem(self, address: str) -> bool:
        """Take a place that was held for a page there; False if none was."""
        self._forget()
        waiting = self._promised.get(address)
        if not waiting:
            return False
        waiting.popleft()
        if not waiting:
            del self._promised[address]
        return True

    def sit(self, address: str, browser: str) -> None:
        """A page opened."""
        self.taken += 1
        self._taken_from[address] += 1
        self.empty.clear()
        self._note(browser, +1)

    def rise(self, address: str, browser: str) -> None:
        """A page closed."""
        self.taken -= 1
        self._taken_from[address] -= 1
        if self._taken_from[address] <= 0:
            del self._taken_from[address]
        if not self.taken:
            self.empty.set()
        self._note(browser, -1)

    def _is_in(self, browser: str) -> bool:
        known = self._browsers.get(browser)
        return known is not None and known.open < MORE and (known.open > 0 or self._clock() - known.at < KNOWN)

    def _note(self, browser: str, change: int) -> None:
        if not browser:
            return
        known = self._browsers.setdefault(browser, Known())
        known.open, known.at = max(0, known.open + change), self._clock()
        self._browsers.move_to_end(browser)
        if len(self._browsers) > MOST_KNOWN:
            self._browsers.popitem(last=False)

    def _forget(self) -> None:
        """Give back the places of pages that never connected."""
        now = self._clock()
        for address, waiting in list(self._promised.items()):
            while waiting and waiting[0] <= now:
                waiting.popleft()
            if not waiting:
                del self._promised[address]
