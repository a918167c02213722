"""What the figures of this lesson say, by the place that its `chapter.toml` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.pointwise import pointwise, vector
from dashboard.lessons.lstm_cell import compute, view
from dashboard.lessons.lstm_cell.settings import CELL

FIGURES: Mapping[str, Callable[[], Any]] = {
    "figure": lambda: view.figure_of(compute.cell(CELL)),
    "products": lambda: view.operations(pointwise(vector("a", CELL.a), vector("b", CELL.b))),
    "sums": lambda: view.operations(pointwise(vector("a", CELL.a), vector("b", "4, 5, 6"))),
}
