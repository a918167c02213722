"""The middlewares in their order, from the outermost on, with what they share."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.middleware import Middleware

from dashboard.kit.people.route import Sessions, base
from dashboard.serving.assets import Remembered
from dashboard.serving.closed import Closed
from dashboard.serving.counts import Counts
from dashboard.serving.dressed import Dressed
from dashboard.serving.headers import Headed
from dashboard.serving.hosts import Hosts
from dashboard.serving.limits import Limited
from dashboard.serving.metrics import Metrics
from dashboard.serving.noted import Noted
from dashboard.serving.probes import Probes
from dashboard.serving.ready import PARTS, Ready
from dashboard.serving.seated import Seated
from dashboard.serving.seats import Seats
from dashboard.serving.settings import Settings
from dashboard.serving.stopping import Stopping

INNERMOST = (Middleware(Sessions), Middleware(Dressed), Middleware(Remembered))


@dataclass(frozen=True)
class Stack:
    """What stands around Streamlit's answers.

    Attributes:
        middleware: In its order.
        stopping: Whether and how the server stops.
    """

    middleware: tuple[Middleware, ...]
    stopping: Stopping


def own() -> Stack:
    """That of one person's own server: nobody is refused, and whoever watches it can ask how it is."""
    settings = Settings()
    stopping = Stopping(Seats(settings.sessions, settings.per_address), settings.drain)
    return Stack((Middleware(Probes, Ready(PARTS), stopping, base()), *INNERMOST), stopping)


def hosted(settings: Settings) -> Stack:
    """That of a server for others."""
    at, counts, ready = base(), Counts(), Ready(PARTS)
    seats = Seats(settings.sessions, settings.per_address)
    stopping = Stopping(seats, settings.drain)
    around = (
        Middleware(Headed, settings),
        Middleware(Probes, ready, stopping, at),
        Middleware(Metrics, settings, counts, ready, stopping, at),
        Middleware(Noted, settings, counts, at),
        Middleware(Hosts, counts),
        Middleware(Limited, settings, counts, at),
        Middleware(Closed, counts, at),
        Middleware(Seated, settings, seats, stopping, counts, at),
    )
    return Stack((*around, *INNERMOST), stopping)
