"""What the figures of this lesson say, by the place that its `chapter.toml` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.lessons.memory import compute, view
from dashboard.lessons.memory.settings import MOST_FILLER

FIGURES: Mapping[str, Callable[[], Any]] = {
    "fill-figure": lambda: view.fill(compute.fill_in("France", "uniform"), MOST_FILLER),
    "way-figure": lambda: view.way(compute.way("fresh", 0)),
}
