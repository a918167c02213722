"""What the figures of this lesson say, by the place that its `chapter.toml` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.lessons.gradients import compute, failing_view, sentences, view
from dashboard.lessons.gradients.settings import FlowSettings

FLOW = FlowSettings()
FIGURES: Mapping[str, Callable[[], Any]] = {
    "figure": lambda: view.main(compute.flow_run(FLOW), FLOW),
    "bars": lambda: view.bars(compute.flow_run(FLOW), FLOW),
    "powers": sentences.powers,
    "share": lambda: sentences.barely(compute.flow_run(FLOW), FLOW),
    "failure": lambda: failing_view.failure(compute.failing()),
}
