"""What a task is: a family of sequences with targets, drawn in batches. The tasks themselves are in `core.tasks`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from core.model import Trace
from core.params import Array, size

Indices = NDArray[np.intp]


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


@dataclass(frozen=True)
class Task(ABC):
    """A family of sequences with targets. Subclasses are frozen dataclasses of their settings, all whole numbers.

    Tasks can be compared, hashed and sent to another process.

    Attributes:
        name: Key in the registry.
        title: For headings.
        description: One sentence.
        D: Input size.
        O: Outputs.
        loss: Loss of the model: "softmax", "bce" or "mse".
        readout: "last" or "every".
        chance: Accuracy of guessing without looking at the input.
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
    chance: ClassVar[float]
    classes: ClassVar[tuple[str, ...]] = ()
    bounds: ClassVar[Mapping[str, tuple[int, int]]]

    def __post_init__(self) -> None:
        problems = []
        for setting in fields(self):
            value, (low, high) = getattr(self, setting.name), self.bounds[setting.name]
            whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
            if not whole or not low <= value <= high:
                problems.append(f"{setting.name}: expected a whole number from {low} to {high}, got {value!r}.")
        if problems:
            raise InputError(problems)

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
        """Share of right answers, over all scored steps and sequences, 0 to 1.

        Right is the most likely class for softmax and the side of 0.5 for bce.
        """
        if self.loss == "softmax":
            return float(np.mean(trace.logits.argmax(axis=-1) == y))
        return float(np.mean((trace.logits > 0) == (y > 0.5)))


def one_hot_steps(indices: Indices, D: int) -> Array:
    """Indices (T, B) as one-hot vectors (T, B, D)."""
    return np.eye(D)[indices]


def labels_of(indices: Indices, words: tuple[str, ...]) -> tuple[str, ...]:
    """What each step of the first sequence shows, from indices (T, B)."""
    return tuple([words[k] for k in indices[:, 0].tolist()])
