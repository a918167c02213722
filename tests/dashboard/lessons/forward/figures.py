"""What the figures of this lesson say, by the place that its `chapter.toml` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.kit.network.compute import SMALL, small
from dashboard.lessons.forward import view

FIGURES: Mapping[str, Callable[[], Any]] = {
    "figure": lambda: view.forward(small(SMALL)),
}
