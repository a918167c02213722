"""What the figures of this lesson say, by the place that its `chapter.toml` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.lessons.compare import compute, table_view
from dashboard.lessons.compare.settings import CompareSettings

SETTINGS = CompareSettings()
FIGURES: Mapping[str, Callable[[], Any]] = {
    "table": lambda: table_view.table(table_view.measured(SETTINGS, compute.reference(SETTINGS), here=False)),
}
