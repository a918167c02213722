"""What a training run came to, and the spread over several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from core.experiments.settings import Experiment

__all__ = ["Outcome", "Spread", "spread", "spreads"]


@dataclass(frozen=True)
class Outcome:
    """One run, as far as it has come.

    Attributes:
        experiment: What was run.
        at: Training steps after which it was evaluated.
        accuracy: How well fresh sequences are answered there, 0 to 1 (`core.task.Task.score`).
        solved: The first of ``at`` with an accuracy of ``experiment.solved_at`` or more; None if there is none yet.
        problem: Why it ended early other than solved, such as a loss that is not finite; empty otherwise.
        seconds: Time it took so far. The one thing here that another run may not repeat.
        done: Whether it has ended.
        loss: Mean loss on the same fresh sequences; empty where it was not kept.
    """

    experiment: Experiment
    at: tuple[int, ...] = ()
    accuracy: tuple[float, ...] = ()
    solved: int | None = None
    problem: str = ""
    seconds: float = 0.0
    done: bool = False
    loss: tuple[float, ...] = ()

    @property
    def last(self) -> float:
        """Accuracy at the last evaluation; that of guessing before the first."""
        return self.accuracy[-1] if self.accuracy else self.experiment.make_task().chance

    @property
    def best(self) -> float:
        """Highest accuracy at any evaluation; that of guessing before the first."""
        return max(self.accuracy, default=self.last)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as JSON has them; settings at their default are left out."""
        base = asdict(Experiment())
        settings = {k: v for k, v in asdict(self.experiment).items() if v != base[k]}
        return {
            "experiment": settings,
            "at": list(self.at),
            "accuracy": [round(a, 4) for a in self.accuracy],
            "loss": [float(f"{loss:.4g}") for loss in self.loss],
            "solved": self.solved,
            "problem": self.problem,
            "seconds": round(self.seconds, 3),
            "done": self.done,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Outcome:
        """Read what `to_dict` wrote.

        Raises:
            InputError: Settings out of their bounds.
            TypeError: Unknown or missing names.
        """
        lists = {name: tuple(values[name]) for name in ("at", "accuracy")} | {"loss": tuple(values.get("loss", ()))}
        return cls(**{**values, **lists, "experiment": Experiment(**values["experiment"])})


@dataclass(frozen=True)
class Spread:
    """Several runs that differ in their seed.

    Attributes:
        runs: How many.
        solved: How many of them were solved.
        steps: Median number of steps to solve, over those that were; None if none was.
        low: Lowest accuracy at the end.
        middle: Median accuracy at the end.
        high: Highest accuracy at the end.
        seconds: Time of all together.
    """

    runs: int
    solved: int
    steps: float | None
    low: float
    middle: float
    high: float
    seconds: float


def spread(outcomes: Sequence[Outcome]) -> Spread:
    """The spread over some runs.

    Raises:
        ValueError: No runs.
    """
    if not outcomes:
        raise ValueError("outcomes: expected at least one run, got none. Run an experiment first.")
    solved = [outcome.solved for outcome in outcomes if outcome.solved is not None]
    ends = [outcome.last for outcome in outcomes]
    return Spread(
        runs=len(outcomes),
        solved=len(solved),
        steps=median(solved) if solved else None,
        low=min(ends),
        middle=median(ends),
        high=max(ends),
        seconds=sum(outcome.seconds for outcome in outcomes),
    )


def spreads(outcomes: Iterable[Outcome], *, by: Sequence[str]) -> dict[tuple[Any, ...], Spread]:
    """The spread of each group of runs that agree in some settings, such as ``by=("cell", "gap")``."""
    groups: dict[tuple[Any, ...], list[Outcome]] = {}
    for outcome in outcomes:
        groups.setdefault(tuple(getattr(outcome.experiment, name) for name in by), []).append(outcome)
    return {key: spread(group) for key, group in groups.items()}
