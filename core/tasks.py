"""Seeded sequence tasks that ask a network to remember, and the registry of all tasks.

Sampling is vectorised: a batch costs a few array operations, whatever its size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from core.errors import InputError
from core.sentences import ContextSwitch, Language, Pronoun
from core.task import Batch, Task, labels_of, one_hot_steps

__all__ = ["TASKS", "Adding", "DelayedXor", "Parity", "Recall", "at", "make"]


@dataclass(frozen=True)
class Recall(Task):
    """One of 4 keys at the first step, then ``gap`` distractors out of 8; the key is asked for at the last step."""

    name = "recall"
    title = "Recall after a gap"
    description = "Name the key shown at the first step after a number of distractors."
    D = 12
    O = 4  # noqa: E741 - field notation
    loss = "softmax"
    chance = 1 / 4
    classes = ("A", "B", "C", "D")
    bounds = MappingProxyType({"gap": (1, 500)})
    labels: ClassVar[tuple[str, ...]] = (*classes, *"stuvwxyz")

    gap: int = 20

    @property
    def T(self) -> int:
        """1 + gap."""
        return 1 + self.gap

    def draw(self, rng: np.random.Generator, B: int) -> Batch:
        """Draw B sequences: x one-hot (T, B, 12), y the key (B,)."""
        shown = rng.integers(self.O, self.D, (self.T, B))
        shown[0] = rng.integers(self.O, size=B)
        return Batch(one_hot_steps(shown, self.D), shown[0], labels_of(shown, self.labels))


@dataclass(frozen=True)
class Adding(Task):
    """The adding problem: numbers from [0, 1), two of them marked, one in each half; their sum is asked for.

    Hochreiter & Schmidhuber, "Long short-term memory" (1997), experiment 4, in the form of Le, Jaitly & Hinton,
    "A simple way to initialize recurrent networks of rectified linear units" (2015), §4.1. As in 1997 an answer within
    0.04 counts as right. Always answering 1 is right with probability 1 - 0.96²; its mean squared error is 1/6.
    """

    name = "adding"
    title = "Adding problem"
    description = "Add up the two marked numbers of the sequence."
    D = 2
    loss = "mse"
    chance = 1 - 0.96**2
    bounds = MappingProxyType({"length": (2, 500)})
    tolerance = 0.04

    length: int = 30

    @property
    def T(self) -> int:
        """Same as length."""
        return self.length

    def draw(self, rng: np.random.Generator, B: int) -> Batch:
        """Draw B sequences: x[..., 0] the numbers, x[..., 1] the marks (T, B, 2), y the sum (B, 1)."""
        half, rows = self.T // 2, np.arange(B)
        x = np.zeros((self.T, B, 2))
        x[..., 0] = rng.random((self.T, B))
        x[rng.integers(half, size=B), rows, 1] = 1
        x[rng.integers(half, self.T, size=B), rows, 1] = 1
        y = np.einsum("tb,tb->b", x[..., 0], x[..., 1])[:, None]
        return Batch(x, y, tuple(_marked(f"{v:.2f}", m) for v, m in x[:, 0].tolist()))


@dataclass(frozen=True)
class Parity(Task):
    """Random bits; at every step: is the number of ones so far odd?"""

    name = "parity"
    title = "Parity at every step"
    description = "Say at every step whether the number of ones so far is odd."
    D = 1
    loss = "bce"
    readout = "every"
    chance = 1 / 2
    bounds = MappingProxyType({"length": (1, 500)})

    length: int = 12

    @property
    def T(self) -> int:
        """Same as length."""
        return self.length

    def draw(self, rng: np.random.Generator, B: int) -> Batch:
        """Draw B sequences: x bits (T, B, 1), y the running parity (T, B, 1)."""
        bits = rng.integers(2, size=(self.T, B, 1))
        y = (bits.cumsum(axis=0) % 2).astype(np.float64)
        return Batch(bits.astype(np.float64), y, tuple(map(str, bits[:, 0, 0].tolist())))


@dataclass(frozen=True)
class DelayedXor(Task):
    """Random bits, two of the first four marked, then ``gap`` more; at the last step: do the marked bits differ?"""

    name = "delayed-xor"
    title = "Delayed XOR"
    description = "Say after a delay whether the two marked bits differ."
    D = 2
    loss = "bce"
    chance = 1 / 2
    bounds = MappingProxyType({"gap": (0, 500)})
    window: ClassVar[int] = 4

    gap: int = 10

    @property
    def T(self) -> int:
        """4 + gap."""
        return self.window + self.gap

    def draw(self, rng: np.random.Generator, B: int) -> Batch:
        """Draw B sequences: x[..., 0] the bits, x[..., 1] the marks (T, B, 2), y their exclusive or (B, 1)."""
        rows = np.arange(B)
        first = rng.integers(self.window, size=B)
        second = (first + rng.integers(1, self.window, size=B)) % self.window  # any other step of the window
        x = np.zeros((self.T, B, 2))
        x[..., 0] = rng.integers(2, size=(self.T, B))
        x[first, rows, 1] = x[second, rows, 1] = 1
        y = (x[first, rows, 0] != x[second, rows, 0]).astype(np.float64)[:, None]
        return Batch(x, y, tuple(_marked(f"{v:.0f}", m) for v, m in x[:, 0].tolist()))


def _marked(label: str, mark: float) -> str:
    return f"[{label}]" if mark else label


TASKS: Mapping[str, type[Task]] = MappingProxyType(
    {task.name: task for task in (Recall, Adding, Parity, DelayedXor, Language, Pronoun, ContextSwitch)}
)


def make(name: str, **settings: int) -> Task:
    """A task by its name, such as ``make("recall", gap=50)``.

    Raises:
        InputError: Unknown name or setting, or a setting out of its bounds.
    """
    if name not in TASKS:
        raise InputError(f"name: no task is called {name!r}. Choose one of {', '.join(TASKS)}.")
    task = TASKS[name]
    unknown = sorted(set(settings) - set(task.bounds))
    if unknown:
        has = ", ".join(task.bounds) or "none"
        raise InputError(f"{key}: the task {name} has no such setting. It has {has}." for key in unknown)
    return task(**settings)


def at(name: str, distance: int) -> Task:
    """A task at a gap or length, whatever its setting is called, the rest at their defaults.

    Args:
        name: Name of the task.
        distance: Its first setting; without meaning for a task that has none.

    Raises:
        InputError: Unknown name, or a distance out of the task's bounds.
    """
    setting = TASKS[name].distance() if name in TASKS else None
    return make(name, **({setting: distance} if setting else {}))
