"""What the figures of this lesson say, by the place that its `chapter.toml` names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from dashboard.lessons.gates import compute, sentences, view
from dashboard.lessons.gates.settings import GatesSettings

SETTINGS = GatesSettings()


def switch() -> compute.Switch:
    """The subject switched, as the page opens."""
    return compute.switch(SETTINGS.second, SETTINGS.gap)


FIGURES: Mapping[str, Callable[[], Any]] = {
    "claim": lambda: sentences.claims(switch()),
    "accuracies": lambda: sentences.accuracies(compute.trained(), compute.trained_rnns()),
    "switch-figure": lambda: view.switch(switch()),
}
