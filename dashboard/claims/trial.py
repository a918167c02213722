"""A claim on trial: what is said, what would decide it, what was measured, and the verdict that a rule makes of that.

Each file of `trials/` has one `TRIAL`. Nothing here knows Streamlit, so every rule can be tried on any evidence.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from statistics import median
from types import MappingProxyType
from typing import Literal

from core.experiments import Experiment
from core.experiments.bench import FRESH, PICKING, Outcomes, Setting, stored
from core.experiments.interval import Share
from quiz.lessons import LESSONS

Kind = Literal["holds", "when", "fails", "open"]
KINDS: Mapping[Kind, str] = MappingProxyType(
    {"holds": "holds", "when": "holds when …", "fails": "does not hold", "open": "not decided"}
)
SIGNS: Mapping[Kind, str] = MappingProxyType({"holds": "✓", "when": "◐", "fails": "✕", "open": "?"})
Said = Literal["chapter", "mistake", "often"]
SAID: Mapping[Said, str] = MappingProxyType(
    {"chapter": "the chapter says so", "mistake": "a mistake the chapter names", "often": "often said beside it"}
)
Scale = Literal["share", "log", "linear"]
MOST = 8
"""Of ten runs: from here on, something is called usual. The interval of 8 of 10 is 49 to 94 %."""
FEW = 2
"""Of ten runs: up to here, something is called rare. What lies between is not decided."""
TEN = 10


@dataclass(frozen=True)
class Sample:
    """What a claim is measured on.

    Attributes:
        seeds: Of the networks.
        outcomes: Training runs, by experiment.
    """

    seeds: tuple[int, ...]
    outcomes: Outcomes


@dataclass(frozen=True)
class Row:
    """One line of evidence.

    Attributes:
        label: What was measured.
        values: One a network, or a single one that no seed changes; on a "log" scale their base-10 logarithms.
        share: Where runs are counted: how many. It then takes the place of the values.
        model: "RNN" or "LSTM" where it is of one of them.
        note: What else is said of it.
    """

    label: str
    values: tuple[float, ...] = ()
    share: Share | None = None
    model: str = ""
    note: str = ""

    @property
    def middle(self) -> float:
        """The share, or the median."""
        return self.share.value if self.share is not None else median(self.values)

    @property
    def reach(self) -> tuple[float, float]:
        """The share's 95 % interval, or the lowest and highest value."""
        return self.share.interval if self.share is not None else (min(self.values), max(self.values))

    def count(self, counts: Callable[[float], bool]) -> Share:
        """How many of the values count."""
        return Share(sum(map(counts, self.values)), len(self.values))


Evidence = tuple[Row, ...]


@dataclass(frozen=True)
class Verdict:
    """What a rule makes of evidence.

    Attributes:
        kind: One of `KINDS`.
        why: The result in one sentence with its numbers, Markdown.
        when: For "when": the condition, to follow "holds when".
        sure: How sure that is.
    """

    kind: Kind
    why: str
    when: str = ""
    sure: str = ""

    @property
    def told(self) -> str:
        """In words."""
        return f"holds when {self.when}" if self.kind == "when" else KINDS[self.kind]


@dataclass(frozen=True)
class Trial:
    """One claim.

    Attributes:
        lesson: Where it is taught.
        claim: In our words, Markdown.
        said: Who says it.
        place: Where in the chapter.
        rule: What would decide it, fixed before the runs.
        conditions: What was run: task, networks, seeds.
        beyond: What the verdict does not say.
        measure: Makes the evidence.
        judge: The rule.
        turned: Evidence from which the rule must make another verdict.
        scale: Of the evidence.
        mark: Where the rule draws its line on that scale, or None.
        axis: What the scale shows.
        settings: For a claim on training runs: the settings that are run again; they may depend on earlier outcomes.
        ten: What the ten values of a row are of: "seeds", "texts", both, or "" where nothing is drawn.
        name: Of its file.
    """

    lesson: str
    claim: str
    said: Said
    place: str
    rule: str
    conditions: str
    beyond: str
    measure: Callable[[Sample], Evidence]
    judge: Callable[[Evidence], Verdict]
    turned: Callable[[Evidence], Evidence]
    axis: str
    scale: Scale = "linear"
    mark: float | None = None
    settings: Callable[[Outcomes], Sequence[Setting]] | None = None
    ten: str = "seeds"
    name: str = ""

    @property
    def samples(self) -> tuple[Sample, ...]:
        """What its stored verdict rests on, and the seeds beside it that show whether another ten would turn it.

        Of training runs these are the fresh seeds and those that settings were picked on, where all settings were run.
        """
        if self.settings is None:
            return tuple(Sample(tuple(range(k, k + TEN)), {}) for k in (0, 10, 20))
        of, settings = stored(), self.settings(stored())
        whole = [seeds for seeds in (FRESH, PICKING) if all(s.run(seed) in of for s in settings for seed in seeds)]
        return tuple(Sample(seeds, of) for seeds in whole)

    def runs(self, seeds: Sequence[int]) -> tuple[Experiment, ...]:
        """The training runs to make for other seeds; the same seed of every setting first."""
        settings = self.settings(stored()) if self.settings is not None else ()
        return tuple(setting.run(seed) for seed in seeds for setting in settings)


@cache
def trials() -> Mapping[str, Trial]:
    """Every claim by its name, in the order of the lessons."""
    found = []
    for path in sorted(Path(__file__).parent.glob("trials/*.py")):
        if not path.stem.startswith("_"):
            module = importlib.import_module(f"{__package__}.trials.{path.stem}")
            found.append(replace(module.TRIAL, name=path.stem.replace("_", "-")))
    found.sort(key=lambda trial: LESSONS.index(trial.lesson))
    return MappingProxyType({trial.name: trial for trial in found})


def sure(share: Share, of: str = "runs") -> str:
    """How sure a count makes one."""
    low, high = share.interval
    return f"{share} {of}; 95 % interval {100 * low:.0f} to {100 * high:.0f} %"


def replaced(evidence: Evidence, values: Callable[[float], float]) -> Evidence:
    """Evidence with every value replaced."""
    return tuple(replace(row, values=tuple(map(values, row.values))) for row in evidence)


def counted(evidence: Evidence, hits: Callable[[Row], int]) -> Evidence:
    """Evidence with other counts of the same runs."""
    return tuple(row if row.share is None else replace(row, share=Share(hits(row), row.share.runs)) for row in evidence)
