"""What runs experiments, as whoever watches the server sees it: whether it can, and how much it has to do."""

from __future__ import annotations

import sys

from dashboard.kit import jobs


def ready() -> str:
    """Why experiments cannot run now, without names of hosts; "" when they can."""
    return "cannot run now" if jobs.ready() else ""


def load() -> tuple[int, int]:
    """Experiments at work, and those that wait; the engine is not started for it."""
    there = sys.modules.get("dashboard.kit.jobs.engine")
    return there.engine().load if there else (0, 0)
