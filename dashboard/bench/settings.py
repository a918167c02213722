"""What the fair comparison is set to, in its link."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from core.experiments.bench import PROBLEMS, Problem, Size
from core.tasks import TASKS
from dashboard.kit.link_settings import Linked, entry, one_of
from dashboard.kit.page_settings import PageSettings

SHORT: Mapping[str, str] = MappingProxyType(
    {"context-switch": "Two subjects", "language": "Country", "delayed-xor": "XOR"}
)
KNOWN: Mapping[str, Problem] = MappingProxyType({f"{p.task}-{p.gap}": p for p in PROBLEMS})
"""Every problem by its name in the link."""
NAMES: Mapping[str, str] = MappingProxyType(
    {name: f"{SHORT.get(p.task, p.task.capitalize())} {p.gap}" for name, p in KNOWN.items()}
)
EQUAL: Mapping[str, str] = MappingProxyType({"units": "Units", "parameters": "Parameters"})


@dataclass(frozen=True)
class BenchSettings(Linked):
    """The settings.

    Attributes:
        task: A name in `KNOWN`.
        equal: What both cells have the same number of, one of `EQUAL`.
    """

    task: str = entry("recall-50", "task", one_of(*KNOWN))
    equal: str = entry("units", "equal", one_of(*EQUAL))

    @property
    def shown(self) -> Problem:
        """The problem."""
        return KNOWN[self.task]

    @property
    def size(self) -> Size:
        """What is equal."""
        return cast(Size, self.equal)

    @property
    def told(self) -> str:
        """The problem in a sentence, after "on" or "at"."""
        task = TASKS[self.shown.task]
        return f"“{task.title}” at {task.distance()} {self.shown.gap}"


PAGE = PageSettings("bench", BenchSettings())
