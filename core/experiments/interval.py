"""How sure a share is that was counted in a few runs."""

from __future__ import annotations

import math
from typing import NamedTuple

__all__ = ["Share", "Z", "apart"]

Z = 1.959964  # of a normal distribution 95 % lies within so many standard deviations of its mean


class Share(NamedTuple):
    """A count out of some runs.

    Attributes:
        hits: Runs that count, such as those that solved their task.
        runs: All runs.
    """

    hits: int
    runs: int

    @property
    def value(self) -> float:
        """The share itself, 0 to 1; NaN of no runs."""
        return self.hits / self.runs if self.runs else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share behind the count, 0 to 1; of no runs it is everything.

        Wilson, "Probable inference, the law of succession, and statistical inference" (1927): unlike the plain normal
        interval it says something sensible of 0 and of all of 10.
        """
        if not self.runs:
            return 0.0, 1.0
        n, p, z2 = self.runs, self.value, Z * Z
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        reach = Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
        low = 0.0 if self.hits == 0 else max(0.0, middle - reach)
        high = 1.0 if self.hits == n else min(1.0, middle + reach)
        return low, high

    def __str__(self) -> str:
        return f"{self.hits} of {self.runs}"


def apart(one: Share, other: Share) -> int:
    """Which of two shares is the larger beyond doubt: 1 the first, -1 the second, 0 where their intervals overlap.

    A careful rule: of two shares whose intervals just touch, a test would still tell some apart.
    """
    (low, high), (other_low, other_high) = one.interval, other.interval
    return (low > other_high) - (high < other_low)
