"""What runs experiments, as whoever watches the server sees it: whether it can, and how much it has to do."""

from __future__ import annotations

import sys


def ready() -> str:
    """Why experiments cannot run now, without names of hosts; "" when they can."""
    from dashboard.kit.jobs import runs  # what is behind takes long to load

    return runs.pool().ready()


def load() -> tuple[int, int]:
    """Experiments at work, and those that wait; the engine is not started for it."""
    runs = sys.modules.get("dashboard.kit.jobs.runs")
    return runs.pool().load if runs else (0, 0)
