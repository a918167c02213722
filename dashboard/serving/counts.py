"""What a server counts while it answers: numbers without whose they are. Only the event loop's thread writes."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Counts:
    """Numbers since the server's start.

    Attributes:
        answers: HTTP answers by the class of their status, such as "2xx".
        refusals: Requests and sessions that were refused, by cause.
        messages: What open pages sent; each is a run of the page or of a part of it.
    """

    answers: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    messages: int = 0
