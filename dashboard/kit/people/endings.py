"""Who has signed out in one tab, so that the others of that browser give nothing more to them.

A tab keeps its connection, and with it the cookies of its beginning. It asks here whenever it asks who is learning: a
look into a table of this process, for a proxy leads the tabs of one browser to one process.
"""

from __future__ import annotations

from collections import OrderedDict
from functools import cache
from threading import Lock

MOST = 10_000  # learners, the last ones


class Endings:
    """A count of all endings, and each learner's last one, over all threads."""

    def __init__(self) -> None:
        self.count = 0
        self._last: OrderedDict[str, int] = OrderedDict()
        self._lock = Lock()

    def end(self, learner: str) -> None:
        """Have every session end that has known itself as a learner until now."""
        with self._lock:
            self.count += 1
            self._last[learner] = self.count
            self._last.move_to_end(learner)
            while len(self._last) > MOST:
                self._last.popitem(last=False)

    def ended(self, learner: str, since: int) -> bool:
        """Whether a learner's sessions were ended since a count."""
        return self._last.get(learner, 0) > since


@cache
def endings() -> Endings:
    """The endings of this process."""
    return Endings()
