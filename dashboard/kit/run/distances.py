"""At which distances a task can be shown: its gap or length, as far as the figure has room for it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core import tasks
from core.task import Task
from dashboard.kit.run.settings import MAX_STEPS, Settings


def task_of(settings: Settings) -> Task:
    """The task the settings name, at their gap; its further settings, if it has any, are at their defaults.

    Raises:
        InputError: The gap is outside what the task allows.
    """
    distance = gaps(settings.task)
    if distance is None:
        return tasks.make(settings.task)
    return tasks.at(settings.task, settings.gap if settings.gap >= 0 else distance.own)


@dataclass(frozen=True)
class Gaps:
    """The distances at which a task can be shown.

    Attributes:
        name: What the task calls it, such as "gap" or "length".
        low: The smallest.
        high: The largest whose sequence still fits the figure.
        own: The task's own, or the nearest to it that fits.
    """

    name: str
    low: int
    high: int
    own: int


def gaps(task: str) -> Gaps | None:
    """The distances at which a task can be shown; None for a task without settings, or if none of them fits."""
    return _gaps(tasks.TASKS[task])


@lru_cache(maxsize=32)
def _gaps(task: type[Task]) -> Gaps | None:
    name = task.distance()
    if name is None:
        return None
    low, high = task.bounds[name]
    # A link says -1 for the task's own, so smaller numbers than 0 cannot be asked for.
    fit = [n for n in range(max(low, 0), min(high, MAX_STEPS) + 1) if task(**{name: n}).T <= MAX_STEPS]
    if not fit:
        return None
    return Gaps(name, fit[0], fit[-1], int(np.clip(getattr(task(), name), fit[0], fit[-1])))
