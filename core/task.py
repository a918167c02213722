"""What a task is: a family of sequences with targets, drawn in batches. The tasks themselves are in `core.tasks`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.model import Trace
from core.params import Array, size

__all__ = ["SPREAD", "Batch", "Indices", "Learnable", "Measure", "Task", "labels_of", "one_hot_steps", "score"]

Indices = NDArray[np.intp]
Measure = Literal["right", "explained"]
SPREAD = 2_048  # sequences from which the spread of a task's targets is taken


@dataclass(frozen=True, eq=False)
class Batch:
    """Input and target of B sequences.

    Attributes:
        x: Input (T, B, D).
        y: Target: (B,) labels for softmax, (B, O) numbers otherwise, with T in front where every step is scored.
        tokens: What each step of the first sequence shows, T short labels.
    """

    x: Array
    y: NDArray[Any]
    tokens: tuple[str, ...]


class Learnable(Protocol):
    """What a network can be trained on: where its batches come from, and how its answers are scored.

    A `Task` is one; `core.brought` makes others of a learner's own data. ``D``, ``O``, ``loss``, ``readout`` and
    ``measure`` mean what they mean there; a ``measure`` of None is for answers of which no share can be told.
    """

    @property
    def name(self) -> str: ...  # noqa: D102 - `Task` says what each is
    @property
    def D(self) -> int: ...  # noqa: D102
    @property
    def O(self) -> int: ...  # noqa: D102, E743
    @property
    def loss(self) -> str: ...  # noqa: D102
    @property
    def readout(self) -> str: ...  # noqa: D102
    @property
    def measure(self) -> Measure | None: ...  # noqa: D102
    def sample(self, rng: np.random.Generator, B: int) -> Batch: ...  # noqa: D102
    def score(self, logits: Array, y: NDArray[Any]) -> float: ...  # noqa: D102


@dataclass(frozen=True)
class Task(ABC):
    """A family of sequences with targets. Subclasses are frozen dataclasses of their settings, all whole numbers.

    A task may have any number of settings, each with a default. The first says how long something has to be
    remembered: the pages and experiments that vary one setting vary that one, and leave the others at their defaults.
    Tasks can be compared, hashed and sent to another process.

    Attributes:
        name: Key in the registry.
        title: For headings.
        description: One sentence.
        D: Input size.
        O: Outputs.
        loss: Loss of the model: "softmax", "bce" or "mse".
        readout: "last" or "every".
        chance: Accuracy of guessing without looking at the input; 0 where accuracy is the share explained.
        tolerance: For "mse": an answer counts as right if it is this near to the target. None where no answer is right
            or wrong.
        classes: What each softmax label stands for; empty for other losses.
        bounds: Lowest and highest value of each setting.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    description: ClassVar[str]
    D: ClassVar[int]
    O: ClassVar[int] = 1  # noqa: E741 - field notation
    loss: ClassVar[str]
    readout: ClassVar[str] = "last"
    chance: ClassVar[float] = 0.0
    tolerance: ClassVar[float | None] = None
    classes: ClassVar[tuple[str, ...]] = ()
    bounds: ClassVar[Mapping[str, tuple[int, int]]] = MappingProxyType({})

    def __post_init__(self) -> None:
        problems = []
        for setting in fields(self):
            if setting.name not in self.bounds:
                raise TypeError(f"bounds: the task {self.name} has none for {setting.name}. Add its (low, high).")
            value, (low, high) = getattr(self, setting.name), self.bounds[setting.name]
            whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
            if not whole or not low <= value <= high:
                problems.append(f"{setting.name}: expected a whole number from {low} to {high}, got {value!r}.")
        if problems:
            raise InputError(problems)

    @classmethod
    def distance(cls) -> str | None:
        """The setting that says how long something has to be remembered, the first; None for a task without any."""
        return next((setting.name for setting in fields(cls)), None)

    @property
    def measure(self) -> Measure:
        """What `accuracy` is a share of: answers that are "right", or the target's variance that is "explained"."""
        return "explained" if self.loss == "mse" and self.tolerance is None else "right"

    @property
    @abstractmethod
    def T(self) -> int:
        """Steps in each sequence."""

    def sample(self, rng: np.random.Generator, B: int) -> Batch:
        """Draw B sequences; the same generator state gives the same batch.

        Raises:
            ValueError: B below 1.
        """
        return self.draw(rng, size("B", B))

    @abstractmethod
    def draw(self, rng: np.random.Generator, B: int) -> Batch:
        """What `sample` does, for a B of at least 1."""

    def accuracy(self, trace: Trace, y: NDArray[Any]) -> float:
        """How well the answers of a run fit the targets, see `score`."""
        return self.score(trace.logits, y)

    def score(self, logits: Array, y: NDArray[Any]) -> float:
        """How well answers fit the targets, see the function `score`; the variance is that of the task's targets.

        Args:
            logits: Outputs (S, B, O) before the loss's own function.
            y: Targets as `Batch` has them.
        """
        variance = _variance(self) if self.measure == "explained" else 0.0
        return score(self.loss, logits, y, tolerance=self.tolerance, variance=variance)


def score(loss: str, logits: Array, y: NDArray[Any], *, tolerance: float | None = None, variance: float = 0.0) -> float:
    """Share of right answers, over all scored steps and sequences, 0 to 1.

    Right is the most likely class for softmax, the side of 0.5 for bce, and for mse what lies within ``tolerance``. For
    mse without a tolerance it is 1 - mean squared error / variance of the targets (R²), no less than 0: a network that
    always answers the mean has 0, one without error 1.

    Args:
        loss: "softmax", "bce" or "mse".
        logits: Outputs (S, B, O) before the loss's own function.
        y: Targets as `Batch` has them.
        tolerance: How near to its target a right number is; None where none is right or wrong.
        variance: Mean over outputs of the variance of the targets; read for mse without a tolerance.
    """
    if loss == "softmax":
        return float(np.mean(logits.argmax(axis=-1) == y))
    if loss == "bce":
        return float(np.mean((logits > 0) == (y > 0.5)))
    if tolerance is not None:
        return float(np.mean(np.abs(logits - y) < tolerance))
    error = float(np.mean((logits - y) ** 2))
    return max(0.0, 1 - error / variance) if variance > 0 else float(error == 0)


@lru_cache(maxsize=64)
def _variance(task: Task) -> float:
    """Mean over outputs of the variance of a task's targets. Of many sequences: one batch may hold a single target."""
    rng = np.random.default_rng(0)
    parts = [task.draw(rng, SPREAD // 16).y for _ in range(16)]  # long sequences of many inputs take much room
    return float(np.concatenate([y.reshape(-1, y.shape[-1]) for y in parts]).var(axis=0).mean())


def one_hot_steps(indices: Indices, D: int) -> Array:
    """Indices (T, B) as one-hot vectors (T, B, D)."""
    return np.eye(D)[indices]


def labels_of(indices: Indices, words: tuple[str, ...]) -> tuple[str, ...]:
    """What each step of the first sequence shows, from indices (T, B)."""
    return tuple([words[k] for k in indices[:, 0].tolist()])
